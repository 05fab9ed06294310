package plumbline.audit;

import java.util.List;
import plumbline.properties.theory.Thorough;
import plumbline.reference.decide.Ladder;

/**
 * Runs a costly campaign, at the precision that it needs.
 *
 * @param campaign the property, with its cases and its precision
 */
public record ThoroughCheck(Thorough campaign) implements Check {
  /** Cases to ask for, to get just those of the campaign; with fewer or more it takes its part of them. */
  public static final int FULL = 10_000;

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
    return (int) Math.max(1, (long) campaign.cases() * requested / FULL);
  }

  @Override
  public Work start(Settings settings) {
    Ladder ladder = settings.ladder().maxBits() >= campaign.maxBits() ? settings.ladder() : new Ladder(campaign.maxBits());
    return PropertyCheck.start(campaign.property(), cases(settings.cases()), settings.with(ladder));
  }
}
