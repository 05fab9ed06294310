package plumbline.properties.operator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import plumbline.reference.operator.Argument;
import plumbline.reference.operator.Operator;
import plumbline.reference.operator.OperatorException;
import plumbline.reference.operator.Operators;
import plumbline.reference.operator.Tensor;

/**
 * Random small inputs for every operator of the catalogue, made from its signature: each size symbol gets a size, each
 * tensor dyadic entries in [−2, 2]. Where parameters and sizes depend on each other, a {@link Recipe} says how.
 */
public final class OperatorCases {

  /**
   * One way of choosing parameters and sizes.
   *
   * @param parameters values of parameters, by name
   * @param sizes fixed sizes, by symbol; a symbol left out gets a random size from 1 to 4
   * @param family how many members a family has
   * @param optional whether optional tensors are given
   */
  private record Recipe(Map<String, String> parameters, Map<String, Integer> sizes, int family, boolean optional) {
    Recipe() {
      this(Map.of(), Map.of(), 1, false);
    }

    Recipe(Map<String, String> parameters, Map<String, Integer> sizes) {
      this(parameters, sizes, 1, false);
    }
  }

  private static final int ATTEMPTS = 10;

  private static final Map<String, List<Recipe>> RECIPES = recipes();

  private OperatorCases() {}

  /** Random cases of an operator; every recipe for it is used. */
  public static Arbitrary<OperatorCase> of(Operator operator) {
    return Arbitraries.longs().map(seed -> inDomain(operator, new Random(seed)));
  }

  /** Random cases of the operator of a statement. */
  public static Arbitrary<OperatorCase> of(String id) {
    return of(Operators.find(id).orElseThrow());
  }

  /** Draws again where the operator is undefined, as layer norm is on the rare constant row. */
  private static OperatorCase inDomain(Operator operator, Random random) {
    for (int attempt = 1; ; attempt++) {
      OperatorCase drawn = random(operator, random);
      try {
        drawn.evaluation();
        return drawn;
      } catch (OperatorException outside) {
        if (attempt == ATTEMPTS) {
          throw outside;
        }
      }
    }
  }

