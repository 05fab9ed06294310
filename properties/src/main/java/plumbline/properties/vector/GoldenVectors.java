package plumbline.properties.vector;

import java.util.List;
import java.util.stream.Stream;
import plumbline.reference.envelope.Format;
import plumbline.reference.envelope.Model;
import plumbline.reference.operator.Operators;

/** All golden vectors. */
public final class GoldenVectors {
  /** What is assumed of a float32 implementation, the least that any does. */
  public static final Model MODEL = Model.of(Format.FLOAT32);

  private static final List<GoldenVector> ALL =
      Stream.of(BlockVectors.all(), InterpolationVectors.all(), ModelVectors.all()).flatMap(List::stream).toList();

  private GoldenVectors() {}

  /** The vectors of every statement that can be evaluated, in the order of the paper. */
  public static List<GoldenVector> all() {
    return Operators.all().stream().flatMap(operator -> of(operator.id()).stream()).toList();
  }

  /** The vectors of one statement, simple ones first; none if it cannot be evaluated. */
  public static List<GoldenVector> of(String statement) {
    return ALL.stream().filter(vector -> vector.statement().equals(statement)).toList();
  }
}
