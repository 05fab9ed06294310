package plumbline.reference.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import plumbline.reference.io.InputException;
import plumbline.reference.onnx.Literal.ElementType;

/**
 * Reads ONNX models.
 *
 * <p>A file is untrusted. What it claims is checked against the bytes that are there before memory is taken for it, and
 * nothing outside its folder is read. Every failure is one {@link InputException} that names the file and, where there is
 * one, the node or tensor. Numbers are taken exactly; NaN and +∞ are refused, because certified arithmetic has no meaning for
 * them, and −∞ is left to the evaluation, which knows where masks may be. Control flow, functions, sparse tensors, sequences
 * and strings are refused by name.
 */
public final class ModelFile {
  private final String name;
  private final Tensors tensors;

  private ModelFile(Path file) {
    this.name = file.toString();
    Path folder = file.toAbsolutePath().getParent();
    this.tensors = new Tensors(folder == null ? file.toAbsolutePath() : folder);
  }

  /**
   * Reads a model of at most 2 GiB, and its external files.
   *
   * @throws InputException if it is missing, damaged, hostile, or uses what is not supported
   */
  public static Graph read(Path file) {
    return read(file, bytes(file));
  }

  /** Reads the model whose bytes are given as if they were those of the file. */
  static Graph read(Path file, ByteString bytes) {
    try {
      return new ModelFile(file).graph(parse(file, bytes));
    } catch (InternalError fault) {
      throw shrank(file, fault);
    }
  }

  /**
   * Parses a model's bytes, which stay in the file where they are large, after a check that memory suffices for the rest.
   * Nothing but the wire format is checked: {@link #read} checks the model itself.
   *
   * @throws InputException if it is missing, damaged or hostile
   */
  public static ModelProto parse(Path file) {
    try {
      return parse(file, bytes(file));
    } catch (InternalError fault) {
      throw shrank(file, fault);
    }
  }

  private static ModelProto parse(Path file, ByteString bytes) {
    try {
      WireFormat.check(file.toString(), bytes.newCodedInput(), ModelProto.getDescriptor());
      CodedInputStream in = bytes.newCodedInput();
      in.enableAliasing(true);
      return DiscardUnknownFieldsParser.wrap(ModelProto.parser()).parseFrom(in);
    } catch (InvalidProtocolBufferException e) {
      throw new InputException(file + ": not an ONNX model, or damaged (" + e.getMessage() + ")", e);
    } catch (IOException e) {
      throw new InputException(file + ": cannot be read (" + e + ")", e);
    }
  }

