/**
 * Rounding-direction types for the enclosure kernels, and the checker that enforces them at compile time.
 *
 * <p>{@link plumbline.spec.rounding.Up} marks a number that is not below the true value it stands for,
 * {@link plumbline.spec.rounding.Down} one that is not above. Plain arithmetic rounds to nearest and yields neither, so
 * a plain {@code double} does not compile where an {@code @Up} radius is asked for; only the kernels' few directed
 * operations produce marked values.
 */
package plumbline.spec.rounding;
