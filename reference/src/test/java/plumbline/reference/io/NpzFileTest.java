package plumbline.reference.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpzFileTest {
  private static final String F4_HEADER = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }";

  @TempDir
  private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"stored.npz", "deflated.npz"})
  void everyTypeThatNumpyWroteIsReadExactly(String file) {
    Map<String, NpyArray> tensors = NpzFile.read(resource(file));
    double[] signed = {-3, 0, 1, 2, 5, 7};
    double[] unsigned = {0, 3, 4, 5, 8, 10};
    int types = 0;
    for (DType type : DType.values()) {
      for (String order : List.of("little_", "big_")) {
        NpyArray tensor = tensors.get(order + type.code());
        if (tensor != null) {
          types++;
          assertEquals(type, tensor.dtype());
          assertArrayEquals(new int[] {2, 3}, tensor.shape());
          assertArrayEquals(type.code().startsWith("u") ? unsigned : signed, tensor.values(), tensor.toString());
        }
      }
    }
    assertEquals(22, types);
    assertArrayEquals(new double[] {0, 0, 0, 1, 1, 1}, tensors.get("bool").values());
    assertEquals(0.1, tensors.get("scalar").get(0));
    assertEquals(0, tensors.get("scalar").shape().length);
    assertArrayEquals(new int[] {3, 0, 2}, tensors.get("empty").shape());
    assertArrayEquals(new double[] {0x1p53, -0x1p53}, tensors.get("exact").values());
  }

  @Test
  void halvesAreReadExactly() {
    NpyArray half = NpzFile.read(resource("stored.npz")).get("half");
    assertArrayEquals(new double[] {0x1p-24, -0x1p-24, 1023 * 0x1p-24, 0x1p-14, 1365 * 0x1p-12, 65504, -65504,
        Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN, -0.0}, half.values());
    assertEquals(7, half.firstNonFinite());
    assertEquals("[7]", half.index(7));
  }

  @Test
  void fortranOrderBecomesC() {
    NpyArray tensor = NpzFile.read(resource("stored.npz")).get("fortran");
    assertArrayEquals(new int[] {2, 3, 4}, tensor.shape());
    for (int e = 0; e < 24; e++) {
      assertEquals(e, tensor.get(e));
    }
    assertEquals("[1, 0, 2]", tensor.index(14));
  }

  @Test
  void formatsOneToThreeAreRead() {
    NpzFile.read(resource("formats.npz")).values().forEach(t -> assertArrayEquals(new double[] {1.5, -2.25}, t.values()));
    assertEquals(3, NpzFile.read(resource("formats.npz")).size());
  }

  @ParameterizedTest
  @EnumSource
  void whatIsWrittenIsReadBack(DType type) throws IOException {
    double[] values = type == DType.BOOL ? new double[] {0, 1, 1, 0} : type.isFloat()
        ? new double[] {Double.NaN, Double.NEGATIVE_INFINITY, Math.scalb(1.0, type.minExponent() - type.precision() + 1),
            -1.5}
        : new double[] {0, 1, 100, type.code().startsWith("u") ? 255 : -128};
    Path file = folder.resolve("written.npz");
    NpzFile.write(file, List.of(new NpyArray("a", type, new int[] {2, 2}, values)));
    NpyArray back = NpzFile.read(file).get("a");
    assertArrayEquals(values, back.values());
    assertEquals(type, back.dtype());
    assertEquals(List.of(file), list());
  }

  @ParameterizedTest
  @CsvSource({"F16, 65520", "F16, 0.1", "F16, 2.98023223876953125e-8", "F32, 0.1", "I8, 128", "U8, -1", "I64, 1e19",
      "BOOL, 2", "I32, NaN"})
  void whatATypeCannotHoldIsNotWritten(DType type, double value) throws IOException {
    NpyArray array = new NpyArray("a", type, new int[] {1}, new double[] {value});
    assertThrows(IllegalArgumentException.class, () -> NpzFile.write(folder.resolve("no.npz"), List.of(array)));
    assertEquals(List.of(), list());
  }

  @Test
  void everyHalfSurvivesWriting() {
    double[] halves = new double[65536];
    ByteBuffer buffer = ByteBuffer.allocate(2);
    for (int bits = 0; bits < 65536; bits++) {
      halves[bits] = DType.F16.decode(buffer.clear().putShort((short) bits).flip());
      DType.F16.encode(halves[bits], buffer.clear());
      int back = buffer.getShort(0) & 0xffff;
      assertTrue(back == bits || Double.isNaN(halves[bits]), "half " + bits + " came back as " + back);
    }
  }

  @ParameterizedTest
  @CsvSource(delimiter = ';', value = {
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1152921504606846976,), }; got 1152921504606846976",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1073741824, 1073741824), }; expected 1152921504606846976 elements",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2147483647, 2147483647, 2147483647), }; beyond all bounds",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2147483647,), }; got 8 bytes",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }; got -2",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }; got 8 bytes",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }; got 8 bytes",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2.0,), }; malformed",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2,; malformed",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,"
          + "1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,2), }; more than 64 dimensions",
      "{'descr': '|O', 'fortran_order': False, 'shape': (2,), }; never loaded",
      "{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }; got dtype '<c8'",
      "{'descr': '<f16', 'fortran_order': False, 'shape': (1,), }; got dtype '<f16'",
      "{'descr': '|f4', 'fortran_order': False, 'shape': (2,), }; got dtype '|f4'",
      "{'descr': '', 'fortran_order': False, 'shape': (2,), }; got dtype ''",
      "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }; structured",
      "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,), }; repeated key 'descr'",
      "{'descr': '<f4', 'fortran_order': False, 'evil': __import__('os'), }; key 'evil'",
      "{'descr': '<f4', 'fortran_order': 0, 'shape': (2,), }; malformed",
      "{'descr': '<f4', 'shape': (2,), }; must hold",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), } or 1; nothing after",
      "''; malformed",
  })
  void hostileHeadersAreOneLine(String header, String expected) throws IOException {
    Path file = zip("x.npy", npy(1, header, new byte[8]));
    long before = allocated();
    fails(file, "tensor 'x'", expected);
    assertTrue(allocated() - before < 8 << 20, "a claim took memory");
  }

  @Test
  void headerLengthIsCheckedAgainstTheFile() throws IOException {
    byte[] array = npy(2, F4_HEADER, new byte[8]);
    ByteBuffer.wrap(array).order(ByteOrder.LITTLE_ENDIAN).putInt(8, 0x7fffffff);
    fails(zip("x.npy", array), "header", "2147483647");
    ByteBuffer.wrap(array).order(ByteOrder.LITTLE_ENDIAN).putInt(8, -1);
    fails(zip("x.npy", array), "header", "4294967295");
  }

  @Test
  void otherFormatsAreNamed() throws IOException {
    fails(zip("x.npy", npy(4, F4_HEADER, new byte[8])), "format 1 to 3, got 4");
    fails(zip("x.npy", "no array at all".getBytes(StandardCharsets.UTF_8)), "expected an npy array");
    fails(zip("x.npy", new byte[0]), "expected an npy array");
    fails(zip("readme.txt", new byte[3]), "readme.txt");
    fails(Files.write(folder.resolve("a"), npy(1, F4_HEADER, new byte[8])), "single npy array");
    fails(Files.write(folder.resolve("a"), new byte[0]), "empty");
    fails(Files.writeString(folder.resolve("a"), "hello"), "expected an npz archive");
    fails(folder.resolve("missing.npz"), "no such file");
    fails(folder, "not a regular file");
  }

  @Test
  void namesAreShownWithoutControlCharacters() throws IOException {
    fails(zip("a\u001b[31m\nb.npy", new byte[0]), "a\\u001b[31m\\u000ab");
  }

  @Test
  void integersBeyondBinary64AndStrangeBoolsAreRefused() throws IOException {
    byte[] data = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(1).putLong((1L << 53) + 1).array();
    fails(zip("x.npy", npy(1, F4_HEADER.replace("f4", "i8"), data)), "at [1]", "9007199254740993");
    data = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(-1).putLong(0).array();
    fails(zip("x.npy", npy(1, F4_HEADER.replace("f4", "u8"), data)), "at [0]", "18446744073709551615");
    fails(zip("x.npy", npy(1, F4_HEADER.replace("<f4", "|b1"), new byte[] {1, 2})), "at [1]", "got 2");
  }

  @Test
  void aNameMayComeOnce() throws IOException {
    Path file = folder.resolve("twice.npz");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (String name : List.of("xa.npy", "xb.npy")) {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(npy(1, F4_HEADER, new byte[8]));
      }
    }
    String bytes = Files.readString(file, StandardCharsets.ISO_8859_1).replace("xb.npy", "xa.npy");
    Files.writeString(file, bytes, StandardCharsets.ISO_8859_1);
    fails(file, "'xa'", "twice");
  }

  @Test
  void everyTruncationIsOneLine() throws IOException {
    byte[] whole = Files.readAllBytes(zip("x.npy", npy(1, F4_HEADER, new byte[8])));
    for (int length = 0; length < whole.length; length++) {
      byte[] start = new byte[length];
      System.arraycopy(whole, 0, start, 0, length);
      fails(Files.write(folder.resolve("cut.npz"), start), "cut.npz");
    }
  }

  @Test
  void damagedBytesNeverEndInAnythingButInputException() throws IOException {
    byte[] whole = Files.readAllBytes(resource("deflated.npz"));
    byte[] stored = Files.readAllBytes(resource("formats.npz"));
    Random random = new Random(1);
    int refused = 0;
    for (int round = 0; round < 1000; round++) {
      byte[] bytes = (round % 2 == 0 ? whole : stored).clone();
      for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      Path file = Files.write(folder.resolve("damaged.npz"), bytes);
      try {
        NpzFile.read(file);
      } catch (InputException e) {
        refused++;
        assertTrue(e.getMessage().lines().count() == 1, e.getMessage());
      }
    }
    assertTrue(refused > 500, "only " + refused + " refused");
  }

  @Test
  void aChangedElementIsFoundByTheChecksum() throws IOException {
    byte[] bytes = Files.readAllBytes(resource("formats.npz"));
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    // 1.5f and −2.25f, little endian, as the last 8 bytes of the first array
    int at = text.indexOf("\0\0\u00c0\u003f\0\0\u0010\u00c0");
    bytes[at] = 1;
    fails(Files.write(folder.resolve("changed.npz"), bytes), "'v1'", "checksum");
  }

  @Test
  void bombsAreRefused() throws IOException {
    int elements = 1 << 22;
    Path file = zip("x.npy", npy(1, F4_HEADER.replace("2", Integer.toString(elements)), new byte[4 * elements]));
    assertEquals(elements, NpzFile.read(file).get("x").size());
    NpzFile.Limits limits = NpzFile.Limits.DEFAULT;
    fails(file, new NpzFile.Limits(limits.bytes(), limits.elements(), 100, 10, 1000), "100 times");
    fails(file, new NpzFile.Limits(4L * elements, limits.elements(), 1032, 10, 1000), "bytes in all");
    fails(file, new NpzFile.Limits(limits.bytes(), elements - 1, 1032, 10, 1000), "elements than the limit");
    fails(resource("stored.npz"), new NpzFile.Limits(limits.bytes(), limits.elements(), 1032, 3, 1000), "at most 3 tensors");
    fails(resource("stored.npz"), new NpzFile.Limits(limits.bytes(), limits.elements(), 1032, 99, 10), "at most 10 bytes");
  }

  @Test
  void sizesThatTheDirectoryClaimsAreCheckedAgainstTheBytes() throws IOException {
    byte[] array = npy(1, F4_HEADER.replace("2", "1000000"), new byte[4_000_000]);
    Path file = zip("x.npy", array);
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int directory = new String(bytes, StandardCharsets.ISO_8859_1).lastIndexOf("PK\1\2");
    // unpacks to more than claimed: the header and the claim agree on half of what is there
    byte[] half = npy(1, F4_HEADER.replace("2", "0500000"), new byte[4_000_000]);
    Path lying = zip("x.npy", half);
    byte[] lie = Files.readAllBytes(lying);
    int lieAt = new String(lie, StandardCharsets.ISO_8859_1).lastIndexOf("PK\1\2");
    ByteBuffer.wrap(lie).order(ByteOrder.LITTLE_ENDIAN).putInt(lieAt + 24, half.length - 2_000_000);
    fails(Files.write(lying, lie), "more than");
    // claims 2^31 − 1 bytes
    buffer.putInt(directory + 24, Integer.MAX_VALUE);
    fails(Files.write(file, bytes), "claims");
    // claims more packed bytes than the file has
    buffer.putInt(directory + 24, array.length).putInt(directory + 20, Integer.MAX_VALUE);
    fails(Files.write(file, bytes), file.getFileName().toString());
  }

  private static long allocated() {
    return ((com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean())
        .getThreadAllocatedBytes(Thread.currentThread().getId());
  }

  private static void fails(Path file, String... parts) {
    fails(file, NpzFile.Limits.DEFAULT, parts);
  }

  private static void fails(Path file, NpzFile.Limits limits, String... parts) {
    String message = assertThrows(InputException.class, () -> NpzFile.read(file, limits)).getMessage();
    assertEquals(1, message.lines().count(), message);
    assertTrue(message.contains(file.getFileName().toString()), message);
    for (String part : parts) {
      assertTrue(message.contains(part), message + "\n  does not say: " + part);
    }
  }

  private List<Path> list() throws IOException {
    try (var files = Files.list(folder)) {
      return files.toList();
    }
  }

  private Path zip(String name, byte[] content) throws IOException {
    Path file = folder.resolve("made.npz");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry(name));
      zip.write(content);
    }
    return file;
  }

  private static byte[] npy(int version, String header, byte[] data) throws IOException {
    byte[] text = header.getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer start = ByteBuffer.allocate(version == 1 ? 10 : 12).order(ByteOrder.LITTLE_ENDIAN);
    start.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
    if (version == 1) {
      start.putShort((short) text.length);
    } else {
      start.putInt(text.length);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(start.array());
    out.write(text);
    out.write(data);
    return out.toByteArray();
  }

  private static Path resource(String name) {
    try {
      return Path.of(NpzFileTest.class.getResource(name).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
