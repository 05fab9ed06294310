(** Softmax (Definition B.1) is positive, sums to one, does not see a common shift, grows with its own score and falls with
    every other, and is Lipschitz with constant 1/2 in the norm of the largest entry, for every n. Attention (Definition B.3)
    takes convex combinations of its value rows, which bounds what it returns. *)

From Coq Require Import Reals Lra Lia Arith.
From Plumbline Require Import Definitions Sums.
Open Scope R_scope.

(** ** A distribution *)

Lemma exponentials_pos n z : (0 < n)%nat -> 0 < sum n (fun k => exp (z k)).
Proof. intros H. apply sum_pos; [assumption|intros; apply exp_pos]. Qed.

(** def-b.1: every probability is positive. *)
Theorem softmax_pos n z j : (0 < n)%nat -> 0 < softmax n z j.
Proof. intros H. apply Rdiv_lt_0_compat; [apply exp_pos|now apply exponentials_pos]. Qed.

(** def-b.1: they sum to 1. *)
Theorem softmax_sum n z : (0 < n)%nat -> sum n (softmax n z) = 1.
Proof.
  intros H. pose proof (exponentials_pos n z H). unfold softmax, Rdiv.
  rewrite sum_scal_r. field. lra.
Qed.

(** def-b.1: none exceeds 1, *)
Theorem softmax_le_1 n z j : (j < n)%nat -> softmax n z j <= 1.
Proof.
  intros H. rewrite <- (softmax_sum n z) by lia. apply (sum_term_le n j (softmax n z) H).
  intros; apply Rlt_le, softmax_pos; lia.
Qed.

(** and with two scores or more none reaches it. *)
Theorem softmax_lt_1 n z j : (j < n)%nat -> (2 <= n)%nat -> softmax n z j < 1.
Proof.
  intros H N. rewrite <- (softmax_sum n z) by lia. rewrite (sum_split n j _ H).
  pose (k := if Nat.eqb j 0 then 1%nat else 0%nat).
  assert (k < n /\ k <> j)%nat as [K NE] by (unfold k; destruct (Nat.eqb_spec j 0); lia).
  assert (softmax n z k <= sum n (fun i => if Nat.eqb i j then 0 else softmax n z i)) as L.
  { replace (softmax n z k) with ((fun i => if Nat.eqb i j then 0 else softmax n z i) k)
      by (cbv beta; destruct (Nat.eqb_spec k j); [contradiction|reflexivity]).
    apply (sum_term_le n k (fun i => if Nat.eqb i j then 0 else softmax n z i)); [assumption|].
    intros i _. destruct (Nat.eqb i j); [lra|]. apply Rlt_le, softmax_pos; lia. }
  pose proof (softmax_pos n z k ltac:(lia)). lra.
Qed.

(** Scores count up to n alone. *)
Lemma softmax_ext n y z j : (j < n)%nat -> (forall i, (i < n)%nat -> y i = z i) -> softmax n y j = softmax n z j.
Proof.
  intros H E. unfold softmax. rewrite E by assumption. f_equal.
  apply sum_ext. intros i Hi. now rewrite E.
Qed.

(** def-b.1: a number added to all scores changes nothing, since exp turns it into a common factor. *)
Theorem softmax_shift n z c j : (0 < n)%nat -> softmax n (fun k => z k + c) j = softmax n z j.
Proof.
  intros H. unfold softmax. rewrite (sum_ext n _ (fun k => exp (z k) * exp c)) by (intros; apply exp_plus).
  rewrite sum_scal_r, exp_plus. pose proof (exponentials_pos n z H). pose proof (exp_pos c). field. lra.
Qed.

(** def-b.1: the order of two probabilities is the order of their scores. *)
Theorem softmax_order n z i j : (0 < n)%nat -> z i < z j <-> softmax n z i < softmax n z j.
Proof.
  intros H. pose proof (exponentials_pos n z H) as P. pose proof (Rinv_0_lt_compat _ P) as I. unfold softmax, Rdiv. split.
  - intros L. apply Rmult_lt_compat_r; [assumption|]. now apply exp_increasing.
  - intros L. apply exp_lt_inv. now apply Rmult_lt_reg_r with (1 := I).
