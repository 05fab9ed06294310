package plumbline.audit;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.proof.Proof;
import plumbline.properties.Evidence;
import plumbline.spec.claim.Verdict;
import plumbline.spec.paper.Kind;
import plumbline.spec.paper.Statement;

/**
 * The verdict on a statement, on its default reading, with the evidence of every check on every reading.
 *
 * @param statement the statement
 * @param verdict what the evidence on the default reading adds up to
 * @param evidence what each check found, in the order of the checks
 * @param proofs what machine-checked theorems do for its readings
 */
public record StatementVerdict(Statement statement, Verdict verdict, List<Evidence> evidence, List<Proof> proofs) {

  /** The verdict where there are no theorems. */
  public static StatementVerdict of(Statement statement, List<Evidence> evidence) {
    return of(statement, evidence, List.of());
  }

  /**
   * Adds up the evidence: one refutation refutes, one open case leaves it undecided; a definition that passes is defined. What
   * theorems refute is refuted, and what they prove as a whole is proved unless a case contradicts it.
   */
  public static StatementVerdict of(Statement statement, List<Evidence> evidence, List<Proof> proofs) {
    Verdict sum = combined(evidence, proofs, statement.defaultReading().id());
    boolean definition = statement.kind() == Kind.DEFINITION || statement.kind() == Kind.PHASE;
    return new StatementVerdict(statement, definition && sum == Verdict.HOLDS ? Verdict.DEFINED : sum, evidence, proofs);
  }

  private static List<Evidence> on(List<Evidence> evidence, String reading) {
    return evidence.stream().filter(e -> e.step() == 0 && e.reading().equals(reading)).toList();
  }

  private static Verdict combined(List<Evidence> evidence, List<Proof> proofs, String reading) {
    Verdict sum = Verdict.UNCHECKED;
    for (Evidence each : on(evidence, reading)) {
      if (weight(each.verdict()) > weight(sum)) {
        sum = each.verdict();
      }
    }
    List<Proof> theorems = Proof.on(proofs, reading);
    return theorems.stream().anyMatch(Proof::refutes) ? Verdict.REFUTED
        : sum != Verdict.REFUTED && theorems.stream().anyMatch(Proof::proves) ? Verdict.PROVED
        : sum;
  }

  /** The stronger word wins when the checks of one reading are added up. */
  private static int weight(Verdict verdict) {
    return List.of(Verdict.UNCHECKED, Verdict.DEFINED, Verdict.HOLDS, Verdict.UNDECIDED, Verdict.REFUTED)
        .indexOf(verdict);
  }

  /** The verdict on each reading other than the default that has one, in the order of the evidence, then of the theorems. */
  public Map<String, Verdict> otherReadings() {
    Map<String, Verdict> verdicts = new LinkedHashMap<>();
    Stream.concat(evidence.stream().filter(each -> each.step() == 0).map(Evidence::reading),
            proofs.stream().filter(proof -> proof.proves() || proof.refutes()).map(proof -> proof.tie().reading()))
        .filter(reading -> !reading.equals(statement.defaultReading().id()))
        .forEach(reading -> verdicts.computeIfAbsent(reading, each -> combined(evidence, proofs, each)));
    return verdicts;
  }

  /** What theorems do for a reading. */
  public List<Proof> proofs(String reading) {
    return Proof.on(proofs, reading);
  }

  /** What was found about the steps of its proof on a reading, in the order of the checks. */
  public List<Evidence> proof(String reading) {
    return evidence.stream().filter(e -> e.step() > 0 && e.reading().equals(reading)).toList();
  }

  /** The first step of its proof that fails on a reading; 0 if none does. */
  public int brokenStep(String reading) {
    return proof(reading).stream().filter(e -> e.verdict() == Verdict.REFUTED).mapToInt(Evidence::step).min().orElse(0);
  }

  /** Evidence on the default reading about the statement itself. */
  public List<Evidence> defaultEvidence() {
    return on(evidence, statement.defaultReading().id());
  }

  /** Cases decided with certainty on the default reading. */
  public long cases() {
    return defaultEvidence().stream().mapToLong(Evidence::cases).sum();
  }

  /** Highest precision that a case on the default reading took; 0 for exact rationals. */
  public int bits() {
    return defaultEvidence().stream().mapToInt(Evidence::bits).max().orElse(0);
  }

  /** Smallest relative slack on the default reading, or {@code null} where nothing is compared. */
  public @Nullable Double worstSlack() {
    Double worst = null;
    for (Evidence each : defaultEvidence()) {
      Double slack = each.worstSlack();
      if (slack != null && (worst == null || slack < worst)) {
        worst = slack;
      }
    }
    return worst;
  }
}
