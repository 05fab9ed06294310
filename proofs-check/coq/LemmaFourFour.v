(** Lemma 4.4 as stated is false, for every layer whatever, and for attention with one head even where some map exists. *)

From Coq Require Import Reals Lra Lia Arith Psatz.
From Plumbline Require Import Definitions Sums Facts ContextualMapping.
Open Scope R_scope.

(** ** Beyond twice γ there is no map

    Two context IDs shorter than γ are less than 2γ apart. If two are to be told apart by more than δ, then δ < 2γ,
    whatever the map. *)
Theorem no_map_beyond_twice_gamma (d L N : nat) (Z : nat -> matrix) (gamma delta : R) (i j k l : nat) :
  (i < N)%nat -> (j < N)%nat -> (k < L)%nat -> (l < L)%nat -> to_tell d L (Z i) (Z j) k l ->
  2 * gamma <= delta -> forall q, ~ contextual_mapping d L N Z q gamma delta.
Proof.
  intros Hi Hj Hk Hl T G q [S A].
  specialize (A i j k l Hi Hj Hk Hl T). pose proof (S i k Hi Hk). pose proof (S j l Hj Hl).
  pose proof (distance_le d (token (q (Z i)) k) (token (q (Z j)) l)). lra.
Qed.

(** ** Scaling

    Multiplied by t > 0, an embedding still meets the hypotheses, with t γ_min, t γ_max and t ε, and the lemma's δ is the
    same, as the t cancel in it, while γ becomes t γ. *)

Definition scaled (t : R) (Z : nat -> matrix) : nat -> matrix := fun n i k => t * Z n i k.

Lemma same_scaled d t u v : t <> 0 -> same d (fun i => t * u i) (fun i => t * v i) <-> same d u v.
Proof.
  intros Ht. split; intros H i Hi; specialize (H i Hi); cbv beta in *; [|now rewrite H].
  now apply Rmult_eq_reg_l with t.
Qed.

Lemma norm2_scaled d t u : 0 < t -> norm2 d (fun i => t * u i) = t * norm2 d u.
Proof. intros Ht. rewrite norm2_scal, Rabs_pos_eq; lra. Qed.

Lemma distance_scaled d t u v : 0 < t -> distance d (fun i => t * u i) (fun i => t * v i) = t * distance d u v.
Proof.
  intros Ht. unfold distance. rewrite <- norm2_scaled by assumption. apply norm2_same. intros i _. ring.
Qed.

Lemma hypotheses_scaled d L N V Z gmin gmax eps t :
  0 < t -> hypotheses d L N V Z gmin gmax eps ->
  hypotheses d L N V (scaled t Z) (t * gmin) (t * gmax) (t * eps).
