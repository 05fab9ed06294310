/** The audit as one self-contained HTML page. It reads verdicts, evidence and the specification; nothing flows back. */
package plumbline.report;
