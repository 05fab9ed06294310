package plumbline.reference.operator;

import static plumbline.reference.operator.Evaluations.feedForwardOnRows;
import static plumbline.reference.operator.Evaluations.map;
import static plumbline.reference.operator.Evaluations.maps;
import static plumbline.reference.operator.Evaluations.numbered;
import static plumbline.reference.operator.LayerOperators.layerNorm;
import static plumbline.reference.operator.LayerOperators.reading;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.reference.flowar.AutoregressiveTransformer;
import plumbline.reference.flowar.Flow;
import plumbline.reference.flowar.FlowMatchingLoss;
import plumbline.reference.flowar.FlowMatchingNetwork;
import plumbline.reference.flowar.Inference;
import plumbline.reference.flowar.Tokenizer;
import plumbline.reference.layer.Attention;
import plumbline.reference.layer.LayerNorm;
import plumbline.reference.layer.Mlp;
import plumbline.reference.layer.Rescaling;
import plumbline.spec.number.Certified;
import plumbline.spec.number.CertifiedSystem;
import plumbline.spec.number.Matrix;
import plumbline.spec.number.NumberSystem;

/** FlowAR: appendices C and D of the paper. */
final class FlowOperators {
  private static final String PAPER_ORDER = "alpha1 alpha2 beta1 beta2 gamma1 gamma2";

  static final List<Operator> ALL = List.of(
      Operator.of("def-c.5", "multi-scale tokenizer")
          .input("x", "h×w×c", "a latent")
          .parameter("scales", Parameter.Kind.INTEGER, "", "number of scales K, at least 1")
          .parameter("base", Parameter.Kind.INTEGER, "2", "base factor a; scale i is smaller by a^(K−i)")
          .choice("down", "how φ_down finds new samples", LayerOperators.DOWN_READINGS)
          .output("y_*", "h_*×w_*×c", "the token maps, coarse to fine")
          .computes(FlowOperators::tokenizer),

      transformer(Operator.of("def-c.10", "autoregressive transformer, one scale")
          .input("z_init", "h_1×w_1×c", "the initial token map")
          .family("y_*", "h_*×w_*×c", true, "the token maps of the coarser scales"), "", "")
          .output("y", "h_i×w_i×c", "the predicted token map")
          .computes(FlowOperators::transformer),

      Operator.of("def-c.11", "flow from noise to a token map")
          .input("y_i", "n×c", "the token map")
          .input("f_0", "n×c", "noise")
          .input("t", "scalar", "time, from 0 to 1")
          .output("f_t", "n×c", "t Y + (1 − t) F_0")
          .output("v", "n×c", "velocity Y − F_0")
          .computes(FlowOperators::flow),

      network(Operator.of("def-c.12", "flow-matching network")
          .input("f_t", "n×c", "the flow at time t")
          .input("y_hat", "n×c", "the predicted token map")
          .input("t", "scalar", "time, from 0 to 1"), "")
          .output("y", "n×c", "the network's velocity")
          .computes(FlowOperators::network),

      network(Operator.of("def-c.13", "flow-matching loss for given noise")
          .family("y_*", "n_*×c", false, "the token maps")
          .family("y_hat_*", "n_*×c", false, "the predicted token maps")
          .family("f_0_*", "n_*×c", false, "noise")
          .optional("t", "m", "times to take the mean over; without it, the certified integral over [0, 1]"), "_*")
          .parameter("subintervals", Parameter.Kind.INTEGER, "64", "how many parts of [0, 1] the integral may use")
          .output("loss", "scalar", "Σ_i E_t ‖NN_i(F_t, Ŷ, t) − V‖²")
          .computes(FlowOperators::loss),

      network(transformer(Operator.of("def-d.1", "inference")
          .input("z_init", "h_1×w_1×c", "the initial token map")
          .family("f_*", "h_*×w_*×c", false, "F^i: at time t_i (literal), or noise (ode)")
          .optional("t", "k", "the times t_i (literal)"), "tf_", "_*"), "_*")
          .choice("reading", "F^i given, or integrated from noise by Euler steps", "literal", "ode")
          .parameter("steps", Parameter.Kind.INTEGER, "8", "number of Euler steps (ode)")
          .output("y_*", "h_*×w_*×c", "the token maps found; the last is the output")
          .computes(FlowOperators::inference));

