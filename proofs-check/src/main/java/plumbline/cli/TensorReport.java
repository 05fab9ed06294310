package plumbline.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.fraction.BigFraction;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.reference.conformance.Bounds;
import plumbline.reference.conformance.Judgement;
import plumbline.reference.conformance.Ruling;
import plumbline.reference.conformance.UlpErrors;
import plumbline.reference.envelope.Model;
import plumbline.reference.io.NpyArray;
import plumbline.reference.number.Decimals;
import plumbline.spec.number.Interval;

/**
 * One output tensor, judged and measured.
 *
 * @param y what the implementation returned
 * @param id what it claims to be the result of: a statement, the last of a chain, or a node
 * @param title the same in words
 */
record TensorReport(NpyArray y, String id, String title, Model model, Judgement judgement, UlpErrors errors) {
  private static final int WORST = 5;

  boolean isSettled() {
    return judgement.isSettled() && errors.isTight();
  }

  /** Why the verdict is undecided, or {@code null}. */
  @Nullable String reason() {
    return judgement.reason();
  }

  /** The verdict in words: the ruling, and why it is open. */
  private String verdict() {
    String reason = judgement.reason();
    return judgement.ruling().word() + (reason == null ? "" : ": " + reason);
  }

  void print(PrintWriter out) {
    out.println(y + ": " + verdict());
    if (judgement.size() > 0) {
      printEnvelope(out);
    }
    int worst = errors.worst();
    if (worst >= 0) {
      double negligible = UlpErrors.NEGLIGIBLE;
      int far = errors.worstAbsolute();
      out.println("  largest error   " + errors.ulpsAt(1).text(negligible) + " ulp " + at(worst));
      out.println("  of the entries  99 %: " + errors.ulpsAt(0.99).text(negligible) + " ulp or less; half: "
          + errors.ulpsAt(0.5).text(negligible) + " ulp or less");
      out.println("  absolute        " + errors.largestAbsolute().text(0) + (far == worst ? " there" : " " + at(far)));
      out.println("  relative        " + errors.relative().text(negligible) + " ε·max|" + y.name() + "|, ε = 2^"
          + (1 - y.dtype().precision()));
    }
    if (errors.countNaN() > 0) {
      int e = errors.firstNaN();
      out.println("  NaN             " + errors.countNaN() + " of " + y.size() + " entries, the first at " + y.index(e)
          + ", where the exact value is " + exact(e) + "; left out of the errors above");
    }
    if (errors.countInfinite() > 0) {
      out.println("  infinite        " + errors.countInfinite() + " of " + y.size() + " entries; for "
          + errors.countOverflow() + " of them the exact value rounds to infinity; ∞ counts as 2^"
          + (y.dtype().maxExponent() + 1));
    }
    out.println("  decided with    " + (judgement.isSettled() ? "" : "undecided at ")
        + (judgement.bits() == 0 ? "exact rationals" : judgement.bits() + " bits")
        + (errors.isTight() ? "" : "; more would narrow the errors in ulps"));
  }

  private void printEnvelope(PrintWriter out) {
    Ruling ruling = judgement.ruling();
    Bounds share = judgement.share();
    out.println("  envelope        " + (ruling == Ruling.BUG
        ? "left by " + judgement.count(Ruling.BUG) + " of " + judgement.size() + " entries; the worst error is "
            + share.text(0)
            + " times what is allowed"
        : share.text(0) + " of it used at most" + (ruling == Ruling.UNDECIDED
            ? "; " + judgement.count(Ruling.UNDECIDED) + " of " + judgement.size() + " entries are undecided" : "")));
    double median = judgement.tightness();
    if (ruling != Ruling.BUG && !Double.isNaN(median)) {
      out.println("  tightness       the error allowed is " + Decimals.brief(median) + " times the error seen (median), "
          + Decimals.brief(judgement.tightnessOfLargest()) + " times for the largest of each");
    }
    for (int e : shown()) {
      out.println("  " + (ruling == Ruling.ROUNDING ? "nearest to it   " : "worst           ") + y.index(e) + ": file "
          + value(e)
          + ", exact " + exact(e) + ", error " + judgement.distance(e).text(0) + " of " + allowed(e) + " allowed");
    }
  }