Qed.

(** ** Monotone

    With the other exponentials in one number, p_j = e / (e + o). *)

(** The exponentials of all scores but z_j *)
Definition others (n : nat) (z : vector) (j : nat) : R := sum n (fun k => if Nat.eqb k j then 0 else exp (z k)).

Lemma others_nonneg n z j : 0 <= others n z j.
Proof. apply sum_nonneg. intros k _. destruct (Nat.eqb k j); [lra|]. apply Rlt_le, exp_pos. Qed.

Lemma softmax_others n z j : (j < n)%nat -> softmax n z j = exp (z j) / (exp (z j) + others n z j).
Proof. intros H. unfold softmax, others. now rewrite (sum_split n j _ H). Qed.

Lemma others_le n x y j c :
  (forall k, (k < n)%nat -> k <> j -> x k <= y k + c) -> others n x j <= exp c * others n y j.
Proof.
  intros H. unfold others. rewrite <- sum_scal_l. apply sum_le. intros k Hk.
  destruct (Nat.eqb_spec k j) as [|N]; [lra|]. rewrite <- exp_plus.
  destruct (Req_dec (x k) (c + y k)) as [->|D]; [lra|].
  apply Rlt_le, exp_increasing. specialize (H k Hk N). lra.
Qed.

(** e / (e + o) grows with e and falls with o. *)
Lemma share_le e1 o1 e2 o2 :
  0 < e1 -> 0 <= o1 -> 0 < e2 -> 0 <= o2 -> e1 * o2 <= e2 * o1 -> e1 / (e1 + o1) <= e2 / (e2 + o2).
Proof.
  intros. apply Rmult_le_reg_r with (e1 + o1); [lra|]. apply Rmult_le_reg_r with (e2 + o2); [lra|].
  replace (e1 / (e1 + o1) * (e1 + o1) * (e2 + o2)) with (e1 * (e2 + o2)) by (field; lra).
  replace (e2 / (e2 + o2) * (e1 + o1) * (e2 + o2)) with (e2 * (e1 + o1)) by (field; lra). lra.
Qed.

(** def-b.1: p_j does not fall if z_j grows and the other scores fall or stay. *)
Theorem softmax_monotone n x y j :
  (j < n)%nat -> x j <= y j -> (forall k, (k < n)%nat -> k <> j -> y k <= x k) -> softmax n x j <= softmax n y j.
Proof.
  intros H L G. rewrite !softmax_others by assumption.
  apply share_le; try apply exp_pos; try apply others_nonneg.
  apply Rmult_le_compat; [apply Rlt_le, exp_pos|apply others_nonneg| |].
  - destruct L as [L| ->]; [now apply Rlt_le, exp_increasing|lra].
  - rewrite <- (Rmult_1_l (others n x j)), <- exp_0. apply others_le. intros k Hk N. specialize (G k Hk N). lra.
Qed.

(** def-b.1: strictly so in its own score, if there is another; *)
Theorem softmax_increasing n x y j :
  (2 <= n)%nat -> (j < n)%nat -> x j < y j -> (forall k, (k < n)%nat -> k <> j -> y k = x k) ->
  softmax n x j < softmax n y j.
