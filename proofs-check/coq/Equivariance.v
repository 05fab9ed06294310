(** Attention and token-wise layers treat all positions alike: permuting the tokens permutes the outputs, and equal tokens
    stay equal, through any stack of layers, with any weights and any number of heads. *)

From Coq Require Import Reals Lra Lia Arith List FunctionalExtensionality.
From Plumbline Require Import Definitions Sums.
Open Scope R_scope.

(** A and B are one n×d matrix. *)
Definition same (n d : nat) (A B : matrix) : Prop :=
  forall i l, (i < n)%nat -> (l < d)%nat -> A i l = B i l.

(** Tokens i and j of X are equal. *)
Definition equal_tokens (d : nat) (X : matrix) (i j : nat) : Prop := forall l, (l < d)%nat -> X i l = X j l.

(** The tokens at the positions s 0, s 1, … *)
Definition select (s : nat -> nat) (X : matrix) : matrix := fun i => X (s i).

(** ** What a layer sees

    Each layer computes row i of its result from row i of X by a function that depends on X through the matrix as a whole;
    the function is the same for each i. That is all there is to it; the lemmas follow the formulas down to this. *)

Lemma times_row k A B W i j l :
  (forall m, (m < k)%nat -> A i m = B j m) -> times k A W i l = times k B W j l.
Proof. intros H. apply sum_ext. intros m Hm. now rewrite H. Qed.

(** softmax (q K^T) V, the query being row i of Q: scores of width s, n keys and values *)
Definition attend (n s : nat) (Q K V : matrix) (i l : nat) : R :=
  times n (fun i => softmax n (times s Q (transpose K) i)) V i l.

Lemma attend_eq n s Q K V i l :
  attend n s Q K V i l =
  sum n (fun k => exp (sum s (fun m => Q i m * K k m)) * V k l) / sum n (fun k => exp (sum s (fun m => Q i m * K k m))).
Proof.
  unfold attend, times, softmax, transpose, Rdiv. rewrite <- sum_scal_r. apply sum_ext. intros k _. ring.
Qed.

(** One query, two sets of keys and values: if s takes the n positions to m positions, each of which is hit equally often,
    the sums over the positions are a common multiple of each other, and the quotient is the same. *)
