package plumbline.properties.mutation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import plumbline.properties.mutation.Study.Case;
import plumbline.properties.mutation.Study.Outcome;
import plumbline.reference.conformance.Ruling;
import plumbline.reference.envelope.Model;

/** What a study found: how many bugs were proved, by layer, bug and size of the inputs. */
public final class StudyReport {

  /** How many implementations on how many inputs were judged, and how. */
  public static final class Tally {
    private int judged;
    private int bugs;
    private int undecided;

    private void count(Ruling ruling) {
      judged++;
      bugs += ruling == Ruling.BUG ? 1 : 0;
      undecided += ruling == Ruling.UNDECIDED ? 1 : 0;
    }

    private void add(Tally other) {
      judged += other.judged;
      bugs += other.bugs;
      undecided += other.undecided;
    }

    /** Implementations judged. */
    public int judged() {
      return judged;
    }

    /** Those proved to have a bug. */
    public int bugs() {
      return bugs;
    }

    /** Those of which the envelope says nothing. */
    public int undecided() {
      return undecided;
    }

    private boolean all() {
      return bugs == judged;
    }

    private String percent() {
      // Only what is proved without exception is 100 %, and only what is never proved is 0 %.
      if (judged == 0) {
        return "=";
      }
      return Integer.toString(all() ? 100 : bugs == 0 ? 0 : Math.max(1, 100 * bugs / judged));
    }
  }

  /** One bug at one size of inputs. */
  public static final class Cell {
    private final Tally whole = new Tally();
    private final Tally staged = new Tally();
    private final Tally probed = new Tally();
    private int equivalent;
    private double leastUsed = Double.POSITIVE_INFINITY;
    private double mostUsed;

    /** Judged end to end, where the bug changed the result. */
    public Tally whole() {
      return whole;
    }

    /** Judged stage by stage, where the bug changed a stage. */
    public Tally staged() {
      return staged;
    }

    /** Judged stage by stage on one-hot inputs, where the bug changed a stage. */
    public Tally probed() {
      return probed;
    }

    /** Inputs on which the bug changed no bit of the result. */
    public int equivalent() {
      return equivalent;
    }

    /** The worst entry's error over the one allowed, end to end: above 1 it is a bug. The least of all inputs. */
    public double leastUsed() {
      return leastUsed;
    }

    /** The same, the most of all inputs. */
    public double mostUsed() {
      return mostUsed;
    }

    private void add(Outcome outcome, Kind kind) {
      if (kind == Kind.PROBE) {
        if (!outcome.hidden()) {
          probed.count(outcome.staged());
        }
        return;
      }
      if (!outcome.hidden()) {
        staged.count(outcome.staged());
      }
      if (outcome.equivalent()) {
        equivalent++;
        return;
      }
      whole.count(outcome.whole());
      leastUsed = Math.min(leastUsed, outcome.used());
      mostUsed = Math.max(mostUsed, outcome.used());
    }

    private boolean certain() {
      return whole.all() && staged.all();
    }

    /** Percent end to end; then stage by stage, and on one-hot inputs, as long as something is missing. */
    private String text(boolean stages) {
      StringBuilder text = new StringBuilder(whole.percent());
      if (whole.all()) {
        return text.toString();
      }
      if (stages) {
        text.append(" → ").append(staged.percent());
      }
      if (probed.judged > 0 && !(stages && staged.all())) {
        text.append(" ⇢ ").append(probed.percent());
      }
      return text.toString();
    }
  }

  /**
   * One bug of one layer.
   *
   * @param layer the layer
   * @param bug the bug
   * @param note how it comes about
   * @param severity {@code gross} or {@code subtle}
   * @param limit why it may be missed; empty if it must not be
   * @param cells by size of the inputs
   */
  public record Row(String layer, String bug, String note, String severity, String limit, Map<String, Cell> cells) {
    private boolean certain() {
      return cells.values().stream().allMatch(Cell::certain);
    }
  }

  private final Model model;
  private final Map<String, Boolean> staged = new LinkedHashMap<>();
  private final Map<String, Map<String, Row>> rows = new LinkedHashMap<>();
  /** Honest implementations by layer. */
  private final Map<String, Tally> honest = new LinkedHashMap<>();
  private final List<String> falseAlarms = new ArrayList<>();

  StudyReport(Model model, List<Subject> layers) {
    this.model = model;
    for (Subject layer : layers) {
      staged.put(layer.name(), layer.staged());
      honest.put(layer.name(), new Tally());
      Map<String, Row> bugs = new LinkedHashMap<>();
      for (Mutant mutant : layer.mutants()) {
        bugs.put(mutant.name(), new Row(layer.name(), mutant.name(), mutant.note(),
            mutant.severity().name().toLowerCase(Locale.ROOT), mutant.limit(), new LinkedHashMap<>()));
      }
      rows.put(layer.name(), bugs);
    }
  }

