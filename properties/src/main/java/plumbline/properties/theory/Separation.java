package plumbline.properties.theory;

import static plumbline.properties.Expression.of;

import java.util.ArrayList;
import java.util.List;
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
    Vocabulary vocabulary = Vocabulary.of(sequences);
    List<Expression> identifiers = new ArrayList<>();
    List<Expression> differences = new ArrayList<>();
    List<int[]> seen = new ArrayList<>();
    for (int i = 0; i < sequences.size(); i++) {
      for (int k = 0; k < sequences.get(i).columns(); k++) {
        Expression identifier = images.get(i).columnRange(k, k + 1);
        for (int n = 0; n < seen.size(); n++) {
          int j = seen.get(n)[0];
          int l = seen.get(n)[1];
          if (!vocabulary.bySequence().get(i).equals(vocabulary.bySequence().get(j))
              || !Vocabulary.token(sequences.get(i), k).equals(Vocabulary.token(sequences.get(j), l))) {
            differences.add(identifier.minus(identifiers.get(n)));
          }
        }
        identifiers.add(identifier);
        seen.add(new int[] {i, k});
      }
    }
    Expression norms = columns(identifiers).squaredNormsOfColumns();
    List<Inequality> inequalities = new ArrayList<>();
    inequalities.add(norms.lessThan(gamma.square().broadcast(1, norms.columns()), "‖q(Z^(i))_{:,k}‖² < γ²"));
    if (!differences.isEmpty()) {
      Expression distances = columns(differences).squaredNormsOfColumns();
      inequalities.add(delta.square().broadcast(1, distances.columns())
          .lessThan(distances, "δ² < ‖q(Z^(i))_{:,k} − q(Z^(j))_{:,l}‖²"));
    }
    return inequalities;
  }
}
