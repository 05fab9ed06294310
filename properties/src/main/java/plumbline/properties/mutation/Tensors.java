package plumbline.properties.mutation;

import java.util.LinkedHashMap;
import java.util.Map;

/** Tensors by name: the inputs of a case, and whatever an implementation hands out. */
final class Tensors {
  private final Map<String, FloatTensor> byName = new LinkedHashMap<>();

  Tensors() {}

  Tensors(Tensors others) {
    byName.putAll(others.byName);
  }

  Tensors put(String name, FloatTensor tensor) {
    byName.put(name, tensor);
    return this;
  }

  FloatTensor get(String name) {
    FloatTensor tensor = byName.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("no tensor " + name + " among " + byName.keySet());
    }
    return tensor;
  }

  Map<String, FloatTensor> all() {
    return byName;
  }
}
