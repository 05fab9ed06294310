package plumbline.reference.onnx;

import static plumbline.reference.onnx.Runs.assertValue;
import static plumbline.reference.onnx.Runs.b;
import static plumbline.reference.onnx.Runs.count;
import static plumbline.reference.onnx.Runs.dims;
import static plumbline.reference.onnx.Runs.f;
import static plumbline.reference.onnx.Runs.i;
import static plumbline.reference.onnx.Runs.scalar;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import plumbline.reference.number.Rational;
import plumbline.reference.number.RationalMatrix;
import plumbline.reference.onnx.Literal.ElementType;
import plumbline.reference.onnx.Runs.Op;

/** Operators that move entries. */
final class MovingTest {

  @Test
  void reshape() {
    Literal x = count(2, 3, 2);
    double[] all = x.reals();
    Op.of("Reshape", 14).gives(dims(4, 3), all, x, i(4, 3));
    Op.of("Reshape", 7).gives(dims(2, 6), all, x, i(0, -1));
    Op.of("Reshape", 14).gives(dims(12), all, x, i(-1));
    Op.of("Reshape", 14).gives(dims(), new double[] {3}, f(3), i());
    Op.of("Reshape", 14, "allowzero", 1).gives(dims(3, 0), new double[0], f(dims(0, 2)), i(3, 0));
    Op.of("Reshape", 14).gives(dims(0, 3), new double[0], f(dims(0, 2)), i(0, 3));
    Op.of("Reshape", 14).gives(dims(2, 2), new double[] {1, 2, 3, 4}, i(1, 2, 3, 4), i(2, 2));
    Op.of("Reshape", 14).fails("cannot reshape", x, i(5, -1));
    Op.of("Reshape", 14).fails("cannot reshape", x, i(11));
    Op.of("Reshape", 14).fails("no shape", x, i(-1, -1));
    Op.of("Reshape", 14).fails("no shape", x, i(-2, -6));
    Op.of("Reshape", 14).fails("no dimension 3", x, i(2, 3, 2, 0));
    Op.of("Reshape", 14).fails("", x, i(1L << 40, -1));
    Op.of("Reshape", 14, "allowzero", 1).fails("cannot reshape", f(dims(0, 2)), i(0, -1));
    Op.of("Reshape", 7, "allowzero", 1).fails("allowzero", x, i(12));
  }

  @Test
  void flattenSqueezeUnsqueeze() {
    Literal x = count(2, 1, 3, 1);
    double[] all = x.reals();
    Op.of("Flatten", 13).gives(dims(2, 3), all, x);
    Op.of("Flatten", 13, "axis", 0).gives(dims(1, 6), all, x);
    Op.of("Flatten", 13, "axis", 4).gives(dims(6, 1), all, x);
    Op.of("Flatten", 13, "axis", -1).gives(dims(6, 1), all, x);
    Op.of("Flatten", 13).gives(dims(1, 1), new double[] {7}, f(7));
    Op.of("Flatten", 13, "axis", 5).fails("no axis 5", x);
    Op.of("Squeeze", 13).gives(dims(2, 3), all, x);
    Op.of("Squeeze", 13).gives(dims(2, 3, 1), all, x, i(1));
    Op.of("Squeeze", 11, "axes", dims(-1)).gives(dims(2, 1, 3), all, x);
    Op.of("Squeeze", 13).fails("not 1", x, i(0));
    Op.of("Squeeze", 13).fails("axes are empty", x, i());
    Op.of("Squeeze", 13, "axes", dims(1)).fails("attribute axes", x);
    Op.of("Unsqueeze", 13).gives(dims(1, 2, 1, 3, 1, 1), all, x, i(0, -1));
    Op.of("Unsqueeze", 11, "axes", dims(2, 0)).gives(dims(1, 2, 1), new double[] {1, 2}, f(1, 2));
    Op.of("Unsqueeze", 13).gives(dims(1), new double[] {5}, i(dims(), 5), i(0));
    Op.of("Unsqueeze", 13).fails("not different", x, i(1, -5));
    Op.of("Unsqueeze", 13).fails("no axis", x, i(7));
  }

