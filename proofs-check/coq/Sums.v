(** Finite sums f 0 + … + f (n-1): the lemmas that every other file needs. *)

From Coq Require Import Reals Lra Lia Arith.
From Plumbline Require Import Definitions.
Open Scope R_scope.

(** ** Equalities *)

Lemma sum_ext n f g : (forall i, (i < n)%nat -> f i = g i) -> sum n f = sum n g.
Proof.
  induction n as [|n IH]; intros H; simpl; [reflexivity|].
  rewrite IH by (intros; apply H; lia). now rewrite H by lia.
Qed.

Lemma sum_zero n f : (forall i, (i < n)%nat -> f i = 0) -> sum n f = 0.
Proof.
  induction n as [|n IH]; intros H; simpl; [reflexivity|].
  rewrite IH by (intros; apply H; lia). rewrite H by lia. ring.
Qed.

Lemma sum_const n c : sum n (fun _ => c) = INR n * c.
Proof.
  induction n as [|n IH]; [simpl; ring|].
  rewrite S_INR. simpl sum. rewrite IH. ring.
Qed.

Lemma sum_plus n f g : sum n (fun i => f i + g i) = sum n f + sum n g.
Proof. induction n as [|n IH]; simpl; [|rewrite IH]; ring. Qed.

Lemma sum_minus n f g : sum n (fun i => f i - g i) = sum n f - sum n g.
Proof. induction n as [|n IH]; simpl; [|rewrite IH]; ring. Qed.

Lemma sum_opp n f : sum n (fun i => - f i) = - sum n f.
Proof. induction n as [|n IH]; simpl; [|rewrite IH]; ring. Qed.

Lemma sum_scal_l n c f : sum n (fun i => c * f i) = c * sum n f.
Proof. induction n as [|n IH]; simpl; [|rewrite IH]; ring. Qed.

Lemma sum_scal_r n f c : sum n (fun i => f i * c) = sum n f * c.
Proof. induction n as [|n IH]; simpl; [|rewrite IH]; ring. Qed.

(** The first term, where [sum] itself splits off the last *)
Lemma sum_first n f : sum (S n) f = f O + sum n (fun i => f (S i)).
Proof.
  induction n as [|n IH]; [simpl; ring|].
  change (sum (S (S n)) f) with (sum (S n) f + f (S n)). rewrite IH. simpl. ring.
Qed.

Lemma sum_app n m f : sum (n + m) f = sum n f + sum m (fun i => f (n + i)%nat).
Proof.
  induction m as [|m IH]; [rewrite Nat.add_0_r; simpl; ring|].
  rewrite Nat.add_succ_r. simpl. rewrite IH. ring.
Qed.

(** Rows first or columns first *)
Lemma sum_swap n m (f : nat -> nat -> R) :
  sum n (fun i => sum m (fun j => f i j)) = sum m (fun j => sum n (fun i => f i j)).
Proof.
  induction n as [|n IH]; simpl.
  - now rewrite sum_zero.
  - now rewrite IH, sum_plus.
Qed.

Lemma sum_product n m f g : sum n f * sum m g = sum n (fun i => sum m (fun j => f i * g j)).
Proof.
  rewrite <- sum_scal_r. apply sum_ext. intros i _. now rewrite sum_scal_l.
Qed.

(** The sum that picks one term *)
Lemma sum_single n k f : (k < n)%nat -> sum n (fun i => if Nat.eqb i k then f i else 0) = f k.
Proof.
  induction n as [|n IH]; intros H; [lia|]. simpl.
  destruct (Nat.eq_dec k n) as [->|N].
  - rewrite Nat.eqb_refl, sum_zero; [ring|].
    intros i Hi. destruct (Nat.eqb_spec i n); [lia|reflexivity].
  - rewrite IH by lia. destruct (Nat.eqb_spec n k); [lia|ring].
Qed.

(** A sum of which one term alone is not zero *)
Lemma sum_only n k f : (k < n)%nat -> (forall i, (i < n)%nat -> i <> k -> f i = 0) -> sum n f = f k.
Proof.
  intros H Z. rewrite <- (sum_single n k f H). apply sum_ext. intros i Hi.
  destruct (Nat.eqb_spec i k) as [->|N]; [reflexivity|now apply Z].
Qed.

(** One term and all others *)
Lemma sum_split n k f : (k < n)%nat -> sum n f = f k + sum n (fun i => if Nat.eqb i k then 0 else f i).
Proof.
  intros H. rewrite <- (sum_single n k f H) at 1. rewrite <- sum_plus. apply sum_ext.
  intros i _. destruct (Nat.eqb i k); ring.
Qed.

(** ** Inequalities *)

Lemma sum_le n f g : (forall i, (i < n)%nat -> f i <= g i) -> sum n f <= sum n g.
Proof.
  induction n as [|n IH]; intros H; simpl; [lra|].
  apply Rplus_le_compat; [apply IH; intros; apply H|apply H]; lia.
Qed.

