(** The Boltzmann operator separates: the engine of [51]'s Theorem 2, the amended Lemma 4.4.

    boltz(a) is the mean of the entries of a under their own softmax. Let two vectors have entries at least g ≥ 2 apart, and
    look at them in decreasing order up to the first place where they differ; there a has the larger entry x. If that is the
    first place of all, boltz(a) is near x and boltz(b) at least g below. Otherwise both have the same larger entries, of
    mean m. What follows pulls the mean below m, an entry y with (m - y) e^y, which falls to a third or less from one entry
    to the next; so all that b has below x pulls at most half as much as x does, and boltz(a) < boltz(b). *)

From Coq Require Import Reals Lra Lia Arith Psatz.
From Plumbline Require Import Definitions Sums.
Open Scope R_scope.

Definition boltz (n : nat) (a : vector) : R := sum n (fun i => a i * softmax n a i).

(** In decreasing order, each entry at least g below the one before *)
Definition spaced (g : R) (n : nat) (a : vector) : Prop := forall i j, (i < j)%nat -> (j < n)%nat -> a j + g <= a i.

(** ** Numbers *)

Lemma exp_le a b : a <= b -> exp a <= exp b.
Proof. intros [H| ->]; [left; now apply exp_increasing|right; reflexivity]. Qed.

Lemma exp_2 : 6 <= exp 2.
Proof.
  assert (H : 3 / 2 <= exp (1 / 2)) by (pose proof (exp_ineq1_le (1 / 2)); lra).
  assert (H8 : 9 / 8 <= exp (1 / 8)) by (pose proof (exp_ineq1_le (1 / 8)); lra).
  assert (H4 : 81 / 64 <= exp (1 / 4)) by (replace (1 / 4) with (1 / 8 + 1 / 8) by field; rewrite exp_plus; nra).
  assert (H2 : 8 / 5 <= exp (1 / 2)) by (replace (1 / 2) with (1 / 4 + 1 / 4) by field; rewrite exp_plus; nra).
  assert (H1 : 5 / 2 <= exp 1) by (replace 1 with (1 / 2 + 1 / 2) by field; rewrite exp_plus; nra).
  replace 2 with (1 + 1) by ring. rewrite exp_plus. nra.
Qed.

Lemma exp_gap g x y : 2 <= g -> y + g <= x -> exp y <= exp x / 6.
Proof.
  intros Hg H. assert (E : exp (y + 2) <= exp x) by (apply exp_le; lra).
  rewrite exp_plus in E. pose proof exp_2. pose proof (exp_pos y). nra.
Qed.

(** t e^-t falls for t ≥ 1. *)
Lemma decay s t : 1 <= s -> s <= t -> t * exp (- t) <= s * exp (- s).
Proof.
  intros Hs H. replace (- s) with (t - s + - t) by ring. rewrite exp_plus, <- Rmult_assoc.
  apply Rmult_le_compat_r; [apply Rlt_le, exp_pos|].
  pose proof (exp_ineq1_le (t - s)). nra.
Qed.

(** The pull (m - y) e^y of the entry y on the mean m: g below x, a third at most of the pull of x *)
Lemma pull_third g m x y : 2 <= g -> x + g <= m -> y + g <= x -> (m - y) * exp y <= (m - x) * exp x / 3.
Proof.
  intros Hg Hx Hy.
  assert (H : (m - y) * exp y <= (m - x + g) * exp (x - g)).
  { replace y with (m + - (m - y)) at 2 by ring. replace (x - g) with (m + - (m - x + g)) by ring.
    rewrite !exp_plus. pose proof (exp_pos m).
    assert ((m - y) * exp (- (m - y)) <= (m - x + g) * exp (- (m - x + g))) by (apply decay; lra). nra. }
  assert (E : exp (x - g) <= exp x / 6) by (apply (exp_gap g); lra).
  apply Rle_trans with (1 := H). apply Rle_trans with ((2 * (m - x)) * (exp x / 6)); [|lra].
  pose proof (exp_pos (x - g)). apply Rmult_le_compat; lra.
Qed.

(** All entries of a spaced vector that begins g below x pull at most half as much as x. *)
Lemma pulls_half g m l : 2 <= g -> forall x c, x + g <= m -> spaced g l c -> (forall i, (i < l)%nat -> c i + g <= x) ->
  sum l (fun i => (m - c i) * exp (c i)) <= (m - x) * exp x / 2.
