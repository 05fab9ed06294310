package plumbline.report;

import gg.jte.Content;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.audit.AuditReport;
import plumbline.audit.StatementVerdict;
import plumbline.proof.Proof;
import plumbline.properties.Evidence;
import plumbline.reference.number.Decimals;
import plumbline.spec.claim.Verdict;
import plumbline.spec.paper.Paper;
import plumbline.spec.paper.ProofStep;
import plumbline.spec.paper.Reading;
import plumbline.spec.paper.Reference;
import plumbline.spec.paper.Statement;

/** What the template shows: the audit and the specification, put together by statement. */
public final class View {
  /** The parts of the paper, by what the number in a statement's label begins with. */
  private static final Map<String, String> PARTS = new LinkedHashMap<>();

  static {
    PARTS.put("3", "Section 3. Token maps and the VAR transformer");
    PARTS.put("4", "Section 4. Contextual mapping");
    PARTS.put("5", "Section 5. Universality of the VAR transformer");
    PARTS.put("6", "Section 6. Universality of FlowAR");
    PARTS.put("A", "Appendix A. Facts");
    PARTS.put("B", "Appendix B. Layers and phases of VAR");
    PARTS.put("C", "Appendix C. FlowAR");
    PARTS.put("D", "Appendix D. Inference of FlowAR");
  }

  private final Paper paper;
  private final AuditReport audit;
  private final Assets assets;
  private final Prose prose;
  private final List<Entry> entries;

  View(Paper paper, AuditReport audit, List<Figures.Source> sources) {
    this.paper = paper;
    this.audit = audit;
    this.assets = new Assets();
    this.prose = new Prose(paper, audit.verdicts().stream().map(v -> v.statement().id()).collect(Collectors.toSet()));
    this.entries = audit.verdicts().stream().map(verdict -> new Entry(verdict, audit.replay(verdict),
        sources.stream().flatMap(source -> source.figures(audit, verdict).stream())
            .filter(figure -> figure.statement().equals(verdict.statement().id())).toList())).toList();
  }

  public Paper paper() {
    return paper;
  }

  public AuditReport audit() {
    return audit;
  }

  public String style() {
    return assets.style();
  }

  public String early() {
    return assets.early();
  }

  public List<String> scripts() {
    return assets.scripts();
  }

  public String policy() {
    return assets.policy();
  }

  public List<Entry> entries() {
    return entries;
  }

  /** Whether the statement is on the page, so that a link can lead to it. */
  public boolean shows(String id) {
    return entries.stream().anyMatch(entry -> entry.id().equals(id));
  }

  /** Whether the page is about a user's claims and not about the paper. */
  public boolean own() {
    return !audit.claims().isEmpty();
  }

  /** Text as HTML, see {@link Prose}. */
  public Content prose(String text) {
    return prose.of(text);
  }

  /** The statements by part of the paper, in its order. */
  public Map<String, List<Entry>> parts() {
    Map<String, List<Entry>> parts = new LinkedHashMap<>();
    String part = "";
    for (Entry entry : entries) {
      // A phase has no number: it belongs to the part in which it stands.
      part = own() ? "Claims" : PARTS.getOrDefault(entry.number().substring(0, 1), part.isEmpty() ? "Unnumbered" : part);
      parts.computeIfAbsent(part, unused -> new ArrayList<>()).add(entry);
    }
    return parts;
  }

  /** How many statements have each verdict, on their default reading; verdicts that occur alone. */
  public Map<Verdict, Long> counts() {
    Map<Verdict, Long> counts = new EnumMap<>(Verdict.class);
    entries.forEach(entry -> counts.merge(entry.verdict(), 1L, Long::sum));
    return counts;
  }

  /** The statements that do not simply pass on every reading. */
  public List<Entry> findings() {
    return entries.stream().filter(e -> e.verdict() == Verdict.REFUTED || e.verdict() == Verdict.UNDECIDED
        || e.verdict() == Verdict.UNCHECKED || e.broken()
        || e.others().stream().anyMatch(other -> other.verdict() == Verdict.REFUTED)).toList();
  }

