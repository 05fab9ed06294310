/**
 * Golden vectors: inputs that common bugs do not survive, with certified bounds of every output, as JSON that any language
 * can read. The vectors are made here; the bugs that their flags name are run against them in the tests.
 */
package plumbline.properties.vector;