Proof.
  intros Hg. induction l as [|l IH]; intros x c Hx Hc H.
  - simpl. pose proof (exp_pos x). assert (0 <= (m - x) * exp x) by (apply Rmult_le_pos; lra). lra.
  - rewrite sum_first. pose proof (pull_third g m x (c 0%nat) Hg Hx (H 0%nat (Nat.lt_0_succ l))) as F.
    assert (I : sum l (fun i => (m - c (S i)) * exp (c (S i))) <= (m - c 0%nat) * exp (c 0%nat) / 2).
    { apply IH.
      - pose proof (H 0%nat (Nat.lt_0_succ l)). lra.
      - intros i j Hij Hj. apply Hc; lia.
      - intros i Hi. apply Hc; lia. }
    lra.
Qed.

(** Their weights together are a fifth of that of x at most. *)
Lemma weights_fifth g l : 2 <= g -> forall x c, spaced g l c -> (forall i, (i < l)%nat -> c i + g <= x) ->
  sum l (fun i => exp (c i)) <= exp x / 5.
Proof.
  intros Hg. induction l as [|l IH]; intros x c Hc H.
  - simpl. pose proof (exp_pos x). lra.
  - rewrite sum_first. pose proof (exp_gap g x (c 0%nat) Hg (H 0%nat (Nat.lt_0_succ l))) as F.
    assert (I : sum l (fun i => exp (c (S i))) <= exp (c 0%nat) / 5).
    { apply IH; intros i; [intros j Hij Hj|intros Hi]; apply Hc; lia. }
    lra.
Qed.

(** ** The mean *)

Definition weights (n : nat) (a : vector) : R := sum n (fun i => exp (a i)).

Lemma weights_pos n a : (0 < n)%nat -> 0 < weights n a.
Proof. intros H. apply sum_pos; [assumption|]. intros; apply exp_pos. Qed.

Lemma boltz_eq n a : boltz n a = sum n (fun i => a i * exp (a i)) / weights n a.
Proof.
  unfold boltz, softmax, Rdiv. rewrite <- sum_scal_r. apply sum_ext. intros i _. unfold weights. ring.
Qed.

(** How far a mean is below m: the pulls of all entries over all weights *)
Lemma mean_below n a m : (0 < n)%nat -> m - boltz n a = sum n (fun i => (m - a i) * exp (a i)) / weights n a.
Proof.
  intros H. rewrite boltz_eq. pose proof (weights_pos n a H).
  replace (sum n (fun i => (m - a i) * exp (a i))) with (m * weights n a - sum n (fun i => a i * exp (a i))); [field; lra|].
  unfold weights. rewrite <- sum_scal_l, <- sum_minus. apply sum_ext. intros; ring.
Qed.

Lemma boltz_le n a m : (0 < n)%nat -> (forall i, (i < n)%nat -> a i <= m) -> boltz n a <= m.
Proof.
  intros H Hm. assert (0 <= m - boltz n a); [|lra]. rewrite mean_below by assumption.
  apply Rmult_le_pos; [|left; apply Rinv_0_lt_compat, weights_pos, H].
  apply sum_nonneg. intros i Hi. specialize (Hm i Hi). pose proof (exp_pos (a i)). apply Rmult_le_pos; lra.
Qed.

Lemma boltz_ge n a m : (0 < n)%nat -> (forall i, (i < n)%nat -> m <= a i) -> m <= boltz n a.
Proof.
  intros H Hm. assert (0 <= boltz n a - m); [|lra].
  replace (boltz n a - m) with (- (m - boltz n a)) by ring. rewrite mean_below by assumption.
  replace (- (sum n (fun i => (m - a i) * exp (a i)) / weights n a))
    with (- sum n (fun i => (m - a i) * exp (a i)) / weights n a) by (unfold Rdiv; ring).
  apply Rmult_le_pos; [|left; apply Rinv_0_lt_compat, weights_pos, H]. rewrite <- sum_opp.
  apply sum_nonneg. intros i Hi. specialize (Hm i Hi). pose proof (exp_pos (a i)). nra.
Qed.

(** ** Two vectors in decreasing order *)

