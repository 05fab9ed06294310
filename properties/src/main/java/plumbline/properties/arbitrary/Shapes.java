package plumbline.properties.arbitrary;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;
import plumbline.spec.number.Shape;

/** Shapes of matrices. They shrink to 1×1, or to an empty shape where that is admitted. */
public final class Shapes {
  private Shapes() {}

  /** From 1×1 to max×max, all equally likely. */
  public static Arbitrary<Shape> small(int max) {
    return Combinators.combine(size(1, max), size(1, max)).as(Shape::new);
  }

  /** As {@link #small}, and also shapes without rows, without columns, or without either. */
  public static Arbitrary<Shape> orEmpty(int max) {
    return Combinators.combine(size(0, max), size(0, max)).as(Shape::new);
  }

  /** A size from {@code min} to {@code max}, all equally likely; shrinks to {@code min}. */
  public static Arbitrary<Integer> size(int min, int max) {
    return Arbitraries.integers().between(min, max).withDistribution(RandomDistribution.uniform()).shrinkTowards(min);
  }
}