  private FlowOperators() {}

  /** Weights and parameters of TF_i: a prefix and a suffix tell scales and networks apart. */
  private static Operator.Builder transformer(Operator.Builder operator, String prefix, String suffix) {
    String m = "m" + suffix;
    return operator
        .weights(prefix + "w_q" + suffix, "c×c", "query weights of the transformer")
        .weights(prefix + "w_k" + suffix, "c×c", "key weights of the transformer")
        .weights(prefix + "w_v" + suffix, "c×c", "value weights of the transformer")
        .weights(prefix + "w_1" + suffix, m + "×c", "feed-forward weights to the hidden neurons")
        .weights(prefix + "b_1" + suffix, m, "bias of the hidden neurons")
        .weights(prefix + "w_2" + suffix, "c×" + m, "feed-forward weights from the hidden neurons")
        .weights(prefix + "b_2" + suffix, "c", "bias of the feed-forward layer")
        .parameter("base", Parameter.Kind.INTEGER, "2", "base factor a between one scale and the next")
        .choice("up", "how φ_up finds new samples", LayerOperators.UP_READINGS)
        .choice("ffn", "whether the feed-forward layer adds its input", "residual", "plain");
  }

  /** Weights and parameters of NN_i. */
  private static Operator.Builder network(Operator.Builder operator, String suffix) {
    return operator
        .weights("w_6" + suffix, "c×6·c", "weights of the first MLP")
        .weights("b_6" + suffix, "6·c", "bias of the first MLP")
        .weights("w_q" + suffix, "c×c", "query weights")
        .weights("w_k" + suffix, "c×c", "key weights")
        .weights("w_v" + suffix, "c×c", "value weights")
        .weights("w" + suffix, "c×c", "weights of the second MLP")
        .weights("b" + suffix, "c", "bias of the second MLP")
        .parameter("chunks", Parameter.Kind.TEXT, PAPER_ORDER, "order of the six blocks that the first MLP returns")
        .parameter("epsilon", Parameter.Kind.NUMBER, "0", "added to the variance of layer norm; the paper has none");
  }

  private static Evaluation tokenizer(Arguments a) {
    int scales = a.requirePositive("scales", a.integer("scales"));
    Tokenizer tokenizer = new Tokenizer(scales, a.requirePositive("base", a.integer("base")),
        r -> Rescaling.down(r, reading(a.text("down"))));
    a.requireEntries(scales, Math.max(1, a.tensor("x").size()));
    int coarsest = tokenizer.factor(1);
    if (a.size("h") == 0 || a.size("w") == 0 || a.size("h") % coarsest != 0 || a.size("w") % coarsest != 0) {
      throw a.error("x must have sides that are multiples of base^(scales−1) = " + coarsest + ", got "
          + Tensor.text(a.tensor("x").shape()));
    }
    return new Evaluation() {
      @Override
      public <M extends Matrix<M>> Map<String, M> in(NumberSystem<M> system) {
        return numbered("y", tokenizer.apply(map(system, a.tensor("x"))));
      }
    };
  }

  private static Evaluation transformer(Arguments a) {
    List<Tensor> coarser = a.family("y");
    List<AutoregressiveTransformer.Block> blocks = IntStream.rangeClosed(0, coarser.size())
        .mapToObj(i -> block(a, "", "")).toList();
    AutoregressiveTransformer transformer = transformer(a, blocks);
    requireScales(a, "y", coarser);
    return new Evaluation() {
      @Override
      public <M extends Matrix<M>> Map<String, M> in(NumberSystem<M> system) {
        return Map.of("y", transformer.predict(map(system, a.tensor("z_init")), maps(system, coarser)).tokens());
      }
    };
  }

