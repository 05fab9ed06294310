(** How Examples.v evaluates the definitions on small rational inputs: equalities by computation, enclosures of what holds an
    exponential by interval arithmetic.

    The interval tactic runs on the integers of Coq's standard library here, not on the machine's, so that its proofs rest on
    no other axioms than those of the real numbers. *)

From Coq Require Import Reals ZArith List Lra.
From Interval Require Import Tactic.
From Interval.Float Require Import Specific_stdz Specific_ops.
From Plumbline Require Import Definitions Equivariance.
Open Scope R_scope.

Module Digits := SpecificFloat StdZRadix2.
Module Intervals := IntervalTactic Digits.
Import Intervals.

(** A matrix of which the rows are given *)
Definition of_rows (rows : list (list R)) : matrix := fun i j => nth j (nth i rows nil) 0.

(** A vector of which the entries are given *)
Definition of_entries (entries : list R) : vector := fun j => nth j entries 0.

(** The rows of an n×d matrix *)
Definition to_rows (n d : nat) (A : matrix) : list (list R) := map (fun i => map (A i) (seq 0 d)) (seq 0 n).

(** Sides of the scales, coarsest first *)
Definition of_sides (sides : list nat) (r : nat) : nat := nth r sides O.

(** No entry of A is more than e from the one of B. *)
Definition enclosed (e : R) (A B : list (list R)) : Prop := Forall2 (Forall2 (fun a b => Rabs (a - b) <= e)) A B.

(** The kernels at a phase u in [0, 1] *)
Lemma bspline_weights u : 0 <= u <= 1 ->
  bspline (u - -1) = (1 - u) ^ 3 / 6 /\ bspline (u - 0) = 2 / 3 - u ^ 2 + u ^ 3 / 2 /\
  bspline (u - 1) = 2 / 3 - (1 - u) ^ 2 + (1 - u) ^ 3 / 2 /\ bspline (u - 2) = u ^ 3 / 6.
Proof.
  intros U. unfold bspline.
  rewrite (Rabs_right (u - -1)), (Rabs_right (u - 0)), (Rabs_left1 (u - 1)), (Rabs_left1 (u - 2)) by lra.
  repeat split; repeat (destruct Rle_dec; try lra);
    try (assert (u = 0) as -> by lra; field); try (assert (u = 1) as -> by lra; field); field.
Qed.

Lemma keys_weights a u : 0 <= u <= 1 ->
  keys a (u - -1) = a * u * (1 - u) ^ 2 /\ keys a (u - 0) = (a + 2) * u ^ 3 - (a + 3) * u ^ 2 + 1 /\
  keys a (u - 1) = (a + 2) * (1 - u) ^ 3 - (a + 3) * (1 - u) ^ 2 + 1 /\ keys a (u - 2) = a * u ^ 2 * (1 - u).
Proof.
  intros U. unfold keys.
  rewrite (Rabs_right (u - -1)), (Rabs_right (u - 0)), (Rabs_left1 (u - 1)), (Rabs_left1 (u - 2)) by lra.
  repeat split; repeat (destruct Rle_dec; try lra);
    try (assert (u = 0) as -> by lra; field); try (assert (u = 1) as -> by lra; field); field.
Qed.

(** Reduces to arithmetic on the entries. *)
Ltac reduce :=
  cbv -[Rplus Rmult Ropp Rminus Rdiv Rinv IZR bspline keys exp Rabs Rmax pow Rle].

Ltac weights :=
  repeat match goal with
  | |- context [bspline (?u - 0)] =>
      let W := fresh in pose proof (bspline_weights u ltac:(lra)) as W;
      rewrite ?(proj1 W), ?(proj1 (proj2 W)), ?(proj1 (proj2 (proj2 W))), ?(proj2 (proj2 (proj2 W))); clear W
  | |- context [keys ?a (?u - 0)] =>
      let W := fresh in pose proof (keys_weights a u ltac:(lra)) as W;
      rewrite ?(proj1 W), ?(proj1 (proj2 W)), ?(proj1 (proj2 (proj2 W))), ?(proj2 (proj2 (proj2 W))); clear W
  | |- context [bspline 0] =>
      let W := fresh in pose proof bspline_taps as W;
      rewrite ?(proj1 W), ?(proj1 (proj2 W)), ?(proj1 (proj2 (proj2 W))), ?(proj2 (proj2 (proj2 W))); clear W
  | |- context [keys ?a 0] =>
      let W := fresh in pose proof (keys_taps a) as W;
      rewrite ?(proj1 W), ?(proj1 (proj2 W)), ?(proj1 (proj2 (proj2 W))), ?(proj2 (proj2 (proj2 W))); clear W
  end.

Ltac rectify :=
  repeat match goal with
  | |- context [Rmax 0 ?x] => first [rewrite (Rmax_left 0 x) by lra | rewrite (Rmax_right 0 x) by lra]
  end.

(** Proves that a layer returns given numbers, entry by entry. *)
Ltac evaluate :=
  reduce; weights; rectify; repeat (match goal with |- cons _ _ = cons _ _ => apply f_equal2 end); try reflexivity; lra.

(** The interval tactic knows the absolute value, not the maximum. *)
Lemma Rmax_Rabs x : Rmax 0 x = (x + Rabs x) / 2.
Proof. unfold Rmax, Rabs. destruct (Rle_dec 0 x), (Rcase_abs x); lra. Qed.

(** Proves that it returns numbers near given ones; 100 bits. *)
Ltac enclose :=
  reduce; weights; rewrite ?Rmax_Rabs; repeat (apply Forall2_cons || apply Forall2_nil); interval with (i_prec 100).
