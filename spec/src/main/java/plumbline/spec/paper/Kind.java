package plumbline.spec.paper;

import java.util.Locale;

/** What sort of statement an entry is; its id begins with {@link #prefix()}. */
public enum Kind {
  DEFINITION("def"),
  REMARK("rem"),
  LEMMA("lemma"),
  ASSUMPTION("asm"),
  THEOREM("thm"),
  COROLLARY("cor"),
  FACT("fact"),
  /** A part of the model that the paper describes without numbering it. */
  PHASE("phase"),
  /** Not of the paper: a claim that a user brings. */
  CLAIM("claim");

  private final String prefix;

  Kind(String prefix) {
    this.prefix = prefix;
  }

  /** What the ids of this kind begin with, such as {@code def} in {@code def-3.1}. */
  public String prefix() {
    return prefix;
  }

  /** The word that the specification and reports use, such as {@code definition}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
