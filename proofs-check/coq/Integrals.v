(** Integrals over the unit cube [0,1]^n as iterated Riemann integrals, and the integral of a power of (a − x_1 − … − x_n)_+ in closed form. *)

From Coq Require Import Reals Lra Lia Arith.
From Coquelicot Require Import Coquelicot.
From Plumbline Require Import Definitions Sums Powers.
Open Scope R_scope.

(** * Integrals over the unit cube *)

(** (x, v_0, v_1, …) *)
Definition cons (x : R) (v : vector) : vector := fun i => match i with O => x | S j => v j end.

Lemma sum_cons n x v : sum (S n) (cons x v) = x + sum n v.
Proof. rewrite sum_first. reflexivity. Qed.

(** ∫ F(x_1, …, x_n) dx_n … dx_1 over [0,1]^n is I: each of the n integrals exists as a Riemann integral. *)
Fixpoint integral (n : nat) (F : vector -> R) (I : R) : Prop :=
  match n with
  | O => F (fun _ => 0) = I
  | S m => exists G : R -> R,
      (forall x, 0 <= x <= 1 -> integral m (fun v => F (cons x v)) (G x)) /\ is_RInt G 0 1 I
  end.

Definition in_cube (n : nat) (v : vector) : Prop := forall i, (i < n)%nat -> 0 <= v i <= 1.

Lemma in_cube_cons n x v : 0 <= x <= 1 -> in_cube n v -> in_cube (S n) (cons x v).
Proof. intros Hx Hv [|i] Hi; [exact Hx|apply Hv; lia]. Qed.

Lemma integral_ext n F G I : (forall v, in_cube n v -> F v = G v) -> integral n F I -> integral n G I.
Proof.
  revert F G I. induction n as [|n IH]; intros F G I H; cbn.
  - intros <-. symmetry. apply H. intros i Hi. lia.
  - intros (g & Hg & HI). exists g. split; [|exact HI]. intros x Hx.
    apply (IH (fun v => F (cons x v))); [|now apply Hg]. intros v Hv. now apply H, in_cube_cons.
Qed.

Lemma integral_unique n F I J : integral n F I -> integral n F J -> I = J.
Proof.
  revert F I J. induction n as [|n IH]; intros F I J; cbn; [congruence|].
  intros (g & Hg & HI) (h & Hh & HJ).
  rewrite <- (is_RInt_unique (V := R_CompleteNormedModule) h 0 1 J HJ).
  symmetry. apply (is_RInt_unique (V := R_CompleteNormedModule)).
  apply (is_RInt_ext g); [|exact HI]. rewrite Rmin_left, Rmax_right by lra. intros x Hx.
  apply (IH (fun v => F (cons x v))); [apply Hg|apply Hh]; lra.
Qed.

Lemma integral_value n F I J : integral n F I -> I = J -> integral n F J.
Proof. now intros H <-. Qed.

Lemma integral_plus n F G I J : integral n F I -> integral n G J -> integral n (fun v => F v + G v) (I + J).
Proof.
  revert F G I J. induction n as [|n IH]; intros F G I J; cbn; [now intros -> ->|].
  intros (f & Hf & HI) (g & Hg & HJ). exists (fun x => f x + g x). split.
  - intros x Hx. apply (IH (fun v => F (cons x v)) (fun v => G (cons x v))); auto.
  - now apply (is_RInt_plus f g).
Qed.

Lemma integral_scal n F I c : integral n F I -> integral n (fun v => c * F v) (c * I).
Proof.
  revert F I. induction n as [|n IH]; intros F I; cbn; [now intros ->|].
  intros (f & Hf & HI). exists (fun x => c * f x). split.
  - intros x Hx. apply (IH (fun v => F (cons x v))); auto.
  - now apply (is_RInt_scal f).
Qed.

Lemma integral_const n c : integral n (fun _ => c) c.
Proof.
  induction n as [|n IH]; cbn; [reflexivity|]. exists (fun _ => c). split; [intros; exact IH|].
  pose proof (is_RInt_const (V := R_NormedModule) 0 1 c) as H. unfold scal in H. cbn in H. unfold mult in H. cbn in H.
  now rewrite Rminus_0_r, Rmult_1_l in H.
Qed.

(** The mean of a sum of n uniform numbers is n/2. *)
Lemma integral_sum n c : integral n (fun v => c + sum n v) (c + INR n / 2).
Proof.
  revert c. induction n as [|n IH]; intros c; [cbn; lra|].
  exists (fun x => c + x + INR n / 2). split.
  - intros x _. apply (integral_ext n (fun v => c + x + sum n v)); [|apply IH].
    intros v _. rewrite sum_cons. ring.
  - replace (c + INR (S n) / 2) with (minus (c * 1 + 1 * 1 / 2 + INR n / 2 * 1) (c * 0 + 0 * 0 / 2 + INR n / 2 * 0))
      by (rewrite S_INR; unfold minus, plus, opp; cbn; lra).
    apply (is_RInt_derive (fun x => c * x + x * x / 2 + INR n / 2 * x)).
    + intros x _. auto_derive; [exact I|]. lra.
    + intros x _. apply (continuous_plus (fun x => c + x)); [|apply continuous_const].
      apply (continuous_plus (fun _ => c)); [apply continuous_const|apply continuous_id].
Qed.

(** * (a − x_1 − … − x_n)_+ *)

(** The n-th backward difference Σ_k (−1)^k C(n,k) g(a − k) *)
Fixpoint difference (n : nat) (g : R -> R) (a : R) : R :=
  match n with
  | O => g a
  | S m => difference m g a - difference m g (a - 1)
  end.

(** (α + 1) (α + 2) … (α + n) *)
Fixpoint rising (alpha : R) (n : nat) : R :=
  match n with
  | O => 1
  | S m => rising alpha m * (alpha + INR n)
  end.

