package plumbline.reference.onnx;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.LongBinaryOperator;
import org.apache.commons.math3.fraction.BigFraction;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.reference.envelope.Format;
import plumbline.reference.onnx.Literal.ElementType;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Interval;
import plumbline.spec.number.Matrix;

/** Operators with discrete results: comparisons, logic, choices and casts. */
final class Choices {
  /** Element types by the numbers that ONNX gives them; {@code null} for those that graphs here cannot hold. */
  private static final @Nullable ElementType[] NUMBERED = {null, ElementType.FLOAT, ElementType.UINT8, ElementType.INT8,
      ElementType.UINT16, ElementType.INT16, ElementType.INT32, ElementType.INT64, null, ElementType.BOOL, ElementType.FLOAT16,
      ElementType.DOUBLE, ElementType.UINT32, ElementType.UINT64, null, null, ElementType.BFLOAT16};

  private Choices() {}

  static <M extends Matrix<M>> Value<M> equal(Call<M> call) {
    return compare(call, sign -> sign == 0);
  }

  static <M extends Matrix<M>> Value<M> less(Call<M> call) {
    return compare(call, sign -> sign < 0);
  }

  static <M extends Matrix<M>> Value<M> lessOrEqual(Call<M> call) {
    return compare(call, sign -> sign <= 0);
  }

  static <M extends Matrix<M>> Value<M> greater(Call<M> call) {
    return compare(call, sign -> sign > 0);
  }

  static <M extends Matrix<M>> Value<M> greaterOrEqual(Call<M> call) {
    return compare(call, sign -> sign >= 0);
  }

  /** {@code holds} of the sign of a − b. */
  private static <M extends Matrix<M>> Value<M> compare(Call<M> call, IntPredicate holds) {
    call.requireSameType(0, 1);
    int[] shape = Dimensions.broadcast(call.value(0).shape(), call.value(1).shape());
    long[] result = new long[Dimensions.size(shape)];
    if (call.value(0) instanceof Value.Whole) {
      long[] a = ((Value.Whole<M>) Values.expanded(call.whole(0), shape)).values();
      long[] b = ((Value.Whole<M>) Values.expanded(call.whole(1), shape)).values();
      Arrays.setAll(result, e -> holds.test(Long.compare(a[e], b[e])) ? 1 : 0);
      return new Value.Whole<>(ElementType.BOOL, shape, result);
    }
    M difference = Values.finite(Values.expanded(call.real(0), shape)).matrix()
        .minus(Values.finite(Values.expanded(call.real(1), shape)).matrix());
    Exact exact = Exact.of(call, difference);
    for (int e = 0; e < result.length; e++) {
      result[e] = holds(exact, e, holds) ? 1 : 0;
    }
    return new Value.Whole<>(ElementType.BOOL, shape, result);
  }

  /** Decided if it is the same for every number that the difference may be. */
  private static boolean holds(Exact difference, int e, IntPredicate holds) {
    Interval range = difference.range(e);
    BigFraction lower = range.lower();
    BigFraction upper = range.upper();
    int least = lower == null ? -1 : Integer.signum(lower.compareTo(BigFraction.ZERO));
    int most = upper == null ? 1 : Integer.signum(upper.compareTo(BigFraction.ZERO));
    boolean answer = holds.test(least);
    for (int sign = least + 1; sign <= most; sign++) {
      if (holds.test(sign) != answer) {
        throw difference.undecided(e, "the comparison");
      }
    }
    return answer;
  }

  static <M extends Matrix<M>> Value<M> and(Call<M> call) {
    return logic(call, (a, b) -> a & b);
  }

  static <M extends Matrix<M>> Value<M> or(Call<M> call) {
    return logic(call, (a, b) -> a | b);
  }

  static <M extends Matrix<M>> Value<M> xor(Call<M> call) {
    return logic(call, (a, b) -> a ^ b);
  }

  static <M extends Matrix<M>> Value<M> not(Call<M> call) {
    Value.Whole<M> x = call.bool(0);
    return new Value.Whole<>(ElementType.BOOL, x.shape(), Arrays.stream(x.values()).map(v -> 1 - v).toArray());
  }

  private static <M extends Matrix<M>> Value<M> logic(Call<M> call, LongBinaryOperator operation) {
    int[] shape = Dimensions.broadcast(call.bool(0).shape(), call.bool(1).shape());
    long[] a = ((Value.Whole<M>) Values.expanded(call.bool(0), shape)).values();
    long[] b = ((Value.Whole<M>) Values.expanded(call.bool(1), shape)).values();
    long[] result = new long[a.length];
    Arrays.setAll(result, e -> operation.applyAsLong(a[e], b[e]));
    return new Value.Whole<>(ElementType.BOOL, shape, result);
  }

