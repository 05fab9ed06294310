package plumbline.reference.onnx;

import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.reference.io.InputException;
import plumbline.reference.io.NpyArray;
import plumbline.reference.onnx.Literal.ElementType;

/**
 * Reads the tensors of one model, from its own bytes or from files in its folder. What a tensor claims is checked against
 * the bytes that are there before memory is taken for it.
 */
final class Tensors {
  /** Most entries of all tensors together; each takes 8 bytes in memory. */
  private static final long MOST_ENTRIES = 1L << 30;

  private static final int MOST_DIMENSIONS = 64;
  private static final int CHUNK = 1 << 20;
  private static final Map<TensorProto.DataType, ElementType> TYPES = new EnumMap<>(TensorProto.DataType.class);

  static {
    for (ElementType type : ElementType.values()) {
      TYPES.put(TensorProto.DataType.valueOf(type.name()), type);
    }
  }

  private final Path folder;
  private final Map<Region, Literal> regions = new HashMap<>();
  private final Map<Path, Long> files = new HashMap<>();
  private long entriesLeft = Math.min(MOST_ENTRIES, Runtime.getRuntime().maxMemory() / Double.BYTES);
  private long filesBytes;
  private long regionsBytes;

  /**
   * @param folder the folder of the model, which its external files may not leave
   */
  Tensors(Path folder) {
    this.folder = folder;
  }

  /** Where entries lie in an external file. */
  private record Region(Path file, long offset, ElementType type, int count) {}

  /** The element type of a number in {@code TensorProto.DataType}; empty for those that are not supported. */
  static Optional<ElementType> type(int dataType) {
    return Optional.ofNullable(TensorProto.DataType.forNumber(dataType)).map(TYPES::get);
  }

  /** A name for a number in {@code TensorProto.DataType}. */
  static String typeName(int dataType) {
    TensorProto.DataType type = TensorProto.DataType.forNumber(dataType);
    return type == null ? "number " + dataType : type.name();
  }

  /**
   * Reads one tensor.
   *
   * @param where names the tensor in messages
   */
  Literal read(String where, TensorProto tensor) {
    ElementType type = type(tensor.getDataType()).orElseThrow(() -> new InputException(where + ": expected a tensor of real"
        + " numbers, integers or booleans of 8 to 64 bits, got element type " + typeName(tensor.getDataType())));
    if (tensor.hasSegment()) {
      throw new InputException(where + ": is one segment of a tensor, which is not supported");
    }
    int[] shape = shape(where, tensor);
    long claimed = count(where, shape);
    if (claimed > entriesLeft) {
      throw new InputException(where + ": " + type + " " + NpyArray.describe(shape) + " has " + claimed + " entries, and memory"
          + " is left for " + entriesLeft + " (8 bytes each; JAVA_TOOL_OPTIONS=-Xmx… gives more)");
    }
    int count = (int) claimed;
    Literal literal = tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL
        ? external(where, tensor, type, shape, count)
        : embedded(where, tensor, type, shape, count);
    requireValid(where, literal);
    return literal;
  }

  private static int[] shape(String where, TensorProto tensor) {
    if (tensor.getDimsCount() > MOST_DIMENSIONS) {
      throw new InputException(where + ": expected at most " + MOST_DIMENSIONS + " dimensions, got " + tensor.getDimsCount());
    }
    int[] shape = new int[tensor.getDimsCount()];
    for (int d = 0; d < shape.length; d++) {
      long dimension = tensor.getDims(d);
      if (dimension < 0 || dimension > Integer.MAX_VALUE) {
        throw new InputException(where + ": expected dimensions of 0 to " + Integer.MAX_VALUE + ", got " + dimension);
      }
      shape[d] = (int) dimension;
    }
    return shape;
  }

  private static long count(String where, int[] shape) {
    long count = 1;
    for (int dimension : shape) {
      if (dimension == 0) {
        return 0;
      }
    }
    for (int dimension : shape) {
      count *= dimension;
      if (count > Integer.MAX_VALUE - 8) {
        throw new InputException(where + ": shape " + NpyArray.describe(shape) + " is beyond all bounds");
      }
    }
    return count;
  }

  private static int width(ElementType type) {
    return switch (type) {
      case BOOL, INT8, UINT8 -> 1;
      case FLOAT16, BFLOAT16, INT16, UINT16 -> 2;
      case FLOAT, INT32, UINT32 -> 4;
      case DOUBLE, INT64, UINT64 -> 8;
    };
  }

