package plumbline.audit;

import java.util.ArrayList;
import java.util.List;
import plumbline.properties.Property;
import plumbline.properties.layer.Convexity;
import plumbline.properties.layer.Linearity;
import plumbline.properties.layer.Lipschitz;
import plumbline.properties.layer.Smoothness;
import plumbline.properties.theory.DirectedSearches;
import plumbline.properties.theory.Refutation;
import plumbline.properties.theory.TheoryProperties;
import plumbline.reference.operator.Operator;
import plumbline.reference.operator.Operators;
import plumbline.spec.paper.Paper;

/** Every check that the audit knows. */
public final class Checks {
  private Checks() {}

  /** The agreement of number systems on every operator, the properties of layers, what the theory claims, then searches. */
  public static List<Check> all() {
    Paper paper = Paper.load();
    List<Check> checks = new ArrayList<>();
    for (Operator operator : Operators.all()) {
      checks.add(new AgreementCheck(operator, paper.statement(operator.id()).defaultReading().id()));
    }
    for (Property<?> property : layers()) {
      checks.add(new PropertyCheck(property));
    }
    List<Refutation> refutations = TheoryProperties.refutations();
    for (Property<?> property : TheoryProperties.all()) {
      if (refutations.stream().noneMatch(r -> isFor(r, property))) {
        checks.add(new PropertyCheck(property));
      }
    }
    refutations.forEach(refutation -> checks.add(new RefutationCheck(refutation)));
    DirectedSearches.all().forEach(search -> checks.add(new SearchCheck(search)));
    return checks;
  }

  /** The same, and the costly campaigns. */
  public static List<Check> thorough() {
    List<Check> checks = new ArrayList<>(all());
    TheoryProperties.thorough().forEach(campaign -> checks.add(new ThoroughCheck(campaign)));
    return checks;
  }

  private static List<Property<?>> layers() {
    List<Property<?>> properties = new ArrayList<>(Convexity.all());
    properties.addAll(Linearity.all());
    properties.addAll(Lipschitz.all());
    properties.addAll(Smoothness.all());
    return properties;
  }

  private static boolean isFor(Refutation refutation, Property<?> property) {
    return refutation.lowerBound().claim().statement().equals(property.claim().statement())
        && refutation.lowerBound().claim().text().equals(property.claim().text());
  }
}
