package plumbline.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import plumbline.verify.CertificateMutants.Kind;
import plumbline.verify.CertificateMutants.Mutant;
import plumbline.verify.Verifier.Verification;

class CertificateMutantsTest {
  private static final int OF_EACH_KIND = 14;

  /** An altered certificate is accepted only if what it now says is true, by the word of Plumbline's number systems. */
  @Test
  void everyMutantIsRejectedUnlessItIsStillTrue() {
    Map<Kind, int[]> rejected = new EnumMap<>(Kind.class);
    for (Map.Entry<String, ObjectNode> entry : new TreeMap<>(Certificates.valid()).entrySet()) {
      assertTrue(CertificateOracle.isTrue(entry.getValue()), entry.getKey());
      CertificateMutants mutants = new CertificateMutants(entry.getValue(), new Random(7));
      for (Kind kind : Kind.values()) {
        int[] counts = rejected.computeIfAbsent(kind, key -> new int[3]);
        for (Mutant mutant : mutants.of(kind, OF_EACH_KIND)) {
          Verification result = Verifier.verify(mutant.file());
          String what = entry.getKey() + " " + kind + " " + mutant.what() + ": " + result;
          assertFalse(mutant.mustReject() && result.accepted(), what);
          assertEquals(kind != Kind.RAW && CertificateOracle.isTrue(mutant.tree()), result.accepted(), what);
          assertEquals(!result.accepted(), result.reason().lines().count() == 1, what);
          counts[0]++;
          counts[1] += result.accepted() ? 0 : 1;
          counts[2] += mutant.mustReject() ? 1 : 0;
        }
      }
    }
    int all = rejected.values().stream().mapToInt(counts -> counts[1]).sum();
    assertTrue(all >= 400, () -> "rejected only " + all);
    rejected.forEach((kind, counts) -> {
      assertTrue(counts[1] >= 5, () -> kind + ": rejected only " + counts[1] + " of " + counts[0]);
    });
    for (Kind kind : List.of(Kind.RAW, Kind.ENCLOSURE, Kind.OUTCOME, Kind.VERDICT)) {
      assertTrue(rejected.get(kind)[2] >= 30, () -> kind + " has few mutants that must be rejected");
    }
  }
}
