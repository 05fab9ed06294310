/**
 * The layers that the paper's models are made of, each written once over the abstract matrix. Tokens are rows, except in
 * {@link plumbline.reference.layer.FeedForward} and {@link plumbline.reference.layer.ResidualAttention}, where the paper
 * counts them as columns; {@link plumbline.reference.layer.Transposed} goes from one to the other.
 */
package plumbline.reference.layer;
