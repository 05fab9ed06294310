package plumbline.reference.layer;

import java.util.Arrays;
import java.util.Locale;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.spec.layer.TokenMap;
import plumbline.spec.layer.TokenMapLayer;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Matrix;
import plumbline.spec.number.ShapeException;

/**
 * One step of the up-interpolation layer (Definition 3.2, {@code def-3.2}): an h×w×c token map becomes h'×w'×c with
 * h' &gt; h and w' &gt; w. The weights are exact rationals.
 *
 * <p>The map is linear and acts on each channel alike, Y = (A ⊗ B) X with an h'×h matrix A and a w'×w matrix B; so it is
 * the matrix that {@code rem-3.7} asks for ({@link #matrix}).
 *
 * @param reading how Definition 3.2 is read
 * @param height h', pixel rows of the result, at least 2
 * @param width w', pixel columns of the result, at least 2
 */
public record Interpolation(Reading reading, int height, int width) implements TokenMapLayer {

  /** A reading of Definition 3.2 on one axis; the layer uses it on both. */
  public sealed interface Reading {

    /** The standard reading with the Keys kernel a = −3/4: PyTorch's bicubic interpolation. */
    Reading PYTORCH = new Standard(Kernel.KEYS);

    /** The {@code to × from} matrix of the weights with which output samples read input samples; sizes at least 1. */
    ExactMatrix axis(int from, int to);
  }

  /** What the literal reading takes for samples outside of the map. */
  public enum Boundary implements Separable.Extension {
    /** Zero. */
    ZERO {
      @Override
      public int index(long k, int n) {
        return k < 0 || k >= n ? -1 : (int) k;
      }
    },
    /** The nearest sample. */
    REPLICATE {
      @Override
      public int index(long k, int n) {
        return (int) Math.max(0, Math.min(k, n - 1L));
      }
    },
    /** The mirror image at the border sample, which is not repeated: x₂ x₁ | x₀ x₁ x₂. One sample is its own image. */
    REFLECT {
      @Override
      public int index(long k, int n) {
        if (n == 1) {
          return 0;
        }
        int inPeriod = (int) Math.floorMod(k, 2L * (n - 1));
        return Math.min(inPeriod, 2 * (n - 1) - inPeriod);
      }
    }
  }

  /**
   * The formula as it is written, with W at the integers s, t ∈ {−1, 0, 1, 2} whatever the phase:
   * Y[i,j,l] = Σ_{s,t} W(s) · X[⌊i·h/h'⌋+s, ⌊j·w/w'⌋+t, l] · W(t).
   *
   * <p>The origin is the first value of every index, of Y and of X alike: with origin 0, i runs over 0 … h'−1 and X has
   * rows 0 … h−1; with origin 1, i runs over 1 … h' and X has rows 1 … h.
   *
   * @param kernel the kernel W
   * @param origin 0 or 1
   * @param boundary what reads outside of X return
   */
  public record Literal(Kernel kernel, int origin, Boundary boundary) implements Reading {

    public Literal {
      if (origin != 0 && origin != 1) {
        throw new IllegalArgumentException("def-3.2: the index origin is 0 or 1, got " + origin);
      }
    }

    @Override
    public ExactMatrix axis(int from, int to) {
      BigFraction[] weights = new BigFraction[4];
      Arrays.setAll(weights, k -> kernel.at(new BigFraction(k - 1)));
      Separable.Taps[] taps = new Separable.Taps[to];
      Arrays.setAll(taps, i -> new Separable.Taps((i + (long) origin) * from / to - origin - 1, weights));
      return Separable.axis(from, taps, boundary);
    }

    @Override
    public String toString() {
      return "literal(" + kernel + ", origin " + origin + ", " + boundary.name().toLowerCase(Locale.ROOT) + ")";
    }
  }

  /**
   * What implementations do: half-pixel centres, u = (i + ½)·h/h' − ½ with i from 0, weights W(u − ⌊u⌋ − s) on the samples
   * ⌊u⌋+s, replicate boundary. With {@link Kernel#KEYS} this is PyTorch's
   * {@code interpolate(mode="bicubic", align_corners=False)}.
   *
   * @param kernel the kernel W
   */
  public record Standard(Kernel kernel) implements Reading {

    @Override
    public ExactMatrix axis(int from, int to) {
      Separable.Taps[] taps = new Separable.Taps[to];
      Arrays.setAll(taps, i -> {
        long position = (2L * i + 1) * from - to; // u, in units of 1/(2·to)
        BigFraction phase = Separable.fraction(Math.floorMod(position, 2L * to), 2L * to);
        BigFraction[] weights = new BigFraction[4];
        Arrays.setAll(weights, k -> kernel.at(phase.subtract(k - 1)));
        return new Separable.Taps(Math.floorDiv(position, 2L * to) - 1, weights);
      });
      return Separable.axis(from, taps, Boundary.REPLICATE);
    }

    @Override
    public String toString() {
      return "standard(" + kernel + ")";
    }
  }

  public Interpolation {
    if (height < 2 || width < 2) {
      throw new ShapeException("def-3.2: Y must be larger than X in both directions, so at least 2×2, got "
          + height + "×" + width);
    }
  }

  @Override
  public String statement() {
    return "def-3.2";
  }

  @Override
  public <M extends Matrix<M>> TokenMap<M> apply(TokenMap<M> x) {
    requireLarger(x.height(), x.width());
    return Separable.apply(x, reading.axis(x.height(), height), reading.axis(x.width(), width));
  }

  /** The (h'·w')×(h·w) matrix of this layer on maps of {@code h×w} pixels ({@code rem-3.7}). */
  public ExactMatrix matrix(int h, int w) {
    requireLarger(h, w);
    return Separable.kronecker(reading.axis(h, height), reading.axis(w, width));
  }

  private void requireLarger(int h, int w) {
    if (h < 1 || w < 1 || height <= h || width <= w) {
      throw new ShapeException("def-3.2: X must have at least one pixel and be smaller than Y in both directions: Y is "
          + height + "×" + width + ", X is " + h + "×" + w);
    }
  }
}
