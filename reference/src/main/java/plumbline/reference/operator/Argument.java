package plumbline.reference.operator;

/**
 * A tensor in an operator's signature.
 *
 * @param name its name; a name that ends in {@code _*} stands for the family {@code _1}, {@code _2}, …
 * @param shape its shape in symbols, such as {@code n×d}, {@code d}, {@code h×w×c} or {@code scalar}; equal symbols are
 *     equal sizes throughout the signature, a number is itself, {@code h·r} and {@code h/r} are a product and a quotient,
 *     and {@code *} in a family is the member's number
 * @param optional whether it may be left out
 * @param doc what it is, in one sentence
 */
public record Argument(String name, String shape, boolean optional, String doc) {

  /** Whether this stands for any number of tensors, numbered from 1. */
  public boolean isFamily() {
    return name.endsWith("_*");
  }
}
