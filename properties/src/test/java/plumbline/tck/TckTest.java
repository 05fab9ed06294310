package plumbline.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.Events;

/** The suites pass what is honest and catch what is not. */
class TckTest {

  /** Names of tests or vectors that failed, with their messages. */
  static Map<String, String> failures(Class<?> suite) {
    Map<String, String> failures = new TreeMap<>();
    tests(suite).failed().stream().forEach(event -> failures.put(name(event), message(event)));
    return failures;
  }

  static Events tests(Class<?> suite) {
    return EngineTestKit.engine("junit-jupiter").selectors(selectClass(suite)).execute().testEvents();
  }

  private static String name(Event event) {
    return event.getTestDescriptor().getDisplayName().replace("()", "");
  }

  static String message(Event event) {
    return event.getPayload(TestExecutionResult.class).flatMap(TestExecutionResult::getThrowable).map(Throwable::getMessage).orElse("");
  }

  @TestFactory
  Stream<DynamicTest> honestImplementationsPass() {
    return Stream.of(Honest.class.getDeclaredClasses()).filter(Conformance.class::isAssignableFrom)
        .map(suite -> DynamicTest.dynamicTest(suite.getSimpleName(), () -> {
          Events tests = tests(suite);
          assertEquals(List.of(), tests.failed().stream().map(event -> name(event) + ": " + message(event)).toList());
          List<String> skipped = tests.aborted().stream().map(event -> name(event) + ": " + message(event)).toList();
          assertEquals(1, skipped.size(), skipped.toString());
          assertTrue(skipped.get(0).startsWith("untested_"), skipped.toString());
          long named = tests.succeeded().stream().filter(event -> name(event).startsWith("required_")).count();
          assertTrue(named >= 4 && tests.succeeded().stream().anyMatch(event -> name(event).contains("/")), suite + ": " + named);
        }));
  }

  @TestFactory
  Stream<DynamicTest> buggyImplementationsFailWhereTheyShould() {
    return Buggy.EXPECTED.entrySet().stream().map(bug -> DynamicTest.dynamicTest(bug.getKey().getSimpleName(), () -> {
      Map<String, String> failures = failures(bug.getKey());
      for (String name : bug.getValue()) {
        assertTrue(failures.containsKey(name), name + " did not fail, but " + failures.keySet());
      }
      for (String message : failures.values()) {
        assertEquals(1, message.lines().count(), message);
      }
    }));
  }

  @Test
  void messagesSayWhatWasExpectedAndWhy() {
    Map<String, String> failures = failures(Buggy.NaiveSoftmax.class);
    String message = failures.get("def-b.1/large-scores");
    assertTrue(message.matches("def-b\\.1/large-scores y\\[0,0\\]: expected 0\\.244728471 ± .*e-\\d+ \\(any-f32\\), got NaN: "
        + "∞ times the error allowed; likely bug: exp\\(z\\) overflows.*"), message);
    String wrong = failures(Buggy.ScaledAttention.class).get("required_defB3_scoresAreNotScaled");
    assertTrue(wrong.contains("expected 0.268941421") && wrong.contains("likely bug: scores divided by √d"), wrong);
  }

  @Test
  void theExampleOfTheReadmePasses(@TempDir Path folder) throws Exception {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve("README.md"))) {
      root = root.getParent();
    }
    Matcher example = Pattern.compile("## Test your implementation in Java.*?```java\n(.*?)```", Pattern.DOTALL)
        .matcher(Files.readString(root.resolve("README.md")));
    assertTrue(example.find());
    Path source = Files.writeString(folder.resolve("MySoftmaxTest.java"), example.group(1));
    assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, "-proc:none", "-cp",
        System.getProperty("java.class.path"), "-d", folder.toString(), source.toString()));
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
      Events tests = tests(loader.loadClass("MySoftmaxTest"));
      assertEquals(0, tests.failed().count());
      assertTrue(tests.succeeded().count() > 15);
    }
  }

  /** A suite whose type argument says nothing about the numbers is refused when it is made. */
  @Test
  void theTypeArgumentMustBeAnArrayOfFloatsOrDoubles() {
    String message = tests(Buggy.OfIntegers.class).failed().stream().map(TckTest::message).collect(Collectors.joining());
    assertTrue(message.contains("must be float[] or double[]"), message);
    assertEquals(Map.of(), failures(Buggy.Inherited.class));
  }
}