(** The mean is near the largest entry. *)
Lemma near_largest g n a : 2 <= g -> (0 < n)%nat -> spaced g n a -> a 0%nat - boltz n a <= g / 4.
Proof.
  intros Hg Hn Ha. rewrite mean_below by assumption. destruct n as [|n]; [lia|].
  pose proof (weights_pos (S n) a Hn) as P.
  assert (W : exp (a 0%nat) <= weights (S n) a).
  { apply (sum_term_le (S n) 0 (fun i => exp (a i))); [lia|]. intros; apply Rlt_le, exp_pos. }
  apply Rmult_le_reg_r with (weights (S n) a); [assumption|].
  unfold Rdiv at 1. rewrite Rmult_assoc, Rinv_l, Rmult_1_r, sum_first by lra.
  apply Rle_trans with (g / 4 * exp (a 0%nat)); [|apply Rmult_le_compat_l; lra].
  set (m := a 0%nat) in *.
  replace ((m - m) * exp m) with 0 by ring. rewrite Rplus_0_l.
  destruct n as [|n]; [simpl; pose proof (exp_pos m); nra|].
  rewrite sum_first. set (y := a 1%nat).
  assert (Y : y + g <= m) by (apply Ha; lia).
  assert (I : sum n (fun i => (m - a (S (S i))) * exp (a (S (S i)))) <= (m - y) * exp y / 2).
  { apply (pulls_half g m n Hg y (fun i => a (S (S i)))); [assumption| |].
    - intros i j Hij Hj. apply Ha; lia.
    - intros i Hi. apply Ha; lia. }
  assert (F : (m - y) * exp y <= g * exp (m - g)).
  { replace y with (m + - (m - y)) at 2 by ring. unfold Rminus at 3. rewrite !exp_plus.
    pose proof (exp_pos m). assert ((m - y) * exp (- (m - y)) <= g * exp (- g)) by (apply decay; lra). nra. }
  assert (E : exp (m - g) <= exp m / 6) by (apply (exp_gap g); lra).
  assert (g * exp (m - g) <= g * (exp m / 6)) by (apply Rmult_le_compat_l; lra). lra.
Qed.

(** They differ in their largest entries. *)
Lemma differ_at_once g n a b :
  2 <= g -> (0 < n)%nat -> spaced g n a -> spaced g n b -> b 0%nat + g <= a 0%nat ->
  boltz n b + 3 / 4 * g <= boltz n a.
Proof.
  intros Hg Hn Ha Hb H. pose proof (near_largest g n a Hg Hn Ha).
  assert (B : boltz n b <= b 0%nat); [|lra].
  apply boltz_le; [assumption|]. intros i Hi. destruct i; [lra|].
  pose proof (Hb 0%nat (S i) (Nat.lt_0_succ i) Hi). lra.
Qed.

(** How far what follows pulls the mean of the first k entries *)
Lemma mean_below_first k l a c : (0 < k)%nat -> (forall i, (i < k)%nat -> c i = a i) ->
  boltz k a - boltz (k + l) c
  = sum l (fun i => (boltz k a - c (k + i)%nat) * exp (c (k + i)%nat))
    / (weights k a + sum l (fun i => exp (c (k + i)%nat))).
Proof.
  intros Hk Hc. set (m := boltz k a). rewrite mean_below by lia. unfold weights at 1. rewrite !sum_app.
  rewrite (sum_ext k (fun i => exp (c i)) (fun i => exp (a i))) by (intros; now rewrite Hc).
  rewrite (sum_ext k (fun i => (m - c i) * exp (c i)) (fun i => (m - a i) * exp (a i))) by (intros; now rewrite Hc).
  replace (sum k (fun i => (m - a i) * exp (a i))) with 0; [now rewrite Rplus_0_l|].
  pose proof (mean_below k a m Hk) as M. rewrite Rminus_diag_eq in M by reflexivity.
  pose proof (weights_pos k a Hk). symmetry in M. apply Rmult_eq_compat_r with (r := weights k a) in M.
  unfold Rdiv in M. rewrite Rmult_assoc, Rinv_l in M by lra. lra.
Qed.

(** The first of the following entries alone pulls by D e/(P + e), with D its distance from the mean, e its weight and P the
    weight of those before; others do not take that back. *)
Lemma pulled_at_least g k l a :
  0 < g -> (0 < k)%nat -> (0 < l)%nat -> spaced g (k + l) a -> a k <= boltz k a ->
  (boltz k a - a k) * exp (a k) / (weights k a + exp (a k)) <= boltz k a - boltz (k + l) a.