  @Test
  void transposeExpandTile() {
    Op.of("Transpose", 13).gives(dims(3, 2), new double[] {0, 3, 1, 4, 2, 5}, count(2, 3));
    Op.of("Transpose", 13, "perm", dims(1, 0, 2)).gives(dims(3, 2, 2),
        new double[] {0, 1, 6, 7, 2, 3, 8, 9, 4, 5, 10, 11}, count(2, 3, 2));
    Op.of("Transpose", 13, "perm", dims(2, 0, 1)).gives(dims(2, 1, 3), new double[] {0, 2, 4, 1, 3, 5}, count(1, 3, 2));
    Op.of("Transpose", 13).gives(dims(), new double[] {2}, scalar(2));
    Op.of("Transpose", 13).gives(dims(0, 2), new double[0], f(dims(2, 0)));
    Op.of("Transpose", 13, "perm", dims(0, 0)).fails("not different", count(2, 3));
    Op.of("Transpose", 13, "perm", dims(0)).fails("no order", count(2, 3));
    Op.of("Expand", 13).gives(dims(2, 2, 2), new double[] {0, 0, 1, 1, 0, 0, 1, 1}, count(2, 1), i(2, 1, 2));
    Op.of("Expand", 13).gives(dims(2, 1), new double[] {0, 1}, count(2, 1), i(1));
    Op.of("Expand", 13).gives(dims(2, 0), new double[0], scalar(3), i(2, 0));
    Op.of("Expand", 13).fails("] has more than", scalar(1), i(1L << 20, 1L << 20));
    Op.of("Expand", 13).fails("along an axis", scalar(1), i(1L << 40));
    Op.of("Expand", 13).fails("do not broadcast", count(3), i(2));
    Op.of("Tile", 13).gives(dims(2, 4), new double[] {0, 1, 0, 1, 2, 3, 2, 3}, count(2, 2), i(1, 2));
    Op.of("Tile", 13).fails("", count(2, 2), i(1L << 30, 1L << 30));
    Op.of("Tile", 13).fails("repeats", count(2, 2), i(2));
  }

  @Test
  void concatAndSplit() {
    Op.of("Concat", 13, "axis", 0).gives(dims(3, 2), new double[] {0, 1, 2, 3, 0, 1}, count(2, 2), count(1, 2));
    Op.of("Concat", 13, "axis", -1).gives(dims(2, 3), new double[] {0, 1, 0, 2, 3, 1}, count(2, 2), count(2, 1));
    Op.of("Concat", 13, "axis", 1).gives(dims(2, 3, 2), new double[] {0, 1, 0, 1, 2, 3, 2, 3, 4, 5, 6, 7},
        count(2, 1, 2), count(2, 2, 2));
    Op.of("Concat", 13, "axis", 0).gives(dims(3), new double[] {1, 2, 3}, i(1), i(2, 3));
    Op.of("Concat", 13, "axis", 1).gives(dims(2, 2), new double[] {0, 2, 1, 3},
        f(dims(2, 0)), f(dims(2, 1), 0, 1), f(dims(2, 1), 2, 3));
    Op.of("Concat", 13).fails("axis is missing", f(1));
    Op.of("Concat", 13, "axis", 0).fails("differ", count(2, 2), count(2, 3));
    Op.of("Concat", 13, "axis", 0).fails("differ", count(2, 2), count(2));
    List<Value<RationalMatrix>> parts = Op.of("Split", 13, "axis", 1).with(2).run(count(2, 3), i(1, 2));
    assertValue(dims(2, 1), new double[] {0, 3}, parts.get(0));
    assertValue(dims(2, 2), new double[] {1, 2, 4, 5}, parts.get(1));
    assertValue(dims(1, 3), new double[] {3, 4, 5}, Op.of("Split", 11).with(2).run(count(2, 3)).get(1));
    assertValue(dims(1), new double[] {2}, Op.of("Split", 7, "split", dims(2, 1)).with(2).run(count(3)).get(1));
    assertValue(dims(1), new double[] {4}, Op.of("Split", 18, "num_outputs", 3).with(3).run(count(5)).get(2));
    Op.of("Split", 13).with(2).fails("equal parts", count(3));
    Op.of("Split", 18).with(2).fails("neither", count(4));
    Op.of("Split", 13).with(2).fails("do not split", count(4), i(1, 2));
    Op.of("Split", 13).with(2).fails("do not split", count(4), i(5, -1));
  }

