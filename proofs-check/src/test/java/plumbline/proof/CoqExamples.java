package plumbline.proof;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.reference.layer.Attention;
import plumbline.reference.layer.FeedForward;
import plumbline.reference.layer.Interpolation;
import plumbline.reference.layer.Interpolation.Boundary;
import plumbline.reference.layer.Interpolation.Literal;
import plumbline.reference.layer.Interpolation.Standard;
import plumbline.reference.layer.Kernel;
import plumbline.reference.layer.ResidualAttention;
import plumbline.reference.layer.Softmax;
import plumbline.reference.layer.Transposed;
import plumbline.reference.number.Ball;
import plumbline.reference.number.Rational;
import plumbline.reference.var.Pyramid;
import plumbline.reference.var.ScaleSchedule;
import plumbline.reference.var.VarTransformer;
import plumbline.spec.layer.Layer;
import plumbline.spec.layer.TokenMap;
import plumbline.spec.number.Certified;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Matrix;

/**
 * The text of {@code coq/Examples.v}: what the layers of the reference return on small rational inputs, stated as theorems
 * about Coq's definitions of the same layers. Coq accepts the file only if its definitions return the same.
 */
final class CoqExamples {
  /** Decimals of an enclosure's centre. */
  private static final int DIGITS = 18;

  /** The largest distance of a value from the centre that is stated: 10⁻¹⁸. */
  static final BigFraction RADIUS = new BigFraction(BigInteger.ONE, BigInteger.TEN.pow(DIGITS));

  private static final int LINE = 120;

  /**
   * One theorem.
   *
   * @param name the theorem's name
   * @param about the statement's id, and what is evaluated
   * @param term the Coq term of the result, a matrix
   * @param layer the same layer of the reference
   * @param input its input
   * @param exact whether the result is rational; otherwise it is enclosed
   */
  record Example(String name, String about, String term, Layer layer, ExactMatrix input, boolean exact) {

    /** What the theorem states: the result, or the centres of its enclosure. */
    ExactMatrix stated() {
      if (exact) {
        return layer.apply(Rational.INSTANCE.lift(input)).toExact();
      }
      return centres(layer.apply(Ball.of(256).lift(input)));
    }

    private String theorem() {
      ExactMatrix stated = stated();
      String result = "to_rows " + stated.rows() + " " + stated.columns() + " (" + term + ")";
      String rows = CoqExamples.rows(stated);
      String statement = exact ? result + " =\n" + rows
          : "enclosed " + number(RADIUS) + " (" + result + ")\n" + rows;
      return "(** " + about + " *)\nTheorem " + name + " :\n" + indented(statement) + ".\nProof. "
          + (exact ? "evaluate" : "enclose") + ". Qed.\n";
    }
  }

  /** A layer of token maps on maps of one size. */
  private record OnMap(Interpolation interpolation, int height, int width) implements Layer {
    @Override
    public String statement() {
      return interpolation.statement();
    }

    @Override
    public <M extends Matrix<M>> M apply(M x) {
      return interpolation.apply(new TokenMap<>(height, width, x)).tokens();
    }
  }

  /** A pyramid whose input is X_init above the merged maps. */
  private record OnMerged(Pyramid pyramid) implements Layer {
    @Override
    public String statement() {
      return pyramid.statement();
    }

    @Override
    public <M extends Matrix<M>> M apply(M x) {
      return pyramid.apply(x.rowRange(0, 1), x.rowRange(1, x.rows()));
    }
  }

  private CoqExamples() {}

  static String text() {
    return """
        (** The definitions of Definitions.v on small rational inputs, with the results that the layers of the Java reference
            return: exactly, and within 10^-18 where there are exponentials. This file is written by CoqExamples.java; a test
            compares the two. *)

        From Coq Require Import Reals List.
        From Plumbline Require Import Definitions Evaluation.
        Import ListNotations.
        Open Scope R_scope.

        """ + all().stream().map(Example::theorem).collect(Collectors.joining("\n"));
  }

  static List<Example> all() {
    List<Example> all = new ArrayList<>();
    for (Kernel kernel : List.of(Kernel.BSPLINE, Kernel.KEYS)) {
      for (int origin = 0; origin <= 1; origin++) {
        for (Boundary boundary : Boundary.values()) {
          all.add(literal(kernel, origin, boundary));
        }
      }
      all.add(standard(kernel));
    }
    all.add(pyramid());
    all.add(feedForward(true));
    all.add(feedForward(false));
    all.add(softmax());
    all.add(attention());
    all.add(heads());
    all.add(transformer());
    return all;
  }

  private static Example literal(Kernel kernel, int origin, Boundary boundary) {
    Interpolation up = new Interpolation(new Literal(kernel, origin, boundary), 3, 4);
    ExactMatrix x = matrix(4, 2, "1", "-2", "2/3", "5", "-3", "1/4", "4", "0");
    String term = "up_interpolation " + term(kernel) + " " + origin + " " + term(boundary) + " 2 2 3 4 " + term(x);
    return new Example("interpolation_" + name(kernel) + "_" + origin + "_" + boundary.name().toLowerCase(Locale.ROOT),
        "def-3.2, " + up.reading() + ", from 2×2 to 3×4 pixels", term, new OnMap(up, 2, 2), x, true);
  }

