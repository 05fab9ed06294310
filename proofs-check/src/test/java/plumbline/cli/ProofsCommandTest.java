package plumbline.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProofsCommandTest {
  @TempDir
  Path folder;

  @Test
  void badUsageIsOneLine() throws IOException {
    Cli.run("proofs", "--jobs", "0").refused("--jobs must be at least 1, got 0");
    Cli.run("proofs", "--update").refused("--update is for --sources");
    Cli.run("proofs", "--sources", folder).refused(folder + ": no file _CoqProject");
    Files.writeString(folder.resolve("_CoqProject"), "-R . Plumbline\nA.v\n");
    Cli.run("proofs", "--sources", folder).refused("_CoqProject should begin with '-Q . Plumbline'");
    Files.writeString(folder.resolve("_CoqProject"), "-Q . Plumbline\n../A.v\n");
    Cli.run("proofs", "--sources", folder).refused("expected the name of another file such as Facts.v, found '../A.v'");
  }

  @Test
  void theoremsAreExplained() {
    Cli.run("explain", "fact-a.1").ended(ExitCode.DONE).says("Theorems checked by Coq", "literal: proved by Facts.fact_a_1",
        "axioms: functional_extensionality_dep, sig_forall_dec, sig_not_dec", "forall (d L : nat) (X : matrix),");
    Cli.run("explain", "lemma-5.3").ended(ExitCode.DONE).says("function-norm: refuted by FunctionNorm.", "sup-norm: proved by Composition.");
  }

  @Test
  void certificatesCarryTheTheorems() throws IOException {
    Path certificates = folder.resolve("certificates");
    Cli.run("audit", "--only", "fact-a.1", "--cases", "3", "--certificates", certificates).ended(ExitCode.DONE)
        .says("fact-a.1   proved   literal", "Theorems checked by Coq prove 1 reading and refute 0");
    String certificate = Files.readString(certificates.resolve("fact-a.1.literal.1.json"));
    assertTrue(certificate.contains("Facts.fact_a_1") && certificate.contains("forall (d L : nat)"));
    Cli.run("verify", certificates).ended(ExitCode.DONE).says("1 certificate: 1 accepted, 0 rejected");
  }
}
