(** The enclosing arithmetic on binary64: fused dot products and their errors, and why the radii that [Ball53Matrix]
    computes with rounded operations are large enough. *)

From Coq Require Import Reals Lra Lia ZArith Arith.
From Coquelicot Require Import Rcomplements.
From Flocq Require Import Core Relative.
From Plumbline Require Import Definitions Sums Enclosures Binary64.
Open Scope R_scope.

(** * Fused dot products ([DoubleProduct]) *)

(** fma(a_(n-1), b_(n-1), … fma(a_0, b_0, c)): one rounding per term *)
Fixpoint fused (c : R) (n : nat) (a b : nat -> R) : R :=
  match n with
  | O => c
  | S m => RN (a m * b m + fused c m a b)
  end.

(** |computed − exact| ≤ ((1 + u)^n − 1)(|c| + Σ |a_l||b_l|) + n (1 + u)^n 2^−1075: each of the n operations adds its
    error, and each later one multiplies what is there by at most 1 + u. *)
Theorem fused_error c n a b :
  Rabs (fused c n a b - (c + sum n (fun l => a l * b l)))
    <= ((1 + u) ^ n - 1) * (Rabs c + sum n (fun l => Rabs (a l) * Rabs (b l))) + INR n * ((1 + u) ^ n * eta).
Proof.
  pose proof u_pos as Hu. pose proof eta_pos as Heta.
  induction n as [|n IH]; [cbn; rewrite Rplus_0_r, Rminus_eq_0, Rabs_R0; lra|].
  cbn [fused sum]. set (s := fused c n a b) in *. set (total := c + sum n (fun l => a l * b l)) in *.
  set (sizes := Rabs c + sum n (fun l => Rabs (a l) * Rabs (b l))) in *.
  assert (Hpow : 1 <= (1 + u) ^ n) by (apply Rle_trans with (1 ^ n); [rewrite pow1; lra|apply pow_incr; lra]).
  assert (Htotal : Rabs total <= sizes).
  { unfold total, sizes. eapply Rle_trans; [apply Rabs_triang|]. apply Rplus_le_compat_l.
    eapply Rle_trans; [apply sum_abs|]. apply Req_le, sum_ext. intros l _. apply Rabs_mult. }
  assert (Hab : Rabs (a n * b n) = Rabs (a n) * Rabs (b n)) by apply Rabs_mult.
  assert (Hexact : Rabs (a n * b n + s) <= Rabs (s - total) + Rabs (a n) * Rabs (b n) + sizes).
  { replace (a n * b n + s) with ((s - total) + a n * b n + total) by ring.
    eapply Rle_trans; [apply Rabs_triang|]. apply Rplus_le_compat; [|exact Htotal].
    eapply Rle_trans; [apply Rabs_triang|]. rewrite Hab. lra. }
  assert (Hdist := RN_distance (a n * b n + s)).
  assert (Hu1 : u * Rabs (a n * b n + s) <= u * (Rabs (s - total) + Rabs (a n) * Rabs (b n) + sizes))
    by (apply Rmult_le_compat_l; lra).
  replace (RN (a n * b n + s) - (c + (sum n (fun l => a l * b l) + a n * b n)))
    with ((RN (a n * b n + s) - (a n * b n + s)) + (s - total)) by (unfold total; ring).
  eapply Rle_trans; [apply Rabs_triang|].
  replace (Rabs c + (sum n (fun l => Rabs (a l) * Rabs (b l)) + Rabs (a n) * Rabs (b n)))
    with (sizes + Rabs (a n) * Rabs (b n)) by (unfold sizes; ring).
  rewrite S_INR. cbn [pow]. set (P := (1 + u) ^ n) in *. set (p := Rabs (a n) * Rabs (b n)) in *.
  assert (Hp : 0 <= p) by (unfold p; apply Rmult_le_pos; apply Rabs_pos).
  assert (Hstep : (1 + u) * Rabs (s - total) <= (1 + u) * ((P - 1) * sizes + INR n * (P * eta)))
    by (apply Rmult_le_compat_l; lra).
  assert (H1 : 0 <= (1 + u) * (P - 1) * p) by (apply Rmult_le_pos; [apply Rmult_le_pos|]; lra).
  assert (H2 : eta <= (1 + u) * P * eta).
  { rewrite <- (Rmult_1_l eta) at 1. apply Rmult_le_compat_r; [lra|].
    assert (0 <= u * P) by (apply Rmult_le_pos; lra). lra. }
  lra.
Qed.

(** In the form the products use: γ Σ |a_l||b_l| + n·2^−1074 for every γ ≥ (1 + u)^n − 1 up to 1. *)
Corollary fused_error_gamma n a b gamma : (1 + u) ^ n - 1 <= gamma -> gamma <= 1 ->
  Rabs (fused 0 n a b - sum n (fun l => a l * b l))
    <= gamma * sum n (fun l => Rabs (a l) * Rabs (b l)) + INR n * bpow radix2 (-1074).
Proof.
  intros Hg Hg1. pose proof (fused_error 0 n a b) as H. rewrite Rabs_R0, !Rplus_0_l in H.
  eapply Rle_trans; [exact H|]. apply Rplus_le_compat.
  - apply Rmult_le_compat_r; [|exact Hg]. apply sum_nonneg. intros l _. apply Rmult_le_pos; apply Rabs_pos.
  - rewrite two_eta. apply Rmult_le_compat_l; [apply pos_INR|]. apply Rmult_le_compat_r; [apply Rlt_le, eta_pos|lra].
Qed.

(** Sums of terms that are not negative lose at most a factor (1 − u)^n, and n·2^−1075. *)
Theorem fused_lower c n a b : 0 <= c -> (forall l, (l < n)%nat -> 0 <= a l * b l) ->
  (1 - u) ^ n * (c + sum n (fun l => a l * b l)) - INR n * eta <= fused c n a b /\ 0 <= fused c n a b.
