(** The paper's definitions over the real numbers.

    A vector of length n is a function [nat -> R] of which the entries 0 … n-1 count, a matrix a function of row and column.
    Tokens are rows. Nothing is assumed of entries beyond the size; theorems speak of those within it. *)

From Coq Require Import Reals ZArith List.
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

(** Definition B.5 (def-b.5), the plain reading: without the residual *)
Definition feed_forward_plain (d c : nat) (W1 : matrix) (b1 : vector) (W2 : matrix) (b2 : vector) (X : matrix) : matrix :=
  fun i j => sum c (fun h => W2 j h * relu (sum d (fun l => W1 h l * X i l) + b1 h)) + b2 j.

(** One head of size s: W_Q, W_K, W_V of d×s and W_O of s×d *)
Record head := Head { head_Q : matrix; head_K : matrix; head_V : matrix; head_O : matrix }.

(** One head: Softmax (X W_Q W_K^T X^T) X W_V W_O, softmax by rows *)
Definition head_attention (n d s : nat) (a : head) (X : matrix) : matrix :=
  let p i := softmax n (times s (times d X (head_Q a)) (transpose (times d X (head_K a))) i) in
  times s (times n p (times d X (head_V a))) (head_O a).

(** Definition 3.9 (def-3.9): the sum over the heads *)
Fixpoint multi_head (n d s : nat) (heads : list head) (X : matrix) : matrix :=
  match heads with
  | nil => fun _ _ => 0
  | cons a rest => fun i l => head_attention n d s a X i l + multi_head n d s rest X i l
  end.

(** The layers that a block may hold, and what each does to n tokens of width d *)
Inductive layer :=
| Attention (WQ WK WV : matrix)                                                                         (* def-b.3 *)
| Heads (residual : bool) (s : nat) (heads : list head)                           (* def-3.9, with or without residual *)
| FeedForward (residual : bool) (c : nat) (W1 : matrix) (b1 : vector) (W2 : matrix) (b2 : vector)       (* def-b.5 *)
| Tokenwise (g : vector -> vector).                      (* def-3.6: any function of one token, such as a layer norm *)

(** The first d entries of a vector, zeros after them: a function of a token of width d sees no more. *)
Definition truncated (d : nat) (v : vector) : vector := fun l => if Nat.ltb l d then v l else 0.

Definition run (n d : nat) (a : layer) (X : matrix) : matrix :=
  match a with
  | Attention WQ WK WV => attention n d WQ WK WV X
  | Heads true s heads => fun i l => X i l + multi_head n d s heads X i l
  | Heads false s heads => multi_head n d s heads X
  | FeedForward true c W1 b1 W2 b2 => feed_forward d c W1 b1 W2 b2 X
  | FeedForward false c W1 b1 W2 b2 => feed_forward_plain d c W1 b1 W2 b2 X
  | Tokenwise g => fun i => g (truncated d (X i))
  end.

(** A stack of layers, the first to be applied first *)
Fixpoint stack (n d : nat) (layers : list layer) (X : matrix) : matrix :=
  match layers with
  | nil => X
  | cons a rest => stack n d rest (run n d a X)
  end.

(** ** Token maps

    A map of h×w pixels is a matrix of h w rows: pixel (i, j) is row i w + j. *)

(** What a read outside of a map gives *)
Inductive boundary := Zero | Replicate | Reflect.

(** The sample that a read at position k of the samples 0 … n-1 gives, none where it gives zero *)
Definition sample (b : boundary) (n : nat) (k : Z) : option nat :=
  let last := (Z.of_nat n - 1)%Z in
  match b with
  | Zero => if andb (0 <=? k)%Z (k <=? last)%Z then Some (Z.to_nat k) else None
  | Replicate => Some (Z.to_nat (Z.max 0 (Z.min k last)))
  | Reflect =>
      if Nat.eqb n 1 then Some O
      else let m := (k mod (2 * last))%Z in Some (Z.to_nat (Z.min m (2 * last - m)))
  end.

(** X[p, q, l] of an h×w map *)
Definition read (b : boundary) (h w : nat) (X : matrix) (p q : Z) (l : nat) : R :=
  match sample b h p, sample b w q with
  | Some i, Some j => X (i * w + j)%nat l
  | _, _ => 0
  end.

(** Definition 3.1 (def-3.1), reading bspline *)
Definition bspline (x : R) : R :=
  let z := Rabs x in
  if Rle_dec z 1 then 2 / 3 - z ^ 2 + z ^ 3 / 2
  else if Rle_dec z 2 then (2 - z) ^ 3 / 6
  else 0.

(** Definition 3.1 (def-3.1), reading keys *)
Definition keys (a x : R) : R :=
  let z := Rabs x in
  if Rle_dec z 1 then (a + 2) * z ^ 3 - (a + 3) * z ^ 2 + 1
  else if Rle_dec z 2 then a * z ^ 3 - 5 * a * z ^ 2 + 8 * a * z - 4 * a
  else 0.

