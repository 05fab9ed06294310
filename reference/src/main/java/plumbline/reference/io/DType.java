package plumbline.reference.io;

import java.nio.ByteBuffer;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The element types of NumPy arrays that hold real numbers, named as NumPy abbreviates them by bits. */
public enum DType {
  F16("f2", "float16", 11, 15),
  F32("f4", "float32", 24, 127),
  F64("f8", "float64", 53, 1023),
  I8("i1", "int8"),
  I16("i2", "int16"),
  I32("i4", "int32"),
  I64("i8", "int64"),
  U8("u1", "uint8"),
  U16("u2", "uint16"),
  U32("u4", "uint32"),
  U64("u8", "uint64"),
  BOOL("b1", "bool");

  /** Integers up to this magnitude are binary64 values, all of them. */
  static final long LARGEST_EXACT = 1L << 53;

  private final String code;
  private final String word;
  private final int precision;
  private final int maxExponent;

  DType(String code, String word) {
    this(code, word, 0, 0);
  }

  DType(String code, String word, int precision, int maxExponent) {
    this.code = code;
    this.word = word;
    this.precision = precision;
    this.maxExponent = maxExponent;
  }

  /** NumPy's name, such as {@code float32}. */
  public String word() {
    return word;
  }

  /** Kind and bytes, as the header of an npy file gives them after the byte order: {@code f4}. */
  public String code() {
    return code;
  }

  /** Bytes of one element. */
  public int bytes() {
    return code.charAt(1) - '0';
  }

  /** Whether this is an IEEE 754 binary format. */
  public boolean isFloat() {
    return precision > 0;
  }

  /**
   * Bits of the significand, the leading bit included: 11, 24 or 53.
   *
   * @throws IllegalStateException unless {@link #isFloat()}
   */
  public int precision() {
    requireFloat();
    return precision;
  }

  /** Exponent of the largest finite values: they lie below 2^(maxExponent + 1). */
  public int maxExponent() {
    requireFloat();
    return maxExponent;
  }

  /** Exponent of the smallest normal value. */
  public int minExponent() {
    requireFloat();
    return 1 - maxExponent;
  }

  private void requireFloat() {
    if (!isFloat()) {
      throw new IllegalStateException(word + " is not a floating-point type");
    }
  }

  /** The type with this {@link #code()}, or {@code null}. */
  static @Nullable DType ofCode(String code) {
    for (DType type : values()) {
      if (type.code.equals(code)) {
        return type;
      }
    }
    return null;
  }

  /**
   * Reads one element; exact, because every value of these types but large 64-bit integers is a binary64 value.
   *
   * @throws ArithmeticException if the value is no binary64 value, or no value of the type; the message says what it is
   */
  double decode(ByteBuffer buffer) {
    return switch (this) {
      case F16 -> halfToDouble(buffer.getShort());
      case F32 -> buffer.getFloat();
      case F64 -> buffer.getDouble();
      case I8 -> buffer.get();
      case I16 -> buffer.getShort();
      case I32 -> buffer.getInt();
      case I64 -> exact(buffer.getLong(), true);
      case U8 -> buffer.get() & 0xff;
      case U16 -> buffer.getShort() & 0xffff;
      case U32 -> buffer.getInt() & 0xffffffffL;
      case U64 -> exact(buffer.getLong(), false);
      case BOOL -> bool(buffer.get());
    };
  }

  /**
   * Writes one element.
   *
   * @throws IllegalArgumentException if {@code value} is no value of this type
   */
  void encode(double value, ByteBuffer buffer) {
    int start = buffer.position();
    switch (this) {
      case F16 -> buffer.putShort(doubleToHalf(value));
      case F32 -> buffer.putFloat((float) value);
      case F64 -> buffer.putDouble(value);
      case I8, U8, BOOL -> buffer.put((byte) (long) value);
      case I16, U16 -> buffer.putShort((short) (long) value);
      case I32, U32 -> buffer.putInt((int) (long) value);
      case I64, U64 -> buffer.putLong((long) value);
    }
    double back;
    try {
      back = decode(buffer.duplicate().order(buffer.order()).position(start));
    } catch (ArithmeticException notOfThisType) {
      throw new IllegalArgumentException(value + " is no value of " + word, notOfThisType);
    }
    if (back != value && !(isFloat() && Double.isNaN(value) && Double.isNaN(back))) {
      throw new IllegalArgumentException(value + " is no value of " + word);
    }
  }

  private static double exact(long value, boolean signed) {
    if (value > LARGEST_EXACT || (signed ? value < -LARGEST_EXACT : value < 0)) {
      throw new ArithmeticException("expected an integer of magnitude at most 2^53, got "
          + (signed ? Long.toString(value) : Long.toUnsignedString(value)));
    }
    return value;
  }

  private static double bool(byte value) {
    if (value != 0 && value != 1) {
      throw new ArithmeticException("expected 0 or 1 for a bool, got " + (value & 0xff));
    }
    return value;
  }

  private static double halfToDouble(short half) {
    int exponent = (half >> 10) & 0x1f;
    int fraction = half & 0x3ff;
    double magnitude;
    if (exponent == 31) {
      magnitude = fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
    } else {
      magnitude = exponent == 0 ? Math.scalb((double) fraction, -24) : Math.scalb((double) (1024 + fraction), exponent - 25);
    }
    return half < 0 ? -magnitude : magnitude;
  }

  /** Truncates; {@link #encode} finds what is lost. */
  private static short doubleToHalf(double value) {
    double magnitude = Math.abs(value);
    int exponent = Math.max(Math.getExponent(magnitude), -14);
    int bits;
    if (Double.isNaN(value)) {
      bits = 0x7e00;
    } else if (exponent > 15) {
      bits = 0x7c00;
    } else {
      // 2^(exponent - 10) is the spacing; the implicit bit, where there is one, carries into the exponent field.
      bits = ((exponent + 14) << 10) + (int) Math.scalb(magnitude, 10 - exponent);
    }
    return (short) (Double.doubleToRawLongBits(value) < 0 ? bits | 0x8000 : bits);
  }
}
