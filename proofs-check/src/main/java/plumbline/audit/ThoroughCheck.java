package plumbline.audit;

import java.util.List;
import plumbline.properties.Evidence;
import plumbline.properties.theory.Thorough;
import plumbline.reference.decide.Ladder;

/**
 * Runs a costly campaign, at the precision that it needs.
 *
 * @param campaign the property, with its cases and its precision
 */
public record ThoroughCheck(Thorough campaign) implements Check {

  @Override
  public String statement() {
    return campaign.property().claim().statement();
  }

  @Override
  public List<String> readings() {
    return List.of(campaign.property().claim().reading());
  }

  @Override
  public int cases(int requested) {
    return Math.min(campaign.cases(), requested);
  }

  @Override
  public List<Evidence> run(Settings settings) {
    return start(settings).finish();
  }

  @Override
  public Work start(Settings settings) {
    Ladder ladder = settings.ladder().maxBits() >= campaign.maxBits() ? settings.ladder() : new Ladder(campaign.maxBits());
    return PropertyCheck.start(campaign.property(), cases(settings.cases()), settings.with(ladder));
  }
}
