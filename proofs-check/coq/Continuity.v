(** Layers are continuous, which is what makes their distances integrable.

    Said once for every notion of a continuous real function on a set T that survives sums, products, quotients, exp and the
    absolute value, so that it holds in one variable and in two. *)

From Coq Require Import Reals Lra Lia Arith List FunctionalExtensionality.
From Coquelicot Require Import Coquelicot.
From Plumbline Require Import Definitions Sums.
Open Scope R_scope.

(** ** A notion of continuity *)

Record continuity_notion (T : Type) (C : (T -> R) -> Prop) : Prop := {
  C_const : forall c, C (fun _ => c);
  C_plus : forall f g, C f -> C g -> C (fun t => f t + g t);
  C_mult : forall f g, C f -> C g -> C (fun t => f t * g t);
  C_inv : forall f, C f -> (forall t, f t <> 0) -> C (fun t => / f t);
  C_exp : forall f, C f -> C (fun t => exp (f t));
  C_abs : forall f, C f -> C (fun t => Rabs (f t))
}.

Section Layers.
  Context {T : Type} {C : (T -> R) -> Prop} (N : continuity_notion T C).

  Lemma C_ext f g : (forall t, f t = g t) -> C f -> C g.
  Proof. intros E H. now replace g with f by (apply functional_extensionality; exact E). Qed.

  Lemma C_minus f g : C f -> C g -> C (fun t => f t - g t).
  Proof.
    intros F G. apply C_ext with (fun t => f t + -1 * g t); [intros; ring|].
    apply N; [exact F|]. apply N; [apply N|exact G].
  Qed.

  Lemma C_sum n f : (forall i, (i < n)%nat -> C (fun t => f t i)) -> C (fun t => sum n (f t)).
  Proof.
    induction n as [|n IH]; intros H; simpl; [apply N|].
    apply (C_plus _ _ N (fun t => sum n (f t)) (fun t => f t n)); [apply IH; intros; apply H|apply H]; lia.
  Qed.

  Lemma C_relu f : C f -> C (fun t => relu (f t)).
  Proof.
    intros F. apply C_ext with (fun t => / 2 * (f t + Rabs (f t))).
    - intros t. unfold relu, Rmax, Rabs. destruct (Rle_dec 0 (f t)), (Rcase_abs (f t)); lra.
    - apply N; [apply N|]. apply N; [exact F|]. now apply N.
  Qed.

  (** A family of matrices, entry by entry *)
  Definition continuous_matrix (X : T -> matrix) : Prop := forall i l, C (fun t => X t i l).

  Lemma continuous_fixed A : continuous_matrix (fun _ => A).
  Proof. intros i l. apply N. Qed.

  Lemma continuous_times k A B :
    continuous_matrix A -> continuous_matrix B -> continuous_matrix (fun t => times k (A t) (B t)).
  Proof.
    intros HA HB i l. apply (C_sum k (fun t m => A t i m * B t m l)). intros m _. apply N; [apply HA|apply HB].
  Qed.

  Lemma continuous_softmax n z j : (j < n)%nat -> (forall i, C (fun t => z t i)) -> C (fun t => softmax n (z t) j).
  Proof.
    intros J H. unfold softmax, Rdiv. apply N; [apply N, H|]. apply N.
    - apply (C_sum n (fun t k => exp (z t k))). intros k _. apply N, H.
    - intros t. apply Rgt_not_eq. apply sum_pos; [lia|intros; apply exp_pos].
  Qed.

  (** softmax (Q K^T) V *)
  Lemma continuous_attend n s Q K V :
    continuous_matrix Q -> continuous_matrix K -> continuous_matrix V ->
    continuous_matrix (fun t => times n (fun i => softmax n (times s (Q t) (transpose (K t)) i)) (V t)).
  Proof.
    intros HQ HK HV i l.
    apply (C_sum n (fun t k => softmax n (times s (Q t) (transpose (K t)) i) k * V t k l)). intros k Hk.
    apply N; [|apply HV]. apply continuous_softmax; [exact Hk|]. intros j.
    apply (continuous_times s Q (fun t => transpose (K t))); [exact HQ|]. intros a b. apply HK.
  Qed.

  Lemma continuous_attention n d WQ WK WV X :
    continuous_matrix X -> continuous_matrix (fun t => attention n d WQ WK WV (X t)).
  Proof.
    intros H.
    apply (continuous_attend n d (fun t => times d (X t) WQ) (fun t => times d (X t) WK) (fun t => times d (X t) WV));
      apply continuous_times; try exact H; apply continuous_fixed.
  Qed.

  Lemma continuous_multi_head n d s heads X :
    continuous_matrix X -> continuous_matrix (fun t => multi_head n d s heads (X t)).
  Proof.
    intros H. induction heads as [|a heads IH]; intros i l; simpl; [apply N|].
    apply (C_plus _ _ N (fun t => head_attention n d s a (X t) i l) (fun t => multi_head n d s heads (X t) i l));
      [|apply IH].
    apply (continuous_times s _ (fun _ => head_O a)); [|apply continuous_fixed].
    apply (continuous_attend n s (fun t => times d (X t) (head_Q a)) (fun t => times d (X t) (head_K a))
      (fun t => times d (X t) (head_V a))); apply continuous_times; try exact H; apply continuous_fixed.
  Qed.

  Lemma continuous_feed_forward_plain d c W1 b1 W2 b2 X :
    continuous_matrix X -> continuous_matrix (fun t => feed_forward_plain d c W1 b1 W2 b2 (X t)).
  Proof.
    intros H i l. unfold feed_forward_plain. apply N; [|apply N].
    apply (C_sum c (fun t h => W2 l h * relu (sum d (fun k => W1 h k * X t i k) + b1 h))). intros h _.
    apply N; [apply N|]. apply C_relu. apply N; [|apply N].
    apply (C_sum d (fun t k => W1 h k * X t i k)). intros k _. apply N; [apply N|apply H].
  Qed.

  (** Of a token-wise function it has to be asked. *)
  Definition continuous_layer (a : layer) : Prop :=
    match a with
    | Tokenwise g => forall v : T -> vector, (forall l, C (fun t => v t l)) -> forall l, C (fun t => g (v t) l)
    | _ => True
    end.

  Lemma continuous_run n d a X : continuous_layer a -> continuous_matrix X -> continuous_matrix (fun t => run n d a (X t)).
  Proof.
    intros A H. destruct a as [WQ WK WV|[] s heads|[] c W1 b1 W2 b2|g]; simpl.
    - now apply continuous_attention.
    - intros i l. apply N; [apply H|now apply continuous_multi_head].
    - now apply continuous_multi_head.
    - intros i l. apply C_ext with (fun t => X t i l + feed_forward_plain d c W1 b1 W2 b2 (X t) i l).
      + intros t. unfold feed_forward, feed_forward_plain. ring.
      + apply N; [apply H|now apply continuous_feed_forward_plain].
    - now apply continuous_feed_forward_plain.
    - intros i. apply (A (fun t => truncated d (X t i))). intros l. unfold truncated.
      destruct (Nat.ltb l d); [apply H|apply N].
  Qed.

  Lemma continuous_stack n d layers X :
    List.Forall continuous_layer layers -> continuous_matrix X -> continuous_matrix (fun t => stack n d layers (X t)).
  Proof.
    intros A. revert X. induction A as [|a layers Ha A IH]; intros X H; simpl; [exact H|].
    apply (IH (fun t => run n d a (X t))). now apply continuous_run.
  Qed.

  (** Sums of products of weights with entries of X or zeros, where H says that X is continuous *)
  Ltac continuous_taps H :=
    repeat match goal with
    | |- C (fun t => _ + _) => apply N
    | |- C (fun t => _ * _) => apply N
    | |- C (fun t => match ?s with _ => _ end) => destruct s
    | |- C _ => apply H
    | |- C _ => apply N
    end.

  Lemma continuous_up W o b h w h' w' X :
    continuous_matrix X -> continuous_matrix (fun t => up_interpolation W o b h w h' w' (X t)).
  Proof.
    intros H k l. unfold up_interpolation, sum_taps, read.
    continuous_taps H.
  Qed.

  Lemma continuous_standard W h w h' w' X :
    continuous_matrix X -> continuous_matrix (fun t => standard_interpolation W h w h' w' (X t)).
  Proof.
    intros H k l. unfold standard_interpolation, sum_taps, read. cbv zeta.
    continuous_taps H.
  Qed.

  Lemma continuous_pyramid height width phi r init X :
    (forall q Y, (1 <= q <= r)%nat -> continuous_matrix Y -> continuous_matrix (fun t => phi q (Y t))) ->
    continuous_matrix init -> continuous_matrix X ->
    continuous_matrix (fun t => pyramid height width phi r (init t) (X t)).
  Proof.
    intros P I H. induction r as [|q IH]; simpl; [exact I|]. intros k l. unfold above.
    destruct (Nat.ltb k _); [apply IH; intros; apply P; [lia|assumption]|].
    apply (P (S q) (fun t => scale height width q (X t))); [lia|]. intros i m. apply H.
  Qed.

  Theorem continuous_var height width d phi layers r init :
    (forall q Y, (1 <= q <= r)%nat -> continuous_matrix Y -> continuous_matrix (fun t => phi q (Y t))) ->
    (forall q, List.Forall continuous_layer (layers q)) ->
    continuous_matrix init -> continuous_matrix (fun t => var_class height width d phi layers r (init t)).
  Proof.
    intros P L I. unfold var_class. induction r as [|q IH]; simpl.
    - now apply continuous_stack.
    - apply (continuous_stack _ d (layers (S q))
        (fun t => pyramid height width phi (S q) (init t) (var_transformer height width phi
          (fun r => stack (tokens height width (S r)) d (layers r)) q (init t)))); [apply L|].
      apply continuous_pyramid; [exact P|exact I|]. apply IH. intros; apply P; [lia|assumption].
  Qed.
