package plumbline.properties.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Random;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.sessions.JqwikSession;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import plumbline.reference.operator.Operator;
import plumbline.reference.operator.Operators;

/** Every layer of the paper, in every number system that can express it. */
class AgreementTest {
  private static final int CASES = 20;

  static Iterable<Operator> operators() {
    return Operators.all();
  }

  @ParameterizedTest
  @MethodSource("operators")
  void allNumberSystemsAgree(Operator operator) {
    JqwikSession.run(() -> {
      RandomGenerator<OperatorCase> generator = OperatorCases.of(operator).generator(CASES, false);
      Random random = new Random(11);
      for (int c = 0; c < CASES; c++) {
        OperatorCase drawn = generator.next(random).value();
        assertEquals(List.of(), Agreement.of(drawn, c % 10 == 0).disagreements(), drawn.parameters() + " " + drawn.tensors());
      }
    });
  }
}
