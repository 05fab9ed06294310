(** The paper's own attention on sequences with the same tokens (lemma-4.4, part of the reading amended-paper-attention).

    Where all sequences have one vocabulary, only different tokens are to be told apart. Rank-1 attention with small scores,
    K = 1/γ_max², does it with γ = γ_max and δ = (ε/2) exp(-5 ε⁻¹ |𝒱|⁴ d κ γ_max log L): the mean of given numbers under the
    softmax of their multiples by s grows with s, at a rate of at least the spread of two of them over 162 L². *)

From Coq Require Import Reals Lra Lia Arith Psatz.
From Plumbline Require Import Definitions Sums Softmax Facts ContextualMapping Boltzmann Direction RankOne.
From Plumbline Require Import AmendedMapping PaperAttention.
Open Scope R_scope.

(** ** The mean does not depend on the order of the numbers *)

Lemma finite_choice n (P : nat -> nat -> Prop) :
  (forall i, (i < n)%nat -> exists j, P i j) -> exists s, forall i, (i < n)%nat -> P i (s i).
Proof.
  induction n as [|n IH]; intros H; [exists (fun i => i); lia|].
  destruct IH as (s & Hs); [intros i Hi; apply H; lia|]. destruct (H n (Nat.lt_succ_diag_r n)) as (j & Hj).
  exists (fun i => if Nat.eqb i n then j else s i). intros i Hi.
  destruct (Nat.eqb_spec i n) as [->|N]; [assumption|]. apply Hs. lia.
Qed.

Lemma tilted_same_entries L s a b :
  (forall i j, (i < L)%nat -> (j < L)%nat -> i <> j -> a i <> a j) -> same_entries L a b ->
  tilted L s a = tilted L s b.
Proof.
  intros D [H _]. destruct (finite_choice L _ H) as (p & Hp).
  rewrite <- (tilted_permutation L p s b).
  - rewrite !tilted_eq. f_equal; apply sum_ext; intros i Hi; now destruct (Hp i Hi) as [_ <-].
  - split; [intros i Hi; now apply Hp|]. intros i j Hi Hj E. destruct (Nat.eq_dec i j) as [|N]; [assumption|].
    exfalso. apply (D i j Hi Hj N). destruct (Hp i Hi) as [_ ->], (Hp j Hj) as [_ ->]. now rewrite E.
Qed.

(** ** How it grows *)

Lemma exp_slope al be : -2 <= be <= al -> (al - be) / 9 <= exp al - exp be.
Proof.
  intros [Hb H]. assert (Low : 1 / 9 <= exp be).
  { apply Rle_trans with (exp (-2)); [|now apply exp_le]. replace (-2) with (- (1 + 1)) by ring.
    rewrite exp_Ropp, exp_plus. pose proof exp_le_3. pose proof (exp_pos 1).
    replace (1 / 9) with (/ (3 * 3)) by field. apply Rinv_le_contravar; nra. }
  replace (exp al) with (exp be * exp (al - be)) by (rewrite <- exp_plus; f_equal; ring).
  pose proof (exp_ineq1_le (al - be)). nra.
Qed.

(** x (e^α - e^β) ≥ x (α - β)/9 if x and α - β have one sign and α, β ≥ -2 *)
Lemma exp_difference x al be :
  -2 <= al -> -2 <= be -> (0 <= x /\ be <= al) \/ (x <= 0 /\ al <= be) -> x * (al - be) / 9 <= x * (exp al - exp be).
Proof.
  intros Ha Hb [[Hx H]|[Hx H]].
  - pose proof (exp_slope al be (conj Hb H)). nra.
  - pose proof (exp_slope be al (conj Ha H)). nra.
Qed.