  private static Evaluation flow(Arguments a) {
    return new Evaluation() {
      @Override
      public <M extends Matrix<M>> Map<String, M> in(NumberSystem<M> system) {
        M y = system.lift(a.matrix("y_i"));
        M noise = system.lift(a.matrix("f_0"));
        return Map.of("f_t", Flow.at(y, noise, system.lift(a.tensor("t").row())), "v", Flow.velocity(y, noise));
      }
    };
  }

  private static Evaluation network(Arguments a) {
    FlowMatchingNetwork network = network(a, "", layerNorm(a, "f_t", a.matrix("f_t")));
    return new Evaluation() {
      @Override
      public <M extends Matrix<M>> Map<String, M> in(NumberSystem<M> system) {
        return Map.of("y", network.apply(
            system.lift(a.matrix("f_t")), system.lift(a.matrix("y_hat")), system.lift(a.tensor("t").row())));
      }
    };
  }

  private static Evaluation loss(Arguments a) {
    int scales = a.count("y", "y_hat", "f_0", "w_6", "b_6", "w_q", "w_k", "w_v", "w", "b");
    FlowMatchingLoss loss = new FlowMatchingLoss(networks(a, scales));
    int subintervals = a.requirePositive("subintervals", a.integer("subintervals"));
    if (a.has("t")) {
      a.requirePositive("m", a.size("m"));
    }
    return new Evaluation() {
      @Override
      public <M extends Matrix<M>> Map<String, M> in(NumberSystem<M> system) {
        List<FlowMatchingLoss.Scale<M>> data = new ArrayList<>();
        for (int i = 0; i < scales; i++) {
          data.add(new FlowMatchingLoss.Scale<>(system.lift(a.family("y").get(i).values()),
              system.lift(a.family("y_hat").get(i).values()), system.lift(a.family("f_0").get(i).values())));
        }
        return Map.of("loss", a.has("t") ? loss.mean(data, times(a, system)) : integral(system, loss, data, subintervals));
      }
    };
  }

  private static Evaluation inference(Arguments a) {
    List<Tensor> flows = a.family("f");
    int scales = a.count("f", "tf_w_q", "tf_w_k", "tf_w_v", "tf_w_1", "tf_b_1", "tf_w_2", "tf_b_2",
        "w_6", "b_6", "w_q", "w_k", "w_v", "w", "b");
    requireScales(a, "f", flows);
    boolean ode = a.text("reading").equals("ode");
    if (a.has("t") == ode || (!ode && a.size("k") != scales)) {
      throw a.error(ode ? "t is not used in reading ode" : "t must hold one time for each of " + scales
          + " scales in reading literal");
    }
    int steps = a.requirePositive("steps", a.integer("steps"));
    Inference inference = new Inference(
        transformer(a, IntStream.rangeClosed(1, scales).mapToObj(i -> block(a, "tf_", "_" + i)).toList()),
        networks(a, scales));
    return new Evaluation() {
      @Override
      public <M extends Matrix<M>> Map<String, M> in(NumberSystem<M> system) {
        var initial = map(system, a.tensor("z_init"));
        return numbered("y", ode ? inference.ode(initial, maps(system, flows), steps)
            : inference.literal(initial, maps(system, flows), times(a, system)));
      }
    };
  }

  /** Each token map must be larger than the one before by the factor a; the first has the size of Z_init. */
  private static void requireScales(Arguments a, String family, List<Tensor> maps) {
    int base = a.requirePositive("base", a.integer("base"));
    int[] expected = a.tensor("z_init").shape();
    for (int i = 0; i < maps.size(); i++) {
      if (!Arrays.equals(maps.get(i).shape(), expected)) {
        throw a.error(family + "_" + (i + 1) + " must be " + Tensor.text(expected) + ", got "
            + Tensor.text(maps.get(i).shape()));
      }
      a.requireEntries(expected[0], base, expected[1], base, Math.max(1, expected[2]));
      expected = new int[] {expected[0] * base, expected[1] * base, expected[2]};
    }
  }