Lemma attend_select n m s Q K V Q' K' V' f c i j l :
  0 < c -> (forall k, (k < n)%nat -> (f k < m)%nat) -> (forall k, (k < m)%nat -> fibre n f k = c) ->
  (forall h, (h < s)%nat -> Q' i h = Q j h) ->
  (forall k h, (k < n)%nat -> (h < s)%nat -> K' k h = K (f k) h) ->
  (forall k, (k < n)%nat -> V' k l = V (f k) l) ->
  attend n s Q' K' V' i l = attend m s Q K V j l.
Proof.
  intros C F B HQ HK HV. rewrite !attend_eq.
  pose (e k := exp (sum s (fun h => Q j h * K k h))).
  rewrite (sum_ext n (fun k => exp (sum s (fun h => Q' i h * K' k h)) * V' k l) (fun k => e (f k) * V (f k) l)).
  2:{ intros k Hk. rewrite HV by assumption. f_equal. unfold e. f_equal. apply sum_ext. intros h Hh. now rewrite HQ, HK. }
  rewrite (sum_ext n (fun k => exp (sum s (fun h => Q' i h * K' k h))) (fun k => e (f k))).
  2:{ intros k Hk. unfold e. f_equal. apply sum_ext. intros h Hh. now rewrite HQ, HK. }
  rewrite (sum_along n m f (fun k => e k * V k l) F), (sum_along n m f e F).
  rewrite (sum_ext m (fun k => fibre n f k * (e k * V k l)) (fun k => c * (e k * V k l)))
    by (intros k Hk; now rewrite B).
  rewrite (sum_ext m (fun k => fibre n f k * e k) (fun k => c * e k)) by (intros k Hk; now rewrite B).
  rewrite !sum_scal_l. fold (e).
  change (sum m (fun k => exp (sum s (fun h => Q j h * K k h)))) with (sum m e).
  change (sum m (fun k => exp (sum s (fun h => Q j h * K k h)) * V k l)) with (sum m (fun k => e k * V k l)).
  destruct m as [|m].
  - simpl. unfold Rdiv. ring.
  - assert (0 < sum (S m) e) by (apply sum_pos; [lia|intros; apply exp_pos]). field. lra.
Qed.

Lemma attention_attend n d WQ WK WV X i l :
  attention n d WQ WK WV X i l = attend n d (times d X WQ) (times d X WK) (times d X WV) i l.
Proof. reflexivity. Qed.

Lemma head_attend n d s a X i l :
  head_attention n d s a X i l =
  times s (attend n s (times d X (head_Q a)) (times d X (head_K a)) (times d X (head_V a))) (head_O a) i l.
Proof. reflexivity. Qed.

(** ** Selecting tokens

    f takes n positions to m positions and hits each of these equally often, c times. A permutation does so, once each; but
    also, say, the copying of each pixel to c pixels. *)
Definition even_selection (n m : nat) (c : R) (f : nat -> nat) : Prop :=
  0 < c /\ (forall k, (k < n)%nat -> (f k < m)%nat) /\ (forall k, (k < m)%nat -> fibre n f k = c).

Lemma permutation_even n f : permutation n f -> even_selection n n 1 f.
Proof. intros P. split; [lra|]. split; [apply P|]. intros k Hk. now apply fibre_permutation. Qed.

Lemma truncated_eq d u v : (forall l, (l < d)%nat -> u l = v l) -> truncated d u = truncated d v.
Proof.
  intros H. apply functional_extensionality. intros l. unfold truncated.
  destruct (Nat.ltb_spec l d); [now apply H|reflexivity].
Qed.

Lemma multi_head_select n m d s heads f c X Y i l :
  even_selection n m c f -> same n d Y (select f X) -> (i < n)%nat ->
  multi_head n d s heads Y i l = multi_head m d s heads X (f i) l.
Proof.
  intros (C & F & B) E Hi. induction heads as [|a heads IH]; simpl; [reflexivity|]. rewrite IH, !head_attend. f_equal.
  apply times_row. intros h _.
  apply (attend_select n m s _ _ _ _ _ _ f c); try assumption; intros; apply times_row; intros; now apply E.
Qed.

(** One layer; Y is what f selects from X. *)
Lemma run_select n m d a f c X Y :
  even_selection n m c f -> same n d Y (select f X) -> same n d (run n d a Y) (select f (run m d a X)).
Proof.
  intros S E i l Hi Hl. pose proof S as (C & F & B). unfold select.
  destruct a as [WQ WK WV|[] s heads|[] c' W1 b1 W2 b2|g]; simpl.
  - rewrite !attention_attend.
    apply (attend_select n m d _ _ _ _ _ _ f c); try assumption; intros; apply times_row; intros; now apply E.
  - rewrite (E i l Hi Hl). rewrite (multi_head_select n m d s heads f c X Y) by assumption. reflexivity.
  - now apply multi_head_select with (c := c).
  - unfold feed_forward. rewrite (E i l Hi Hl). f_equal. f_equal. apply sum_ext. intros h _. f_equal. f_equal. f_equal.
    apply sum_ext. intros k Hk. now rewrite (E i k Hi Hk).
  - unfold feed_forward_plain. f_equal. apply sum_ext. intros h _. f_equal. f_equal. f_equal.
    apply sum_ext. intros k Hk. now rewrite (E i k Hi Hk).
  - rewrite (truncated_eq d (Y i) (X (f i))); [reflexivity|]. intros k Hk. now apply E.
Qed.

(** Any stack of layers *)
Theorem stack_select n m d layers f c X Y :
  even_selection n m c f -> same n d Y (select f X) -> same n d (stack n d layers Y) (select f (stack m d layers X)).
Proof.
  intros S. revert X Y. induction layers as [|a layers IH]; intros X Y E; simpl; [exact E|].
  apply IH. now apply run_select with (c := c).
Qed.

(** ** Permutation equivariance *)

(** def-b.3: Attn (P X) = P Attn (X) for every permutation P of the tokens, every n and d. *)
Theorem attention_equivariant n d WQ WK WV X p :
  permutation n p -> same n d (attention n d WQ WK WV (select p X)) (select p (attention n d WQ WK WV X)).
Proof.
  intros P. apply (run_select n n d (Attention WQ WK WV) p 1 X (select p X) (permutation_even n p P)).
  intros i l _ _. reflexivity.
Qed.

(** def-b.5: FFN (P X) = P FFN (X), more directly: a token-wise layer commutes with any selection of tokens. *)
Theorem feed_forward_equivariant d c W1 b1 W2 b2 X p i l :
  feed_forward d c W1 b1 W2 b2 (select p X) i l = select p (feed_forward d c W1 b1 W2 b2 X) i l.
Proof. reflexivity. Qed.

(** def-3.6, def-3.8, def-3.9: and so does every stack of attention with any number of heads, feed-forward and token-wise
    layers, such as FFN_2 ∘ Attn ∘ FFN_1 of lemma-5.1. *)
Theorem stack_equivariant n d layers X p :
  permutation n p -> same n d (stack n d layers (select p X)) (select p (stack n d layers X)).
Proof.
  intros P. apply (stack_select n n d layers p 1 X (select p X) (permutation_even n p P)). intros i l _ _. reflexivity.
Qed.

(** ** Equal tokens

    Equal tokens make equal queries, hence equal outputs. *)

Lemma attend_equal n s Q K V i j l :
  (forall m, (m < s)%nat -> Q i m = Q j m) -> attend n s Q K V i l = attend n s Q K V j l.
Proof.
  intros E. unfold attend, times at 1 3.
  replace (times s Q (transpose K) i) with (times s Q (transpose K) j); [reflexivity|].
  apply functional_extensionality. intros k. symmetry. now apply times_row.
Qed.

Lemma multi_head_equal n d s heads X i j l :
  equal_tokens d X i j -> multi_head n d s heads X i l = multi_head n d s heads X j l.
Proof.
  intros E. induction heads as [|a heads IH]; simpl; [reflexivity|]. rewrite IH, !head_attend. f_equal.
  apply times_row. intros h _. apply attend_equal. intros m _. now apply times_row.
Qed.

Lemma run_equal n d a X i j : equal_tokens d X i j -> equal_tokens d (run n d a X) i j.
Proof.
  intros E l Hl. destruct a as [WQ WK WV|[] s heads|[] c W1 b1 W2 b2|g]; simpl.
  - rewrite !attention_attend. apply attend_equal. intros m _. now apply times_row.
  - rewrite (E l Hl). f_equal. now apply multi_head_equal.
  - now apply multi_head_equal.
  - unfold feed_forward. rewrite (E l Hl). f_equal. f_equal. apply sum_ext. intros h _. f_equal. f_equal. f_equal.
    apply sum_ext. intros k Hk. now rewrite (E k Hk).
  - unfold feed_forward_plain. f_equal. apply sum_ext. intros h _. f_equal. f_equal. f_equal.
    apply sum_ext. intros k Hk. now rewrite (E k Hk).
  - now rewrite (truncated_eq d (X i) (X j)).
Qed.

(** def-3.6, def-3.8, def-3.9: two equal tokens stay equal through any stack of layers, with any weights. *)
Theorem stack_equal n d layers X i j : equal_tokens d X i j -> equal_tokens d (stack n d layers X) i j.
Proof.
  revert X. induction layers as [|a layers IH]; intros X E; simpl; [exact E|]. now apply IH, run_equal.
Qed.

(** ** The literal up-interpolation makes equal tokens

    In the formula of Definition 3.2 the weights do not depend on the output pixel, which enters through floor (i h / h')
    alone. So two rows of pixels with one floor are equal, whatever the input, the kernel and the boundary. *)

(** Row k of h'w' pixels is pixel (k / w', k mod w'). *)
Lemma pixel_row w' i j : (j < w')%nat -> ((i * w' + j) / w' = i)%nat.
Proof. intros H. rewrite Nat.add_comm, Nat.div_add by lia. now rewrite Nat.div_small. Qed.

Lemma pixel_column w' i j : (j < w')%nat -> ((i * w' + j) mod w' = j)%nat.
Proof. intros H. rewrite Nat.add_comm, Nat.mod_add by lia. now apply Nat.mod_small. Qed.

(** def-3.2, literal: pixels (i, j) and (k, j) are equal if i and k scale back to one position. *)
Theorem same_position_equal W o b h w h' w' X d i k j :
  (j < w')%nat -> position o h h' i = position o h h' k ->
  equal_tokens d (up_interpolation W o b h w h' w' X) (i * w' + j) (k * w' + j).
Proof.
  intros J P l _. unfold up_interpolation. rewrite !pixel_row, !pixel_column by assumption. now rewrite P.
Qed.

(** More pigeons than holes: of n numbers below m < n two are equal. *)
Lemma pigeonhole n m (f : nat -> nat) :
  (m < n)%nat -> (forall i, (i < n)%nat -> (f i < m)%nat) -> exists i j, (i < j < n)%nat /\ f i = f j.
Proof.
  revert n f. induction m as [|m IH]; intros n f L F; [specialize (F O L); lia|].
  destruct (n) as [|p]; [lia|].
  (* does some i < p share the value of p? *)
  destruct (List.Exists_dec (fun i => f i = f p) (List.seq 0 p) (fun i => Nat.eq_dec (f i) (f p))) as [E|N].
  - apply List.Exists_exists in E. destruct E as (i & I & E). apply List.in_seq in I. exists i, p. split; [lia|exact E].
  - assert (forall i, (i < p)%nat -> f i <> f p) as D.
    { intros i Hi E. apply N. apply List.Exists_exists. exists i. split; [apply List.in_seq; lia|exact E]. }
    (* take the hole of p away: the last hole moves into it *)
    destruct (IH p (fun i => if Nat.eqb (f i) m then f p else f i)) as (i & j & I & E); [lia| |].
    + intros i Hi. pose proof (F i ltac:(lia)). pose proof (F p ltac:(lia)). specialize (D i Hi).
      destruct (Nat.eqb_spec (f i) m); lia.
    + exists i, j. split; [lia|]. pose proof (D i ltac:(lia)). pose proof (D j ltac:(lia)).
      destruct (Nat.eqb_spec (f i) m), (Nat.eqb_spec (f j) m); congruence.
Qed.

(** def-3.2, literal: with origin 0 an enlargement has two equal rows of pixels, for every input, kernel and boundary: the
    h' positions floor (i h / h') lie in 0 … h-1, and h < h'. *)
Theorem literal_duplicates_origin_0 W b h w h' w' X d :
  (1 <= h < h')%nat ->
  exists i k, (i < k < h')%nat /\
    forall j, (j < w')%nat -> equal_tokens d (up_interpolation W 0 b h w h' w' X) (i * w' + j) (k * w' + j).
Proof.
  intros H. destruct (pigeonhole h' h (fun i => (i * h / h')%nat)) as (i & k & I & E); [lia| |].
  - intros i Hi. apply Nat.div_lt_upper_bound; [lia|]. apply Nat.mul_lt_mono_pos_r; lia.
  - exists i, k. split; [exact I|]. intros j J. apply same_position_equal; [exact J|].
    unfold position. now rewrite !Nat.add_0_r, E.
Qed.

(** def-3.2, literal: with origin 1, where the positions floor (i h / h') of i = 1 … h' lie in 0 … h, if h' ≥ h + 2. *)
Theorem literal_duplicates_origin_1 W b h w h' w' X d :
  (1 <= h)%nat -> (h + 2 <= h')%nat ->
  exists i k, (i < k < h')%nat /\
    forall j, (j < w')%nat -> equal_tokens d (up_interpolation W 1 b h w h' w' X) (i * w' + j) (k * w' + j).
Proof.
  intros H H'. destruct (pigeonhole h' (S h) (fun i => ((i + 1) * h / h')%nat)) as (i & k & I & E); [lia| |].
  - intros i Hi. apply Nat.div_lt_upper_bound; [lia|]. pose proof (Nat.mul_le_mono_r (i + 1) h' h ltac:(lia)). lia.
  - exists i, k. split; [exact I|]. intros j J. apply same_position_equal; [exact J|]. unfold position. now rewrite E.
Qed.

(** def-3.2, literal: with origin 0 these two may be the first two rows. *)
Theorem literal_first_rows_equal W b h w h' w' X d j :
  (1 <= h < h')%nat -> (j < w')%nat ->
  equal_tokens d (up_interpolation W 0 b h w h' w' X) j (w' + j).
Proof.
  intros H J. replace j with (0 * w' + j)%nat at 1 by lia. replace (w' + j)%nat with (1 * w' + j)%nat by lia.
  apply same_position_equal; [exact J|]. unfold position.
  now rewrite !Nat.add_0_r, !Nat.div_small by lia.
Qed.

(** ** Maps of equal tokens

    A layer of weights that sum to 1 takes a map of equal tokens to a map of equal tokens, and with it every scale of the
    VAR transformer that starts from one token. *)

(** All n rows are the token v. *)
Definition all_equal (n d : nat) (v : vector) (X : matrix) : Prop :=
  forall i l, (i < n)%nat -> (l < d)%nat -> X i l = v l.

Lemma sample_replicate n k : (1 <= n)%nat -> exists i, (i < n)%nat /\ sample Replicate n k = Some i.
Proof. intros H. exists (Z.to_nat (Z.max 0 (Z.min k (Z.of_nat n - 1)))). split; [lia|reflexivity]. Qed.

Lemma sample_reflect n k : (1 <= n)%nat -> exists i, (i < n)%nat /\ sample Reflect n k = Some i.
Proof.
  intros H. unfold sample. cbv zeta. destruct (Nat.eqb_spec n 1) as [->|N]; [exists O; split; [lia|reflexivity]|].
  pose proof (Z.mod_pos_bound k (2 * (Z.of_nat n - 1)) ltac:(lia)) as M.
  set (m := (k mod (2 * (Z.of_nat n - 1)))%Z) in *.
  exists (Z.to_nat (Z.min m (2 * (Z.of_nat n - 1) - m))). split; [lia|reflexivity].
Qed.

(** Every read of a map of equal tokens gives that token, if the boundary is not [Zero]. *)
Lemma read_all_equal b h w X v d p q l :
  b <> Zero -> (1 <= h)%nat -> (1 <= w)%nat -> all_equal (h * w) d v X -> (l < d)%nat -> read b h w X p q l = v l.
Proof.
  intros B H W E L. unfold read.
  assert (forall n k, (1 <= n)%nat -> exists i, (i < n)%nat /\ sample b n k = Some i) as S.
  { destruct b; [contradiction|exact sample_replicate|exact sample_reflect]. }
  destruct (S h p H) as (i & I & ->), (S w q W) as (j & J & ->). apply E; [nia|exact L].
Qed.

(** def-3.2, literal: weights that sum to 1 keep maps of equal tokens, with either origin. *)
Theorem literal_keeps_constants W o b h w h' w' X v d :
  sum_taps (fun s => W (IZR s)) = 1 -> b <> Zero -> (1 <= h)%nat -> (1 <= w)%nat ->
  all_equal (h * w) d v X -> all_equal (h' * w') d v (up_interpolation W o b h w h' w' X).
Proof.
  intros S B H H' E k l _ L. unfold up_interpolation, sum_taps.
  rewrite !(read_all_equal b h w X v d) by assumption.
  transitivity (sum_taps (fun s => W (IZR s)) * v l * sum_taps (fun s => W (IZR s))).
  - unfold sum_taps. ring.
  - rewrite S. ring.
Qed.

(** The B-spline's weights 1/6, 2/3, 1/6, 0 *)
Lemma bspline_taps : bspline (-1) = 1 / 6 /\ bspline 0 = 2 / 3 /\ bspline 1 = 1 / 6 /\ bspline 2 = 0.
Proof.
  unfold bspline. rewrite Rabs_R0, Rabs_R1, (Rabs_left (-1)), (Rabs_right 2) by lra.
  repeat split; repeat (destruct Rle_dec; try lra).
Qed.

Lemma bspline_sum : sum_taps (fun s => bspline (IZR s)) = 1.
Proof. unfold sum_taps. destruct bspline_taps as (-> & -> & -> & ->). lra. Qed.

(** Those of Keys' kernel are 0, 1, 0, 0, whatever a. *)
Lemma keys_taps a : keys a (-1) = 0 /\ keys a 0 = 1 /\ keys a 1 = 0 /\ keys a 2 = 0.
Proof.
  unfold keys. rewrite Rabs_R0, Rabs_R1, (Rabs_left (-1)), (Rabs_right 2) by lra.
  repeat split; repeat (destruct Rle_dec; try lra).
Qed.

Lemma keys_sum a : sum_taps (fun s => keys a (IZR s)) = 1.
Proof. unfold sum_taps. destruct (keys_taps a) as (-> & -> & -> & ->). lra. Qed.

(** At a phase u in [0, 1) the weights of both kernels sum to 1 too. *)
Lemma bspline_partition u : 0 <= u < 1 -> sum_taps (fun s => bspline (u - IZR s)) = 1.
Proof.
  intros U. unfold sum_taps, bspline.
  rewrite (Rabs_right (u - -1)), (Rabs_right (u - 0)), (Rabs_left (u - 1)), (Rabs_left (u - 2)) by lra.
  repeat (destruct Rle_dec; try lra); try (assert (u = 0) as -> by lra); field.
Qed.

Lemma keys_partition a u : 0 <= u < 1 -> sum_taps (fun s => keys a (u - IZR s)) = 1.
Proof.
  intros U. unfold sum_taps, keys.
  rewrite (Rabs_right (u - -1)), (Rabs_right (u - 0)), (Rabs_left (u - 1)), (Rabs_left (u - 2)) by lra.
  repeat (destruct Rle_dec; try lra); try (assert (u = 0) as -> by lra); field.
Qed.

Lemma phase_bounds u n : (1 <= n)%nat -> 0 <= IZR (u mod (2 * Z.of_nat n)) / IZR (2 * Z.of_nat n) < 1.
Proof.
  intros H. pose proof (Z.mod_pos_bound u (2 * Z.of_nat n) ltac:(lia)) as [B T].
  assert (0 < IZR (2 * Z.of_nat n)) as P by (apply IZR_lt; lia). split.
  - apply Rmult_le_pos; [now apply IZR_le|]. now apply Rlt_le, Rinv_0_lt_compat.
  - apply Rmult_lt_reg_r with (1 := P). replace (IZR (u mod (2 * Z.of_nat n)) / IZR (2 * Z.of_nat n) * IZR (2 * Z.of_nat n))
      with (IZR (u mod (2 * Z.of_nat n))) by (field; lra). rewrite Rmult_1_l. now apply IZR_lt.
Qed.

(** def-3.2, standard: it keeps maps of equal tokens as well. *)
Theorem standard_keeps_constants W h w h' w' X v d :
  (forall u, 0 <= u < 1 -> sum_taps (fun s => W (u - IZR s)) = 1) ->
  (1 <= h)%nat -> (1 <= w)%nat -> (1 <= h')%nat -> (1 <= w')%nat ->
  all_equal (h * w) d v X -> all_equal (h' * w') d v (standard_interpolation W h w h' w' X).
Proof.
  intros S H H' P P' E k l _ L. unfold standard_interpolation. cbv zeta.
  pose proof (S _ (phase_bounds (centre h h' (k / w')) h' P)) as A.
  pose proof (S _ (phase_bounds (centre w w' (k mod w')) w' P')) as B.
  set (a := IZR _ / IZR (2 * Z.of_nat h')) in *. set (b := IZR _ / IZR (2 * Z.of_nat w')) in *.
  unfold sum_taps in A, B |- *. rewrite !(read_all_equal Replicate h w X v d) by (assumption || discriminate).
  match type of A with ?sa = _ => match type of B with ?sb = _ => transitivity (sa * v l * sb) end end.
  - ring.
  - rewrite A, B. ring.
Qed.
