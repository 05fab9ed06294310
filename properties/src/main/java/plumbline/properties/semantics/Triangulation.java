package plumbline.properties.semantics;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.fraction.BigFraction;
import org.apache.commons.math3.util.CombinatoricsUtils;
import plumbline.properties.Expression;
import plumbline.spec.layer.Layer;
import plumbline.spec.number.ExactMatrix;

/**
 * A piecewise affine function f on a box [0,1]^{n×d}, cut into simplices on each of which f is affine and none of its
 * entries changes its sign. Integrals of powers of f and suprema over the box are then exact sums and maxima of values at
 * vertices.
 *
 * <p>The cuts are found by running f on simplices ({@link OnSimplex}): where it bends, the simplex is cut in two at a
 * vertex put on the kink.
 *
 * <p>If u is affine and not negative on a simplex of dimension m and volume V, with the values u_0 … u_m at the vertices,
 * then ∫ u^α = V · m! α! / (m + α)! · h_α(u_0, …, u_m), where h_α is the sum of all monomials of degree α: u is Σ λ_i u_i
 * in barycentric coordinates, and ∫ Π λ_i^{a_i} = V · m! Π a_i! / (m + Σ a_i)!.
 */
public final class Triangulation {
  private static final int MOST_DIMENSIONS = 6;

  /**
   * A part of the box.
   *
   * @param vertices its vertices, one more than the dimension
   * @param volume its volume, positive
   */
  private record Simplex(List<ExactMatrix> vertices, BigFraction volume) {

    /** This simplex with one vertex moved, and a part of its volume. */
    private Simplex with(int vertex, ExactMatrix moved, BigFraction part) {
      List<ExactMatrix> all = new ArrayList<>(vertices);
      all.set(vertex, moved);
      return new Simplex(List.copyOf(all), volume.multiply(part));
    }
  }

  private final Layer f;
  private final List<Simplex> simplices;

  /** Those of them on which f is not zero throughout. */
  private final List<Simplex> support;

  private Triangulation(Layer f, List<Simplex> simplices, List<Simplex> support) {
    this.f = f;
    this.simplices = simplices;
    this.support = support;
  }

  /**
   * Cuts the box of {@code rows}×{@code columns} matrices for {@code f}.
   *
   * @throws plumbline.spec.number.NotExactException if f is not piecewise affine
   */
  public static Triangulation of(int rows, int columns, Layer f) {
    if (rows * columns < 1 || rows * columns > MOST_DIMENSIONS) {
      throw new IllegalArgumentException("a box of " + rows * columns + " dimensions is not cut: 1 to " + MOST_DIMENSIONS);
    }
    Deque<Simplex> open = new ArrayDeque<>();
    corners(rows, columns, new ArrayList<>(List.of(ExactMatrix.zeros(rows, columns))), open);
    List<Simplex> done = new ArrayList<>();
    List<Simplex> support = new ArrayList<>();
    while (!open.isEmpty()) {
      Simplex simplex = open.pop();
      try {
        boolean zero = f.apply(OnSimplex.points(simplex.vertices)).abs().isZero();
        done.add(simplex);
        if (!zero) {
          support.add(simplex);
        }
      } catch (OnSimplex.Kink kink) {
        ExactMatrix a = simplex.vertices.get(kink.from());
        ExactMatrix b = simplex.vertices.get(kink.to());
        BigFraction t = kink.fraction();
        ExactMatrix cut = between(a, b, t);
        open.push(simplex.with(kink.from(), cut, BigFraction.ONE.subtract(t)));
        open.push(simplex.with(kink.to(), cut, t));
      }
    }
    return new Triangulation(f, List.copyOf(done), List.copyOf(support));
  }

