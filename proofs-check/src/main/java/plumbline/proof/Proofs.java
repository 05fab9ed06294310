package plumbline.proof;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import plumbline.reference.io.InputException;

/** The theorems of an index, each with whether the sources are still those that it was checked from. No Coq is needed. */
public final class Proofs {
  /** No theorems. */
  public static final Proofs NONE = new Proofs(List.of(), List.of());

  private final List<Proof> proofs;
  private final List<KernelTie> kernels;

  private Proofs(List<Proof> proofs, List<KernelTie> kernels) {
    this.proofs = List.copyOf(proofs);
    this.kernels = List.copyOf(kernels);
  }

  /** What this program was built with. */
  public static Proofs packaged() {
    return of(CoqSources.packaged());
  }

  /**
   * The index beside some sources, compared with them.
   *
   * @throws InputException if it is malformed
   */
  static Proofs of(CoqSources sources) {
    Optional<String> text = sources.index();
    if (text.isEmpty()) {
      return NONE;
    }
    TheoremIndex index = TheoremIndex.read(text.get());
    Map<String, Theorem> theorems = new HashMap<>();
    index.theorems().forEach(theorem -> theorems.put(theorem.name(), theorem));
    List<Proof> proofs = new ArrayList<>();
    for (Tie tie : index.readings()) {
      List<Theorem> used = tie.theorems().stream().map(name -> Optional.ofNullable(theorems.get(name))
          .orElseThrow(() -> new InputException(TheoremIndex.FILE + ": no theorem " + name))).toList();
      boolean changed = used.stream().anyMatch(each -> !sources.hash(each.files()).equals(each.sha256()));
      proofs.add(new Proof(tie, used, changed));
    }
    return new Proofs(proofs, index.kernels());
  }

  /** Those about a statement, in the order of the index. */
  public List<Proof> of(String statement) {
    return proofs.stream().filter(proof -> proof.tie().statement().equals(statement)).toList();
  }

  /** Those about readings. */
  public List<Proof> all() {
    return proofs;
  }

  /** What theorems do for the arithmetic. */
  public List<KernelTie> kernels() {
    return kernels;
  }
}
