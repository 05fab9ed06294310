package plumbline.benchmark;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.reference.number.Ball;
import plumbline.reference.number.BallMatrix;
import plumbline.spec.number.ExactMatrix;

/**
 * What a work is given, ours and a peer's from the same file: a line {@code digits bits}, then matrices, each a line
 * {@code matrix NAME ROWS COLUMNS} and a line per entry as {@link Enclosure} has it.
 */
record InputFile(int digits, int bits, Map<String, Entries> matrices) {

  static InputFile read(Path file) throws IOException {
    try (BufferedReader in = Files.newBufferedReader(file)) {
      String[] head = in.readLine().split(" ");
      Map<String, Entries> matrices = new LinkedHashMap<>();
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String[] words = line.split(" ");
        int rows = Integer.parseInt(words[2]);
        int columns = Integer.parseInt(words[3]);
        List<Enclosure> values = new ArrayList<>(rows * columns);
        for (int k = 0; k < rows * columns; k++) {
          values.add(Enclosure.parse(in.readLine()));
        }
        matrices.put(words[1], new Entries(rows, columns, values));
      }
      return new InputFile(Integer.parseInt(head[0]), Integer.parseInt(head[1]), matrices);
    }
  }

  void write(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      out.write(digits + " " + bits + "\n");
      for (Map.Entry<String, Entries> matrix : matrices.entrySet()) {
        Entries entries = matrix.getValue();
        out.write("matrix " + matrix.getKey() + " " + entries.rows() + " " + entries.columns() + "\n");
        for (Enclosure entry : entries.values()) {
          out.write(entry + "\n");
        }
      }
    }
  }

  /** A matrix of exact entries; of binary64 where they all are. */
  ExactMatrix exact(String name) {
    Entries entries = matrices.get(name);
    for (Enclosure entry : entries.values()) {
      if (entry.r().signum() != 0) {
        throw new IllegalArgumentException(name + " has entries with a radius");
      }
    }
    if (entries.values().stream().allMatch(entry -> entry.m().bitLength() <= 53 && Math.abs(entry.e()) < 900)) {
      return ExactMatrix.of(entries.rows(), entries.columns(), doubles(name));
    }
    return ExactMatrix.of(entries.rows(), entries.columns(),
        entries.values().stream().map(entry -> fraction(entry.m(), entry.e())).toArray(BigFraction[]::new));
  }

  /** The midpoints as doubles, which they must be. */
  double[] doubles(String name) {
    double[] values = matrices.get(name).values().stream()
        .mapToDouble(entry -> Math.scalb(entry.m().doubleValue(), (int) entry.e())).toArray();
    if (!Arrays.stream(values).allMatch(Double::isFinite)) {
      throw new IllegalArgumentException(name + " has entries that are no doubles");
    }
    return values;
  }

  /** A matrix of balls of the precision of the file. */
  BallMatrix balls(String name) {
    Ball system = Ball.of(bits);
    Entries entries = matrices.get(name);
    if (entries.values().stream().allMatch(entry -> entry.r().signum() == 0)) {
      return system.lift(exact(name));
    }
    BigFraction[] lower = new BigFraction[entries.values().size()];
    BigFraction[] upper = lower.clone();
    for (int k = 0; k < lower.length; k++) {
      Enclosure entry = entries.values().get(k);
      BigFraction middle = fraction(entry.m(), entry.e());
      BigFraction radius = fraction(entry.r(), entry.s());
      lower[k] = middle.subtract(radius);
      upper[k] = middle.add(radius);
    }
    return system.enclose(ExactMatrix.of(entries.rows(), entries.columns(), lower),
        ExactMatrix.of(entries.rows(), entries.columns(), upper));
  }

  static BigFraction fraction(BigInteger m, long e) {
    int power = Math.toIntExact(e);
    return power >= 0 ? new BigFraction(m.shiftLeft(power), BigInteger.ONE)
        : new BigFraction(m, BigInteger.ONE.shiftLeft(-power));
  }
}
