package plumbline.audit;

import plumbline.properties.Campaign;
import plumbline.properties.Property;
import plumbline.spec.claim.Evidence;

/**
 * Checks a property by a campaign of random cases.
 *
 * @param property the claim and its inputs
 * @param share part of the requested cases that this property runs: below 1 for a costly one
 */
public record PropertyCheck(Property<?> property, double share) implements Check {

  public PropertyCheck(Property<?> property) {
    this(property, 1);
  }

  @Override
  public String statement() {
    return property.claim().statement();
  }

  @Override
  public String reading() {
    return property.claim().reading();
  }

  @Override
  public int cases(int requested) {
    return Math.max(1, (int) Math.ceil(requested * share));
  }

  @Override
  public Evidence run(Settings settings) {
    return new Campaign(cases(settings.cases()), settings.seed(), settings.ladder(), done -> settings.progress().accept(1))
        .run(property);
  }
}
