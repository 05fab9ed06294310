(** Real powers x^a of numbers that may be 0: their rules, continuity and derivative. *)

From Coq Require Import Reals Lra Lia Arith.
From Coquelicot Require Import Coquelicot.
Open Scope R_scope.

(** x^a for x > 0, and 0 for x ≤ 0 *)
Definition power (x a : R) : R := if Rle_dec x 0 then 0 else Rpower x a.

Lemma power_nonpos x a : x <= 0 -> power x a = 0.
Proof. intros H. unfold power. destruct (Rle_dec x 0); [reflexivity|lra]. Qed.

Lemma power_pos x a : 0 < x -> power x a = Rpower x a.
Proof. intros H. unfold power. destruct (Rle_dec x 0); [lra|reflexivity]. Qed.

(** The same, spelled out *)
Lemma power_exp x a : 0 < x -> power x a = exp (a * ln x).
Proof. exact (power_pos x a). Qed.

Lemma power_gt_0 x a : 0 < x -> 0 < power x a.
Proof. intros H. rewrite power_pos by exact H. apply exp_pos. Qed.

Lemma power_nonneg x a : 0 <= power x a.
Proof. destruct (Rle_dec x 0); [rewrite power_nonpos; lra|]. apply Rlt_le, power_gt_0. lra. Qed.

Lemma power_one x : power x 1 = Rmax 0 x.
Proof.
  destruct (Rle_dec x 0).
  - rewrite power_nonpos, Rmax_left; lra.
  - rewrite power_pos, Rpower_1, Rmax_right; lra.
Qed.

Lemma power_1 x : 0 <= x -> power x 1 = x.
Proof. intros H. now rewrite power_one, Rmax_right. Qed.

Lemma power_base_one a : power 1 a = 1.
Proof. rewrite power_pos by lra. unfold Rpower. rewrite ln_1, Rmult_0_r. apply exp_0. Qed.

Lemma power_nat x n : (0 < n)%nat -> 0 <= x -> power x (INR n) = x ^ n.
Proof.
  intros Hn [Hx| <-].
  - rewrite power_pos by exact Hx. now apply Rpower_pow.
  - rewrite power_nonpos, pow_i; [reflexivity|exact Hn|lra].
Qed.

Lemma power_mult x y a : 0 <= x -> 0 <= y -> power (x * y) a = power x a * power y a.
Proof.
  intros [Hx| <-]; [|intros _; rewrite Rmult_0_l, (power_nonpos 0); lra].
  intros [Hy| <-]; [|rewrite Rmult_0_r, (power_nonpos 0); lra].
  rewrite !power_pos by (try apply Rmult_lt_0_compat; assumption). now apply eq_sym, Rpower_mult_distr.
Qed.

Lemma power_succ x a : power x (a + 1) = power x a * x.
Proof.
  destruct (Rle_dec x 0); [rewrite !power_nonpos; lra|].
  rewrite !power_pos, Rpower_plus, Rpower_1 by lra. reflexivity.
Qed.

Lemma power_power x a b : power (power x a) b = power x (a * b).
Proof.
  destruct (Rle_dec x 0); [rewrite !(power_nonpos x), power_nonpos; lra|].
  rewrite (power_pos (power x a)), !(power_pos x), Rpower_mult by (try apply power_gt_0; lra). reflexivity.
Qed.

Lemma power_inv_power x a : 0 <= x -> a <> 0 -> power (power x a) (1 / a) = x.
Proof.
  intros [Hx| <-] Ha; [|rewrite (power_nonpos 0), power_nonpos; lra].
  rewrite power_power. replace (a * (1 / a)) with 1 by (field; exact Ha). rewrite power_one, Rmax_right; lra.
Qed.

Lemma power_root x a : 0 < a -> 0 <= x -> power (power x a) (/ a) = x.
Proof. intros Ha Hx. rewrite <- (Rmult_1_l (/ a)). apply power_inv_power; [exact Hx|lra]. Qed.

Lemma power_lt x y a : 0 < a -> 0 <= x -> x < y -> power x a < power y a.
Proof.
  intros Ha [Hx| <-] Hxy.
  - rewrite !power_pos by lra. apply Rlt_Rpower_l; lra.
  - rewrite power_nonpos by lra. now apply power_gt_0.
Qed.

