(** The α-norm of a matrix, ‖A‖_α = (Σ |A_il|^α)^(1/α), for every real α ≥ 1; the sup norm. *)

From Coq Require Import Reals Lra Lia Arith FunctionalExtensionality.
From Coquelicot Require Import Coquelicot.
From Plumbline Require Import Definitions Sums Powers.
Open Scope R_scope.

(** Convexity: z^a lies above its tangent at c. For z = c e^u the claim is e^(a u) ≥ 1 + a (e^u - 1), and e^u is at most
    e^(a u) / a + (1 - 1/a), since e^y ≥ e^u (1 + y - u) at y = a u and at y = 0. *)
Lemma power_tangent z c a : 1 <= a -> 0 <= z -> 0 < c -> power c a * (1 + a * (z / c - 1)) <= power z a.
Proof.
  intros A Z C. destruct Z as [Z| <-].
  - set (u := ln (z / c)). assert (0 < z / c) as Q by now apply Rdiv_lt_0_compat.
    assert (z / c = exp u) as E by (unfold u; now rewrite exp_ln).
    replace (power z a) with (power c a * exp (a * u)).
    2:{ replace z with (c * exp u) by (rewrite <- E; field; lra). rewrite power_mult by (try apply Rlt_le, exp_pos; lra).
        f_equal. rewrite power_exp, ln_exp by apply exp_pos. reflexivity. }
    apply Rmult_le_compat_l; [apply power_nonneg|]. rewrite E.
    assert (forall y, exp u * (1 + (y - u)) <= exp y) as tangent.
    { intros y. replace (exp y) with (exp u * exp (y - u)) by (rewrite <- exp_plus; f_equal; ring).
      apply Rmult_le_compat_l; [apply Rlt_le, exp_pos|apply exp_ineq1_le]. }
    pose proof (tangent (a * u)) as T1. pose proof (tangent 0) as T0. rewrite exp_0 in T0.
    assert ((a - 1) * (exp u * (1 + (0 - u))) <= (a - 1) * 1) as M by (apply Rmult_le_compat_l; lra). lra.
  - rewrite (power_nonpos 0) by lra. unfold Rdiv. rewrite Rmult_0_l.
    assert (0 <= power c a * (a - 1)); [|lra]. apply Rmult_le_pos; [apply power_nonneg|lra].
Qed.

(** Two numbers that add up to x or more: the sum of their powers is least where they are equal. *)
Lemma power_two u v x a : 1 <= a -> 0 <= u -> 0 <= v -> x <= u + v -> 2 * power (/ 2) a * power x a <= power u a + power v a.
Proof.
  intros A U V X. destruct (Rle_dec x 0) as [N|P].
  - rewrite (power_nonpos x) by exact N. pose proof (power_nonneg u a). pose proof (power_nonneg v a). lra.
  - replace (2 * power (/ 2) a * power x a) with (2 * power (/ 2 * x) a) by (rewrite power_mult by lra; ring).
    pose proof (power_tangent u (/ 2 * x) a A U ltac:(lra)) as TU.
    pose proof (power_tangent v (/ 2 * x) a A V ltac:(lra)) as TV.
    pose proof (power_nonneg (/ 2 * x) a) as Q.
    assert (0 <= power (/ 2 * x) a * (a * (u / (/ 2 * x) + v / (/ 2 * x) - 2))) as M.
    { apply Rmult_le_pos; [exact Q|]. apply Rmult_le_pos; [lra|].
      replace (u / (/ 2 * x) + v / (/ 2 * x) - 2) with ((u + v - x) * (2 / x)) by (field; lra).
      apply Rmult_le_pos; [lra|]. apply Rlt_le, Rdiv_lt_0_compat; lra. }
    lra.
Qed.

Lemma power_continuous a z : 1 <= a -> continuity_pt (fun z => power z a) z.
Proof. intros A. apply continuity_pt_filterlim, continuous_power. lra. Qed.

(** ** Norms of n×d matrices *)

(** ‖A‖_α^α *)
Definition alpha_power (a : R) (n d : nat) (A : matrix) : R := sum n (fun i => sum d (fun l => power (Rabs (A i l)) a)).

Definition alpha_norm (a : R) (n d : nat) (A : matrix) : R := power (alpha_power a n d A) (/ a).

Definition difference (A B : matrix) : matrix := fun i l => A i l - B i l.

(** No entry of A and B differs by more than e: ‖A - B‖_∞ ≤ e. *)
Definition close (n d : nat) (e : R) (A B : matrix) : Prop :=
  forall i l, (i < n)%nat -> (l < d)%nat -> Rabs (A i l - B i l) <= e.

