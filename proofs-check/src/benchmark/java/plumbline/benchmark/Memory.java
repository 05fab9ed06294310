package plumbline.benchmark;

import java.util.ArrayList;
import java.util.List;
import org.openjdk.jol.info.GraphLayout;
import plumbline.benchmark.Report.Fact;
import plumbline.reference.number.Ball53;
import plumbline.reference.number.Ball53Matrix;
import plumbline.reference.number.BallMatrix;

/** Bytes of a matrix at rest, all objects that it reaches, against those of its mantissas in whole words of 64 bits. */
final class Memory {
  private static final int N = 256;

  /** Room for the headers of a few objects, which the target does not speak of. */
  private static final double HEADERS = 128;

  private Memory() {}

  static List<Fact> measure() {
    List<Fact> facts = new ArrayList<>();
    Ball53Matrix plain = Ball53.INSTANCE.lift(Inputs.doubles(N).exact("A"));
    facts.add(fact("Ball(53)", plain.times(plain), 1));
    for (int digits : new int[] {20, 50, 100, 300}) {
      BallMatrix matrix = Inputs.products(N, digits).balls("A");
      facts.add(fact("Ball at " + digits + " digits", matrix, (Inputs.bits(digits) + 63) / 64));
    }
    return facts;
  }

  private static Fact fact(String what, Object matrix, int words) {
    double bytes = GraphLayout.parseInstance(matrix).totalSize();
    double mantissas = 8.0 * words * N * N;
    return new Fact(7, "bytes of a " + N + "×" + N + " matrix over those of its mantissas, " + what,
        List.of(bytes / mantissas), "", 2 + HEADERS / mantissas, true);
  }
}