  private Literal embedded(String where, TensorProto tensor, ElementType type, int[] shape, int count) {
    if (tensor.getExternalDataCount() > 0) {
      throw new InputException(where + ": names an external file, yet is not external");
    }
    long typed = (long) tensor.getFloatDataCount() + tensor.getInt32DataCount() + tensor.getInt64DataCount()
        + tensor.getDoubleDataCount() + tensor.getUint64DataCount() + tensor.getStringDataCount();
    ByteString raw = tensor.getRawData();
    if (!raw.isEmpty() && typed > 0) {
      throw new InputException(where + ": holds its entries twice, in raw_data and in another field");
    }
    if (typed == 0) {
      requireBytes(where, type, shape, count, raw.size());
      Literal literal = allocate(type, shape, count);
      decode(raw.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN), literal, 0);
      return literal;
    }
    int found = switch (type) {
      case FLOAT -> tensor.getFloatDataCount();
      case DOUBLE -> tensor.getDoubleDataCount();
      case INT64 -> tensor.getInt64DataCount();
      case UINT32, UINT64 -> tensor.getUint64DataCount();
      case FLOAT16, BFLOAT16, INT8, INT16, INT32, UINT8, UINT16, BOOL -> tensor.getInt32DataCount();
    };
    if (found != count || typed != count) {
      throw new InputException(where + ": expected " + count + " entries (" + type + " " + NpyArray.describe(shape) + "), got "
          + found + (typed == found ? "" : " and " + (typed - found) + " in fields of other types"));
    }
    Literal literal = allocate(type, shape, count);
    for (int e = 0; e < count; e++) {
      switch (type) {
        case FLOAT -> literal.reals()[e] = tensor.getFloatData(e);
        case DOUBLE -> literal.reals()[e] = tensor.getDoubleData(e);
        case INT64 -> literal.integers()[e] = tensor.getInt64Data(e);
        case UINT32, UINT64 -> literal.integers()[e] = tensor.getUint64Data(e);
        case FLOAT16 -> literal.reals()[e] = half((short) bits(where, e, tensor.getInt32Data(e)));
        case BFLOAT16 -> literal.reals()[e] = brain((short) bits(where, e, tensor.getInt32Data(e)));
        default -> literal.integers()[e] = tensor.getInt32Data(e);
      }
    }
    return literal;
  }

  /** The bits of a 16-bit format, which the format stores in a 32-bit integer. */
  private static int bits(String where, int e, int stored) {
    if (stored < 0 || stored > 0xffff) {
      throw new InputException(where + ": entry " + e + ": expected 16 bits, got " + stored);
    }
    return stored;
  }

  private Literal external(String where, TensorProto tensor, ElementType type, int[] shape, int count) {
    if (!tensor.getRawData().isEmpty()) {
      throw new InputException(where + ": holds raw_data, yet is external");
    }
    Map<String, String> keys = new HashMap<>();
    for (StringStringEntryProto entry : tensor.getExternalDataList()) {
      if (keys.put(entry.getKey(), entry.getValue()) != null) {
        throw new InputException(where + ": gives '" + entry.getKey() + "' of its external file twice");
      }
    }
    Path file = externalFile(where, keys.get("location"));
    String name = where + ": external file '" + keys.get("location") + "'";
    long offset = number(name, "offset", keys.get("offset"), 0);
    long bytes = (long) count * width(type);
    requireBytes(name, type, shape, count, number(name, "length", keys.get("length"), bytes));
    try {
      long size = fileSize(file);
      if (offset > size || bytes > size - offset) {
        throw new InputException(name + ": expected " + bytes + " bytes from offset " + offset + ", got a file of " + size);
      }
      Region region = new Region(file, offset, type, count);
      Literal known = regions.get(region);
      if (known != null) {
        return new Literal(type, shape, known.reals(), known.integers());
      }
      regionsBytes += bytes;
      if (regionsBytes > filesBytes) {
        throw new InputException(name + ": tensors overlap in external files, " + regionsBytes + " bytes of " + filesBytes);
      }
      Literal literal = allocate(type, shape, count);
      readRegion(name, file, offset, bytes, literal);
      regions.put(region, literal);
      return literal;
    } catch (IOException e) {
      throw new InputException(name + ": cannot be read (" + e + ")", e);
    }
  }

  /** The file of a location relative to the model's folder; links are followed and may not lead out of the folder. */
  private Path externalFile(String where, @Nullable String location) {
    if (location == null || location.isEmpty()) {
      throw new InputException(where + ": is external and names no file");
    }
    String name = where + ": external file '" + location + "'";
    try {
      Path relative = Path.of(location);
      boolean up = false;
      for (Path part : relative) {
        up |= part.toString().equals("..");
      }
      if (relative.isAbsolute() || up || location.startsWith("\\")) {
        throw new InputException(name + ": expected a path within the model's folder");
      }
      Path root = folder.toRealPath();
      Path file = folder.resolve(relative);
      if (!Files.exists(file)) {
        throw new InputException(name + ": no such file beside the model");
      }
      Path real = file.toRealPath();
      if (!real.startsWith(root)) {
        throw new InputException(name + ": is a link that leaves the model's folder");
      }
      if (!Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS)) {
        throw new InputException(name + ": not a regular file");
      }
      return real;
    } catch (InvalidPathException e) {
      throw new InputException(name + ": not a path", e);
    } catch (IOException e) {
      throw new InputException(name + ": cannot be read (" + e + ")", e);
    }
  }

  private long fileSize(Path file) throws IOException {
    Long known = files.get(file);
    if (known != null) {
      return known;
    }
    long size = Files.size(file);
    files.put(file, size);
    filesBytes += size;
    return size;
  }

  private static void readRegion(String name, Path file, long offset, long bytes, Literal literal) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(CHUNK, bytes)).order(ByteOrder.LITTLE_ENDIAN);
      int width = width(literal.type());
      for (long read = 0; read < bytes; read += buffer.limit()) {
        buffer.clear().limit((int) Math.min(CHUNK, bytes - read));
        while (buffer.hasRemaining()) {
          if (channel.read(buffer, offset + read + buffer.position()) < 0) {
            throw new InputException(name + ": ends while it is read");
          }
        }
        decode(buffer.flip(), literal, (int) (read / width));
      }
    }
  }

  private static long number(String name, String key, @Nullable String text, long otherwise) {
    if (text == null) {
      return otherwise;
    }
    try {
      long number = Long.parseLong(text);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new InputException(name + ": expected a number as " + key + ", got '" + text + "'", e);
    }
    throw new InputException(name + ": expected at least 0 as " + key + ", got " + text);
  }

  private static void requireBytes(String where, ElementType type, int[] shape, int count, long bytes) {
    if (bytes != (long) count * width(type)) {
      throw new InputException(where + ": expected " + count + " entries of " + width(type) + " bytes (" + type + " "
          + NpyArray.describe(shape) + "), got " + bytes + " bytes");
    }
  }

  private Literal allocate(ElementType type, int[] shape, int count) {
    entriesLeft -= count;
    return type.isReal() ? Literal.reals(type, shape, new double[count]) : Literal.integers(type, shape, new long[count]);
  }

  /** Decodes all entries that remain in a buffer to those from {@code first} on; exact. */
  private static void decode(ByteBuffer buffer, Literal literal, int first) {
    double[] reals = literal.reals();
    long[] integers = literal.integers();
    int end = first + buffer.remaining() / width(literal.type());
    for (int e = first; e < end; e++) {
      switch (literal.type()) {
        case FLOAT16 -> reals[e] = half(buffer.getShort());
        case BFLOAT16 -> reals[e] = brain(buffer.getShort());
        case FLOAT -> reals[e] = buffer.getFloat();
        case DOUBLE -> reals[e] = buffer.getDouble();
        case INT8 -> integers[e] = buffer.get();
        case INT16 -> integers[e] = buffer.getShort();
        case INT32 -> integers[e] = buffer.getInt();
        case INT64, UINT64 -> integers[e] = buffer.getLong();
        case UINT8, BOOL -> integers[e] = buffer.get() & 0xff;
        case UINT16 -> integers[e] = buffer.getShort() & 0xffff;
        case UINT32 -> integers[e] = buffer.getInt() & 0xffffffffL;
      }
    }
  }

  /** The value of an IEEE 754 binary16 number. */
  private static double half(short bits) {
    int exponent = (bits >> 10) & 0x1f;
    int fraction = bits & 0x3ff;
    double magnitude;
    if (exponent == 31) {
      magnitude = fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
    } else {
      magnitude = exponent == 0 ? Math.scalb((double) fraction, -24) : Math.scalb((double) (1024 + fraction), exponent - 25);
    }
    return bits < 0 ? -magnitude : magnitude;
  }

  /** The value of a bfloat16 number, which is the upper half of a binary32 number. */
  private static double brain(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  /** Numbers must be finite, or −∞, which a mask may hold; integers must be of their type. */
  private static void requireValid(String where, Literal literal) {
    for (int e = 0; e < literal.reals().length; e++) {
      double value = literal.reals()[e];
      if (!(value < Double.POSITIVE_INFINITY)) {
        throw new InputException(where + " is " + value + at(literal, e) + ": expected finite numbers, or -Infinity in masks");
      }
    }
    long least = switch (literal.type()) {
      case INT8 -> Byte.MIN_VALUE;
      case INT16 -> Short.MIN_VALUE;
      case INT32 -> Integer.MIN_VALUE;
      case INT64 -> Long.MIN_VALUE;
      default -> 0;
    };
    long most = switch (literal.type()) {
      case BOOL -> 1;
      case INT8 -> Byte.MAX_VALUE;
      case UINT8 -> 0xff;
      case INT16 -> Short.MAX_VALUE;
      case UINT16 -> 0xffff;
      case INT32 -> Integer.MAX_VALUE;
      case UINT32 -> 0xffffffffL;
      default -> Long.MAX_VALUE;
    };
    for (int e = 0; e < literal.integers().length; e++) {
      long value = literal.integers()[e];
      if (value < least || value > most) {
        throw new InputException(where + " is " + (literal.type() == ElementType.UINT64 ? Long.toUnsignedString(value) : value)
            + at(literal, e) + ": expected " + literal.type() + " values of " + least + " to " + most);
      }
    }
  }

  private static String at(Literal literal, int e) {
    return " at " + Arrays.toString(NpyArray.index(literal.shape(), e));
  }
}