Proof.
  pose proof u_pos as Hu. pose proof eta_pos as Heta. assert (Hu1 : u <= / 2) by (rewrite u_value; lra).
  intros Hc. induction n as [|n IH]; intros Hpos; [cbn; lra|].
  destruct IH as [IH Hs]; [intros l Hl; apply Hpos; lia|]. specialize (Hpos n (Nat.lt_succ_diag_r n)) as Hlast.
  cbn [fused sum]. split; [|apply RN_nonneg; lra].
  eapply Rle_trans; [|apply RN_lower; lra]. rewrite S_INR. cbn [pow].
  set (P := (1 - u) ^ n) in *. assert (HP : 0 <= P <= 1).
  { unfold P. split; [apply pow_le; lra|].
    apply Rle_trans with (1 ^ n); [apply pow_incr; lra|rewrite pow1; lra]. }
  set (total := c + sum n (fun l => a l * b l)) in *.
  replace (c + (sum n (fun l => a l * b l) + a n * b n)) with (total + a n * b n) by (unfold total; ring).
  assert (H1 : (1 - u) * (P * total - INR n * eta) <= (1 - u) * fused c n a b) by (apply Rmult_le_compat_l; lra).
  assert (H2 : P * (a n * b n) <= a n * b n) by (rewrite <- (Rmult_1_l (a n * b n)) at 2; apply Rmult_le_compat_r; lra).
  assert (H3 : (1 - u) * (P * (a n * b n)) <= (1 - u) * (a n * b n)) by (apply Rmult_le_compat_l; lra).
  assert (H4 : 0 <= INR n * eta) by (apply Rmult_le_pos; [apply pos_INR|lra]).
  assert (H5 : 0 <= u * (INR n * eta)) by (apply Rmult_le_pos; lra). lra.
Qed.

Lemma binary64_grid (z g : Z) : (-1074 <= g)%Z -> (Z.abs z <= 2 ^ 53)%Z -> binary64 (IZR z * bpow radix2 g).
Proof.
  intros Hg Hz. destruct (Z.eq_dec (Z.abs z) (2 ^ 53)) as [He|Hne].
  - assert (Hpow : binary64 (bpow radix2 (53 + g))) by (apply generic_format_FLT_bpow; [typeclasses eauto|lia]).
    destruct (Z.abs_eq_or_opp z) as [Habs|Habs]; rewrite He in Habs.
    + replace (IZR z * bpow radix2 g) with (bpow radix2 (53 + g)); [exact Hpow|]. rewrite bpow_plus, <- Habs. reflexivity.
    + replace (IZR z * bpow radix2 g) with (- bpow radix2 (53 + g)); [now apply generic_format_opp|].
      replace z with (- 2 ^ 53)%Z by lia. rewrite bpow_plus, opp_IZR. cbn [bpow]. cbn. ring.
  - apply generic_format_FLT. exists (Float radix2 z g); [reflexivity| |exact Hg]. cbn [Fnum]. cbn. lia.
Qed.

(** Nothing is rounded where all products are multiples of one power of two 2^g ≥ 2^−1074 and their absolute values sum up to
    2^(53 + g) at most ([inexactEntries]; with g = 0 the integers below 2^53 of [IntegerProduct]). *)
Theorem fused_exact n a b (z : nat -> Z) (g : Z) : (-1074 <= g)%Z ->
  (forall l, (l < n)%nat -> a l * b l = IZR (z l) * bpow radix2 g) ->
  sum n (fun l => Rabs (IZR (z l))) <= IZR (2 ^ 53) ->
  fused 0 n a b = sum n (fun l => a l * b l).
Proof.
  intros Hg Hz Hsum.
  enough (H : exists s : Z, sum n (fun l => a l * b l) = IZR s * bpow radix2 g
    /\ fused 0 n a b = sum n (fun l => a l * b l)) by (destruct H as (_ & _ & H); exact H).
  induction n as [|n IH]; [exists 0%Z; cbn; split; ring|]. cbn [sum fused] in *.
  destruct IH as (s & Hs & Hfused).
  - intros l Hl. apply Hz. lia.
  - pose proof (Rabs_pos (IZR (z n))). lra.
  - exists (s + z n)%Z. assert (Heq : sum n (fun l => a l * b l) + a n * b n = IZR (s + z n) * bpow radix2 g).
    { rewrite Hs, (Hz n), plus_IZR by lia. ring. }
    split; [exact Heq|]. rewrite Hfused, Rplus_comm. apply RN_exact. rewrite Heq. apply binary64_grid; [exact Hg|].
    apply le_IZR. rewrite abs_IZR.
    assert (Hg0 : 0 < bpow radix2 g) by apply bpow_gt_0.
    (* |s| 2^g is at most the sum of the absolute values *)
    assert (Hsabs : Rabs (IZR s) <= sum n (fun l => Rabs (IZR (z l)))).
    { apply (Rmult_le_reg_r (bpow radix2 g)); [exact Hg0|].
      rewrite <- (Rabs_pos_eq (bpow radix2 g)) at 1 by lra. rewrite <- Rabs_mult, <- Hs.
      eapply Rle_trans; [apply sum_abs|]. rewrite Rmult_comm, <- sum_scal_l. apply Req_le, sum_ext. intros l Hl.
      rewrite (Hz l), Rabs_mult, (Rabs_pos_eq (bpow radix2 g)) by (lia || lra). ring. }
    rewrite plus_IZR. eapply Rle_trans; [apply Rabs_triang|]. lra.
Qed.

(** * Radii of [Ball53Matrix] *)

(** [Ball53Matrix.sum] of exact operands: the radius is the error. *)
Theorem sum_of_exact x y : binary64 x -> binary64 y -> encloses (RN (x + y)) (Rabs (two_sum_error x y)) (x + y).
Proof.
  intros Hx Hy. unfold encloses. apply Req_le. f_equal. pose proof (two_sum x y Hx Hy). lra.
Qed.

