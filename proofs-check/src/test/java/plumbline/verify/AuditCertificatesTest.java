package plumbline.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import plumbline.cli.Main;
import plumbline.spec.paper.Paper;
import plumbline.spec.paper.Statement;
import plumbline.verify.CertificateMutants.Kind;
import plumbline.verify.CertificateMutants.Mutant;
import plumbline.verify.Verifier.Verification;

/** The certificates that an audit of the whole paper writes, and altered ones. */
class AuditCertificatesTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  /** Altering larger ones would take long. */
  private static final int LARGEST_ALTERED = 60_000;

  @TempDir
  static Path folder;

  private static List<Path> files = List.of();

  @BeforeAll
  static void audit() throws IOException {
    PrintStream nowhere = new PrintStream(new ByteArrayOutputStream());
    assertEquals(0, Main.run(new String[] {"audit", "--cases", "3", "--certificates", folder.toString()}, nowhere, nowhere));
    try (Stream<Path> list = Files.list(folder)) {
      files = list.sorted().toList();
    }
  }

  @Test
  void everyStatementHasOneAndAllAreAccepted() throws IOException {
    Set<String> certified = new TreeSet<>();
    for (Path file : files) {
      Verification result = Verifier.verify(Files.readAllBytes(file));
      assertTrue(result.accepted(), () -> file.getFileName() + ": " + result.reason());
      certified.add(result.statement());
    }
    assertEquals(new TreeSet<>(Paper.load().statements().stream().map(Statement::id).toList()), certified);
  }

  @Test
  void alteredOnesAreRejected() throws IOException {
    int rejected = 0;
    for (Path file : files) {
      if (Files.size(file) > LARGEST_ALTERED) {
        continue;
      }
      CertificateMutants mutants =
          new CertificateMutants((ObjectNode) MAPPER.readTree(Files.readAllBytes(file)), new Random(file.getFileName().hashCode()));
      for (Kind kind : List.of(Kind.RAW, Kind.OUTCOME, Kind.VERDICT, Kind.ENCLOSURE)) {
        for (Mutant mutant : mutants.of(kind, kind == Kind.RAW ? 3 : 2)) {
          if (mutant.mustReject()) {
            assertFalse(Verifier.verify(mutant.file()).accepted(), () -> file.getFileName() + " " + kind + " " + mutant.what());
            rejected++;
          }
        }
      }
    }
    int all = rejected;
    assertTrue(all >= 500, () -> "only " + all + " altered certificates");
  }
}