Lemma rising_pos alpha n : 0 < alpha -> 0 < rising alpha n.
Proof.
  intros H. induction n as [|n IH]; [cbn; lra|]. change (0 < rising alpha n * (alpha + INR (S n))).
  apply Rmult_lt_0_compat; [exact IH|]. pose proof (pos_INR (S n)). lra.
Qed.

Lemma difference_le_1 n g a : a <= 1 -> (forall x, x <= 0 -> g x = 0) -> difference n g a = g a.
Proof.
  intros Ha Hg.
  assert (Hzero : forall m x, x <= 0 -> difference m g x = 0).
  { induction m as [|m IH]; intros x Hx; cbn; [now apply Hg|]. rewrite !IH by lra. ring. }
  induction n as [|n IH]; cbn; [reflexivity|]. rewrite IH, Hzero by lra. ring.
Qed.

(** ∫_0^1 (a − x)_+^β dx is the difference of (a)_+^(β+1) and (a − 1)_+^(β+1), divided by β + 1. *)
Lemma is_RInt_power beta a : 0 < beta ->
  is_RInt (fun x => power (a - x) beta) 0 1 ((power a (beta + 1) - power (a - 1) (beta + 1)) / (beta + 1)).
Proof.
  intros Hb.
  replace ((power a (beta + 1) - power (a - 1) (beta + 1)) / (beta + 1))
    with (minus (- power (a - 1) (beta + 1) / (beta + 1)) (- power (a - 0) (beta + 1) / (beta + 1)))
    by (rewrite Rminus_0_r; unfold minus, plus, opp; cbn; field; lra).
  apply (is_RInt_derive (fun x => - power (a - x) (beta + 1) / (beta + 1))).
  - intros x _.
    replace (power (a - x) beta) with (- / (beta + 1) * (- 1 * ((beta + 1) * power (a - x) (beta + 1 - 1)))).
    + apply (is_derive_ext (fun x => - / (beta + 1) * power (a - x) (beta + 1))); [intros t; cbn; field; lra|].
      apply (is_derive_scal (fun x => power (a - x) (beta + 1))).
      apply (is_derive_comp (fun t => power t (beta + 1)) (fun x => a - x)).
      * apply is_derive_power. lra.
      * auto_derive; [exact I|ring].
    + replace (beta + 1 - 1) with beta by ring. field. lra.
  - intros x _. apply (continuous_comp (fun x => a - x) (fun t => power t beta)).
    + apply (continuous_minus (fun _ => a) (fun x : R => x)); [apply continuous_const|apply continuous_id].
    + now apply continuous_power.
Qed.

Lemma is_RInt_difference n beta a : 0 < beta ->
  is_RInt (fun x => difference n (fun t => power t beta) (a - x)) 0 1
    (difference (S n) (fun t => power t (beta + 1)) a / (beta + 1)).
Proof.
  intros Hb. revert a. induction n as [|n IH]; intros a; [now apply is_RInt_power|].
  apply (is_RInt_ext (fun x => minus (difference n (fun t => power t beta) (a - x))
    (difference n (fun t => power t beta) (a - 1 - x)))).
  { intros x _. cbn. now replace (a - x - 1) with (a - 1 - x) by ring. }
  replace (difference (S (S n)) (fun t => power t (beta + 1)) a / (beta + 1))
    with (minus (difference (S n) (fun t => power t (beta + 1)) a / (beta + 1))
      (difference (S n) (fun t => power t (beta + 1)) (a - 1) / (beta + 1)))
    by (unfold minus, plus, opp; cbn; field; lra).
  apply (is_RInt_minus (V := R_NormedModule)); apply IH.
Qed.

(** ∫ (a − x_1 − … − x_n)_+^α over [0,1]^n = Σ_k (−1)^k C(n,k) (a − k)_+^(α+n) / ((α+1)…(α+n)) *)
Lemma integral_power n alpha a : 0 < alpha ->
  integral n (fun v => power (a - sum n v) alpha)
    (difference n (fun t => power t (alpha + INR n)) a / rising alpha n).
Proof.
  intros Halpha. revert a. induction n as [|n IH]; intros a.
  - cbn. rewrite Rminus_0_r, Rplus_0_r. field.
  - exists (fun x => difference n (fun t => power t (alpha + INR n)) (a - x) / rising alpha n). split.
    + intros x _. apply (integral_ext n (fun v => power (a - x - sum n v) alpha)); [|apply IH].
      intros v _. rewrite sum_cons. f_equal. ring.
    + assert (Hr := rising_pos alpha n Halpha). pose proof (pos_INR n).
      replace (difference (S n) (fun t => power t (alpha + INR (S n))) a / rising alpha (S n))
        with (/ rising alpha n * (difference (S n) (fun t => power t (alpha + INR n + 1)) a / (alpha + INR n + 1))).
      * apply (is_RInt_ext (fun x => / rising alpha n * difference n (fun t => power t (alpha + INR n)) (a - x)));
          [intros; cbn; field; lra|].
        apply (is_RInt_scal (fun x => difference n (fun t => power t (alpha + INR n)) (a - x))).
        apply is_RInt_difference. lra.
      * cbn [rising]. rewrite S_INR, <- !Rplus_assoc. field. split; lra.
Qed.

(** For a ≤ 1 one term is left. *)
Lemma integral_power_le_1 n alpha a : 0 < alpha -> a <= 1 ->
  integral n (fun v => power (a - sum n v) alpha) (power a (alpha + INR n) / rising alpha n).
Proof.
  intros Halpha Ha.
  rewrite <- (difference_le_1 n (fun t => power t (alpha + INR n)) a Ha) by (intros; now apply power_nonpos).
  now apply integral_power.
Qed.
