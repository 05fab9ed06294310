package plumbline.reference.io;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Reads and writes NumPy's npz archives (npy format 1.0 to 3.0, stored or deflated, ZIP64).
 *
 * <p>A file is untrusted. What it claims is checked against the bytes that are there before memory is taken for it;
 * arrays grow with the bytes that arrive. Every failure is one {@link InputException}.
 */
public final class NpzFile {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int CHUNK = 1 << 16;

  private NpzFile() {}

  /**
   * What a file may ask for.
   *
   * @param bytes most bytes of all tensors together, unpacked
   * @param elements most elements of all tensors together (each takes 8 bytes in memory)
   * @param ratio most bytes that one compressed byte may unpack to; deflate itself cannot exceed 1032
   * @param tensors most tensors
   * @param header most bytes of one npy header
   */
  public record Limits(long bytes, long elements, long ratio, int tensors, int header) {
    public static final Limits DEFAULT = new Limits(1L << 30, 1L << 27, 1032, 10_000, 1 << 16);
  }

  /** Reads all tensors, in the order of the archive, within {@link Limits#DEFAULT}. */
  public static Map<String, NpyArray> read(Path file) {
    return read(file, Limits.DEFAULT);
  }

  /**
   * Reads all tensors, in the order of the archive.
   *
   * @throws InputException if the file is missing, not an npz archive, damaged, hostile or beyond the limits, or holds a
   *     tensor that is not of real numbers or not exactly representable in binary64
   */
  public static Map<String, NpyArray> read(Path file, Limits limits) {
    if (!Files.isRegularFile(file)) {
      throw new InputException(file + ": " + (Files.exists(file) ? "not a regular file" : "no such file"));
    }
    Map<String, NpyArray> tensors = new LinkedHashMap<>();
    try {
      requireArchive(file);
      try (ZipFile zip = new ZipFile(file.toFile())) {
        long bytes = 0;
        long elements = 0;
        if (zip.size() > limits.tensors()) {
          throw new InputException(file + ": expected at most " + limits.tensors() + " tensors, got " + zip.size());
        }
        for (ZipEntry entry : Collections.list(zip.entries())) {
          if (!entry.getName().endsWith(".npy")) {
            throw new InputException(file + ": expected only .npy members, got '" + entry.getName() + "'");
          }
          String name = entry.getName().substring(0, entry.getName().length() - 4);
          String where = file + ": tensor '" + name + "'";
          if (tensors.containsKey(name)) {
            throw new InputException(where + " is there twice");
          }
          long size = claimedSize(where, entry, Files.size(file), limits);
          bytes += size;
          if (bytes > limits.bytes()) {
            throw new InputException(where + ": expected at most " + limits.bytes() + " bytes in all, got " + bytes);
          }
          NpyArray tensor = readEntry(where, name, zip, entry, size, limits, limits.elements() - elements);
          elements += tensor.size();
          tensors.put(name, tensor);
        }
      }
    } catch (NoSuchFileException e) {
      throw new InputException(file + ": no such file", e);
    } catch (ZipException | EOFException e) {
      throw new InputException(file + ": damaged or truncated zip archive (" + e.getMessage() + ")", e);
    } catch (IllegalArgumentException e) {
      // ZipFile raises it on member names that are not UTF-8.
      throw new InputException(file + ": damaged zip archive (" + e.getMessage() + ")", e);
    } catch (IOException e) {
      throw new InputException(file + ": cannot be read (" + e + ")", e);
    }
    if (tensors.isEmpty()) {
      throw new InputException(file + ": the archive holds no tensors");
    }
    return tensors;
  }

  private static void requireArchive(Path file) throws IOException {
    byte[] start;
    try (InputStream in = Files.newInputStream(file)) {
      start = in.readNBytes(MAGIC.length);
    }
    if (start.length == 0) {
      throw new InputException(file + ": the file is empty");
    }
    if (Arrays.equals(start, MAGIC)) {
      throw new InputException(file + ": expected an npz archive, got a single npy array (write it with numpy.savez)");
    }
    if (start.length < 4 || start[0] != 'P' || start[1] != 'K') {
      throw new InputException(file + ": expected an npz archive (zip), got something else");
    }
  }