(** K-Lipschitz from n×d to m×d matrices, in the sup norm, and in the α-norm *)
Definition lipschitz (n m d : nat) (K : R) (f : matrix -> matrix) : Prop :=
  forall X Y e, close n d e X Y -> close m d (K * e) (f X) (f Y).

Definition alpha_lipschitz (a : R) (n m d : nat) (K : R) (f : matrix -> matrix) : Prop :=
  forall X Y, alpha_norm a m d (difference (f X) (f Y)) <= K * alpha_norm a n d (difference X Y).

(** Two entries of a column count at least for themselves. *)
Lemma alpha_power_two a n d A i j l :
  (i < n)%nat -> (j < n)%nat -> i <> j -> (l < d)%nat ->
  power (Rabs (A i l)) a + power (Rabs (A j l)) a <= alpha_power a n d A.
Proof.
  intros I J N L. unfold alpha_power.
  assert (forall k, (k < n)%nat -> power (Rabs (A k l)) a <= sum d (fun m => power (Rabs (A k m)) a)) as column.
  { intros k _. apply (sum_term_le d l (fun m => power (Rabs (A k m)) a) L). intros; apply power_nonneg. }
  rewrite (sum_split n i _ I). apply Rplus_le_compat; [now apply column|].
  apply Rle_trans with (1 := column j J).
  apply Rle_trans with ((fun k => if Nat.eqb k i then 0 else sum d (fun m => power (Rabs (A k m)) a)) j).
  - cbv beta. destruct (Nat.eqb_spec j i); [congruence|lra].
  - apply (sum_term_le n j (fun k => if Nat.eqb k i then 0 else sum d (fun m => power (Rabs (A k m)) a)) J).
    intros k _. destruct (Nat.eqb k i); [lra|]. apply sum_nonneg. intros; apply power_nonneg.
Qed.

(** The norms are equivalent: a map that is Lipschitz in the sup norm is so in every α-norm, with another constant. *)
Lemma lipschitz_alpha a n m d K f :
  1 <= a -> 0 <= K -> lipschitz n m d K f -> exists K', 0 <= K' /\ alpha_lipschitz a n m d K' f.
Proof.
  intros A KP L. exists (power (INR m * INR d) (/ a) * K).
  pose proof (pos_INR m) as PM. pose proof (pos_INR d) as PD.
  split; [apply Rmult_le_pos; [apply power_nonneg|exact KP]|]. intros X Y.
  set (e := alpha_norm a n d (difference X Y)). assert (0 <= e) as E by apply power_nonneg.
  assert (close n d e X Y) as near.
  { intros i l I J. rewrite <- (power_root (Rabs (X i l - Y i l)) a) by (try apply Rabs_pos; lra).
    apply power_le; [apply Rinv_0_lt_compat; lra|]. unfold alpha_power, difference.
    apply Rle_trans with (sum d (fun l => power (Rabs (X i l - Y i l)) a)).
    - apply (sum_term_le d l (fun l => power (Rabs (X i l - Y i l)) a) J). intros; apply power_nonneg.
    - apply (sum_term_le n i (fun i => sum d (fun l => power (Rabs (X i l - Y i l)) a)) I).
      intros; apply sum_nonneg; intros; apply power_nonneg. }
  specialize (L X Y e near).
  assert (alpha_power a m d (difference (f X) (f Y)) <= INR m * INR d * power (K * e) a) as B.
  { unfold alpha_power, difference.
    apply Rle_trans with (sum m (fun _ => sum d (fun _ => power (K * e) a))).
    - apply sum_le. intros i I. apply sum_le. intros l J. apply power_le; [lra|]. now apply L.
    - rewrite sum_const, sum_const. lra. }
  unfold alpha_norm at 1. apply Rle_trans with (power (INR m * INR d * power (K * e) a) (/ a)).
  - apply power_le; [apply Rinv_0_lt_compat; lra|exact B].
  - rewrite power_mult by (try apply power_nonneg; now apply Rmult_le_pos).
    rewrite power_root by (try lra; now apply Rmult_le_pos). lra.
Qed.

(** ** The target of the lower bounds: the first token alone *)

Definition keep_first (X : matrix) : matrix := fun i l => if Nat.eqb i 0 then X i l else 0.

Lemma keep_first_lipschitz n d : lipschitz n n d 1 keep_first.
Proof.
  intros X Y e C i l I L. rewrite Rmult_1_l. unfold keep_first. destruct (Nat.eqb i 0); [now apply C|].
  rewrite Rminus_0_r, Rabs_R0. apply Rle_trans with (2 := C i l I L). apply Rabs_pos.
Qed.
