package plumbline.spec.number;

/**
 * A matrix that says where its true entries lie. Only certified matrices can decide anything: a rounded matrix has no
 * such methods, so comparing two rounded numbers and calling it a verdict does not compile.
 *
 * @param <M> the matrix type itself
 */
public interface Certified<M extends Certified<M>> extends Matrix<M> {

  @Override
  CertifiedSystem<M> system();

  /** Sign (−1, 0, 1) of the lower end of the enclosure of an entry; −1 if it has no lower end. Exact. */
  int signOfLower(int row, int column);

  /** Sign (−1, 0, 1) of the upper end of the enclosure of an entry; 1 if it has no upper end. Exact. */
  int signOfUpper(int row, int column);

  /** The enclosure of an entry, with exact ends. */
  Interval enclosure(int row, int column);
}
