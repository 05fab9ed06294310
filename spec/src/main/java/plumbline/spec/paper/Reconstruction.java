package plumbline.spec.paper;

/**
 * A part of a statement that was written anew and involved a choice.
 *
 * @param what the part
 * @param why why the choice was made so
 */
public record Reconstruction(String what, String why) {}
