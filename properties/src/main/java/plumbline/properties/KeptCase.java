package plumbline.properties;

import java.util.List;
import java.util.Map;
import plumbline.spec.number.ExactMatrix;

/**
 * A case that a check decided, kept for a certificate.
 *
 * @param inputs its exact tensors by name
 * @param findings what was decided or computed from them, in order
 */
public record KeptCase(Map<String, ExactMatrix> inputs, List<Finding> findings) {}