  @Test
  void slice() {
    Literal x = count(2, 5);
    Op.of("Slice", 13).gives(dims(2, 2), new double[] {1, 2, 6, 7}, x, i(1), i(3), i(1));
    Op.of("Slice", 13).gives(dims(1, 5), new double[] {5, 6, 7, 8, 9}, x, i(1, 0), i(2, 1000));
    Op.of("Slice", 13).gives(dims(2, 2), new double[] {1, 3, 6, 8}, x, i(-4), i(Long.MAX_VALUE), i(-1), i(2));
    Op.of("Slice", 13).gives(dims(2, 5), new double[] {4, 3, 2, 1, 0, 9, 8, 7, 6, 5}, x, i(-1), i(Long.MIN_VALUE), i(1), i(-1));
    Op.of("Slice", 13).gives(dims(2, 2), new double[] {4, 1, 9, 6}, x, i(10), i(-5), i(1), i(-3));
    Op.of("Slice", 13).gives(dims(2, 1), new double[] {0, 5}, x, i(0), i(5), i(1), i(Long.MAX_VALUE));
    Op.of("Slice", 13).gives(dims(2, 1), new double[] {4, 9}, x, i(4), i(-9), i(1), i(Long.MIN_VALUE));
    Op.of("Slice", 13).gives(dims(2, 0), new double[0], x, i(3), i(1), i(1));
    Op.of("Slice", 7, "starts", dims(1), "ends", dims(-1), "axes", dims(1)).gives(dims(2, 3),
        new double[] {1, 2, 3, 6, 7, 8}, x);
    Op.of("Slice", 13).gives(dims(0, 2), new double[0], f(dims(0, 2)), i(0), i(1), i(0));
    Op.of("Slice", 13).gives(dims(1), new double[] {2}, i(1, 2, 3), i(1), i(2));
    Op.of("Slice", 13).fails("step is 0", x, i(0), i(1), i(0), i(0));
    Op.of("Slice", 13).fails("length", x, i(0, 1), i(1), i(0));
    Op.of("Slice", 13).fails("no axis 2", x, i(0), i(1), i(2));
    Op.of("Slice", 13).fails("missing", x);
  }

  /** Against a loop that walks as NumPy says it does. */
  @Test
  void slicesOfOneAxis() {
    for (int length = 0; length <= 4; length++) {
      Literal x = count(length);
      for (int start = -6; start <= 6; start++) {
        for (int end = -6; end <= 6; end++) {
          for (int step : new int[] {-3, -2, -1, 1, 2, 3}) {
            List<Double> expected = new ArrayList<>();
            int from = start < 0 ? start + length : start;
            int to = end < 0 ? end + length : end;
            if (step > 0) {
              for (int k = Math.max(from, 0); k < Math.min(to, length); k += step) {
                expected.add((double) k);
              }
            } else {
              for (int k = Math.min(from, length - 1); k > Math.max(to, -1); k += step) {
                expected.add((double) k);
              }
            }
            Op.of("Slice", 13).gives(dims(expected.size()), expected.stream().mapToDouble(v -> v).toArray(),
                x, i(start), i(end), i(0), i(step));
          }
        }
      }
    }
  }

  @Test
  void gather() {
    Op.of("Gather", 13).gives(dims(2, 2), new double[] {4, 5, 0, 1}, count(3, 2), i(2, 0));
    Op.of("Gather", 13, "axis", 1).gives(dims(2, 1, 2), new double[] {2, 0, 5, 3}, count(2, 3), i(dims(1, 2), -1, 0));
    Op.of("Gather", 13, "axis", -1).gives(dims(2), new double[] {1, 4}, count(2, 3), i(dims(), 1));
    Op.of("Gather", 13).gives(dims(), new double[] {7}, i(6, 7), i(dims(), 1));
    Op.of("Gather", 13).gives(dims(0, 2), new double[0], count(3, 2), i());
    Op.of("Gather", 13).fails("outside axis 0", count(3, 2), i(3));
    Op.of("Gather", 10).fails("outside axis 0", count(3, 2), i(-1));
    Op.of("Gather", 13).fails("integers", count(3), f(1));
  }

  @Test
  void pad() {
    Literal x = count(2, 3);
    Op.of("Pad", 13).gives(dims(3, 4), new double[] {0, 0, 0, 0, 0, 0, 1, 2, 0, 3, 4, 5}, x, i(1, 1, 0, 0));
    Op.of("Pad", 11).gives(dims(2, 4), new double[] {0, 1, 2, 9, 3, 4, 5, 9}, x, i(0, 0, 0, 1), scalar(9));
    Op.of("Pad", 7, "pads", dims(0, 1, 0, 0), "value", 7.0).gives(dims(2, 4), new double[] {7, 0, 1, 2, 7, 3, 4, 5}, x);
    Op.of("Pad", 13, "mode", "edge").gives(dims(2, 5), new double[] {0, 0, 0, 1, 2, 3, 3, 3, 4, 5}, x, i(0, 2, 0, 0));
    Op.of("Pad", 13, "mode", "reflect").gives(dims(2, 6), new double[] {2, 1, 0, 1, 2, 1, 5, 4, 3, 4, 5, 4},
        x, i(0, 2, 0, 1));
    Op.of("Pad", 19, "mode", "wrap").gives(dims(2, 5), new double[] {2, 0, 1, 2, 0, 5, 3, 4, 5, 3}, x, i(0, 1, 0, 1));
    Op.of("Pad", 18).gives(dims(2, 4), new double[] {0, 1, 2, 4, 3, 4, 5, 4}, x, i(0, 1), scalar(4), i(-1));
    Op.of("Pad", 13).gives(dims(2, 2), new double[] {1, 2, 4, 5}, x, i(0, -1, 0, 0));
    Op.of("Pad", 13).gives(dims(3), new double[] {8, 8, 1}, i(1), i(2, 0), i(dims(), 8));
    Op.of("Pad", 13).fails("pads must be 4", x, i(1, 1));
    Op.of("Pad", 13).fails("", x, i(1L << 40, 0, 0, 0));
    Op.of("Pad", 13).fails("] has more than", x, i(1 << 20, 0, 0, 1 << 20));
    Op.of("Pad", 13).fails("along an axis", x, i(-3, 0, 0, 0));
    Op.of("Pad", 13, "mode", "wrap").fails("mode", x, i(0, 0, 0, 0));
    Op.of("Pad", 13, "mode", "edge").fails("empty axis", f(dims(0)), i(1, 0));
  }

