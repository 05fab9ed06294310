package plumbline.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import plumbline.audit.AuditReport;
import plumbline.audit.Certificate;
import plumbline.audit.StatementVerdict;
import plumbline.properties.Evidence;

/** The certificates of an audit as files of one directory. */
final class CertificateFiles {
  private CertificateFiles() {}

  /** Writes {@code STATEMENT.READING[.step-K].N.json} for each piece of evidence that has cases to check again; says what. */
  static String write(Path directory, AuditReport report) {
    int written = 0;
    int without = 0;
    Map<String, Integer> numbers = new HashMap<>();
    for (StatementVerdict verdict : report.verdicts()) {
      for (Evidence evidence : verdict.evidence()) {
        Optional<ObjectNode> certificate = Certificate.of(
            verdict.statement().id(), evidence, verdict.proofs(), report.replay(verdict));
        if (certificate.isEmpty()) {
          without++;
          continue;
        }
        String name = verdict.statement().id() + "." + evidence.reading() + (evidence.step() == 0 ? "" : ".step-" + evidence.step());
        JsonFile.write(directory.resolve(name + "." + numbers.merge(name, 1, Integer::sum) + ".json"), certificate.get());
        written++;
      }
    }
    return written + (written == 1 ? " certificate in " : " certificates in ") + directory
        + (without == 0 ? "" : " (" + without + " pieces of evidence have none)") + ". Check them again: ./plumbline verify " + directory;
  }
}
