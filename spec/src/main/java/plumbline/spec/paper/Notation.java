package plumbline.spec.paper;

/**
 * A piece of notation.
 *
 * @param formula the symbol or its definition, in TeX
 * @param text what it means
 */
public record Notation(String formula, String text) {}
