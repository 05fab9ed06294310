package plumbline.properties.theory;

import static plumbline.properties.Expression.of;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import plumbline.properties.Expression;
import plumbline.properties.Property;
import plumbline.properties.StatedClaim;
import plumbline.properties.arbitrary.Tape;
import plumbline.spec.claim.Inequality;
import plumbline.spec.number.ExactMatrix;

/** The identities of appendix A, {@code fact-a.1}, {@code fact-a.2} and {@code fact-a.3}; empty vectors are included. */
final class Facts {
  private static final String LITERAL = "literal";

  /** Three vectors of one length, as columns. */
  record Vectors(ExactMatrix u, ExactMatrix v, ExactMatrix w) {}

  private Facts() {}

  static Property<ExactMatrix> a1() {
    return new Property<>(
        new StatedClaim<>("fact-a.1", LITERAL,
            "The squared Frobenius norm tr(XᵀX) is the sum of the squared norms of the rows, of the columns, and of the "
                + "squares of all entries",
            Facts::frobenius, x -> Map.of("X", x)),
        Tape.read(64, tape -> tape.matrix(tape.between(0, 5), tape.between(0, 5))));
  }

  private static List<Inequality> frobenius(ExactMatrix exact) {
    Expression x = of(exact);
    Expression trace = trace(x.transpose().times(x));
    Expression rows = of(0);
    for (int i = 0; i < x.rows(); i++) {
      Expression row = x.rowRange(i, i + 1);
      rows = rows.plus(row.times(row.transpose()));
    }
    Expression columns = of(0);
    for (int j = 0; j < x.columns(); j++) {
      Expression column = x.columnRange(j, j + 1);
      columns = columns.plus(column.transpose().times(column));
    }
    return List.of(
        trace.equalTo(rows, "‖X‖_F² = Σ_i ‖X_{i,*}‖²"),
        trace.equalTo(columns, "‖X‖_F² = Σ_j ‖X_{*,j}‖²"),
        trace.equalTo(x.square().sum(), "‖X‖_F² = Σ_{i,j} X_{i,j}²"));
  }

  private static Expression trace(Expression square) {
    int n = square.rows();
    return square.gather(1, n, IntStream.range(0, n).map(i -> i * n + i).toArray()).sumOfRows();
  }

  static Property<Vectors> a2() {
    return new Property<>(
        new StatedClaim<>("fact-a.2", LITERAL,
            "Inner products are sums over entrywise products, symmetric, and products of a row with a column",
            Facts::innerProducts, Facts::show),
        vectors());
  }

  private static List<Inequality> innerProducts(Vectors vectors) {
    Expression u = of(vectors.u);
    Expression v = of(vectors.v);
    Expression w = of(vectors.w);
    Expression ones = of(ExactMatrix.ones(u.rows(), 1));
    return List.of(
        inner(u, v).equalTo(inner(u.hadamard(v), ones), "⟨u,v⟩ = ⟨u∘v,1⟩"),
        inner(u.hadamard(v), w).equalTo(inner(u.hadamard(v).hadamard(w), ones), "⟨u∘v,w⟩ = ⟨u∘v∘w,1⟩"),
        inner(u, v).equalTo(inner(v, u), "⟨u,v⟩ = ⟨v,u⟩"),
        inner(u, v).equalTo(u.transpose().times(v), "⟨u,v⟩ = uᵀv"),
        inner(u, v).equalTo(v.transpose().times(u), "⟨u,v⟩ = vᵀu"));
  }

  /** ⟨x,y⟩ = Σ_i x_i y_i, term by term. */
  private static Expression inner(Expression x, Expression y) {
    Expression sum = of(0);
    for (int i = 0; i < x.rows(); i++) {
      sum = sum.plus(x.entry(i, 0).hadamard(y.entry(i, 0)));
    }
    return sum;
  }

  static Property<Vectors> a3() {
    return new Property<>(
        new StatedClaim<>("fact-a.3", LITERAL,
            "Entrywise products are products with diagonal matrices, and products and sums of diagonal matrices are entrywise",
            Facts::diagonals, Facts::show),
        vectors());
  }

  private static List<Inequality> diagonals(Vectors vectors) {
    Expression u = of(vectors.u);
    Expression v = of(vectors.v);
    Expression w = of(vectors.w);
    Expression uv = u.hadamard(v);
    Expression uvw = u.transpose().times(v.hadamard(w));
    Expression diagonal = u.transpose().times(diag(v)).times(w);
    return List.of(
        uv.equalTo(v.hadamard(u), "u∘v = v∘u"),
        uv.equalTo(diag(u).times(v), "u∘v = diag(u)v"),
        uv.equalTo(diag(v).times(u), "u∘v = diag(v)u"),
        uvw.equalTo(diagonal, "uᵀ(v∘w) = uᵀdiag(v)w"),
        uvw.equalTo(v.transpose().times(u.hadamard(w)), "uᵀ(v∘w) = vᵀ(u∘w)"),
        uvw.equalTo(w.transpose().times(uv), "uᵀ(v∘w) = wᵀ(u∘v)"),
        diagonal.equalTo(v.transpose().times(diag(u)).times(w), "uᵀdiag(v)w = vᵀdiag(u)w"),
        diagonal.equalTo(w.transpose().times(diag(u)).times(v), "uᵀdiag(v)w = wᵀdiag(u)v"),
        diag(u).times(diag(v)).times(of(ExactMatrix.ones(u.rows(), 1))).equalTo(diag(u).times(v), "diag(u)diag(v)1 = diag(u)v"),
        diag(uv).equalTo(diag(u).times(diag(v)), "diag(u∘v) = diag(u)diag(v)"),
        diag(u).plus(diag(v)).equalTo(diag(u.plus(v)), "diag(u)+diag(v) = diag(u+v)"));
  }

  private static Expression diag(Expression column) {
    int n = column.rows();
    return column.gather(n, n, IntStream.range(0, n * n).map(e -> e / n == e % n ? e / n : -1).toArray());
  }

  private static Arbitrary<Vectors> vectors() {
    return Tape.read(64, tape -> {
      int n = tape.between(0, 6);
      return new Vectors(tape.matrix(n, 1), tape.matrix(n, 1), tape.matrix(n, 1));
    });
  }

  private static Map<String, ExactMatrix> show(Vectors vectors) {
    return Map.of("u", vectors.u, "v", vectors.v, "w", vectors.w);
  }
}
