package plumbline.properties.theory;

import static plumbline.properties.Expression.of;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.properties.Expression;
import plumbline.properties.Property;
import plumbline.properties.StatedClaim;
import plumbline.reference.layer.Interpolation.Boundary;
import plumbline.reference.layer.Interpolation.Literal;
import plumbline.reference.layer.Interpolation.Reading;
import plumbline.reference.layer.Interpolation.Standard;
import plumbline.reference.layer.Interpolation;
import plumbline.reference.layer.Kernel;
import plumbline.spec.claim.Inequality;
import plumbline.spec.number.ExactMatrix;

/**
 * When an up-interpolation ({@code def-3.2}) has two pixels that are equal for every input, so that what it returns
 * never meets the hypothesis of {@code lemma-4.4} that a sequence has no duplicates. Exact, for all sizes up to a bound.
 *
 * <p>Pixel (i, j) is row i of an axis matrix A ⊗ row j of another, B. Two rows of A that are equal make two rows of pixels
 * equal whatever B is, hence one axis decides where all weights of a row sum to 1; {@link PixelClasses} decides in general.
 */
final class PixelDuplicates {
  private static final String LITERAL = "literal";
  private static final String STANDARD = "standard";
  private static final List<Kernel> KERNELS = List.of(Kernel.BSPLINE, Kernel.KEYS);

  /** Two sizes: h and h' of an axis, or h and w of a map. */
  record Sizes(int first, int second) {}

  private PixelDuplicates() {}

  /** The pigeonhole argument, at every size up to a bound. */
  static Property<Sizes> literal() {
    return new Property<>(
        new StatedClaim<>("def-3.2", LITERAL,
            "For all 1 ≤ h ≤ 12 and h < h' ≤ 24 the literal layer from h to h' rows of pixels has two equal rows for "
                + "every input, with origin 0, and with origin 1 if h' ≥ h + 2; each kernel and boundary. (For all "
                + "sizes: a row depends on ⌊i·h/h'⌋ alone, which has h values for origin 0 and at most h + 1 for origin "
                + "1.) So Lemma 4.4 never applies to what it returns",
            sizes -> {
              int h = sizes.first;
              int higher = sizes.second;
              List<Inequality> all = new ArrayList<>();
              for (int origin = 0; origin <= (higher >= h + 2 ? 1 : 0); origin++) {
                int i = origin + 1;
                while (i * h / higher != (i - 1) * h / higher) {
                  i++;
                }
                for (Literal reading : literals(origin)) {
                  Expression axis = of(reading.axis(h, higher));
                  all.add(axis.rowRange(i - 1 - origin, i - origin).equalTo(axis.rowRange(i - origin, i - origin + 1),
                      "two rows of Φ are equal, origin " + origin));
                }
              }
              return all;
            },
            sizes -> shown("h", sizes.first, "h'", sizes.second)),
        Arbitraries.of(pairs(1, 12, 24)));
  }

  /** Origin 1 and sizes that grow by one: exactly which layers have no duplicates. */
  static Property<Sizes> literalByOne() {
    return new Property<>(
        new StatedClaim<>("def-3.2", LITERAL,
            "With origin 1, h' = h + 1 and w' = w + 1 (1 ≤ h, w ≤ 12) the literal layer has no two pixels that are equal "
                + "for every input if and only if the kernel is the B-spline and the boundary is replicate, h ≥ 2 and w "
                + "≥ 2; or zero and h·w ≥ 2. With a Keys kernel, and with the boundary reflect, there always are",
            sizes -> {
              int h = sizes.first;
              int w = sizes.second;
              List<Inequality> all = new ArrayList<>();
              for (Literal reading : literals(1)) {
                boolean none = reading.kernel().equals(Kernel.BSPLINE)
                    && (reading.boundary() == Boundary.REPLICATE && h >= 2 && w >= 2
                        || reading.boundary() == Boundary.ZERO && h * w >= 2);
                PixelClasses classes = PixelClasses.of(reading, h, w, h + 1, w + 1);
                Expression missing = of((h + 1L) * (w + 1) - classes.count());
                all.add(none ? missing.equalTo(of(0), "pixels − classes of equal pixels = 0")
                    : of(0).lessThan(missing, "0 < pixels − classes of equal pixels"));
              }
              return all;
            },
            sizes -> shown("h", sizes.first, "w", sizes.second)),
        Arbitraries.of(grid(1, 12)));
  }

