package plumbline.properties.mutation;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import plumbline.reference.operator.Operator;
import plumbline.reference.operator.Operators;
import plumbline.spec.number.Matrix;

/** A layer under study: its exact meaning, honest implementations, bugs, and inputs. */
abstract class Subject {

  /**
   * How large inputs are.
   *
   * @param rows tokens, or pixel rows and pixel columns of a map
   * @param width channels
   */
  record Size(int rows, int width) {}

  private final String name;
  private final Operator operator;

  Subject(String name, String statement) {
    this.name = name;
    this.operator = Operators.find(statement).orElseThrow();
  }

  /** How users name it. */
  final String name() {
    return name;
  }

  /** Its statement's operator, whose output is the last stage. */
  final Operator operator() {
    return operator;
  }

  /** A size as tables print it. */
  String text(Size size) {
    return size.rows() + "×" + size.width();
  }

  /** Sizes from small to real. */
  List<Size> sizes() {
    return List.of(new Size(4, 4), new Size(16, 16), new Size(64, 64), new Size(256, 256), new Size(680, 1024));
  }

  /** The operator's parameters for inputs of this size. */
  Map<String, String> parameters(Size size) {
    return Map.of();
  }

  /** Random inputs by the operator's names. */
  abstract Tensors inputs(Size size, Kind kind, Random random);

  /** An honest implementation. */
  abstract Implementation implementation(Style style);

  /** Bugs, planted in the plain style. */
  abstract List<Mutant> mutants();

  /** Whether an implementation hands out more than its result, and stages can be judged one by one. */
  boolean staged() {
    return false;
  }

  /** Whether inputs of {@link Kind#PROBE} make sense. */
  boolean probed() {
    return true;
  }

  /** A stage from the operands that it is given, exactly as the layer has it. */
  <M extends Matrix<M>> M exact(String stage, Function<String, M> given) {
    throw new IllegalArgumentException(name + " has no stage " + stage);
  }

  @Override
  public final String toString() {
    return name;
  }
}
