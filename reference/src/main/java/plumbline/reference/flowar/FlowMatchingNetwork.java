package plumbline.reference.flowar;

import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import plumbline.spec.layer.Layer;
import plumbline.spec.number.Matrix;
import plumbline.spec.number.Shape;
import plumbline.spec.number.ShapeException;

/**
 * The flow-matching network of a scale, def-c.12, on tokens as rows:
 * <ol>
 *   <li>α_1, α_2, β_1, β_2, γ_1, γ_2 = MLP(Ŷ + t·1), one MLP of width 6c;
 *   <li>F′ = Attn(γ_1 ∘ LN(F_t) + β_1) ∘ α_1;
 *   <li>F″ = MLP(γ_2 ∘ LN(F′) + β_2) ∘ α_2, a second MLP, of width c.
 * </ol>
 */
public final class FlowMatchingNetwork {
  private static final String STATEMENT = "def-c.12";

  /** The six blocks that the first MLP returns side by side. */
  public enum Chunk {
    ALPHA1, ALPHA2, BETA1, BETA2, GAMMA1, GAMMA2;

    /** The order in which the paper lists them. */
    public static final List<Chunk> PAPER = List.of(values());
  }

  private final Layer modulation;
  private final Layer attention;
  private final Layer output;
  private final Layer norm;
  private final List<Chunk> order;

  /**
   * @param modulation the MLP of step 1, from c to 6c columns (def-c.8)
   * @param attention Attn (def-c.7)
   * @param output the MLP of step 3, from c to c columns (def-c.8)
   * @param norm LN (def-c.9)
   * @param order the order of the six blocks in the output of {@code modulation}
   */
  public FlowMatchingNetwork(Layer modulation, Layer attention, Layer output, Layer norm, List<Chunk> order) {
    if (!order.stream().sorted(Comparator.naturalOrder()).toList().equals(Chunk.PAPER)) {
      throw new IllegalArgumentException(STATEMENT + ": the chunks must be the six of " + Chunk.PAPER + ", got " + order);
    }
    this.modulation = modulation;
    this.attention = attention;
    this.output = output;
    this.norm = norm;
    this.order = List.copyOf(order);
  }

  /**
   * NN(F_t, Ŷ, t), n×c.
   *
   * @param flow F_t, n×c
   * @param prediction Ŷ, n×c
   * @param t the time, 1×1
   */
  public <M extends Matrix<M>> M apply(M flow, M prediction, M t) {
    Shape.require(STATEMENT, "Ŷ", Shape.of(prediction), flow.rows(), flow.columns());
    Shape.require(STATEMENT, "t", Shape.of(t), 1, 1);
    int c = flow.columns();
    M blocks = modulation.apply(prediction.plus(t.broadcast(prediction.rows(), c)));
    if (blocks.columns() != 6 * c) {
      throw new ShapeException(STATEMENT + ": MLP(Ŷ + t·1) must be " + new Shape(flow.rows(), 6 * c) + ", got "
          + Shape.of(blocks));
    }
    Map<Chunk, M> at = new EnumMap<>(Chunk.class);
    for (int k = 0; k < 6; k++) {
      at.put(order.get(k), blocks.columnRange(k * c, (k + 1) * c));
    }
    M attended = attention.apply(modulate(at, Chunk.GAMMA1, norm.apply(flow), Chunk.BETA1)).hadamard(get(at, Chunk.ALPHA1));
    return output.apply(modulate(at, Chunk.GAMMA2, norm.apply(attended), Chunk.BETA2)).hadamard(get(at, Chunk.ALPHA2));
  }

  /** γ ∘ x + β. */
  private static <M extends Matrix<M>> M modulate(Map<Chunk, M> at, Chunk gamma, M x, Chunk beta) {
    return get(at, gamma).hadamard(x).plus(get(at, beta));
  }

  private static <M extends Matrix<M>> M get(Map<Chunk, M> at, Chunk chunk) {
    M block = at.get(chunk);
    if (block == null) {
      throw new IllegalStateException(chunk + " is not among " + Arrays.toString(Chunk.values()));
    }
    return block;
  }
}
