package plumbline.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import plumbline.audit.Audit;
import plumbline.audit.Checks;
import plumbline.audit.Settings;
import plumbline.reference.decide.Ladder;
import plumbline.spec.paper.Paper;

class ThoroughAuditTest {
  private static final int TERMINATED = 128 + 15;

  @TempDir
  Path folder;

  private static long cases(Path journal) throws IOException {
    long cases = 0;
    if (Files.isDirectory(journal)) {
      try (Stream<Path> files = Files.list(journal)) {
        for (Path file : files.filter(f -> f.toString().endsWith(".cases")).toList()) {
          String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
          cases += text.substring(0, text.lastIndexOf('\n') + 1).lines().filter(line -> line.startsWith("c\t")).count();
        }
      }
    }
    return cases;
  }

  private List<String> arguments(Path journal, Path json) {
    return List.of("audit", "--thorough", "--only", "lemma-5.4", "--cases", "400", "--journal", journal.toString(),
        "--json", json.toString());
  }

  /** A process that is terminated, one that is killed, and one that ends, against one that ran through. */
  @Test
  void aStoppedAuditResumesToTheSameReport() throws IOException, InterruptedException {
    Path journal = folder.resolve("journal");
    Path json = folder.resolve("resumed.json");
    long before = 0;
    for (boolean kill : new boolean[] {false, true}) {
      Path err = folder.resolve("err" + kill);
      List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
          "-cp", System.getProperty("java.class.path"), "plumbline.cli.Main"));
      command.addAll(arguments(journal, json));
      Process process = new ProcessBuilder(command).redirectError(err.toFile())
          .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
      while (process.isAlive() && cases(journal) < before + 40) {
        Thread.sleep(2);
      }
      if (kill) {
        process.destroyForcibly();
      } else {
        process.destroy();
      }
      boolean ended = process.waitFor(60, TimeUnit.SECONDS);
      process.destroyForcibly();
      assertTrue(ended, "the process does not stop");
      long kept = cases(journal);
      assertTrue(kept >= before + 40, kept + " after " + before);
      List<String> said = Files.readAllLines(err);
      assertTrue(said.get(0).contains(journal.toString()), said.toString());
      if (!kill) {
        assertEquals(TERMINATED, process.exitValue(), said.toString());
        assertEquals("plumbline: stopped; the same command resumes (" + kept + " cases are kept in " + journal + ")",
            said.get(said.size() - 1));
        assertEquals(2, said.size());
      }
      assertFalse(Files.exists(json) && Files.size(json) > 0, "the process was stopped too late to show anything");
      before = kept;
    }
    Cli resumed = Cli.run(arguments(journal, json).toArray());
    Path whole = folder.resolve("whole.json");
    Cli through = Cli.run(arguments(folder.resolve("other"), whole).toArray());
    assertEquals(0, resumed.code());
    assertEquals(through.out(), resumed.out());
    assertArrayEquals(Files.readAllBytes(whole), Files.readAllBytes(json));
  }

  /** Where standard error is no terminal there is a line from time to time. */
  @Test
  void progressIsALineFromTimeToTime() throws IOException, InterruptedException {
    StringWriter err = new StringWriter();
    Audit audit = new Audit(List.of(Paper.load().statement("lemma-5.4")), Checks.thorough());
    new ThoroughAudit(audit, "build", folder, new PrintWriter(err), Duration.ofMillis(20))
        .run(new Settings(300, 1, new Ladder(128), 1, done -> { }));
    List<String> lines = err.toString().lines().skip(1).toList();
    assertFalse(lines.isEmpty());
    for (String line : lines) {
      assertTrue(line.matches("plumbline: [0-9]+ % done, (about [0-9.]+ (s|min|h) left|measuring the time left); [0-9]+ of [0-9]+ "
          + "cases(, [0-9]+ of them found in the journal)?(; at .+)?"), line);
    }
  }

  @Test
  void durationsAreRough() {
    assertEquals("99 s", ThoroughAudit.rough(Duration.ofSeconds(99)));
    assertEquals("2 min", ThoroughAudit.rough(Duration.ofSeconds(100)));
    assertEquals("2.0 h", ThoroughAudit.rough(Duration.ofSeconds(7200)));
  }

  @Test
  void theJournalMustBeUsable() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    Cli.run("audit", "--thorough", "--only", "fact-a.1", "--cases", "2", "--journal", file).refused(file.toString(), "journal");
    Cli.run("audit", "--journal", folder).refused("--thorough");
  }

  @Test
  void theReplayNamesTheThoroughAudit() {
    Cli run = Cli.run("audit", "--thorough", "--only", "fact-a.1", "--cases", "2", "--journal", folder);
    run.says("Replay a row: ./plumbline audit --only STATEMENT --thorough --seed 20250206 --cases 2 ");
    Cli.run("audit", "--help").says("--thorough", "--journal", ".plumbline/thorough", "130");
  }
}
