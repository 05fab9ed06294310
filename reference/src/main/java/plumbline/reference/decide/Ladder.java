package plumbline.reference.decide;

import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.reference.number.Decimals;
import plumbline.spec.claim.Inequality;
import plumbline.spec.claim.Relation;
import plumbline.spec.number.Certified;
import plumbline.spec.number.CertifiedSystem;
import plumbline.spec.number.Interval;
import plumbline.spec.number.Shape;

/**
 * Decides an inequality by evaluating both sides in ever finer certified systems: {@code Ball(53)}, then exact rationals
 * where the sides are rational (enclosures alone can never settle a tie), then 128, 256, … bits up to a limit. Only
 * certified matrices are compared, so rounding can delay a decision but never falsify one.
 */
public final class Ladder {
  private final List<Rung> rungs;

  /**
   * @param maxBits the precision at which to give up; below 53 is refused because nothing could be tried
   */
  public Ladder(int maxBits) {
    rungs = Rung.upTo(maxBits);
  }

  /** The precision at which it gives up. */
  public int maxBits() {
    return rungs.get(rungs.size() - 1).bits();
  }

  /** Decides {@code inequality}; an input that one of the sides is undefined on comes out undecided. */
  public Decision decide(Inequality inequality) {
    Decision exact = inequality.relation() == Relation.EQUAL ? exactly(inequality) : null;
    if (exact != null) {
      return exact;
    }
    Decision decision = attempt(inequality, rungs.get(0));
    if (decision.outcome() == Outcome.UNDECIDED && inequality.relation() != Relation.EQUAL) {
      exact = exactly(inequality);
      if (exact != null) {
        return exact;
      }
    }
    for (int k = 1; k < rungs.size() && decision.outcome() == Outcome.UNDECIDED; k++) {
      decision = attempt(inequality, rungs.get(k));
    }
    return decision;
  }

  /** The decision in exact rationals, or {@code null} if a side is not rational. */
  private static @Nullable Decision exactly(Inequality inequality) {
    try {
      return attempt(inequality, Rung.EXACT);
    } catch (ArithmeticException notRationalOrUndefined) {
      return null;
    }
  }

  private static Decision attempt(Inequality inequality, Rung rung) {
    return attempt(inequality, rung.system(), rung.bits());
  }

  private static <M extends Certified<M>> Decision attempt(Inequality inequality, CertifiedSystem<M> system, int bits) {
    Inequality.Sides<M> sides = inequality.in(system);
    M left = sides.left();
    M right = sides.right();
    Shape.requireSame(inequality.name(), left, right);
    M gap = right.minus(left);
    Outcome outcome = Outcome.HOLDS;
    int decisive = -1;
    for (int e = 0; e < gap.rows() * gap.columns(); e++) {
      Outcome here = at(inequality.relation(), gap, e / gap.columns(), e % gap.columns());
      if (here == Outcome.FAILS) {
        outcome = here;
        decisive = e;
        break;
      }
      if (here == Outcome.UNDECIDED && outcome == Outcome.HOLDS) {
        outcome = here;
        decisive = e;
      }
    }
    Tightest tightest = outcome == Outcome.UNDECIDED ? new Tightest(decisive, null) : tightest(left, right, gap);
    int entry = decisive >= 0 ? decisive : tightest.entry;
    if (entry < 0) {
      return new Decision(inequality, outcome, system.name(), bits, null, 0, 0, Interval.WHOLE, Interval.WHOLE);
    }
    int row = entry / gap.columns();
    int column = entry % gap.columns();
    return new Decision(inequality, outcome, system.name(), bits, tightest.slack, row, column,
        left.enclosure(row, column), right.enclosure(row, column));
  }

  private static Outcome at(Relation relation, Certified<?> gap, int row, int column) {
    int low = gap.signOfLower(row, column);
    int high = gap.signOfUpper(row, column);
    switch (relation) {
      case LESS:
        return low > 0 ? Outcome.HOLDS : high <= 0 ? Outcome.FAILS : Outcome.UNDECIDED;
      case LESS_OR_EQUAL:
        return low >= 0 ? Outcome.HOLDS : high < 0 ? Outcome.FAILS : Outcome.UNDECIDED;
      case EQUAL:
        return low > 0 || high < 0 ? Outcome.FAILS : low == 0 && high == 0 ? Outcome.HOLDS : Outcome.UNDECIDED;
      default:
        throw new AssertionError(relation);
    }
  }

  /** The entry with the smallest relative gap, and that gap for display. */
  private record Tightest(int entry, @Nullable Double slack) {}

  private static <M extends Certified<M>> Tightest tightest(M left, M right, M gap) {
    int size = gap.rows() * gap.columns();
    int entry = size == 0 ? -1 : 0;
    Double slack = null;
    M scale = left.abs().max(right.abs());
    for (int e = 0; e < size; e++) {
      int row = e / gap.columns();
      int column = e % gap.columns();
      double here;
      if (gap.signOfLower(row, column) == 0 && gap.signOfUpper(row, column) == 0) {
        here = 0;
      } else if (scale.signOfLower(row, column) > 0) {
        M ratio = gap.entry(row, column).dividedBy(scale.entry(row, column));
        here = Decimals.midpoint(ratio.enclosure(0, 0));
      } else {
        continue;
      }
      if (!Double.isNaN(here) && (slack == null || here < slack)) {
        slack = here;
        entry = e;
      }
    }
    return new Tightest(entry, slack);
  }
}
