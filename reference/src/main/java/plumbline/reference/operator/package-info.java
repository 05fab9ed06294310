/**
 * The statements that can be evaluated, as a catalogue: each names its tensors and parameters, checks them, and computes
 * its outputs in any number system. Files, reports and the command line reach the layers through here.
 */
package plumbline.reference.operator;
