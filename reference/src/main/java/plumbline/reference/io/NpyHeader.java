package plumbline.reference.io;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The header of an npy array: a Python dictionary with the keys descr, fortran_order and shape, each once, nothing else.
 * Only the few literals that NumPy writes are read; nothing is evaluated.
 */
record NpyHeader(DType dtype, ByteOrder order, boolean fortran, int[] shape) {
  private static final int MOST_DIMENSIONS = 64;

  static NpyHeader parse(String where, String text) {
    return new Scanner(where, text).header();
  }

  private static final class Scanner {
    private final String where;
    private final String text;
    private int at;

    Scanner(String where, String text) {
      this.where = where;
      this.text = text;
    }

    NpyHeader header() {
      @Nullable String descr = null;
      @Nullable Boolean fortran = null;
      int @Nullable [] shape = null;
      expect('{');
      while (!accept('}')) {
        String key = string();
        expect(':');
        if (key.equals("descr") && descr == null) {
          if (peek() == '[') {
            throw new InputException(where + ": expected an array of real numbers, got a structured dtype");
          }
          descr = string();
        } else if (key.equals("fortran_order") && fortran == null) {
          fortran = bool();
        } else if (key.equals("shape") && shape == null) {
          shape = shape();
        } else {
          throw new InputException(where + ": npy header with an unknown or repeated key '" + key + "'");
        }
        if (!accept(',')) {
          expect('}');
          break;
        }
      }
      if (peek() != 0 || at < text.length() || descr == null || fortran == null || shape == null) {
        throw new InputException(where + ": npy header must hold descr, fortran_order and shape, and nothing after them");
      }
      return new NpyHeader(dtype(descr), order(descr), fortran, shape);
    }

    private DType dtype(String descr) {
      DType dtype = descr.length() >= 2 && "<>|=".indexOf(descr.charAt(0)) >= 0 ? DType.ofCode(descr.substring(1)) : null;
      if (dtype == null || (descr.charAt(0) == '|' && dtype.bytes() > 1)) {
        String what = descr.contains("O")
            ? "python objects (dtype object), which are never loaded"
            : "dtype '" + descr + "'";
        throw new InputException(where + ": expected float16/32/64, (u)int8–64 or bool, got " + what);
      }
      return dtype;
    }

    private static ByteOrder order(String descr) {
      return descr.charAt(0) == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    }

    private int[] shape() {
      List<Integer> dimensions = new ArrayList<>();
      expect('(');
      while (!accept(')')) {
        dimensions.add(dimension());
        if (dimensions.size() > MOST_DIMENSIONS) {
          throw new InputException(where + ": shape of more than " + MOST_DIMENSIONS + " dimensions");
        }
        if (!accept(',')) {
          expect(')');
          break;
        }
      }
      return dimensions.stream().mapToInt(Integer::intValue).toArray();
    }

    private int dimension() {
      peek();
      int start = at;
      while (at < text.length() && (Character.digit(text.charAt(at), 10) >= 0 || (at == start && text.charAt(at) == '-'))) {
        at++;
      }
      String digits = text.substring(start, at);
      try {
        int dimension = Integer.parseInt(digits);
        if (dimension >= 0) {
          return dimension;
        }
      } catch (NumberFormatException beyondInt) {
        if (digits.isEmpty()) {
          throw malformed();
        }
      }
      throw new InputException(where + ": expected dimensions of 0 to " + Integer.MAX_VALUE + ", got " + digits);
    }

    private boolean bool() {
      peek();
      for (String word : new String[] {"True", "False"}) {
        if (text.startsWith(word, at)) {
          at += word.length();
          return word.equals("True");
        }
      }
      throw malformed();
    }

    private String string() {
      char quote = peek();
      int end = quote == '\'' || quote == '"' ? text.indexOf(quote, at + 1) : -1;
      if (end < 0) {
        throw malformed();
      }
      String string = text.substring(at + 1, end);
      at = end + 1;
      return string;
    }

    /** The next character that is not a space, or 0 at the end. */
    private char peek() {
      while (at < text.length() && " \n\t\r".indexOf(text.charAt(at)) >= 0) {
        at++;
      }
      return at < text.length() ? text.charAt(at) : 0;
    }

    private boolean accept(char c) {
      boolean found = peek() == c;
      at += found ? 1 : 0;
      return found;
    }

    private void expect(char c) {
      if (!accept(c)) {
        throw malformed();
      }
    }

    private InputException malformed() {
      return new InputException(where + ": malformed npy header at character " + at);
    }
  }
}
