(** Lemma 4.4 fails for attention with one head even where δ < 2γ and some other map exists: two tokens close together.

    Let d = 1 and let one sequence have the tokens 0 < x < y = (1+η) x. However its weights are chosen, an attention with one
    head is given by two numbers: its context IDs are z + w m(z) with residual and w m(z) without, for z = x and z = y,
    where m(z) = x + (y - x) σ(β (y - x) z) is a mean of the two tokens and σ the logistic function. The two means differ by
    at most (y - x) η/4, as t σ'(t) ≤ 1/4; and w cannot be large, for m(x) > x and the context ID of x is shorter than γ. *)

From Coq Require Import Reals Lra Lia Arith Psatz.
From Plumbline Require Import Definitions Sums Facts ContextualMapping.
Open Scope R_scope.

(** ** The logistic function *)

Definition logistic (t : R) : R := exp t / (1 + exp t).

Lemma logistic_range t : 0 < logistic t < 1.
Proof.
  unfold logistic. pose proof (exp_pos t).
  split; [apply Rdiv_lt_0_compat; lra|]. apply Rmult_lt_reg_r with (1 + exp t); [lra|].
  unfold Rdiv. rewrite Rmult_assoc, Rinv_l; lra.
Qed.

Lemma logistic_opp t : logistic (- t) = 1 - logistic t.
Proof. unfold logistic. rewrite exp_Ropp. pose proof (exp_pos t). field. lra. Qed.

Lemma logistic_derivative t : derivable_pt_lim logistic t (exp t / ((1 + exp t) * (1 + exp t))).
Proof.
  pose proof (exp_pos t).
  replace (exp t / ((1 + exp t) * (1 + exp t)))
    with ((exp t * (1 + exp t) - (0 + exp t) * exp t) / Rsqr (1 + exp t)) by (unfold Rsqr; field; lra).
  apply (derivable_pt_lim_div exp (fct_cte 1 + exp)%F); [apply derivable_pt_lim_exp| |unfold plus_fct, fct_cte; lra].
  apply derivable_pt_lim_plus; [apply derivable_pt_lim_const|apply derivable_pt_lim_exp].
Qed.

Lemma exp_pow n t : exp t ^ n = exp (INR n * t).
Proof.
  induction n as [|n IH]; [simpl; now rewrite Rmult_0_l, exp_0|].
  rewrite S_INR, Rmult_plus_distr_r, Rmult_1_l, exp_plus, <- IH. simpl. ring.
Qed.

(** The tangent of exp at ln 4, or a little below *)
Lemma exp_tangent t : 4 * t - 2 <= exp t.
Proof.
  assert (E : 4 <= exp (3 / 2)).
  { replace (3 / 2) with (12 * (1 / 8)) by field. replace 12 with (INR 12) by (simpl; lra). rewrite <- exp_pow.
    pose proof (exp_ineq1_le (1 / 8)). apply Rle_trans with ((1 + 1 / 8) ^ 12); [lra|]. apply pow_incr. lra. }
  destruct (Rle_lt_dec (t - 1 / 2) 0) as [H|H]; [pose proof (exp_pos t); lra|].
  replace t with (3 / 2 + (t - 3 / 2)) at 2 by ring. rewrite exp_plus.
  pose proof (exp_ineq1_le (t - 3 / 2)).
  apply Rle_trans with (4 * (1 + (t - 3 / 2))); [lra|]. pose proof (exp_pos (t - 3 / 2)). nra.
Qed.

(** t σ'(t) ≤ 1/4 *)
Lemma logistic_slope t : t * (exp t / ((1 + exp t) * (1 + exp t))) <= 1 / 4.
Proof.
  pose proof (exp_pos t) as P. pose proof (exp_tangent t) as T.
  apply Rmult_le_reg_r with ((1 + exp t) * (1 + exp t)); [nra|].
  replace (t * (exp t / ((1 + exp t) * (1 + exp t))) * ((1 + exp t) * (1 + exp t))) with (t * exp t) by (field; lra).
  nra.
Qed.

Lemma logistic_stretch_positive eta t : 0 < eta -> 0 < t -> Rabs (logistic ((1 + eta) * t) - logistic t) <= eta / 4.
Proof.
  intros He Ht. assert (H : t < (1 + eta) * t) by nra.
  destruct (MVT_cor2 logistic (fun c => exp c / ((1 + exp c) * (1 + exp c))) t ((1 + eta) * t) H) as (c & E & Hc).
  { intros c _. apply logistic_derivative. }
  rewrite E. pose proof (logistic_slope c) as S. pose proof (exp_pos c).
  assert (D : 0 < exp c / ((1 + exp c) * (1 + exp c))).
  { apply Rdiv_lt_0_compat; [assumption|]. apply Rmult_lt_0_compat; lra. }
  set (slope := exp c / ((1 + exp c) * (1 + exp c))) in *.
  replace ((1 + eta) * t - t) with (eta * t) by ring.
  rewrite Rabs_pos_eq by (apply Rmult_le_pos; nra).
  apply Rle_trans with (eta * (c * slope)); [|nra].
  replace (slope * (eta * t)) with (eta * (t * slope)) by ring. apply Rmult_le_compat_l; [lra|]. nra.
Qed.

(** Stretching the argument by 1 + η changes the value by at most η/4. *)
Lemma logistic_stretch eta t : 0 < eta -> Rabs (logistic ((1 + eta) * t) - logistic t) <= eta / 4.
Proof.
  intros He. destruct (Rtotal_order t 0) as [H|[->|H]].
  - rewrite <- (Ropp_involutive t) at 2. rewrite logistic_opp.
    replace ((1 + eta) * t) with (- ((1 + eta) * - t)) by ring. rewrite logistic_opp.
    replace (1 - logistic ((1 + eta) * - t) - (1 - logistic (- t)))
      with (- (logistic ((1 + eta) * - t) - logistic (- t))) by ring.
    rewrite Rabs_Ropp. apply logistic_stretch_positive; lra.
  - rewrite Rmult_0_r, Rminus_diag_eq, Rabs_R0 by reflexivity. lra.
  - now apply logistic_stretch_positive.
Qed.

(** ** Attention on two numbers *)

(** The mean of x and y that a token z sees *)
Definition mean (beta x y z : R) : R := x + (y - x) * logistic (beta * (y - x) * z).

Lemma softmax_two (z : vector) (x y : R) :
  x * softmax 2 z 0%nat + y * softmax 2 z 1%nat = x + (y - x) * logistic (z 1%nat - z 0%nat).
Proof.
  unfold softmax, logistic. simpl sum.
  replace (exp (z 1%nat - z 0%nat)) with (exp (z 1%nat) / exp (z 0%nat))
    by (unfold Rminus, Rdiv; now rewrite exp_plus, exp_Ropp).
  pose proof (exp_pos (z 0%nat)). pose proof (exp_pos (z 1%nat)). field. repeat split; lra.
Qed.

(** With residual: w = W_O W_V and β = W_K^T W_Q *)
Lemma residual_attention_two s WO WV WK WQ Z k :
  residual_attention 1 s 2 WO WV WK WQ Z 0%nat k =
  Z 0%nat k + sum s (fun r => WO 0%nat r * WV r 0%nat)
              * mean (sum s (fun r => WK r 0%nat * WQ r 0%nat)) (Z 0%nat 0%nat) (Z 0%nat 1%nat) (Z 0%nat k).
Proof.
  unfold residual_attention. f_equal. unfold times at 1. rewrite <- sum_scal_r. apply sum_ext. intros r _.
  rewrite Rmult_assoc. f_equal.
  set (z := transpose (times s (transpose (times 1 WK Z)) (times 1 WQ Z)) k).
  transitivity (WV r 0%nat * (Z 0%nat 0%nat * softmax 2 z 0%nat + Z 0%nat 1%nat * softmax 2 z 1%nat)).
  - change (0 + (0 + WV r 0%nat * Z 0%nat 0%nat) * softmax 2 z 0%nat + (0 + WV r 0%nat * Z 0%nat 1%nat) * softmax 2 z 1%nat
      = WV r 0%nat * (Z 0%nat 0%nat * softmax 2 z 0%nat + Z 0%nat 1%nat * softmax 2 z 1%nat)). ring.
  - rewrite softmax_two. unfold mean. do 4 f_equal. subst z. unfold transpose, times. simpl.
    rewrite <- sum_minus, Rmult_assoc, <- sum_scal_r. apply sum_ext. intros; ring.
Qed.

(** Without: w = W_V and β = W_Q W_K^T *)
Lemma paper_attention_two WQ WK WV Z k :
  paper_attention 1 2 WQ WK WV Z 0%nat k =
  WV 0%nat 0%nat * mean (WQ 0%nat 0%nat * WK 0%nat 0%nat) (Z 0%nat 0%nat) (Z 0%nat 1%nat) (Z 0%nat k).
Proof.
  set (z := scores 1 WQ WK (transpose Z) k).
  transitivity (WV 0%nat 0%nat * (Z 0%nat 0%nat * softmax 2 z 0%nat + Z 0%nat 1%nat * softmax 2 z 1%nat)).
  - change (0 + softmax 2 z 0%nat * (0 + Z 0%nat 0%nat * WV 0%nat 0%nat)
        + softmax 2 z 1%nat * (0 + Z 0%nat 1%nat * WV 0%nat 0%nat)
      = WV 0%nat 0%nat * (Z 0%nat 0%nat * softmax 2 z 0%nat + Z 0%nat 1%nat * softmax 2 z 1%nat)). ring.
  - rewrite softmax_two. unfold mean. do 4 f_equal. subst z. unfold scores, transpose, times. simpl. ring.
Qed.

(** ** How far apart the context IDs can be *)

Lemma mean_above beta x y z : x < y -> x < mean beta x y z.
Proof. intros Hy. unfold mean. pose proof (logistic_range (beta * (y - x) * z)). nra. Qed.

Lemma means_close beta x y :
  0 < x -> x < y -> Rabs (mean beta x y y - mean beta x y x) <= (y - x) * ((y - x) / x / 4).
Proof.
  intros Hx Hy.
  unfold mean.
  replace (x + (y - x) * logistic (beta * (y - x) * y) - (x + (y - x) * logistic (beta * (y - x) * x)))
    with ((y - x) * (logistic ((1 + (y - x) / x) * (beta * (y - x) * x)) - logistic (beta * (y - x) * x))).
  - rewrite Rabs_mult, (Rabs_pos_eq (y - x)) by lra. apply Rmult_le_compat_l; [lra|].
    apply logistic_stretch. apply Rdiv_lt_0_compat; lra.
  - replace ((1 + (y - x) / x) * (beta * (y - x) * x)) with (beta * (y - x) * y) by (field; lra). ring.
Qed.

(** |w| x < c if |w m(x)| < c *)
Lemma weight_bounded beta x y w c : 0 < x -> x < y -> Rabs (w * mean beta x y x) < c -> Rabs w * x <= c.
Proof.
  intros Hx Hy. rewrite Rabs_mult. pose proof (mean_above beta x y x Hy). rewrite (Rabs_pos_eq (mean beta x y x)) by lra.
  pose proof (Rabs_pos w). nra.
Qed.

Lemma product_close beta x y w c :
  0 < x -> x < y -> Rabs (w * mean beta x y x) < c ->
  Rabs (w * mean beta x y y - w * mean beta x y x) <= c * Rsqr ((y - x) / x) / 4.
Proof.
  intros Hx Hy H. apply weight_bounded in H; [|assumption..]. pose proof (means_close beta x y Hx Hy) as M.
  rewrite <- Rmult_minus_distr_l, Rabs_mult. pose proof (Rabs_pos w).
  apply Rle_trans with (Rabs w * ((y - x) * ((y - x) / x / 4))); [now apply Rmult_le_compat_l|].
  replace (Rabs w * ((y - x) * ((y - x) / x / 4))) with (Rabs w * x * (Rsqr ((y - x) / x) / 4)) by (unfold Rsqr; field; lra).
  replace (c * Rsqr ((y - x) / x) / 4) with (c * (Rsqr ((y - x) / x) / 4)) by field. apply Rmult_le_compat_r; [|exact H].
  pose proof (Rle_0_sqr ((y - x) / x)). lra.
Qed.

Lemma norm2_one u : norm2 1 u = Rabs (u 0%nat).
Proof. unfold norm2, inner. simpl. rewrite Rplus_0_l. apply sqrt_Rsqr_abs. Qed.

(** With residual: context IDs shorter than γ are at most y - x + (γ + x) η²/4 apart, η = (y - x)/x, for all weights. *)
Theorem close_tokens_residual s WO WV WK WQ Z x y gamma :
  Z 0%nat 0%nat = x -> Z 0%nat 1%nat = y -> 0 < x < y ->
  let q := residual_attention 1 s 2 WO WV WK WQ Z in
  norm2 1 (token q 0) < gamma ->
  distance 1 (token q 0) (token q 1) <= y - x + (gamma + x) * Rsqr ((y - x) / x) / 4.
Proof.
  intros Ex Ey [Hx Hy] q. unfold distance. rewrite !norm2_one. unfold token, q. rewrite !residual_attention_two, Ex, Ey.
  set (w := sum s (fun r => WO 0%nat r * WV r 0%nat)). set (beta := sum s _). intros H.
  assert (P : Rabs (w * mean beta x y x) < gamma + x).
  { replace (w * mean beta x y x) with (x + w * mean beta x y x + - x) by ring.
    eapply Rle_lt_trans; [apply Rabs_triang|]. rewrite Rabs_Ropp, (Rabs_pos_eq x) by lra. lra. }
  apply product_close in P; [|assumption..].
  replace (x + w * mean beta x y x - (y + w * mean beta x y y))
    with (- (y - x) + - (w * mean beta x y y - w * mean beta x y x)) by ring.
  eapply Rle_trans; [apply Rabs_triang|]. rewrite !Rabs_Ropp, (Rabs_pos_eq (y - x)) by lra. lra.
Qed.

(** Without residual: at most γ η²/4 *)
Theorem close_tokens_paper_attention WQ WK WV Z x y gamma :
  Z 0%nat 0%nat = x -> Z 0%nat 1%nat = y -> 0 < x < y ->
  let q := paper_attention 1 2 WQ WK WV Z in
  norm2 1 (token q 0) < gamma ->
  distance 1 (token q 0) (token q 1) <= gamma * Rsqr ((y - x) / x) / 4.
Proof.
  intros Ex Ey [Hx Hy] q. unfold distance. rewrite !norm2_one. unfold token, q. rewrite !paper_attention_two, Ex, Ey.
  intros H. apply product_close in H; [|assumption..]. now rewrite Rabs_minus_sym.
Qed.

(** ** An embedding that no one-head attention serves, though δ < 2γ

    One sequence of the tokens 4u and 5u, γ_min = 3u, γ_max = 6u, ε = 3u/4, for which δ = 2^-1280, with u = 2^e. *)

Definition close_tokens (u : R) : nat -> matrix := fun _ _ k => if Nat.eqb k 0 then 4 * u else 5 * u.

Lemma close_tokens_hypotheses u : 0 < u -> hypotheses 1 2 1 2 (close_tokens u) (3 * u) (6 * u) (3 / 4 * u).
Proof.
  intros Hu.
  assert (Two : forall k, (k < 2)%nat -> k = 0%nat \/ k = 1%nat) by lia.
  assert (Apart : forall k l, (k < 2)%nat -> (l < 2)%nat -> k <> l ->
    ~ same 1 (token (close_tokens u 0) k) (token (close_tokens u 0) l)).
  { intros k l Hk Hl H S. specialize (S 0%nat Nat.lt_0_1). unfold token, close_tokens in S.
    destruct (Two k Hk) as [->| ->]; destruct (Two l Hl) as [->| ->]; simpl in S; try lia; lra. }
  repeat (split; [lia|]). split; [|split].
  - split; [lra|]. split; [lra|]. split; [|split].
    + intros i k _ Hk. rewrite norm2_one. unfold token, close_tokens.
      destruct (Two k Hk) as [->| ->]; simpl; rewrite Rabs_pos_eq; lra.
    + intros i k _ Hk. rewrite norm2_one. unfold token, close_tokens.
      destruct (Two k Hk) as [->| ->]; simpl; rewrite Rabs_pos_eq; lra.
    + intros i j k l _ _ Hk Hl. unfold distance. rewrite norm2_one. unfold token, close_tokens.
      destruct (Two k Hk) as [->| ->]; destruct (Two l Hl) as [->| ->]; simpl; intros H.
      * exfalso. apply H, same_refl.
      * rewrite Rabs_left; lra.
      * rewrite Rabs_pos_eq; lra.
      * exfalso. apply H, same_refl.
  - intros i k l _ Hk Hl H. now apply Apart.
  - exists (fun m => token (close_tokens u 0) m). split; [|split].
    + intros m Hm. exists 0%nat, m. split; [lia|]. split; [assumption|]. apply same_refl.
    + intros i k _ Hk. exists k. split; [assumption|]. apply same_refl.
    + intros m m' Hm Hm' H. now apply Apart.
Qed.

Lemma close_tokens_delta u : 0 < u -> lemma_delta 1 2 2 (3 * u) (6 * u) (3 / 4 * u) = exp (- 1280 * ln 2).
Proof. intros Hu. unfold lemma_delta. simpl INR. f_equal. replace (1 + 1) with 2 by ring. field. lra. Qed.

(** Some map there is: 3u and -3u for context IDs. *)
Lemma close_tokens_some_map u delta :
  0 < u -> delta < 6 * u ->
  exists q, contextual_mapping 1 2 1 (close_tokens u) q (lemma_gamma (6 * u) (3 / 4 * u)) delta.
Proof.
  intros Hu Hd. exists (fun _ _ k => if Nat.eqb k 0 then 3 * u else - (3 * u)).
  assert (Two : forall k, (k < 2)%nat -> k = 0%nat \/ k = 1%nat) by lia.
  assert (Told : forall k, ~ to_tell 1 2 (close_tokens u 0) (close_tokens u 0) k k).
  { intros k [H|H]; apply H; [|apply same_refl].
    split; intros l Hl; exists l; (split; [assumption|apply same_refl]). }
  unfold lemma_gamma. split.
  - intros i k _ Hk. rewrite norm2_one. unfold token.
    destruct (Two k Hk) as [->| ->]; simpl; [rewrite Rabs_pos_eq|rewrite Rabs_left]; lra.
  - intros i j k l Hi Hj Hk Hl. unfold distance. rewrite norm2_one. unfold token.
    replace i with 0%nat by lia. replace j with 0%nat by lia.
    destruct (Two k Hk) as [->| ->]; destruct (Two l Hl) as [->| ->]; simpl; intros T.
    + now destruct (Told 0%nat).
    + rewrite Rabs_pos_eq; lra.
    + rewrite Rabs_left; lra.
    + now destruct (Told 1%nat).
Qed.

(** 2^e = 2^n 2^(e-n) *)
Lemma power_of_two_shift e n : exp (e * ln 2) = 2 ^ n * exp ((e - INR n) * ln 2).
Proof.
  replace (e * ln 2) with (INR n * ln 2 + (e - INR n) * ln 2) by ring.
  rewrite exp_plus, <- exp_pow, exp_ln by lra. reflexivity.
Qed.

(** Lemma 4.4 (lemma-4.4), reading residual: with u = 2^-1281, no weights of any head size make attention with residual a
    (γ, δ)-contextual mapping, though δ < 2γ and some other map is one. *)
Theorem lemma_4_4_residual_false_for_close_tokens :
  let u := exp (- 1281 * ln 2) in
  let gamma := lemma_gamma (6 * u) (3 / 4 * u) in
  let delta := lemma_delta 1 2 2 (3 * u) (6 * u) (3 / 4 * u) in
  hypotheses 1 2 1 2 (close_tokens u) (3 * u) (6 * u) (3 / 4 * u) /\ delta < 2 * gamma /\
  (exists q, contextual_mapping 1 2 1 (close_tokens u) q gamma delta) /\
  forall s WO WV WK WQ, ~ contextual_mapping 1 2 1 (close_tokens u) (residual_attention 1 s 2 WO WV WK WQ) gamma delta.
Proof.
  intros u gamma delta. assert (Hu : 0 < u) by apply exp_pos.
  assert (D : delta = 2 * u).
  { unfold delta. rewrite close_tokens_delta by assumption. rewrite (power_of_two_shift _ 1). unfold u. simpl.
    replace (-1280 - 1) with (-1281) by ring. ring. }
  split; [now apply close_tokens_hypotheses|]. split; [unfold gamma, lemma_gamma; lra|].
  split; [apply close_tokens_some_map; lra|].
  intros s WO WV WK WQ [S A]. specialize (S 0%nat 0%nat Nat.lt_0_1 Nat.lt_0_2).
  apply (close_tokens_residual s WO WV WK WQ (close_tokens u 0) (4 * u) (5 * u)) in S; [|reflexivity|reflexivity|lra].
  assert (T : to_tell 1 2 (close_tokens u 0) (close_tokens u 0) 0 1).
  { right. intros E. specialize (E 0%nat Nat.lt_0_1). unfold token, close_tokens in E. simpl in E. lra. }
  specialize (A 0%nat 0%nat 0%nat 1%nat Nat.lt_0_1 Nat.lt_0_1 Nat.lt_0_2 Nat.lt_1_2 T).
  replace ((5 * u - 4 * u) / (4 * u)) with (1 / 4) in S by (field; lra).
  unfold Rsqr, gamma, lemma_gamma in S. lra.
Qed.

(** Lemma 4.4 (lemma-4.4), reading paper-attention: with u = 2^-1277 no weights make the attention of Definition B.3 a
    (γ, δ)-contextual mapping, though δ < 2γ and some other map is one. *)
Theorem lemma_4_4_paper_attention_false_for_close_tokens :
  let u := exp (- 1277 * ln 2) in
  let gamma := lemma_gamma (6 * u) (3 / 4 * u) in
  let delta := lemma_delta 1 2 2 (3 * u) (6 * u) (3 / 4 * u) in
  hypotheses 1 2 1 2 (close_tokens u) (3 * u) (6 * u) (3 / 4 * u) /\ delta < 2 * gamma /\
  (exists q, contextual_mapping 1 2 1 (close_tokens u) q gamma delta) /\
  forall WQ WK WV, ~ contextual_mapping 1 2 1 (close_tokens u) (paper_attention 1 2 WQ WK WV) gamma delta.
Proof.
  intros u gamma delta. assert (Hu : 0 < u) by apply exp_pos.
  assert (D : 8 * delta = u).
  { unfold delta, u. rewrite close_tokens_delta by assumption. rewrite (power_of_two_shift (-1277) 3). simpl INR. simpl pow.
    replace (-1277 - (1 + 1 + 1)) with (-1280) by ring. ring. }
  split; [now apply close_tokens_hypotheses|]. split; [unfold gamma, lemma_gamma; lra|].
  split; [apply close_tokens_some_map; lra|].
  intros WQ WK WV [S A]. specialize (S 0%nat 0%nat Nat.lt_0_1 Nat.lt_0_2).
  apply (close_tokens_paper_attention WQ WK WV (close_tokens u 0) (4 * u) (5 * u)) in S; [|reflexivity|reflexivity|lra].
  assert (T : to_tell 1 2 (close_tokens u 0) (close_tokens u 0) 0 1).
  { right. intros E. specialize (E 0%nat Nat.lt_0_1). unfold token, close_tokens in E. simpl in E. lra. }
  specialize (A 0%nat 0%nat 0%nat 1%nat Nat.lt_0_1 Nat.lt_0_1 Nat.lt_0_2 Nat.lt_1_2 T).
  replace ((5 * u - 4 * u) / (4 * u)) with (1 / 4) in S by (field; lra).
  unfold Rsqr, gamma, lemma_gamma in S. lra.
Qed.