  /** In how many statements the paper's proof breaks. */
  public long broken() {
    return entries.stream().filter(Entry::broken).count();
  }

  /** How many checks were made, and how many cases they decided. */
  public String effort() {
    long checks = entries.stream().mapToLong(e -> e.evidence().size()).sum();
    long cases = entries.stream().flatMap(e -> e.evidence().stream()).mapToLong(Evidence::cases).sum();
    return String.format(Locale.ROOT, "%,d checks decided %,d cases", checks, cases).replace(',', '\u202f');
  }

  public List<Verdict> verdicts() {
    return Arrays.asList(Verdict.values());
  }

  /** What a verdict means. */
  public String meaning(Verdict verdict) {
    return switch (verdict) {
      case DEFINED -> "A definition or model: implemented, and all number systems agree on random inputs.";
      case PROVED -> "It is a theorem, whole: the proof assistant Coq checked its proof, which rests on the axioms shown.";
      case HOLDS -> "Every case was decided, with certainty, in its favour. This is evidence and no proof.";
      case REFUTED -> "An exact input contradicts it, or keeps a whole class of functions away from a target by the argument"
          + " shown; the inequality at its heart is certified. Where it says so, Coq checked a theorem that contradicts it, too.";
      case UNDECIDED -> "Some case could not be separated within the precision limit; its enclosures are shown.";
      case UNCHECKED -> "Not checked; the reason is given.";
    };
  }

  /** A sign for the verdict, so that colour is not all that tells them apart. */
  public static String sign(Verdict verdict) {
    return switch (verdict) {
      case DEFINED -> "≔";
      case PROVED -> "∎";
      case HOLDS -> "✓";
      case REFUTED -> "✗";
      case UNDECIDED -> "?";
      case UNCHECKED -> "–";
    };
  }

  /** Cases, worst slack and precision of a check, in a line. */
  public static String numbers(Evidence evidence) {
    List<String> parts = new ArrayList<>();
    parts.add(String.format(Locale.ROOT, "%,d", evidence.cases()).replace(',', '\u202f')
        + (evidence.cases() == 1 ? " case" : " cases"));
    Double slack = evidence.worstSlack();
    if (slack != null) {
      parts.add("worst slack " + Decimals.brief(slack).replace('-', '−'));
    }
    parts.add(evidence.bits() == 0 ? "exact rationals" : evidence.bits() + " bits");
    return String.join(" · ", parts);
  }

  /** How far the sides of a check's inequalities were apart; {@code null} where none was measured. */
  public static @Nullable Figure slack(String statement, Evidence evidence) {
    List<Figure.Row> rows = evidence.ratios().entrySet().stream().filter(e -> e.getValue().length > 1)
        .map(e -> new Figure.Row(e.getKey(), e.getValue())).toList();
    return rows.stream().noneMatch(row -> FigureData.varies(row.values())) ? null : new Figure.Histogram(statement, "How far apart the sides are",
        "log₁₀ (right / left) of each inequality over the cases: 0 is a tie, 1 a factor of ten to spare.",
        new Figure.Axis("log₁₀ (right / left)", false), rows);
  }

  /** The parts of a figure's picture. */
  public static List<FigureData.Part> parts(Figure figure) {
    return FigureData.parts(figure);
  }

  /** A figure's data in numbers. */
  public static FigureData.Table table(Figure figure) {
    return FigureData.table(figure);
  }

  /** How a counterexample's inequality was decided. */
  public static List<Witness> decision(Evidence evidence) {
    return Witness.decision(evidence.witness());
  }

  /** The exact inputs and values of a counterexample. */
  public static List<Witness> values(Evidence evidence) {
    return Witness.values(evidence.witness());
  }

