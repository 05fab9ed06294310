package plumbline.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A running {@link Program}, which does nothing but in its turns. So sides can alternate several times in a second, and a machine
 * that is slow for a while is slow for all of them.
 */
final class Turns {
  /** After so much time, a program has had its turns. */
  private static final long MOST_NANOS = 5_000_000_000L;

  private final Program program;
  private final Process process;
  private final BufferedReader answers;
  private final Writer calls;
  private final boolean slow;
  private long spent;
  private long began;

  private Turns(Program program) throws IOException {
    this.program = program;
    this.process = new ProcessBuilder(program.command()).redirectError(Path.of(program.log()).toFile()).start();
    this.answers = process.inputReader();
    this.calls = process.outputWriter();
    this.slow = answer().equals("slow");
  }

  /** Starts it, and waits until it has warmed up. */
  static Turns start(Program program) throws IOException {
    return new Turns(program);
  }

  /** One turn, if it is to have any more. */
  void take() throws IOException {
    if (!slow && spent < MOST_NANOS) {
      begin();
      end();
    }
  }

  /** Begins a turn, and does not wait. */
  void begin() throws IOException {
    began = System.nanoTime();
    calls.write('\n');
    calls.flush();
  }

  /** Waits for the end of the turn. */
  void end() throws IOException {
    answer();
    spent += System.nanoTime() - began;
  }

  /** Lets it write its result. */
  void finish() throws IOException, InterruptedException {
    calls.close();
    if (!process.waitFor(5, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw failure("it did not end");
    }
    if (process.exitValue() != 0) {
      throw failure();
    }
  }

  private String answer() throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw failure();
    }
    return line;
  }

  private PeerException failure() throws IOException {
    String said = Files.readString(Path.of(program.log())).strip();
    return failure(said.isEmpty() ? "it ended and did not say why" : said);
  }

  private PeerException failure(String problem) {
    return new PeerException(String.join(" ", program.command()), problem);
  }
}