(** The difference of two means as a double sum, whose terms for (i, j) and (j, i) together are not negative *)
Lemma tilted_grows L a s s' p q :
  s' < s -> (p < L)%nat -> (q < L)%nat ->
  (forall j, (j < L)%nat -> Rabs (s * a j) <= 1) -> (forall j, (j < L)%nat -> Rabs (s' * a j) <= 1) ->
  (s - s') * (a p - a q) ^ 2 / (162 * INR L ^ 2) <= tilted L s a - tilted L s' a.
Proof.
  intros Hs Hp Hq B B'. assert (HL : (0 < L)%nat) by lia.
  assert (L0 : 0 < INR L) by now apply lt_0_INR.
  set (e := fun j => exp (s * a j)). set (e' := fun j => exp (s' * a j)).
  set (W := sum L e). set (W' := sum L e').
  assert (HW : 0 < W) by (apply sum_pos; [assumption|]; intros; apply exp_pos).
  assert (HW' : 0 < W') by (apply sum_pos; [assumption|]; intros; apply exp_pos).
  assert (Most : forall r, (forall j, (j < L)%nat -> Rabs (r * a j) <= 1) -> sum L (fun j => exp (r * a j)) <= 3 * INR L).
  { intros r Hr. rewrite Rmult_comm, <- sum_const. apply sum_le. intros j Hj.
    apply Rle_trans with (exp 1); [apply exp_le|apply exp_le_3]. apply Rle_trans with (1 := Rle_abs _). now apply Hr. }
  pose proof (Most s B) as MW. pose proof (Most s' B') as MW'. fold e in MW. fold e' in MW'. fold W in MW. fold W' in MW'.
  set (t := fun i j => (a i - a j) * (e i * e' j)).
  set (N := sum L (fun i => sum L (fun j => t i j))).
  assert (Eq : tilted L s a - tilted L s' a = N / (W * W')).
  { assert (T : tilted L s a = sum L (fun j => a j * e j) / W) by apply tilted_eq.
    assert (T' : tilted L s' a = sum L (fun j => a j * e' j) / W') by apply tilted_eq. rewrite T, T'.
    replace N with (sum L (fun j => a j * e j) * W' - W * sum L (fun j => a j * e' j)); [field; lra|].
    unfold W, W', N. rewrite !sum_product, <- sum_minus. apply sum_ext. intros i _. rewrite <- sum_minus.
    apply sum_ext. intros j _. unfold t. ring. }
  assert (Pair : forall i j, (i < L)%nat -> (j < L)%nat -> (s - s') * (a i - a j) ^ 2 / 9 <= t i j + t j i).
  { intros i j Hi Hj.
    replace (t i j + t j i) with ((a i - a j) * (exp (s * a i + s' * a j) - exp (s * a j + s' * a i)))
      by (unfold t, e, e'; rewrite !exp_plus; ring).
    replace ((s - s') * (a i - a j) ^ 2 / 9) with ((a i - a j) * ((s * a i + s' * a j) - (s * a j + s' * a i)) / 9) by field.
    assert (Low : forall r x, Rabs (r * x) <= 1 -> -1 <= r * x).
    { intros r x H. pose proof (Rle_abs (- (r * x))) as M. rewrite Rabs_Ropp in M. lra. }
    pose proof (Low s (a i) (B i Hi)). pose proof (Low s (a j) (B j Hj)).
    pose proof (Low s' (a i) (B' i Hi)). pose proof (Low s' (a j) (B' j Hj)).
    apply exp_difference; try lra.
    destruct (Rle_lt_dec (a j) (a i)); [left|right]; split; nra. }
  assert (Nonneg : forall i j, (i < L)%nat -> (j < L)%nat -> 0 <= t i j + t j i).
  { intros i j Hi Hj. apply Rle_trans with (2 := Pair i j Hi Hj). pose proof (pow2_ge_0 (a i - a j)). nra. }
  assert (Twice : t p q + t q p <= 2 * N).
  { replace (2 * N) with (sum L (fun i => sum L (fun j => t i j + t j i))).
    - apply Rle_trans with (sum L (fun j => t p j + t j p)).
      + apply (sum_term_le L q (fun j => t p j + t j p)); [assumption|]. intros j Hj. now apply Nonneg.
      + apply (sum_term_le L p (fun i => sum L (fun j => t i j + t j i))); [assumption|].
        intros i Hi. apply sum_nonneg. intros j Hj. now apply Nonneg.
    - assert (Swap : N = sum L (fun i => sum L (fun j => t j i))) by apply sum_swap.
      replace (2 * N) with (N + N) by ring. rewrite Swap at 2. unfold N. rewrite <- sum_plus.
      apply sum_ext. intros i _. now rewrite sum_plus. }
  pose proof (Pair p q Hp Hq) as P. rewrite Eq.
  assert (WW : W * W' <= 9 * INR L ^ 2) by nra.
  set (Q := (s - s') * (a p - a q) ^ 2) in *.
  assert (Q0 : 0 <= Q) by (apply Rmult_le_pos; [lra|apply pow2_ge_0]).
  apply Rmult_le_reg_r with (W * W'); [now apply Rmult_lt_0_compat|].
  replace (N / (W * W') * (W * W')) with N by (field; lra).
  apply Rle_trans with (Q / 18); [|lra].
  replace (Q / (162 * INR L ^ 2) * (W * W')) with (Q / 18 * (W * W' / (9 * INR L ^ 2))) by (field; lra).
  rewrite <- (Rmult_1_r (Q / 18)) at 2. apply Rmult_le_compat_l; [lra|].
  apply Rmult_le_reg_r with (9 * INR L ^ 2); [nra|]. unfold Rdiv. rewrite Rmult_assoc, Rinv_l by nra. lra.
Qed.

(** ** The δ of the reading is less *)

Lemma scaled_delta_small d L V gmin gmax eps :
  (1 <= d)%nat -> (2 <= L)%nat -> (2 <= V)%nat -> 0 < gmin < gmax -> 0 < eps < 2 * gmax ->
  scaled_delta d L V gmin gmax eps
  < / gmax ^ 2 * (2 / (INR V * (INR V + 1)) * eps) ^ 3 / (162 * INR L ^ 2).
Proof.
  intros Hd HL HV [G0 G1] [He E2]. apply le_INR in Hd, HL, HV. simpl in Hd, HL, HV.
  assert (LL : 3 / 5 <= ln (INR L)).
  { apply Rle_trans with (1 := ln_2_bound). destruct HL as [Q|Q]; [left; apply ln_increasing; lra|right; f_equal; lra]. }
  set (t := gmax / eps). assert (T : 1 / 2 <= t).
  { apply Rmult_le_reg_r with eps; [assumption|]. unfold t, Rdiv. rewrite (Rmult_assoc gmax), Rinv_l; lra. }
  set (v := INR V) in *. assert (V2 : 4 <= v ^ 2) by nra.
  assert (V4 : 16 <= v ^ 4) by (replace (v ^ 4) with (v ^ 2 * v ^ 2) by ring; nra).
  set (u := v ^ 4 * t). assert (U : 8 <= u) by (unfold u; nra).
  (* the exponent *)
  set (A := 5 * v ^ 4 * INR d * (gmax / eps) * (gmax / gmin)).
  assert (HA : 5 * u <= A).
  { unfold A, u. fold t. assert (K : 1 <= gmax / gmin).
    { apply Rmult_le_reg_r with gmin; [assumption|]. unfold Rdiv. rewrite Rmult_assoc, Rinv_l; lra. }
    assert (P : 0 < v ^ 4 * t) by (apply Rmult_lt_0_compat; lra).
    replace (5 * v ^ 4 * INR d * t * (gmax / gmin)) with (5 * (v ^ 4 * t) * (INR d * (gmax / gmin))) by ring.
    rewrite <- (Rmult_1_r (5 * (v ^ 4 * t))) at 1. apply Rmult_le_compat_l; [lra|]. nra. }
  unfold scaled_delta, lemma_delta. fold v.
  replace (- 5 * / eps * v ^ 4 * INR d * (gmax / gmin) * gmax * ln (INR L)) with (- (A * ln (INR L)))
    by (unfold A; field; lra).
  (* exp(A ln L) ≥ 16 u² L² *)
  assert (X : 16 * u ^ 2 * INR L ^ 2 <= exp (A * ln (INR L))).
  { replace (A * ln (INR L)) with (ln (INR L) + ln (INR L) + (A - 2) * ln (INR L)) by ring.
    rewrite exp_plus, exp_plus, exp_ln by lra.
    assert (Y : 57 / 20 * u <= (A - 2) * ln (INR L)) by nra.
    set (h := exp (57 / 80 * u)).
    assert (H0 : 57 / 80 * u <= h) by (unfold h; pose proof (exp_ineq1_le (57 / 80 * u)); lra).
    assert (H4 : h * h * (h * h) <= exp ((A - 2) * ln (INR L))).
    { unfold h. rewrite <- !exp_plus. apply exp_le. lra. }
    assert (H2 : (57 / 80 * u) * (57 / 80 * u) <= h * h) by (apply Rmult_le_compat; lra).
    assert (H3 : 4 * u <= h * h) by nra.
    assert (H5 : 16 * u ^ 2 <= h * h * (h * h)).
    { replace (16 * u ^ 2) with (4 * u * (4 * u)) by ring. apply Rmult_le_compat; lra. }
    assert (L2 : 0 < INR L * INR L) by nra.
    replace (16 * u ^ 2 * INR L ^ 2) with (INR L * INR L * (16 * u ^ 2)) by ring. apply Rmult_le_compat_l; lra. }
  (* V³ (V+1)³ t² ≤ (27/32) u² *)
  assert (C : v ^ 3 * (v + 1) ^ 3 * t ^ 2 <= 27 / 32 * u ^ 2).
  { assert (C1 : (v + 1) ^ 3 <= (3 / 2 * v) ^ 3) by (apply pow_incr; lra).
    assert (V3 : 0 < v ^ 3) by (apply pow_lt; lra).
    assert (C2 : v ^ 3 * (v + 1) ^ 3 <= 27 / 8 * v ^ 6).
    { replace (27 / 8 * v ^ 6) with (v ^ 3 * (3 / 2 * v) ^ 3) by field. apply Rmult_le_compat_l; lra. }
    assert (V6 : 0 < v ^ 6) by (apply pow_lt; lra).
    assert (C3 : v ^ 6 * 4 <= v ^ 8) by (replace (v ^ 8) with (v ^ 6 * v ^ 2) by ring; nra).
    replace (27 / 32 * u ^ 2) with (27 / 32 * v ^ 8 * t ^ 2) by (unfold u; ring).
    apply Rmult_le_compat_r; [apply pow2_ge_0|]. lra. }
  rewrite exp_Ropp. set (E := exp (A * ln (INR L))) in *. assert (HE : 0 < E) by apply exp_pos.
  assert (VV : 0 < v ^ 3 * (v + 1) ^ 3) by (apply Rmult_lt_0_compat; apply pow_lt; lra).
  assert (GG : gmax = t * eps) by (unfold t; field; lra).
  assert (L2 : 0 < INR L ^ 2) by (apply pow_lt; lra). assert (t2 : 0 < t ^ 2) by (apply pow_lt; lra).
  apply Rmult_lt_reg_r with (E * (v ^ 3 * (v + 1) ^ 3 * t ^ 2 * INR L ^ 2)).
  { apply Rmult_lt_0_compat; [assumption|]. apply Rmult_lt_0_compat; [|assumption]. now apply Rmult_lt_0_compat. }
  replace (eps / 2 * / E * (E * (v ^ 3 * (v + 1) ^ 3 * t ^ 2 * INR L ^ 2)))
    with (eps / 2 * (v ^ 3 * (v + 1) ^ 3 * t ^ 2) * INR L ^ 2) by (field; lra).
  replace (/ gmax ^ 2 * (2 / (v * (v + 1)) * eps) ^ 3 / (162 * INR L ^ 2) * (E * (v ^ 3 * (v + 1) ^ 3 * t ^ 2 * INR L ^ 2)))
    with (eps * (8 / 162) * E) by (rewrite GG; field; repeat split; lra).
  assert (U2 : 0 < u ^ 2) by (apply pow_lt; lra).
  apply Rle_lt_trans with (eps / 2 * (27 / 32 * u ^ 2) * INR L ^ 2).
  - apply Rmult_le_compat_r; [lra|]. apply Rmult_le_compat_l; lra.
  - apply Rlt_le_trans with (eps * (8 / 162) * (16 * u ^ 2 * INR L ^ 2)); [|apply Rmult_le_compat_l; lra].
    assert (0 < eps * (u ^ 2 * INR L ^ 2)) by (apply Rmult_lt_0_compat; [assumption|now apply Rmult_lt_0_compat]). lra.
Qed.

(** ** The theorem *)

(** Lemma 4.4 (lemma-4.4), reading amended-paper-attention, for sequences of one vocabulary, or of one token each: the
    attention of Definition B.3 with W_V = I is a (γ_max, δ)-contextual mapping with the reading's δ. *)
Theorem paper_attention_one_vocabulary d L N V Z gmin gmax eps :
  hypotheses d L N V Z gmin gmax eps ->
  (forall i j, (i < N)%nat -> (j < N)%nat -> same_vocabulary d L (Z i) (Z j)) \/ L = 1%nat ->
  exists K v, norm2 d v = 1 /\
    contextual_mapping d L N Z (rank_one_paper d L K v) gmax (scaled_delta d L V gmin gmax eps).
Proof.
  intros H One. destruct (direction_exists d L N V Z gmin gmax eps H) as (v & Hv & Far).
  pose proof (vocabulary_not_empty d L N V Z gmin gmax eps H) as HV.
  pose proof H as (Hd & HL & HN & ((G0 & G1) & He & S1 & S2 & S3) & NoDup & _).
  exists (/ gmax ^ 2), v. split; [assumption|]. set (K := / gmax ^ 2).
  assert (G2 : 0 < gmax ^ 2) by (apply pow_lt; lra). assert (HK : 0 < K) by now apply Rinv_0_lt_compat.
  split.
  { intros i k Hi Hk. rewrite (norm2_same d _ _ (rank_one_paper_mean d L K v (Z i) k Hv)).
    apply combination_short; [assumption| |now apply softmax_sum|].
    - intros j _. now apply softmax_pos.
    - intros j Hj. now apply S2. }
  intros i j k l Hi Hj Hk Hl T.
  destruct (le_lt_dec 2 L) as [H2|H2].
  - destruct One as [One|One]; [|lia].
    destruct T as [T|E]; [exfalso; now apply T, One|].
    set (c := 2 / (INR V * (INR V + 1))) in *.
    assert (HV' : 1 <= INR V) by (apply le_INR in HV; exact HV).
    assert (Hc : 0 < c) by (apply Rdiv_lt_0_compat; [lra|]; apply Rmult_lt_0_compat; lra).
    set (a := projections d v (Z i)). set (b := projections d v (Z j)).
    (* along v different tokens are c ε apart *)
    assert (Apart : forall i j k l, (i < N)%nat -> (j < N)%nat -> (k < L)%nat -> (l < L)%nat ->
      ~ same d (token (Z i) k) (token (Z j) l) ->
      c * eps <= Rabs (projections d v (Z i) k - projections d v (Z j) l)).
    { intros i' j' k' l' Hi' Hj' Hk' Hl' D. unfold projections.
      rewrite (inner_comm d v (token (Z i') k')), (inner_comm d v (token (Z j') l')), <- inner_minus, inner_comm.
      apply Rle_trans with (c * distance d (token (Z i') k') (token (Z j') l')).
      - apply Rmult_le_compat_l; [lra|]. left. now apply S3.
      - apply Far; right; [exists i', k'|exists j', l']; (split; [assumption|]; split; [assumption|]); apply same_refl. }
    assert (ce : 0 < c * eps) by now apply Rmult_lt_0_compat.
    assert (Bound : forall n m, (n < N)%nat -> (m < L)%nat -> Rabs (projections d v (Z n) m) < gmax).
    { intros n m Hn Hm. apply projection_bound; [assumption|]. now apply S2. }
    assert (Entries : same_entries L a b).
    { destruct (One i j Hi Hj) as [V1 V2]. split; intros m Hm.
      - destruct (V1 m Hm) as (m' & Hm' & Q). exists m'. split; [assumption|]. now apply inner_same.
      - destruct (V2 m Hm) as (m' & Hm' & Q). exists m'. split; [assumption|]. now apply inner_same. }
    assert (Distinct : forall m m', (m < L)%nat -> (m' < L)%nat -> m <> m' -> a m <> a m').
    { intros m m' Hm Hm' D Q. pose proof (Apart i i m m' Hi Hi Hm Hm' (NoDup i m m' Hi Hm Hm' D)) as B.
      fold a in B. rewrite Q, Rminus_diag_eq, Rabs_R0 in B by reflexivity. lra. }
    pose proof (Apart i j k l Hi Hj Hk Hl E) as Axy. fold a b in Axy.
    pose proof (Apart i i 0%nat 1%nat Hi Hi HL H2 (NoDup i 0%nat 1%nat Hi HL H2 ltac:(lia))) as A01. fold a in A01.
    assert (Unit : forall x, Rabs x < gmax -> forall m, (m < L)%nat -> Rabs (K * x * a m) <= 1).
    { intros x Hx m Hm. rewrite !Rabs_mult, (Rabs_pos_eq K) by lra. pose proof (Bound i m Hi Hm) as Bm. fold a in Bm.
      apply Rle_trans with (K * gmax ^ 2); [|unfold K; right; apply Rinv_l; lra].
      rewrite Rmult_assoc. apply Rmult_le_compat_l; [lra|]. simpl. rewrite Rmult_1_r.
      apply Rmult_le_compat; try apply Rabs_pos; lra. }
    pose proof (Unit (a k) (Bound i k Hi Hk)) as Ux. pose proof (Unit (b l) (Bound j l Hj Hl)) as Uy.
    set (R := K * (c * eps) ^ 3 / (162 * INR L ^ 2)).
    assert (L2 : 0 < INR L ^ 2) by (apply pow_lt; now apply lt_0_INR).
    (* the two means *)
    assert (Sq : (c * eps) ^ 2 <= (a 0%nat - a 1%nat) ^ 2).
    { rewrite <- (pow2_abs (a 0%nat - a 1%nat)). apply pow_incr. lra. }
    assert (Grow : forall x y, y < x -> c * eps <= x - y ->
      (forall m, (m < L)%nat -> Rabs (K * x * a m) <= 1) -> (forall m, (m < L)%nat -> Rabs (K * y * a m) <= 1) ->
      R <= tilted L (K * x) a - tilted L (K * y) a).
    { intros x y Hxy D U1 U2.
      apply Rle_trans with ((K * x - K * y) * (a 0%nat - a 1%nat) ^ 2 / (162 * INR L ^ 2)).
      - unfold R, Rdiv. apply Rmult_le_compat_r; [apply Rlt_le, Rinv_0_lt_compat; lra|].
        replace (K * (c * eps) ^ 3) with (K * (c * eps) * (c * eps) ^ 2) by ring.
        apply Rmult_le_compat; [apply Rmult_le_pos; lra|apply pow2_ge_0| |exact Sq].
        rewrite <- Rmult_minus_distr_l. apply Rmult_le_compat_l; lra.
      - apply tilted_grows; try assumption. apply Rmult_lt_compat_l; lra. }
    assert (Means : R <= Rabs (context_mean L K a k - context_mean L K b l)).
    { change (context_mean L K a k) with (tilted L (K * a k) a). change (context_mean L K b l) with (tilted L (K * b l) b).
      rewrite <- (tilted_same_entries L (K * b l) a b Distinct Entries).
      destruct (Rtotal_order (a k) (b l)) as [Q|[Q|Q]].
      - rewrite Rabs_left in Axy by lra. rewrite Rabs_minus_sym. apply Rle_trans with (2 := Rle_abs _).
        apply Grow; try assumption. lra.
      - rewrite Q, Rminus_diag_eq, Rabs_R0 in Axy by reflexivity. lra.
      - rewrite Rabs_pos_eq in Axy by lra. apply Rle_trans with (2 := Rle_abs _). now apply Grow. }
    assert (Two : eps < 2 * gmax).
    { pose proof (S3 i j k l Hi Hj Hk Hl E). pose proof (distance_le d (token (Z i) k) (token (Z j) l)).
      pose proof (S2 i k Hi Hk). pose proof (S2 j l Hj Hl). lra. }
    apply Rlt_le_trans with R.
    + apply scaled_delta_small; try assumption; try lia; [|now split|now split].
      now apply (vocabulary_two d L N V Z gmin gmax eps).
    + apply Rle_trans with (1 := Means). unfold a, b. rewrite <- !(rank_one_paper_projection d L K v) by assumption.
      rewrite (inner_comm d v), (inner_comm d v), <- inner_minus, inner_comm.
      apply Rle_trans with (1 := cauchy_schwarz d v _). rewrite Hv, Rmult_1_l. apply Rle_refl.
  - (* a single token is its own context ID *)
    assert (L = 1)%nat as -> by lia.
    assert (E : ~ same d (token (Z i) k) (token (Z j) l)).
    { destruct T as [T|T]; [|assumption]. intros Q. apply T. split; intros m Hm; [exists l|exists k]; (split; [assumption|]).
      - now replace m with k by lia.
      - now replace m with l by lia. }
    assert (Own : forall Z' m, (m < 1)%nat -> same d (token (rank_one_paper d 1 K v Z') m) (token Z' m)).
    { intros Z' m Hm h Hh. replace m with 0%nat by lia. rewrite (rank_one_paper_mean d 1 K v Z' 0 Hv h Hh).
      unfold combination, softmax. simpl. set (z := exp _). assert (0 < z) by apply exp_pos. field. lra. }
    rewrite (distance_same d _ _ _ _ (Own (Z i) k Hk) (Own (Z j) l Hl)).
    apply Rlt_trans with eps; [|now apply S3].
    unfold scaled_delta, lemma_delta. simpl INR. rewrite ln_1, Rmult_0_r, exp_0. lra.
Qed.