  private static OperatorCase random(Operator operator, Random random) {
    List<Recipe> recipes = RECIPES.getOrDefault(operator.id(), List.of(new Recipe(), new Recipe(Map.of(), Map.of(), 1, true)));
    Recipe recipe = recipes.get(random.nextInt(recipes.size()));
    Map<String, Integer> sizes = new HashMap<>(recipe.sizes());
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Argument input : operator.inputs()) {
      if (input.optional() && !recipe.optional()) {
        continue;
      }
      for (int k = 1; k <= (input.isFamily() ? recipe.family() : 1); k++) {
        String number = Integer.toString(k);
        tensors.put(input.name().replace("*", number), tensor(input.shape().replace("*", number), sizes, random));
      }
    }
    return new OperatorCase(operator, tensors, recipe.parameters());
  }

  private static Tensor tensor(String symbols, Map<String, Integer> sizes, Random random) {
    if (symbols.equals("scalar")) {
      return Tensor.of(new int[0], random.nextInt(17) / 16.0);
    }
    String[] dims = symbols.split("×");
    int[] shape = new int[dims.length];
    int size = 1;
    for (int k = 0; k < dims.length; k++) {
      shape[k] = 1;
      for (String factor : dims[k].split("·")) {
        shape[k] *= factor.matches("\\d+") ? Integer.parseInt(factor) : sizes.computeIfAbsent(factor, s -> 1 + random.nextInt(4));
      }
      size *= shape[k];
    }
    double[] values = new double[size];
    for (int e = 0; e < size; e++) {
      values[e] = (random.nextInt(65) - 32) / 16.0;
    }
    return Tensor.of(shape, values);
  }

  private static Map<String, List<Recipe>> recipes() {
    Map<String, List<Recipe>> recipes = new HashMap<>();
    recipes.put("def-3.1", List.of(
        new Recipe(Map.of("kernel", "bspline"), Map.of()),
        new Recipe(Map.of("kernel", "keys(-3/4)"), Map.of())));
    List<Recipe> interpolations = new ArrayList<>();
    for (String boundary : List.of("zero", "replicate", "reflect")) {
      for (String origin : List.of("0", "1")) {
        interpolations.add(new Recipe(Map.of("reading", "literal", "boundary", boundary, "origin", origin,
            "height", "5", "width", "7"), Map.of("h", 3, "w", 2)));
      }
    }
    interpolations.add(new Recipe(Map.of("reading", "standard", "height", "5", "width", "3"), Map.of("h", 3, "w", 2)));
    recipes.put("def-3.2", interpolations);
    recipes.put("rem-3.7", interpolations.stream().map(r -> {
      Map<String, String> parameters = new HashMap<>(r.parameters());
      parameters.put("from_height", "3");
      parameters.put("from_width", "2");
      return new Recipe(parameters, Map.of());
    }).toList());
    recipes.put("def-3.4", List.of(
        new Recipe(Map.of("scales", "1x1,2x2,3x4"), Map.of("n", 5)),
        new Recipe(Map.of("scales", "1x1,3x2", "up", "standard"), Map.of("n", 1))));
    recipes.put("def-3.6", List.of(new Recipe(Map.of("scales", "1x1,2x3", "up", "standard"), Map.of(), 2, false)));
    recipes.put("def-3.9", List.of(
        new Recipe(Map.of("scales", "1x1,2x2"), Map.of("heads", 1, "head_size", 1, "hidden", 4), 2, false),
        new Recipe(Map.of("scales", "1x1,2x3", "heads", "2", "head_size", "3", "hidden", "2", "up", "standard"),
            Map.of("heads", 2, "head_size", 3, "hidden", 2, "d", 3), 2, false)));
    recipes.put("def-3.8", List.of(
        new Recipe(Map.of("scales", "1x1"), Map.of(), 1, false),
        new Recipe(Map.of("scales", "1x1,2x2", "ffn", "plain"), Map.of("n", 1), 1, true)));
    Map<String, Integer> two = Map.of("h_1", 1, "w_1", 1, "h_2", 2, "w_2", 3);
    recipes.put("phase-two", List.of(
        new Recipe(Map.of("reading", "sum"), two, 2, true), new Recipe(Map.of("reading", "blended"), two, 2, false)));
    recipes.put("phase-three", List.of(
        new Recipe(Map.of("blocks", "residual attention up"), Map.of("h", 2, "w", 2), 1, true),
        new Recipe(Map.of("norm", "layer", "epsilon", "1/16", "blocks", "none"), Map.of(), 1, false)));
    recipes.put("def-b.4", List.of(new Recipe(Map.of("scales", "1x1,2x2"), Map.of("n", 5))));
    recipes.put("def-b.5", List.of(
        new Recipe(Map.of("reading", "residual"), Map.of()), new Recipe(Map.of("reading", "plain"), Map.of())));
    for (String id : List.of("def-c.1", "def-c.3")) {
      recipes.put(id, rescalings(List.of("nearest", "linear", "bicubic"), Map.of("h", 2, "w", 3)));
    }
    for (String id : List.of("def-c.2", "def-c.4")) {
      recipes.put(id, rescalings(List.of("area", "nearest", "linear", "bicubic"), Map.of("h", 4, "w", 6)));
    }
    recipes.put("def-c.5", List.of(new Recipe(Map.of("scales", "3"), Map.of("h", 4, "w", 8))));
    recipes.put("def-c.9", List.of(
        new Recipe(Map.of(), Map.of("c", 4)), new Recipe(Map.of(), Map.of("c", 3)),
        new Recipe(Map.of("epsilon", "1/1000000"), Map.of()), new Recipe(Map.of("epsilon", "1/8"), Map.of("c", 1))));
    Map<String, Integer> pyramid = Map.of(
        "h_1", 1, "w_1", 1, "h_2", 2, "w_2", 2, "n_1", 1, "n_2", 4, "c", 3, "k", 2);
    recipes.put("def-c.10", List.of(
        new Recipe(Map.of(), pyramid, 1, true), new Recipe(Map.of("ffn", "plain"), Map.of("h_1", 2, "w_1", 1), 1, false)));
    recipes.put("def-c.12", List.of(
        new Recipe(Map.of("epsilon", "1/16"), Map.of()), new Recipe(Map.of("epsilon", "1/4"), Map.of("n", 5, "c", 4))));
    recipes.put("def-c.13", List.of(new Recipe(Map.of("epsilon", "1/16"), pyramid, 2, true)));
    recipes.put("def-d.1", List.of(
        new Recipe(Map.of("epsilon", "1/16", "reading", "literal"), pyramid, 2, true),
        new Recipe(Map.of("epsilon", "1/16", "reading", "ode", "steps", "3"), pyramid, 2, false)));
    return Map.copyOf(recipes);
  }

  private static List<Recipe> rescalings(List<String> readings, Map<String, Integer> sizes) {
    return readings.stream().map(reading -> new Recipe(Map.of("reading", reading, "factor", "2"), sizes)).toList();
  }
}