  private static ByteString bytes(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new InputException(file + ": " + (Files.exists(file) ? "not a regular file" : "no such file"));
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size == 0) {
        throw new InputException(file + ": the file is empty");
      }
      if (size > Integer.MAX_VALUE) {
        throw new InputException(file + ": expected at most 2 GiB (larger weights belong in external files), got " + size
            + " bytes");
      }
      return UnsafeByteOperations.unsafeWrap(channel.map(FileChannel.MapMode.READ_ONLY, 0, size));
    } catch (IOException e) {
      throw new InputException(file + ": cannot be read (" + e + ")", e);
    }
  }

  /** Java raises this error on access to mapped bytes that are no longer in their file. */
  private static InputException shrank(Path file, InternalError fault) {
    return new InputException(file + ": changed while it was read", fault);
  }

  private InputException refuse(String message) {
    return new InputException(name + ": " + message);
  }

  private Graph graph(ModelProto model) {
    if (!model.hasGraph()) {
      throw refuse("not an ONNX model: it holds no graph");
    }
    if (model.getFunctionsCount() > 0) {
      throw refuse("function '" + model.getFunctions(0).getName() + "': functions are not supported (inline them)");
    }
    GraphProto graph = model.getGraph();
    if (graph.getSparseInitializerCount() > 0) {
      throw refuse("initializer '" + graph.getSparseInitializer(0).getValues().getName() + "': sparse tensors are not"
          + " supported");
    }
    Map<String, Literal> initializers = new LinkedHashMap<>();
    for (TensorProto tensor : graph.getInitializerList()) {
      String where = "initializer '" + tensor.getName() + "'";
      requireName(where, tensor.getName());
      if (initializers.put(tensor.getName(), tensors.read(name + ": " + where, tensor)) != null) {
        throw refuse(where + " is there twice");
      }
    }
    List<Graph.Input> inputs = inputs(graph, initializers);
    List<Node> nodes = new ArrayList<>();
    for (NodeProto node : graph.getNodeList()) {
      nodes.add(node(node, nodes.size()));
    }
    Set<String> known = new LinkedHashSet<>(initializers.keySet());
    inputs.forEach(input -> known.add(input.name()));
    nodes = inOrder(nodes, known);
    return new Graph(opset(model), nodes, initializers, inputs, outputs(graph, nodes, known));
  }

  private void requireName(String where, String value) {
    if (value.isEmpty()) {
      throw refuse(where + " has no name");
    }
  }

  private int opset(ModelProto model) {
    long opset = -1;
    for (OperatorSetIdProto set : model.getOpsetImportList()) {
      if (domain(set.getDomain()).isEmpty()) {
        if (opset >= 0) {
          throw refuse("names ONNX's operator set twice");
        }
        opset = set.getVersion();
      }
    }
    if (opset < 1 || opset > Integer.MAX_VALUE) {
      throw refuse(opset == -1 ? "names no version of ONNX's operator set" : "expected an operator set of at least 1, got " + opset);
    }
    return (int) opset;
  }

  private static String domain(String domain) {
    return domain.equals("ai.onnx") ? "" : domain;
  }

  /** What must be given: old models list initializers among the inputs, too. */
  private List<Graph.Input> inputs(GraphProto graph, Map<String, Literal> initializers) {
    List<Graph.Input> inputs = new ArrayList<>();
    Set<String> names = new LinkedHashSet<>();
    for (ValueInfoProto info : graph.getInputList()) {
      String where = "input '" + info.getName() + "'";
      requireName(where, info.getName());
      if (!names.add(info.getName())) {
        throw refuse(where + " is there twice");
      }
      if (!initializers.containsKey(info.getName())) {
        inputs.add(input(where, info));
      }
    }
    return inputs;
  }

  private Graph.Input input(String where, ValueInfoProto info) {
    if (!info.getType().hasTensorType()) {
      throw refuse(where + ": expected a tensor, got " + info.getType().getValueCase());
    }
    TypeProto.Tensor tensor = info.getType().getTensorType();
    ElementType type = Tensors.type(tensor.getElemType()).orElseThrow(() -> refuse(where + ": element type "
        + Tensors.typeName(tensor.getElemType()) + " is not supported"));
    if (!tensor.hasShape()) {
      throw refuse(where + ": the model leaves its number of dimensions open");
    }
    List<TensorShapeProto.Dimension> dimensions = tensor.getShape().getDimList();
    int[] shape = new int[dimensions.size()];
    for (int d = 0; d < shape.length; d++) {
      TensorShapeProto.Dimension dimension = dimensions.get(d);
      long value = dimension.hasDimValue() ? dimension.getDimValue() : -1;
      if (dimension.hasDimValue() && (value < 0 || value > Integer.MAX_VALUE)) {
        throw refuse(where + ": expected dimensions of 0 to " + Integer.MAX_VALUE + ", got " + value);
      }
      shape[d] = (int) value;
    }
    return new Graph.Input(info.getName(), type, shape);
  }

  private List<String> outputs(GraphProto graph, List<Node> nodes, Set<String> known) {
    Set<String> values = new LinkedHashSet<>(known);
    nodes.forEach(node -> values.addAll(node.outputs()));
    Set<String> outputs = new LinkedHashSet<>();
    for (ValueInfoProto info : graph.getOutputList()) {
      String where = "output '" + info.getName() + "'";
      requireName(where, info.getName());
      if (!values.contains(info.getName())) {
        throw refuse(where + " is computed by no node");
      }
      if (!outputs.add(info.getName())) {
        throw refuse(where + " is there twice");
      }
    }
    if (outputs.isEmpty()) {
      throw refuse("the graph has no outputs");
    }
    return List.copyOf(outputs);
  }

  private Node node(NodeProto proto, int index) {
    Node node = new Node(proto.getName().isEmpty() ? "#" + index : proto.getName(), proto.getOpType(),
        domain(proto.getDomain()), proto.getInputList(), proto.getOutputList(), Map.of());
    if (node.operator().isEmpty()) {
      throw refuse("node '" + node.name() + "' names no operator");
    }
    Map<String, Object> attributes = new LinkedHashMap<>();
    for (AttributeProto attribute : proto.getAttributeList()) {
      String where = node + ": attribute '" + attribute.getName() + "'";
      requireName(where, attribute.getName());
      if (attributes.put(attribute.getName(), attribute(where, attribute)) != null) {
        throw refuse(where + " is there twice");
      }
    }
    return new Node(node.name(), node.operator(), node.domain(), node.inputs(), node.outputs(), attributes);
  }

  private Object attribute(String where, AttributeProto attribute) {
    if (!attribute.getRefAttrName().isEmpty()) {
      throw refuse(where + " refers to an attribute of a function, outside of one");
    }
    switch (attribute.getType()) {
      case INT:
        return attribute.getI();
      case FLOAT:
        return number(where, attribute.getF());
      case STRING:
        return attribute.getS().toStringUtf8();
      case INTS:
        return attribute.getIntsList().stream().mapToLong(Long::longValue).toArray();
      case FLOATS:
        float[] floats = new float[attribute.getFloatsCount()];
        for (int i = 0; i < floats.length; i++) {
          floats[i] = number(where, attribute.getFloats(i));
        }
        return floats;
      case TENSOR:
        return tensors.read(name + ": " + where, attribute.getT());
      case GRAPH, GRAPHS:
        throw refuse(where + " is a subgraph: control flow is not supported");
      default:
        throw refuse(where + ": attributes of type " + attribute.getType() + " are not supported");
    }
  }

  private float number(String where, float value) {
    if (!(value < Float.POSITIVE_INFINITY)) {
      throw refuse(where + ": expected finite numbers, or -Infinity in masks, got " + value);
    }
    return value;
  }

  /**
   * The nodes, each after those whose outputs it uses; the file's order where that is one.
   *
   * @param known names of inputs and initializers
   */
  private List<Node> inOrder(List<Node> nodes, Set<String> known) {
    Map<String, Integer> producers = new HashMap<>();
    for (int k = 0; k < nodes.size(); k++) {
      for (String output : nodes.get(k).outputs()) {
        if (!output.isEmpty() && (known.contains(output) || producers.put(output, k) != null)) {
          throw refuse(nodes.get(k) + ": its output '" + output + "' is already "
              + (known.contains(output) ? "an input or initializer" : "an output of a node"));
        }
      }
    }
    int[] missing = new int[nodes.size()];
    Map<Integer, List<Integer>> users = new HashMap<>();
    for (int k = 0; k < nodes.size(); k++) {
      for (String input : nodes.get(k).inputs()) {
        Integer producer = producers.get(input);
        if (producer != null) {
          missing[k]++;
          users.computeIfAbsent(producer, none -> new ArrayList<>()).add(k);
        } else if (!input.isEmpty() && !known.contains(input)) {
          throw refuse(nodes.get(k) + ": missing initializer '" + input + "': it is no input, initializer or output of a node");
        }
      }
    }
    PriorityQueue<Integer> ready = new PriorityQueue<>();
    for (int k = 0; k < missing.length; k++) {
      if (missing[k] == 0) {
        ready.add(k);
      }
    }
    List<Node> sorted = new ArrayList<>();
    for (Integer k = ready.poll(); k != null; k = ready.poll()) {
      sorted.add(nodes.get(k));
      for (int user : users.getOrDefault(k, List.of())) {
        if (--missing[user] == 0) {
          ready.add(user);
        }
      }
    }
    if (sorted.size() < nodes.size()) {
      throw cycle(nodes, producers, missing);
    }
    return sorted;
  }

  /** Each node that could not be sorted waits for another such node: going from one to the next ends in a cycle. */
  private InputException cycle(List<Node> nodes, Map<String, Integer> producers, int[] missing) {
    int k = 0;
    while (missing[k] == 0) {
      k++;
    }
    int last = k;
    Set<Integer> visited = new LinkedHashSet<>();
    while (visited.add(k)) {
      last = k;
      for (String input : nodes.get(k).inputs()) {
        Integer producer = producers.get(input);
        if (producer != null && missing[producer] > 0) {
          k = producer;
          break;
        }
      }
    }
    return refuse("cycle: " + nodes.get(k) + " needs its own output" + (last == k ? "" : ", by way of " + nodes.get(last)));
  }
}