  private static Example standard(Kernel kernel) {
    Interpolation up = new Interpolation(new Standard(kernel), 3, 5);
    ExactMatrix x = matrix(6, 1, "1", "2/3", "-3", "4", "1/2", "-7");
    String term = "standard_interpolation " + term(kernel) + " 2 3 3 5 " + term(x);
    return new Example("interpolation_" + name(kernel) + "_standard",
        "def-3.2, " + up.reading() + ", from 2×3 to 3×5 pixels", term, new OnMap(up, 2, 3), x, true);
  }

  private static Example pyramid() {
    ExactMatrix init = matrix(1, 1, "3/2");
    ExactMatrix merged = matrix(5, 1, "-1", "2", "1/3", "0", "-4");
    Pyramid pyramid = new Pyramid(ScaleSchedule.square(1, 2, 3), new Literal(Kernel.BSPLINE, 0, Boundary.REPLICATE));
    String sides = "(of_sides [1; 2; 3]%nat)";
    String term = "pyramid " + sides + " " + sides + " (literal_phi bspline 0 Replicate " + sides + " " + sides + ") 2 "
        + term(init) + " " + term(merged);
    ExactMatrix input = matrix(6, 1, "3/2", "-1", "2", "1/3", "0", "-4");
    return new Example("pyramid_3", "def-3.4, scales 1×1, 2×2 and 3×3", term, new OnMerged(pyramid), input, true);
  }

  private static Example feedForward(boolean residual) {
    ExactMatrix w1 = matrix(3, 2, "1", "-2", "1/2", "1", "-1", "1/3");
    ExactMatrix b1 = matrix(3, 1, "1/3", "-1", "0");
    ExactMatrix w2 = matrix(2, 3, "1", "2", "-1", "3", "4", "1/5");
    ExactMatrix b2 = matrix(2, 1, "1/7", "2");
    ExactMatrix x = matrix(3, 2, "1", "2/3", "-3", "4", "5", "-1/2");
    String term = (residual ? "feed_forward" : "feed_forward_plain") + " 2 3 " + term(w1) + " " + entries(b1) + " "
        + term(w2) + " " + entries(b2) + " " + term(x);
    return new Example(residual ? "feed_forward_residual" : "feed_forward_without",
        "def-b.5, " + (residual ? "residual" : "plain") + ", three tokens of width 2, three hidden neurons", term,
        new Transposed(new FeedForward(w1, b1, w2, b2, residual)), x, true);
  }

  private static Example softmax() {
    ExactMatrix z = matrix(3, 4, "1/2", "-3", "4", "0", "1/3", "1/3", "1/3", "1/3", "-30", "2", "-1/7", "5");
    return new Example("softmax_rows", "def-b.1, three vectors of four scores", "fun i => softmax 4 (" + term(z) + " i)",
        new Softmax(), z, false);
  }

  private static Example attention() {
    ExactMatrix wq = matrix(2, 2, "1", "-1/2", "1/3", "2");
    ExactMatrix wk = matrix(2, 2, "-1", "1/4", "1", "1/2");
    ExactMatrix wv = matrix(2, 2, "2", "1", "-1/3", "3");
    ExactMatrix x = matrix(3, 2, "1", "2/3", "-1", "1/2", "0", "-3/2");
    String term = "attention 3 2 " + term(wq) + " " + term(wk) + " " + term(wv) + " " + term(x);
    return new Example("attention_3_2", "def-b.3, three tokens of width 2", term, new Attention(wq, wk, wv), x, false);
  }

  private static Example heads() {
    List<ResidualAttention.Head> heads = List.of(
        new ResidualAttention.Head(matrix(2, 1, "1", "-1/2"), matrix(1, 2, "2", "1/3"), matrix(1, 2, "1", "-1"),
            matrix(1, 2, "1/2", "1")),
        new ResidualAttention.Head(matrix(2, 1, "1/5", "3"), matrix(1, 2, "-1", "1"), matrix(1, 2, "1/3", "2"),
            matrix(1, 2, "1", "-1/4")));
    ExactMatrix x = matrix(3, 2, "1", "2/3", "-1", "1/2", "0", "-3/2");
    String list = heads.stream()
        .map(head -> "Head " + term(transpose(head.wq())) + " " + term(transpose(head.wk())) + " "
            + term(transpose(head.wv())) + " " + term(transpose(head.wo())))
        .collect(Collectors.joining("; ", "[", "]"));
    String term = "run 3 2 (Heads true 1 " + list + ") " + term(x);
    return new Example("heads_2", "def-3.9, two heads of size 1 with a residual, three tokens of width 2", term,
        new Transposed(new ResidualAttention(heads)), x, false);
  }

