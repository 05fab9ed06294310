package plumbline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import plumbline.spec.paper.Paper;
import plumbline.spec.paper.Statement;

/** What the README shows is what a user gets. */
class ReadmeTest {
  @TempDir
  Path folder;

  private static String readme() throws IOException {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve("README.md"))) {
      root = root.getParent();
    }
    return Files.readString(root.resolve("README.md"));
  }

  private static Matcher find(String pattern) throws IOException {
    Matcher matcher = Pattern.compile(pattern, Pattern.DOTALL).matcher(readme());
    assertTrue(matcher.find(), "the README has no " + pattern);
    return matcher;
  }

  @Test
  void theLibraryExamplePrintsWhatIsShown() throws Exception {
    Matcher example = find("## As a library\n\n```java\n(.*?)```\n\nprints\n\n```\n(.*?)```");
    Path source = Files.writeString(folder.resolve("Example.java"), example.group(1));
    assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null,
        "-proc:none", "-cp", System.getProperty("java.class.path"), "-d", folder.toString(), source.toString()));
    PrintStream console = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      loader.loadClass("Example").getMethod("main", String[].class).invoke(null, (Object) new String[0]);
    } finally {
      System.setOut(console);
    }
    assertEquals(example.group(2).strip(), printed.toString(StandardCharsets.UTF_8).strip());
  }

  @Test
  void theClaimOfOnesOwnIsAuditedAsShown() throws Exception {
    Matcher example = find("## Your own claim.*?```java\n(.*?)```\n\n```\n\\$ [^\n]*\n(.*?)```");
    assertTrue(example.group(1).lines().count() < 30);
    Path source = Files.writeString(folder.resolve("Softmax.java"), example.group(1));
    Path certificates = folder.resolve("certificates");
    String printed = Cli.run("audit", "--claims", source, "--certificates", certificates).ended(ExitCode.DONE).out();
    assertEquals(example.group(2).strip(), printed.replace(folder + "/", "").strip());
    Cli.run("verify", certificates).ended(ExitCode.DONE).says("1 certificate: 1 accepted, 0 rejected");
  }

  @Test
  void theTableOfVerdictsHasARowForEachStatement() throws IOException {
    String table = find("```\n(statement +verdict.*?)```").group(1);
    List<String> ids = Paper.load().statements().stream().map(Statement::id).toList();
    assertEquals(ids, table.lines().skip(1).limit(ids.size()).map(line -> line.split(" ")[0]).toList());
  }
}
