package plumbline.reference.onnx;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.io.IOException;
import plumbline.reference.io.InputException;

/**
 * Walks over protobuf bytes without building anything, so that what a parser would build is known to be small: an empty
 * message takes two bytes in a file and a hundred in memory.
 */
final class WireFormat {
  /** Most messages, strings and single numbers. */
  static final int MOST_PARTS = 2_000_000;
  /** Most bytes of packed integers, each of which may take one byte in a file and eight in memory. */
  static final int MOST_PACKED = 1 << 26;

  private static final int MOST_NESTED = 32;
  private static final int DELIMITED = 2;

  private final String where;
  private final CodedInputStream in;
  private long parts;
  private long packed;

  private WireFormat(String where, CodedInputStream in) {
    this.where = where;
    this.in = in;
  }

  /**
   * Checks a whole message.
   *
   * @param where names the file in messages
   * @throws InputException if it is too large or too deep
   * @throws IOException if it is not in the format
   */
  static void check(String where, CodedInputStream in, Descriptor message) throws IOException {
    new WireFormat(where, in).message(message, 0);
  }

  private void message(Descriptor message, int depth) throws IOException {
    if (depth > MOST_NESTED) {
      throw new InputException(where + ": messages nested more than " + MOST_NESTED + " deep");
    }
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (++parts > MOST_PARTS) {
        throw new InputException(where + ": more than " + MOST_PARTS + " nodes, names and attributes");
      }
      int wireType = tag & 7;
      if (wireType == 3 || wireType == 4) {
        throw new InputException(where + ": not an ONNX model, or damaged (it holds a group)");
      }
      FieldDescriptor field = message.findFieldByNumber(tag >>> 3);
      if (field == null || wireType != DELIMITED) {
        in.skipField(tag);
      } else {
        delimited(field, depth);
      }
    }
  }

  private void delimited(FieldDescriptor field, int depth) throws IOException {
    int length = in.readRawVarint32();
    switch (field.getJavaType()) {
      case MESSAGE -> {
        int limit = in.pushLimit(length);
        message(field.getMessageType(), depth + 1);
        in.checkLastTagWas(0);
        in.popLimit(limit);
      }
      case INT, LONG, ENUM, BOOLEAN -> {
        packed += length;
        if (packed > MOST_PACKED) {
          throw new InputException(where + ": more than " + MOST_PACKED
              + " bytes of packed integers (raw_data is for large tensors)");
        }
        in.skipRawBytes(length);
      }
      default -> in.skipRawBytes(length);
    }
  }
}
