/**
 * FlowAR (appendices C and D of the paper): scale-wise autoregression with flow matching, written once for every number
 * system. Weights are exact; token maps and the time t are matrices of the number system, so that t may be an interval.
 */
package plumbline.reference.flowar;