  private static AutoregressiveTransformer transformer(Arguments a, List<AutoregressiveTransformer.Block> blocks) {
    int base = a.requirePositive("base", a.integer("base"));
    return new AutoregressiveTransformer(base, Rescaling.up(base, reading(a.text("up"))), blocks);
  }

  private static AutoregressiveTransformer.Block block(Arguments a, String prefix, String suffix) {
    return new AutoregressiveTransformer.Block(
        new Attention(a.matrix(prefix + "w_q" + suffix), a.matrix(prefix + "w_k" + suffix),
            a.matrix(prefix + "w_v" + suffix)),
        feedForwardOnRows(a.tensor(prefix + "w_1" + suffix), a.tensor(prefix + "b_1" + suffix),
            a.tensor(prefix + "w_2" + suffix), a.tensor(prefix + "b_2" + suffix), a.text("ffn")));
  }

  private static List<FlowMatchingNetwork> networks(Arguments a, int scales) {
    BigFraction epsilon = a.number("epsilon");
    return IntStream.rangeClosed(1, scales).mapToObj(i -> network(a, "_" + i, new LayerNorm(epsilon))).toList();
  }

  private static FlowMatchingNetwork network(Arguments a, String suffix, LayerNorm norm) {
    return new FlowMatchingNetwork(
        new Mlp(a.matrix("w_6" + suffix), a.matrix("b_6" + suffix)),
        new Attention(a.matrix("w_q" + suffix), a.matrix("w_k" + suffix), a.matrix("w_v" + suffix)),
        new Mlp(a.matrix("w" + suffix), a.matrix("b" + suffix)), norm, chunks(a));
  }

  private static List<FlowMatchingNetwork.Chunk> chunks(Arguments a) {
    List<String> names = Arrays.asList(a.text("chunks").strip().split("[ ,]+"));
    if (!names.stream().sorted().toList().equals(List.of(PAPER_ORDER.split(" ")))) {
      throw a.error("parameter chunks must name each of " + PAPER_ORDER + " once, got " + Arguments.quote(a.text("chunks")));
    }
    return names.stream().map(name -> FlowMatchingNetwork.Chunk.valueOf(name.toUpperCase(Locale.ROOT))).toList();
  }

  private static <M extends Matrix<M>> List<M> times(Arguments a, NumberSystem<M> system) {
    return IntStream.range(0, a.tensor("t").size()).mapToObj(k -> system.lift(a.tensor("t").row().get(0, k))).toList();
  }

  private static <M extends Matrix<M>> M integral(
      NumberSystem<M> system, FlowMatchingLoss loss, List<FlowMatchingLoss.Scale<M>> data, int subintervals) {
    if (!(system instanceof CertifiedSystem<?> certified)) {
      throw new OperatorException("def-c.13: the integral over t needs a certified number system, got " + system.name()
          + "; give t to take the mean over times");
    }
    return enclose(certified, loss, data, subintervals);
  }

  /** {@code system} is the system of the matrices in {@code data}, so C and M are one type; Java cannot say so. */
  @SuppressWarnings("unchecked")
  private static <M extends Matrix<M>, C extends Certified<C>> M enclose(
      CertifiedSystem<C> system, FlowMatchingLoss loss, List<FlowMatchingLoss.Scale<M>> data, int subintervals) {
    List<FlowMatchingLoss.Scale<C>> certified = (List<FlowMatchingLoss.Scale<C>>) (List<?>) data;
    return (M) loss.enclose(system, certified, subintervals, BigFraction.ZERO);
  }
}
