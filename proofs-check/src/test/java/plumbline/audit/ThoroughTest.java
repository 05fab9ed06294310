package plumbline.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import plumbline.properties.CaseLog;
import plumbline.properties.CaseRecord;
import plumbline.properties.Evidence;
import plumbline.properties.Finding;
import plumbline.properties.KeptCase;
import plumbline.reference.decide.Ladder;
import plumbline.reference.decide.Outcome;
import plumbline.reference.io.InputException;
import plumbline.spec.paper.Paper;
import plumbline.spec.paper.Statement;

class ThoroughTest {
  private static final Paper PAPER = Paper.load();
  /** Agreement, layers, theory, exact refutations, a refutation by argument, and (at 53 bits) undecided cases. */
  private static final List<Statement> STATEMENTS =
      Stream.of("def-3.1", "def-b.1", "lemma-5.4", "thm-5.6").map(PAPER::statement).toList();
  private static final int CASES = 8;

  @TempDir
  Path folder;

  private final List<String> warnings = new ArrayList<>();

  /** What a run found, as text with every number, and how many cases it decided. */
  private record Run(String found, int decided) {}

  private Run run(Path journal, int maxBits) throws InterruptedException {
    AtomicInteger decided = new AtomicInteger();
    try (Journal open = Journal.open(journal, "build", warnings::add)) {
      CaseLogs counting = key -> {
        CaseLog log = open.open(key);
        return new CaseLog() {
          @Override
          public List<CaseRecord> known() {
            return log.known();
          }

          @Override
          public void add(CaseRecord record) {
            decided.incrementAndGet();
            log.add(record);
          }
        };
      };
      List<StatementVerdict> verdicts = new Audit(STATEMENTS, Checks.thorough())
          .run(new Settings(CASES, 7, new Ladder(maxBits), 3, done -> { }, counting));
      return new Run(text(verdicts), decided.get());
    }
  }

  private static String text(List<StatementVerdict> verdicts) {
    StringBuilder text = new StringBuilder(new AuditReport("v", 7, CASES, 4096, verdicts).json().toPrettyString());
    for (StatementVerdict verdict : verdicts) {
      for (Evidence evidence : verdict.evidence()) {
        new TreeMap<>(evidence.ratios()).forEach((name, values) -> text.append(name).append(Arrays.toString(values)));
        for (KeptCase kept : evidence.kept()) {
          text.append('\n').append(kept.inputs());
          for (Finding finding : kept.findings()) {
            if (finding instanceof Finding.Decided found) {
              text.append(found.decision().inequality().name()).append(found.decision().outcome())
                  .append(found.decision().slack()).append(found.decision().left()).append(found.decision().right());
            }
          }
        }
      }
    }
    return text.toString();
  }

  private static List<Path> files(Path journal) throws IOException {
    try (Stream<Path> files = Files.list(journal)) {
      return files.filter(file -> file.toString().endsWith(".cases")).sorted().toList();
    }
  }

  /** Cases in whole lines; a cut may go through a character. */
  private static int lines(Path journal) throws IOException {
    int cases = 0;
    for (Path file : files(journal)) {
      String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      for (String line : text.substring(0, text.lastIndexOf('\n') + 1).split("\n")) {
        cases += line.startsWith("c\t") ? 1 : 0;
      }
    }
    return cases;
  }

  /** Whatever part of the journal a crash leaves, the rest is decided, and the evidence is the same to the last digit. */
  @Test
  void aResumedAuditFindsTheSame() throws IOException, InterruptedException {
    for (int maxBits : new int[] {53, 4096}) {
      Path journal = folder.resolve("journal" + maxBits);
      Run whole = run(journal, maxBits);
      String plain = text(new Audit(STATEMENTS, Checks.thorough())
          .run(new Settings(CASES, 7, new Ladder(maxBits), 3, done -> { })));
      assertEquals(plain, whole.found);
      assertEquals(lines(journal), whole.decided);
      Random random = new Random(maxBits);
      for (int cut = 0; cut < 2; cut++) {
        for (Path file : files(journal)) {
          byte[] bytes = Files.readAllBytes(file);
          Files.write(file, Arrays.copyOf(bytes, random.nextInt(4) == 0 ? bytes.length : random.nextInt(bytes.length)));
        }
        int kept = lines(journal);
        Run resumed = run(journal, maxBits);
        assertEquals(whole.found, resumed.found);
        assertEquals(whole.decided - kept, resumed.decided);
      }
      assertEquals(new Run(whole.found, 0), run(journal, maxBits));
    }
    assertEquals(List.of(), warnings);
  }

