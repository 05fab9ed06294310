package plumbline.reference.operator;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.fraction.BigFraction;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.spec.number.ExactMatrix;

/** The checked tensors, parameters and sizes that an operator computes from. */
public final class Arguments {
  /** Decimal exponents beyond this are refused: they would take memory, not mean anything. */
  private static final int MAX_SCALE = 10_000;

  /** Tensors with more entries than this are refused: a slip in a parameter should not exhaust the memory. */
  private static final long MAX_ENTRIES = 1L << 24;

  private final String statement;
  private final Map<String, Tensor> tensors;
  private final Map<String, String> parameters;
  private final Map<String, Integer> sizes;

  Arguments(String statement, Map<String, Tensor> tensors, Map<String, String> parameters, Map<String, Integer> sizes) {
    this.statement = statement;
    this.tensors = tensors;
    this.parameters = parameters;
    this.sizes = sizes;
  }

  /** Whether an optional tensor was given. */
  public boolean has(String name) {
    return tensors.containsKey(name);
  }

  /** A tensor of the signature. */
  public Tensor tensor(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new OperatorException(statement + ": tensor " + name + " is missing");
    }
    return tensor;
  }

  /** A tensor's values, flattened to (all dimensions but the last) × (the last). */
  public ExactMatrix matrix(String name) {
    return tensor(name).values();
  }

  /** The tensors {@code name_1}, {@code name_2}, … in order. */
  public List<Tensor> family(String name) {
    List<Tensor> members = new ArrayList<>();
    for (Tensor next = tensors.get(name + "_1"); next != null; next = tensors.get(name + "_" + (members.size() + 1))) {
      members.add(next);
    }
    return members;
  }

  /** The size that a shape symbol stands for. */
  public int size(String symbol) {
    Integer size = sizes.get(symbol);
    if (size == null) {
      throw new OperatorException(statement + ": size " + symbol + " is not known");
    }
    return size;
  }

  /** A parameter's text. */
  public String text(String name) {
    String value = parameters.get(name);
    if (value == null) {
      throw new OperatorException(statement + ": parameter " + name + " is missing");
    }
    return value;
  }

  /** A parameter that is an integer. */
  public int integer(String name) {
    return integer(statement, name, text(name));
  }

  /** A parameter that is a number, exactly. */
  public BigFraction number(String name) {
    return number(statement, name, text(name));
  }

  /** The number of tensors in each of these families, which must be the same. */
  public int count(String... families) {
    int count = family(families[0]).size();
    for (String name : families) {
      if (family(name).size() != count) {
        throw error("there must be as many " + name + "_* as " + families[0] + "_*: " + count + ", got "
            + family(name).size());
      }
    }
    return count;
  }

  /** Raises an error unless a size or parameter is at least 1; returns it. */
  public int requirePositive(String name, int value) {
    if (value < 1) {
      throw error(name + " must be at least 1, got " + value);
    }
    return value;
  }

  /** Raises an error if a tensor of these dimensions, each at least 0, would be too large to compute. */
  public void requireEntries(long... dims) {
    long entries = 1;
    for (long dim : dims) {
      entries = dim == 0 ? 0 : entries > MAX_ENTRIES / dim ? MAX_ENTRIES + 1 : entries * dim;
      if (entries > MAX_ENTRIES) {
        throw error("a tensor of more than " + MAX_ENTRIES + " entries is needed: "
            + java.util.Arrays.stream(dims).mapToObj(Long::toString).collect(java.util.stream.Collectors.joining("·")));
      }
    }
  }

  /** The tensor {@code name} with as many rows as the parameter {@code scales} has tokens. */
  ExactMatrix requireTokens(String name) {
    int tokens = Scales.parse(this).tokens();
    if (matrix(name).rows() != tokens) {
      throw error(name + " must have Σ h_i·w_i = " + tokens + " rows for scales " + text("scales") + ", got "
          + Tensor.text(tensor(name).shape()));
    }
    return matrix(name);
  }

  /** An error that names the statement. */
  public OperatorException error(String message) {
    return new OperatorException(statement + ": " + message);
  }

  static int integer(String statement, String name, String text) {
    try {
      int value = Integer.parseInt(text.strip());
      if (value >= 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      // the one message below covers words, overflow and negative values
    }
    throw new OperatorException(statement + ": parameter " + name + " must be an integer of at least 0, got " + quote(text));
  }

  static BigFraction number(String statement, String name, String text) {
    @Nullable BigFraction value = exact(text.strip());
    if (value == null) {
      throw new OperatorException(statement + ": parameter " + name
          + " must be a decimal such as 1e-6 or a fraction such as 1/3,"
          + " got " + quote(text));
    }
    return value;
  }

  /** The exact value of a decimal or a fraction, or {@code null} if the text is neither. */
  private static @Nullable BigFraction exact(String text) {
    try {
      int slash = text.indexOf('/');
      if (slash >= 0) {
        BigInteger above = new BigInteger(text.substring(0, slash).strip());
        return new BigFraction(above, new BigInteger(text.substring(slash + 1).strip()));
      }
      BigDecimal decimal = new BigDecimal(text);
      if (Math.abs((long) decimal.scale()) > MAX_SCALE) {
        return null;
      }
      return decimal.scale() >= 0
          ? new BigFraction(decimal.unscaledValue(), BigInteger.TEN.pow(decimal.scale()))
          : new BigFraction(decimal.toBigInteger(), BigInteger.ONE);
    } catch (NumberFormatException | org.apache.commons.math3.exception.MathIllegalArgumentException
        | org.apache.commons.math3.exception.MathArithmeticException e) {
      return null;
    }
  }

  /** Text from outside, short enough for one line. */
  static String quote(String text) {
    String line = text.replaceAll("\\p{Cntrl}", "?");
    return "\"" + (line.length() > 60 ? line.substring(0, 57) + "..." : line) + "\"";
  }

  /** Runs a construction and lets its error name the statement. */
  static <T> T named(String statement, java.util.function.Supplier<T> construction) {
    try {
      return construction.get();
    } catch (OperatorException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      throw new OperatorException(message.startsWith(statement) ? message : statement + ": " + message);
    }
  }
}
