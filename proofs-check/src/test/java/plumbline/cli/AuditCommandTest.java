package plumbline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import plumbline.spec.paper.Paper;
import plumbline.spec.paper.Statement;

class AuditCommandTest {
  @TempDir
  Path folder;

  /** What a run of the command line left. */
  private record Run(int code, String out, String err) {}

  private static Run run(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code = Main.run(args, new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
    return new Run(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  @Test
  void theWholePaperInOneTable() throws IOException {
    Path file = folder.resolve("audit.json");
    Run run = run("audit", "--cases", "4", "--json", file.toString());
    assertEquals("", run.err());
    assertEquals(0, run.code());
    List<String> ids = Paper.load().statements().stream().map(Statement::id).toList();
    List<String> rows = run.out().lines().skip(1).limit(47).map(line -> line.split(" ")[0]).toList();
    assertEquals(ids, rows);
    assertTrue(run.out().contains("\n47 statements: "));
    JsonNode json = new ObjectMapper().readTree(Files.readString(file));
    assertEquals("plumbline", json.get("tool").asText());
    assertEquals(20250206, json.get("seed").asLong());
    List<String> listed = new ArrayList<>();
    for (JsonNode statement : json.get("statements")) {
      listed.add(statement.get("id").asText());
      for (String key : List.of("title", "reading", "verdict", "cases", "worst_slack", "bits", "evidence", "replay")) {
        assertTrue(statement.has(key), key + " in " + statement.get("id"));
      }
      String verdict = statement.get("verdict").asText();
      assertTrue(Set.of("defined", "proved", "holds", "refuted", "undecided", "unchecked").contains(verdict));
      assertEquals(verdict.equals("unchecked"), statement.has("reason"));
      assertTrue(verdict.equals("unchecked") || statement.get("evidence").size() > 0);
      for (JsonNode proof : statement.get("proofs")) {
        assertFalse(proof.get("changed_since_checked").asBoolean());
        if (proof.get("whole").asBoolean() && proof.get("reading").equals(statement.get("reading"))) {
          assertEquals(proof.get("role").asText().equals("proves") ? "proved" : "refuted", verdict, statement.get("id").asText());
        }
      }
      // What a case contradicts, no theorem proves.
      for (JsonNode evidence : statement.get("evidence")) {
        for (JsonNode proof : statement.get("proofs")) {
          assertFalse(evidence.get("verdict").asText().equals("refuted") && evidence.get("step").asInt() == 0
              && proof.get("role").asText().equals("proves") && proof.get("reading").equals(evidence.get("reading")), proof::toString);
        }
      }
    }
    assertEquals(ids, listed);
  }

  @Test
  void aRowIsReplayedByTheCommandItNames() throws IOException {
    Path file = folder.resolve("one.json");
    run("audit", "--only", "lemma-5.4", "--seed", "3", "--cases", "5", "--json", file.toString());
    JsonNode first = new ObjectMapper().readTree(Files.readString(file)).get("statements").get(0);
    List<String> replay = new ArrayList<>(List.of(first.get("replay").asText().split(" ")));
    assertEquals("./plumbline", replay.remove(0));
    Path again = folder.resolve("again.json");
    replay.addAll(List.of("--json", again.toString()));
    run(replay.toArray(String[]::new));
    assertEquals(first, new ObjectMapper().readTree(Files.readString(again)).get("statements").get(0));
  }

  @Test
  void exitCodesSayWhatFailOnNames() {
    assertEquals(0, run("audit", "--only", "lemma-5.3", "--cases", "2").code());
    assertEquals(1, run("audit", "--only", "lemma-5.3", "--cases", "2", "--fail-on", "refuted").code());
    assertEquals(0, run("audit", "--only", "fact-a.1", "--cases", "2", "--fail-on", "refuted,undecided").code());
    assertEquals(0, run("audit", "--only", "cor-6.2", "--cases", "20", "--max-bits", "256", "--fail-on", "undecided").code());
  }

  @Test
  void theReportIsAPage() throws IOException {
    Path page = folder.resolve("made").resolve("here");
    Run run = run("audit", "--only", "lemma-5.4", "--cases", "2", "--report", page.toString());
    assertEquals("", run.err());
    assertEquals(0, run.code());
    String first = Files.readString(page.resolve("index.html"));
    assertTrue(first.contains("id=\"lemma-5.4\"") && first.contains("data-verdict=\"refuted\""));
    run("audit", "--only", "lemma-5.4", "--cases", "2", "--report", page.toString());
    assertEquals(first, Files.readString(page.resolve("index.html")));
  }

  @Test
  void badUsageIsOneLine() throws IOException {
    String file = Files.writeString(folder.resolve("file"), "").toString();
    String nowhere = folder.resolve("missing").resolve("audit.json").toString();
    String[][] calls = {
        {"--cases", "0"}, {"--cases", "many"}, {"--max-bits", "52"}, {"--only", "lemma-9.9"}, {"--fail-on", "holds"},
        {"--seed", "x"}, {"--json", nowhere}, {"--report", file}, {"--certificates", file}, {"--claims", nowhere}, {"--journal", file},
        {"--unknown"}};
    for (String[] call : calls) {
      List<String> args = new ArrayList<>(List.of("audit"));
      args.addAll(List.of(call));
      Run run = run(args.toArray(String[]::new));
      assertEquals(2, run.code(), String.join(" ", call));
      assertEquals("", run.out(), String.join(" ", call));
      assertEquals(1, run.err().lines().count(), run.err());
      assertTrue(run.err().startsWith("plumbline: "), run.err());
    }
    assertTrue(run("audit", "--only", "lemma-54").err().contains("lemma-5.4"));
    assertFalse(Files.exists(Path.of(nowhere)));
  }

  @Test
  void helpTeaches() {
    Run run = run("audit", "--help");
    assertEquals(0, run.code());
    for (String word : List.of("--only", "--cases", "--seed", "--max-bits", "--json", "--report", "--fail-on", "Examples", "Exit codes",
        "refuted", "undecided")) {
      assertTrue(run.out().contains(word), word);
    }
  }
}
