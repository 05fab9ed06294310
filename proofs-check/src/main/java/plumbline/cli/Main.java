package plumbline.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import plumbline.reference.io.InputException;
import plumbline.reference.operator.OperatorException;
import plumbline.spec.paper.UnknownStatementException;

/** The {@code plumbline} command. A further subcommand is one class, named in {@code subcommands}. */
@Command(
    name = "plumbline",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {AuditCommand.class, CheckCommand.class, ExplainCommand.class, MutantsCommand.class, ProofsCommand.class,
        VectorsCommand.class, VerifyCommand.class},
    description = {
        "Exact reference of the layers and statements of arXiv 2502.06167 (VAR and FlowAR transformers):"
            + " tells whether an implementation, or a theorem, is true.%n"},
    footerHeading = "%nExamples:%n",
    footer = {
        "  plumbline check case.npz --as def-b.3      rounding, or a bug?",
        "  plumbline check model.onnx --inputs x.npz  the same for an ONNX model",
        "  plumbline mutants             which bugs the verdict of check catches",
        "  plumbline vectors --out DIR   golden vectors for tests in any language",
        "  plumbline audit               a verdict on every statement",
        "  plumbline audit --report DIR  the same as a web page",
        "  plumbline verify DIR          check the certificates of an audit again",
        "  plumbline proofs              have Coq check the formal proofs",
        "  plumbline benchmark           from the sources: times against other libraries",
        "  plumbline explain             list the statements of the paper",
        "  plumbline explain def-b.3     one statement: formula, readings, tensors",
        "",
        "Exit codes:",
        "  0  done",
        "  1  a bug was proved, or what --fail-on names was found",
        "  2  bad usage or input",
        "  3  undecided within the precision limit"})
public final class Main {
  @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Print stack traces of errors.")
  private boolean debug;

  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] args) {
    PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
    PrintStream err = new PrintStream(new FileOutputStream(standardError()), true, StandardCharsets.UTF_8);
    System.setErr(err);
    int code = run(args, out, err);
    out.flush();
    System.exit(code);
  }

  /**
   * Where errors go: descriptor 2, or the one that the launcher names where it filters what the Java machine itself has to
   * say there.
   */
  private static FileDescriptor standardError() {
    Integer number = Integer.getInteger("plumbline.stderr");
    if (number == null) {
      return FileDescriptor.err;
    }
    try {
      FileDescriptor descriptor = new FileDescriptor();
      Field field = FileDescriptor.class.getDeclaredField("fd");
      field.setAccessible(true);
      field.setInt(descriptor, number);
      return descriptor;
    } catch (ReflectiveOperationException | InaccessibleObjectException e) {
      return FileDescriptor.err;
    }
  }

  /** Runs one command and returns its exit code. */
  public static int run(String[] args, PrintStream out, PrintStream err) {
    Main main = new Main();
    CommandLine line = new CommandLine(main);
    line.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
    line.setExpandAtFiles(false);
    line.setUsageHelpAutoWidth(true);
    line.setUsageHelpLongOptionsMaxWidth(30);
    line.setParameterExceptionHandler((e, unused) -> main.usageError(e));
    line.setExecutionExceptionHandler((e, command, unused) -> main.failed(command, e));
    try {
      return line.execute(args);
    } catch (OutOfMemoryError e) {
      return main.report(line, "not enough memory for this input; give Java more with JAVA_TOOL_OPTIONS=-Xmx…", e,
          ExitCode.BAD_INPUT);
    } catch (StackOverflowError e) {
      return main.report(line, "internal error: " + e, e, ExitCode.INTERNAL);
    }
  }

  private int usageError(ParameterException e) {
    CommandLine command = e.getCommandLine();
    String hint = " (try '" + command.getCommandSpec().qualifiedName() + " --help')";
    return report(command, e.getMessage() + hint, e, ExitCode.BAD_INPUT);
  }

  private int failed(CommandLine command, Exception e) {
    if (e instanceof ParameterException usage) {
      return usageError(usage);
    }
    boolean input = e instanceof InputException || e instanceof OperatorException || e instanceof UnknownStatementException;
    return input
        ? report(command, String.valueOf(e.getMessage()), e, ExitCode.BAD_INPUT)
        : report(command, "internal error: " + e + (debug ? "" : " (--debug shows where)"), e, ExitCode.INTERNAL);
  }

  private int report(CommandLine command, String message, Throwable e, int code) {
    PrintWriter err = command.getErr();
    err.println("plumbline: " + message.strip().replaceAll("\\s*\\R\\s*", " "));
    if (debug) {
      e.printStackTrace(err);
    }
    err.flush();
    return code;
  }

  /** The version of the build. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() throws IOException {
      return new String[] {"plumbline " + version()};
    }

    static String version() throws IOException {
      Properties properties = new Properties();
      try (InputStream in = Main.class.getResourceAsStream("version.properties")) {
        if (in != null) {
          properties.load(in);
        }
      }
      return properties.getProperty("version", "unknown");
    }
  }
}