Lemma power_le x y a : 0 < a -> x <= y -> power x a <= power y a.
Proof.
  intros Ha Hxy. destruct (Rle_dec x 0); [rewrite power_nonpos by lra; apply power_nonneg|].
  destruct (Rle_lt_or_eq_dec x y Hxy) as [Hlt| ->]; [|lra]. apply Rlt_le, power_lt; lra.
Qed.

Lemma continuous_power t a : 0 < a -> continuous (fun t => power t a) t.
Proof.
  intros Ha. destruct (total_order_T t 0) as [[Hneg| ->]|Hpos].
  - apply (continuous_ext_loc _ (fun _ => 0)); [|apply continuous_const].
    exists (mkposreal (- t) ltac:(lra)). intros y Hy. rewrite power_nonpos; [reflexivity|].
    apply Rabs_lt_between in Hy. unfold minus, plus, opp in Hy. cbn in Hy. lra.
  - (* |power t a| < ε for |t| < ε^(1/a) *)
    apply filterlim_locally. intros eps.
    exists (mkposreal (power eps (1 / a)) (power_gt_0 _ _ (cond_pos eps))). intros y Hy.
    rewrite (power_nonpos 0) by lra. change (Rabs (y - 0) < power eps (1 / a)) in Hy.
    change (Rabs (power y a - 0) < eps). rewrite Rminus_0_r in *. rewrite Rabs_pos_eq by apply power_nonneg.
    destruct (Rle_dec y 0); [rewrite power_nonpos by lra; apply cond_pos|].
    apply Rle_lt_trans with (power (Rabs y) a); [apply power_le; [exact Ha|apply Rle_abs]|].
    replace (pos eps) with (power (power eps (1 / a)) a).
    + apply power_lt; [exact Ha|apply Rabs_pos|exact Hy].
    + rewrite power_power. replace (1 / a * a) with 1 by (field; lra). rewrite power_one.
      apply Rmax_right, Rlt_le, cond_pos.
  - apply (continuous_ext_loc _ (fun t => Rpower t a)).
    + exists (mkposreal t Hpos). intros y Hy. symmetry. apply power_pos.
      apply Rabs_lt_between in Hy. unfold minus, plus, opp in Hy. cbn in Hy. lra.
    + apply (ex_derive_continuous (K := R_AbsRing) (V := R_NormedModule) (fun t => Rpower t a) t).
      eexists. apply is_derive_Reals. now apply derivable_pt_lim_power.
Qed.

Lemma is_derive_power t a : 1 < a -> is_derive (fun t => power t a) t (a * power t (a - 1)).
Proof.
  intros Ha. destruct (total_order_T t 0) as [[Hneg| ->]|Hpos].
  - rewrite power_nonpos, Rmult_0_r by lra. apply (is_derive_ext_loc (fun _ => 0)); [|apply (is_derive_const 0 t)].
    exists (mkposreal (- t) ltac:(lra)). intros y Hy. rewrite power_nonpos; [reflexivity|].
    apply Rabs_lt_between in Hy. unfold minus, plus, opp in Hy. cbn in Hy. lra.
  - (* t^a = t^(a-1) t, where t^(a-1) → 0 *)
    rewrite power_nonpos, Rmult_0_r by lra. apply is_derive_Reals. intros eps Heps.
    assert (Hcontinuous := continuous_power 0 (a - 1) ltac:(lra)).
    destruct (proj1 (filterlim_locally (F := locally (0 : R)) (fun t => power t (a - 1)) _) Hcontinuous
      (mkposreal eps Heps)) as [delta Hdelta].
    exists delta. intros y Hy Hlt. rewrite Rplus_0_l, (power_nonpos 0) by lra.
    assert (Hsmall : Rabs (power y (a - 1) - power 0 (a - 1)) < eps).
    { apply (Hdelta y). change (Rabs (y - 0) < delta). now rewrite Rminus_0_r. }
    rewrite (power_nonpos 0), Rminus_0_r in Hsmall by lra.
    replace a with (a - 1 + 1) at 1 by ring. rewrite power_succ.
    replace ((power y (a - 1) * y - 0) / y - 0) with (power y (a - 1)) by (field; exact Hy). exact Hsmall.
  - rewrite power_pos by exact Hpos. apply (is_derive_ext_loc (fun t => Rpower t a)).
    + exists (mkposreal t Hpos). intros y Hy. rewrite power_pos; [reflexivity|].
      apply Rabs_lt_between in Hy. unfold minus, plus, opp in Hy. cbn in Hy. lra.
    + apply is_derive_Reals. now apply derivable_pt_lim_power.
Qed.