Proof.
  intros N H L E. assert (others n y j = others n x j) as O.
  { apply sum_ext. intros k Hk. destruct (Nat.eqb_spec k j); [reflexivity|]. now rewrite E. }
  rewrite !softmax_others, O by assumption.
  assert (0 < others n x j) as P.
  { pose proof (softmax_lt_1 n x j H N) as B. rewrite softmax_others in B by assumption.
    pose proof (exp_pos (x j)) as Q. destruct (others_nonneg n x j) as [|Z]; [assumption|].
    rewrite <- Z in B. replace (exp (x j) / (exp (x j) + 0)) with 1 in B by (field; lra). lra. }
  pose proof (exp_pos (x j)). pose proof (exp_increasing _ _ L).
  apply Rmult_lt_reg_r with (exp (x j) + others n x j); [lra|].
  apply Rmult_lt_reg_r with (exp (y j) + others n x j); [lra|].
  replace (exp (x j) / (exp (x j) + others n x j) * (exp (x j) + others n x j) * (exp (y j) + others n x j))
    with (exp (x j) * (exp (y j) + others n x j)) by (field; lra).
  replace (exp (y j) / (exp (y j) + others n x j) * (exp (x j) + others n x j) * (exp (y j) + others n x j))
    with (exp (y j) * (exp (x j) + others n x j)) by (field; lra).
  assert (exp (x j) * others n x j < exp (y j) * others n x j) by (apply Rmult_lt_compat_r; lra). lra.
Qed.

(** def-b.1: and strictly falling in every other score. *)
Theorem softmax_decreasing n x y i j :
  (i < n)%nat -> (j < n)%nat -> i <> j -> x i < y i -> (forall k, (k < n)%nat -> k <> i -> y k = x k) ->
  softmax n y j < softmax n x j.
Proof.
  intros Hi Hj N L E. unfold softmax. rewrite (E j Hj) by auto. apply Rmult_lt_compat_l; [apply exp_pos|].
  apply Rinv_lt_contravar.
  - apply Rmult_lt_0_compat; apply exponentials_pos; lia.
  - apply (sum_lt n i); [assumption| |now apply exp_increasing].
    intros k Hk. destruct (Nat.eq_dec k i) as [->|D]; [now apply Rlt_le, exp_increasing|rewrite E by assumption; lra].
Qed.

(** ** Lipschitz

    If no score differs by more than δ, then p_j(x) is at most what it becomes when z_j grows by δ and all others fall by δ:
    with p = p_j(y) and a = exp δ that is p a² / (p a² + 1 - p). The gain over p is p (1 - p) (a² - 1) / (p a² + 1 - p), at
    most (a - 1) / (a + 1) = tanh (δ/2), since p a² + 1 - p - p (1 - p) (a + 1)² is the square (p a - (1 - p))². And
    tanh (δ/2) ≤ δ/2. *)

Lemma Rabs_bounds u c : Rabs u <= c -> - c <= u <= c.
Proof. unfold Rabs. destruct (Rcase_abs u); lra. Qed.

Lemma share_gain p a : 0 <= p <= 1 -> 1 <= a -> p * a ^ 2 / (p * a ^ 2 + (1 - p)) - p <= (a - 1) / (a + 1).
Proof.
  intros P A.
  assert (0 < p * a ^ 2 + (1 - p)) as D.
  { destruct (Req_dec p 0) as [->|]; [lra|]. assert (0 < p * a ^ 2); [|lra].
    apply Rmult_lt_0_compat; [lra|]. apply pow_lt. lra. }
  assert ((a - 1) / (a + 1) - (p * a ^ 2 / (p * a ^ 2 + (1 - p)) - p) =
          (a - 1) * (p * a - (1 - p)) ^ 2 / ((a + 1) * (p * a ^ 2 + (1 - p)))) as E by (field; lra).
  assert (0 <= (a - 1) * (p * a - (1 - p)) ^ 2 / ((a + 1) * (p * a ^ 2 + (1 - p)))); [|lra].
  apply Rmult_le_pos; [apply Rmult_le_pos; [lra|apply pow2_ge_0]|].
  apply Rlt_le, Rinv_0_lt_compat, Rmult_lt_0_compat; lra.
Qed.

(** def-b.1: softmax moves by at most tanh (δ/2) = (e^δ - 1) / (e^δ + 1) if the scores move by at most δ. *)
Theorem softmax_tanh n x y delta j :
  (j < n)%nat -> (forall k, (k < n)%nat -> Rabs (x k - y k) <= delta) ->
  Rabs (softmax n x j - softmax n y j) <= (exp delta - 1) / (exp delta + 1).
