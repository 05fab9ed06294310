package plumbline.properties.arbitrary;

import org.apache.commons.math3.fraction.BigFraction;

/**
 * Two Lipschitz functions that are nowhere farther apart than an exact error, in the norm ‖·‖_∞.
 *
 * @param target the function f that is approximated
 * @param approximation the function h that approximates it
 * @param error ε: ‖f(x) − h(x)‖_∞ ≤ ε for all x
 */
public record Approximation(LipschitzFunction target, LipschitzFunction approximation, BigFraction error) {}
