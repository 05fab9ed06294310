package plumbline.properties.theory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.math3.fraction.BigFraction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import plumbline.properties.Campaign;
import plumbline.properties.Expression;
import plumbline.properties.Property;
import plumbline.properties.arbitrary.SeparatedEmbedding;
import plumbline.reference.decide.Ladder;
import plumbline.reference.decide.Outcome;
import plumbline.reference.number.Rational;
import plumbline.properties.Evidence;
import plumbline.spec.claim.Claim;
import plumbline.spec.claim.Inequality;
import plumbline.spec.claim.Verdict;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.paper.Paper;
import plumbline.spec.paper.Statement;

/** Each property of the registry comes out as it should. */
class TheoryPropertiesTest {
  private static final int CASES = 60;
  private static final Ladder LADDER = new Ladder(16384);

  /** Statement, reading and step of the proof of the properties that an exact input refutes; all others hold. */
  private static final Set<String> REFUTED = Set.of("def-3.1 keys", "lemma-4.4 residual", "lemma-4.4 paper-attention",
      "lemma-5.3 function-norm", "lemma-5.4 function-norm", "lemma-5.5 function-norm", "cor-6.1 function-norm",
      "def-3.6 as-written", "def-3.8 as-written", "asm-5.2 as-written", "def-c.5 as-written", "def-c.9 as-written",
      "def-c.12 as-written", "def-d.1 as-written",
      "lemma-5.3 function-norm step 5", "lemma-5.4 function-norm step 3", "lemma-5.5 function-norm step 3",
      "thm-5.6 function-norm step 3", "thm-5.6 function-norm step 4", "cor-6.1 function-norm step 5",
      "cor-6.2 function-norm step 3", "cor-6.2 function-norm step 4");

  private static boolean refuted(Claim<?> claim) {
    return REFUTED.contains(claim.statement() + " " + claim.reading() + (claim.step() > 0 ? " step " + claim.step() : ""));
  }

