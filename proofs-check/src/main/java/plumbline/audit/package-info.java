/** The audit: every statement's checks, run from a seed, and the verdict that their evidence adds up to. */
package plumbline.audit;
