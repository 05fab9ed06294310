(** The paper's definitions over the real numbers.

    A vector of length n is a function [nat -> R] of which the entries 0 … n-1 count, a matrix a function of row and column.
    Tokens are rows. Nothing is assumed of entries beyond the size; theorems speak of those within it. *)

From Coq Require Import Reals.
Open Scope R_scope.

Definition vector := nat -> R.
Definition matrix := nat -> nat -> R.

(** f 0 + … + f (n-1) *)
Fixpoint sum (n : nat) (f : nat -> R) : R :=
  match n with
  | O => 0
  | S m => sum m f + f m
  end.

Definition transpose (A : matrix) : matrix := fun i j => A j i.

(** A B, where A has k columns and B has k rows *)
Definition times (k : nat) (A B : matrix) : matrix := fun i j => sum k (fun l => A i l * B l j).

(** Definition B.1 (def-b.1) *)
Definition softmax (n : nat) (z : vector) : vector := fun j => exp (z j) / sum n (fun k => exp (z k)).

(** Definition B.2 (def-b.2): the exponents X W_Q W_K^T X^T, without 1/sqrt d *)
Definition scores (d : nat) (WQ WK X : matrix) : matrix :=
  times d (times d X WQ) (transpose (times d X WK)).

(** Definition B.3 (def-b.3), n tokens of width d: D^-1 A X W_V, each row of D^-1 A being a softmax of scores *)
Definition attention (n d : nat) (WQ WK WV X : matrix) : matrix :=
  times n (fun i => softmax n (scores d WQ WK X i)) (times d X WV).

Definition relu (x : R) : R := Rmax 0 x.

(** Definition B.5 (def-b.5) with the residual, c hidden neurons, token by token: X + W_2 ReLU (W_1 X + b_1) + b_2 *)
Definition feed_forward (d c : nat) (W1 : matrix) (b1 : vector) (W2 : matrix) (b2 : vector) (X : matrix) : matrix :=
  fun i j => X i j + sum c (fun h => W2 j h * relu (sum d (fun l => W1 h l * X i l) + b1 h)) + b2 j.
