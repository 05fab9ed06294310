(** The paper's own attention, without residual or output matrix, is a contextual mapping with γ = γ_max and some δ > 0
    (lemma-4.4; the readings' δ are not claimed).

    With W_V = I and W_Q W_K^T = K v v^T the context ID of a token x among tokens y is the mean of the y under the softmax of
    K ⟨v,x⟩⟨v,y⟩, no longer than the longest of them. Along v two such means are different for all large K. For ⟨v,x⟩ > 0 the
    mean of numbers with the largest T, and the second largest Δ below it, is T less Δ exp(-K ⟨v,x⟩ Δ) up to a factor that
    tends to 1. So different tokens have different means: where T, the exponents and the Δ agree, ⟨v,x⟩ does, too. And equal
    tokens in different contexts are told apart by the Boltzmann operator. *)

From Coq Require Import Reals Lra Lia Arith Psatz.
From Plumbline Require Import Definitions Sums Softmax Facts ContextualMapping Boltzmann BoltzmannGap Direction RankOne.
From Plumbline Require Import AmendedMapping.
Open Scope R_scope.

(** ** For all large K *)

Definition for_large (P : R -> Prop) : Prop := exists K0, 0 < K0 /\ forall K, K0 <= K -> P K.

Lemma for_large_and P Q : for_large P -> for_large Q -> for_large (fun K => P K /\ Q K).
Proof.
  intros (p & Hp & HP) (q & Hq & HQ). exists (Rmax p q). split; [apply Rlt_le_trans with (1 := Hp), Rmax_l|].
  intros K HK. split; [apply HP; apply Rle_trans with (2 := HK), Rmax_l|apply HQ; apply Rle_trans with (2 := HK), Rmax_r].
Qed.

Lemma for_large_weaken (P Q : R -> Prop) : (forall K, 0 < K -> P K -> Q K) -> for_large P -> for_large Q.
Proof. intros H (p & Hp & HP). exists p. split; [assumption|]. intros K HK. apply H; [lra|now apply HP]. Qed.

Lemma for_large_always (P : R -> Prop) : (forall K, 0 < K -> P K) -> for_large P.
Proof. intros H. exists 1. split; [lra|]. intros K HK. apply H. lra. Qed.

Lemma for_large_all n (P : nat -> R -> Prop) :
  (forall i, (i < n)%nat -> for_large (P i)) -> for_large (fun K => forall i, (i < n)%nat -> P i K).
Proof.
  induction n as [|n IH]; intros H; [apply for_large_always; lia|].
  apply for_large_weaken with (fun K => (forall i, (i < n)%nat -> P i K) /\ P n K).
  - intros K _ [H1 H2] i Hi. destruct (Nat.eq_dec i n) as [->|N]; [assumption|]. apply H1. lia.
  - apply for_large_and; [apply IH; intros i Hi|]; apply H; lia.
Qed.

(** exp(-cK) gets small. *)
Lemma for_large_exp c eta : 0 < c -> 0 < eta -> for_large (fun K => exp (- (c * K)) < eta).
Proof.
  intros Hc He. exists (/ (c * eta)). split; [apply Rinv_0_lt_compat, Rmult_lt_0_compat; assumption|].
  intros K HK. rewrite exp_Ropp. pose proof (exp_ineq1_le (c * K)) as E.
  apply Rmult_le_compat_l with (r := c * eta) in HK; [|apply Rlt_le, Rmult_lt_0_compat; assumption].
  rewrite Rinv_r in HK by (apply Rgt_not_eq, Rmult_lt_0_compat; assumption).
  apply Rmult_lt_reg_r with (exp (c * K)); [apply exp_pos|]. rewrite Rinv_l by (apply Rgt_not_eq, exp_pos).
  apply Rle_lt_trans with (eta * (c * K)); [lra|]. apply Rmult_lt_compat_l; [assumption|lra].
Qed.

(** ** The mean of numbers under the softmax of their multiples *)

Definition tilted (L : nat) (s : R) (a : vector) : R := sum L (fun j => a j * softmax L (fun i => s * a i) j).

Lemma tilted_eq L s a :
  tilted L s a = sum L (fun j => a j * exp (s * a j)) / sum L (fun j => exp (s * a j)).
Proof. unfold tilted, softmax, Rdiv. rewrite <- sum_scal_r. apply sum_ext. intros; ring. Qed.

Lemma tilted_boltz L s a : s * tilted L s a = boltz L (fun j => s * a j).
Proof. unfold tilted, boltz. rewrite <- sum_scal_l. apply sum_ext. intros; ring. Qed.

Lemma tilted_permutation L p s a : permutation L p -> tilted L s (fun j => a (p j)) = tilted L s a.
Proof.
  intros P. rewrite !tilted_eq. f_equal.
  - exact (sum_permutation L p (fun j => a j * exp (s * a j)) P).
  - exact (sum_permutation L p (fun j => exp (s * a j)) P).
Qed.

Lemma tilted_opp L s a : tilted L (- s) a = - tilted L s (fun j => - a j).
Proof.
  rewrite !tilted_eq. rewrite (sum_ext L (fun j => exp (s * - a j)) (fun j => exp (- s * a j)))
    by (intros; f_equal; ring).
  rewrite (sum_ext L (fun j => - a j * exp (s * - a j)) (fun j => - (a j * exp (- s * a j)))).
  - rewrite sum_opp. unfold Rdiv. ring.
  - intros j _. replace (s * - a j) with (- s * a j) by ring. ring.
Qed.

(** F(K) = Δ e^(-λK) up to a factor that tends to 1 *)
Definition decays (F : R -> R) (delta lambda : R) : Prop :=
  forall eta, 0 < eta <= 1 ->
    for_large (fun K => delta * exp (- (lambda * K)) * (1 - eta) <= F K <= delta * exp (- (lambda * K)) * (1 + eta)).

(** A least distance between numbers that are all different *)
Lemma least_gap n (f : nat -> nat -> R) :
  (forall i j, (i < j)%nat -> (j < n)%nat -> 0 < f i j) ->
  exists c, 0 < c /\ forall i j, (i < j)%nat -> (j < n)%nat -> c <= f i j.
Proof.
  intros H. assert (L : for_large (fun K => forall i, (i < n)%nat -> forall j, (j < n)%nat -> (i < j)%nat -> / K <= f i j)).
  { apply for_large_all. intros i Hi. apply for_large_all. intros j Hj.
    destruct (lt_dec i j) as [Hij|N]; [|apply for_large_always; contradiction].
    specialize (H i j Hij Hj). exists (/ f i j). split; [now apply Rinv_0_lt_compat|]. intros K HK _.
    rewrite <- (Rinv_inv (f i j)). apply Rinv_le_contravar; [now apply Rinv_0_lt_compat|assumption]. }
  destruct L as (K & HK & L). exists (/ K). split; [now apply Rinv_0_lt_compat|].
  intros i j Hij Hj. apply L; try lia. lra.
Qed.

(** Below its limit, the largest number, the mean is as said: for numbers in decreasing order *)
Lemma sorted_decays l a x :
  (forall i j, (i < j)%nat -> (j < S (S l))%nat -> a j < a i) -> 0 < x ->
  decays (fun K => a 0%nat - tilted (S (S l)) (K * x) a) (a 0%nat - a 1%nat) (x * (a 0%nat - a 1%nat)).
Proof.
  intros Dec Hx eta He.
  destruct (least_gap (S (S l)) (fun i j => a i - a j)) as (c & Hc & Gap).
  { intros i j Hij Hj. specialize (Dec i j Hij Hj). lra. }
  set (delta := a 0%nat - a 1%nat). assert (Hd : c <= delta) by (apply Gap; lia).
  assert (xc : 0 < x * c) by now apply Rmult_lt_0_compat.
  pose proof (for_large_exp (x * c) (eta / 6) xc) as Small.
  assert (He6 : 0 < eta / 6) by lra. specialize (Small He6).
  pose proof (for_large_and _ _ Small (ex_intro _ (/ (x * c)) (conj (Rinv_0_lt_compat _ xc) (fun K HK => HK)))) as Large.
  revert Large. apply for_large_weaken. intros K HK [Q K1].
  set (s := K * x). assert (Hs : 0 < s) by now apply Rmult_lt_0_compat.
  set (g := s * c). assert (G : 1 <= g).
  { apply Rmult_le_compat_r with (r := x * c) in K1; [|lra]. rewrite Rinv_l in K1 by lra. unfold g, s. lra. }
  replace (- (x * c * K)) with (- g) in Q by (unfold g, s; ring). remember (exp (- g)) as q eqn:Hq.
  assert (q0 : 0 < q) by (rewrite Hq; apply exp_pos).
  set (z := fun j => s * a j).
  assert (Sp : spaced g (1 + S l) z).
  { intros i j Hij Hj. unfold z, g. specialize (Gap i j Hij Hj). nra. }
  (* the first entry and the rest *)
  assert (B1 : boltz 1 z = z 0%nat).
  { unfold boltz, softmax. simpl. pose proof (exp_pos (z 0%nat)). field. lra. }
  assert (W1 : weights 1 z = exp (z 0%nat)) by (unfold weights; simpl; ring).
  set (D := z 0%nat - z 1%nat). assert (HD : D = s * delta) by (unfold D, z, delta; ring).
  assert (gD : g <= D) by (rewrite HD; unfold g; apply Rmult_le_compat_l; lra).
  assert (E1 : exp (z 1%nat) = exp (z 0%nat) * exp (- D)) by (rewrite <- exp_plus; f_equal; unfold D; ring).
  assert (Dq : exp (- D) <= q) by (rewrite Hq; apply exp_le; lra).
  pose proof (exp_pos (z 0%nat)) as X0. pose proof (exp_pos (- D)) as XD.
  assert (Low : D * exp (- D) * (1 - eta) <= z 0%nat - boltz (1 + S l) z).
  { pose proof (pulled_at_least g 1 (S l) z) as P. rewrite B1, W1 in P.
    apply Rle_trans with ((z 0%nat - z 1%nat) * exp (z 1%nat) / (exp (z 0%nat) + exp (z 1%nat))).
    - fold D. rewrite E1. replace (D * (exp (z 0%nat) * exp (- D)) / (exp (z 0%nat) + exp (z 0%nat) * exp (- D)))
        with (D * exp (- D) * / (1 + exp (- D))) by (field; split; nra).
      apply Rmult_le_compat_l; [apply Rmult_le_pos; lra|].
      apply Rmult_le_reg_r with (1 + exp (- D)); [lra|]. rewrite Rinv_l by lra. nra.
    - apply P; try lia; try lra; [exact Sp|unfold D in gD; lra]. }
  assert (High : z 0%nat - boltz (1 + S l) z <= D * exp (- D) * (1 + eta)).
  { pose proof (mean_below_first 1 (S l) z z Nat.lt_0_1 (fun i _ => eq_refl)) as M. rewrite B1, W1 in M. rewrite M.
    assert (T : 0 <= sum (S l) (fun i => exp (z (1 + i)%nat))) by (apply sum_nonneg; intros; apply Rlt_le, exp_pos).
    apply Rmult_le_reg_r with (exp (z 0%nat) + sum (S l) (fun i => exp (z (1 + i)%nat))); [lra|].
    unfold Rdiv. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra.
    apply Rle_trans with (D * exp (- D) * (1 + eta) * exp (z 0%nat));
      [|apply Rmult_le_compat_l; [repeat apply Rmult_le_pos; lra|lra]].
    rewrite sum_first. change (z (1 + 0)%nat) with (z 1%nat). fold D.
    assert (R : sum l (fun i => (z 0%nat - z (1 + S i)%nat) * exp (z (1 + S i)%nat))
      < exp (z 1%nat) * (D * (q / (1 - q)) + g * (q / (1 - q) ^ 2))).
    { apply (pulls_geometric g q (z 0%nat) l G Hq ltac:(lra) (z 1%nat) (fun i => z (1 + S i)%nat)).
      - unfold D in *. lra.
      - intros i j Hij Hj. apply Sp; lia.
      - intros i Hi. apply Sp; lia. }
    assert (q1 : q / (1 - q) <= 2 * q).
    { apply Rmult_le_reg_r with (1 - q); [lra|]. unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra. nra. }
    assert (q2 : q / (1 - q) ^ 2 <= 4 * q).
    { apply Rmult_le_reg_r with ((1 - q) ^ 2); [apply pow_lt; lra|]. unfold Rdiv.
      rewrite Rmult_assoc, Rinv_l by (apply pow_nonzero; lra). assert (1 <= 4 * (1 - q) ^ 2) by nra. nra. }
    assert (R' : D * (q / (1 - q)) + g * (q / (1 - q) ^ 2) <= D * eta).
    { assert (D * (q / (1 - q)) <= D * (2 * q)) by (apply Rmult_le_compat_l; lra).
      assert (0 < q / (1 - q) ^ 2) by (apply Rdiv_lt_0_compat; [lra|apply pow_lt; lra]).
      assert (g * (q / (1 - q) ^ 2) <= D * (4 * q)) by (apply Rmult_le_compat; lra).
      assert (D * (6 * q) <= D * eta) by (apply Rmult_le_compat_l; lra). lra. }
    rewrite E1 in *. assert (Y : 0 < exp (z 0%nat) * exp (- D)) by now apply Rmult_lt_0_compat.
    apply Rmult_le_compat_l with (r := exp (z 0%nat) * exp (- D)) in R'; lra. }
  (* the same, divided by s *)
  assert (B : s * (a 0%nat - tilted (S (S l)) s a) = z 0%nat - boltz (1 + S l) z).
  { rewrite Rmult_minus_distr_l, tilted_boltz. reflexivity. }
  rewrite HD in Low, High. replace (x * delta * K) with (s * delta) by (unfold s; ring).
  split; apply Rmult_le_reg_l with s; try assumption; lra.
Qed.

(** For numbers in any order *)
Lemma tilted_decays L a :
  (2 <= L)%nat -> (forall i j, (i < L)%nat -> (j < L)%nat -> i <> j -> a i <> a j) ->
  exists T delta, 0 < delta /\
    forall x, 0 < x -> decays (fun K => T - tilted L (K * x) a) delta (x * delta).
Proof.
  intros HL H. destruct (sorting L a H) as (p & P & Dec). destruct L as [|[|l]]; try lia.
  exists (a (p 0%nat)), (a (p 0%nat) - a (p 1%nat)).
  split; [specialize (Dec 0%nat 1%nat ltac:(lia) ltac:(lia)); lra|].
  intros x Hx eta He. pose proof (sorted_decays l (fun j => a (p j)) x Dec Hx eta He) as S. revert S.
  apply for_large_weaken. intros K _. now rewrite tilted_permutation.
Qed.

(** ** Different limits, exponents or factors make different values *)

Lemma decays_bounds F delta lambda : 0 < delta -> 0 < lambda -> decays F delta lambda ->
  forall c, 0 < c -> for_large (fun K => 0 < F K < c).
Proof.
  intros Hd Hl H c Hc. assert (Q : 0 < c / (2 * delta)) by (apply Rdiv_lt_0_compat; lra).
  pose proof (for_large_and _ _ (H (1 / 2) ltac:(lra)) (for_large_exp lambda _ Hl Q)) as A. revert A.
  apply for_large_weaken. intros K _ [[A1 A2] A3]. pose proof (exp_pos (- (lambda * K))) as X.
  apply Rmult_lt_compat_l with (r := 2 * delta) in A3; [|lra].
  replace (2 * delta * (c / (2 * delta))) with c in A3 by (field; lra).
  assert (0 < delta * exp (- (lambda * K))) by now apply Rmult_lt_0_compat. lra.
Qed.

Lemma decays_below F G delta lambda delta' lambda' :
  0 < delta -> 0 < delta' -> decays F delta lambda -> decays G delta' lambda' ->
  lambda' < lambda \/ (lambda = lambda' /\ delta < delta') -> for_large (fun K => F K < G K).
Proof.
  intros Hd Hd' HF HG [H|[<- H]].
  - assert (Q : 0 < delta' / (4 * delta)) by (apply Rdiv_lt_0_compat; lra).
    pose proof (for_large_and _ _ (for_large_and _ _ (HF 1 ltac:(lra)) (HG (1 / 2) ltac:(lra)))
      (for_large_exp (lambda - lambda') _ ltac:(lra) Q)) as A. revert A.
    apply for_large_weaken. intros K _ [[[_ A1] [A2 _]] A3].
    replace (- (lambda * K)) with (- ((lambda - lambda') * K) + - (lambda' * K)) in A1 by ring. rewrite exp_plus in A1.
    pose proof (exp_pos (- (lambda' * K))) as X. set (e := exp (- (lambda' * K))) in *.
    apply Rmult_lt_compat_l with (r := 4 * delta) in A3; [|lra].
    replace (4 * delta * (delta' / (4 * delta))) with delta' in A3 by (field; lra). nra.
  - set (eta := (delta' - delta) / (2 * (delta + delta'))).
    assert (E : eta * (2 * (delta + delta')) = delta' - delta) by (unfold eta; field; lra).
    assert (He : 0 < eta <= 1) by (split; [apply Rdiv_lt_0_compat|]; nra).
    pose proof (for_large_and _ _ (HF eta He) (HG eta He)) as A. revert A.
    apply for_large_weaken. intros K _ [[_ A1] [A2 _]]. pose proof (exp_pos (- (lambda * K))) as X. nra.
Qed.

Lemma decays_differ F G T T' delta lambda delta' lambda' :
  0 < delta -> 0 < delta' -> 0 < lambda -> 0 < lambda' -> decays F delta lambda -> decays G delta' lambda' ->
  lambda <> lambda' \/ delta <> delta' -> for_large (fun K => T - F K <> T' - G K).
Proof.
  intros Hd Hd' Hl Hl' HF HG N. destruct (Rtotal_order T T') as [H|[<-|H]].
  - pose proof (for_large_and _ _ (decays_bounds F delta lambda Hd Hl HF 1 ltac:(lra))
      (decays_bounds G delta' lambda' Hd' Hl' HG (T' - T) ltac:(lra))) as A.
    revert A. apply for_large_weaken. intros K _. lra.
  - destruct (Rtotal_order lambda lambda') as [L|[L|L]].
    + apply for_large_weaken with (2 := decays_below G F delta' lambda' delta lambda Hd' Hd HG HF (or_introl L)).
      intros K _. lra.
    + destruct (Rtotal_order delta delta') as [D|[D|D]]; [|destruct N; contradiction|].
      * apply for_large_weaken with (2 := decays_below F G _ _ _ _ Hd Hd' HF HG (or_intror (conj L D))). intros K _. lra.
      * apply for_large_weaken with (2 := decays_below G F _ _ _ _ Hd' Hd HG HF (or_intror (conj (eq_sym L) D))).
        intros K _. lra.
    + apply for_large_weaken with (2 := decays_below F G _ _ _ _ Hd Hd' HF HG (or_introl L)). intros K _. lra.
  - pose proof (for_large_and _ _ (decays_bounds F delta lambda Hd Hl HF (T - T') ltac:(lra))
      (decays_bounds G delta' lambda' Hd' Hl' HG 1 ltac:(lra))) as A.
    revert A. apply for_large_weaken. intros K _. lra.
Qed.

(** Two such means with different x ≠ 0 differ for all large K, whatever the numbers. *)
Theorem tilted_differ L a b x y :
  (2 <= L)%nat ->
  (forall i j, (i < L)%nat -> (j < L)%nat -> i <> j -> a i <> a j) ->
  (forall i j, (i < L)%nat -> (j < L)%nat -> i <> j -> b i <> b j) ->
  x <> 0 -> y <> 0 -> x <> y -> for_large (fun K => tilted L (K * x) a <> tilted L (K * y) b).
Proof.
  intros HL.
  assert (Pos : forall a b x y, (forall i j, (i < L)%nat -> (j < L)%nat -> i <> j -> a i <> a j) ->
    (forall i j, (i < L)%nat -> (j < L)%nat -> i <> j -> b i <> b j) -> 0 < x -> 0 < y -> x <> y ->
    for_large (fun K => tilted L (K * x) a <> tilted L (K * y) b)).
  { clear a b x y. intros a b x y Ha Hb Hx Hy Hxy.
    destruct (tilted_decays L a HL Ha) as (T & d & Hd & DA). destruct (tilted_decays L b HL Hb) as (T' & d' & Hd' & DB).
    assert (A : for_large (fun K => T - (T - tilted L (K * x) a) <> T' - (T' - tilted L (K * y) b))).
    { apply (decays_differ _ _ T T' d (x * d) d' (y * d')); try assumption; try (now apply Rmult_lt_0_compat);
        [now apply DA|now apply DB|].
      destruct (Req_dec d d') as [E|N]; [left; rewrite <- E|now right].
      intros Q. apply Hxy. apply Rmult_eq_reg_r with d; [assumption|lra]. }
    revert A. apply for_large_weaken. intros K _ N E. apply N. rewrite E. ring. }
  assert (Mixed : forall a b x y, (forall i j, (i < L)%nat -> (j < L)%nat -> i <> j -> a i <> a j) ->
    (forall i j, (i < L)%nat -> (j < L)%nat -> i <> j -> b i <> b j) -> 0 < x -> y < 0 ->
    for_large (fun K => tilted L (K * x) a <> tilted L (K * y) b)).
  { clear a b x y. intros a b x y Ha Hb Hx Hy.
    destruct (tilted_decays L a HL Ha) as (T & d & Hd & DA).
    destruct (tilted_decays L (fun j => - b j) HL) as (T' & d' & Hd' & DB).
    { intros i j Hi Hj N E. apply (Hb i j Hi Hj N). lra. }
    assert (Q : exists c, 0 < c /\ (T + T' <= 0 \/ 2 * c <= T + T')).
    { destruct (Rle_lt_dec (T + T') 0); [exists 1; lra|exists ((T + T') / 2); lra]. }
    destruct Q as (c & Hc & Q).
    pose proof (for_large_and _ _ (decays_bounds _ d (x * d) Hd ltac:(now apply Rmult_lt_0_compat) (DA x Hx) c Hc)
      (decays_bounds _ d' (- y * d') Hd' ltac:(apply Rmult_lt_0_compat; lra) (DB (- y) ltac:(lra)) c Hc)) as A.
    revert A. apply for_large_weaken. intros K _ [A1 A2] E.
    replace (K * y) with (- (K * - y)) in E by ring. rewrite tilted_opp in E. lra. }
  intros Ha Hb Hx Hy Hxy. destruct (Rtotal_order x 0) as [X|[X|X]]; [|contradiction|];
    destruct (Rtotal_order y 0) as [Y|[Y|Y]]; try contradiction.
  - assert (A : for_large (fun K => tilted L (K * - x) (fun j => - a j) <> tilted L (K * - y) (fun j => - b j))).
    { apply Pos; try lra.
      - intros i j Hi Hj N E. apply (Ha i j Hi Hj N). lra.
      - intros i j Hi Hj N E. apply (Hb i j Hi Hj N). lra. }
    revert A. apply for_large_weaken. intros K _ N E. apply N.
    replace (K * x) with (- (K * - x)) in E by ring. replace (K * y) with (- (K * - y)) in E by ring.
    rewrite !tilted_opp in E. lra.
  - pose proof (Mixed b a y x Hb Ha Y X) as A. revert A. apply for_large_weaken. intros K _ N E. now apply N.
  - now apply Mixed.
  - now apply Pos.
Qed.

(** ** The attention of Definition B.3 *)

Definition identity : matrix := fun i j => if Nat.eqb i j then 1 else 0.

(** W_Q = K v v^T, W_K = v v^T, W_V = I *)
Definition rank_one_paper (d L : nat) (K : R) (v : vector) : matrix -> matrix :=
  paper_attention d L (outer (fun i => K * v i) v) (outer v v) identity.

(** A context ID is a mean of the tokens, under the softmax of the scores K a_k a_j. *)
Lemma rank_one_paper_mean d L K v Z k : norm2 d v = 1 ->
  same d (token (rank_one_paper d L K v Z) k)
    (combination L (softmax L (fun j => K * projections d v Z k * projections d v Z j)) (token Z)).
Proof.
  intros Hv h Hh. unfold token at 1, rank_one_paper, paper_attention, transpose at 1, attention, times at 1, combination.
  assert (VV : inner d v v = 1) by (rewrite <- norm2_sqr, Hv; ring).
  apply sum_ext. intros j Hj. f_equal.
  - apply softmax_ext; [assumption|]. intros i _. unfold scores, transpose at 1.
    assert (P : forall w r l, times d (transpose Z) (outer w v) r l = inner d w (token Z r) * v l).
    { intros w r l. unfold times, transpose, outer, inner, token. rewrite <- sum_scal_r. apply sum_ext. intros; ring. }
    unfold times at 1. transitivity (K * projections d v Z k * projections d v Z i * inner d v v); [|rewrite VV; ring].
    unfold inner at 1. rewrite <- sum_scal_l. apply sum_ext. intros l _.
    match goal with |- _ * transpose ?A l i = _ => change (transpose A l i) with (A i l) end.
    rewrite !P, inner_scal. unfold projections. ring.
  - unfold times, transpose, identity, token.
    rewrite <- (sum_single d h (fun l => Z l j) Hh). apply sum_ext. intros l _. destruct (Nat.eqb l h); ring.
Qed.

Lemma rank_one_paper_projection d L K v Z k : norm2 d v = 1 ->
  inner d v (token (rank_one_paper d L K v Z) k) = context_mean L K (projections d v Z) k.
Proof.
  intros Hv. rewrite (inner_same d v v _ _ (same_refl d v) (rank_one_paper_mean d L K v Z k Hv)).
  unfold inner, combination, context_mean.
  rewrite (sum_ext d _ (fun i => sum L (fun j => v i * (softmax L (fun j => K * projections d v Z k * projections d v Z j) j
    * token Z j i)))) by (intros; now rewrite sum_scal_l).
  rewrite sum_swap. apply sum_ext. intros j _. unfold projections at 3, inner.
  rewrite <- sum_scal_r. apply sum_ext. intros; ring.
Qed.

(** A mean of tokens is shorter than γ if they are. *)
Lemma combination_short d L p Z gamma :
  (0 < L)%nat -> (forall j, (j < L)%nat -> 0 < p j) -> sum L p = 1 ->
  (forall j, (j < L)%nat -> norm2 d (token Z j) < gamma) -> norm2 d (combination L p (token Z)) < gamma.
Proof.
  intros HL Hp One H. assert (B : norm2 d (combination L p (token Z)) <= sum L (fun j => p j * norm2 d (token Z j))).
  { clear HL One H. induction L as [|L IH].
    - simpl. unfold combination, norm2, inner. rewrite sum_zero; [rewrite sqrt_0; lra|]. intros; simpl; ring.
    - rewrite (norm2_same d _ (fun i => combination L p (token Z) i + p L * token Z L i)) by (intros i _; reflexivity).
      eapply Rle_trans; [apply norm2_triangle|]. rewrite norm2_scal, Rabs_pos_eq by (apply Rlt_le, Hp; lia).
      simpl. apply Rplus_le_compat_r, IH. intros j Hj. apply Hp. lia. }
  apply Rle_lt_trans with (1 := B). replace gamma with (sum L (fun j => p j * gamma)) by (rewrite sum_scal_r, One; ring).
  apply (sum_lt L 0); [assumption| |].
  - intros j Hj. specialize (H j Hj). specialize (Hp j Hj). apply Rmult_le_compat_l; lra.
  - apply Rmult_lt_compat_l; [now apply Hp|now apply H].
Qed.

(** Lemma 4.4 (lemma-4.4) for the attention of Definition B.3, with γ = γ_max and some δ > 0: a qualitative form of the
    reading amended-paper-attention, whose δ is not proved here. *)
Theorem paper_attention_some_delta d L N V Z gmin gmax eps :
  hypotheses d L N V Z gmin gmax eps ->
  exists K v delta, norm2 d v = 1 /\ 0 < K /\ 0 < delta /\
    contextual_mapping d L N Z (rank_one_paper d L K v) gmax delta.
Proof.
  intros H. destruct (direction_exists d L N V Z gmin gmax eps H) as (v & Hv & Far).
  pose proof (vocabulary_not_empty d L N V Z gmin gmax eps H) as HV. apply le_INR in HV. simpl in HV.
  pose proof H as (Hd & HL & HN & ((G0 & G1) & He & S1 & S2 & S3) & NoDup & _).
  set (c := 2 / (INR V * (INR V + 1))) in *.
  assert (Hc : 0 < c) by (apply Rdiv_lt_0_compat; [lra|]; apply Rmult_lt_0_compat; lra).
  (* along v different tokens are different, and not 0 *)
  assert (One : scores_apart d L N Z (/ (c * c * (eps * gmin))) v 1).
  { assert (0 < c * c * (eps * gmin)) by (apply Rmult_lt_0_compat; apply Rmult_lt_0_compat; lra).
    apply (scores_apart_along d L N V Z gmin gmax eps c); try assumption; [now apply Rinv_0_lt_compat|].
    right. field. repeat split; lra. }
  assert (Apart : forall i j k l, (i < N)%nat -> (j < N)%nat -> (k < L)%nat -> (l < L)%nat ->
    ~ same d (token (Z i) k) (token (Z j) l) ->
    projections d v (Z i) k <> projections d v (Z j) l /\ projections d v (Z i) k <> 0).
  { intros i j k l Hi Hj Hk Hl D. pose proof (One i i j k k l Hi Hi Hj Hk Hk Hl D) as A. unfold projections.
    split; intros E; rewrite E in A; revert A.
    - rewrite Rminus_diag_eq, Rabs_R0 by reflexivity. lra.
    - rewrite Rabs_R0. lra. }
  (* context IDs that are to be told apart differ along v, for all large K *)
  assert (Differ : for_large (fun K => forall i, (i < N)%nat -> forall j, (j < N)%nat -> forall k, (k < L)%nat ->
    forall l, (l < L)%nat -> to_tell d L (Z i) (Z j) k l ->
    context_mean L K (projections d v (Z i)) k <> context_mean L K (projections d v (Z j)) l)).
  { apply for_large_all. intros i Hi. apply for_large_all. intros j Hj. apply for_large_all. intros k Hk.
    apply for_large_all. intros l Hl.
    destruct (Classical_Prop.classic (same d (token (Z i) k) (token (Z j) l))) as [E|E].
    - (* the same token: the Boltzmann operator *)
      exists (2 / (c * c * (eps * gmin))).
      assert (P : 0 < c * c * (eps * gmin)) by (apply Rmult_lt_0_compat; apply Rmult_lt_0_compat; lra).
      split; [apply Rdiv_lt_0_compat; lra|]. intros K HK [D|D] Q; [|contradiction].
      assert (K0 : 0 < K) by (apply Rlt_le_trans with (2 := HK), Rdiv_lt_0_compat; lra).
      destruct (scores_separated d L N Z gmax K v 2 i j k l) as [_ B]; try assumption; try lra.
      + apply (scores_apart_along d L N V Z gmin gmax eps c); try assumption.
        apply Rmult_le_compat_r with (r := c * c * (eps * gmin)) in HK; [|lra].
        unfold Rdiv in HK. rewrite Rmult_assoc, Rinv_l in HK by lra. lra.
      + set (m := context_mean L K (projections d v (Z j)) l) in *. rewrite Q in B.
        replace (m - m) with 0 in B by ring. rewrite Rabs_R0, Rmult_0_r in B.
        pose proof (exp_pos (2 - 2 * (K * gmax ^ 2))). lra.
    - destruct (Apart i j k l Hi Hj Hk Hl E) as [Nxy Nx].
      assert (Ny : projections d v (Z j) l <> 0) by (apply (Apart j i l k); try assumption; intros Q; now apply E, same_sym).
      destruct (le_lt_dec 2 L) as [L2|L2].
      + assert (A : for_large (fun K => tilted L (K * projections d v (Z i) k) (projections d v (Z i))
          <> tilted L (K * projections d v (Z j) l) (projections d v (Z j)))).
        { apply tilted_differ; try assumption.
          - intros m m' Hm Hm' D. apply (Apart i i m m'); try assumption. now apply NoDup.
          - intros m m' Hm Hm' D. apply (Apart j j m m'); try assumption. now apply NoDup. }
        revert A. apply for_large_weaken. intros K _ A _. exact A.
      + (* a single token is its own mean *)
        apply for_large_always. intros K _ _. assert (L = 1)%nat as -> by lia.
        assert (Own : forall a m, (m < 1)%nat -> context_mean 1 K a m = a m).
        { intros a m Hm. replace m with 0%nat by lia. unfold context_mean, softmax. simpl.
          pose proof (exp_pos (K * a 0%nat * a 0%nat)). field. lra. }
        now rewrite !Own. }
  destruct Differ as (K & HK & Differ). specialize (Differ K (Rle_refl K)).
  (* so they have a least distance *)
  assert (Least : for_large (fun M => forall i, (i < N)%nat -> forall j, (j < N)%nat -> forall k, (k < L)%nat ->
    forall l, (l < L)%nat -> to_tell d L (Z i) (Z j) k l ->
    / M < distance d (token (rank_one_paper d L K v (Z i)) k) (token (rank_one_paper d L K v (Z j)) l))).
  { apply for_large_all. intros i Hi. apply for_large_all. intros j Hj. apply for_large_all. intros k Hk.
    apply for_large_all. intros l Hl.
    destruct (Classical_Prop.classic (to_tell d L (Z i) (Z j) k l)) as [T|T]; [|now apply for_large_always].
    specialize (Differ i Hi j Hj k Hk l Hl T).
    set (p := token (rank_one_paper d L K v (Z i)) k). set (q := token (rank_one_paper d L K v (Z j)) l).
    assert (D : 0 < distance d p q).
    { pose proof (cauchy_schwarz d v (fun h => p h - q h)) as C. rewrite Hv, Rmult_1_l in C.
      apply Rlt_le_trans with (2 := C). apply Rabs_pos_lt. rewrite inner_comm, inner_minus, !(inner_comm d _ v).
      unfold p, q. rewrite !rank_one_paper_projection by assumption. lra. }
    exists (2 / distance d p q). split; [apply Rdiv_lt_0_compat; lra|]. intros M HM _.
    assert (M0 : 0 < M) by (apply Rlt_le_trans with (2 := HM), Rdiv_lt_0_compat; lra).
    apply Rmult_lt_reg_r with M; [assumption|]. rewrite Rinv_l by lra.
    apply Rmult_le_compat_r with (r := distance d p q) in HM; [|lra].
    unfold Rdiv in HM. rewrite Rmult_assoc, Rinv_l in HM by lra. lra. }
  destruct Least as (M & HM & Least). specialize (Least M (Rle_refl M)).
  exists K, v, (/ M). split; [assumption|]. split; [assumption|]. split; [now apply Rinv_0_lt_compat|]. split.
  - intros i k Hi Hk. rewrite (norm2_same d _ _ (rank_one_paper_mean d L K v (Z i) k Hv)).
    apply combination_short; [assumption| |now apply softmax_sum|].
    + intros j _. now apply softmax_pos.
    + intros j Hj. now apply S2.
  - intros i j k l Hi Hj Hk Hl T. now apply Least.
Qed.