  private static CaseKey key(String text, long seed) {
    return new CaseKey("lemma-5.4", "sup-norm", 0, text, seed, 10, 128);
  }

  private static CaseRecord record(int index, Outcome outcome, double slack) {
    return new CaseRecord(index, outcome, slack, 53, List.of("‖f‖ ≤ ε", "b"), new double[] {0.1 * index, -1e-300}, 5);
  }

  private List<Integer> known(CaseKey key, String build) {
    try (Journal journal = Journal.open(folder, build, warnings::add)) {
      return journal.open(key).known().stream().map(CaseRecord::index).sorted().toList();
    }
  }

  private Path written() throws IOException {
    try (Journal journal = Journal.open(folder, "build", warnings::add)) {
      CaseLog log = journal.open(key("text", 1));
      assertEquals(List.of(), log.known());
      log.add(record(3, Outcome.HOLDS, 0.25));
      log.add(record(1, Outcome.UNDECIDED, Double.NaN));
      log.add(record(2, Outcome.FAILS, -0x1.fffffffffffffp-3));
      log.add(new CaseRecord(4, Outcome.HOLDS, Double.NaN, 0, List.of(), new double[0], 1));
    }
    return files(folder).get(0);
  }

  @Test
  void recordsComeBackWithEveryBit() throws IOException {
    written();
    try (Journal journal = Journal.open(folder, "build", warnings::add)) {
      List<CaseRecord> known = journal.open(key("text", 1)).known().stream()
          .sorted((a, b) -> Integer.compare(a.index(), b.index())).toList();
      assertEquals(4, known.size());
      assertEquals(-0x1.fffffffffffffp-3, known.get(1).slack());
      assertEquals(Outcome.FAILS, known.get(1).outcome());
      assertTrue(Double.isNaN(known.get(0).slack()));
      assertEquals(List.of("‖f‖ ≤ ε", "b"), known.get(2).names());
      assertEquals(Arrays.toString(new double[] {0.1 * 3, -1e-300}), Arrays.toString(known.get(2).ratios()));
      assertEquals(List.of(), known.get(3).names());
      assertEquals(5, known.get(0).nanos());
    }
  }

  /** A second after it was decided, or at once for the operating system: a case is in the file before the journal is closed. */
  @Test
  void aCaseIsInTheFileAtOnce() throws IOException {
    try (Journal journal = Journal.open(folder, "build", warnings::add)) {
      journal.open(key("text", 1)).add(record(1, Outcome.HOLDS, 1));
      assertEquals(1, lines(folder));
    }
  }

  @Test
  void aJournalOfAnotherKeyIsNotUsed() throws IOException {
    written();
    assertEquals(List.of(1, 2, 3, 4), known(key("text", 1), "build"));
    assertEquals(List.of(), known(key("text", 2), "build"));
    assertEquals(List.of(), known(key("another text", 1), "build"));
    assertEquals(List.of(), known(key("text", 1), "another build"));
    assertEquals(List.of(), known(new CaseKey("lemma-5.4", "sup-norm", 0, "text", 1, 11, 128), "build"));
    assertEquals(List.of(), known(new CaseKey("lemma-5.4", "sup-norm", 0, "text", 1, 10, 256), "build"));
    assertEquals(List.of(), known(new CaseKey("lemma-5.4", "sup-norm", 1, "text", 1, 10, 128), "build"));
    assertEquals(List.of(), warnings);
  }

  /** The same, if the file is put where another is expected: its lines do not match. */
  @Test
  void aFileInAnothersPlaceIsNotUsed() throws IOException {
    byte[] bytes = Files.readAllBytes(written());
    Set<Path> before = new HashSet<>(files(folder));
    known(key("text", 2), "build");
    Path other = files(folder).stream().filter(file -> !before.contains(file)).findFirst().orElseThrow();
    Files.write(other, bytes);
    assertEquals(List.of(), known(key("text", 2), "build"));
    assertEquals(1, warnings.size());
  }

