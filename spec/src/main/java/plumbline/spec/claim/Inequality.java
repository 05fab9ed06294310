package plumbline.spec.claim;

import plumbline.spec.number.Matrix;
import plumbline.spec.number.NumberSystem;

/**
 * One inequality (or equality) between two expressions in exact inputs, to be decided by evaluating both in certified
 * number systems. If the sides are matrices of one shape, the relation is claimed of every entry.
 */
public abstract class Inequality {
  private final String name;
  private final Relation relation;

  /**
   * @param name what it says, short, as a report prints it
   * @param relation how {@code left} is claimed to stand to {@code right}
   */
  protected Inequality(String name, Relation relation) {
    this.name = name;
    this.relation = relation;
  }

  /** What it says, short, as a report prints it. */
  public final String name() {
    return name;
  }

  public final Relation relation() {
    return relation;
  }

  /** Evaluates both sides in a number system. */
  public abstract <M extends Matrix<M>> Sides<M> in(NumberSystem<M> system);

  /**
   * The two sides of an inequality, evaluated.
   *
   * @param left the side claimed to be smaller (or equal)
   * @param right the side claimed to be larger (or equal)
   */
  public record Sides<M extends Matrix<M>>(M left, M right) {}
}
