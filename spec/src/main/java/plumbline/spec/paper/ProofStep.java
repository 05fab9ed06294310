package plumbline.spec.paper;

/**
 * One step of the proof that the paper gives for a statement.
 *
 * @param formula what the step claims: TeX for display mode
 * @param text why the proof says that it holds
 */
public record ProofStep(String formula, String text) {}