  static <M extends Matrix<M>> Value<M> where(Call<M> call) {
    call.requireSameType(1, 2);
    int[] shape = Dimensions.broadcast(Dimensions.broadcast(call.bool(0).shape(), call.value(1).shape()),
        call.value(2).shape());
    Dimensions.size(shape);
    long[] condition = ((Value.Whole<M>) Values.expanded(call.bool(0), shape)).values();
    int[] first = Dimensions.view(shape, Dimensions.broadcastSteps(call.value(1).shape(), shape));
    int[] second = Dimensions.view(shape, Dimensions.broadcastSteps(call.value(2).shape(), shape));
    int offset = Dimensions.size(call.value(1).shape());
    int[] source = new int[condition.length];
    Arrays.setAll(source, e -> condition[e] != 0 ? first[e] : offset + second[e]);
    return Values.moved(Values.joined(List.of(call.value(1), call.value(2))), shape, source);
  }

  /**
   * A wider floating-point type holds the same numbers. A narrower one holds the nearest, ties to even, of a number that is
   * known exactly: of another, which it would be is not decided. Integers come from the part before the point, as long as that is
   * decided.
   */
  static <M extends Matrix<M>> Value<M> cast(Call<M> call) {
    long number = call.integer("to", 0);
    if (call.opset() >= 19) {
      call.flag("saturate", true); // of 8-bit floating-point types only
    }
    ElementType to = number > 0 && number < NUMBERED.length ? NUMBERED[(int) number] : null;
    if (to == null) {
      throw call.error("casts to type " + number + " are not supported");
    }
    Value<M> x = call.value(0);
    if (x.type() == to) {
      return x;
    }
    if (x instanceof Value.Whole<M> whole) {
      return to.isReal() ? toReal(call, whole, to) : toWhole(call, whole, to);
    }
    if (x instanceof Masked<M> masked && to.isReal()) {
      return new Masked<>(toReal(call, masked.finite(), to), masked.infinite());
    }
    return to.isReal() ? toReal(call, call.real(0), to) : toWhole(call, call.real(0), to);
  }

  private static <M extends Matrix<M>> Value<M> toWhole(Call<M> call, Value.Whole<M> x, ElementType to) {
    return to == ElementType.BOOL
        ? new Value.Whole<>(to, x.shape(), Arrays.stream(x.values()).map(v -> v == 0 ? 0 : 1).toArray())
        : Values.whole(to, x.shape(), x.values());
  }

  private static <M extends Matrix<M>> Value<M> toReal(Call<M> call, Value.Whole<M> x, ElementType to) {
    double[] values = new double[x.values().length];
    for (int e = 0; e < values.length; e++) {
      long value = x.values()[e];
      // Two roundings, to binary64 and on, are not one: integers that binary64 does not hold have no place here.
      if (Math.abs(value) > 1L << 53) {
        throw call.error(value + " is too large to be cast to " + to);
      }
      values[e] = rounded(call, value, to);
    }
    return new Value.Real<>(to, x.shape(),
        call.system().lift(ExactMatrix.of(Dimensions.rows(x.shape()), Dimensions.columns(x.shape()), values)));
  }

  private static <M extends Matrix<M>> Value.Real<M> toReal(Call<M> call, Value.Real<M> x, ElementType to) {
    if (holdsAll(to, x.type())) {
      return new Value.Real<>(to, x.shape(), x.matrix());
    }
    double[] values = new double[Dimensions.size(x.shape())];
    Literal literal = call.literal(0);
    if (literal != null && x == call.value(0)) {
      Arrays.setAll(values, e -> rounded(call, literal.reals()[e], to));
    } else {
      Exact exact = Exact.of(call, x.matrix());
      Arrays.setAll(values, e -> rounded(call, exact.point(e, "the rounding to " + to), to));
    }
    return new Value.Real<>(to, x.shape(),
        call.system().lift(ExactMatrix.of(x.matrix().rows(), x.matrix().columns(), values)));
  }

  private static boolean holdsAll(ElementType wide, ElementType narrow) {
    return wide == narrow || wide == ElementType.DOUBLE
        || wide == ElementType.FLOAT && narrow != ElementType.DOUBLE;
  }

  private static double rounded(Call<?> call, double value, ElementType to) {
    Format format = switch (to) {
      case FLOAT16 -> Format.FLOAT16;
      case BFLOAT16 -> Format.BFLOAT16;
      case FLOAT -> Format.FLOAT32;
      default -> Format.FLOAT64;
    };
    double rounded = format.round(value);
    if (Double.isInfinite(rounded)) {
      throw call.error(value + " is beyond the range of " + to);
    }
    return rounded;
  }

  private static <M extends Matrix<M>> Value<M> toWhole(Call<M> call, Value.Real<M> x, ElementType to) {
    Exact exact = Exact.of(call, x.matrix());
    String question = "the cast to " + to;
    long[] values = new long[Dimensions.size(x.shape())];
    for (int e = 0; e < values.length; e++) {
      if (to == ElementType.BOOL) {
        values[e] = exact.sign(e, question) == 0 ? 0 : 1;
        continue;
      }
      Interval range = exact.range(e);
      BigFraction lower = range.lower();
      BigFraction upper = range.upper();
      if (lower == null || upper == null) {
        throw exact.undecided(e, question);
      }
      BigInteger least = lower.getNumerator().divide(lower.getDenominator());
      if (!least.equals(upper.getNumerator().divide(upper.getDenominator()))) {
        throw exact.undecided(e, question);
      }
      values[e] = least.longValueExact();
    }
    return Values.whole(to, x.shape(), values);
  }
}