End Layers.

(** ** In one variable, and in two *)

Definition continuous_1 (f : R -> R) : Prop := forall x, continuity_pt f x.

Lemma continuity_1 : continuity_notion R continuous_1.
Proof.
  split; unfold continuous_1.
  - intros c x. now apply continuity_pt_const.
  - intros f g F G x. now apply (continuity_pt_plus f g).
  - intros f g F G x. now apply (continuity_pt_mult f g).
  - intros f F Z x. now apply (continuity_pt_inv f).
  - intros f F x. apply (continuity_pt_comp f exp); [apply F|]. apply derivable_continuous_pt, derivable_pt_exp.
  - intros f F x. apply (continuity_pt_comp f Rabs); [apply F|]. apply Rcontinuity_abs.
Qed.

Definition continuous_2 (f : R * R -> R) : Prop := forall x y, continuity_2d_pt (fun x y => f (x, y)) x y.

Lemma continuity_2 : continuity_notion (R * R) continuous_2.
Proof.
  split; unfold continuous_2.
  - intros c x y. apply continuity_2d_pt_const.
  - intros f g F G x y. now apply (continuity_2d_pt_plus (fun x y => f (x, y)) (fun x y => g (x, y))).
  - intros f g F G x y. now apply (continuity_2d_pt_mult (fun x y => f (x, y)) (fun x y => g (x, y))).
  - intros f F Z x y. now apply (continuity_2d_pt_inv (fun x y => f (x, y))).
  - intros f F x y. apply (continuity_1d_2d_pt_comp exp (fun x y => f (x, y))); [|apply F].
    apply derivable_continuous_pt, derivable_pt_exp.
  - intros f F x y. apply (continuity_1d_2d_pt_comp Rabs (fun x y => f (x, y))); [|apply F]. apply Rcontinuity_abs.
Qed.
