package plumbline.spec.paper;

/** Specifications made for a test. */
public final class Papers {
  private Papers() {}

  /** Reads a specification from YAML. */
  public static Paper read(String yaml) {
    return PaperReader.read(yaml);
  }
}
