(** Rounding to binary64: the errors of single operations, and operations rounded up.

    [RN] rounds a real number to the nearest binary64 number, ties to even, with subnormals and without a largest number.
    An overflow is not a number of this model; it leaves an infinity or a NaN, which the arithmetic turns into the whole
    line. *)

From Coq Require Import Reals Lra Lia ZArith Arith.
From Coquelicot Require Import Rcomplements.
From Flocq Require Import Core Plus_error Mult_error Relative Div_sqrt_error Pff2Flocq.
From Plumbline Require Import Definitions Sums Enclosures.
Open Scope R_scope.

Notation exponents := (FLT_exp (-1074) 53).
Notation binary64 := (generic_format radix2 exponents).
Notation RN := (round radix2 exponents ZnearestE).

Global Instance prec_gt_0_53 : Prec_gt_0 53 := eq_refl.

(** The unit roundoff 2^−53 *)
Definition u : R := bpow radix2 (-53).

(** Half of the least positive number, 2^−1075: how far a result below 2^−1022 may be off *)
Definition eta : R := bpow radix2 (-1075).

Lemma u_pos : 0 < u.
Proof. apply bpow_gt_0. Qed.

Lemma u_value : u = / 9007199254740992.
Proof. unfold u. cbn. reflexivity. Qed.

Lemma half_ulp_of_one : / 2 * bpow radix2 (- (53) + 1) = u.
Proof. rewrite u_value. cbn. lra. Qed.

Lemma eta_pos : 0 < eta.
Proof. apply bpow_gt_0. Qed.

Lemma two_eta : bpow radix2 (-1074) = 2 * eta.
Proof. unfold eta. replace 2 with (bpow radix2 1) by reflexivity. rewrite <- bpow_plus. reflexivity. Qed.

(** * Single operations *)

Lemma RN_format x : binary64 (RN x).
Proof. apply generic_format_round; typeclasses eauto. Qed.

Lemma RN_exact x : binary64 x -> RN x = x.
Proof. intros H. apply round_generic; [typeclasses eauto|exact H]. Qed.

Lemma RN_le x y : x <= y -> RN x <= RN y.
Proof. apply round_le; typeclasses eauto. Qed.

Lemma RN_0 : RN 0 = 0.
Proof. apply RN_exact, generic_format_0. Qed.

Lemma RN_nonneg x : 0 <= x -> 0 <= RN x.
Proof. intros H. rewrite <- RN_0. now apply RN_le. Qed.

Lemma RN_opp x : RN (- x) = - RN x.
Proof. apply round_NE_opp. Qed.

(** An operation is off by u times its result, or by 2^−1075 where that is subnormal. *)
Lemma RN_error x : exists delta eps, Rabs delta <= u /\ Rabs eps <= eta /\ delta * eps = 0 /\ RN x = x * (1 + delta) + eps.
Proof.
  destruct (error_N_FLT radix2 (-1074) 53 eq_refl (fun n => negb (Z.even n)) x) as (delta & eps & H1 & H2 & H3 & H4).
  exists delta, eps. repeat split; auto.
  - now rewrite half_ulp_of_one in H1.
  - rewrite two_eta in H2. lra.
Qed.

Lemma RN_distance x : Rabs (RN x - x) <= u * Rabs x + eta.
Proof.
  destruct (RN_error x) as (delta & eps & H1 & H2 & _ & ->).
  replace (x * (1 + delta) + eps - x) with (delta * x + eps) by ring.
  eapply Rle_trans; [apply Rabs_triang|]. rewrite Rabs_mult.
  apply Rplus_le_compat; [apply Rmult_le_compat_r; [apply Rabs_pos|exact H1]|exact H2].
Qed.

Lemma RN_lower x : 0 <= x -> (1 - u) * x - eta <= RN x.
Proof.
  intros Hx. pose proof (RN_distance x) as H. rewrite (Rabs_pos_eq x Hx) in H. apply Rabs_le_between in H. lra.
Qed.

