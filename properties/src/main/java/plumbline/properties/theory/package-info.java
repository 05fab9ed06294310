/**
 * The checkable claims of the paper's theory, statement by statement: {@link
 * plumbline.properties.theory.TheoryProperties#all} lists those that come down to inequalities for given inputs, {@link
 * plumbline.properties.theory.TheoryProperties#refutations} those that an argument about every transformer refutes.
 */
package plumbline.properties.theory;
