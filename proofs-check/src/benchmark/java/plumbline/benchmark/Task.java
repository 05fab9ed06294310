package plumbline.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.runner.IterationType;

/**
 * A work in a Java machine of its own: reads its operands before the clock runs, lets the peers have their turns between ours,
 * writes its result after.
 */
@State(Scope.Thread)
public abstract class Task {
  /** An {@link InputFile}. */
  @Param("")
  public String input;

  /** Where the {@link Result} goes. */
  @Param("")
  public String output;

  /** The {@link Program}s that take turns with us, in a file. */
  @Param("")
  public String peers;

  private final List<Turns> others = new ArrayList<>();

  @Setup(Level.Trial)
  public void start() throws IOException {
    for (Program program : Program.read(Path.of(peers))) {
      others.add(Turns.start(program));
    }
    read();
  }

  void read() throws IOException {
    prepare(InputFile.read(Path.of(input)));
  }

  @TearDown(Level.Iteration)
  public void giveTurns(IterationParams iteration) throws IOException {
    if (iteration.getType() == IterationType.MEASUREMENT) {
      for (Turns other : others) {
        other.take();
      }
    }
  }

  @TearDown(Level.Trial)
  public void finish() throws IOException, InterruptedException {
    for (Turns other : others) {
      other.finish();
    }
    write(List.of());
  }

  void write(List<Double> seconds) throws IOException {
    Result.write(Path.of(output), library(), seconds, result());
  }

  String library() {
    return "Plumbline";
  }

  abstract void prepare(InputFile file);

  /** What the last operation returned. */
  abstract Entries result();
}
