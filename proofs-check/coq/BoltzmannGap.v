(** How far apart entries must be for the Boltzmann operator to separate vectors (lemma-4.4, amended).

    [51] asks for 2 ln n + 3. Whatever n, 2 is enough for its bound, and ln(2 + √3) = 1.316… for different values. *)

From Coq Require Import Reals Lra Lia Arith Psatz.
From Plumbline Require Import Definitions Sums Boltzmann.
Open Scope R_scope.

Lemma spaced_multiple g n a i j : spaced g n a -> (i + j < n)%nat -> a (i + j)%nat + INR j * g <= a i.
Proof.
  intros H. induction j as [|j IH]; intros Hj.
  - rewrite Nat.add_0_r. simpl. lra.
  - rewrite S_INR. assert (a (i + S j)%nat + g <= a (i + j)%nat) by (apply H; lia).
    assert (a (i + j)%nat + INR j * g <= a i) by (apply IH; lia). lra.
Qed.

Lemma abs_bounds x r : Rabs x <= r -> - r <= x <= r.
Proof.
  intros H. pose proof (Rle_abs x). pose proof (Rle_abs (- x)) as N. rewrite Rabs_Ropp in N. lra.
Qed.

(** Some property of two vectors holds if it does where the larger entry in the place of the first difference is in a. *)
Lemma by_first_difference (C : vector -> vector -> Prop) g n a b :
  (forall a b, C a b -> C b a) ->
  (forall i j, (i < n)%nat -> (j < n)%nat -> a i <> b j -> g <= Rabs (a i - b j)) ->
  (exists i, (i < n)%nat /\ a i <> b i) ->
  (forall k, (k < n)%nat -> (forall i, (i < k)%nat -> a i = b i) -> b k + g <= a k -> C a b) ->
  (forall k, (k < n)%nat -> (forall i, (i < k)%nat -> b i = a i) -> a k + g <= b k -> C b a) -> C a b.
Proof.
  intros Sym Across D AB BA. destruct (first_difference n a b D) as (k & Hk & N & E).
  pose proof (Across k k Hk Hk N) as G. destruct (Rle_lt_dec (b k) (a k)) as [H|H].
  - rewrite Rabs_pos_eq in G by lra. apply (AB k); try assumption. lra.
  - rewrite Rabs_left in G by lra. apply Sym, (BA k); try assumption; [|lra]. intros i Hi. symmetry. now apply E.
Qed.

(** ** [51]'s bound with a gap of 2

    Let a and b agree in k ≥ 1 entries and differ in l more. The mean of the k is some k gaps above the next entry of a, and
    that is l gaps above -r, which brings a factor e^lg. The two make up for (ln n)² ≤ n = k + l. *)

Lemma ln_square n : (1 <= n)%nat -> ln (INR n) ^ 2 <= INR n.
Proof.
  intros H. pose proof (ln_bounds n H) as [L0 _]. apply le_INR in H. simpl in H.
  set (y := ln (INR n) / 2). assert (N : INR n = exp y * exp y).
  { rewrite <- exp_plus. replace (y + y) with (ln (INR n)) by (unfold y; field). rewrite exp_ln; lra. }
  assert (E : 2 * y <= exp y).
  { replace y with (1 + (y - 1)) at 2 by ring. rewrite exp_plus.
    pose proof (exp_ineq1_le 1). pose proof (exp_ineq1_le (y - 1)). pose proof (exp_pos (y - 1)).
    assert (0 <= y) by (unfold y; lra). nra. }
  assert (Y : 0 <= y) by (unfold y; lra).
  replace (ln (INR n) ^ 2) with (2 * y * (2 * y)) by (unfold y; field). rewrite N. apply Rmult_le_compat; lra.
Qed.