Lemma sum_nonneg n f : (forall i, (i < n)%nat -> 0 <= f i) -> 0 <= sum n f.
Proof. intros H. rewrite <- (sum_zero n (fun _ => 0)) by reflexivity. now apply sum_le. Qed.

Lemma sum_term_le n k f : (k < n)%nat -> (forall i, (i < n)%nat -> 0 <= f i) -> f k <= sum n f.
Proof.
  intros H N. rewrite (sum_split n k f H).
  assert (0 <= sum n (fun i => if Nat.eqb i k then 0 else f i)); [|lra].
  apply sum_nonneg. intros i Hi. destruct (Nat.eqb i k); [lra|now apply N].
Qed.

Lemma sum_lt n k f g : (k < n)%nat -> (forall i, (i < n)%nat -> f i <= g i) -> f k < g k -> sum n f < sum n g.
Proof.
  intros H L S. assert (g k - f k <= sum n (fun i => g i - f i)) as D.
  { apply (sum_term_le n k (fun i => g i - f i) H). intros i Hi. specialize (L i Hi). lra. }
  rewrite sum_minus in D. lra.
Qed.

Lemma sum_pos n f : (0 < n)%nat -> (forall i, (i < n)%nat -> 0 < f i) -> 0 < sum n f.
Proof.
  intros H P. rewrite <- (sum_zero n (fun _ => 0)) by reflexivity.
  apply (sum_lt n O); [assumption|intros; now apply Rlt_le, P|now apply P].
Qed.

Lemma sum_abs n f : Rabs (sum n f) <= sum n (fun i => Rabs (f i)).
Proof.
  induction n as [|n IH]; simpl; [rewrite Rabs_R0; lra|].
  apply Rle_trans with (1 := Rabs_triang _ _). lra.
Qed.

(** Non-negative terms that add up to nothing are nothing. *)
Lemma sum_zero_terms n f :
  (forall i, (i < n)%nat -> 0 <= f i) -> sum n f = 0 -> forall i, (i < n)%nat -> f i = 0.
Proof.
  intros N Z i H. pose proof (sum_term_le n i f H N). specialize (N i H). lra.
Qed.

(** ** Permutations *)

(** s permutes 0 … n-1: it keeps them among themselves and no two become one. *)
Definition permutation (n : nat) (s : nat -> nat) : Prop :=
  (forall i, (i < n)%nat -> (s i < n)%nat) /\
  (forall i j, (i < n)%nat -> (j < n)%nat -> s i = s j -> i = j).

(** How many i < n there are with s i = j *)
Definition fibre (n : nat) (s : nat -> nat) (j : nat) : R := sum n (fun i => if Nat.eqb j (s i) then 1 else 0).

(** A sum along a map of indices counts each value as often as it is hit. *)
Lemma sum_along n m s f :
  (forall i, (i < n)%nat -> (s i < m)%nat) -> sum n (fun i => f (s i)) = sum m (fun j => fibre n s j * f j).
Proof.
  intros H.
  rewrite (sum_ext m _ (fun j => sum n (fun i => if Nat.eqb j (s i) then f j else 0))).
  - rewrite <- sum_swap. apply sum_ext. intros i Hi. now rewrite sum_single by now apply H.
  - intros j _. unfold fibre. rewrite <- sum_scal_r. apply sum_ext. intros i _. destruct (Nat.eqb j (s i)); ring.
Qed.

(** An injection hits nothing twice. *)
Lemma fibre_le_1 n s j : (forall i k, (i < n)%nat -> (k < n)%nat -> s i = s k -> i = k) -> fibre n s j <= 1.
Proof.
  unfold fibre. induction n as [|n IH]; intros inj; simpl; [lra|].
  destruct (Nat.eqb_spec j (s n)) as [E|N].
  - rewrite sum_zero; [lra|]. intros i Hi.
    destruct (Nat.eqb_spec j (s i)) as [E'|]; [|reflexivity].
    assert (i = n) by (apply inj; lia). lia.
  - rewrite Rplus_0_r. apply IH. intros i k Hi Hk. apply inj; lia.
Qed.

(** A permutation hits each index exactly once: never twice, and n times in all. *)
Lemma fibre_permutation n s j : permutation n s -> (j < n)%nat -> fibre n s j = 1.
Proof.
  intros [into inj] Hj.
  assert (sum n (fun j => 1 - fibre n s j) = 0) as Z.
  { pose proof (sum_along n n s (fun _ => 1) into) as A. cbv beta in A. rewrite sum_scal_r in A.
    rewrite sum_minus. lra. }
  assert (1 - fibre n s j = 0); [|lra].
  apply (sum_zero_terms n (fun j => 1 - fibre n s j)); [|exact Z|exact Hj].
  intros i _. pose proof (fibre_le_1 n s i inj). lra.
Qed.

(** The order of the terms does not matter. *)
Theorem sum_permutation n s f : permutation n s -> sum n (fun i => f (s i)) = sum n f.
Proof.
  intros P. rewrite (sum_along n n s f) by apply P.
  apply sum_ext. intros j Hj. rewrite (fibre_permutation n s j P Hj). ring.
Qed.
