package plumbline.properties.mutation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A float32 implementation of a layer: stages, each computed from the inputs and from the results of earlier stages, which
 * it hands out.
 */
final class Implementation {

  /**
   * A step of an implementation.
   *
   * @param name the tensor that it makes
   * @param operands the tensors that it reads
   * @param function computes it
   */
  record Stage(String name, List<String> operands, Function<Tensors, FloatTensor> function) {}

  private final List<Stage> stages;
  private final Set<String> changed;

  private Implementation(List<Stage> stages, Set<String> changed) {
    this.stages = stages;
    this.changed = changed;
  }

  static Implementation of(Stage... stages) {
    return new Implementation(List.of(stages), Set.of());
  }

  List<Stage> stages() {
    return stages;
  }

  /** Whether a stage was replaced. */
  boolean isChanged(String stage) {
    return changed.contains(stage);
  }

  /** This implementation with another way to make a tensor. */
  Implementation with(String stage, Function<Tensors, FloatTensor> function) {
    List<Stage> all = new ArrayList<>(stages);
    all.replaceAll(old -> old.name().equals(stage) ? new Stage(stage, old.operands(), function) : old);
    Set<String> names = new HashSet<>(changed);
    names.add(stage);
    return new Implementation(all, names);
  }

  /** This implementation with something done to a tensor once it is made. */
  Implementation after(String stage, UnaryOperator<FloatTensor> change) {
    Function<Tensors, FloatTensor> made = stage(stage).function();
    return with(stage, given -> change.apply(made.apply(given)));
  }

  /** This implementation with something done to an operand before a stage reads it. */
  Implementation before(String stage, String operand, UnaryOperator<FloatTensor> change) {
    Function<Tensors, FloatTensor> made = stage(stage).function();
    return with(stage, given -> made.apply(new Tensors(given).put(operand, change.apply(given.get(operand)))));
  }

  private Stage stage(String name) {
    return stages.stream().filter(stage -> stage.name().equals(name)).findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no stage " + name));
  }

  /** The inputs and all that is made of them. */
  Tensors run(Tensors inputs) {
    Tensors results = new Tensors(inputs);
    for (Stage stage : stages) {
      results.put(stage.name(), stage.function().apply(results));
    }
    return results;
  }

  /**
   * The same, where {@code known} are the results of the implementation that this one was changed from: what does not depend
   * on a change is not computed again.
   */
  Tensors run(Tensors inputs, Tensors known) {
    Tensors results = new Tensors(inputs);
    Map<String, Boolean> fresh = new HashMap<>();
    for (Stage stage : stages) {
      boolean again = isChanged(stage.name()) || stage.operands().stream().anyMatch(name -> fresh.getOrDefault(name, false));
      fresh.put(stage.name(), again);
      results.put(stage.name(), again ? stage.function().apply(results) : known.get(stage.name()));
    }
    return results;
  }
}