Proof.
  intros Hg Hk Hl Ha Hm. rewrite (mean_below_first k l a a Hk (fun i _ => eq_refl)).
  set (P := weights k a). set (m := boltz k a) in *. set (e := exp (a k)). set (D := m - a k).
  assert (HP : 0 < P) by now apply weights_pos. assert (He : 0 < e) by apply exp_pos.
  assert (HD : 0 <= D) by (unfold D; lra).
  set (F := sum l (fun i => (m - a (k + i)%nat) * exp (a (k + i)%nat))).
  set (T := sum l (fun i => exp (a (k + i)%nat))).
  assert (HT : e <= T).
  { unfold e. replace (a k) with (a (k + 0)%nat) by (f_equal; lia).
    apply (sum_term_le l 0 (fun i => exp (a (k + i)%nat))); [lia|]. intros; apply Rlt_le, exp_pos. }
  assert (HF : D * T <= F).
  { unfold T, F. rewrite <- sum_scal_l. apply sum_le. intros i Hi. apply Rmult_le_compat_r; [apply Rlt_le, exp_pos|].
    unfold D. destruct i; [rewrite Nat.add_0_r; lra|]. assert (a (k + S i)%nat + g <= a k) by (apply Ha; lia). lra. }
  apply Rle_trans with (D * T / (P + T)).
  - apply Rmult_le_reg_r with ((P + e) * (P + T)); [apply Rmult_lt_0_compat; lra|].
    replace (D * e / (P + e) * ((P + e) * (P + T))) with (D * (e * (P + T))) by (field; lra).
    replace (D * T / (P + T) * ((P + e) * (P + T))) with (D * (T * (P + e))) by (field; lra).
    apply Rmult_le_compat_l; [assumption|]. nra.
  - unfold Rdiv. apply Rmult_le_compat_r; [left; apply Rinv_0_lt_compat; lra|exact HF].
Qed.

(** The mean of the first k entries is above what follows. *)
Lemma mean_above_rest g k l a :
  0 < g -> (0 < k)%nat -> (0 < l)%nat -> spaced g (k + l) a -> a k + g <= boltz k a.
Proof.
  intros Hg Hk Hl Ha. apply Rle_trans with (a (k - 1)%nat); [apply Ha; lia|].
  apply boltz_ge; [assumption|]. intros i Hi. destruct (Nat.eq_dec i (k - 1)) as [->|N]; [lra|].
  assert (a (k - 1)%nat + g <= a i) by (apply Ha; lia). lra.
Qed.

(** They agree in k ≥ 1 larger entries. *)
Lemma differ_later g k l a b r :
  2 <= g -> (0 < k)%nat -> (0 < l)%nat -> spaced g (k + l) a -> spaced g (k + l) b ->
  (forall i, (i < k)%nat -> a i = b i) -> b k + g <= a k -> a 0%nat <= r ->
  boltz (k + l) a + (boltz k a - a k) / 4 * exp (a k - r) <= boltz (k + l) b.