Proof.
  assert (forall x y, (j < n)%nat -> (forall k, (k < n)%nat -> Rabs (x k - y k) <= delta) ->
    softmax n x j - softmax n y j <= (exp delta - 1) / (exp delta + 1)) as half.
  { clear x y. intros x y H D.
    assert (0 <= delta) as P by (apply Rle_trans with (2 := D j H); apply Rabs_pos).
    set (p := softmax n y j). set (a := exp delta).
    assert (1 <= a) as A.
    { unfold a. rewrite <- exp_0. destruct P as [P| <-]; [now apply Rlt_le, exp_increasing|lra]. }
    assert (0 <= p <= 1) as B by (split; [apply Rlt_le, softmax_pos; lia|now apply softmax_le_1]).
    apply Rle_trans with (2 := share_gain p a B A). apply Rplus_le_compat_r.
    set (e := exp (y j)). set (o := others n y j).
    assert (0 < e) by apply exp_pos. assert (0 <= o) by apply others_nonneg.
    assert (0 < a) by lra. assert (0 < a ^ 2) by now apply pow_lt.
    assert (0 < e * a ^ 2) by now apply Rmult_lt_0_compat.
    replace (p * a ^ 2 / (p * a ^ 2 + (1 - p))) with ((a * e) / (a * e + o / a)).
    - rewrite softmax_others by assumption. apply share_le.
      + apply exp_pos.
      + apply others_nonneg.
      + now apply Rmult_lt_0_compat.
      + apply Rmult_le_pos; [assumption|]. now apply Rlt_le, Rinv_0_lt_compat.
      + apply Rle_trans with (a * e * (o / a)).
        * apply Rmult_le_compat_r; [apply Rmult_le_pos; [assumption|now apply Rlt_le, Rinv_0_lt_compat]|].
          unfold a, e. rewrite <- exp_plus. specialize (D j H). apply Rabs_bounds in D.
          destruct (Req_dec (x j) (delta + y j)) as [->|]; [lra|]. apply Rlt_le, exp_increasing. lra.
        * apply Rmult_le_compat_l; [apply Rlt_le, Rmult_lt_0_compat; assumption|].
          apply Rmult_le_reg_l with a; [assumption|]. replace (a * (o / a)) with o by (field; lra).
          apply others_le. intros k Hk _. specialize (D k Hk). apply Rabs_bounds in D. lra.
    - unfold p. rewrite softmax_others by assumption. fold e. fold o. field. repeat split; lra. }
  intros H D. apply Rabs_le. split; [|now apply half].
  assert (softmax n y j - softmax n x j <= (exp delta - 1) / (exp delta + 1)); [|lra].
  apply half; [assumption|]. intros k Hk. rewrite Rabs_minus_sym. now apply D.
Qed.

(** tanh (δ/2) ≤ δ/2: (2 + t) - (2 - t) exp t is 0 at 0 and has the derivative 1 - (1 - t) exp t, which is not negative
    since 1 - t ≤ exp (-t). *)