  /** How the pyramid, the state and the layers of each block are put together; exact, with feed-forward layers alone. */
  private static Example transformer() {
    String sides = "(of_sides [1; 2]%nat)";
    List<VarTransformer.Stage> stages = new ArrayList<>();
    List<String> blocks = new ArrayList<>();
    for (String w : List.of("2", "1/2")) {
      List<Layer> layers = new ArrayList<>();
      List<String> terms = new ArrayList<>();
      for (boolean residual : new boolean[] {false, true}) {
        ExactMatrix w1 = matrix(1, 1, w);
        ExactMatrix b1 = matrix(1, 1, "1/4");
        ExactMatrix w2 = matrix(1, 1, residual ? "-1/3" : "1");
        ExactMatrix b2 = matrix(1, 1, "1/5");
        layers.add(new Transposed(new FeedForward(w1, b1, w2, b2, residual)));
        terms.add("FeedForward " + residual + " 1 " + term(w1) + " " + entries(b1) + " " + term(w2) + " " + entries(b2));
      }
      stages.add(new VarTransformer.Stage(layers.get(0), layers.get(1)));
      blocks.add("[" + String.join("; ", terms) + "]");
    }
    ExactMatrix init = matrix(1, 1, "3/4");
    VarTransformer transformer = new VarTransformer(ScaleSchedule.square(1, 2),
        new Literal(Kernel.BSPLINE, 0, Boundary.ZERO), stages);
    String term = "var_class " + sides + " " + sides + " 1 (literal_phi bspline 0 Zero " + sides + " " + sides
        + ") (fun r => nth r [" + String.join("; ", blocks) + "] nil) 1 " + term(init);
    return new Example("transformer_2", "def-3.6, scales 1×1 and 2×2, width 1, two feed-forward layers a block", term,
        transformer, init, true);
  }

  /** The centres of enclosures to {@link #DIGITS} decimals. */
  private static <M extends Certified<M>> ExactMatrix centres(M y) {
    BigFraction[] entries = new BigFraction[y.rows() * y.columns()];
    for (int e = 0; e < entries.length; e++) {
      BigFraction lower = y.enclosure(e / y.columns(), e % y.columns()).lower();
      BigDecimal decimal = new BigDecimal(lower.getNumerator())
          .divide(new BigDecimal(lower.getDenominator()), DIGITS, RoundingMode.HALF_EVEN);
      entries[e] = new BigFraction(decimal.unscaledValue(), BigInteger.TEN.pow(DIGITS));
    }
    return ExactMatrix.of(y.rows(), y.columns(), entries);
  }

  private static ExactMatrix matrix(int rows, int columns, String... entries) {
    return ExactMatrix.of(rows, columns, List.of(entries).stream().map(text -> {
      String[] parts = text.split("/");
      return new BigFraction(new BigInteger(parts[0]), new BigInteger(parts.length == 1 ? "1" : parts[1]));
    }).toArray(BigFraction[]::new));
  }

  private static ExactMatrix transpose(ExactMatrix a) {
    return Rational.INSTANCE.lift(a).transpose().toExact();
  }

  private static String name(Kernel kernel) {
    return kernel.equals(Kernel.BSPLINE) ? "bspline" : "keys";
  }

  private static String term(Kernel kernel) {
    return kernel instanceof Kernel.Keys keys ? "(keys " + number(keys.a()) + ")" : "bspline";
  }

  private static String term(Boundary boundary) {
    return boundary.name().charAt(0) + boundary.name().substring(1).toLowerCase(Locale.ROOT);
  }

  private static String term(ExactMatrix a) {
    return "(of_rows " + rows(a) + ")";
  }

  private static String entries(ExactMatrix column) {
    return "(of_entries " + row(column, 0, column.size()) + ")";
  }

  private static String rows(ExactMatrix a) {
    return IntStream.range(0, a.rows()).mapToObj(i -> row(a, i * a.columns(), (i + 1) * a.columns()))
        .collect(Collectors.joining("; ", "[", "]"));
  }

  private static String row(ExactMatrix a, int from, int to) {
    return IntStream.range(from, to).mapToObj(e -> fraction(a.get(e))).collect(Collectors.joining("; ", "[", "]"));
  }

  private static String fraction(BigFraction value) {
    return value.getNumerator() + (value.getDenominator().equals(BigInteger.ONE) ? "" : " / " + value.getDenominator());
  }

  private static String number(BigFraction value) {
    return "(" + fraction(value) + ")";
  }

  /** Lines of at most {@link #LINE} characters, two spaces in. */
  private static String indented(String text) {
    StringBuilder all = new StringBuilder();
    for (String line : text.split("\n")) {
      int column = LINE;
      for (String word : line.split(" (?![/\\d])|(?<=;) ")) {
        if (column + 1 + word.length() > LINE) {
          all.append(all.isEmpty() ? "  " : all.toString().endsWith("\n") ? "  " : "\n  ");
          column = 2;
        } else {
          all.append(' ');
          column++;
        }
        all.append(word);
        column += word.length();
      }
      all.append('\n');
    }
    return all.toString().stripTrailing();
  }
}