(** A sum of numbers that are not negative, inflated by 1 + 8u, is not below the exact sum. Normal numbers lose a factor
    (1 − u) each time; below 2^−1022 nothing is lost. *)
Lemma inflated_sum p q v w : binary64 p -> binary64 q -> binary64 v -> binary64 w -> 0 <= p -> 0 <= q -> 0 <= v -> 0 <= w ->
  let t := RN (RN (RN (p + q) + v) + w) in p + q + v + w <= RN (t * (1 + 8 * u)).
Proof.
  intros Hp Hq Hv Hw Hp0 Hq0 Hv0 Hw0 t. pose proof u_pos as Hu.
  assert (Hu2 : u <= / 16) by (rewrite u_value; lra).
  set (t1 := RN (p + q)) in *. set (t2 := RN (t1 + v)) in *.
  assert (Ht1 : 0 <= t1) by (apply RN_nonneg; lra). assert (Ht2 : 0 <= t2) by (apply RN_nonneg; lra).
  assert (Ht : 0 <= t) by (apply RN_nonneg; lra).
  assert (F1 : binary64 t1) by apply RN_format. assert (F2 : binary64 t2) by apply RN_format.
  destruct (Rlt_or_le t (bpow radix2 (-1022))) as [Hsmall|Hnormal].
  - (* all partial sums are below 2^−1022, hence exact *)
    assert (Ht2small : t2 <= t) by (rewrite <- (RN_exact t2 F2); apply RN_le; lra).
    assert (Ht1small : t1 <= t2) by (rewrite <- (RN_exact t1 F1); apply RN_le; lra).
    assert (E1 : t1 = p + q) by (apply RN_plus_small; try assumption; unfold t1 in *; lra).
    assert (E2 : t2 = t1 + v) by (apply RN_plus_small; try assumption; unfold t2 in *; lra).
    assert (E3 : t = t2 + w) by (apply RN_plus_small; try assumption; unfold t in *; lra).
    apply Rle_trans with t; [lra|]. rewrite <- (RN_exact t) at 1 by apply RN_format. apply RN_le.
    assert (0 <= t * u) by (apply Rmult_le_pos; lra). lra.
  - assert (L1 := RN_plus_lower p q Hp Hq ltac:(lra)). fold t1 in L1.
    assert (L2 := RN_plus_lower t1 v F1 Hv ltac:(lra)). fold t2 in L2.
    assert (L3 := RN_plus_lower t2 w F2 Hw ltac:(lra)). fold t in L3.
    assert (Hlow : (1 - u) ^ 3 * (p + q + v + w) <= t).
    { assert (M1 : (1 - u) * ((1 - u) * (p + q)) <= (1 - u) * t1) by (apply Rmult_le_compat_l; lra).
      assert (M2 : (1 - u) * ((1 - u) * (t1 + v)) <= (1 - u) * t2) by (apply Rmult_le_compat_l; lra).
      assert (M3 : (1 - u) * ((1 - u) * ((1 - u) * (p + q))) <= (1 - u) * ((1 - u) * t1)) by (apply Rmult_le_compat_l; lra).
      assert (N1 : 0 <= u * v) by (apply Rmult_le_pos; lra). assert (N2 : 0 <= u * w) by (apply Rmult_le_pos; lra).
      assert (N3 : 0 <= u * (1 - u) * w) by (apply Rmult_le_pos; [apply Rmult_le_pos|]; lra).
      assert (N4 : 0 <= u * (1 - u) * v) by (apply Rmult_le_pos; [apply Rmult_le_pos|]; lra).
      assert (N : 0 <= u * ((1 - u) * (1 - u))) by (apply Rmult_le_pos; [lra|apply Rmult_le_pos; lra]).
      assert (N5 := Rmult_le_pos _ v N ltac:(lra)). assert (N6 := Rmult_le_pos _ w N ltac:(lra)).
      cbn [pow]. lra. }
    (* the last product is normal *)
    assert (Hlast : (1 - u) * (t * (1 + 8 * u)) <= RN (t * (1 + 8 * u))).
    { assert (Hge : bpow radix2 (-1074 + 53 - 1) <= Rabs (t * (1 + 8 * u))).
      { assert (Htu : 0 <= t * u) by (apply Rmult_le_pos; lra).
        rewrite Rabs_pos_eq by lra. apply Rle_trans with t; [exact Hnormal|lra]. }
      pose proof (relative_error_N_FLT radix2 (-1074) 53 eq_refl (fun n => negb (Z.even n)) _ Hge) as He.
      rewrite half_ulp_of_one, (Rabs_pos_eq (t * (1 + 8 * u))) in He by (apply Rmult_le_pos; lra).
      apply Rabs_le_between in He. lra. }
    apply Rle_trans with (2 := Hlast).
    assert (Hinflate := inflate 4 8 ltac:(cbn [INR]; lra) ltac:(cbn [INR]; rewrite u_value; lra)).
    set (E := p + q + v + w) in *. assert (HE : 0 <= E) by (unfold E; lra).
    apply Rle_trans with ((1 - u) * (((1 - u) ^ 3 * E) * (1 + 8 * u))).
    + replace ((1 - u) * ((1 - u) ^ 3 * E * (1 + 8 * u))) with ((1 - u) ^ 4 * (1 + 8 * u) * E) by ring.
      rewrite <- (Rmult_1_l E) at 1. apply Rmult_le_compat_r; [exact HE|exact Hinflate].
    + apply Rmult_le_compat_l; [lra|]. apply Rmult_le_compat_r; [lra|exact Hlow].
Qed.

(** [Ball53Matrix.sum]: the radius of a sum of balls is ((r + s) + |error|) + u|sum|, rounded, times 1 + 8u. *)
Theorem sum_of_balls a r x b s y : binary64 a -> binary64 b -> binary64 r -> binary64 s ->
  encloses a r x -> encloses b s y ->
  let sum := RN (a + b) in let share := RN (Rabs sum * u) in
  encloses sum (RN (RN (RN (RN (r + s) + Rabs (two_sum_error a b)) + share) * (1 + 8 * u))) (x + y).
