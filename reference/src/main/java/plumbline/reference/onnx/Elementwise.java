package plumbline.reference.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;
import java.util.function.UnaryOperator;
import org.apache.commons.math3.fraction.BigFraction;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Matrix;

/** Operators that act on each entry for itself, broadcasting their inputs as NumPy does. */
final class Elementwise {
  /** Pow multiplies for integer exponents up to this one. */
  private static final int LARGEST_POWER = 64;

  private Elementwise() {}

  static <M extends Matrix<M>> Value<M> add(Call<M> call) {
    if (call.value(0) instanceof Masked || call.value(1) instanceof Masked) {
      return addMasked(call);
    }
    return binary(call, (a, b) -> a.plus(b), Math::addExact);
  }

  /** −∞ plus a real number is −∞. */
  private static <M extends Matrix<M>> Value<M> addMasked(Call<M> call) {
    call.requireSameType(0, 1);
    int[] shape = Dimensions.broadcast(call.value(0).shape(), call.value(1).shape());
    Value<M> a = Values.expanded(call.value(0), shape);
    Value<M> b = Values.expanded(call.value(1), shape);
    BitSet infinite = new BitSet();
    if (a instanceof Masked<M> masked) {
      infinite.or(masked.infinite());
    }
    if (b instanceof Masked<M> masked) {
      infinite.or(masked.infinite());
    }
    M sum = Values.finite(a).matrix().plus(Values.finite(b).matrix());
    return new Masked<>(new Value.Real<>(a.type(), shape, sum), infinite);
  }

  static <M extends Matrix<M>> Value<M> sub(Call<M> call) {
    return binary(call, (a, b) -> a.minus(b), Math::subtractExact);
  }

  static <M extends Matrix<M>> Value<M> mul(Call<M> call) {
    return binary(call, (a, b) -> a.hadamard(b), Math::multiplyExact);
  }

  /** Integers are divided towards zero. */
  static <M extends Matrix<M>> Value<M> div(Call<M> call) {
    return binary(call, (a, b) -> a.dividedBy(b), (a, b) -> b == -1 ? Math.negateExact(a) : a / b);
  }

  static <M extends Matrix<M>> Value<M> neg(Call<M> call) {
    return unary(call, a -> a.negate(), Math::negateExact);
  }

  static <M extends Matrix<M>> Value<M> abs(Call<M> call) {
    return unary(call, a -> a.abs(), a -> a < 0 ? Math.negateExact(a) : a);
  }

  static <M extends Matrix<M>> Value<M> reciprocal(Call<M> call) {
    return unary(call, Elementwise::reciprocal, null);
  }

  static <M extends Matrix<M>> M reciprocal(M a) {
    return a.lift(ExactMatrix.ones(1, 1)).broadcast(a.rows(), a.columns()).dividedBy(a);
  }

  static <M extends Matrix<M>> Value<M> sqrt(Call<M> call) {
    return unary(call, a -> a.sqrt(), null);
  }

  static <M extends Matrix<M>> Value<M> exp(Call<M> call) {
    return unary(call, a -> a.exp(), null);
  }

  static <M extends Matrix<M>> Value<M> log(Call<M> call) {
    return unary(call, a -> a.log(), null);
  }

  static <M extends Matrix<M>> Value<M> erf(Call<M> call) {
    return unary(call, a -> a.erf(), null);
  }

  static <M extends Matrix<M>> Value<M> tanh(Call<M> call) {
    return unary(call, a -> a.tanh(), null);
  }

  static <M extends Matrix<M>> Value<M> sigmoid(Call<M> call) {
    return unary(call, a -> a.sigmoid(), null);
  }

  static <M extends Matrix<M>> Value<M> relu(Call<M> call) {
    return unary(call, a -> a.relu(), a -> Math.max(a, 0));
  }

  /** x/2 · (1 + erf(x/√2)), or x/2 · (1 + tanh(√(2/π) (x + 0.044715 x³))). */
  static <M extends Matrix<M>> Value<M> gelu(Call<M> call) {
    String approximate = call.word("approximate", "none", "none", "tanh");
    return unary(call, x -> {
      int rows = x.rows();
      int columns = x.columns();
      M half = call.lift(0.5).broadcast(rows, columns);
      M one = call.lift(1).broadcast(rows, columns);
      M inner;
      if (approximate.equals("none")) {
        inner = x.dividedBy(call.lift(2).sqrt().broadcast(rows, columns)).erf();
      } else {
        M cubic = x.square().hadamard(x).scaledBy(call.system().lift(new BigFraction(44_715, 1_000_000)));
        inner = x.plus(cubic).scaledBy(call.lift(2).dividedBy(call.system().pi()).sqrt()).tanh();
      }
      return half.hadamard(x).hadamard(one.plus(inner));
    }, null);
  }

