package plumbline.peer;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.platform.Fp16Conversions;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.reference.io.InputException;
import plumbline.reference.onnx.Literal;
import plumbline.reference.onnx.Literal.ElementType;
import plumbline.reference.onnx.ModelFile;

/** Runs models by ONNX Runtime, on the processor. Models must have been read by {@link ModelFile} before. */
public final class OnnxRuntime {
  private static final String EXTERNAL_FOLDER = "session.model_external_initializers_file_folder_path";
  private static final String REFUSES = ": ONNX Runtime cannot run the model: ";

  private final OrtEnvironment environment;

  private OnnxRuntime(OrtEnvironment environment) {
    this.environment = environment;
  }

  /**
   * Loads the library.
   *
   * @throws InputException if it is not there, or not for this machine
   */
  public static OnnxRuntime load() {
    try {
      return new OnnxRuntime(OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "plumbline"));
    } catch (LinkageError | IllegalStateException e) {
      throw new InputException("ONNX Runtime cannot be loaded (" + e + "); --outputs FILE does without", e);
    }
  }

  /** Name and version, such as {@code ONNX Runtime 1.22.0}. */
  public String name() {
    return "ONNX Runtime " + environment.getVersion();
  }

  /**
   * Runs a model, each node as it is in the file: the optimizer would fuse nodes into others that compute something else, such as a
   * variance in one pass.
   *
   * @param file the model
   * @param inputs the graph's inputs by name
   * @param all whether to return the outputs of all nodes, not only those of the graph
   * @return tensors by name; NaN and infinities as they come
   * @throws InputException if ONNX Runtime refuses the model or its inputs
   */
  public Map<String, Literal> run(Path file, Map<String, Literal> inputs, boolean all) {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.NO_OPT);
      try (OrtSession session = session(file, all, options)) {
        return run(file, session, inputs);
      }
    } catch (OrtException e) {
      throw new InputException(file + REFUSES + e.getMessage(), e);
    }
  }

  private OrtSession session(Path file, boolean all, OrtSession.SessionOptions options) throws OrtException {
    if (!all) {
      return environment.createSession(file.toString(), options);
    }
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      options.addConfigEntry(EXTERNAL_FOLDER, folder.toString());
    }
    return environment.createSession(withAllOutputs(file), options);
  }

  /** The model's bytes with every node's outputs as outputs of the graph; their types ONNX Runtime finds itself. */
  private static ByteBuffer withAllOutputs(Path file) {
    ModelProto.Builder model = ModelFile.parse(file).toBuilder();
    Set<String> outputs = new HashSet<>();
    model.getGraph().getOutputList().forEach(output -> outputs.add(output.getName()));
    for (NodeProto node : model.getGraph().getNodeList()) {
      for (String output : node.getOutputList()) {
        if (!output.isEmpty() && outputs.add(output)) {
          model.getGraphBuilder().addOutput(ValueInfoProto.newBuilder().setName(output));
        }
      }
    }
    ModelProto changed = model.build();
    ByteBuffer bytes = ByteBuffer.allocateDirect(changed.getSerializedSize());
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      changed.writeTo(out);
      out.flush();
    } catch (IOException e) {
      throw new InputException(file + ": cannot be held in memory (" + e + ")", e);
    }
    return bytes.rewind();
  }

  private Map<String, Literal> run(Path file, OrtSession session, Map<String, Literal> inputs) throws OrtException {
    List<OnnxTensor> opened = new ArrayList<>();
    try {
      Map<String, OnnxTensor> tensors = new HashMap<>();
      for (Map.Entry<String, Literal> input : inputs.entrySet()) {
        OnnxTensor tensor = tensor(file, input.getKey(), input.getValue());
        opened.add(tensor);
        tensors.put(input.getKey(), tensor);
      }
      Map<String, Literal> results = new LinkedHashMap<>();
      try (OrtSession.Result result = session.run(tensors)) {
        for (Map.Entry<String, OnnxValue> output : result) {
          Literal literal = output.getValue() instanceof OnnxTensor tensor ? literal(tensor) : null;
          if (literal != null) {
            results.put(output.getKey(), literal);
          }
        }
      }
      return results;
    } finally {
      opened.forEach(OnnxTensor::close);
    }
  }

  private OnnxTensor tensor(Path file, String name, Literal literal) throws OrtException {
    long[] shape = Arrays.stream(literal.shape()).asLongStream().toArray();
    OnnxJavaType type = type(literal.type());
    if (type == null) {
      throw new InputException(file + ": input '" + name + "' " + literal + ": ONNX Runtime takes no such type from Java");
    }
    ByteBuffer data = ByteBuffer.allocateDirect(Math.multiplyExact(literal.size(), type.size)).order(ByteOrder.nativeOrder());
    for (int e = 0; e < literal.size(); e++) {
      switch (literal.type()) {
        case FLOAT -> data.putFloat((float) literal.reals()[e]);
        case DOUBLE -> data.putDouble(literal.reals()[e]);
        case FLOAT16 -> data.putShort(Fp16Conversions.floatToFp16((float) literal.reals()[e]));
        case BFLOAT16 -> data.putShort(Fp16Conversions.floatToBf16((float) literal.reals()[e]));
        case INT64 -> data.putLong(literal.integers()[e]);
        case INT32 -> data.putInt((int) literal.integers()[e]);
        case INT16 -> data.putShort((short) literal.integers()[e]);
        default -> data.put((byte) literal.integers()[e]);
      }
    }
    return OnnxTensor.createTensor(environment, data.rewind(), shape, type);
  }

  private static @Nullable OnnxJavaType type(ElementType type) {
    return switch (type) {
      case FLOAT -> OnnxJavaType.FLOAT;
      case DOUBLE -> OnnxJavaType.DOUBLE;
      case FLOAT16 -> OnnxJavaType.FLOAT16;
      case BFLOAT16 -> OnnxJavaType.BFLOAT16;
      case INT64 -> OnnxJavaType.INT64;
      case INT32 -> OnnxJavaType.INT32;
      case INT16 -> OnnxJavaType.INT16;
      case INT8 -> OnnxJavaType.INT8;
      case UINT8 -> OnnxJavaType.UINT8;
      case BOOL -> OnnxJavaType.BOOL;
      case UINT16, UINT32, UINT64 -> null;
    };
  }

  /** The numbers of a tensor, or {@code null} for types that are never judged. */
  private static @Nullable Literal literal(OnnxTensor tensor) {
    int[] shape = Arrays.stream(tensor.getInfo().getShape()).mapToInt(Math::toIntExact).toArray();
    for (ElementType type : ElementType.values()) {
      if (type(type) == tensor.getInfo().type) {
        int count = Math.toIntExact(Arrays.stream(shape).asLongStream().reduce(1, Math::multiplyExact));
        ByteBuffer data = tensor.getByteBuffer().order(ByteOrder.nativeOrder());
        return type.isReal() ? Literal.reals(type, shape, reals(type, data, count))
            : Literal.integers(type, shape, integers(type, data, count));
      }
    }
    return null;
  }

  private static double[] reals(ElementType type, ByteBuffer data, int count) {
    double[] values = new double[count];
    for (int e = 0; e < count; e++) {
      values[e] = switch (type) {
        case FLOAT -> data.getFloat();
        case DOUBLE -> data.getDouble();
        case FLOAT16 -> Fp16Conversions.fp16ToFloat(data.getShort());
        default -> Fp16Conversions.bf16ToFloat(data.getShort());
      };
    }
    return values;
  }

  private static long[] integers(ElementType type, ByteBuffer data, int count) {
    long[] values = new long[count];
    for (int e = 0; e < count; e++) {
      values[e] = switch (type) {
        case INT64 -> data.getLong();
        case INT32 -> data.getInt();
        case INT16 -> data.getShort();
        case INT8 -> data.get();
        default -> data.get() & 0xff;
      };
    }
    return values;
  }
}
