package plumbline.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.junit.jupiter.api.Test;
import plumbline.reference.decide.Ladder;
import plumbline.proof.Proof;
import plumbline.proof.Role;
import plumbline.proof.Tie;
import plumbline.properties.Evidence;
import plumbline.spec.claim.Verdict;
import plumbline.spec.paper.Paper;
import plumbline.spec.paper.Reading;
import plumbline.spec.paper.Statement;

class AuditTest {
  private static final Paper PAPER = Paper.load();

  private static List<StatementVerdict> audit(long seed, int maxBits, String... ids) throws InterruptedException {
    List<Statement> statements = new ArrayList<>();
    for (String id : ids) {
      statements.add(PAPER.statement(id));
    }
    return new Audit(statements, Checks.all()).run(new Settings(8, seed, new Ladder(maxBits), 3, done -> { }));
  }

  @Test
  void everyStatementIsCheckedOrSaysWhyNot() {
    List<Check> checks = Checks.all();
    for (Statement statement : PAPER.statements()) {
      boolean checked = checks.stream().anyMatch(check -> check.statement().equals(statement.id())
          && check.readings().contains(statement.defaultReading().id()));
      assertNotEquals(checked, statement.unchecked().isPresent(),
          statement.id() + (checked ? " has a check, so its reason to have none is out of date" : " has neither a check of its"
              + " default reading nor a stated reason"));
    }
  }

  @Test
  void everyCheckNamesAStatementAndOneOfItsReadings() {
    for (Check check : Checks.all()) {
      Statement statement = PAPER.statement(check.statement());
      List<String> known = statement.readings().stream().map(Reading::id).toList();
      assertFalse(check.readings().isEmpty(), check.statement());
      assertTrue(known.containsAll(check.readings()), check.statement() + " has no reading among " + check.readings());
    }
  }

  @Test
  void theSameSeedGivesTheSameReport() throws InterruptedException {
    String[] ids = {"def-b.3", "lemma-5.5", "lemma-4.4", "fact-a.3"};
    assertEquals(new AuditReport("v", 5, 8, 4096, audit(5, 4096, ids)).json(),
        new AuditReport("v", 5, 8, 4096, audit(5, 4096, ids)).json());
  }

  @Test
  void refutationsCarryExactCounterexamples() throws InterruptedException {
    for (StatementVerdict verdict : audit(1, 4096, "lemma-5.3", "lemma-5.4", "lemma-5.5", "cor-6.1", "lemma-4.4")) {
      assertEquals(Verdict.REFUTED, verdict.verdict(), verdict.statement().id());
      Evidence refutation = verdict.defaultEvidence().stream().filter(e -> e.verdict() == Verdict.REFUTED).findFirst()
          .orElseThrow();
      assertTrue(refutation.witness().keySet().containsAll(List.of("inequality", "left", "right", "system")));
      assertTrue(refutation.witness().size() > 4, () -> "no exact input in " + refutation.witness());
    }
  }

  @Test
  void tooFewBitsLeaveAStatementUndecidedNotDecided() throws InterruptedException {
    Audit audit = new Audit(List.of(PAPER.statement("thm-5.6")), Checks.all());
    StatementVerdict coarse = audit.run(new Settings(500, 20250206, new Ladder(53), 3, done -> { })).get(0);
    assertEquals(Verdict.UNDECIDED, coarse.verdict());
    assertFalse(coarse.defaultEvidence().get(0).witness().isEmpty());
    assertEquals(Verdict.REFUTED, audit.run(new Settings(500, 20250206, new Ladder(256), 3, done -> { })).get(0).verdict());
  }

  private static Evidence evidence(String reading, Verdict verdict, long cases, @Nullable Double slack) {
    return new Evidence("check", reading, "text", verdict, cases, slack, 53, Map.of());
  }

  @Test
  void evidenceAddsUp() {
    Statement lemma = PAPER.statement("lemma-5.3");
    StatementVerdict both = StatementVerdict.of(lemma, List.of(
        evidence("function-norm", Verdict.HOLDS, 10, 0.5), evidence("function-norm", Verdict.UNDECIDED, 3, 0.25),
        evidence("sup-norm", Verdict.HOLDS, 7, 0.1)));
    assertEquals(Verdict.UNDECIDED, both.verdict());
    assertEquals(13, both.cases());
    assertEquals(0.25, both.worstSlack());
    assertEquals(Map.of("sup-norm", Verdict.HOLDS), both.otherReadings());
    assertEquals(Verdict.REFUTED, StatementVerdict.of(lemma, List.of(
        evidence("function-norm", Verdict.REFUTED, 1, null), evidence("function-norm", Verdict.UNDECIDED, 3, null))).verdict());
    assertEquals(Verdict.UNCHECKED, StatementVerdict.of(lemma, List.of(
        evidence("sup-norm", Verdict.HOLDS, 1, null))).verdict());
    assertEquals(Verdict.DEFINED, StatementVerdict.of(PAPER.statement("def-b.3"), List.of(
        evidence("literal", Verdict.HOLDS, 1, null))).verdict());
  }

