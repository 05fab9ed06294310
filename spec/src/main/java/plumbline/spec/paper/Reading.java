package plumbline.spec.paper;

import java.util.List;
import java.util.Optional;
import org.checkerframework.checker.nullness.qual.Nullable;

/** One way to read a statement: a verdict is always about a reading. */
public final class Reading {
  private final String id;
  private final String text;
  private final @Nullable String whyDefault;
  private final @Nullable String formula;
  private final List<Parameter> parameters;

  Reading(String id, String text, @Nullable String whyDefault, @Nullable String formula, List<Parameter> parameters) {
    this.id = id;
    this.text = text;
    this.whyDefault = whyDefault;
    this.formula = formula;
    this.parameters = List.copyOf(parameters);
  }

  /** Its id, unique within the statement, such as {@code sup-norm}. */
  public String id() {
    return id;
  }

  /** What the statement says on this reading. */
  public String text() {
    return text;
  }

  /** Whether this is the statement's default: each statement has exactly one. */
  public boolean isDefault() {
    return whyDefault != null;
  }

  /** Why this reading is the default; empty if it is not. */
  public Optional<String> whyDefault() {
    return Optional.ofNullable(whyDefault);
  }

  /** Its own formula in TeX, where it differs from the statement's. */
  public Optional<String> formula() {
    return Optional.ofNullable(formula);
  }

  /** The choices that it leaves open. */
  public List<Parameter> parameters() {
    return parameters;
  }

  @Override
  public String toString() {
    return id;
  }
}