Proof.
  intros Hg Hk Hl Ha Hb E H Hr.
  assert (HD : a k + g <= boltz k a) by (apply (mean_above_rest g k l); lra || assumption).
  assert (DA : (boltz k a - a k) * exp (a k) / (weights k a + exp (a k)) <= boltz k a - boltz (k + l) a)
    by (apply (pulled_at_least g); lra || assumption).
  pose proof (mean_below_first k l a b Hk (fun i Hi => eq_sym (E i Hi))) as B.
  set (P := weights k a) in *. set (m := boltz k a) in *. set (e := exp (a k)) in *. set (D := m - a k) in *.
  assert (HP : 0 < P) by now apply weights_pos. assert (He : 0 < e) by apply exp_pos.
  assert (De : 0 < D * e) by (apply Rmult_lt_0_compat; [unfold D; lra|assumption]).
  set (F := sum l (fun i => (m - b (k + i)%nat) * exp (b (k + i)%nat))) in B.
  set (T := sum l (fun i => exp (b (k + i)%nat))) in B.
  assert (HT : 0 <= T) by (apply sum_nonneg; intros; apply Rlt_le, exp_pos).
  assert (HF : F <= D * e / 2).
  { apply (pulls_half g m l Hg (a k) (fun i => b (k + i)%nat)); [lra| |].
    - intros i j Hij Hj. apply Hb; lia.
    - intros i Hi. destruct i; [rewrite Nat.add_0_r; lra|]. assert (b (k + S i)%nat + g <= b k) by (apply Hb; lia). lra. }
  (* e is small against P, and P not much above the largest weight *)
  assert (HeP : e <= P / 6).
  { apply Rle_trans with (exp (a (k - 1)%nat) / 6); [apply (exp_gap g); [assumption|apply Ha; lia]|].
    apply Rmult_le_compat_r; [lra|]. apply (sum_term_le k (k - 1) (fun i => exp (a i))); [lia|].
    intros; apply Rlt_le, exp_pos. }
  assert (HPr : P <= 6 / 5 * exp r).
  { unfold P, weights. destruct k as [|k]; [lia|]. rewrite sum_first. pose proof (exp_le (a 0%nat) r Hr).
    assert (sum k (fun i => exp (a (S i))) <= exp (a 0%nat) / 5); [|lra].
    apply (weights_fifth g k Hg); intros i; [intros j Hij Hj|intros Hi]; apply Ha; lia. }
  assert (DA' : 6 / 7 * (D * e / P) <= D * e / (P + e)).
  { apply Rmult_le_reg_r with (P * (P + e)); [apply Rmult_lt_0_compat; lra|].
    replace (6 / 7 * (D * e / P) * (P * (P + e))) with (D * e * (6 / 7 * (P + e))) by (field; lra).
    replace (D * e / (P + e) * (P * (P + e))) with (D * e * P) by (field; lra).
    apply Rmult_le_compat_l; lra. }
  assert (DB : m - boltz (k + l) b <= 1 / 2 * (D * e / P)).
  { rewrite B. apply Rle_trans with (D * e / 2 / (P + T)).
    - unfold Rdiv at 1 3. apply Rmult_le_compat_r; [left; apply Rinv_0_lt_compat; lra|exact HF].
    - replace (1 / 2 * (D * e / P)) with (D * e / 2 / P) by (field; lra). unfold Rdiv at 1 3.
      apply Rmult_le_compat_l; [lra|]. apply Rinv_le_contravar; lra. }
  assert (DE : 5 / 6 * (D * exp (a k - r)) <= D * e / P).
  { apply Rmult_le_reg_r with P; [assumption|]. replace (D * e / P * P) with (D * e) by (field; lra).
    replace e with (exp (a k - r) * exp r) by (unfold e; rewrite <- exp_plus; f_equal; ring).
    assert (0 < D * exp (a k - r)) by (apply Rmult_lt_0_compat; [unfold D; lra|apply exp_pos]). nra. }
  assert (0 < D * exp (a k - r)) by (apply Rmult_lt_0_compat; [unfold D; lra|apply exp_pos]). lra.
Qed.

Lemma first_difference n (a b : vector) :
  (exists i, (i < n)%nat /\ a i <> b i) -> exists k, (k < n)%nat /\ a k <> b k /\ forall i, (i < k)%nat -> a i = b i.
Proof.
  induction n as [|n IH]; intros (i & Hi & H); [lia|].
  destruct (Classical_Prop.classic (exists i, (i < n)%nat /\ a i <> b i)) as [E|E].
  - destruct (IH E) as (k & Hk & Hd). exists k. split; [lia|assumption].
  - assert (Eq : forall j, (j < n)%nat -> a j = b j).
    { intros j Hj. destruct (Req_dec (a j) (b j)) as [Hq|Hq]; [assumption|]. exfalso. apply E. now exists j. }
    exists n. assert (i = n) as -> by (destruct (Nat.eq_dec i n); [assumption|]; exfalso; apply H, Eq; lia).
    split; [lia|]. now split.
Qed.

(** The larger entry in the place of the first difference is in a. *)
Lemma separation_ordered g n a b r k :
  2 <= g -> spaced g n a -> spaced g n b ->
  (forall i, (i < n)%nat -> Rabs (a i) <= r) -> (forall i, (i < n)%nat -> Rabs (b i) <= r) ->
  (k < n)%nat -> (forall i, (i < k)%nat -> a i = b i) -> b k + g <= a k ->
  g / 4 * exp (g - 2 * r) <= Rabs (boltz n a - boltz n b).
Proof.
  intros Hg Ha Hb Ra Rb Hk E H. destruct k as [|k].
  - pose proof (differ_at_once g n a b Hg Hk Ha Hb H) as D.
    assert (g <= 2 * r).
    { pose proof (Ra 0%nat Hk). pose proof (Rb 0%nat Hk). pose proof (Rle_abs (a 0%nat)).
      pose proof (Rle_abs (- b 0%nat)) as N. rewrite Rabs_Ropp in N. lra. }
    assert (exp (g - 2 * r) <= 1) by (rewrite <- exp_0; apply exp_le; lra).
    rewrite Rabs_pos_eq by lra. nra.
  - pose proof (differ_later g (S k) (n - S k) a b r) as D. replace (S k + (n - S k))%nat with n in D by lia.
    assert (L : boltz n a + (boltz (S k) a - a (S k)) / 4 * exp (a (S k) - r) <= boltz n b).
    { apply D; try assumption; try lia. apply Rle_trans with (1 := Rle_abs _). apply Ra. lia. }
    assert (M : a (S k) + g <= boltz (S k) a).
    { apply (mean_above_rest g (S k) (n - S k)); [lra|lia|lia|]. now replace (S k + (n - S k))%nat with n by lia. }
    assert (X : exp (g - 2 * r) <= exp (a (S k) - r)).
    { apply exp_le. pose proof (Rle_abs (- b (S k))) as N. rewrite Rabs_Ropp in N. specialize (Rb (S k) Hk). lra. }
    assert (g / 4 * exp (g - 2 * r) <= (boltz (S k) a - a (S k)) / 4 * exp (a (S k) - r)).
    { apply Rmult_le_compat; try lra. apply Rlt_le, exp_pos. }
    rewrite Rabs_minus_sym. apply Rle_trans with (2 := Rle_abs _). lra.
Qed.

(** The Boltzmann operator separates vectors in decreasing order with any gap g ≥ 2, whatever their length. *)
Theorem boltzmann_gap g n a b r :
  2 <= g -> spaced g n a -> spaced g n b ->
  (forall i j, (i < n)%nat -> (j < n)%nat -> a i <> b j -> g <= Rabs (a i - b j)) ->
  (forall i, (i < n)%nat -> Rabs (a i) <= r) -> (forall i, (i < n)%nat -> Rabs (b i) <= r) ->
  (exists i, (i < n)%nat /\ a i <> b i) ->
  g / 4 * exp (g - 2 * r) <= Rabs (boltz n a - boltz n b).
Proof.
  intros Hg Ha Hb Across Ra Rb D. destruct (first_difference n a b D) as (k & Hk & N & E).
  pose proof (Across k k Hk Hk N) as G. destruct (Rle_lt_dec (b k) (a k)) as [H|H].
  - rewrite Rabs_pos_eq in G by lra. apply (separation_ordered g n a b r k); try assumption. lra.
  - rewrite Rabs_left in G by lra. rewrite Rabs_minus_sym.
    apply (separation_ordered g n b a r k); try assumption; [|lra].
    intros i Hi. symmetry. now apply E.
Qed.

Lemma ln_bounds n : (1 <= n)%nat -> 0 <= ln (INR n) <= INR n.
Proof.
  intros H. apply le_INR in H. simpl in H. split.
  - rewrite <- ln_1. destruct H as [H|H]; [left; apply ln_increasing; lra|rewrite <- H; lra].
  - rewrite <- (ln_exp (INR n)) at 2. left. apply ln_increasing; [lra|]. pose proof (exp_ineq1_le (INR n)). lra.
Qed.

(** With the gap 2 ln n + 3 that is more than (ln n)² e^-2r. *)
Lemma gap_bound n r :
  (1 <= n)%nat -> let g := 2 * ln (INR n) + 3 in ln (INR n) ^ 2 * exp (- 2 * r) < g / 4 * exp (g - 2 * r).
Proof.
  intros H g. pose proof (ln_bounds n H) as [L0 L1]. assert (N : 1 <= INR n) by (apply le_INR in H; simpl in H; lra).
  replace (g - 2 * r) with (ln (INR n) + ln (INR n) + 3 + - 2 * r) by (unfold g; ring). rewrite !exp_plus, exp_ln by lra.
  pose proof (exp_pos (- 2 * r)) as E.
  assert (E3 : 4 <= exp 3) by (pose proof (exp_ineq1_le 3); lra).
  rewrite <- Rmult_assoc. apply Rmult_lt_compat_r; [assumption|]. unfold g.
  apply Rlt_le_trans with ((2 * ln (INR n) + 3) / 4 * (INR n * INR n * 4)); [nra|].
  apply Rmult_le_compat_l; [lra|]. apply Rmult_le_compat_l; nra.
Qed.

(** [51]'s lemma on the Boltzmann operator (lemma-4.4, reading amended): if a ≠ b are in decreasing order, with n entries
    each, each with entries more than 2 ln n + 3 apart, likewise different entries across the two, and none above r in
    absolute value, then |boltz(a) - boltz(b)| > (ln n)² e^-2r. *)
Theorem boltzmann_separates n a b r :
  (1 <= n)%nat ->
  (forall i j, (i < j)%nat -> (j < n)%nat -> 2 * ln (INR n) + 3 < a i - a j) ->
  (forall i j, (i < j)%nat -> (j < n)%nat -> 2 * ln (INR n) + 3 < b i - b j) ->
  (forall i j, (i < n)%nat -> (j < n)%nat -> a i <> b j -> 2 * ln (INR n) + 3 < Rabs (a i - b j)) ->
  (forall i, (i < n)%nat -> Rabs (a i) <= r) -> (forall i, (i < n)%nat -> Rabs (b i) <= r) ->
  (exists i, (i < n)%nat /\ a i <> b i) ->
  ln (INR n) ^ 2 * exp (- 2 * r) < Rabs (boltz n a - boltz n b).
Proof.
  intros Hn Ha Hb Across Ra Rb D. apply Rlt_le_trans with (1 := gap_bound n r Hn).
  pose proof (ln_bounds n Hn). apply boltzmann_gap; try assumption; try lra.
  - intros i j Hij Hj. specialize (Ha i j Hij Hj). lra.
  - intros i j Hij Hj. specialize (Hb i j Hij Hj). lra.
  - intros i j Hi Hj N. left. now apply Across.
Qed.

(** ** Vectors in any order

    The operator does not see the order of the entries, and what differs is then the set of them. *)

Lemma boltz_permutation n s a : permutation n s -> boltz n (fun i => a (s i)) = boltz n a.
Proof.
  intros P. rewrite !boltz_eq. f_equal.
  - exact (sum_permutation n s (fun i => a i * exp (a i)) P).
  - exact (sum_permutation n s (fun i => exp (a i)) P).
Qed.

Lemma permutation_onto n s j : permutation n s -> (j < n)%nat -> exists i, (i < n)%nat /\ s i = j.
Proof.
  intros P Hj. destruct (Classical_Prop.classic (exists i, (i < n)%nat /\ s i = j)) as [E|E]; [assumption|].
  exfalso. pose proof (fibre_permutation n s j P Hj) as F. unfold fibre in F. rewrite sum_zero in F; [lra|].
  intros i Hi. destruct (Nat.eqb_spec j (s i)) as [Q|Q]; [|reflexivity]. exfalso. apply E. now exists i.
Qed.

(** The place of x in a vector in decreasing order: p entries are above x, and the others are not. *)
Lemma place n (a : vector) x : (forall i j, (i < j)%nat -> (j < n)%nat -> a j < a i) ->
  exists p, (p <= n)%nat /\ (forall i, (i < p)%nat -> x < a i) /\ (forall i, (p <= i)%nat -> (i < n)%nat -> a i <= x).
Proof.
  induction n as [|n IH]; intros H; [exists 0%nat; repeat split; lia|].
  destruct IH as (p & Hp & Hi & Hj); [intros i j Hij Hj; apply H; lia|].
  destruct (Rlt_le_dec x (a n)) as [L|L].
  - exists (S n). split; [lia|]. split; [|lia]. intros i Hi'. destruct (Nat.eq_dec i n) as [->|N]; [assumption|].
    apply Rlt_trans with (1 := L). apply H; lia.
  - exists p. split; [lia|]. split; [assumption|]. intros i Hpi Hi'.
    destruct (Nat.eq_dec i n) as [->|N]; [assumption|]. apply Hj; lia.
Qed.

(** Different entries can be put in decreasing order: by insertion. *)
Lemma sorting n (a : vector) : (forall i j, (i < n)%nat -> (j < n)%nat -> i <> j -> a i <> a j) ->
  exists s, permutation n s /\ forall i j, (i < j)%nat -> (j < n)%nat -> a (s j) < a (s i).
Proof.
  induction n as [|n IH]; intros H; [exists (fun i => i); split; [split|]; lia|].
  destruct IH as (s & [Into Inj] & Dec); [intros i j Hi Hj; apply H; lia|].
  destruct (place n (fun i => a (s i)) (a n) Dec) as (p & Hp & Above & Below).
  exists (fun i => if (i <? p)%nat then s i else if (i =? p)%nat then n else s (i - 1)%nat).
  split; [split|].
  - intros i Hi. destruct (Nat.ltb_spec i p); [specialize (Into i); lia|].
    destruct (Nat.eqb_spec i p); [lia|]. specialize (Into (i - 1)%nat). lia.
  - intros i j Hi Hj.
    destruct (Nat.ltb_spec i p); destruct (Nat.ltb_spec j p); destruct (Nat.eqb_spec i p); destruct (Nat.eqb_spec j p);
      intros E; try lia;
      try (pose proof (Into i)); try (pose proof (Into j)); try (pose proof (Into (i - 1)%nat));
      try (pose proof (Into (j - 1)%nat)); try lia.
    + apply Inj; lia.
    + assert (i = (j - 1)%nat) by (apply Inj; lia). lia.
    + assert ((i - 1)%nat = j) by (apply Inj; lia). lia.
    + assert ((i - 1)%nat = (j - 1)%nat) by (apply Inj; lia). lia.
  - assert (Strict : forall i, (p <= i)%nat -> (i < n)%nat -> a (s i) < a n).
    { intros i Hpi Hi. destruct (Below i Hpi Hi) as [L|L]; [assumption|]. exfalso. revert L.
      pose proof (Into i Hi). apply H; lia. }
    intros i j Hij Hj.
    destruct (Nat.ltb_spec i p); destruct (Nat.ltb_spec j p); destruct (Nat.eqb_spec i p); destruct (Nat.eqb_spec j p);
      try lia.
    + now apply Dec; lia.
    + now apply Above.
    + apply Dec; lia.
    + apply Strict; lia.
    + apply Dec; lia.
Qed.

(** The entries of a are those of b. *)
Definition same_entries (n : nat) (a b : vector) : Prop :=
  (forall i, (i < n)%nat -> exists j, (j < n)%nat /\ a i = b j) /\
  (forall j, (j < n)%nat -> exists i, (i < n)%nat /\ a i = b j).

(** Entries g apart, in any order *)
Definition apart (g : R) (n : nat) (a : vector) : Prop :=
  forall i j, (i < n)%nat -> (j < n)%nat -> i <> j -> g <= Rabs (a i - a j).

Lemma sorted_spaced g n a : 0 < g -> apart g n a ->
  exists s, permutation n s /\ spaced g n (fun i => a (s i)).
Proof.
  intros Hg H. destruct (sorting n a) as (s & P & Dec).
  - intros i j Hi Hj N E. specialize (H i j Hi Hj N). rewrite Rminus_diag_eq, Rabs_R0 in H by assumption. lra.
  - exists s. split; [assumption|]. intros i j Hij Hj. specialize (Dec i j Hij Hj).
    assert (Hi : (i < n)%nat) by lia. destruct P as [Into Inj].
    assert (N : s i <> s j) by (intros E; apply Inj in E; lia).
    specialize (H (s i) (s j) (Into i Hi) (Into j Hj) N). rewrite Rabs_pos_eq in H by lra. lra.
Qed.

(** The Boltzmann operator separates vectors, in whatever order, that do not have the same entries. *)
Theorem boltzmann_gap_unordered g n a b r :
  2 <= g -> apart g n a -> apart g n b ->
  (forall i j, (i < n)%nat -> (j < n)%nat -> a i <> b j -> g <= Rabs (a i - b j)) ->
  (forall i, (i < n)%nat -> Rabs (a i) <= r) -> (forall i, (i < n)%nat -> Rabs (b i) <= r) ->
  ~ same_entries n a b ->
  g / 4 * exp (g - 2 * r) <= Rabs (boltz n a - boltz n b).
Proof.
  intros Hg Ha Hb Across Ra Rb D.
  destruct (sorted_spaced g n a) as (s & Ps & Sa); [lra|assumption|].
  destruct (sorted_spaced g n b) as (t & Pt & Sb); [lra|assumption|].
  rewrite <- (boltz_permutation n s a Ps), <- (boltz_permutation n t b Pt).
  apply boltzmann_gap; try assumption.
  - intros i j Hi Hj. apply Across; [now apply Ps|now apply Pt].
  - intros i Hi. apply Ra. now apply Ps.
  - intros i Hi. apply Rb. now apply Pt.
  - apply Classical_Prop.NNPP. intros N. apply D.
    assert (E : forall i, (i < n)%nat -> a (s i) = b (t i)).
    { intros i Hi. destruct (Req_dec (a (s i)) (b (t i))) as [Q|Q]; [assumption|]. exfalso. apply N. now exists i. }
    split.
    + intros i Hi. destruct (permutation_onto n s i Ps Hi) as (i' & Hi' & <-).
      exists (t i'). split; [now apply Pt|now apply E].
    + intros j Hj. destruct (permutation_onto n t j Pt Hj) as (j' & Hj' & <-).
      exists (s j'). split; [now apply Ps|now apply E].
Qed.
