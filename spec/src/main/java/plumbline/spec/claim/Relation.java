package plumbline.spec.claim;

/** How the two sides of an {@link Inequality} are claimed to stand to each other, entry by entry. */
public enum Relation {
  LESS("<"),
  LESS_OR_EQUAL("≤"),
  EQUAL("=");

  private final String symbol;

  Relation(String symbol) {
    this.symbol = symbol;
  }

  /** The sign that reports print. */
  public String symbol() {
    return symbol;
  }
}
