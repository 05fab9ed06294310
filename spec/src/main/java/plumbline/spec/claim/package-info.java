/** Claims about layers, the inequalities they come down to, and what an audit says of them. */
package plumbline.spec.claim;