  static Stream<Arguments> all() {
    return TheoryProperties.all().stream()
        .map(property -> Arguments.of(property.claim().statement(), property.claim().reading(), property));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("all")
  void comesOutAsExpected(String statement, String reading, Property<?> property) {
    Evidence evidence = new Campaign(property.cases(CASES), 20250210, LADDER, 3, done -> { }).run(property);
    Verdict expected = refuted(property.claim()) ? Verdict.REFUTED : Verdict.HOLDS;
    assertEquals(expected, evidence.verdict(), evidence::toString);
    if (expected == Verdict.HOLDS) {
      assertEquals(Campaign.cases(property, property.cases(CASES)), evidence.cases());
    }
  }

  /** A counterexample meets every hypothesis of the statement that it refutes: all but its last inequality hold. */
  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("all")
  void counterexamplesMeetTheHypotheses(String statement, String reading, Property<?> property) {
    if (refuted(property.claim()) && !reading.equals("keys")) {
      List<Inequality> inequalities = sampled(property);
      int last = inequalities.size() - 1;
      for (int k = 0; k < last; k++) {
        assertEquals(Outcome.HOLDS, LADDER.decide(inequalities.get(k)).outcome(), inequalities.get(k).name());
      }
      assertEquals(Outcome.FAILS, LADDER.decide(inequalities.get(last)).outcome(), inequalities.get(last).name());
    }
  }

  private static <I> List<Inequality> sampled(Property<I> property) {
    return property.claim().inequalities(property.inputs().generator(1).next(new java.util.Random(1)).value());
  }

  /** The registry knows statements of the paper only, and tells its properties apart. */
  @Test
  void registryIsOfThePaper() {
    List<String> known = Paper.load().statements().stream().map(Statement::id).toList();
    Set<String> keys = new HashSet<>();
    for (Property<?> property : TheoryProperties.all()) {
      assertTrue(known.contains(property.claim().statement()), () -> property.claim().statement() + " is unknown");
      assertTrue(keys.add(property.claim().statement() + property.claim().reading() + property.claim().text()));
    }
    for (Thorough thorough : TheoryProperties.thorough()) {
      assertTrue(known.contains(thorough.property().claim().statement()));
    }
    for (Refutation refutation : TheoryProperties.refutations()) {
      assertEquals(refutation.statement(), refutation.lowerBound().claim().statement());
    }
  }

  /** A map that ignores the context is no contextual mapping where one token stands in two vocabularies. */
  @Test
  void identityIsNoContextualMappingInGeneral() {
    List<ExactMatrix> sequences = List.of(ExactMatrix.ofIntegers(1, 2, 1, 3), ExactMatrix.ofIntegers(1, 2, 1, -2));
    List<Inequality> inequalities = Separation.contextual(sequences, sequences.stream().map(Expression::of).toList(),
        Expression.of(4), Expression.of(new BigFraction(1, 1000)));
    assertEquals(Outcome.HOLDS, LADDER.decide(inequalities.get(0)).outcome());
    assertEquals(Outcome.FAILS, LADDER.decide(inequalities.get(1)).outcome());
  }

  /** Strictness: constants that a token meets exactly do not separate. */
  @Test
  void separatenessIsStrict() {
    List<ExactMatrix> sequences = List.of(ExactMatrix.ofIntegers(1, 2, 1, 3));
    assertEquals(List.of(Outcome.FAILS, Outcome.FAILS, Outcome.FAILS),
        Separation.tokenwise(new SeparatedEmbedding(sequences, BigFraction.ONE, new BigFraction(3), BigFraction.TWO)).stream()
            .map(inequality -> LADDER.decide(inequality).outcome()).toList());
  }

  /** A token that a sequence holds twice breaks the hypotheses of the lemma, separated or not. */
  @Test
  void duplicatesBreakTheHypotheses() {
    SeparatedEmbedding twice = new SeparatedEmbedding(List.of(ExactMatrix.ofIntegers(1, 3, 2, 5, 2)), BigFraction.ONE,
        new BigFraction(6), BigFraction.ONE);
    assertTrue(Separation.tokenwise(twice).stream().allMatch(inequality -> LADDER.decide(inequality).holds()));
    List<Inequality> hypotheses = Separation.hypotheses(twice);
    assertTrue(LADDER.decide(hypotheses.get(hypotheses.size() - 1)).fails());
  }

  /** The formula of a layer, evaluated, is the layer. */
  @Test
  void expressionsAreWhatTheyWriteDown() {
    ExactMatrix x = ExactMatrix.ofIntegers(4, 1, 1, -2, 3, 5);
    assertEquals(FunctionNorm.up().tau().apply(Rational.INSTANCE.lift(x)).toExact(),
        FunctionNorm.up().tau().apply(Expression.of(x)).in(Rational.INSTANCE).toExact());
  }

  /** Every step of a proof in the specification is checked on the default reading, and nothing else is called a step. */
  @Test
  void everyStepOfEveryProofIsChecked() {
    for (Statement statement : Paper.load().statements()) {
      Set<Integer> known = new HashSet<>();
      for (int k = 1; k <= statement.proof().size(); k++) {
        known.add(k);
      }
      Map<String, Set<Integer>> checked = new HashMap<>();
      for (Property<?> property : TheoryProperties.all()) {
        add(checked, statement, property.claim(), List.of(property.claim().reading()));
      }
      for (Refutation refutation : TheoryProperties.refutations()) {
        add(checked, statement, refutation.lowerBound().claim(), refutation.readings());
      }
      checked.remove("lower-bound");
      assertEquals(known, checked.getOrDefault(statement.defaultReading().id(), Set.of()), statement.id());
      checked.forEach((reading, steps) -> {
        assertTrue(statement.reading(reading).isPresent(), statement.id() + " " + reading);
        assertTrue(known.containsAll(steps), statement.id() + " " + reading + " " + steps);
      });
    }
  }

  private static void add(Map<String, Set<Integer>> steps, Statement statement, Claim<?> claim, List<String> readings) {
    if (claim.statement().equals(statement.id()) && claim.step() > 0) {
      readings.forEach(reading -> steps.computeIfAbsent(reading, r -> new HashSet<>()).add(claim.step()));
    }
  }
}
