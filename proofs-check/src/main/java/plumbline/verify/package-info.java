/** The checker of certificates: small, and independent of all that it checks; it uses Java and a JSON reader alone. */
package plumbline.verify;
