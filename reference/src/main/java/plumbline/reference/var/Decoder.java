package plumbline.reference.var;

import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.reference.layer.Attention;
import plumbline.reference.layer.Convolution;
import plumbline.reference.layer.LayerNorm;
import plumbline.reference.layer.Rescaling;
import plumbline.spec.layer.TokenMap;
import plumbline.spec.layer.TokenMapLayer;
import plumbline.spec.number.Matrix;
import plumbline.spec.number.Shape;
import plumbline.spec.number.ShapeException;

/**
 * The VQ-VAE decoder, the third phase of VAR ({@code phase-three}, Appendix B.2): from the feature map to an image of three
 * channels. The paper's section is empty; this is the reading of arXiv 2501.04377 and 2404.02905: a convolution; residual,
 * attention and up-sampling blocks in any order; normalisation, activation and a convolution to 3 channels.
 *
 * <p>The activation is ReLU (those decoders: SiLU) and the normalisation, where there is one, is the layer norm of
 * Definition C.9 over the channels of a pixel (those decoders: group norm).
 *
 * @param first the convolution of the feature map
 * @param blocks the blocks, the first to be applied first
 * @param norm normalisation before the last convolution, or {@code null} for none
 * @param last the convolution to 3 channels
 */
public record Decoder(Convolution first, List<Block> blocks, @Nullable LayerNorm norm, Convolution last)
    implements TokenMapLayer {

  /** A block of the decoder. */
  public sealed interface Block extends TokenMapLayer {

    /**
     * Number of channels that the block returns for {@code channels} channels.
     *
     * @throws ShapeException if it does not take that many
     */
    int channelsOut(int channels);

    @Override
    default String statement() {
      return "phase-three";
    }
  }

  /**
   * A residual block, normalisation and activation before each convolution:
   * shortcut(x) + second(ReLU(norm(first(ReLU(norm(x)))))).
   *
   * @param norm the normalisation, or {@code null} for none
   * @param first the first convolution, c to c'
   * @param second the second convolution, c' to c'
   * @param shortcut a convolution c to c', or {@code null} for x itself, which needs c = c'
   */
  public record Residual(@Nullable LayerNorm norm, Convolution first, Convolution second, @Nullable Convolution shortcut)
      implements Block {

    public Residual {
      requireChannels("second of a residual block", second, first.channelsOut());
      if (shortcut != null) {
        requireChannels("shortcut of a residual block", shortcut, first.channelsIn());
      }
      int carried = shortcut == null ? first.channelsIn() : shortcut.channelsOut();
      if (second.channelsOut() != carried) {
        throw new ShapeException("phase-three: a residual block must return as many channels on both paths, got "
            + second.channelsOut() + " and " + carried);
      }
    }

    @Override
    public int channelsOut(int channels) {
      requireChannels("first of a residual block", first, channels);
      return second.channelsOut();
    }

    @Override
    public <M extends Matrix<M>> TokenMap<M> apply(TokenMap<M> x) {
      TokenMap<M> inner = second.apply(activated(norm, first.apply(activated(norm, x))));
      TokenMap<M> carried = shortcut == null ? x : shortcut.apply(x);
      return new TokenMap<>(x.height(), x.width(), carried.tokens().plus(inner.tokens()));
    }
  }

  /**
   * An attention block over all pixels: x + Attn(norm(x)), attention as in Definition C.7.
   *
   * @param norm the normalisation, or {@code null} for none
   * @param attention the attention, d = c
   */
  public record SelfAttention(@Nullable LayerNorm norm, Attention attention) implements Block {

    @Override
    public int channelsOut(int channels) {
      Shape.require("phase-three", "W_V", attention.wv().shape(), channels, channels);
      return channels;
    }

    @Override
    public <M extends Matrix<M>> TokenMap<M> apply(TokenMap<M> x) {
      M mixed = attention.onTokenMaps().apply(normalised(norm, x)).tokens();
      return new TokenMap<>(x.height(), x.width(), x.tokens().plus(mixed));
    }
  }

  /**
   * An up-sampling block: a larger map, then a convolution.
   *
   * @param rescaling the up-sampling (those decoders: nearest, by 2)
   * @param convolution the convolution
   */
  public record UpSampling(Rescaling rescaling, Convolution convolution) implements Block {

    public UpSampling {
      if (rescaling.direction() != Rescaling.Direction.UP) {
        throw new IllegalArgumentException("phase-three: an up-sampling block samples up");
      }
    }

    @Override
    public int channelsOut(int channels) {
      requireChannels("convolution of an up-sampling block", convolution, channels);
      return convolution.channelsOut();
    }

    @Override
    public <M extends Matrix<M>> TokenMap<M> apply(TokenMap<M> x) {
      return convolution.apply(rescaling.apply(x));
    }
  }

  public Decoder {
    blocks = List.copyOf(blocks);
    int channels = first.channelsOut();
    for (Block block : blocks) {
      channels = block.channelsOut(channels);
    }
    requireChannels("last", last, channels);
    if (last.channelsOut() != 3) {
      throw new ShapeException("phase-three: the last convolution must return 3 channels, got " + last.channelsOut());
    }
  }

  @Override
  public String statement() {
    return "phase-three";
  }

  @Override
  public <M extends Matrix<M>> TokenMap<M> apply(TokenMap<M> x) {
    TokenMap<M> y = first.apply(x);
    for (Block block : blocks) {
      y = block.apply(y);
    }
    return last.apply(activated(norm, y));
  }

  /** ReLU(norm(x)). */
  private static <M extends Matrix<M>> TokenMap<M> activated(@Nullable LayerNorm norm, TokenMap<M> x) {
    return new TokenMap<>(x.height(), x.width(), normalised(norm, x).tokens().relu());
  }

  private static <M extends Matrix<M>> TokenMap<M> normalised(@Nullable LayerNorm norm, TokenMap<M> x) {
    return norm == null ? x : new TokenMap<>(x.height(), x.width(), norm.apply(x.tokens()));
  }

  private static void requireChannels(String which, Convolution convolution, int channels) {
    if (convolution.channelsIn() != channels) {
      throw new ShapeException("phase-three: the convolution " + which + " must take " + channels + " channels, got "
          + convolution.channelsIn());
    }
  }
}
