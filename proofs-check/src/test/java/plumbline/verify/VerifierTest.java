package plumbline.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import plumbline.verify.Verifier.Verification;

class VerifierTest {
  @Test
  void validCertificatesAreAccepted() {
    Certificates.valid().forEach((name, file) -> {
      Verification result = Verifier.verify(Certificates.seal(file));
      assertEquals("", result.reason(), name);
      assertEquals(file.get("cases").size(), result.cases());
      System.err.println(name + " " + result);
    });
  }
}
