package plumbline.spec.paper;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.checkerframework.checker.nullness.qual.Nullable;

/** One statement of the paper. Formulas are TeX; every other text is plain. */
public final class Statement {
  private final String id;
  private final Kind kind;
  private final String title;
  private final String formula;
  private final List<String> hypotheses;
  private final String text;
  private final List<Reconstruction> reconstructed;
  private final List<Reading> readings;
  private final Reading defaultReading;
  private final List<String> references;
  private final List<String> sources;
  private final List<String> remarks;
  private final List<ProofStep> proof;
  private final @Nullable String unchecked;

  Statement(
      String id,
      Kind kind,
      String title,
      String formula,
      List<String> hypotheses,
      String text,
      List<Reconstruction> reconstructed,
      List<Reading> readings,
      Reading defaultReading,
      List<String> references,
      List<String> sources,
      List<String> remarks,
      List<ProofStep> proof,
      @Nullable String unchecked) {
    this.id = id;
    this.kind = kind;
    this.title = title;
    this.formula = formula;
    this.hypotheses = List.copyOf(hypotheses);
    this.text = text;
    this.reconstructed = List.copyOf(reconstructed);
    this.readings = List.copyOf(readings);
    this.defaultReading = defaultReading;
    this.references = List.copyOf(references);
    this.sources = List.copyOf(sources);
    this.remarks = List.copyOf(remarks);
    this.proof = List.copyOf(proof);
    this.unchecked = unchecked;
  }

  /**
   * A claim that is not of the paper, with the one reading {@code reading}.
   *
   * @param id its id, which no statement of the paper has
   * @param text what it says
   */
  public static Statement own(String id, String reading, String text) {
    Reading only = new Reading(reading, text, "It is the only one.", null, List.of());
    return new Statement(id, Kind.CLAIM, id, "", List.of(), text, List.of(), List.of(only), only, List.of(), List.of(), List.of(),
        List.of(), null);
  }

  /** Its id, such as {@code lemma-5.4}. */
  public String id() {
    return id;
  }

  public Kind kind() {
    return kind;
  }

  /** What the paper calls it: {@code Lemma 5.4}, {@code Definition B.3}, {@code Phase two}. */
  public String label() {
    if (kind == Kind.CLAIM) {
      return "Claim " + id;
    }
    String word = kind.word();
    String number = id.substring(id.indexOf('-') + 1);
    return Character.toUpperCase(word.charAt(0)) + word.substring(1) + " "
        + (kind == Kind.PHASE ? number : number.toUpperCase(Locale.ROOT));
  }

  /** What it is about, in a few words. */
  public String title() {
    return title;
  }

  /** The whole statement as a formula: TeX for display mode; empty for a claim that is not of the paper. */
  public String formula() {
    return formula;
  }

  /** What it assumes. */
  public List<String> hypotheses() {
    return hypotheses;
  }

  /** What it says, in plain language. */
  public String text() {
    return text;
  }

  /** Its parts that were reconstructed; empty if none was. */
  public List<Reconstruction> reconstructed() {
    return reconstructed;
  }

  /** The ways to read it; exactly one is the default. */
  public List<Reading> readings() {
    return readings;
  }

  /** The reading taken unless another is named. */
  public Reading defaultReading() {
    return defaultReading;
  }

  /** The reading of this id, if there is one. */
  public Optional<Reading> reading(String readingId) {
    return readings.stream().filter(r -> r.id().equals(readingId)).findFirst();
  }

  /** Ids of the statements that it uses or should be read with. */
  public List<String> references() {
    return references;
  }

  /** Where it comes from: sections of the paper and works by bibliography key, such as {@code [42] Lemma 2.2}. */
  public List<String> sources() {
    return sources;
  }

  /** What else a reader should know. */
  public List<String> remarks() {
    return remarks;
  }

  /** The steps of the paper's proof, numbered from 1 in this order; empty if it gives none in steps. */
  public List<ProofStep> proof() {
    return proof;
  }

  /** Why it cannot be checked yet; empty if something checks it. */
  public Optional<String> unchecked() {
    return Optional.ofNullable(unchecked);
  }

  @Override
  public String toString() {
    return id;
  }
}