  @Test
  void damageCostsTheDamagedCasesAndIsReportedInOneLine() throws IOException {
    Path file = written();
    byte[] bytes = Files.readAllBytes(file);
    String text = new String(bytes, StandardCharsets.UTF_8);
    int digit = text.indexOf("\t0.25\t") + 3;
    byte[] changed = text.replace("\t0.25\t", "\t0.35\t").getBytes(StandardCharsets.UTF_8);
    assertFalse(Arrays.equals(bytes, changed), "no digit at " + digit);
    Files.write(file, changed);
    assertEquals(List.of(1, 2, 4), known(key("text", 1), "build"));
    assertEquals(1, warnings.size());
    assertTrue(warnings.get(0).startsWith(file + ": this journal is damaged (line 3)"), warnings.get(0));
    assertEquals(1, warnings.get(0).lines().count());
    // It is mended: the damage is reported once.
    assertEquals(List.of(1, 2, 4), known(key("text", 1), "build"));
    assertEquals(1, warnings.size());
    Files.write(file, new byte[5000]);
    assertEquals(List.of(), known(key("text", 1), "build"));
  }

  @Test
  void everyByteMatters() throws IOException {
    Path file = written();
    byte[] bytes = Files.readAllBytes(file);
    Random random = new Random(5);
    for (int n = 0; n < 60; n++) {
      byte[] changed = bytes.clone();
      int at = random.nextInt(bytes.length);
      changed[at] ^= (byte) (1 << random.nextInt(7));
      Files.write(file, changed);
      try (Journal journal = Journal.open(folder, "build", warnings::add)) {
        for (CaseRecord known : journal.open(key("text", 1)).known()) {
          double expected = known.index() == 3 ? 0.25 : known.index() == 2 ? -0x1.fffffffffffffp-3 : Double.NaN;
          assertEquals(expected, known.slack(), "byte " + at);
        }
      }
    }
  }

  @Test
  void twoAuditsDoNotShareAJournal() {
    try (Journal journal = Journal.open(folder, "build", warnings::add)) {
      // Nor do two checks of one audit, even if they cannot be told apart.
      journal.open(key("text", 1)).add(record(1, Outcome.HOLDS, 1));
      journal.open(key("text", 1)).add(record(2, Outcome.HOLDS, 1));
      InputException refused = assertThrows(InputException.class, () -> Journal.open(folder, "build", warnings::add));
      assertTrue(refused.getMessage().contains("another audit"), refused.getMessage());
    }
    assertEquals(List.of(1), known(key("text", 1), "build"));
  }

  @Test
  void checksHaveJournalsOfTheirOwn() {
    Set<CaseKey> keys = new HashSet<>();
    Settings settings = new Settings(500, 7, new Ladder(4096), 3, done -> { }, key -> {
      assertTrue(keys.add(key), key + " twice");
      return CaseLog.NONE;
    });
    Checks.thorough().forEach(check -> check.start(settings));
    assertTrue(keys.size() > 60, keys.size() + " journals");
  }

  /** A campaign of few costly cases beside one of many cheap ones: cases alone would say that it is nearly done. */
  @Test
  void theTimeLeftIsMeasured() {
    Meter meter = new Meter(CaseLogs.NONE, 2);
    CaseLog cheap = meter.open(new CaseKey("a", "r", 0, "cheap", 1, 1000, 53));
    CaseLog costly = meter.open(new CaseKey("b", "r", 0, "costly", 1, 10, 53));
    for (int c = 1; c <= 1000; c++) {
      cheap.add(new CaseRecord(c, Outcome.HOLDS, 1, 53, List.of(), new double[0], c <= 3 ? 900_000_000L : 1_000_000L));
    }
    assertTrue(meter.read().left().isEmpty());
    for (int c = 1; c <= 4; c++) {
      costly.add(new CaseRecord(c, Outcome.HOLDS, 1, 53, List.of(), new double[0], 1_000_000_000L));
    }
    Meter.Reading now = meter.read();
    assertEquals(1004, now.done());
    assertEquals(1010, now.all());
    assertEquals(3000, now.left().orElseThrow().toMillis());
    assertEquals(5.0 / 11, now.part(), 1e-3);
    costly.add(new CaseRecord(5, Outcome.FAILS, 1, 53, List.of(), new double[0], 1_000_000_000L));
    assertEquals(0, meter.read().left().orElseThrow().toMillis());
    assertEquals(1, meter.read().part());
  }

  @Test
  void theBuildHasAFingerprint() throws IOException {
    assertEquals(Build.fingerprint(null), Build.fingerprint(null));
    assertEquals(32, Build.fingerprint(null).length());
    Path own = Files.writeString(folder.resolve("Own.java"), "1 < 2");
    String one = Build.fingerprint(own);
    assertNotEquals(Build.fingerprint(null), one);
    Files.writeString(own, "1 < 3");
    assertNotEquals(one, Build.fingerprint(own));
  }
}