  void add(Case c, List<Outcome> outcomes) {
    String layer = c.layer().name();
    for (Outcome outcome : outcomes) {
      if (outcome.bug() != null) {
        row(layer, outcome.name()).cells().computeIfAbsent(c.layer().text(c.size()), size -> new Cell())
            .add(outcome, c.kind());
        continue;
      }
      Ruling ruling = outcome.whole() == Ruling.BUG || outcome.staged() == Ruling.BUG ? Ruling.BUG : outcome.whole();
      honest(layer).count(ruling);
      if (ruling == Ruling.BUG) {
        falseAlarms.add(c + ", " + outcome.name());
      }
    }
  }

  private Row row(String layer, String bug) {
    Map<String, Row> bugs = rows.get(layer);
    Row row = bugs == null ? null : bugs.get(bug);
    if (row == null) {
      throw new IllegalArgumentException(layer + " has no bug " + bug);
    }
    return row;
  }

  /** All bugs of all layers. */
  public List<Row> rows() {
    return rows.values().stream().flatMap(bugs -> bugs.values().stream()).toList();
  }

  /** Honest implementations of a layer; of {@link Tally#bugs} there must be none. */
  public Tally honest(String layer) {
    Tally tally = honest.get(layer);
    if (tally == null) {
      throw new IllegalArgumentException(layer + " was not studied");
    }
    return tally;
  }

  /** Honest implementations that were called a bug, with their inputs. */
  public List<String> falseAlarms() {
    return List.copyOf(falseAlarms);
  }

  /** Bugs that the study must prove and did not, with their sizes. */
  public List<String> missed() {
    List<String> missed = new ArrayList<>();
    for (Row row : rows()) {
      row.cells().forEach((size, cell) -> {
        if (row.limit().isEmpty() && !cell.staged().all() && !(cell.probed().judged() > 0 && cell.probed().all())) {
          missed.add(row.layer() + ", " + row.bug() + ", " + size);
        }
      });
    }
    return missed;
  }

  /** The layers studied. */
  public List<String> layers() {
    return List.copyOf(rows.keySet());
  }

  /**
   * The report in Markdown.
   *
   * @param brief whether bugs that were always proved, at every size, are named in a line instead of having a row each
   */
  public String markdown(boolean brief) {
    StringBuilder text = new StringBuilder();
    Tally all = new Tally();
    honest.values().forEach(all::add);
    List<Cell> cells = rows().stream().flatMap(row -> row.cells().values().stream()).toList();
    int judged = cells.stream().mapToInt(cell -> cell.whole.judged).sum();
    int equivalent = cells.stream().mapToInt(Cell::equivalent).sum();
    text.append(String.format(Locale.ROOT, """
        Model %s. %,d honest results: %d called a bug, %d undecided. %d bugs, %,d results with one; %,d more left every
        bit of the result as it was and do not count.

        Percent of results proved to be a bug, by size. `→`: stage by stage, each tensor that the implementation hands
        out judged from the tensors it was made of. `⇢`: the same on one-hot inputs. `=`: no bit differs.
        """, model.name(), all.judged, all.bugs, all.undecided, rows().size(), judged, equivalent));
    rows.forEach((layer, bugs) -> layer(text, layer, List.copyOf(bugs.values()), brief));
    return text.toString();
  }

  private void layer(StringBuilder text, String layer, List<Row> bugs, boolean brief) {
    Tally tally = honest(layer);
    boolean stages = staged.getOrDefault(layer, false);
    text.append(String.format(Locale.ROOT, "\n**%s** (%,d honest results, %d called a bug", layer, tally.judged, tally.bugs))
        .append(tally.undecided == 0 ? ")\n" : ", " + tally.undecided + " undecided)\n");
    List<String> sizes = sizes(bugs);
    List<Row> shown = bugs.stream().filter(row -> !brief || !row.certain()).toList();
    if (!shown.isEmpty()) {
      text.append('\n');
      line(text, "bug", "", sizes, size -> size);
      line(text, "---", "---", sizes, size -> "--:");
      for (Row row : shown) {
        line(text, row.bug(), row.severity(), sizes, size -> {
          Cell cell = row.cells().get(size);
          return cell == null ? "" : cell.text(stages);
        });
      }
    }
    if (brief && shown.size() < bugs.size()) {
      text.append("\nAlways proved, at all sizes: ").append(bugs.stream().filter(Row::certain).map(Row::bug)
          .collect(Collectors.joining("; "))).append(".\n");
    }
  }

  private static List<String> sizes(List<Row> bugs) {
    Set<String> sizes = new LinkedHashSet<>();
    bugs.forEach(row -> sizes.addAll(row.cells().keySet()));
    return List.copyOf(sizes);
  }

  private static void line(StringBuilder text, String bug, String severity, List<String> sizes,
      Function<String, String> cell) {
    text.append("| ").append(bug).append(" | ").append(severity).append(" | ")
        .append(sizes.stream().map(cell).collect(Collectors.joining(" | "))).append(" |\n");
  }
}
