/** Tensor files: a reader of NumPy's npz that trusts nothing it reads, and a small writer. */
package plumbline.reference.io;
