package plumbline.reference.envelope;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What is assumed of an implementation's arithmetic. An implementation conforms if each primitive of its layers returns a
 * number that some algorithm within these assumptions returns for the operands that it has; nothing is assumed about which
 * one, nor that it is the same one each time.
 *
 * @param name how users name it
 * @param storage the format of weights and of every intermediate and final result; wider intermediates conform, too
 * @param multiplicands the format to which factors of matrix products are first rounded; {@code storage} if they are not
 * @param accumulation the format of products and sums inside matrix products, means and variances
 * @param summation how many roundings a term of a sum may pass through
 * @param division error of a quotient in ulps: 0.5 if correctly rounded, 1.5 allows a product with the reciprocal
 * @param squareRoot error of a square root in ulps
 * @param exp error of exp
 * @param log error of the natural logarithm
 * @param tanh error of tanh
 * @param sigmoid error of the logistic function
 * @param erf error of the error function
 * @param flushing whether subnormal numbers may be replaced by zero, as operands and as results
 * @param softmax which algorithms a softmax may use
 * @param variance which algorithms a variance may use
 */
public record Model(String name, Format storage, Format multiplicands, Format accumulation, Summation summation,
    double division, double squareRoot, FunctionError exp, FunctionError log, FunctionError tanh, FunctionError sigmoid,
    FunctionError erf, boolean flushing, Softmax softmax, Variance variance) {

  public Model {
    if (!(division >= 0.5 && squareRoot >= 0.5 && exp.ulps() >= 0.5 && exp.units() == 0)) {
      throw new IllegalArgumentException("quotients, roots and exp err by at least half an ulp, and exp by ulps alone");
    }
  }

  /** Whether sums inside products run in another format than results, on units that may truncate instead of round. */
  boolean mayTruncate() {
    return multiplicands != storage || accumulation != storage;
  }

  /**
   * The error of an elementary function: at most {@code ulps} units in the last place of the exact value or
   * {@code units} unit roundoffs absolutely, whichever is larger.
   */
  public record FunctionError(double ulps, double units) {
    /** An error in ulps alone. */
    public static FunctionError ulps(double ulps) {
      return new FunctionError(ulps, 0);
    }

    @Override
    public String toString() {
      return ulps + " ulp" + (units == 0 ? "" : " or " + units + " u");
    }
  }

  /**
   * The number of roundings that a term of a sum passes through at most, the one of its product included.
   *
   * @param block terms added one after the other before blocks are added to each other; {@code Integer.MAX_VALUE} for any order
   */
  public record Summation(int block) {
    /** Any order, any tree, fused multiply-adds or not. */
    public static final Summation ANY = new Summation(Integer.MAX_VALUE);

    public Summation {
      if (block < 1) {
        throw new IllegalArgumentException("a block has at least one term, got " + block);
      }
    }

    /** The depth of a sum of {@code terms} products: one rounding for the product, one for each addition on its path. */
    public int depth(int terms) {
      // A path crosses at most min(terms, block) − 1 additions in its block and one for each further block.
      return Math.min(terms, block) + (int) ((Math.max(terms, 1) - 1L) / block);
    }

    @Override
    public String toString() {
      return block == Integer.MAX_VALUE ? "any order" : "any order within blocks of " + block + " terms, then any order of blocks";
    }
  }

  /** Algorithms of a softmax. */
  public enum Softmax {
    /** The largest score is subtracted first. */
    STABLE,
    /** Exponentials of the scores themselves, which may overflow. */
    NAIVE,
    /** One or the other. */
    EITHER
  }

  /** Algorithms of a variance, each with the errors of those before it. */
  public enum Variance {
    /** The mean of (x − μ)². */
    TWO_PASS,
    /** Updates of mean and sum of squares, as Welford has it, in any tree. */
    WELFORD,
    /** The mean of x² less μ². */
    ONE_PASS
  }

  /** The assumptions, one a line, for a person. */
  public List<String> assumptions() {
    List<String> lines = new ArrayList<>();
    lines.add("results are stored in " + storage.word() + (flushing ? ", subnormals may be flushed to zero" : "")
        + "; +, −, × are correctly rounded, fused multiply-adds allowed");
    lines.add("matrix products: " + (multiplicands == storage ? "" : "factors rounded to " + multiplicands.word() + ", ")
        + "sums in " + accumulation.word() + (mayTruncate() ? ", possibly truncated" : "") + ", " + summation
        + ", beginning or ending with what is added; no Strassen, no Winograd");
    lines.add("division within " + division + " ulp (by powers of two exactly), square root " + squareRoot + ", exp " + exp + ", log " + log + ", tanh "
        + tanh + ", sigmoid " + sigmoid + ", erf " + erf);
    lines.add("softmax " + switch (softmax) {
      case STABLE -> "subtracts the largest score first, then takes exp, or 2^ of the difference times log2 e";
      case NAIVE -> "takes exponentials of the scores themselves";
      case EITHER -> "may subtract the largest score first or not";
    } + "; variance " + switch (variance) {
      case TWO_PASS -> "in two passes";
      case WELFORD -> "in two passes or by Welford's updates";
      case ONE_PASS -> "in two passes, by Welford's updates or as E x² − (E x)²";
    });
    lines.add("interpolation weights are computed from sample positions in " + storage.word() + ", both axes in any order");
    return lines;
  }

  /** The presets, the most general of each format first. */
  public static List<Model> presets() {
    return PRESETS;
  }

  /** The preset that is assumed of a tensor of this format when nothing else is said. */
  public static Model of(Format format) {
    return PRESETS.stream().filter(model -> model.storage == format).findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no results are stored in " + format.word()));
  }

  /**
   * The preset of that name.
   *
   * @throws IllegalArgumentException with a line that lists all names, if there is none
   */
  public static Model named(String name) {
    return PRESETS.stream().filter(model -> model.name.equals(name)).findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no model is called '" + name + "'; there are "
            + PRESETS.stream().map(Model::name).collect(Collectors.joining(", "))));
  }

  private static final List<Model> PRESETS = List.of(
      general("any-f32", Format.FLOAT32, Format.FLOAT32),
      general("any-f64", Format.FLOAT64, Format.FLOAT64),
      general("any-f16", Format.FLOAT16, Format.FLOAT16),
      general("any-bf16", Format.BFLOAT16, Format.BFLOAT16),
      library("torch-cpu-f32", Format.FLOAT32, Format.FLOAT32, Format.FLOAT32, Variance.WELFORD),
      library("torch-cpu-f64", Format.FLOAT64, Format.FLOAT64, Format.FLOAT64, Variance.WELFORD),
      library("torch-cuda-f32", Format.FLOAT32, Format.FLOAT32, Format.FLOAT32, Variance.WELFORD),
      library("torch-cuda-tf32", Format.FLOAT32, Format.TF32, Format.FLOAT32, Variance.WELFORD),
      library("torch-f16", Format.FLOAT16, Format.FLOAT16, Format.FLOAT32, Variance.WELFORD),
      library("torch-bf16", Format.BFLOAT16, Format.BFLOAT16, Format.FLOAT32, Variance.WELFORD),
      library("onnxruntime-cpu-f32", Format.FLOAT32, Format.FLOAT32, Format.FLOAT32, Variance.ONE_PASS),
      strict("ieee-f32", Format.FLOAT32),
      strict("ieee-f64", Format.FLOAT64));

  private static Model general(String name, Format storage, Format accumulation) {
    FunctionError function = new FunctionError(4, 4);
    return new Model(name, storage, storage, accumulation, Summation.ANY, 2, 2, FunctionError.ulps(4), function, function,
        function, function, true, Softmax.STABLE, Variance.ONE_PASS);
  }

  private static Model library(String name, Format storage, Format multiplicands, Format accumulation, Variance variance) {
    FunctionError function = new FunctionError(2, 2);
    return new Model(name, storage, multiplicands, accumulation, Summation.ANY, 1.5, 1.5, FunctionError.ulps(2), function,
        function, function, function, true, Softmax.STABLE, variance);
  }

  /** Correctly rounded operations, functions within one ulp, subnormals kept. */
  private static Model strict(String name, Format storage) {
    FunctionError function = FunctionError.ulps(1);
    return new Model(name, storage, storage, storage, Summation.ANY, 0.5, 0.5, function, function, function, function, function,
        false, Softmax.STABLE, Variance.TWO_PASS);
  }
}