(** A sum of two numbers never underflows inexactly. *)
Lemma RN_plus_distance x y : binary64 x -> binary64 y -> Rabs (RN (x + y) - (x + y)) <= u * Rabs (x + y).
Proof.
  intros Hx Hy.
  destruct (Rle_or_lt (bpow radix2 (-1074 + 53 - 1)) (Rabs (x + y))) as [H|H].
  - pose proof (relative_error_N_FLT radix2 (-1074) 53 eq_refl (fun n => negb (Z.even n)) (x + y) H) as He.
    now rewrite half_ulp_of_one in He.
  - rewrite RN_exact.
    + rewrite Rminus_eq_0, Rabs_R0. apply Rmult_le_pos; [apply Rlt_le, u_pos|apply Rabs_pos].
    + apply FLT_format_plus_small; try assumption; try typeclasses eauto. apply Rlt_le, (Rlt_le_trans _ _ _ H), bpow_le. lia.
Qed.

Lemma RN_plus_lower x y : binary64 x -> binary64 y -> 0 <= x + y -> (1 - u) * (x + y) <= RN (x + y).
Proof.
  intros Hx Hy Hsum. pose proof (RN_plus_distance x y Hx Hy) as H. rewrite (Rabs_pos_eq _ Hsum) in H.
  apply Rabs_le_between in H. lra.
Qed.

(** Below 2^−1022 it is exact. *)
Lemma RN_plus_small x y : binary64 x -> binary64 y -> 0 <= x + y -> RN (x + y) < bpow radix2 (-1022) -> RN (x + y) = x + y.
Proof.
  intros Hx Hy Hsum H. apply RN_exact, FLT_format_plus_small; try assumption; try typeclasses eauto.
  rewrite (Rabs_pos_eq _ Hsum). destruct (Rle_or_lt (x + y) (bpow radix2 (53 + -1074))) as [Hle|Hlt]; [exact Hle|].
  exfalso. apply (Rlt_irrefl (bpow radix2 (-1022))). apply Rle_lt_trans with (2 := H).
  rewrite <- (RN_exact (bpow radix2 (-1022))) by (apply generic_format_FLT_bpow; [typeclasses eauto|lia]).
  apply RN_le. apply Rle_trans with (2 := Rlt_le _ _ Hlt). apply bpow_le. lia.
Qed.

(** * Operations rounded up ([Directed]) *)

(** The next number up *)
Notation next_up := (succ radix2 exponents).

Lemma RN_next_up x : x <= next_up (RN x).
Proof. apply succ_round_ge_id; typeclasses eauto. Qed.