  /** What was claimed or found, as a sentence: titles of layers begin in lower case. */
  public static String sentence(String text) {
    boolean word = text.length() > 3 && text.substring(0, 4).chars().allMatch(c -> c >= 'a' && c <= 'z' || c == '-');
    return word ? Character.toUpperCase(text.charAt(0)) + text.substring(1) : text;
  }

  /** Where a cited work can be read. */
  public static String address(Reference work) {
    return "https://arxiv.org/abs/" + work.arxiv();
  }

  /**
   * A statement with all that was found about it.
   *
   * @param found its verdict and evidence
   * @param replay the command that runs its checks again
   * @param figures its figures
   */
  public record Entry(StatementVerdict found, String replay, List<Figure> figures) {
    public Statement statement() {
      return found.statement();
    }

    public String id() {
      return statement().id();
    }

    public Verdict verdict() {
      return found.verdict();
    }

    public List<Evidence> evidence() {
      return found.evidence();
    }

    /** Its number in the paper, such as {@code B.3}. */
    public String number() {
      return statement().label().substring(statement().label().indexOf(' ') + 1);
    }

    /** Its readings, the default first. */
    public List<Taken> readings() {
      List<Taken> readings = new ArrayList<>();
      for (Reading reading : statement().readings()) {
        Verdict verdict = reading.isDefault() ? verdict() : found.otherReadings().getOrDefault(reading.id(), Verdict.UNCHECKED);
        Taken taken = new Taken(reading, verdict,
            evidence().stream().filter(e -> e.step() == 0 && e.reading().equals(reading.id())).toList(), found.proofs(reading.id()));
        readings.add(reading.isDefault() ? 0 : readings.size(), taken);
      }
      return readings;
    }

    /** The steps of its proof. */
    public List<Step> steps() {
      List<Step> steps = new ArrayList<>();
      for (ProofStep step : statement().proof()) {
        int number = steps.size() + 1;
        steps.add(new Step(number, step, evidence().stream().filter(e -> e.step() == number).toList()));
      }
      return steps;
    }

    /** The first step of its proof that fails on the default reading; 0 if none does. */
    public int brokenStep() {
      return found.brokenStep(statement().defaultReading().id());
    }

    /** Whether a step of its proof fails on the default reading. */
    public boolean broken() {
      return brokenStep() > 0;
    }

    /** The readings other than the default that were checked. */
    public List<Taken> others() {
      return readings().stream().filter(t -> !t.reading().isDefault() && t.verdict() != Verdict.UNCHECKED).toList();
    }

    /** Why it is unchecked. */
    public String reason() {
      return statement().unchecked().orElse("No check of its default reading was run.");
    }
  }

  /**
   * A reading with its verdict.
   *
   * @param reading the reading
   * @param verdict what its evidence adds up to
   * @param evidence what each check of it found
   * @param proofs what machine-checked theorems do for it
   */
  public record Taken(Reading reading, Verdict verdict, List<Evidence> evidence, List<Proof> proofs) {
    /** Whether a theorem refutes it. */
    public boolean refutedByTheorem() {
      return proofs.stream().anyMatch(Proof::refutes);
    }
  }

  /**
   * A step of a proof.
   *
   * @param number its number, from 1
   * @param step what it claims
   * @param evidence what each check of it found, on any reading
   */
  public record Step(int number, ProofStep step, List<Evidence> evidence) {
    /** Whether it fails on some reading. */
    public boolean broken() {
      return evidence.stream().anyMatch(e -> e.verdict() == Verdict.REFUTED);
    }

    /** What was found about it, all readings together. */
    public Verdict verdict() {
      return broken() ? Verdict.REFUTED
          : evidence.isEmpty() ? Verdict.UNCHECKED
          : evidence.stream().allMatch(e -> e.verdict() == Verdict.HOLDS) ? Verdict.HOLDS : Verdict.UNDECIDED;
    }
  }
}