Proof.
  intros Ha Hb Hr Hs Hx Hy sum share. pose proof (encloses_radius _ _ _ Hx). pose proof (encloses_radius _ _ _ Hy).
  apply encloses_wider with (r + s + Rabs (two_sum_error a b)).
  - apply (rounded_midpoint (a + b)); [now apply ball_plus|]. apply Req_le. f_equal.
    pose proof (two_sum a b Ha Hb). unfold sum. lra.
  - assert (Hshare : 0 <= share) by (apply RN_nonneg, Rmult_le_pos; [apply Rabs_pos|apply Rlt_le, u_pos]).
    pose proof (inflated_sum r s (Rabs (two_sum_error a b)) share Hr Hs) as Hsum. cbv zeta in Hsum.
    eapply Rle_trans; [|apply Hsum]; auto using Rabs_pos, RN_format.
    + lra.
    + apply generic_format_abs, RN_format.
    + apply RN_format.
Qed.

(** [Ball53Matrix.productRadius]: t = (|a| s + r (|b| + s)) + (e + w), rounded, e ≥ |ab − product|, any w ≥ 0; the radius is
    t (1 + 16u) + 8·2^−1074, rounded. *)
Theorem product_of_balls a r x b s y product e w :
  binary64 b -> binary64 s -> binary64 e -> binary64 w ->
  encloses a r x -> encloses b s y -> Rabs (a * b - product) <= e -> 0 <= w ->
  let t := RN (RN (RN (Rabs a * s) + RN (r * RN (Rabs b + s))) + RN (e + w)) in
  encloses product (RN (RN (t * (1 + 16 * u)) + 16 * eta)) (x * y).
Proof.
  intros Hb Hs He Hw Hx Hy Hproduct Hw0 t. pose proof u_pos as Hu. pose proof eta_pos as Heta.
  assert (Hu2 : u <= / 64) by (rewrite u_value; lra).
  pose proof (encloses_radius _ _ _ Hx) as Hr0. pose proof (encloses_radius _ _ _ Hy) as Hs0.
  assert (He0 : 0 <= e) by (eapply Rle_trans; [apply Rabs_pos|exact Hproduct]).
  apply encloses_wider with (Rabs a * s + r * (Rabs b + s) + e).
  { apply (rounded_midpoint (a * b)); [now apply ball_times|exact Hproduct]. }
  assert (F : binary64 (Rabs b)) by now apply generic_format_abs.
  pose proof (Rabs_pos a). pose proof (Rabs_pos b).
  set (B := RN (Rabs b + s)) in *. assert (LB := RN_plus_lower (Rabs b) s F Hs ltac:(lra)). fold B in LB.
  assert (HB0 : 0 <= B) by (apply RN_nonneg; lra).
  assert (Has0 : 0 <= Rabs a * s) by (apply Rmult_le_pos; lra). assert (HrB0 : 0 <= r * B) by (apply Rmult_le_pos; lra).
  set (p1 := RN (Rabs a * s)) in *. assert (L1 := RN_lower (Rabs a * s) Has0). fold p1 in L1.
  set (p2 := RN (r * B)) in *. assert (L2 := RN_lower (r * B) HrB0). fold p2 in L2.
  assert (Hp1 : 0 <= p1) by now apply RN_nonneg. assert (Hp2 : 0 <= p2) by now apply RN_nonneg.
  set (p12 := RN (p1 + p2)) in *. assert (L3 := RN_plus_lower p1 p2 (RN_format _) (RN_format _) ltac:(lra)). fold p12 in L3.
  assert (Hp12 : 0 <= p12) by (apply RN_nonneg; lra).
  set (ew := RN (e + w)) in *. assert (L4 := RN_plus_lower e w He Hw ltac:(lra)). fold ew in L4.
  assert (Hew : 0 <= ew) by (apply RN_nonneg; lra).
  assert (L5 := RN_plus_lower p12 ew (RN_format _) (RN_format _) ltac:(lra)). fold t in L5.
  assert (Ht : 0 <= t) by (apply RN_nonneg; lra).
  assert (Hinner : 0 <= t * (1 + 16 * u)) by (apply Rmult_le_pos; lra).
  assert (L6 := RN_lower _ Hinner). set (m := RN (t * (1 + 16 * u))) in *. assert (Hm : 0 <= m) by now apply RN_nonneg.
  assert (F16 : binary64 (16 * eta)).
  { replace (16 * eta) with (bpow radix2 (4 + -1075)); [apply generic_format_FLT_bpow; [typeclasses eauto|lia]|].
    rewrite bpow_plus. reflexivity. }
  assert (L7 := RN_plus_lower m (16 * eta) (RN_format _) F16 ltac:(lra)).
  apply Rle_trans with (2 := L7).
  (* each step down loses at most a factor 1 − u, or half a least number *)
  set (v := 1 - u) in *. assert (Hv : 0 <= v <= 1) by (unfold v; lra).
  set (E := Rabs a * s + r * (Rabs b + s)) in *.
  assert (Hrb : 0 <= r * (Rabs b + s)) by (apply Rmult_le_pos; lra).
  assert (HE0 : 0 <= E) by (unfold E; lra).
  assert (Q2 : v * (v * (r * (Rabs b + s))) <= v * (r * B)).
  { apply Rmult_le_compat_l; [lra|]. replace (v * (r * (Rabs b + s))) with (r * (v * (Rabs b + s))) by ring.
    apply Rmult_le_compat_l; lra. }
  assert (Q1 : v * (v * (Rabs a * s)) <= v * (Rabs a * s)).
  { apply Rmult_le_compat_l; [lra|]. rewrite <- (Rmult_1_l (Rabs a * s)) at 2. apply Rmult_le_compat_r; lra. }
  assert (Q12 : v * v * E - 2 * eta <= p1 + p2) by (unfold E; lra).
  assert (Q3 : v * (v * v * E - 2 * eta) <= p12).
  { eapply Rle_trans; [|exact L3]. apply Rmult_le_compat_l; lra. }
  assert (Q4 : v * v * v * e <= ew).
  { eapply Rle_trans; [|exact L4]. rewrite !Rmult_assoc. apply Rmult_le_compat_l; [lra|].
    assert (0 <= v * (v * e) <= e).
    { split; [repeat apply Rmult_le_pos; lra|]. rewrite <- Rmult_assoc. rewrite <- (Rmult_1_l e) at 2.
      apply Rmult_le_compat_r; [lra|]. rewrite <- (Rmult_1_l 1). apply Rmult_le_compat; lra. }
    lra. }
  assert (Q5 : v * (v * v * v * (E + e) - 2 * eta) <= t).
  { eapply Rle_trans; [|exact L5]. apply Rmult_le_compat_l; [lra|].
    assert (v * (2 * eta) <= 2 * eta) by (rewrite <- (Rmult_1_l (2 * eta)) at 2; apply Rmult_le_compat_r; lra). lra. }
  assert (Hinflate := inflate 6 16 ltac:(cbn [INR]; lra) ltac:(cbn [INR]; rewrite u_value; lra)). fold v in Hinflate.
  assert (Q6 : v * (v * (v * v * v * (E + e) - 2 * eta) * (1 + 16 * u)) - eta <= m).
  { eapply Rle_trans; [|exact L6]. apply Rplus_le_compat_r. apply Rmult_le_compat_l; [lra|].
    apply Rmult_le_compat_r; [lra|exact Q5]. }
  apply Rle_trans with (v * (v * (v * (v * v * v * (E + e) - 2 * eta) * (1 + 16 * u)) - eta + 16 * eta)).
  2: { apply Rmult_le_compat_l; [lra|]. lra. }
  replace (v * (v * (v * (v * v * v * (E + e) - 2 * eta) * (1 + 16 * u)) - eta + 16 * eta))
    with (v ^ 6 * (1 + 16 * u) * (E + e) + v * eta * (15 - 2 * (v * v * (1 + 16 * u)))) by ring.
  assert (Hlast : 0 <= v * eta * (15 - 2 * (v * v * (1 + 16 * u)))).
  { apply Rmult_le_pos; [apply Rmult_le_pos; lra|].
    assert (v * v * (1 + 16 * u) <= 1 * 2) by (apply Rmult_le_compat; [apply Rmult_le_pos; lra|lra| |lra];
      rewrite <- (Rmult_1_l 1); apply Rmult_le_compat; lra).
    lra. }
  assert (1 * (E + e) <= v ^ 6 * (1 + 16 * u) * (E + e)) by (apply Rmult_le_compat_r; lra). lra.
