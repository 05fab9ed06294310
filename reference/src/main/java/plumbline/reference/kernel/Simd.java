package plumbline.reference.kernel;

/**
 * Whether this Java machine was started with {@code --add-modules jdk.incubator.vector}. Kernels that use the Vector API
 * live in classes that are loaded only then; each has a plain twin that computes the same bits. No result depends on it.
 */
final class Simd {
  /** Whether the Vector API is there. */
  static final boolean AVAILABLE = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();

  private Simd() {}
}