Lemma tanh_le t : 0 <= t -> (exp t - 1) / (exp t + 1) <= t / 2.
Proof.
  intros T. pose proof (exp_pos t).
  assert (0 <= (2 + t) - (2 - t) * exp t) as G.
  { destruct T as [T| <-]; [|rewrite exp_0; lra].
    pose (f := fun u => (2 + u) - (2 - u) * exp u).
    assert (forall u, derivable_pt_lim f u (1 - (1 - u) * exp u)) as derivative.
    { intros u. unfold f. replace (1 - (1 - u) * exp u) with ((0 + 1) - ((0 - 1) * exp u + (2 - u) * exp u)) by ring.
      apply derivable_pt_lim_minus.
      - apply derivable_pt_lim_plus; [apply derivable_pt_lim_const|apply derivable_pt_lim_id].
      - apply (derivable_pt_lim_mult (fun u => 2 - u) exp); [|apply derivable_pt_lim_exp].
        apply derivable_pt_lim_minus; [apply derivable_pt_lim_const|apply derivable_pt_lim_id]. }
    destruct (MVT_cor2 f (fun u => 1 - (1 - u) * exp u) 0 t T) as [u [E B]]; [intros; apply derivative|].
    assert (f 0 = 0) as Z by (unfold f; rewrite exp_0; ring). fold (f t).
    assert (0 <= 1 - (1 - u) * exp u) as D.
    { pose proof (exp_ineq1_le (- u)) as I. pose proof (exp_pos u) as P.
      assert ((1 - u) * exp u <= exp (- u) * exp u) as M by (apply Rmult_le_compat_r; lra).
      rewrite <- exp_plus in M. replace (- u + u) with 0 in M by ring. rewrite exp_0 in M. lra. }
    pose proof (Rmult_le_pos _ (t - 0) D ltac:(lra)). lra. }
  apply Rmult_le_reg_r with (2 * (exp t + 1)); [lra|].
  replace ((exp t - 1) / (exp t + 1) * (2 * (exp t + 1))) with (2 * (exp t - 1)) by (field; lra).
  replace (t / 2 * (2 * (exp t + 1))) with (t * (exp t + 1)) by field. lra.
Qed.

(** def-b.1: ‖softmax x - softmax y‖_∞ ≤ ½ ‖x - y‖_∞. *)
Theorem softmax_lipschitz n x y delta j :
  (j < n)%nat -> (forall k, (k < n)%nat -> Rabs (x k - y k) <= delta) ->
  Rabs (softmax n x j - softmax n y j) <= / 2 * delta.
Proof.
  intros H D. apply Rle_trans with (1 := softmax_tanh n x y delta j H D).
  replace (/ 2 * delta) with (delta / 2) by field.
  apply tanh_le. apply Rle_trans with (2 := D j H). apply Rabs_pos.
Qed.

(** def-b.1: no constant below 1/2 will do, already for two scores: from (0, 0) to (t, -t) the first probability grows by
    (a - 1) / (2 (a + 1)) with a = exp (2 t) ≥ 1 + 2 t, so by t / (2 + 2 t) or more. *)
Theorem softmax_lipschitz_best c :
  (forall x y delta j, (j < 2)%nat -> (forall k, (k < 2)%nat -> Rabs (x k - y k) <= delta) ->
    Rabs (softmax 2 x j - softmax 2 y j) <= c * delta) ->
  / 2 <= c.
Proof.
  intros L.
  assert (forall t, 0 < t -> / (2 + 2 * t) <= c) as bound.
  { intros t T. pose (x := fun k : nat => if Nat.eqb k 0 then t else - t).
    specialize (L x (fun _ => 0) t 0%nat ltac:(lia)).
    assert (forall k, (k < 2)%nat -> Rabs (x k - 0) <= t) as D.
    { intros k _. unfold x. destruct (Nat.eqb k 0); apply Rabs_le; lra. }
    specialize (L D). unfold softmax, x in L. simpl in L. rewrite exp_0 in L.
    assert (exp t = exp (2 * t) * exp (- t)) as E by (rewrite <- exp_plus; f_equal; ring).
    pose proof (exp_ineq1_le (2 * t)) as I. pose proof (exp_pos (- t)) as P. rewrite E in L.
    set (a := exp (2 * t)) in *. set (b := exp (- t)) in *.
    assert (0 < a * b) by (apply Rmult_lt_0_compat; lra).
    replace (a * b / (0 + a * b + b) - 1 / (0 + 1 + 1)) with ((a - 1) / (2 * (a + 1))) in L by (field; split; lra).
    assert (t / (2 + 2 * t) <= (a - 1) / (2 * (a + 1))) as M.
    { apply Rmult_le_reg_r with (2 + 2 * t); [lra|]. apply Rmult_le_reg_r with (2 * (a + 1)); [lra|].
      replace (t / (2 + 2 * t) * (2 + 2 * t) * (2 * (a + 1))) with (t * (2 * (a + 1))) by (field; lra).
      replace ((a - 1) / (2 * (a + 1)) * (2 + 2 * t) * (2 * (a + 1))) with ((a - 1) * (2 + 2 * t)) by (field; lra). lra. }
    assert (t / (2 + 2 * t) <= c * t) as C by (apply Rle_trans with (1 := M), Rle_trans with (2 := L), Rle_abs).
    apply Rmult_le_reg_r with t; [assumption|]. unfold Rdiv in C. lra. }
  apply Rnot_lt_le. intros N.
  assert (0 < c) as P by (apply Rlt_le_trans with (2 := bound 1 ltac:(lra)); lra).
  (* at t = (1 - 2 c) / (4 c) the bound is 2 c / (1 + 2 c), above c *)
  assert (0 < (1 - 2 * c) / (4 * c)) as T by (apply Rdiv_lt_0_compat; lra).
  specialize (bound _ T).
  replace (/ (2 + 2 * ((1 - 2 * c) / (4 * c)))) with (2 * c / (1 + 2 * c)) in bound by (field; lra).
  assert (2 * c / (1 + 2 * c) * (1 + 2 * c) <= c * (1 + 2 * c)) as M by (apply Rmult_le_compat_r; lra).
  replace (2 * c / (1 + 2 * c) * (1 + 2 * c)) with (2 * c) in M by (field; lra).
  assert (c * (2 * c) < c * 1) by (apply Rmult_lt_compat_l; lra). lra.