Lemma exp_multiple l g : 2 <= g -> 6 * INR l <= exp (INR l * g).
Proof.
  intros Hg. induction l as [|l IH]; [simpl; rewrite !Rmult_0_r; apply Rlt_le, exp_pos|].
  rewrite S_INR, Rmult_plus_distr_r, Rmult_1_l, exp_plus.
  assert (E : 6 <= exp g) by (apply Rle_trans with (1 := exp_2), exp_le; lra).
  pose proof (pos_INR l). destruct l as [|l]; [simpl; rewrite Rmult_0_l, exp_0; lra|].
  rewrite S_INR in *. pose proof (pos_INR l).
  apply Rle_trans with (exp ((INR l + 1) * g) * 6); [lra|]. apply Rmult_le_compat_l; [apply Rlt_le, exp_pos|exact E].
Qed.

Lemma separation_ordered_51 g n a b r k :
  2 <= g -> spaced g n a -> spaced g n b ->
  (forall i, (i < n)%nat -> Rabs (a i) <= r) -> (forall i, (i < n)%nat -> Rabs (b i) <= r) ->
  (k < n)%nat -> (forall i, (i < k)%nat -> a i = b i) -> b k + g <= a k ->
  ln (INR n) ^ 2 * exp (- 2 * r) < Rabs (boltz n a - boltz n b).
