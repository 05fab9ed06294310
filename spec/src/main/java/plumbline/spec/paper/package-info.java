/** The paper as data: its statements, readings and bibliography, read from {@code paper.yaml} and rendered as text. */
package plumbline.spec.paper;
