package plumbline.reference.var;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import plumbline.spec.layer.TokenMap;
import plumbline.spec.number.Matrix;
import plumbline.spec.number.Shape;
import plumbline.spec.number.ShapeException;

/**
 * The sizes h_1×w_1, …, h_K×w_K of a sequence of token maps, each larger than the one before in both directions (as
 * Definition 3.2 asks), and how the maps are merged into one matrix of Σ h_i w_i rows ({@code rem-3.5}): one map below the
 * other, the first on top.
 *
 * @param scales the sizes, coarsest first; may be empty
 */
public record ScaleSchedule(List<Scale> scales) {

  /**
   * The size of one token map, in pixels.
   *
   * @param height h, at least 1
   * @param width w, at least 1
   */
  public record Scale(int height, int width) {

    public Scale {
      if (height < 1 || width < 1) {
        throw new ShapeException("rem-3.5: a scale has at least one pixel, got " + height + "×" + width);
      }
    }

    /** Number of tokens, h·w. */
    public int tokens() {
      return Math.multiplyExact(height, width);
    }

    @Override
    public String toString() {
      return height + "×" + width;
    }
  }

  /** The ten square scales 1, 2, 3, 4, 5, 6, 8, 10, 13, 16 of arXiv 2404.02905: 680 tokens. */
  public static final ScaleSchedule VAR = square(1, 2, 3, 4, 5, 6, 8, 10, 13, 16);

  public ScaleSchedule {
    scales = List.copyOf(scales);
    for (int i = 1; i < scales.size(); i++) {
      Scale previous = scales.get(i - 1);
      Scale scale = scales.get(i);
      if (scale.height() <= previous.height() || scale.width() <= previous.width()) {
        throw new ShapeException("def-3.2: each scale is larger than the one before in both directions, got " + scale
            + " after " + previous);
      }
    }
  }

  /** Square scales with the given sides. */
  public static ScaleSchedule square(int... sides) {
    return new ScaleSchedule(Arrays.stream(sides).mapToObj(side -> new Scale(side, side)).collect(Collectors.toList()));
  }

  /** Number K of scales. */
  public int size() {
    return scales.size();
  }

  /** Scale {@code i}, counted from 0. */
  public Scale get(int i) {
    return scales.get(i);
  }

  /** The last, finest scale. */
  public Scale last() {
    return scales.get(size() - 1);
  }

  /** Number of tokens of all maps, Σ h_i w_i. */
  public int tokens() {
    int sum = 0;
    for (Scale scale : scales) {
      sum = Math.addExact(sum, scale.tokens());
    }
    return sum;
  }

  /** The first {@code n} scales. */
  public ScaleSchedule prefix(int n) {
    return new ScaleSchedule(scales.subList(0, n));
  }

  /**
   * The token maps that {@code merged} holds.
   *
   * @throws ShapeException unless it has {@link #tokens()} rows
   */
  public <M extends Matrix<M>> List<TokenMap<M>> split(M merged) {
    Shape.require("rem-3.5", "X of the scales " + scales, Shape.of(merged), tokens(), -1);
    List<TokenMap<M>> maps = new ArrayList<>();
    int from = 0;
    for (Scale scale : scales) {
      maps.add(new TokenMap<>(scale.height(), scale.width(), merged.rowRange(from, from + scale.tokens())));
      from += scale.tokens();
    }
    return maps;
  }

  /**
   * The token maps, one below the other: (Σ h_i w_i)×d.
   *
   * @throws ShapeException unless the maps, at least one, have the sizes of this schedule and one number of channels
   */
  public <M extends Matrix<M>> M merge(List<TokenMap<M>> maps) {
    if (maps.isEmpty() || maps.size() != size()) {
      throw new ShapeException("rem-3.5: " + size() + " token maps are to be merged, at least one, got " + maps.size());
    }
    M merged = maps.get(0).tokens();
    for (int i = 0; i < maps.size(); i++) {
      TokenMap<M> map = maps.get(i);
      if (map.height() != get(i).height() || map.width() != get(i).width() || map.channels() != merged.columns()) {
        throw new ShapeException("rem-3.5: token map " + (i + 1) + " must be " + get(i) + "×" + merged.columns() + ", got "
            + map.shape());
      }
      if (i > 0) {
        merged = merged.above(map.tokens());
      }
    }
    return merged;
  }
}