  /** The first enlargement of VAR: from one pixel. */
  static Property<Sizes> fromOnePixel() {
    return new Property<>(
        new StatedClaim<>("def-3.2", LITERAL,
            "From one pixel to h'×w' (2 ≤ h', w' ≤ 9) every reading, literal and standard, makes pixel (h'−1, 0) equal "
                + "to pixel (0, w'−1) for every input, and all readings but the boundary zero make all pixels equal. "
                + "Definition 3.4 starts from one pixel, so no sequence that reaches VAR's attention from the second "
                + "layer on meets Lemma 4.4's hypothesis",
            sizes -> {
              int h = sizes.first;
              int w = sizes.second;
              List<Inequality> all = new ArrayList<>();
              for (Reading reading : readings()) {
                Expression phi = of(new Interpolation(reading, h, w).matrix(1, 1));
                all.add(phi.rowRange((h - 1) * w, (h - 1) * w + 1)
                    .equalTo(phi.rowRange(w - 1, w), "Φ[(h'−1, 0)] = Φ[(0, w'−1)]"));
                if (!(reading instanceof Literal literal && literal.boundary() == Boundary.ZERO)) {
                  all.add(phi.equalTo(of(ExactMatrix.ones(h * w, 1)), "Φ = 1, all pixels equal"));
                }
              }
              return all;
            },
            sizes -> shown("h'", sizes.first, "w'", sizes.second)),
        Arbitraries.of(grid(2, 9)));
  }

  /** The standard reading has no duplicates at the sizes that are used. */
  static Property<Sizes> standard() {
    return new Property<>(
        new StatedClaim<>("def-3.2", STANDARD,
            "For 2 ≤ h ≤ 12 and h < h' ≤ 24 no two rows of pixels of the standard layer are equal for every input, with the "
                + "B-spline, Keys −1/2 and Keys −3/4; weights sum to 1, so neither are two pixels. For h = 1 all are equal",
            sizes -> {
              List<Inequality> all = new ArrayList<>();
              for (Kernel kernel : List.of(Kernel.BSPLINE, Kernel.KEYS, new Kernel.Keys(new BigFraction(-1, 2)))) {
                ExactMatrix axis = new Standard(kernel).axis(sizes.first, sizes.second);
                PixelClasses classes = PixelClasses.axis(new Standard(kernel), sizes.first, sizes.second);
                all.add(of(sizes.first == 1 ? 1 : sizes.second).equalTo(of(classes.count()), "classes of equal rows = h'"));
                all.add(of(axis).sumOfRows().equalTo(of(ExactMatrix.ones(sizes.second, 1)), "weights sum to 1"));
              }
              return all;
            },
            sizes -> shown("h", sizes.first, "h'", sizes.second)),
        Arbitraries.of(pairs(1, 12, 24)));
  }

  /**
   * Exactly when the standard reading has duplicates. For positions −½ &lt; u &lt; 0, left of the first sample, row u of
   * a Keys axis is (1 − W(1−u), W(1−u), 0, …) with W(1+t) = a·t(1−t)², t = −u: t and t' give one row when
   * t² + tt' + t'² − 2(t + t') + 1 = 0. With t = (1 − p/R)/2, p = 2i + 1, R = h'/h that is R² − (p+q)R − (p² + pq + q²) = 0, whose rational roots are
   * integers. Likewise at the other end. Between the samples rows differ for −3 ≤ a &lt; 0.
   */
  static Property<Sizes> standardDuplicates() {
    List<Sizes> all = new ArrayList<>(pairs(2, 2, 120));
    all.addAll(pairs(3, 3, 120));
    return new Property<>(
        new StatedClaim<>("def-3.2", STANDARD,
            "For h = 2, 3 and h < h' ≤ 120 the standard Keys layer (a = −3/4) has equal rows of pixels if and only if R "
                + "= h'/h is an integer with R² = (p+q)R + p² + pq + q² for odd 1 ≤ p < q < R: rows (p−1)/2 and (q−1)/2, "
                + "and their mirror images; the least is R = 19 with rows 0 and 5. The B-spline layer has none",
            sizes -> {
              int h = sizes.first;
              int higher = sizes.second;
              int pairs = higher % h == 0 ? equalRows(higher / h).size() : 0;
              return List.of(
                  of(higher - 2L * pairs).equalTo(of(PixelClasses.axis(Reading.PYTORCH, h, higher).count()),
                      "h' − 2·pairs = classes of equal rows, Keys"),
                  of(higher).equalTo(of(PixelClasses.axis(new Standard(Kernel.BSPLINE), h, higher).count()),
                      "h' = classes of equal rows, B-spline"));
            },
            sizes -> shown("h", sizes.first, "h'", sizes.second)),
        Arbitraries.of(all));
  }