  private static Proof proof(String reading, Role role, @Nullable String missing, boolean changed) {
    return new Proof(new Tie("lemma-5.3", reading, role, List.of("File.theorem"), "It.", missing), List.of(), changed);
  }

  private static Verdict verdict(Verdict cases, Proof... proofs) {
    return StatementVerdict.of(PAPER.statement("lemma-5.3"), List.of(evidence("function-norm", cases, 1, null)), List.of(proofs))
        .verdict();
  }

  @Test
  void onlyAWholeTheoremOfTheSameReadingAndTheSameSourcesProves() {
    Proof whole = proof("function-norm", Role.PROVES, null, false);
    assertEquals(Verdict.PROVED, verdict(Verdict.HOLDS, whole));
    assertEquals(Verdict.PROVED, verdict(Verdict.UNDECIDED, whole));
    assertEquals(Verdict.REFUTED, verdict(Verdict.REFUTED, whole));
    assertEquals(Verdict.HOLDS, verdict(Verdict.HOLDS, proof("function-norm", Role.PROVES, "a case", false)));
    assertEquals(Verdict.HOLDS, verdict(Verdict.HOLDS, proof("function-norm", Role.PROVES, null, true)));
    assertEquals(Verdict.HOLDS, verdict(Verdict.HOLDS, proof("function-norm", Role.SUPPORTS, null, false)));
    assertEquals(Verdict.HOLDS, verdict(Verdict.HOLDS, proof("sup-norm", Role.PROVES, null, false)));
    assertEquals(Verdict.REFUTED, verdict(Verdict.HOLDS, proof("function-norm", Role.REFUTES, null, false)));
    assertEquals(Verdict.HOLDS, verdict(Verdict.HOLDS, proof("function-norm", Role.REFUTES, "some sizes", false)));
    assertEquals(Verdict.HOLDS, verdict(Verdict.HOLDS, proof("function-norm", Role.REFUTES, null, true)));
  }

  @Test
  void theoremsStandInTheTable() {
    StatementVerdict refuted = StatementVerdict.of(PAPER.statement("lemma-5.3"), List.of(
        evidence("function-norm", Verdict.REFUTED, 1, null), evidence("amended", Verdict.HOLDS, 1, null)), List.of(
        proof("function-norm", Role.REFUTES, null, false), proof("sup-norm", Role.PROVES, null, false),
        proof("amended", Role.PROVES, "a case", false)));
    assertEquals(Map.of("amended", Verdict.HOLDS, "sup-norm", Verdict.PROVED), refuted.otherReadings());
    String text = new AuditReport("v", 1, 2, 53, List.of(refuted)).text(false);
    assertTrue(text.contains("  refuted  amended: holds, sup-norm: proved\n"), text);
    assertTrue(text.contains("Theorems checked by Coq prove 1 reading and refute 1: "), text);
    StatementVerdict changed = StatementVerdict.of(PAPER.statement("lemma-5.3"), List.of(
        evidence("function-norm", Verdict.HOLDS, 1, null)), List.of(proof("function-norm", Role.PROVES, null, true)));
    String noted = new AuditReport("v", 1, 2, 53, List.of(changed)).text(false);
    assertTrue(noted.contains("have changed since Coq checked them") && noted.contains("  changed"), noted);
  }

  @Test
  void aBrokenCheckIsReported() throws InterruptedException {
    Check broken = new Check() {
      @Override
      public String statement() {
        return "def-b.3";
      }

      @Override
      public List<String> readings() {
        return List.of("literal");
      }

      @Override
      public int cases(int requested) {
        return 1;
      }

      @Override
      public Work start(Settings settings) {
        return Work.whole(() -> {
          throw new ArithmeticException("broken on purpose");
        });
      }
    };
    Audit audit = new Audit(List.of(PAPER.statement("def-b.3")), List.of(broken));
    IllegalStateException failure = assertThrows(IllegalStateException.class,
        () -> audit.run(new Settings(1, 1, new Ladder(53), 3, done -> { })));
    assertTrue(failure.getMessage().contains("broken on purpose"));
  }
}