Proof.
  intros Ht (Hd & HL & HN & (G & E & S1 & S2 & S3) & D & (v & V1 & V2 & V3)).
  assert (Ht' : t <> 0) by lra.
  repeat (split; [assumption|]). split; [|split].
  - repeat split; try nra.
    + intros i k Hi Hk. specialize (S1 i k Hi Hk). unfold token, scaled. rewrite norm2_scaled by assumption.
      now apply Rmult_lt_compat_l.
    + intros i k Hi Hk. specialize (S2 i k Hi Hk). unfold token, scaled. rewrite norm2_scaled by assumption.
      now apply Rmult_lt_compat_l.
    + intros i j k l Hi Hj Hk Hl H. unfold token, scaled in *. rewrite same_scaled in H by assumption.
      rewrite distance_scaled by assumption. apply Rmult_lt_compat_l; [assumption|]. now apply S3.
  - intros i k l Hi Hk Hl H. unfold token, scaled. rewrite same_scaled by assumption. now apply D.
  - exists (fun m i => t * v m i). unfold token, scaled. split; [|split].
    + intros m Hm. destruct (V1 m Hm) as (i & k & Hi & Hk & H). exists i, k. now rewrite same_scaled.
    + intros i k Hi Hk. destruct (V2 i k Hi Hk) as (m & Hm & H). exists m. now rewrite same_scaled.
    + intros m m' Hm Hm' H. rewrite same_scaled by assumption. now apply V3.
Qed.

Lemma lemma_delta_scaled d L V gmin gmax eps t :
  0 < t -> gmin <> 0 -> eps <> 0 ->
  lemma_delta d L V (t * gmin) (t * gmax) (t * eps) = lemma_delta d L V gmin gmax eps.
Proof. intros. unfold lemma_delta. f_equal. field. repeat split; lra. Qed.

Lemma to_tell_scaled d L Z i j k l t :
  t <> 0 -> to_tell d L (Z i) (Z j) k l -> to_tell d L (scaled t Z i) (scaled t Z j) k l.
Proof.
  intros Ht [H|H]; [left|right].
  - intros [H1 H2]. apply H. split.
    + intros k' Hk'. destruct (H1 k' Hk') as (l' & Hl' & E). exists l'. split; [assumption|].
      now apply (same_scaled d t).
    + intros l' Hl'. destruct (H2 l' Hl') as (k' & Hk' & E). exists k'. split; [assumption|].
      now apply (same_scaled d t).
  - intros E. apply H. now apply (same_scaled d t).
Qed.

(** Every embedding with two context IDs to tell apart, made small enough, refutes the lemma (lemma-4.4): for each t up
    to some t₀ > 0 the hypotheses hold, 2γ ≤ δ, and no map whatever qualifies. *)
Theorem scaling_family (d L N V : nat) (Z : nat -> matrix) (gmin gmax eps : R) (i j k l : nat) :
  hypotheses d L N V Z gmin gmax eps ->
  (i < N)%nat -> (j < N)%nat -> (k < L)%nat -> (l < L)%nat -> to_tell d L (Z i) (Z j) k l ->
  exists t0, 0 < t0 /\ forall t, 0 < t <= t0 ->
    hypotheses d L N V (scaled t Z) (t * gmin) (t * gmax) (t * eps) /\
    2 * lemma_gamma (t * gmax) (t * eps) <= lemma_delta d L V (t * gmin) (t * gmax) (t * eps) /\
    forall q, ~ contextual_mapping d L N (scaled t Z) q
                  (lemma_gamma (t * gmax) (t * eps)) (lemma_delta d L V (t * gmin) (t * gmax) (t * eps)).
Proof.
  intros H Hi Hj Hk Hl T.
  assert (P : 0 < gmin < gmax /\ 0 < eps) by (destruct H as (_ & _ & _ & (G & E & _) & _); now split).
  pose proof (exp_pos (- 5 * / eps * INR V ^ 4 * INR d * (gmax / gmin) * gmax * ln (INR L))) as D.
  fold (lemma_delta d L V gmin gmax eps) in D.
  assert (G : 0 < 2 * lemma_gamma gmax eps) by (unfold lemma_gamma; lra).
  exists (lemma_delta d L V gmin gmax eps / (2 * lemma_gamma gmax eps)).
  split; [now apply Rdiv_lt_0_compat|]. intros t [Ht Ht0].
  assert (B : 2 * lemma_gamma (t * gmax) (t * eps) <= lemma_delta d L V (t * gmin) (t * gmax) (t * eps)).
  { rewrite lemma_delta_scaled by lra. apply Rmult_le_compat_r with (r := 2 * lemma_gamma gmax eps) in Ht0; [|lra].
    unfold Rdiv in Ht0. rewrite Rmult_assoc, Rinv_l in Ht0 by lra. unfold lemma_gamma in *. lra. }
  split; [now apply hypotheses_scaled|]. split; [exact B|].
  apply (no_map_beyond_twice_gamma d L N _ _ _ i j k l); try assumption. apply to_tell_scaled; [lra|assumption].
Qed.

(** *** Explicit embeddings for every size

    The tokens are 1, 2, …, NL times the first unit vector. *)

Definition integers (L : nat) : nat -> matrix := fun n i k => INR (1 + n * L + k) * unit_vector i.

Lemma distance_multiple d a b :
  (0 < d)%nat -> distance d (fun i => a * unit_vector i) (fun i => b * unit_vector i) = Rabs (a - b).
Proof.
  intros Hd. rewrite <- (norm2_multiple d (a - b) Hd). apply norm2_same. intros i _. ring.
Qed.

Lemma same_multiple d a b : (0 < d)%nat -> same d (fun i => a * unit_vector i) (fun i => b * unit_vector i) <-> a = b.
Proof.
  intros Hd. split; [|intros -> i _; reflexivity].
  intros H. specialize (H 0%nat Hd). unfold unit_vector in H. simpl in H. lra.
Qed.

Lemma INR_apart a b : a <> b -> 1 <= Rabs (INR a - INR b).
Proof.
  intros H. destruct (Nat.lt_total a b) as [Hl|[Hl|Hl]]; [|lia|]; apply Nat.le_succ_l, le_INR in Hl; rewrite S_INR in Hl.
  - rewrite Rabs_left; lra.
  - rewrite Rabs_pos_eq; lra.
Qed.

Lemma position_unique L i j k l : (k < L)%nat -> (l < L)%nat -> (i * L + k = j * L + l -> i = j /\ k = l)%nat.
Proof. intros Hk Hl H. assert (i = j) by nia. subst. split; lia. Qed.

Lemma integers_hypotheses d L N :
  (0 < d)%nat -> (0 < L)%nat -> (0 < N)%nat ->
  hypotheses d L N (N * L) (integers L) (1 / 2) (INR (N * L) + 1) (1 / 2).
Proof.
  intros Hd HL HN.
  assert (P : (1 <= N * L)%nat) by nia. pose proof (le_INR _ _ P) as P'. change (INR 1) with 1 in P'.
  repeat (split; [assumption|]). unfold integers, token. split; [|split].
  - split; [lra|]. split; [lra|]. split; [|split].
    + intros i k _ _. unfold token. rewrite norm2_multiple by assumption.
      assert (H : (1 <= 1 + i * L + k)%nat) by lia. apply le_INR in H. change (INR 1) with 1 in H.
      rewrite Rabs_pos_eq; lra.
    + intros i k Hi Hk. unfold token. rewrite norm2_multiple by assumption.
      rewrite Rabs_pos_eq by apply pos_INR.
      assert (H : (1 + i * L + k <= N * L)%nat) by nia. apply le_INR in H. lra.
    + intros i j k l _ _ _ _ H. unfold token in *. rewrite same_multiple in H by assumption.
      rewrite distance_multiple by assumption.
      assert (H' : (1 + i * L + k <> 1 + j * L + l)%nat) by (intros E; apply H; now rewrite E).
      pose proof (INR_apart _ _ H'). lra.
  - intros i k l _ _ _ H. unfold token. rewrite same_multiple by assumption. intros E. apply INR_eq in E. lia.
  - exists (fun m i => INR (1 + m) * unit_vector i). unfold token. split; [|split].
    + intros m Hm. exists (m / L)%nat, (m mod L)%nat.
      assert (H : (m / L < N)%nat) by (apply Nat.div_lt_upper_bound; lia).
      split; [assumption|]. split; [apply Nat.mod_upper_bound; lia|]. rewrite same_multiple by assumption.
      rewrite (Nat.div_mod m L) at 1 by lia. f_equal. lia.
    + intros i k Hi Hk. exists (i * L + k)%nat. split; [nia|]. rewrite same_multiple by assumption. reflexivity.
    + intros m m' _ _ H. rewrite same_multiple by assumption. intros E. apply INR_eq in E. lia.
Qed.

(** Lemma 4.4 (lemma-4.4) fails at every size at which it claims anything: for all d ≥ 1 and N sequences of L tokens,
    NL ≥ 2, there is an embedding that meets its hypotheses and for which no map is a (γ, δ)-contextual mapping.
    (With one sequence of one token no two context IDs are to be told apart.) *)
Theorem lemma_4_4_false_at_every_size (d L N : nat) :
  (0 < d)%nat -> (0 < L)%nat -> (0 < N)%nat -> (2 <= N * L)%nat ->
  exists V Z gmin gmax eps, hypotheses d L N V Z gmin gmax eps /\
    forall q, ~ contextual_mapping d L N Z q (lemma_gamma gmax eps) (lemma_delta d L V gmin gmax eps).
Proof.
  intros Hd HL HN H2.
  assert (T : exists j l, (j < N)%nat /\ (l < L)%nat /\ to_tell d L (integers L 0%nat) (integers L j) 0 l).
  { destruct (le_lt_dec 2 L) as [H|H].
    - exists 0%nat, 1%nat. repeat split; try lia. right. unfold token, integers. rewrite same_multiple by assumption.
      simpl. lra.
    - exists 1%nat, 0%nat. repeat split; try nia. right. unfold token, integers. rewrite same_multiple by assumption.
      replace L with 1%nat by lia. simpl. lra. }
  destruct T as (j & l & Hj & Hl & T).
  destruct (scaling_family d L N (N * L) (integers L) (1 / 2) (INR (N * L) + 1) (1 / 2) 0 j 0 l
    (integers_hypotheses d L N Hd HL HN) HN Hj HL Hl T) as (t & Ht & F).
  destruct (F t) as (H & _ & Q); [lra|]. eauto 7.
Qed.

(** Lemma 4.4 (lemma-4.4) as stated is false, even if any map is allowed in place of attention. *)
Theorem lemma_4_4_false_for_any_map : ~ lemma_4_4 any_map.
Proof.
  intros H. destruct (lemma_4_4_false_at_every_size 1 2 1) as (V & Z & gmin & gmax & eps & Hyp & Q); try lia.
  destruct (H _ _ _ _ _ _ _ _ Hyp) as (q & _ & C). exact (Q q C).
Qed.

Lemma lemma_4_4_any (layer : nat -> nat -> (matrix -> matrix) -> Prop) : lemma_4_4 layer -> lemma_4_4 any_map.
Proof.
  intros H d L N V Z gmin gmax eps Hyp. destruct (H _ _ _ _ _ _ _ _ Hyp) as (q & _ & C). now exists q.
Qed.

(** Lemma 4.4 (lemma-4.4), reading residual: refuted. *)
Theorem lemma_4_4_residual_false : ~ lemma_4_4 residual_layer.
Proof. intros H. exact (lemma_4_4_false_for_any_map (lemma_4_4_any _ H)). Qed.

(** Lemma 4.4 (lemma-4.4), reading paper-attention: refuted. *)
Theorem lemma_4_4_paper_attention_false : ~ lemma_4_4 paper_layer.
Proof. intros H. exact (lemma_4_4_false_for_any_map (lemma_4_4_any _ H)). Qed.

(** ** Sequences of one token

    For L = 1 the logarithm is 0 and δ = 1 whatever the tokens: every embedding of two tokens with γ ≤ 1/2 will do. *)

Lemma lemma_delta_single d V gmin gmax eps : lemma_delta d 1 V gmin gmax eps = 1.
Proof. unfold lemma_delta. simpl INR. rewrite ln_1, Rmult_0_r. apply exp_0. Qed.

(** Lemma 4.4 (lemma-4.4) for L = 1: no embedding with two different tokens and γ ≤ 1/2 has a (γ, δ)-contextual
    mapping. *)
Theorem single_tokens (d N V : nat) (Z : nat -> matrix) (gmin gmax eps : R) (i j : nat) :
  (i < N)%nat -> (j < N)%nat -> ~ same d (token (Z i) 0) (token (Z j) 0) -> lemma_gamma gmax eps <= 1 / 2 ->
  forall q, ~ contextual_mapping d 1 N Z q (lemma_gamma gmax eps) (lemma_delta d 1 V gmin gmax eps).
Proof.
  intros Hi Hj H G. apply (no_map_beyond_twice_gamma d 1 N Z _ _ i j 0 0); try assumption; try lia; [now right|].
  rewrite lemma_delta_single. lra.
Qed.

(** One such: two sequences of one token, ±1/4 times the first unit vector, γ_min = 1/5, γ_max = ε = 1/3, 2γ = 5/6. *)
Definition quarters : nat -> matrix := fun n i _ => (if Nat.eqb n 0 then 1 / 4 else - (1 / 4)) * unit_vector i.

Theorem lemma_4_4_false_for_single_tokens (d : nat) :
  (0 < d)%nat ->
  hypotheses d 1 2 2 quarters (1 / 5) (1 / 3) (1 / 3) /\
  forall q, ~ contextual_mapping d 1 2 quarters q
                (lemma_gamma (1 / 3) (1 / 3)) (lemma_delta d 1 2 (1 / 5) (1 / 3) (1 / 3)).
Proof.
  intros Hd.
  assert (Two : forall i, (i < 2)%nat -> i = 0%nat \/ i = 1%nat) by lia.
  assert (Apart : ~ same d (token (quarters 0) 0) (token (quarters 1) 0)).
  { unfold token, quarters. rewrite same_multiple by assumption. simpl. lra. }
  split.
  - repeat (split; [lia|]). split; [|split].
    + unfold token, quarters. split; [lra|]. split; [lra|]. split; [|split].
      * intros i k Hi _. unfold token. rewrite norm2_multiple by assumption. destruct (Two i Hi) as [->| ->]; simpl.
        -- rewrite Rabs_pos_eq; lra.
        -- rewrite Rabs_left; lra.
      * intros i k Hi _. unfold token. rewrite norm2_multiple by assumption. destruct (Two i Hi) as [->| ->]; simpl.
        -- rewrite Rabs_pos_eq; lra.
        -- rewrite Rabs_left; lra.
      * intros i j k l Hi Hj _ _. unfold token. rewrite same_multiple, distance_multiple by assumption.
        destruct (Two i Hi) as [->| ->]; destruct (Two j Hj) as [->| ->]; simpl; intros H; try lra.
        -- rewrite Rabs_pos_eq; lra.
        -- rewrite Rabs_left; lra.
    + intros i k l _ Hk Hl. lia.
    + exists (fun m => token (quarters m) 0). split; [|split].
      * intros m Hm. exists m, 0%nat. split; [assumption|]. split; [lia|]. apply same_refl.
      * intros i k Hi Hk. exists i. replace k with 0%nat by lia. split; [assumption|]. apply same_refl.
      * intros m m' Hm Hm' H. destruct (Two m Hm) as [->| ->]; destruct (Two m' Hm') as [->| ->]; try lia; [assumption|].
        intros S. apply Apart. now apply same_sym.
  - apply (single_tokens d 2 2 quarters (1 / 5) (1 / 3) (1 / 3) 0 1); try lia; [assumption|]. unfold lemma_gamma. lra.
Qed.