  private static long claimedSize(String where, ZipEntry entry, long fileSize, Limits limits) {
    long size = entry.getSize();
    long packed = entry.getCompressedSize();
    if (size < 0 || packed < 0 || packed > fileSize) {
      throw new InputException(where + " claims " + packed + " packed bytes in a file of " + fileSize);
    }
    if (entry.getMethod() == ZipEntry.STORED && size != packed) {
      throw new InputException(where + " is stored, yet claims " + size + " bytes in " + packed);
    }
    if (size / limits.ratio() > packed) {
      throw new InputException(where + " claims that " + packed + " bytes unpack to " + size + ", more than "
          + limits.ratio() + " times as many");
    }
    return size;
  }

  private static NpyArray readEntry(
      String where, String name, ZipFile zip, ZipEntry entry, long size, Limits limits, long elementsLeft)
      throws IOException {
    CRC32 crc = new CRC32();
    InputStream opened = zip.getInputStream(entry);
    if (opened == null) {
      throw new InputException(where + " cannot be opened");
    }
    try (InputStream in = new CheckedInputStream(opened, crc)) {
      byte[] preamble = in.readNBytes(8);
      if (preamble.length < 8 || !Arrays.equals(preamble, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
        throw new InputException(where + ": expected an npy array, got something else");
      }
      if (preamble[6] < 1 || preamble[6] > 3) {
        throw new InputException(where + ": expected npy format 1 to 3, got " + (preamble[6] & 0xff));
      }
      int lengthBytes = preamble[6] == 1 ? 2 : 4;
      long length = 0;
      byte[] rawLength = in.readNBytes(lengthBytes);
      for (int b = rawLength.length - 1; b >= 0; b--) {
        length = length << 8 | rawLength[b] & 0xff;
      }
      if (rawLength.length < lengthBytes || length > limits.header() || length > size - 8 - lengthBytes) {
        throw new InputException(where + ": expected an npy header of at most " + limits.header()
            + " bytes within the tensor's " + size + ", got one of " + length);
      }
      byte[] headerBytes = in.readNBytes((int) length);
      NpyHeader header = NpyHeader.parse(where, new String(headerBytes, StandardCharsets.ISO_8859_1));
      int count = count(where, header, size - 8 - lengthBytes - length, elementsLeft);
      double[] values = readValues(where, header, count, in);
      if (in.read() >= 0) {
        throw new InputException(where + " unpacks to more than the " + size + " bytes that it claims");
      }
      if (crc.getValue() != entry.getCrc()) {
        throw new InputException(where + " is damaged: its checksum is wrong");
      }
      return new NpyArray(name, header.dtype(), header.shape(), header.fortran() ? cOrder(values, header.shape()) : values);
    }
  }

  /** The number of elements that the header claims, once it agrees with the bytes. */
  private static int count(String where, NpyHeader header, long dataBytes, long elementsLeft) {
    long count = 1;
    try {
      for (int dimension : header.shape()) {
        count = Math.multiplyExact(count, (long) dimension);
      }
    } catch (ArithmeticException overflow) {
      throw new InputException(where + ": shape " + NpyArray.describe(header.shape()) + " is beyond all bounds", overflow);
    }
    int width = header.dtype().bytes();
    if (count > dataBytes / width || count * width != dataBytes) {
      throw new InputException(where + ": expected " + count + " elements of " + width + " bytes (" + header.dtype().word()
          + " " + NpyArray.describe(header.shape()) + "), got " + dataBytes + " bytes");
    }
    if (count > elementsLeft) {
      throw new InputException(where + ": more elements than the limit allows (" + elementsLeft + " left, " + count
          + " here)");
    }
    return (int) count;
  }

  /** Decodes {@code count} elements; memory grows with the bytes that arrive, whatever was claimed. */
  private static double[] readValues(String where, NpyHeader header, int count, InputStream in) throws IOException {
    DType dtype = header.dtype();
    double[] values = new double[Math.min(count, CHUNK)];
    ByteBuffer buffer = ByteBuffer.allocate(CHUNK).order(header.order());
    for (int e = 0; e < count; ) {
      int bytes = (int) Math.min(CHUNK, (long) (count - e) * dtype.bytes());
      int got = in.readNBytes(buffer.array(), 0, bytes);
      if (got < bytes) {
        throw new InputException(where + " is truncated: expected " + count + " elements, got " + (e + got / dtype.bytes()));
      }
      buffer.position(0).limit(bytes);
      if (values.length < e + bytes / dtype.bytes()) {
        values = Arrays.copyOf(values, (int) Math.min(count, 2L * values.length));
      }
      for (; buffer.hasRemaining(); e++) {
        try {
          values[e] = dtype.decode(buffer);
        } catch (ArithmeticException notExact) {
          String order = header.fortran() ? " (element " + e + " of the file, Fortran order)"
              : " at " + Arrays.toString(NpyArray.index(header.shape(), e));
          throw new InputException(where + order + ": " + notExact.getMessage(), notExact);
        }
      }
    }
    return values;
  }

  /** Fortran order (the first dimension varies fastest) to C order. */
  private static double[] cOrder(double[] values, int[] shape) {
    double[] result = new double[values.length];
    int[] index = new int[shape.length];
    for (double value : values) {
      int e = 0;
      for (int d = 0; d < shape.length; d++) {
        e = e * shape[d] + index[d];
      }
      result[e] = value;
      for (int d = 0; d < shape.length && ++index[d] == shape[d]; d++) {
        index[d] = 0;
      }
    }
    return result;
  }

  /**
   * Writes an archive, deflated, little endian, C order: to a temporary file beside {@code file} that then takes its
   * place, so that nothing half-written is ever seen.
   *
   * @throws IllegalArgumentException if a value is no value of its tensor's type, or a name comes twice
   */
  public static void write(Path file, Collection<NpyArray> tensors) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    Path temporary = Files.createTempFile(folder == null ? Path.of(".") : folder, ".plumbline", ".npz");
    try {
      try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(temporary))) {
        for (NpyArray tensor : tensors) {
          ZipEntry entry = new ZipEntry(tensor.name() + ".npy");
          entry.setTime(315_619_200_000L);
          try {
            zip.putNextEntry(entry);
          } catch (ZipException duplicate) {
            throw new IllegalArgumentException("tensor '" + tensor.name() + "' is there twice", duplicate);
          }
          writeArray(tensor, zip);
          zip.closeEntry();
        }
      }
      Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static void writeArray(NpyArray tensor, OutputStream out) throws IOException {
    DType dtype = tensor.dtype();
    StringBuilder shape = new StringBuilder();
    for (int dimension : tensor.shape()) {
      shape.append(dimension).append(", ");
    }
    String dictionary = "{'descr': '" + (dtype.bytes() == 1 ? "|" : "<") + dtype.code()
        + "', 'fortran_order': False, 'shape': (" + shape.toString().stripTrailing() + "), }";
    int length = (10 + dictionary.length() + 1 + 63) / 64 * 64 - 10;
    ByteBuffer header = ByteBuffer.allocate(10 + length).order(ByteOrder.LITTLE_ENDIAN);
    header.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) length);
    header.put(dictionary.getBytes(StandardCharsets.US_ASCII));
    while (header.remaining() > 1) {
      header.put((byte) ' ');
    }
    out.write(header.put((byte) '\n').array());
    ByteBuffer buffer = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    for (int e = 0; e < tensor.size(); e++) {
      if (!buffer.hasRemaining()) {
        out.write(buffer.array());
        buffer.clear();
      }
      dtype.encode(tensor.get(e), buffer);
    }
    out.write(buffer.array(), 0, buffer.position());
  }

  /** The names of tensors with type and shape, for messages: {@code x float32 14×8, y float32 14×8}. */
  public static String describe(Collection<NpyArray> tensors) {
    ArrayList<String> words = new ArrayList<>();
    for (NpyArray tensor : tensors) {
      words.add(tensor.toString());
    }
    return String.join(", ", words);
  }
}
