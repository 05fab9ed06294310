package plumbline.reference.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import plumbline.reference.io.InputException;

/**
 * Reads mutated models: whatever the bytes, the result is a consistent graph or an {@link InputException}, soon.
 *
 * <p>{@link #main} does the same for as many mutants as one likes.
 */
class ModelFileFuzzTest {
  private static final long MOST_MILLIS = 2000;

  /** A file that is not there, so that external data is refused. */
  private static final Path FILE = Path.of("no-folder", "mutant.onnx");

  private static final List<byte[]> SEEDS = seeds();

  private static List<byte[]> seeds() {
    try {
      List<byte[]> seeds = new ArrayList<>();
      seeds.add(Models.model(Models.perceptron()).toByteArray());
      for (Path file : Models.ofPeers()) {
        seeds.add(Files.readAllBytes(file));
      }
      return seeds;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Provide
  Arbitrary<Long> mutants() {
    return Arbitraries.longs();
  }

  @Property(tries = 2000, shrinking = ShrinkingMode.OFF)
  void aMutantIsReadOrRefused(@ForAll("mutants") long seed) {
    read(mutant(new Random(seed)));
  }

  @Example
  void mutantsAreBothReadAndRefused() {
    int read = 0;
    for (int seed = 0; seed < 200; seed++) {
      read += read(mutant(new Random(seed))) ? 1 : 0;
    }
    assertTrue(read > 10 && read < 190, read + " of 200");
  }

  /** Whether a file is read; fails unless it is read or refused as it should be. */
  private static boolean read(byte[] bytes) {
    long start = System.nanoTime();
    boolean read;
    try {
      Graph graph = ModelFile.read(FILE, UnsafeByteOperations.unsafeWrap(bytes));
      assertConsistent(graph);
      read = true;
    } catch (InputException e) {
      String message = String.valueOf(e.getMessage());
      assertTrue(message.startsWith(FILE + ": ") && message.lines().count() == 1, message);
      read = false;
    }
    long millis = (System.nanoTime() - start) / 1_000_000;
    assertTrue(millis < MOST_MILLIS, millis + " ms");
    return read;
  }

  private static void assertConsistent(Graph graph) {
    List<String> known = new ArrayList<>(graph.initializers().keySet());
    graph.inputs().forEach(input -> known.add(input.name()));
    for (Node node : graph.nodes()) {
      for (String input : node.inputs()) {
        assertTrue(input.isEmpty() || known.contains(input), node + " uses " + input);
      }
      for (String output : node.outputs()) {
        assertFalse(!output.isEmpty() && known.contains(output), node + " gives " + output);
        known.add(output);
      }
    }
    assertTrue(known.containsAll(graph.outputs()));
    for (Literal literal : graph.initializers().values()) {
      assertEquals(Arrays.stream(literal.shape()).asLongStream().reduce(1, (a, b) -> a * b), literal.size());
      assertTrue(Arrays.stream(literal.reals()).allMatch(v -> v < Double.POSITIVE_INFINITY));
    }
  }

  /** One to eight mutations of a valid file. */
  private static byte[] mutant(Random random) {
    byte[] bytes = SEEDS.get(random.nextInt(SEEDS.size())).clone();
    for (int k = 1 << random.nextInt(4); k > 0 && bytes.length > 1; k--) {
      // The structure lies where the weights do not: half of all mutations go to the ends.
      int at = random.nextBoolean() ? random.nextInt(bytes.length)
          : Math.floorMod(random.nextInt(4000) - 2000, bytes.length);
      switch (random.nextInt(7)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt(256);
        case 2 -> bytes = random.nextInt(8) == 0 ? Arrays.copyOf(bytes, at) : bytes;
        case 3 -> bytes = splice(bytes, at, at, chunk(bytes, random));
        case 4 -> bytes = splice(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(20)), new byte[0]);
        case 5 -> bytes = splice(bytes, at, at + 1, varint(random));
        default -> {
          byte[] chunk = chunk(bytes, random);
          System.arraycopy(chunk, 0, bytes, Math.min(at, bytes.length - chunk.length), chunk.length);
        }
      }
    }
    return bytes;
  }

  private static byte[] splice(byte[] bytes, int from, int to, byte[] by) {
    byte[] result = Arrays.copyOf(bytes, from + by.length + bytes.length - to);
    System.arraycopy(by, 0, result, from, by.length);
    System.arraycopy(bytes, to, result, from + by.length, bytes.length - to);
    return result;
  }

  private static byte[] chunk(byte[] bytes, Random random) {
    int from = random.nextInt(bytes.length);
    return Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + 1 + random.nextInt(64)));
  }

  /** A claimed length or number: small, negative or huge. */
  private static byte[] varint(Random random) {
    ByteString.Output out = ByteString.newOutput();
    long value = random.nextLong() >>> random.nextInt(64);
    for (; (value & ~0x7fL) != 0; value >>>= 7) {
      out.write((int) (value & 0x7f | 0x80));
    }
    out.write((int) value);
    return out.toByteString().toByteArray();
  }

  /** Reads as many mutants as the first argument says, from the seed that the second says. */
  public static void main(String[] args) {
    long count = Long.parseLong(args[0]);
    long first = args.length > 1 ? Long.parseLong(args[1]) : 0;
    long read = 0;
    long slowest = 0;
    for (long seed = first; seed < first + count; seed++) {
      byte[] bytes = mutant(new Random(seed));
      long start = System.nanoTime();
      try {
        read += read(bytes) ? 1 : 0;
      } catch (RuntimeException | Error e) {
        throw new AssertionError("mutant of seed " + seed, e);
      }
      slowest = Math.max(slowest, System.nanoTime() - start);
    }
    System.out.println(count + " mutants: " + read + " read, " + (count - read) + " refused, slowest "
        + slowest / 1_000_000 + " ms");
  }
}