Qed.

(** [Ball53Product.bounded], its radius: t is the fused sum of n terms p_l q_l ≥ 0, whose exact sum is at least (1 − u)^3
    E because each factor was rounded at most so often; tiny is (6k + 16)·2^−1074 or more, n ≤ 2k, and factor at least 1 +
    (4k + 16)u. Then (t + tiny)·factor, rounded, is at least E + k·2^−1074. *)
Theorem inflated_fused_sum (n k : nat) p q E tiny factor : (n <= 2 * k)%nat -> INR k * u <= / 16 ->
  (forall l, (l < n)%nat -> 0 <= p l * q l) -> (1 - u) ^ 3 * E <= sum n (fun l => p l * q l) -> 0 <= E ->
  binary64 tiny -> (6 * INR k + 16) * bpow radix2 (-1074) <= tiny -> 1 + (4 * INR k + 16) * u <= factor ->
  E + INR k * bpow radix2 (-1074) <= RN (RN (fused 0 n p q + tiny) * factor).
Proof.
  intros Hn Hk Hpos HE HE0 Ftiny Htiny Hfactor. rewrite two_eta in *.
  pose proof u_pos as Hu. pose proof eta_pos as Heta. assert (Hu2 : u <= / 64) by (rewrite u_value; lra).
  pose proof (pos_INR k) as Hk0. pose proof (pos_INR n) as Hn0.
  assert (HnR : INR n <= 2 * INR k) by (apply le_INR in Hn; rewrite mult_INR in Hn; exact Hn).
  destruct (fused_lower 0 n p q (Rle_refl 0) Hpos) as [Hlow Ht]. rewrite Rplus_0_l in Hlow.
  set (t := fused 0 n p q) in *.
  assert (Ftt : binary64 t) by (unfold t; destruct n; [apply generic_format_0|apply RN_format]).
  assert (Htiny0 : 0 <= tiny).
  { eapply Rle_trans; [|exact Htiny]. repeat apply Rmult_le_pos; lra. }
  assert (L1 := RN_plus_lower t tiny Ftt Ftiny ltac:(lra)). set (m := RN (t + tiny)) in *.
  assert (Hm : 0 <= m) by (apply RN_nonneg; lra).
  assert (Hku0 : 0 <= INR k * u) by (apply Rmult_le_pos; lra).
  assert (Hfactor1 : 1 <= factor) by lra.
  assert (L2 := RN_lower (m * factor) ltac:(apply Rmult_le_pos; lra)).
  apply Rle_trans with (2 := L2).
  set (v := 1 - u) in *. assert (Hv : / 2 <= v <= 1) by (unfold v; lra).
  (* (1 − u)^(n+5) factor ≥ 1 *)
  assert (Hinflate : 1 <= v ^ (n + 5) * factor).
  { assert (Hplus : INR (n + 5) = INR n + 5) by (rewrite plus_INR; cbn; ring).
    eapply Rle_trans; [apply (inflate (n + 5) (2 * INR (n + 5)) (Rle_refl _))|].
    - rewrite Hplus. assert (INR n * u <= 2 * INR k * u) by (apply Rmult_le_compat_r; lra). lra.
    - fold v. apply Rmult_le_compat_l; [apply pow_le; lra|]. rewrite Hplus.
      assert (INR n * u <= 2 * INR k * u) by (apply Rmult_le_compat_r; lra). lra. }
  assert (Hsum : v ^ (n + 3) * E - INR n * eta <= t).
  { eapply Rle_trans; [|exact Hlow]. apply Rplus_le_compat_r. rewrite pow_add, Rmult_assoc.
    apply Rmult_le_compat_l; [apply pow_le; lra|exact HE]. }
  assert (Hmlow : v * (v ^ (n + 3) * E - INR n * eta + tiny) <= m).
  { eapply Rle_trans; [|exact L1]. apply Rmult_le_compat_l; lra. }
  assert (Hrest : 10 * INR k * eta + 32 * eta <= tiny - INR n * eta).
  { assert (INR n * eta <= 2 * INR k * eta) by (apply Rmult_le_compat_r; lra). lra. }
  apply Rle_trans with (v * (v * (v ^ (n + 3) * E + (10 * INR k * eta + 32 * eta)) * factor) - eta).
  - replace (v * (v * (v ^ (n + 3) * E + (10 * INR k * eta + 32 * eta)) * factor))
      with (v ^ (n + 5) * factor * E + v * v * factor * (10 * INR k * eta + 32 * eta))
      by (rewrite !pow_add; ring).
    assert (H1 : 1 * E <= v ^ (n + 5) * factor * E) by (apply Rmult_le_compat_r; lra).
    assert (Hke : 0 <= INR k * eta) by (apply Rmult_le_pos; lra).
    assert (H2 : / 4 * (10 * INR k * eta + 32 * eta) <= v * v * factor * (10 * INR k * eta + 32 * eta)).
    { apply Rmult_le_compat_r; [lra|]. replace (/ 4) with (/ 2 * / 2 * 1) by field.
      apply Rmult_le_compat; try lra. apply Rmult_le_compat; lra. }
    lra.
  - apply Rplus_le_compat_r. apply Rmult_le_compat_l; [lra|]. apply Rmult_le_compat_r; [lra|].
    eapply Rle_trans; [|exact Hmlow]. apply Rmult_le_compat_l; lra.
