package plumbline.benchmark;

import java.math.BigInteger;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import plumbline.reference.layer.Attention;
import plumbline.reference.number.Ball53;
import plumbline.reference.number.Ball53Matrix;
import plumbline.reference.number.BallMatrix;
import plumbline.reference.number.Binary64;
import plumbline.reference.number.Binary64Matrix;

/** What is measured on the side of Java. A benchmark's name is the name of a work. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.SECONDS)
public class Works {

  /** Balls in, balls out. */
  @State(Scope.Thread)
  public static class Balls extends Task {
    BallMatrix a;
    BallMatrix b;
    BallMatrix y;

    @Override
    void prepare(InputFile file) {
      a = file.balls("A");
      b = file.matrices().containsKey("B") ? file.balls("B") : a;
    }

    @Override
    Entries result() {
      return Result.entries(y);
    }
  }

  /** Certified product of matrices. */
  @Benchmark
  public Object product(Balls s) {
    return s.y = s.a.times(s.b);
  }

  /** Certified exponential of each entry. */
  @Benchmark
  public Object exp(Balls s) {
    return s.y = s.a.exp();
  }

  /** Certified product of two numbers, rounded to their own length. */
  @Benchmark
  public Object multiply(Balls s) {
    return s.y = s.a.hadamard(s.b);
  }

  /** Doubles in, doubles out. */
  @State(Scope.Thread)
  public static class Doubles extends Task {
    Binary64Matrix a;
    Binary64Matrix b;
    Binary64Matrix y;

    @Override
    void prepare(InputFile file) {
      a = Binary64.INSTANCE.lift(file.exact("A"));
      b = Binary64.INSTANCE.lift(file.exact("B"));
    }

    @Override
    Entries result() {
      return Result.entries(y);
    }
  }

  /** Product of matrices of doubles. */
  @Benchmark
  public Object doubleProduct(Doubles s) {
    return s.y = s.a.times(s.b);
  }

  /** The layer of Definition B.3, and its tokens. */
  abstract static class Layer extends Task {
    Attention layer;

    @Override
    void prepare(InputFile file) {
      layer = new Attention(file.exact("W_Q"), file.exact("W_K"), file.exact("W_V"));
      tokens(file);
    }

    abstract void tokens(InputFile file);
  }

  /** The layer in balls. */
  @State(Scope.Thread)
  public static class BallLayer extends Layer {
    BallMatrix x;
    BallMatrix y;

    @Override
    void tokens(InputFile file) {
      x = file.balls("X");
    }

    @Override
    Entries result() {
      return Result.entries(y);
    }
  }

  /** Certified attention at the precision of the input. */
  @Benchmark
  public Object attention(BallLayer s) {
    return s.y = s.layer.apply(s.x);
  }

  /** The layer in balls of binary64. */
  @State(Scope.Thread)
  public static class Ball53Layer extends Layer {
    Ball53Matrix x;
    Ball53Matrix y;

    @Override
    void tokens(InputFile file) {
      x = Ball53.INSTANCE.lift(file.exact("X"));
    }

    @Override
    Entries result() {
      return Result.entries(y);
    }
  }

  /** Certified attention on binary64. */
  @Benchmark
  public Object attention53(Ball53Layer s) {
    return s.y = s.layer.apply(s.x);
  }

  /** The layer in plain doubles. */
  @State(Scope.Thread)
  public static class DoubleLayer extends Layer {
    Binary64Matrix x;
    Binary64Matrix y;

    @Override
    void tokens(InputFile file) {
      x = Binary64.INSTANCE.lift(file.exact("X"));
    }

    @Override
    String library() {
      return "Binary64";
    }

    @Override
    Entries result() {
      return Result.entries(y);
    }
  }

  /** Attention in plain doubles. */
  @Benchmark
  public Object doubleAttention(DoubleLayer s) {
    return s.y = s.layer.apply(s.x);
  }

  /** Two integers. */
  @State(Scope.Thread)
  public static class Integers extends Task {
    BigInteger a;
    BigInteger b;
    BigInteger y;

    @Override
    void prepare(InputFile file) {
      a = file.matrices().get("A").values().get(0).m();
      b = file.matrices().get("B").values().get(0).m();
    }

    @Override
    String library() {
      return "BigInteger";
    }

    @Override
    Entries result() {
      return new Entries(1, 1, java.util.List.of(Enclosure.exactly(y, 0)));
    }
  }

  /** Exact product of two integers by Java's own class. */
  @Benchmark
  public Object bigInteger(Integers s) {
    return s.y = s.a.multiply(s.b);
  }

  /** The layer written on apfloat directly. */
  @State(Scope.Thread)
  public static class ApfloatLayer extends Task {
    ApfloatAttention layer;

    @Override
    void prepare(InputFile file) {
      layer = new ApfloatAttention(file);
    }

    @Override
    String library() {
      return "apfloat " + org.apfloat.Apfloat.class.getPackage().getImplementationVersion();
    }

    @Override
    Entries result() {
      return layer.result();
    }
  }

  /** Attention in apfloat. */
  @Benchmark
  public Object apfloatAttention(ApfloatLayer s) {
    return s.layer.compute();
  }
}
