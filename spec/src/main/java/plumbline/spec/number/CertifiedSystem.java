package plumbline.spec.number;

/**
 * A number system whose results may decide: each entry comes with a guaranteed enclosure (see the contract in the
 * package description).
 *
 * @param <M> the matrices of this system
 */
public interface CertifiedSystem<M extends Certified<M>> extends NumberSystem<M> {

  @Override
  M lift(ExactMatrix exact);

  /**
   * The tightest enclosure in this system of all matrices between {@code lower} and {@code upper}, entry by entry.
   *
   * @throws NotExactException if this system holds exact values only and the two differ
   * @throws IllegalArgumentException if some lower end exceeds its upper end
   */
  M enclose(ExactMatrix lower, ExactMatrix upper);
}
