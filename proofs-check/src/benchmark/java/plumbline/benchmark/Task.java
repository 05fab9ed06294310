package plumbline.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A work in a Java machine of its own: reads its operands before the clock runs, writes its result after. */
@State(Scope.Thread)
public abstract class Task {
  /** An {@link InputFile}. */
  @Param("")
  public String input;

  /** Where the {@link Result} goes. */
  @Param("")
  public String output;

  @Setup(Level.Trial)
  public void read() throws IOException {
    prepare(InputFile.read(Path.of(input)));
  }

  @TearDown(Level.Trial)
  public void write() throws IOException {
    Result.write(Path.of(output), library(), List.of(), result());
  }

  String library() {
    return "Plumbline";
  }

  abstract void prepare(InputFile file);

  /** What the last operation returned. */
  abstract Entries result();
}
