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
 * Up- and down-sampling of a token map by an integer factor r: h×w×c becomes hr×wr×c ({@code def-c.1}) or (h/r)×(w/r)×c
 * ({@code def-c.2}). Both are linear; {@link #matrix} gives them as {@code def-c.3} and {@code def-c.4} have them.
 *
 * @param direction up or down
 * @param factor r, at least 1; with 1 every reading is the identity
 * @param reading how new samples are found, which the paper does not say
 */
public record Rescaling(Direction direction, int factor, Reading reading) implements TokenMapLayer {

  /** Which way a token map is rescaled. */
  public enum Direction {
    UP, DOWN
  }

  /** Ways to find the new samples; all agree with PyTorch's {@code interpolate} of that mode, half-pixel centres. */
  public enum Reading {
    /** The sample ⌊i·h/h'⌋: up repeats each pixel, down keeps the first pixel of each block. */
    NEAREST {
      @Override
      ExactMatrix axis(int from, int to) {
        Separable.Taps[] taps = new Separable.Taps[to];
        Arrays.setAll(taps, i -> new Separable.Taps((long) i * from / to, BigFraction.ONE));
        return Separable.axis(from, taps, Interpolation.Boundary.REPLICATE);
      }
    },
    /** Bilinear: at u = (i + ½)·h/h' − ½ the weights 1 − (u − ⌊u⌋) and u − ⌊u⌋, replicate boundary, no antialiasing. */
    LINEAR {
      @Override
      ExactMatrix axis(int from, int to) {
        Separable.Taps[] taps = new Separable.Taps[to];
        Arrays.setAll(taps, i -> {
          long position = (2L * i + 1) * from - to; // u, in units of 1/(2·to)
          BigFraction phase = Separable.fraction(Math.floorMod(position, 2L * to), 2L * to);
          return new Separable.Taps(Math.floorDiv(position, 2L * to), BigFraction.ONE.subtract(phase), phase);
        });
        return Separable.axis(from, taps, Interpolation.Boundary.REPLICATE);
      }
    },
    /** The standard reading of {@link Interpolation} with the Keys kernel a = −3/4, no antialiasing. */
    BICUBIC {
      @Override
      ExactMatrix axis(int from, int to) {
        return Interpolation.Reading.PYTORCH.axis(from, to);
      }
    },
    /** Down: the mean of each r×r block. Up: the pixel that the new one lies in, so the same as nearest. */
    AREA {
      @Override
      ExactMatrix axis(int from, int to) {
        if (to >= from) {
          return NEAREST.axis(from, to);
        }
        int r = from / to;
        BigFraction[] mean = new BigFraction[r];
        Arrays.fill(mean, new BigFraction(1, r));
        Separable.Taps[] taps = new Separable.Taps[to];
        Arrays.setAll(taps, i -> new Separable.Taps((long) i * r, mean));
        return Separable.axis(from, taps, Interpolation.Boundary.REPLICATE);
      }
    };

    /** The {@code to × from} weights of one axis; one size divides the other. */
    abstract ExactMatrix axis(int from, int to);

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Rescaling {
    if (factor < 1) {
      throw new IllegalArgumentException((direction == Direction.UP ? "def-c.1" : "def-c.2")
          + ": the factor r must be at least 1, got " + factor);
    }
  }

  /** φ_up(·, r). */
  public static Rescaling up(int factor, Reading reading) {
    return new Rescaling(Direction.UP, factor, reading);
  }

  /** φ_down(·, r). */
  public static Rescaling down(int factor, Reading reading) {
    return new Rescaling(Direction.DOWN, factor, reading);
  }

  @Override
  public String statement() {
    return direction == Direction.UP ? "def-c.1" : "def-c.2";
  }

  @Override
  public <M extends Matrix<M>> TokenMap<M> apply(TokenMap<M> x) {
    return Separable.apply(x, axis(statement(), x.height()), axis(statement(), x.width()));
  }

  /** The matrix Φ_up ({@code def-c.3}) or Φ_down ({@code def-c.4}) for maps of {@code h×w} pixels. */
  public ExactMatrix matrix(int h, int w) {
    String statement = direction == Direction.UP ? "def-c.3" : "def-c.4";
    return Separable.kronecker(axis(statement, h), axis(statement, w));
  }

  private ExactMatrix axis(String statement, int size) {
    if (size < 1) {
      throw new ShapeException(statement + ": X must have at least one pixel");
    }
    if (direction == Direction.UP) {
      return reading.axis(size, Math.multiplyExact(size, factor));
    }
    if (size % factor != 0) {
      throw new ShapeException(statement + ": the sides of X must be multiples of r = " + factor + ", got " + size);
    }
    return reading.axis(size, size / factor);
  }
}