(** What TwoSum adds to a rounded sum is its error, exactly, in binary64 ([Directed.sumError], [Ball53Matrix.sum]). *)
Definition two_sum_error (x y : R) : R :=
  let s := RN (x + y) in let y' := RN (s - x) in RN (RN (x - RN (s - y')) + RN (y - y')).

Theorem two_sum x y : binary64 x -> binary64 y -> RN (x + y) + two_sum_error x y = x + y.
Proof.
  intros Hx Hy. apply (TwoSum_correct (-1074) 53 (fun n => negb (Z.even n))); try assumption; try lia.
  intros n. rewrite Z.even_opp, Z.even_add. now destruct (Z.even n).
Qed.

(** [Directed.addUp]: the rounded sum if its error is not positive, else the next number. *)
Definition add_up (x y : R) : R :=
  if Rle_dec (two_sum_error x y) 0 then RN (x + y) else next_up (RN (x + y)).

Theorem add_up_above x y : binary64 x -> binary64 y -> x + y <= add_up x y.
Proof.
  intros Hx Hy. unfold add_up. destruct (Rle_dec (two_sum_error x y) 0).
  - pose proof (two_sum x y Hx Hy). lra.
  - apply RN_next_up.
Qed.

(** A residual that a fused operation rounds has the sign of what it rounds, or 0; where the residual is a binary64 number it
    is 0 only if nothing was rounded. *)
Lemma RN_negative v : RN v < 0 -> v < 0.
Proof. intros H. destruct (Rlt_or_le v 0) as [Hv|Hv]; [exact Hv|]. pose proof (RN_nonneg v Hv). lra. Qed.

(** [Directed.mulUp]: the rounded product p if fma(x, y, −p) is negative, or 0 where that residual is a binary64 number. *)
Definition mul_up (exact : bool) (x y : R) : R :=
  let p := RN (x * y) in let residual := RN (x * y - p) in
  if Rlt_dec residual 0 then p else if andb exact (Req_bool residual 0) then p else next_up p.

Theorem mul_up_above exact x y : (exact = true -> binary64 (x * y - RN (x * y))) -> x * y <= mul_up exact x y.
Proof.
  intros Hexact. unfold mul_up. destruct (Rlt_dec (RN (x * y - RN (x * y))) 0) as [H|H].
  - apply RN_negative in H. lra.
  - destruct exact; cbn [andb]; [|apply RN_next_up].
    destruct (Req_bool_spec (RN (x * y - RN (x * y))) 0) as [Heq|Hne]; [|apply RN_next_up].
    rewrite (RN_exact _ (Hexact eq_refl)) in Heq. lra.
Qed.

(** It is such a number where the rounded product is at least 2^−968 … *)
Theorem product_error_format x y : binary64 x -> binary64 y -> bpow radix2 (-968) <= Rabs (RN (x * y)) ->
  binary64 (x * y - RN (x * y)).
Proof.
  intros Hx Hy H. replace (x * y - RN (x * y)) with (- (RN (x * y) - x * y)) by ring. apply generic_format_opp.
  apply mult_error_FLT; try assumption; try typeclasses eauto. intros _.
  destruct (Rle_or_lt (bpow radix2 (-1074 + 2 * 53 - 1)) (Rabs (x * y))) as [Hle|Hlt]; [exact Hle|exfalso].
  assert (Hround : Rabs (RN (x * y)) <= bpow radix2 (-969)).
  { apply abs_round_le_generic; try typeclasses eauto; [apply generic_format_FLT_bpow; [typeclasses eauto|lia]|].
    exact (Rlt_le _ _ Hlt). }
  assert (bpow radix2 (-969) < bpow radix2 (-968)) by (apply bpow_lt; lia). lra.
Qed.

(** … or where the product is a multiple of 2^−1074. *)
Theorem product_error_format_grid x y (n : Z) : binary64 x -> binary64 y -> x * y = IZR n * bpow radix2 (-1074) ->
  binary64 (x * y - RN (x * y)).
Proof.
  intros Hx Hy Hgrid.
  assert (Hfix : generic_format radix2 (FIX_exp (-1074)) (x * y)).
  { apply generic_format_FIX. exists (Float radix2 n (-1074)); [exact Hgrid|reflexivity]. }
  destruct (Rle_or_lt (Rabs (x * y)) (bpow radix2 (-1074 + 53))) as [Hsmall|Hlarge].
  - rewrite RN_exact; [rewrite Rminus_eq_0; apply generic_format_0|].
    apply generic_format_FLT_FIX; [typeclasses eauto|exact Hsmall|exact Hfix].
  - (* in a normal range rounding does not know of subnormals, and the error is on the grid *)
    assert (Hsame : RN (x * y) = round radix2 (FLX_exp 53) ZnearestE (x * y)).
    { apply round_FLT_FLX. apply Rlt_le, Rle_lt_trans with (2 := Hlarge). apply bpow_le. lia. }
    assert (Herror : generic_format radix2 (FLX_exp 53) (x * y - RN (x * y))).
    { replace (x * y - RN (x * y)) with (- (RN (x * y) - x * y)) by ring. apply generic_format_opp. rewrite Hsame.
      apply mult_error_FLX; try typeclasses eauto; apply generic_format_FLX_FLT with (-1074)%Z; assumption. }
    destruct (Rle_or_lt (bpow radix2 (-1074 + 53 - 1)) (Rabs (x * y - RN (x * y)))) as [Hnormal|Hsub].
    + apply generic_format_FLT_FLX; assumption.
    + apply generic_format_FLT_FIX; [typeclasses eauto|apply Rlt_le, (Rlt_le_trans _ _ _ Hsub), bpow_le; lia|].
      assert (Hrn : generic_format radix2 (FIX_exp (-1074)) (RN (x * y))).
      { apply generic_format_FIX_FLT with 53%Z. apply RN_format. }
      apply FIX_format_generic in Hrn. destruct Hrn as [[m e] Hm He]. cbn in He. subst e.
      apply generic_format_FIX. exists (Float radix2 (n - m) (-1074)); [|reflexivity].
      rewrite Hm, Hgrid. unfold F2R. cbn [Fnum Fexp]. rewrite minus_IZR. ring.
Qed.

(** [Directed.divUp] for a positive divisor: the rounded quotient q if x − q y is negative after rounding, or 0 and a
    multiple of 2^−1074. *)
Definition div_up (exact : bool) (x y : R) : R :=
  let q := RN (x / y) in let residual := RN (x - q * y) in
  if Rlt_dec residual 0 then q else if andb exact (Req_bool residual 0) then q else next_up q.

Theorem div_up_above exact x y : 0 < y ->
  (exact = true -> exists n, x - RN (x / y) * y = IZR n * bpow radix2 (-1074)) -> x / y <= div_up exact x y.
Proof.
  intros Hy Hexact. unfold div_up. destruct (Rlt_dec (RN (x - RN (x / y) * y)) 0) as [H|H].
  - apply RN_negative in H. apply (Rmult_le_reg_r y); [exact Hy|]. unfold Rdiv at 1. rewrite Rmult_assoc, Rinv_l by lra. lra.
  - destruct exact; cbn [andb]; [|apply RN_next_up].
    destruct (Req_bool_spec (RN (x - RN (x / y) * y)) 0) as [Heq|Hne]; [|apply RN_next_up].
    (* a multiple of 2^−1074 that rounds to 0 is 0 *)
    destruct (Hexact eq_refl) as (n & Hn).
    assert (Hzero : x - RN (x / y) * y = 0).
    { destruct (Z.eq_dec n 0) as [->|Hn0]; [rewrite Hn; ring|exfalso].
      assert (Hfar : bpow radix2 (-1074) <= Rabs (x - RN (x / y) * y)).
      { rewrite Hn, Rabs_mult, (Rabs_pos_eq (bpow radix2 (-1074))) by apply bpow_ge_0.
        rewrite <- (Rmult_1_l (bpow radix2 (-1074))) at 1. apply Rmult_le_compat_r; [apply bpow_ge_0|].
        rewrite <- abs_IZR. apply IZR_le. lia. }
      assert (Hround : bpow radix2 (-1074) <= Rabs (RN (x - RN (x / y) * y))).
      { apply abs_round_ge_generic; try typeclasses eauto; [|exact Hfar].
        apply generic_format_FLT_bpow; [typeclasses eauto|lia]. }
      rewrite Heq, Rabs_R0 in Hround. pose proof (bpow_gt_0 radix2 (-1074)). lra. }
    apply (Rmult_le_reg_r y); [exact Hy|]. unfold Rdiv at 1. rewrite Rmult_assoc, Rinv_l by lra. lra.
Qed.

(** * Powers of 1 ± u *)

Lemma one_minus_u n : 1 - INR n * u <= (1 - u) ^ n.
Proof.
  pose proof u_pos. assert (Hu : u <= 1) by (rewrite u_value; lra).
  induction n as [|n IH]; [cbn; lra|]. rewrite S_INR. cbn [pow].
  apply Rle_trans with ((1 - u) * (1 - INR n * u)).
  - assert (0 <= INR n * u * u) by (apply Rmult_le_pos; [apply Rmult_le_pos; [apply pos_INR|lra]|lra]). lra.
  - apply Rmult_le_compat_l; [lra|exact IH].
Qed.

(** A factor 1 + c u, c ≥ 2n, makes up for n roundings down. *)
Lemma inflate n c : 2 * INR n <= c -> INR n * u <= / 2 -> 1 <= (1 - u) ^ n * (1 + c * u).
Proof.
  intros Hc Hn. pose proof u_pos. pose proof (one_minus_u n) as H1. pose proof (pos_INR n).
  assert (0 <= INR n * u) by (apply Rmult_le_pos; lra).
  assert (Hcu : 2 * INR n * u <= c * u) by (apply Rmult_le_compat_r; lra).
  apply Rle_trans with ((1 - INR n * u) * (1 + 2 * INR n * u)).
  - assert (0 <= INR n * u * (1 - 2 * (INR n * u))) by (apply Rmult_le_pos; lra). lra.
  - apply Rmult_le_compat; lra.
Qed.

(** (1 + u)^k ≤ 1/(1 − k u) *)
Lemma one_plus_u k : INR k * u < 1 -> (1 + u) ^ k <= / (1 - INR k * u).
Proof.
  intros Hk. pose proof u_pos.
  assert (Hone : (1 + u) ^ k * (1 - INR k * u) <= 1).
  { apply Rle_trans with ((1 + u) ^ k * (1 - u) ^ k).
    - apply Rmult_le_compat_l; [apply pow_le; lra|apply one_minus_u].
    - rewrite <- Rpow_mult_distr. replace ((1 + u) * (1 - u)) with (1 - u * u) by ring.
      assert (0 <= u * u <= 1) by (rewrite u_value; lra).
      apply Rle_trans with (1 ^ k); [apply pow_incr; lra|rewrite pow1; lra]. }
  apply (Rmult_le_reg_r (1 - INR k * u)); [lra|]. rewrite Rinv_l by lra. exact Hone.
Qed.

(** The bounds γ of (1 + u)^k − 1 that the products use: (k + 1) u up to k = 2^26, and 2 k u while that is at most 1. *)
Theorem gamma_short k : (k <= 2 ^ 26)%nat -> (1 + u) ^ k - 1 <= (INR k + 1) * u.
Proof.
  intros Hk. pose proof (pos_INR k).
  assert (HkR : INR k <= 67108864).
  { replace 67108864 with (INR (2 ^ 26)) by (rewrite pow_INR; cbn; ring). now apply le_INR. }
  assert (Hsq : INR k * (INR k + 1) <= 67108864 * 67108865) by (apply Rmult_le_compat; lra).
  assert (Hku : INR k * u < 1) by (rewrite u_value; lra).
  pose proof (one_plus_u k Hku) as Hpow.
  assert (Hinv : / (1 - INR k * u) <= 1 + (INR k + 1) * u).
  { apply (Rmult_le_reg_l (1 - INR k * u)); [lra|]. rewrite Rinv_r by lra.
    replace ((1 - INR k * u) * (1 + (INR k + 1) * u)) with (1 + u * (1 - INR k * (INR k + 1) * u)) by ring.
    assert (0 <= u * (1 - INR k * (INR k + 1) * u)) by (apply Rmult_le_pos; [apply Rlt_le, u_pos|rewrite u_value; lra]).
    lra. }
  lra.
Qed.

Theorem gamma_long k : 2 * INR k * u <= 1 -> (1 + u) ^ k - 1 <= 2 * INR k * u.
Proof.
  intros Hk. pose proof u_pos. pose proof (pos_INR k). assert (Hku0 : 0 <= INR k * u) by (apply Rmult_le_pos; lra).
  pose proof (one_plus_u k ltac:(lra)) as Hpow.
  assert (Hinv : / (1 - INR k * u) <= 1 + 2 * INR k * u).
  { apply (Rmult_le_reg_l (1 - INR k * u)); [lra|]. rewrite Rinv_r by lra.
    assert (0 <= INR k * u * (1 - 2 * (INR k * u))) by (apply Rmult_le_pos; lra). lra. }
  lra.
Qed.

(** * Midpoints of any precision ([BallKernel.store]) *)

(** Rounding to nearest with p bits is off by at most 2^(e − p − 1), e being the exponent of the result: 2^(e−1) ≤
    |result| < 2^e. *)
Theorem store_half_ulp (p : Z) (Hp : Prec_gt_0 p) x : round radix2 (FLX_exp p) ZnearestE x <> 0 ->
  Rabs (round radix2 (FLX_exp p) ZnearestE x - x)
    <= bpow radix2 (mag radix2 (round radix2 (FLX_exp p) ZnearestE x) - p - 1).
Proof.
  intros Hne. eapply Rle_trans; [apply error_le_half_ulp_round; typeclasses eauto|].
  rewrite ulp_neq_0 by exact Hne. unfold cexp, FLX_exp.
  replace (mag radix2 (round radix2 (fun e => e - p)%Z ZnearestE x) - p - 1)%Z
    with (-1 + (mag radix2 (round radix2 (fun e => e - p)%Z ZnearestE x) - p))%Z by ring.
  rewrite bpow_plus. apply Req_le. reflexivity.
Qed.
