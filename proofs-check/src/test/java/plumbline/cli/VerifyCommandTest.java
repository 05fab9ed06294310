package plumbline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import plumbline.verify.CertificateFiles;

class VerifyCommandTest {
  @TempDir
  Path folder;

  @BeforeEach
  void write() throws IOException {
    CertificateFiles.write(folder);
  }

  private void spoil(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(file, Files.readString(file).replace("\"decided\":500", "\"decided\":501"));
  }

  @Test
  void acceptedCertificatesHaveALineEach() {
    Cli run = Cli.run("verify", folder).ended(0).says("lemma-5.3", "sup", "refuted", "2 cases", "11 findings", "128 bits",
        "4 certificates: 4 accepted, 0 rejected");
    List<String> names = run.out().lines().limit(4).map(line -> line.substring(line.lastIndexOf('/') + 1)).toList();
    assertEquals(List.of("argued.json", "defined.json", "holds.json", "refuted.json"), names);
  }

  @Test
  void aRejectedCertificateSaysWhy() throws IOException {
    spoil("holds.json");
    Files.move(folder.resolve("holds.json"), Files.createDirectory(folder.resolve("below")).resolve("holds.json"));
    Cli run = Cli.run("verify", folder, "--quiet").ended(1);
    assertEquals("rejected  " + folder + "/below/holds.json: sha256 is not the digest of the rest\n"
        + "4 certificates: 3 accepted, 1 rejected\n", run.out());
    assertEquals("1 certificate: 1 accepted, 0 rejected\n",
        Cli.run("verify", folder.resolve("refuted.json"), "--quiet").ended(0).out());
  }

  @Test
  void theResultIsWrittenAsJson() throws IOException {
    spoil("argued.json");
    Path file = folder.resolveSibling(folder.getFileName() + "-result.json");
    Cli.run("verify", folder, "--json", file).ended(1);
    JsonNode certificates = new ObjectMapper().readTree(Files.readString(file)).get("certificates");
    Files.delete(file);
    assertEquals(4, certificates.size());
    assertEquals(false, certificates.get(0).get("accepted").booleanValue());
    assertTrue(certificates.get(0).has("reason") && !certificates.get(1).has("reason"));
    assertEquals(11, certificates.get(2).get("findings").intValue());
  }

  @Test
  void whatCannotBeReadIsRefused() throws IOException {
    Cli.run("verify", folder.resolve("none.json")).refused("none.json: expected a certificate or a directory");
    Cli.run("verify", Files.createDirectory(folder.resolve("empty"))).refused("found no .json file");
    Cli.run("verify").refused("PATH");
  }

  @Test
  void helpSaysWhatIsNotChecked() {
    Cli.run("verify", "--help").ended(0).says("Not checked", "Exit codes", "--quiet");
  }
}