Qed.

(** A product of matrices of balls on binary64, entry by entry: the fused sum of the midpoints' products, and a radius of
    at least Σ γ|a_l||b_l| + r_l (|b_l| + s_l) + |a_l| s_l + k·2^−1074 *)
Theorem dot_of_balls k a r x b s y gamma radius : (1 + u) ^ k - 1 <= gamma -> gamma <= 1 ->
  (forall l, (l < k)%nat -> encloses (a l) (r l) (x l)) -> (forall l, (l < k)%nat -> encloses (b l) (s l) (y l)) ->
  sum k (fun l => gamma * Rabs (a l) * Rabs (b l) + r l * (Rabs (b l) + s l) + Rabs (a l) * s l)
    + INR k * bpow radix2 (-1074) <= radius ->
  encloses (fused 0 k a b) radius (sum k (fun l => x l * y l)).
Proof.
  intros Hg Hg1 Hx Hy Hradius. eapply encloses_wider; [|exact Hradius].
  apply encloses_wider with (sum k (fun l => Rabs (a l) * s l + r l * (Rabs (b l) + s l))
    + (gamma * sum k (fun l => Rabs (a l) * Rabs (b l)) + INR k * bpow radix2 (-1074))).
  - apply (rounded_midpoint (sum k (fun l => a l * b l))); [now apply ball_dot|].
    rewrite Rabs_minus_sym. now apply fused_error_gamma.
  - rewrite <- Rplus_assoc. apply Rplus_le_compat_r. rewrite <- sum_scal_l, <- sum_plus. apply Req_le, sum_ext.
    intros l _. ring.
Qed.