Proof.
  intros Hg Ha Hb Ra Rb Hk E H. set (l := (n - k)%nat).
  assert (Hl : (0 < l)%nat) by (unfold l; lia). assert (Hn : n = (k + l)%nat) by (unfold l; lia).
  pose proof (ln_square n) as L. pose proof (exp_pos (- 2 * r)) as P.
  (* the entry of a is l gaps above -r *)
  assert (Up : INR l * g - r <= a k).
  { assert (M : b (k + (l - 1))%nat + INR (l - 1) * g <= b k) by (apply (spaced_multiple g n b k); [assumption|lia]).
    replace (INR l) with (INR (l - 1) + 1) by (rewrite <- S_INR; f_equal; lia).
    pose proof (abs_bounds _ _ (Rb (k + (l - 1))%nat ltac:(lia))). lra. }
  pose proof (exp_multiple l g Hg) as X. destruct k as [|k].
  - pose proof (differ_at_once g n a b Hg Hk Ha Hb H) as D. simpl in Hn. rewrite Rabs_pos_eq by lra.
    assert (R : INR n * g <= 2 * r) by (rewrite <- Hn in Up; pose proof (abs_bounds _ _ (Ra 0%nat Hk)); lra).
    rewrite <- Hn in X. assert (R' : exp (INR n * g) * exp (- 2 * r) <= 1).
    { rewrite <- exp_plus, <- exp_0. apply exp_le. lra. }
    assert (ln (INR n) ^ 2 * exp (- 2 * r) <= INR n * exp (- 2 * r)) by (apply Rmult_le_compat_r; [lra|apply L; lia]).
    assert (6 * INR n * exp (- 2 * r) <= exp (INR n * g) * exp (- 2 * r)) by (apply Rmult_le_compat_r; lra). lra.
  - pose proof (near_largest g (S k) a Hg (Nat.lt_0_succ k)) as Near.
    assert (Sa : spaced g (S k) a) by (intros i j Hij Hj; apply Ha; lia). specialize (Near Sa).
    pose proof (spaced_multiple g n a 0 (S k) Ha Hk) as Down. simpl plus in Down.
    assert (K1 : 1 <= INR (S k)) by (apply (le_INR 1); lia).
    assert (L1 : 1 <= INR l) by (apply (le_INR 1); lia).
    assert (D : 3 / 4 * (INR (S k) * g) <= boltz (S k) a - a (S k)) by nra.
    pose proof (differ_later g (S k) l a b r) as C. rewrite <- Hn in C.
    assert (C' : boltz n a + (boltz (S k) a - a (S k)) / 4 * exp (a (S k) - r) <= boltz n b).
    { apply C; try assumption; try lia. apply (abs_bounds _ _ (Ra 0%nat ltac:(lia))). }
    assert (Y : 6 * INR l * exp (- 2 * r) <= exp (a (S k) - r)).
    { apply Rle_trans with (exp (INR l * g) * exp (- 2 * r)); [apply Rmult_le_compat_r; lra|].
      rewrite <- exp_plus. apply exp_le. lra. }
    assert (N : INR n = INR (S k) + INR l) by (rewrite Hn at 1; apply plus_INR).
    assert (F : 9 / 8 * INR n * exp (- 2 * r) <= (boltz (S k) a - a (S k)) / 4 * exp (a (S k) - r)).
    { apply Rle_trans with (3 / 8 * INR (S k) * (6 * INR l * exp (- 2 * r))).
      - apply Rle_trans with (9 / 4 * (INR (S k) * INR l) * exp (- 2 * r)); [|lra].
        apply Rmult_le_compat_r; [lra|]. nra.
      - apply Rmult_le_compat; [lra| |nra|exact Y]. apply Rmult_le_pos; lra. }
    rewrite Rabs_minus_sym, Rabs_pos_eq by nra.
    assert (ln (INR n) ^ 2 * exp (- 2 * r) <= INR n * exp (- 2 * r)) by (apply Rmult_le_compat_r; [lra|apply L; lia]).
    assert (0 < INR n * exp (- 2 * r)) by (apply Rmult_lt_0_compat; lra). lra.
Qed.

(** [51]'s bound needs no more than a gap of 2 (lemma-4.4, reading amended). *)
Theorem boltzmann_separates_gap_2 g n a b r :
  2 <= g -> spaced g n a -> spaced g n b ->
  (forall i j, (i < n)%nat -> (j < n)%nat -> a i <> b j -> g <= Rabs (a i - b j)) ->
  (forall i, (i < n)%nat -> Rabs (a i) <= r) -> (forall i, (i < n)%nat -> Rabs (b i) <= r) ->
  (exists i, (i < n)%nat /\ a i <> b i) ->
  ln (INR n) ^ 2 * exp (- 2 * r) < Rabs (boltz n a - boltz n b).
Proof.
  intros Hg Ha Hb Across Ra Rb D.
  apply (by_first_difference (fun a b => ln (INR n) ^ 2 * exp (- 2 * r) < Rabs (boltz n a - boltz n b)) g n a b);
    try assumption.
  - intros x y H. now rewrite Rabs_minus_sym.
  - intros k Hk E H. now apply (separation_ordered_51 g n a b r k).
  - intros k Hk E H. now apply (separation_ordered_51 g n b a r k).
Qed.

(** ** Different values with a gap of ln(2 + √3)

    With q = e^-g that is q ≤ 2 - √3, or q² - 4q + 1 ≥ 0. Let a and b agree in k ≥ 1 entries, of mean m and weight P, and
    let a have the larger one next, x, D below m and of weight e ≤ q P. It pulls the mean down by ρ = D e/(P + e) at least.
    All that may follow in b, x - g, x - 2g, … at most, pulls by less: the sum of (m - ρ - y) e^y over its entries y is less
    than ρ P. *)

(** (A - y) e^y grows up to y = A - 1. *)
Lemma pull_increases A y x : y <= x -> x + 1 <= A -> (A - y) * exp y <= (A - x) * exp x.
Proof.
  intros Hy Hx. replace y with (A + - (A - y)) at 2 by ring. replace x with (A + - (A - x)) at 2 by ring.
  rewrite !exp_plus. pose proof (exp_pos A).
  assert ((A - y) * exp (- (A - y)) <= (A - x) * exp (- (A - x))) by (apply decay; lra). nra.
Qed.

(** All pulls of a spaced vector that begins g below x are less than those of x - g, x - 2g, … without end. *)
Lemma pulls_geometric g q m l :
  1 <= g -> q = exp (- g) -> 0 < q < 1 ->
  forall x c, x <= m -> spaced g l c -> (forall i, (i < l)%nat -> c i + g <= x) ->
  sum l (fun i => (m - c i) * exp (c i)) < exp x * ((m - x) * (q / (1 - q)) + g * (q / (1 - q) ^ 2)).
Proof.
  intros Hg Hq Q.
  assert (Q1 : 0 < q / (1 - q)) by (apply Rdiv_lt_0_compat; lra).
  assert (Q2 : 0 < q / (1 - q) ^ 2) by (apply Rdiv_lt_0_compat; [lra|apply pow_lt; lra]).
  induction l as [|l IH]; intros x c Hx Hc H.
  - simpl sum. apply Rmult_lt_0_compat; [apply exp_pos|].
    assert (0 <= (m - x) * (q / (1 - q))) by (apply Rmult_le_pos; lra).
    assert (0 < g * (q / (1 - q) ^ 2)) by (apply Rmult_lt_0_compat; lra). lra.
  - rewrite sum_first. set (y := c 0%nat). pose proof (H 0%nat (Nat.lt_0_succ l)) as H0. fold y in H0.
    assert (I : sum l (fun i => (m - c (S i)) * exp (c (S i)))
      < exp y * ((m - y) * (q / (1 - q)) + g * (q / (1 - q) ^ 2))).
    { apply IH; [lra| |].
      - intros i j Hij Hj. apply Hc; lia.
      - intros i Hi. apply Hc; lia. }
    (* (m - y)/(1 - q) + g q/(1 - q)² = (A - y)/(1 - q) *)
    set (A := m + g * (q / (1 - q))).
    assert (P : (A - y) * exp y <= (A - (x - g)) * exp (x - g)).
    { apply pull_increases; [lra|]. unfold A. assert (0 < g * (q / (1 - q))) by (apply Rmult_lt_0_compat; lra). lra. }
    replace (exp (x - g)) with (exp x * q) in P by (rewrite Hq; unfold Rminus; now rewrite exp_plus).
    apply Rlt_le_trans with ((A - y) * exp y / (1 - q)).
    + apply Rlt_le_trans with ((m - y) * exp y + exp y * ((m - y) * (q / (1 - q)) + g * (q / (1 - q) ^ 2))); [lra|].
      right. unfold A. field. lra.
    + apply Rle_trans with ((A - (x - g)) * (exp x * q) / (1 - q)).
      * apply Rmult_le_compat_r; [left; apply Rinv_0_lt_compat; lra|exact P].
      * right. unfold A. field. lra.
Qed.

Lemma sharp_gap g : ln (2 + sqrt 3) <= g -> 1 <= g /\ 0 < exp (- g) < 1 / 3 /\ 0 <= exp (- g) ^ 2 - 4 * exp (- g) + 1.
Proof.
  intros H. set (t := sqrt 3) in *. assert (T : t * t = 3) by (apply sqrt_sqrt; lra).
  assert (T0 : 0 <= t) by apply sqrt_pos. assert (T1 : 3 / 2 < t < 2) by nra.
  assert (E : exp (- g) <= 2 - t).
  { apply Rle_trans with (exp (- ln (2 + t))); [apply exp_le; lra|]. rewrite exp_Ropp, exp_ln by lra.
    right. apply Rmult_eq_reg_l with (2 + t); [|lra]. rewrite Rinv_r by lra. lra. }
  pose proof (exp_pos (- g)). split; [|split].
  - apply Rle_trans with (2 := H). rewrite <- (ln_exp 1). pose proof exp_le_3 as E3.
    destruct (Rle_lt_or_eq_dec _ _ E3) as [L|Q]; left; apply ln_increasing; try apply exp_pos; lra.
  - split; [assumption|]. assert (5 / 3 < t) by nra. lra.
  - nra.
Qed.

(** The larger entry in the place of the first difference is in a. *)
Lemma values_differ_ordered g n a b k :
  ln (2 + sqrt 3) <= g -> spaced g n a -> spaced g n b ->
  (k < n)%nat -> (forall i, (i < k)%nat -> a i = b i) -> b k + g <= a k -> boltz n a <> boltz n b.
Proof.
  intros Hg Ha Hb Hk E H. destruct (sharp_gap g Hg) as (G1 & Q & Q4). remember (exp (- g)) as q eqn:Hq.
  assert (Q1 : 0 < q / (1 - q)) by (apply Rdiv_lt_0_compat; lra).
  destruct k as [|k].
  - (* boltz b ≤ b_0, and boltz a is less than g below a_0 *)
    assert (B : boltz n b <= b 0%nat).
    { apply boltz_le; [assumption|]. intros i Hi. destruct i; [lra|].
      assert (b (S i) + g <= b 0%nat) by (apply Hb; lia). lra. }
    assert (A : a 0%nat - boltz n a < g); [|lra]. rewrite mean_below by assumption.
    destruct n as [|n]; [lia|]. pose proof (weights_pos (S n) a Hk) as W. set (x := a 0%nat).
    assert (W' : exp x <= weights (S n) a).
    { apply (sum_term_le (S n) 0 (fun i => exp (a i))); [lia|]. intros; apply Rlt_le, exp_pos. }
    apply Rmult_lt_reg_r with (weights (S n) a); [assumption|]. unfold Rdiv at 1.
    rewrite Rmult_assoc, Rinv_l, Rmult_1_r, sum_first by lra. fold x. replace ((x - x) * exp x) with 0 by ring.
    rewrite Rplus_0_l.
    assert (S1 : sum n (fun i => (x - a (S i)) * exp (a (S i)))
      < exp x * ((x - x) * (q / (1 - q)) + g * (q / (1 - q) ^ 2))).
    { apply (pulls_geometric g q x n G1 Hq ltac:(lra) x (fun i => a (S i))); [lra| |].
      - intros i j Hij Hj. apply Ha; lia.
      - intros i Hi. apply Ha; lia. }
    assert (Half : q / (1 - q) ^ 2 <= 1 / 2).
    { apply Rmult_le_reg_r with ((1 - q) ^ 2); [apply pow_lt; lra|].
      unfold Rdiv at 1. rewrite Rmult_assoc, Rinv_l by (apply pow_nonzero; lra). lra. }
    rewrite Rminus_diag_eq, Rmult_0_l, Rplus_0_l in S1 by reflexivity.
    pose proof (exp_pos x) as X. assert (g * (q / (1 - q) ^ 2) <= g * (1 / 2)) by (apply Rmult_le_compat_l; lra).
    assert (exp x * (g * (q / (1 - q) ^ 2)) <= exp x * (g * (1 / 2))) by (apply Rmult_le_compat_l; lra).
    assert (exp x * g <= weights (S n) a * g) by (apply Rmult_le_compat_r; lra). nra.
  - set (l := (n - S k)%nat). assert (Hn : n = (S k + l)%nat) by (unfold l; lia).
    assert (Hl : (0 < l)%nat) by (unfold l; lia). rewrite Hn in Ha, Hb |- *. clearbody l. clear Hn Hk.
    set (j := S k) in *. assert (Hj : (0 < j)%nat) by (unfold j; lia). clearbody j.
    assert (HD : a j + g <= boltz j a) by (apply (mean_above_rest g j l); lra || assumption).
    assert (DA : (boltz j a - a j) * exp (a j) / (weights j a + exp (a j)) <= boltz j a - boltz (j + l) a)
      by (apply (pulled_at_least g); lra || assumption).
    pose proof (mean_below_first j l a b Hj (fun i Hi => eq_sym (E i Hi))) as B.
    set (P := weights j a) in *. set (m := boltz j a) in *. set (e := exp (a j)) in *. set (D := m - a j) in *.
    assert (HP : 0 < P) by now apply weights_pos. assert (He : 0 < e) by apply exp_pos.
    assert (HeP : e <= q * P).
    { apply Rle_trans with (q * exp (a (j - 1)%nat)).
      - rewrite Hq, <- exp_plus. apply exp_le. assert (a j + g <= a (j - 1)%nat) by (apply Ha; lia). lra.
      - apply Rmult_le_compat_l; [lra|]. apply (sum_term_le j (j - 1) (fun i => exp (a i))); [lia|].
        intros; apply Rlt_le, exp_pos. }
    set (rho := D * e / (P + e)) in *. assert (Rho : rho * (P + e) = D * e) by (unfold rho; field; lra).
    assert (DP : D - rho = D * P / (P + e)) by (unfold rho; field; lra).
    assert (DG : g <= D) by (unfold D; lra).
    (* D - ρ ≥ g/(1 + q) *)
    assert (Dr : g <= (D - rho) * (1 + q)).
    { rewrite DP. apply Rmult_le_reg_r with (P + e); [lra|].
      replace (D * P / (P + e) * (1 + q) * (P + e)) with (D * (P * (1 + q))) by (field; lra). nra. }
    set (T := sum l (fun i => exp (b (j + i)%nat))) in B.
    assert (HT : 0 <= T) by (apply sum_nonneg; intros; apply Rlt_le, exp_pos).
    assert (S1 : sum l (fun i => (m - rho - b (j + i)%nat) * exp (b (j + i)%nat))
      < e * ((m - rho - a j) * (q / (1 - q)) + g * (q / (1 - q) ^ 2))).
    { apply (pulls_geometric g q (m - rho) l G1 Hq ltac:(lra) (a j) (fun i => b (j + i)%nat)).
      - unfold D in Dr. nra.
      - intros i i' Hi Hi'. apply Hb; lia.
      - intros i Hi. destruct i; [rewrite Nat.add_0_r; lra|]. assert (b (j + S i)%nat + g <= b j) by (apply Hb; lia). lra. }
    replace (m - rho - a j) with (D - rho) in S1 by (unfold D; ring).
    assert (S2 : (D - rho) * (q / (1 - q)) + g * (q / (1 - q) ^ 2) <= D - rho).
    { apply Rmult_le_reg_r with ((1 - q) ^ 2); [apply pow_lt; lra|].
      replace (((D - rho) * (q / (1 - q)) + g * (q / (1 - q) ^ 2)) * (1 - q) ^ 2)
        with ((D - rho) * q * (1 - q) + g * q) by (field; lra).
      assert (0 < D - rho) by nra. assert (g * q <= (D - rho) * (1 + q) * q) by (apply Rmult_le_compat_r; lra).
      assert (0 <= (D - rho) * (q ^ 2 - 4 * q + 1)) by (apply Rmult_le_pos; lra). nra. }
    assert (S3 : e * ((D - rho) * (q / (1 - q)) + g * (q / (1 - q) ^ 2)) <= e * (D - rho))
      by (apply Rmult_le_compat_l; lra).
    assert (S4 : sum l (fun i => (m - b (j + i)%nat) * exp (b (j + i)%nat)) < rho * (P + T)).
    { replace (sum l (fun i => (m - b (j + i)%nat) * exp (b (j + i)%nat)))
        with (sum l (fun i => (m - rho - b (j + i)%nat) * exp (b (j + i)%nat)) + rho * T); [lra|].
      unfold T. rewrite <- sum_scal_l, <- sum_plus. apply sum_ext. intros; ring. }
    assert (DB : m - boltz (j + l) b < rho); [|lra].
    rewrite B. apply Rmult_lt_reg_r with (P + T); [lra|]. unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra. lra.
Qed.

(** Two vectors in decreasing order, with entries at least ln(2 + √3) apart within each and across both, have the same
    Boltzmann mean only if they are equal, whatever their length (lemma-4.4, reading amended). *)
Theorem boltzmann_injective g n a b :
  ln (2 + sqrt 3) <= g -> spaced g n a -> spaced g n b ->
  (forall i j, (i < n)%nat -> (j < n)%nat -> a i <> b j -> g <= Rabs (a i - b j)) ->
  boltz n a = boltz n b -> forall i, (i < n)%nat -> a i = b i.
Proof.
  intros Hg Ha Hb Across Eq i Hi. destruct (Req_dec (a i) (b i)) as [E|N]; [assumption|]. exfalso. revert Eq.
  apply (by_first_difference (fun a b => boltz n a <> boltz n b) g n a b); try assumption.
  - intros x y H Q. now apply H.
  - now exists i.
  - intros k Hk E H. now apply (values_differ_ordered g n a b k).
  - intros k Hk E H. now apply (values_differ_ordered g n b a k).
Qed.