  static <M extends Matrix<M>> Value<M> min(Call<M> call) {
    return fold(call, (a, b) -> least(a, b), Math::min);
  }

  static <M extends Matrix<M>> Value<M> max(Call<M> call) {
    return fold(call, (a, b) -> a.max(b), Math::max);
  }

  static <M extends Matrix<M>> Value<M> sum(Call<M> call) {
    return fold(call, (a, b) -> a.plus(b), Math::addExact);
  }

  private static <M extends Matrix<M>> M least(M a, M b) {
    return a.negate().max(b.negate()).negate();
  }

  /** min(max(x, lower), upper); the bounds are attributes before opset 11. */
  static <M extends Matrix<M>> Value<M> clip(Call<M> call) {
    Value<M> result = call.value(0);
    if (call.opset() < 11) {
      call.real(0);
      if (call.inputs() > 1) {
        throw call.error("bounds are attributes before opset 11");
      }
      double largest = Float.MAX_VALUE;
      double lower = call.real("min", -largest);
      double upper = call.real("max", largest);
      if (lower != -largest) {
        result = combined(call, result, scalar(call, result, lower), (a, b) -> a.max(b), Math::max);
      }
      return upper == largest ? result : combined(call, result, scalar(call, result, upper), Elementwise::least, Math::min);
    }
    for (int bound = 1; bound <= 2; bound++) {
      if (call.has(bound)) {
        call.requireSameType(0, bound);
        if (Dimensions.size(call.value(bound).shape()) != 1) {
          throw call.error("bounds must be scalars, got " + call.value(bound));
        }
        Value<M> limit = Values.reshaped(call.value(bound), new int[0]);
        result = bound == 1
            ? combined(call, result, limit, (a, b) -> a.max(b), Math::max)
            : combined(call, result, limit, (a, b) -> least(a, b), Math::min);
      }
    }
    return result;
  }

  private static <M extends Matrix<M>> Value<M> scalar(Call<M> call, Value<M> like, double value) {
    return new Value.Real<>(like.type(), new int[0], call.lift(value));
  }

  /**
   * x^p for exponents p that are known exactly: integers up to ±64 by multiplications, ±1/2 by a square root, others as
   * exp(p ln x), for x that are certainly positive.
   */
  static <M extends Matrix<M>> Value<M> pow(Call<M> call) {
    int[] shape = Dimensions.broadcast(call.value(0).shape(), call.value(1).shape());
    Value<M> base = Values.expanded(call.value(0), shape);
    double[] exponents = Exact.values(call, 1);
    if (base instanceof Value.Whole<M> whole) {
      int[] source = Dimensions.view(shape, Dimensions.broadcastSteps(call.value(1).shape(), shape));
      long[] powers = new long[source.length];
      for (int e = 0; e < powers.length; e++) {
        powers[e] = power(call, whole.values()[e], exponents[source[e]]);
      }
      return Values.whole(base.type(), shape, powers);
    }
    M x = call.real(0).matrix();
    double[] distinct = distinct(call, exponents);
    if (distinct.length == 1) {
      return Values.expanded(Values.real(base.type(), call.value(0).shape(), power(call, x, distinct[0])), shape);
    }
    int[] source = Dimensions.view(shape, Dimensions.broadcastSteps(call.value(1).shape(), shape));
    x = ((Value.Real<M>) base).matrix();
    List<M> parts = new ArrayList<>();
    int[] place = new int[source.length];
    int at = 0;
    for (double exponent : distinct) {
      int from = at;
      int[] which = new int[source.length];
      for (int e = 0; e < source.length; e++) {
        if (exponents[source[e]] == exponent) {
          which[at - from] = e;
          place[e] = at++;
        }
      }
      parts.add(power(call, x.gather(at - from, 1, Arrays.copyOf(which, at - from)), exponent));
    }
    return new Value.Real<>(base.type(), shape,
        Values.stacked(parts.isEmpty() ? List.of(x.reshape(0, 1)) : parts).gather(x.rows(), x.columns(), place));
  }