(** Two sums one after the other are one sum. *)
Lemma fused_concat m n a b a' b' :
  fused (fused 0 m a b) n a' b'
    = fused 0 (n + m) (fun l => if (l <? m)%nat then a l else a' (l - m)%nat)
      (fun l => if (l <? m)%nat then b l else b' (l - m)%nat).
Proof.
  assert (Hfirst : forall c i, (i <= m)%nat -> fused c i a b = fused c i
    (fun l => if (l <? m)%nat then a l else a' (l - m)%nat) (fun l => if (l <? m)%nat then b l else b' (l - m)%nat)).
  { intros c. induction i as [|i IH]; intros Hi; cbn [fused]; [reflexivity|].
    replace (i <? m)%nat with true by (symmetry; apply Nat.ltb_lt; lia). now rewrite IH by lia. }
  induction n as [|n IH]; cbn [fused Nat.add]; [now apply Hfirst|].
  replace (n + m <? m)%nat with false by (symmetry; apply Nat.ltb_ge; lia).
  now rewrite IH, Nat.add_sub.
Qed.

Lemma sum_concat m n f f' :
  sum (n + m) (fun l => if (l <? m)%nat then f l else f' (l - m)%nat) = sum m f + sum n f'.
Proof.
  assert (Hfirst : sum m (fun l => if (l <? m)%nat then f l else f' (l - m)%nat) = sum m f).
  { apply sum_ext. intros l Hl. now replace (l <? m)%nat with true by (symmetry; apply Nat.ltb_lt; lia). }
  induction n as [|n IH]; cbn [sum Nat.add]; [rewrite Hfirst; ring|].
  replace (n + m <? m)%nat with false by (symmetry; apply Nat.ltb_ge; lia).
  rewrite IH, Nat.add_sub. ring.
Qed.

(** [Ball53Product.bounded], all of it, for one entry: U V + W Z is at least γ|a||b| + r (|b| + s) + |a| s term by term,
    but for the at most three roundings of its factors, such as U = γ|a| + r, V = |b|, W = |a| + r, Z = s. Then the fused
    sum of the midpoints' products, with the radius (t + tiny)·factor, encloses every product of points of the balls. *)
Theorem bounded_product k a r x b s y gamma U V W Z tiny factor :
  INR k * u <= / 16 -> (1 + u) ^ k - 1 <= gamma -> gamma <= 1 ->
  (forall l, (l < k)%nat -> encloses (a l) (r l) (x l)) -> (forall l, (l < k)%nat -> encloses (b l) (s l) (y l)) ->
  (forall l, (l < k)%nat -> 0 <= U l * V l /\ 0 <= W l * Z l) ->
  (forall l, (l < k)%nat -> (1 - u) ^ 3 * (gamma * Rabs (a l) * Rabs (b l) + r l * (Rabs (b l) + s l) + Rabs (a l) * s l)
    <= U l * V l + W l * Z l) ->
  binary64 tiny -> (6 * INR k + 16) * bpow radix2 (-1074) <= tiny -> 1 + (4 * INR k + 16) * u <= factor ->
  let t := fused (fused 0 k U V) k W Z in
  encloses (fused 0 k a b) (RN (RN (t + tiny) * factor)) (sum k (fun l => x l * y l)).
Proof.
  intros Hk Hg Hg1 Hx Hy Hpos Hterm Ftiny Htiny Hfactor t. pose proof u_pos as Hu.
  assert (Hg0 : 0 <= gamma).
  { eapply Rle_trans; [|exact Hg]. assert (1 ^ k <= (1 + u) ^ k) by (apply pow_incr; lra). rewrite pow1 in H. lra. }
  apply (dot_of_balls k a r x b s y gamma); try assumption.
  unfold t. rewrite fused_concat.
  apply (inflated_fused_sum (k + k) k); try assumption; try lia.
  - intros l Hl. destruct (Nat.ltb_spec l k) as [Hlk|Hlk]; [now apply Hpos|apply Hpos; lia].
  - rewrite (sum_ext (k + k) _ (fun l => if (l <? k)%nat then U l * V l else W (l - k)%nat * Z (l - k)%nat))
      by (intros l _; destruct (l <? k)%nat; reflexivity).
    rewrite (sum_concat k k (fun l => U l * V l) (fun l => W l * Z l)), <- sum_plus, <- sum_scal_l. now apply sum_le.
  - apply sum_nonneg. intros l Hl.
    pose proof (encloses_radius _ _ _ (Hx l Hl)). pose proof (encloses_radius _ _ _ (Hy l Hl)).
    pose proof (Rabs_pos (a l)). pose proof (Rabs_pos (b l)).
    assert (0 <= gamma * Rabs (a l) * Rabs (b l)) by (apply Rmult_le_pos; [apply Rmult_le_pos|]; lra).
    assert (0 <= r l * (Rabs (b l) + s l)) by (apply Rmult_le_pos; lra).
    assert (0 <= Rabs (a l) * s l) by (apply Rmult_le_pos; lra). lra.
Qed.

(** The two choices of factors: where those that are sums were rounded at most twice and once, their products meet the
    hypothesis of [bounded_product]. *)
Lemma product_factors_left gamma A r B s U W : 0 <= gamma -> 0 <= A -> 0 <= r -> 0 <= B -> 0 <= s ->
  (1 - u) ^ 2 * (gamma * A + r) <= U -> (1 - u) * (A + r) <= W ->
  (1 - u) ^ 3 * (gamma * A * B + r * (B + s) + A * s) <= U * B + W * s.
Proof.
  intros Hg HA Hr HB Hs HU HW. pose proof u_pos as Hu.
  assert (Hv : 0 <= 1 - u <= 1) by (rewrite u_value; rewrite u_value in Hu; lra).
  set (v := 1 - u) in *. assert (Hgr : 0 <= gamma * A + r) by (apply Rplus_le_le_0_compat; [apply Rmult_le_pos|]; lra).
  assert (H2 : 0 <= v ^ 2 <= 1) by (split; [apply pow_le; lra|apply Rle_trans with (1 ^ 2); [apply pow_incr; lra|lra]]).
  assert (HUB : v ^ 2 * (gamma * A + r) * B <= U * B) by (apply Rmult_le_compat_r; lra).
  assert (HWs : v * (A + r) * s <= W * s) by (apply Rmult_le_compat_r; lra).
  assert (P1 : 0 <= (1 - v) * (v ^ 2 * ((gamma * A + r) * B))).
  { apply Rmult_le_pos; [lra|]. apply Rmult_le_pos; [lra|]. apply Rmult_le_pos; lra. }
  assert (P2 : 0 <= (1 - v ^ 2) * (v * ((A + r) * s))).
  { apply Rmult_le_pos; [lra|]. apply Rmult_le_pos; [lra|]. apply Rmult_le_pos; lra. }
  replace (v ^ 3 * (gamma * A * B + r * (B + s) + A * s))
    with (v ^ 2 * (gamma * A + r) * B - (1 - v) * (v ^ 2 * ((gamma * A + r) * B))
      + (v * (A + r) * s - (1 - v ^ 2) * (v * ((A + r) * s)))) by ring.
  lra.
Qed.

Lemma product_factors_right gamma A r B s V Z : 0 <= gamma -> 0 <= A -> 0 <= r -> 0 <= B -> 0 <= s ->
  (1 - u) ^ 2 * (gamma * B + s) <= V -> (1 - u) * (B + s) <= Z ->
  (1 - u) ^ 3 * (gamma * A * B + r * (B + s) + A * s) <= A * V + r * Z.
Proof.
  intros Hg HA Hr HB Hs HV HZ. pose proof (product_factors_left gamma B s A r V Z Hg HB Hs HA Hr HV HZ) as H. lra.
Qed.

(** [RadiusProduct.get]: a fused sum of k terms that are 0 or at least 2^−1000, times a factor of at least 1 + (2k + 4)u
    and rounded, is not below the exact sum. Nothing underflows. *)
Theorem fused_lower_normal n a b : (forall l, (l < n)%nat -> a l * b l = 0 \/ bpow radix2 (-1000) <= a l * b l) ->
  let total := sum n (fun l => a l * b l) in
  (1 - u) ^ n * total <= fused 0 n a b /\ (total = 0 /\ fused 0 n a b = 0 \/ bpow radix2 (-1000) <= fused 0 n a b).
Proof.
  pose proof u_pos as Hu. pose proof (bpow_gt_0 radix2 (-1000)) as Hleast. intros H.
  induction n as [|n IH]; [cbn; lra|]. cbv zeta in *. cbn [fused sum].
  destruct IH as [IH Hrange]; [intros l Hl; apply H; lia|]. specialize (H n (Nat.lt_succ_diag_r n)).
  set (t := fused 0 n a b) in *. set (total := sum n (fun l => a l * b l)) in *. set (p := a n * b n) in *.
  assert (Hv : 0 <= 1 - u <= 1) by (rewrite u_value; rewrite u_value in Hu; lra).
  assert (Hpow : 0 <= (1 - u) ^ n <= 1).
  { split; [apply pow_le; lra|]. apply Rle_trans with (1 ^ n); [apply pow_incr; lra|rewrite pow1; lra]. }
  destruct (Req_dec (p + t) 0) as [Hzero|Hnonzero].
  - assert (Ht : t = 0) by (destruct H; destruct Hrange as [[_ Ht]|Ht]; lra). assert (Hp : p = 0) by lra.
    assert (Htotal : total = 0) by (destruct Hrange as [[Hr _]|Hr]; lra).
    rewrite Hzero, RN_0, Hp, Htotal. split; [rewrite Rplus_0_r, Rmult_0_r; lra|left; lra].
  - assert (Hlarge : bpow radix2 (-1000) <= p + t) by (destruct H; destruct Hrange as [[_ Ht]|Ht]; lra).
    assert (Hround : (1 - u) * (p + t) <= RN (p + t)).
    { assert (Hge : bpow radix2 (-1074 + 53 - 1) <= Rabs (p + t)).
      { rewrite Rabs_pos_eq by lra. apply Rle_trans with (2 := Hlarge). apply bpow_le. lia. }
      pose proof (relative_error_N_FLT radix2 (-1074) 53 eq_refl (fun n => negb (Z.even n)) _ Hge) as He.
      rewrite half_ulp_of_one, (Rabs_pos_eq (p + t)) in He by lra. apply Rabs_le_between in He. lra. }
    split.
    + eapply Rle_trans; [|exact Hround]. cbn [pow].
      assert (Hp0 : 0 <= p) by (destruct H; lra).
      replace ((1 - u) * (1 - u) ^ n * (total + p)) with ((1 - u) * ((1 - u) ^ n * total + (1 - u) ^ n * p)) by ring.
      apply Rmult_le_compat_l; [lra|].
      assert ((1 - u) ^ n * p <= 1 * p) by (apply Rmult_le_compat_r; lra). lra.
    + right. rewrite <- (RN_exact (bpow radix2 (-1000))) by (apply generic_format_FLT_bpow; [typeclasses eauto|lia]).
      now apply RN_le.
Qed.

Corollary radius_product n a b factor : INR n * u <= / 4 ->
  (forall l, (l < n)%nat -> a l * b l = 0 \/ bpow radix2 (-1000) <= a l * b l) -> 1 + (2 * INR n + 4) * u <= factor ->
  sum n (fun l => a l * b l) <= RN (fused 0 n a b * factor).
Proof.
  intros Hn H Hfactor. pose proof u_pos as Hu. destruct (fused_lower_normal n a b H) as [Hlow Hrange].
  set (t := fused 0 n a b) in *. set (total := sum n (fun l => a l * b l)) in *.
  destruct Hrange as [[-> ->]|Hlarge]; [rewrite Rmult_0_l, RN_0; lra|].
  pose proof (bpow_gt_0 radix2 (-1000)) as Hleast. pose proof (pos_INR n) as Hn0.
  assert (Hnu : 0 <= INR n * u) by (apply Rmult_le_pos; lra).
  assert (Hv : 0 <= 1 - u <= 1) by (rewrite u_value; rewrite u_value in Hu; lra).
  assert (Htotal : 0 <= total).
  { apply sum_nonneg. intros l Hl. destruct (H l Hl) as [->|Hl']; lra. }
  assert (Hround : (1 - u) * (t * factor) <= RN (t * factor)).
  { assert (Hge : bpow radix2 (-1074 + 53 - 1) <= Rabs (t * factor)).
    { assert (t * 1 <= t * factor) by (apply Rmult_le_compat_l; lra).
      rewrite Rabs_pos_eq by lra. apply Rle_trans with (bpow radix2 (-1000)); [apply bpow_le; lia|lra]. }
    pose proof (relative_error_N_FLT radix2 (-1074) 53 eq_refl (fun n => negb (Z.even n)) _ Hge) as He.
    assert (0 <= t * factor) by (apply Rmult_le_pos; lra).
    rewrite half_ulp_of_one, (Rabs_pos_eq (t * factor)) in He by lra. apply Rabs_le_between in He. lra. }
  apply Rle_trans with (2 := Hround).
  assert (Hinflate : 1 <= (1 - u) ^ (S n) * factor).
  { assert (Hu4 : u <= / 4) by (rewrite u_value; lra).
    eapply Rle_trans; [apply (inflate (S n) (2 * INR (S n)) (Rle_refl _)); rewrite S_INR; lra|].
    apply Rmult_le_compat_l; [apply pow_le; lra|]. rewrite S_INR. lra. }
  apply Rle_trans with ((1 - u) * ((1 - u) ^ n * total * factor)).
  - replace ((1 - u) * ((1 - u) ^ n * total * factor)) with ((1 - u) ^ S n * factor * total) by (cbn; ring).
    rewrite <- (Rmult_1_l total) at 1. apply Rmult_le_compat_r; lra.
  - apply Rmult_le_compat_l; [lra|]. apply Rmult_le_compat_r; lra.
Qed.
