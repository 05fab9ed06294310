/** ONNX models: reading them as untrusted files, and evaluating their graphs in any number system. */
package plumbline.reference.onnx;