  private static double[] distinct(Call<?> call, double[] exponents) {
    double[] distinct = new double[16];
    int count = 0;
    for (double exponent : exponents) {
      int k = 0;
      while (k < count && distinct[k] != exponent) {
        k++;
      }
      if (k == distinct.length) {
        throw call.error("more than " + distinct.length + " different exponents");
      }
      if (k == count) {
        distinct[count++] = exponent;
      }
    }
    return Arrays.copyOf(distinct, count);
  }

  private static long power(Call<?> call, long base, double exponent) {
    if (exponent != Math.rint(exponent) || exponent < 0 || exponent > LARGEST_POWER) {
      throw call.error("integers are raised to integers from 0 to " + LARGEST_POWER + " only, got " + exponent);
    }
    long result = 1;
    for (int k = 0; k < exponent; k++) {
      result = Math.multiplyExact(result, base);
    }
    return result;
  }

  private static <M extends Matrix<M>> M power(Call<M> call, M x, double exponent) {
    if (exponent == Math.rint(exponent) && Math.abs(exponent) <= LARGEST_POWER) {
      M power = power(x, (int) Math.abs(exponent));
      return exponent < 0 ? reciprocal(power) : power;
    }
    if (Math.abs(exponent) == 0.5) {
      return exponent < 0 ? reciprocal(x.sqrt()) : x.sqrt();
    }
    Exact exact = Exact.of(call, x);
    for (int e = 0; e < x.rows() * x.columns(); e++) {
      if (exact.sign(e, "whether the base of the power of " + exponent + " is positive") <= 0) {
        throw call.error("a number that is not positive has no power of " + exponent);
      }
    }
    return x.log().scaledBy(call.lift(exponent)).exp();
  }

  private static <M extends Matrix<M>> M power(M x, int exponent) {
    if (exponent == 0) {
      return x.lift(ExactMatrix.ones(1, 1)).broadcast(x.rows(), x.columns());
    }
    if (exponent == 1) {
      return x;
    }
    M half = power(x, exponent / 2).square();
    return exponent % 2 == 0 ? half : half.hadamard(x);
  }

  private static <M extends Matrix<M>> Value<M> unary(Call<M> call, UnaryOperator<M> real, @Nullable LongUnaryOperator whole) {
    if (whole != null && call.value(0) instanceof Value.Whole<M> value && value.type() != Literal.ElementType.BOOL) {
      return Values.whole(value.type(), value.shape(), Arrays.stream(value.values()).map(whole).toArray());
    }
    Value.Real<M> value = call.real(0);
    return new Value.Real<>(value.type(), value.shape(), real.apply(value.matrix()));
  }

  private static <M extends Matrix<M>> Value<M> binary(Call<M> call, BinaryOperator<M> real, LongBinaryOperator whole) {
    call.requireSameType(0, 1);
    return combined(call, number(call, 0), number(call, 1), real, whole);
  }

  private static <M extends Matrix<M>> Value<M> fold(Call<M> call, BinaryOperator<M> real, LongBinaryOperator whole) {
    Value<M> result = number(call, 0);
    for (int k = 1; k < call.inputs(); k++) {
      call.requireSameType(0, k);
      result = combined(call, result, number(call, k), real, whole);
    }
    return result;
  }

  /** An input that is neither boolean nor holds −∞. */
  private static <M extends Matrix<M>> Value<M> number(Call<M> call, int input) {
    Value<M> value = call.value(input);
    if (value.type() == Literal.ElementType.BOOL) {
      throw call.error("input " + input + " must be numbers, got " + value);
    }
    return value instanceof Value.Whole ? value : call.real(input);
  }

  /** Both values broadcast to one shape and combined. */
  private static <M extends Matrix<M>> Value<M> combined(
      Call<M> call, Value<M> a, Value<M> b, BinaryOperator<M> real, LongBinaryOperator whole) {
    int[] shape = Dimensions.broadcast(a.shape(), b.shape());
    Value<M> left = Values.expanded(a, shape);
    Value<M> right = Values.expanded(b, shape);
    if (left instanceof Value.Real<M> x && right instanceof Value.Real<M> y) {
      return new Value.Real<>(left.type(), shape, real.apply(x.matrix(), y.matrix()));
    }
    if (left instanceof Value.Whole<M> x && right instanceof Value.Whole<M> y) {
      long[] result = new long[x.values().length];
      for (int e = 0; e < result.length; e++) {
        result[e] = whole.applyAsLong(x.values()[e], y.values()[e]);
      }
      return Values.whole(left.type(), shape, result);
    }
    throw call.error("cannot combine " + a + " and " + b);
  }
}
