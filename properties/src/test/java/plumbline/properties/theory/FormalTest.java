package plumbline.properties.theory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import plumbline.properties.semantics.Formal.Formulas;
import plumbline.properties.semantics.Formal;
import plumbline.reference.layer.Attention;
import plumbline.reference.layer.Interpolation;
import plumbline.reference.layer.Interpolation.Boundary;
import plumbline.reference.layer.Interpolation.Literal;
import plumbline.reference.layer.Kernel;
import plumbline.reference.var.ScaleSchedule;
import plumbline.reference.decide.Ladder;
import plumbline.reference.decide.Outcome;
import plumbline.spec.number.ExactMatrix;

class FormalTest {
  private final Formal formal = new Formal();
  private final Formulas x = formal.lift(formal.variables(3, 1));

  private static int distinct(Formulas... rows) {
    Formulas all = rows[0];
    for (int k = 1; k < rows.length; k++) {
      all = all.above(rows[k]);
    }
    return all.distinctRows();
  }

  private Formulas number(long value) {
    return formal.lift(value);
  }

  @Test
  void equalFormulasAreRecognised() {
    Formulas a = x.entry(0, 0);
    Formulas b = x.entry(1, 0);
    assertEquals(1, distinct(a.plus(b), b.plus(a), a.plus(b).plus(b).minus(b), b.minus(a.negate())));
    assertEquals(1, distinct(a.times(b), b.hadamard(a)));
    assertEquals(1, distinct(a.times(number(2)), a.plus(a), number(2).times(a)));
    assertEquals(1, distinct(a.max(b), b.max(a), a.beside(b).maxOfRows()));
    assertEquals(1, distinct(number(0), a.minus(a), a.times(number(0)), a.gather(1, 1, new int[] {-1})));
    Formulas row = a.beside(b).beside(x.entry(2, 0));
    assertEquals(1, distinct(row.softmaxRows().entry(0, 0),
        x.selectRows(2, 0, 1).transpose().softmaxRows().entry(0, 1)));
  }

  @Test
  void differentFormulasAreKeptApart() {
    Formulas a = x.entry(0, 0);
    Formulas b = x.entry(1, 0);
    List<Formulas> all = List.of(a, b, number(0), number(1), a.plus(b), a.minus(b), b.minus(a), a.times(b), a.square(),
        a.exp(), a.log(), a.sqrt(), a.abs(), a.relu(), a.negate(), a.max(b), a.dividedBy(b), b.dividedBy(a), a.negate().relu(),
        a.beside(b).softmaxRows().entry(0, 0), a.beside(b).softmaxRows().entry(0, 1), a.beside(a).softmaxRows().entry(0, 0),
        a.exp().exp(), a.times(number(2)), formal.pi());
    assertEquals(all.size(), distinct(all.toArray(new Formulas[0])));
  }

  /** Attention that is not one for all tokens alike would be noticed: with an encoding of the positions, rows differ. */
  @Test
  void anEncodingBreaksTheIdentity() {
    ExactMatrix weight = formal.variables(1, 1);
    Attention attention = new Attention(weight, formal.variables(1, 1), formal.variables(1, 1));
    Formulas same = x.selectRows(0, 0);
    assertEquals(1, attention.apply(same).distinctRows());
    assertEquals(2, new Encodings.Encoded(ExactMatrix.ofIntegers(2, 1, 0, 1), attention).apply(same).distinctRows());
    assertEquals(2, attention.apply(x.selectRows(0, 1)).distinctRows());
  }

  /** Interpolation of equal tokens gives equal tokens only if the weights sum to one number: not with boundary zero. */
  @Test
  void boundaryZeroBreaksConstancy() {
    ScaleSchedule schedule = ScaleSchedule.square(1, 2, 3);
    Ladder ladder = new Ladder(53);
    assertEquals(Outcome.HOLDS, ladder.decide(Equivariance.constantMaps(
        schedule, new Literal(Kernel.BSPLINE, 1, Boundary.REFLECT), 1)).outcome());
    assertEquals(Outcome.FAILS, ladder.decide(Equivariance.constantMaps(
        schedule, new Literal(Kernel.BSPLINE, 1, Boundary.ZERO), 1)).outcome());
    assertEquals(Outcome.HOLDS, ladder.decide(Equivariance.constantMaps(
        ScaleSchedule.square(1, 2, 4), Interpolation.Reading.PYTORCH, 2)).outcome());
  }

  @Test
  void variablesAreFresh() {
    ExactMatrix first = formal.variables(2, 2);
    ExactMatrix second = formal.variables(2, 2);
    assertEquals(8, formal.lift(first).reshape(4, 1).above(formal.lift(second).reshape(4, 1)).distinctRows());
    assertTrue(formal.lift(first).times(formal.lift(second)).distinctRows() == 2);
  }
}
