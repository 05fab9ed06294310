package plumbline.proof;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** Coq for tests: where there is none they are skipped and one line says so, unless {@value #REQUIRED} is set. */
final class Coqs {
  static final String REQUIRED = "PLUMBLINE_REQUIRE_COQ";
  private static final AtomicBoolean SAID = new AtomicBoolean();

  private Coqs() {}

  /** Coq with all that the proofs need. */
  static Coq require() throws InterruptedException {
    CoqSources sources = CoqSources.packaged();
    Optional<Coq> coq = Coq.find();
    List<String> missing = coq.isPresent() ? coq.get().missing(sources) : List.of();
    if (coq.isPresent() && missing.isEmpty()) {
      return coq.get();
    }
    String skipped = "SKIPPED: the formal proofs are not checked: "
        + (coq.isPresent() ? "Coq has no library " + String.join(", ", missing) : "no coqc on PATH") + " (Debian: "
        + Coq.installation(sources) + ")";
    if (System.getenv(REQUIRED) != null) {
      Assertions.fail(skipped + ", and " + REQUIRED + " is set");
    }
    if (!SAID.getAndSet(true)) {
      System.err.println(skipped);
    }
    Assumptions.abort(skipped);
    throw new AssertionError();
  }
}