Qed.

(** ** Convex combinations *)

(** def-b.3: row i of attention is Σ_k p_k v_k with p_k > 0 and Σ_k p_k = 1, where the value rows v_k = (X W_V)_k do not
    depend on i. *)
Theorem attention_convex n d WQ WK WV X i :
  (i < n)%nat ->
  exists p : vector,
    (forall k, (k < n)%nat -> 0 < p k) /\ sum n p = 1 /\
    forall l, attention n d WQ WK WV X i l = sum n (fun k => p k * times d X WV k l).
Proof.
  intros H. exists (softmax n (scores d WQ WK X i)). split; [|split].
  - intros. apply softmax_pos. lia.
  - apply softmax_sum. lia.
  - reflexivity.
Qed.

(** A convex combination lies between the bounds of its terms. *)
Lemma convex_bounds n p v low high :
  (forall k, (k < n)%nat -> 0 <= p k) -> sum n p = 1 -> (forall k, (k < n)%nat -> low <= v k <= high) ->
  low <= sum n (fun k => p k * v k) <= high.
Proof.
  intros P S B. split.
  - rewrite <- (Rmult_1_r low), <- S, <- sum_scal_l. apply sum_le. intros k Hk.
    rewrite (Rmult_comm low). apply Rmult_le_compat_l; [now apply P|now apply B].
  - rewrite <- (Rmult_1_r high), <- S, <- sum_scal_l. apply sum_le. intros k Hk.
    rewrite (Rmult_comm high). apply Rmult_le_compat_l; [now apply P|now apply B].
Qed.

(** def-b.3: each column of the output stays within the column of the values, *)
Theorem attention_bounds n d WQ WK WV X i l low high :
  (i < n)%nat -> (forall k, (k < n)%nat -> low <= times d X WV k l <= high) ->
  low <= attention n d WQ WK WV X i l <= high.
Proof.
  intros H B. destruct (attention_convex n d WQ WK WV X i H) as (p & P & S & ->).
  apply convex_bounds; [intros; now apply Rlt_le, P|assumption|assumption].
Qed.

(** def-b.3: and no entry exceeds the largest value in size, whatever the scores. *)
Theorem attention_abs n d WQ WK WV X i l bound :
  (i < n)%nat -> (forall k, (k < n)%nat -> Rabs (times d X WV k l) <= bound) ->
  Rabs (attention n d WQ WK WV X i l) <= bound.
Proof.
  intros H B. apply Rabs_le. apply attention_bounds; [assumption|]. intros k Hk. now apply Rabs_bounds, B.
Qed.