  /** The worst entries; one where all are within the envelope, and bugs alone where there are some. */
  private List<Integer> shown() {
    List<Integer> shown = new ArrayList<>();
    for (int e : judgement.worst(judgement.ruling() == Ruling.ROUNDING ? 1 : WORST)) {
      if (judgement.ruling() != Ruling.BUG || judgement.ruling(e) == Ruling.BUG) {
        shown.add(e);
      }
    }
    return shown;
  }

  private String allowed(int e) {
    return new Bounds(judgement.error(e), judgement.error(e)).text(0);
  }

  private String at(int e) {
    return "at " + y.index(e) + ": file " + value(e) + ", exact " + exact(e);
  }

  private String value(int e) {
    return y.dtype().precision() > 24 ? Double.toString(y.get(e)) : Float.toString((float) y.get(e));
  }

  /** The exact value to a few digits more than the type has, as far as they are known. */
  private String exact(int e) {
    Interval interval = judgement.exact(e);
    BigFraction lower = interval.lower();
    BigFraction upper = interval.upper();
    if (lower == null || upper == null) {
      return Decimals.interval(interval, 3);
    }
    for (int digits = y.dtype().precision() * 3 / 10 + 4; digits > 2; digits--) {
      String text = Decimals.scientific(lower, digits, RoundingMode.HALF_EVEN);
      if (text.equals(Decimals.scientific(upper, digits, RoundingMode.HALF_EVEN))) {
        return text;
      }
    }
    return "in " + Decimals.interval(interval, 3);
  }

  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("name", y.name());
    json.put("computes", id);
    json.put("dtype", y.dtype().word());
    ArrayNode shape = json.putArray("shape");
    for (int dimension : y.shape()) {
      shape.add(dimension);
    }
    json.put("model", model.name());
    json.put("verdict", judgement.ruling().word());
    String reason = judgement.reason();
    if (reason != null) {
      json.put("reason", reason);
    }
    ObjectNode entries = json.putObject("entries");
    for (Ruling ruling : Ruling.values()) {
      entries.put(ruling.word(), judgement.count(ruling));
    }
    bounds(json, "share", judgement.share());
    json.put("tightness", judgement.tightness());
    json.put("tightness_of_largest", judgement.tightnessOfLargest());
    ArrayNode nearest = json.putArray("worst_entries");
    for (int e : judgement.worst(WORST)) {
      ObjectNode node = entry(e).put("verdict", judgement.ruling(e).word()).put("allowed", judgement.error(e));
      bounds(node, "error", judgement.distance(e));
      nearest.add(node);
    }
    json.put("settled", isSettled());
    json.put("bits", judgement.bits());
    bounds(json, "max_ulps", errors.ulpsAt(1));
    bounds(json, "p99_ulps", errors.ulpsAt(0.99));
    bounds(json, "median_ulps", errors.ulpsAt(0.5));
    bounds(json, "max_absolute", errors.largestAbsolute());
    bounds(json, "max_relative_epsilon", errors.relative());
    int worst = errors.worst();
    if (worst >= 0) {
      json.set("worst", entry(worst));
      json.set("worst_absolute", entry(errors.worstAbsolute()));
    }
    json.put("nan", errors.countNaN());
    json.put("infinite", errors.countInfinite());
    json.put("overflow", errors.countOverflow());
    return json;
  }

  private ObjectNode entry(int e) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode index = json.putArray("index");
    for (int i : NpyArray.index(y.shape(), e)) {
      index.add(i);
    }
    return json.put("value", y.get(e)).put("exact", exact(e));
  }

  private static void bounds(ObjectNode json, String name, Bounds bounds) {
    json.putArray(name).add(bounds.lower()).add(bounds.upper());
  }
}