  /** The simplices 0 ≤ x_π(1) ≤ … ≤ x_π(m) ≤ 1, one for each order in which the coordinates of a corner become 1. */
  private static void corners(int rows, int columns, List<ExactMatrix> path, Deque<Simplex> found) {
    int m = rows * columns;
    if (path.size() == m + 1) {
      found.add(new Simplex(List.copyOf(path), new BigFraction(1, CombinatoricsUtils.factorial(m))));
      return;
    }
    ExactMatrix last = path.get(path.size() - 1);
    for (int e = 0; e < m; e++) {
      if (last.get(e).equals(BigFraction.ZERO)) {
        BigFraction[] entries = new BigFraction[m];
        for (int k = 0; k < m; k++) {
          entries[k] = k == e ? BigFraction.ONE : last.get(k);
        }
        path.add(ExactMatrix.of(rows, columns, entries));
        corners(rows, columns, path, found);
        path.remove(path.size() - 1);
      }
    }
  }

  private static ExactMatrix between(ExactMatrix a, ExactMatrix b, BigFraction t) {
    BigFraction[] entries = new BigFraction[a.size()];
    for (int e = 0; e < entries.length; e++) {
      entries[e] = a.get(e).add(b.get(e).subtract(a.get(e)).multiply(t));
    }
    return ExactMatrix.of(a.rows(), a.columns(), entries);
  }

  /**
   * ‖f‖_α^α = ∫ Σ |entries of f|^α over the box, exactly.
   *
   * @param alpha α, an integer from 1
   */
  public Expression power(int alpha) {
    if (alpha == 1) {
      Map<ExactMatrix, BigFraction> weights = new LinkedHashMap<>();
      for (Simplex simplex : support) {
        BigFraction share = simplex.volume.divide(simplex.vertices.size());
        simplex.vertices.forEach(v -> weights.merge(v, share, BigFraction::add));
      }
      Expression sum = Expression.of(0);
      for (Map.Entry<ExactMatrix, BigFraction> node : weights.entrySet()) {
        sum = sum.plus(f.apply(Expression.of(node.getKey())).sumOfAbsolutes().scaledBy(Expression.of(node.getValue())));
      }
      return sum;
    }
    Map<ExactMatrix, Expression> values = new HashMap<>();
    Expression sum = Expression.of(0);
    for (Simplex simplex : support) {
      int m = simplex.vertices.size() - 1;
      BigFraction factor = simplex.volume;
      for (int k = 1; k <= alpha; k++) {
        factor = factor.multiply(new BigFraction(k, m + k));
      }
      List<Expression> u = simplex.vertices.stream()
          .map(v -> values.computeIfAbsent(v, x -> f.apply(Expression.of(x)).abs())).toList();
      sum = sum.plus(complete(alpha, u).sum().scaledBy(Expression.of(factor)));
    }
    return sum;
  }

  /** h_α of the entries: h_k(u_0 … u_j) = h_k(u_0 … u_{j−1}) + u_j h_{k−1}(u_0 … u_j). */
  private static Expression complete(int alpha, List<Expression> u) {
    Expression[] h = new Expression[alpha + 1];
    Expression first = u.get(0);
    h[0] = Expression.of(ExactMatrix.ones(first.rows(), first.columns()));
    for (int k = 1; k <= alpha; k++) {
      h[k] = h[k - 1].hadamard(first);
    }
    for (Expression next : u.subList(1, u.size())) {
      for (int k = 1; k <= alpha; k++) {
        h[k] = h[k].plus(next.hadamard(h[k - 1]));
      }
    }
    return h[alpha];
  }

  /** The supremum over the box of Σ |entries of f|^α: on each simplex a convex function, which is largest at a vertex. */
  public Expression supremum(int alpha) {
    Expression largest = Expression.of(0);
    for (ExactMatrix v : vertices()) {
      Expression value = f.apply(Expression.of(v)).abs();
      Expression power = value;
      for (int k = 1; k < alpha; k++) {
        power = power.hadamard(value);
      }
      largest = largest.max(power.sum());
    }
    return largest;
  }

  private List<ExactMatrix> vertices() {
    return simplices.stream().flatMap(s -> s.vertices.stream()).distinct().toList();
  }
}