  /** The smallest duplicates of the standard reading, as equal rows of weights. */
  static Property<Sizes> standardNineteen() {
    return new Property<>(
        new StatedClaim<>("def-3.2", STANDARD,
            "Rows 0 and 5 of the standard Keys layer from h to 19h rows of pixels are equal for every input (2 ≤ h ≤ 8, "
                + "a = −1/2 and −3/4): the standard reading has duplicates too, though at no enlargement below 19",
            sizes -> {
              List<Inequality> all = new ArrayList<>();
              for (Kernel kernel : List.of(Kernel.KEYS, new Kernel.Keys(new BigFraction(-1, 2)))) {
                Expression axis = of(new Standard(kernel).axis(sizes.first, sizes.second));
                all.add(axis.rowRange(0, 1).equalTo(axis.rowRange(5, 6), "row 0 of Φ = row 5"));
              }
              return all;
            },
            sizes -> shown("h", sizes.first, "h'", sizes.second)),
        Arbitraries.integers().between(2, 8).map(h -> new Sizes(h, 19 * h)));
  }

  /** The odd p &lt; q &lt; R with R² = (p+q)R + p² + pq + q²: rows (p−1)/2 and (q−1)/2 are equal. */
  static List<Sizes> equalRows(int r) {
    List<Sizes> equal = new ArrayList<>();
    for (int p = 1; p < r; p += 2) {
      for (int q = p + 2; q < r; q += 2) {
        if (r * r == (p + q) * r + p * p + p * q + q * q) {
          equal.add(new Sizes((p - 1) / 2, (q - 1) / 2));
        }
      }
    }
    return equal;
  }

  private static List<Literal> literals(int origin) {
    List<Literal> readings = new ArrayList<>();
    for (Kernel kernel : KERNELS) {
      for (Boundary boundary : Boundary.values()) {
        readings.add(new Literal(kernel, origin, boundary));
      }
    }
    return readings;
  }

  private static List<Reading> readings() {
    List<Reading> readings = new ArrayList<>(literals(0));
    readings.addAll(literals(1));
    KERNELS.forEach(kernel -> readings.add(new Standard(kernel)));
    return readings;
  }

  /** All (h, h') with {@code least ≤ h ≤ most} and {@code h < h' ≤ largest}. */
  private static List<Sizes> pairs(int least, int most, int largest) {
    List<Sizes> pairs = new ArrayList<>();
    for (int h = least; h <= most; h++) {
      for (int higher = h + 1; higher <= largest; higher++) {
        pairs.add(new Sizes(h, higher));
      }
    }
    return pairs;
  }

  private static List<Sizes> grid(int least, int most) {
    List<Sizes> grid = new ArrayList<>();
    for (int h = least; h <= most; h++) {
      for (int w = least; w <= most; w++) {
        grid.add(new Sizes(h, w));
      }
    }
    return grid;
  }

  private static Map<String, ExactMatrix> shown(String first, int a, String second, int b) {
    return new TreeMap<>(Map.of(first, ExactMatrix.ofIntegers(1, 1, a), second, ExactMatrix.ofIntegers(1, 1, b)));
  }
}
