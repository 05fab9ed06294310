package plumbline.properties.theory;

import static plumbline.properties.Expression.of;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.Set;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.properties.Expression;
import plumbline.properties.arbitrary.SeparatedEmbedding;
import plumbline.spec.claim.Inequality;
import plumbline.spec.number.ExactMatrix;

/** Tokenwise separateness ({@code def-4.2}) and contextual mappings ({@code def-4.3}) as inequalities between squared norms. */
final class Separation {

  private Separation() {}

  /** (γ_min, γ_max, ε)-tokenwise separateness: (i), (ii) and (iii); (iii) is left out where there is but one token. */
  static List<Inequality> tokenwise(SeparatedEmbedding embedding) {
    List<ExactMatrix> tokens = Vocabulary.of(embedding.sequences()).tokens();
    Expression all = columns(tokens.stream().map(Expression::of).toList());
    Expression norms = all.squaredNormsOfColumns();
    List<Inequality> inequalities = new ArrayList<>();
    inequalities.add(square(embedding.gammaMin(), norms).lessThan(norms, "γ_min² < ‖Z_{:,k}‖²"));
    inequalities.add(norms.lessThan(square(embedding.gammaMax(), norms), "‖Z_{:,k}‖² < γ_max²"));
    if (tokens.size() > 1) {
      Expression distances = distances(tokens.stream().map(Expression::of).toList());
      inequalities.add(square(embedding.epsilon(), distances).lessThan(distances, "ε² < ‖Z_{:,k} − Z_{:,l}‖²"));
    }
    return inequalities;
  }

  /** The hypotheses of {@code lemma-4.4}: separateness, and that no sequence has duplicates. */
  static List<Inequality> hypotheses(SeparatedEmbedding embedding) {
    List<Inequality> inequalities = new ArrayList<>(tokenwise(embedding));
    for (ExactMatrix z : embedding.sequences()) {
      if (z.columns() > 1) {
        Expression distances = distances(IntStream.range(0, z.columns()).mapToObj(k -> of(z).columnRange(k, k + 1)).toList());
        inequalities.add(of(0).broadcast(1, distances.columns()).lessThan(distances, "0 < ‖Z_{:,k} − Z_{:,l}‖² for k ≠ l"));
      }
    }
    return inequalities;
  }

  private static Expression square(BigFraction value, Expression shape) {
    return of(value.multiply(value)).broadcast(shape.rows(), shape.columns());
  }

  /** The squared distances of all pairs of the given columns, as a row. */
  static Expression distances(List<Expression> tokens) {
    List<Expression> differences = new ArrayList<>();
    for (int k = 0; k < tokens.size(); k++) {
      for (int l = 0; l < k; l++) {
        differences.add(tokens.get(k).minus(tokens.get(l)));
      }
    }
    return columns(differences).squaredNormsOfColumns();
  }

  /** The given columns side by side. */
  static Expression columns(List<Expression> columns) {
    Expression rows = columns.get(0).transpose();
    for (int k = 1; k < columns.size(); k++) {
      rows = rows.above(columns.get(k).transpose());
    }
    return rows.transpose();
  }

  /**
   * Two context IDs that Definition 4.3 wants apart: those of columns k of Z^(i) and l of Z^(j), j ≤ i.
   *
   * @param sameToken whether the two tokens are equal, so that only the contexts differ
   */
  record Pair(int i, int k, int j, int l, boolean sameToken) {}

  /** All pairs with 𝒱^(i) ≠ 𝒱^(j) or Z^(i)_{:,k} ≠ Z^(j)_{:,l}. */
  static List<Pair> pairs(List<ExactMatrix> sequences) {
    List<Set<ExactMatrix>> vocabularies = Vocabulary.of(sequences).bySequence();
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < sequences.size(); i++) {
      for (int k = 0; k < sequences.get(i).columns(); k++) {
        ExactMatrix token = Vocabulary.token(sequences.get(i), k);
        for (int j = 0; j <= i; j++) {
          for (int l = 0; l < (j < i ? sequences.get(j).columns() : k); l++) {
            boolean sameToken = token.equals(Vocabulary.token(sequences.get(j), l));
            if (!sameToken || !vocabularies.get(i).equals(vocabularies.get(j))) {
              pairs.add(new Pair(i, k, j, l, sameToken));
            }
          }
        }
      }
    }
    return pairs;
  }

  /**
   * That q is a (γ, δ)-contextual mapping: contextual sensitivity, and the separation of the context IDs, which is left out
   * where no two are to be separated.
   *
   * @param sequences Z^(1), …, Z^(N)
   * @param images q(Z^(1)), …, q(Z^(N))
   * @param gamma γ, 1×1
   * @param delta δ, 1×1
   */
  static List<Inequality> contextual(
      List<ExactMatrix> sequences, List<Expression> images, Expression gamma, Expression delta) {
    List<Inequality> inequalities = new ArrayList<>();
    inequalities.add(sensitivity(images, gamma));
    List<Expression> distances = squaredDistances(images, pairs(sequences));
    if (!distances.isEmpty()) {
      inequalities.add(delta.square().lessThan(least(distances), "δ² < ‖q(Z^(i))_{:,k} − q(Z^(j))_{:,l}‖²"));
    }
    return inequalities;
  }

  /** That no image is as long as γ. */
  static Inequality sensitivity(List<Expression> images, Expression gamma) {
    Expression norms = images.get(0).squaredNormsOfColumns();
    for (Expression image : images.subList(1, images.size())) {
      norms = norms.beside(image.squaredNormsOfColumns());
    }
    return norms.lessThan(gamma.square().broadcast(1, norms.columns()), "‖q(Z^(i))_{:,k}‖² < γ²");
  }

  /** ‖q(Z^(i))_{:,k} − q(Z^(j))_{:,l}‖² of the given pairs, each 1×1. */
  static List<Expression> squaredDistances(List<Expression> images, List<Pair> pairs) {
    return pairs.stream()
        .map(p -> images.get(p.i).columnRange(p.k, p.k + 1).minus(images.get(p.j).columnRange(p.l, p.l + 1))
            .squaredNormsOfColumns())
        .toList();
  }

  /** The least of some 1×1 formulas. */
  static Expression least(List<Expression> numbers) {
    return columns(numbers).negate().maxOfRows().negate();
  }
}
