package plumbline.proof;

import java.util.List;

/**
 * What machine-checked theorems do for a reading.
 *
 * @param tie the reading, and their role
 * @param theorems the theorems
 * @param changed files of them that have changed since they were checked; then nothing is shown as proved
 */
public record Proof(Tie tie, List<Theorem> theorems, boolean changed) {

  /** Whether they prove the reading as a whole, from the sources as they are. */
  public boolean proves() {
    return tie.role() == Role.PROVES && tie.settles() && !changed;
  }

  /** Whether they refute it, from the sources as they are. */
  public boolean refutes() {
    return tie.role() == Role.REFUTES && tie.settles() && !changed;
  }
}