(** The sum over s = -1, 0, 1, 2 *)
Definition sum_taps (f : Z -> R) : R := f (-1)%Z + f 0%Z + f 1%Z + f 2%Z.

(** The position floor (i h / h') in X from which output pixel i is read, where pixels are counted from the origin o in X and
    Y alike; i and the result are counted from 0. *)
Definition position (o h h' i : nat) : Z := (Z.of_nat ((i + o) * h / h') - Z.of_nat o)%Z.

(** Definition 3.2 (def-3.2), reading literal, from h×w to h'×w' pixels:
    Y[i,j,l] = Σ_s Σ_t W(s) X[floor (i h / h') + s, floor (j w / w') + t, l] W(t) *)
Definition up_interpolation (W : R -> R) (o : nat) (b : boundary) (h w h' w' : nat) (X : matrix) : matrix :=
  fun k l =>
    let i := (k / w')%nat in
    let j := (k mod w')%nat in
    sum_taps (fun s => sum_taps (fun t =>
      W (IZR s) * read b h w X (position o h h' i + s) (position o w w' j + t) l * W (IZR t))).

(** Definition 3.2 (def-3.2), reading standard: pixel centres at half-integers, u = (i + 1/2) h / h' - 1/2, weights W (u -
    floor u - s) and replicate boundary. In units of 1 / (2 h') the position u is the integer (2 i + 1) h - h'. *)
Definition centre (h h' i : nat) : Z := ((2 * Z.of_nat i + 1) * Z.of_nat h - Z.of_nat h')%Z.

Definition standard_interpolation (W : R -> R) (h w h' w' : nat) (X : matrix) : matrix :=
  fun k l =>
    let u := centre h h' (k / w') in
    let v := centre w w' (k mod w') in
    let unit n := (2 * Z.of_nat n)%Z in
    let phase u n := IZR (u mod unit n) / IZR (unit n) in
    sum_taps (fun s => sum_taps (fun t =>
      W (phase u h' - IZR s) * read Replicate h w X (u / unit h' + s) (v / unit w' + t) l * W (phase v w' - IZR t))).

(** ** The pyramid and the VAR transformer

    Scales are counted from 0: scale 0 is the first one, of 1×1 pixels, and scale r has [height r]×[width r]. *)
Section Scales.
  Variables height width : nat -> nat.

  (** Number of tokens of the scales before r *)
  Fixpoint tokens (r : nat) : nat :=
    match r with
    | O => O
    | S q => (tokens q + height q * width q)%nat
    end.

  (** Remark 3.5 (rem-3.5): A on n rows, B below *)
  Definition above (n : nat) (A B : matrix) : matrix := fun k => if Nat.ltb k n then A k else B (k - n)%nat.

  (** The map of scale r in merged maps *)
  Definition scale (r : nat) (X : matrix) : matrix := fun k => X (tokens r + k)%nat.

  (** φ_up: [phi r] makes a map of scale r from one of scale r-1. *)
  Variable phi : nat -> matrix -> matrix.

  (** Definitions 3.3 and 3.4 (def-3.3, def-3.4): [pyramid r] takes maps of the scales 0 … r-1, merged, to the scales 0 … r:
      the first is X_init, and each later one the enlarged map of the scale before. *)
  Fixpoint pyramid (r : nat) (init X : matrix) : matrix :=
    match r with
    | O => init
    | S q => above (tokens r) (pyramid q init X) (phi r (scale q X))
    end.

  (** Definition 3.6 (def-3.6), [block r] being g_r ∘ Attn_r, on the tokens of the scales 0 … r: r+1 layers, each on the
      pyramid of what the one before returns *)
  Variable block : nat -> matrix -> matrix.

  Fixpoint var_transformer (r : nat) (init : matrix) : matrix :=
    match r with
    | O => block O (pyramid O init init)
    | S q => block r (pyramid r init (var_transformer q init))
    end.
End Scales.

(** The up-interpolations of Definition 3.2 between the scales, one kernel, origin and boundary for all *)
Definition literal_phi (W : R -> R) (o : nat) (b : boundary) (height width : nat -> nat) (r : nat) : matrix -> matrix :=
  up_interpolation W o b (height (pred r)) (width (pred r)) (height r) (width r).

Definition standard_phi (W : R -> R) (height width : nat -> nat) (r : nat) : matrix -> matrix :=
  standard_interpolation W (height (pred r)) (width (pred r)) (height r) (width r).

(** The transformers that the theorems are about: in block r any layers whatever, on all tokens of the scales 0 … r.
    A single VAR layer (def-3.8) holds [Attention] and [FeedForward]; a member of the class of Definition 3.9 (def-3.9) one
    [Heads] and one [FeedForward]. *)
Definition var_class (height width : nat -> nat) (d : nat) (phi : nat -> matrix -> matrix)
    (layers : nat -> list layer) : nat -> matrix -> matrix :=
  var_transformer height width phi (fun r => stack (tokens height width (S r)) d (layers r)).