  @Test
  void shapesAndConstants() {
    Literal x = count(2, 3, 4);
    Op.of("Shape", 13).gives(dims(3), new double[] {2, 3, 4}, x);
    Op.of("Shape", 15, "start", 1).gives(dims(2), new double[] {3, 4}, x);
    Op.of("Shape", 15, "start", -3, "end", -1).gives(dims(2), new double[] {2, 3}, x);
    Op.of("Shape", 15, "start", 2, "end", 1).gives(dims(0), new double[0], x);
    Op.of("Shape", 13).gives(dims(0), new double[0], scalar(1));
    Op.of("Shape", 13, "start", 1).fails("attribute start", x);
    Op.of("Size", 13).gives(dims(), new double[] {24}, x);
    Op.of("ConstantOfShape", 9).gives(dims(2, 1), new double[2], i(2, 1));
    Op.of("ConstantOfShape", 9, "value", i(7)).gives(dims(3), new double[] {7, 7, 7}, i(3));
    Op.of("ConstantOfShape", 9, "value", f(0.5)).gives(dims(), new double[] {0.5}, i());
    Op.of("ConstantOfShape", 9).gives(dims(0), new double[0], i(0));
    Op.of("ConstantOfShape", 9).fails("along an axis", i(1L << 40));
    Op.of("ConstantOfShape", 9).fails("] has more than", i(1 << 14, 1 << 14));
    Op.of("ConstantOfShape", 9).fails("along an axis", i(-1));
    Op.of("ConstantOfShape", 9, "value", f(Double.NaN)).fails("one number", i(1));
    Op.of("Range", 11).gives(dims(3), new double[] {2, 5, 8}, i(dims(), 2), i(dims(), 11), i(dims(), 3));
    Op.of("Range", 11).gives(dims(2), new double[] {2, 1}, i(dims(), 2), i(dims(), 0), i(dims(), -1));
    Op.of("Range", 11).gives(dims(0), new double[0], i(dims(), 2), i(dims(), 2), i(dims(), 1));
    Op.of("Range", 11).fails("along an axis", i(dims(), 0), i(dims(), 1L << 50), i(dims(), 1));
    Op.of("Range", 11).fails("step is 0", i(dims(), 0), i(dims(), 1), i(dims(), 0));
    Op.of("Trilu", 14).gives(dims(2, 3), new double[] {0, 1, 2, 0, 4, 5}, count(2, 3));
    Op.of("Trilu", 14, "upper", 0).gives(dims(2, 3), new double[] {0, 1, 0, 3, 4, 5}, count(2, 3), i(dims(), 1));
  }

  @Test
  void constantsDropoutIdentity() {
    for (Map.Entry<String, Object> value : Map.<String, Object>of("value", f(dims(1), 3), "value_float", 3f, "value_int", 3L,
        "value_floats", new float[] {3}, "value_ints", new long[] {3}).entrySet()) {
      Graph graph = new Graph(13, List.of(
          new Node("c", "Constant", "", List.of(), List.of("c"), Map.of(value.getKey(), value.getValue())),
          new Node("d", "Dropout", "", List.of("c"), List.of("d", "m"), Map.of()),
          new Node("i", "Identity", "", List.of("d"), List.of("i"), Map.of())),
          Map.of(), List.of(), List.of("i", "m", "c"));
      Map<String, Value<RationalMatrix>> outputs = GraphEvaluation.prepare(graph, Map.of()).in(Rational.INSTANCE);
      int[] shape = value.getKey().endsWith("s") || value.getKey().equals("value") ? dims(1) : dims();
      assertValue(shape, new double[] {3}, outputs.get("i"));
      assertValue(shape, new double[] {3}, outputs.get("c"));
      assertValue(shape, new double[] {1}, outputs.get("m"));
    }
    Op.of("Dropout", 12).fails("training", f(1), scalar(0.5), b(dims(), 1));
    Op.of("Constant", 13, "value_string", "a").fails("value_string");
    Op.of("Constant", 11, "value_int", 1).fails("value_int");
    Op.of("Constant", 13, "value", Literal.reals(ElementType.FLOAT, dims(2), 1)).fails("do not fill");
  }
}
