package plumbline.properties.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.sessions.JqwikSession;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import plumbline.reference.operator.Operator;
import plumbline.reference.operator.Operators;

class OperatorCasesTest {

  static Iterable<Operator> operators() {
    return Operators.all();
  }

  @ParameterizedTest
  @MethodSource("operators")
  void everyOperatorAcceptsItsCases(Operator operator) {
    JqwikSession.run(() -> {
      RandomGenerator<OperatorCase> generator = OperatorCases.of(operator).generator(100, false);
      Random random = new Random(7);
      for (int c = 0; c < 100; c++) {
        OperatorCase drawn = generator.next(random).value();
        assertEquals(operator, drawn.operator());
        drawn.evaluation();
      }
    });
  }
}
