package plumbline.audit;

import java.util.List;
import plumbline.properties.Campaign;
import plumbline.properties.Property;

/**
 * Checks a property by a campaign of random cases.
 *
 * @param property the claim and its inputs
 */
public record PropertyCheck(Property<?> property) implements Check {

  @Override
  public String statement() {
    return property.claim().statement();
  }

  @Override
  public List<String> readings() {
    return List.of(property.claim().reading());
  }

  @Override
  public int cases(int requested) {
    return Campaign.cases(property, property.cases(requested));
  }

  @Override
  public Work start(Settings settings) {
    int cases = cases(settings.cases());
    return start(property, cases, settings);
  }

  static <I> Work start(Property<I> property, int cases, Settings settings) {
    Campaign.Run<I> run = new Campaign(
            cases, settings.seed(), settings.ladder(), settings.keep(), done -> settings.progress().accept(1))
        .start(property, settings.logs().open(CaseKey.of(property.claim(), cases, settings)));
    return Work.shared(run::help, () -> List.of(run.evidence()));
  }
}
