(** A direction that keeps points apart: the vector v in the proof of [51]'s Theorem 2, the amended Lemma 4.4.

    [51] finds it by measure. Here it is Bang's argument (T. Bang, 1951, on coverings by planks): of all sums of given unit
    vectors with signs ±1, take a longest, u. Changing the sign of e in it does not make it longer, which says |⟨u, e⟩| ≥ 1;
    and u is not longer than there are vectors. *)

From Coq Require Import Reals Lra Lia Arith Psatz.
From Plumbline Require Import Definitions Sums Facts ContextualMapping.
Open Scope R_scope.

(** ** Signs *)

Definition signs (M : nat) (s : nat -> R) : Prop := forall p, (p < M)%nat -> s p = 1 \/ s p = -1.

Definition with_last (M : nat) (c : R) (s : nat -> R) : nat -> R := fun p => if Nat.eqb p M then c else s p.

(** A function of M signs has a largest value. *)
Lemma best_signs M : forall G : (nat -> R) -> R,
  (forall s t, (forall p, (p < M)%nat -> s p = t p) -> G s = G t) ->
  exists s, signs M s /\ forall t, signs M t -> G t <= G s.
Proof.
  induction M as [|M IH]; intros G Ext.
  - exists (fun _ => 1). split; [intros p Hp; lia|]. intros t _. right. apply Ext. lia.
  - assert (Half : forall c, exists s, signs M s /\ forall t, signs M t -> G (with_last M c t) <= G (with_last M c s)).
    { intros c. apply (IH (fun s => G (with_last M c s))). intros s t H. apply Ext. intros p Hp. unfold with_last.
      destruct (Nat.eqb_spec p M); [reflexivity|]. apply H. lia. }
    destruct (Half 1) as (s & Ss & Hs). destruct (Half (-1)) as (t & St & Ht).
    assert (Signs : forall c r, c = 1 \/ c = -1 -> signs M r -> signs (S M) (with_last M c r)).
    { intros c r Hc Sr p Hp. unfold with_last. destruct (Nat.eqb_spec p M); [assumption|]. apply Sr. lia. }
    assert (Best : forall r, signs (S M) r -> G r <= G (with_last M 1 s) \/ G r <= G (with_last M (-1) t)).
    { intros r Sr. rewrite (Ext r (with_last M (r M) r)).
      - assert (Sr' : signs M r) by (intros p Hp; apply Sr; lia).
        destruct (Sr M (Nat.lt_succ_diag_r M)) as [-> | ->]; [left; now apply Hs|right; now apply Ht].
      - intros p _. unfold with_last. now destruct (Nat.eqb_spec p M) as [->|]. }
    destruct (Rle_lt_dec (G (with_last M (-1) t)) (G (with_last M 1 s))) as [H|H].
    + exists (with_last M 1 s). split; [apply Signs; [now left|assumption]|].
      intros r Sr. destruct (Best r Sr); lra.
    + exists (with_last M (-1) t). split; [apply Signs; [now right|assumption]|].
      intros r Sr. destruct (Best r Sr); lra.
Qed.

(** ** The longest sum *)

(** s_0 e_0 + … + s_(M-1) e_(M-1) *)
Definition combination (M : nat) (s : nat -> R) (e : nat -> vector) : vector := fun i => sum M (fun p => s p * e p i).

Lemma norm2_combination d M s e : signs M s -> norm2 d (combination M s e) <= sum M (fun p => norm2 d (e p)).
Proof.
  induction M as [|M IH]; intros Ss.
  - unfold combination. simpl. unfold norm2, inner. rewrite sum_zero; [rewrite sqrt_0; lra|]. intros; ring.
  - rewrite (norm2_same d _ (fun i => combination M s e i + s M * e M i)) by (intros i _; reflexivity).
    eapply Rle_trans; [apply norm2_triangle|]. rewrite norm2_scal. simpl.
    replace (Rabs (s M)) with 1.
    + rewrite Rmult_1_l. apply Rplus_le_compat_r, IH. intros p Hp. apply Ss. lia.
    + destruct (Ss M (Nat.lt_succ_diag_r M)) as [-> | ->]; [now rewrite Rabs_R1|rewrite Rabs_left; lra].
Qed.

(** Bang's lemma, for vectors of any length: some u is no longer than the number of the w_p ≠ 0, and ‖w_p‖ ≤ |⟨u, w_p⟩| for
    all of them. *)
Theorem bang (d M : nat) (w : nat -> vector) :
  exists u, norm2 d u <= sum M (fun p => if Req_EM_T (norm2 d (w p)) 0 then 0 else 1) /\
    forall p, (p < M)%nat -> norm2 d (w p) <= Rabs (inner d u (w p)).
Proof.
  set (e := fun p i => / norm2 d (w p) * w p i).
  destruct (best_signs M (fun s => inner d (combination M s e) (combination M s e))) as (s & Ss & Best).
  { intros s t H. assert (E : same d (combination M s e) (combination M t e)).
    { intros i _. apply sum_ext. intros p Hp. now rewrite H. }
    now apply inner_same. }
  set (u := combination M s e) in *. exists u. split.
  - apply Rle_trans with (1 := norm2_combination d M s e Ss). apply sum_le. intros p _. unfold e. rewrite norm2_scal.
    destruct (Req_EM_T (norm2 d (w p)) 0) as [E|E]; [rewrite E; lra|].
    pose proof (norm2_nonneg d (w p)). rewrite Rabs_pos_eq by (left; apply Rinv_0_lt_compat; lra).
    rewrite Rinv_l by assumption. lra.
  - intros p Hp. pose proof (norm2_nonneg d (w p)) as P.
    destruct (Req_EM_T (norm2 d (w p)) 0) as [E|E]; [rewrite E; apply Rabs_pos|].
    assert (P' : 0 < norm2 d (w p)) by lra.
    (* the sum with the sign of e p changed *)
    set (t := fun q => if Nat.eqb q p then - s q else s q).
    assert (St : signs M t).
    { intros q Hq. unfold t. destruct (Nat.eqb q p); [|now apply Ss]. destruct (Ss q Hq) as [-> | ->]; [right|left]; ring. }
    assert (T : same d (combination M t e) (fun i => 1 * u i + (-2 * s p) * e p i)).
    { intros i _. unfold u, combination. rewrite (sum_split M p (fun q => t q * e q i) Hp).
      rewrite (sum_split M p (fun q => s q * e q i) Hp). unfold t at 1. rewrite Nat.eqb_refl.
      rewrite (sum_ext M (fun q => if Nat.eqb q p then 0 else t q * e q i)
        (fun q => if Nat.eqb q p then 0 else s q * e q i)).
      - ring.
      - intros q _. unfold t. now destruct (Nat.eqb q p). }
    specialize (Best t St). rewrite (inner_same d _ _ _ _ T T), inner_combination in Best.
    assert (One : inner d (e p) (e p) = 1).
    { unfold e. rewrite inner_scal, inner_comm, inner_scal, <- norm2_sqr. field. assumption. }
    assert (Sq : s p * s p = 1) by (destruct (Ss p Hp) as [-> | ->]; ring).
    rewrite One in Best.
    assert (U : 1 <= s p * inner d u (e p)) by nra.
    assert (A : 1 <= Rabs (inner d u (e p))).
    { apply Rle_trans with (1 := U). apply Rle_trans with (1 := Rle_abs _). rewrite Rabs_mult.
      replace (Rabs (s p)) with 1; [lra|]. destruct (Ss p Hp) as [-> | ->]; [now rewrite Rabs_R1|rewrite Rabs_left; lra]. }
    unfold e in A. rewrite inner_comm, inner_scal, inner_comm, Rabs_mult in A.
    rewrite Rabs_pos_eq in A by (left; now apply Rinv_0_lt_compat).
    apply Rmult_le_compat_l with (r := norm2 d (w p)) in A; [|lra].
    rewrite <- Rmult_assoc, Rinv_r in A by assumption. lra.
Qed.

(** ** A direction for N points *)

(** Row by row *)
Lemma sum_rows n m f : sum (n * m) f = sum n (fun i => sum m (fun j => f (i * m + j)%nat)).
Proof.
  induction n as [|n IH]; [reflexivity|].
  replace (S n * m)%nat with (n * m + m)%nat by lia. rewrite sum_app, IH. reflexivity.
Qed.

Lemma sum_below n m : (m <= n)%nat -> sum n (fun j => if (j <? m)%nat then 1 else 0) = INR m.
Proof.
  intros H. replace n with (m + (n - m))%nat by lia. rewrite sum_app.
  rewrite (sum_ext m _ (fun _ => 1)), sum_const, sum_zero; [ring| |].
  - intros i _. destruct (Nat.ltb_spec (m + i) m); [lia|reflexivity].
  - intros i Hi. destruct (Nat.ltb_spec i m); [reflexivity|lia].
Qed.

Lemma sum_INR n : sum n INR = INR n * (INR n - 1) / 2.
Proof.
  induction n as [|n IH]; [simpl; field|]. rewrite S_INR. simpl sum. rewrite IH. field.
Qed.

(** Some unit vector v shortens no difference of N points, of which two differ, by more than the number of pairs:
    ‖x - x'‖ ≤ N(N-1)/2 |⟨v, x - x'⟩|. *)
Theorem direction (d N : nat) (x : nat -> vector) :
  (exists m m', (m < N)%nat /\ (m' < N)%nat /\ 0 < distance d (x m) (x m')) ->
  exists v, norm2 d v = 1 /\ forall m m', (m < N)%nat -> (m' < N)%nat ->
    distance d (x m) (x m') <= INR N * (INR N - 1) / 2 * Rabs (inner d v (fun i => x m i - x m' i)).
Proof.
  intros (m0 & m1 & Hm0 & Hm1 & D).
  set (w := fun p i => if (p mod N <? p / N)%nat then x (p / N)%nat i - x (p mod N)%nat i else 0).
  destruct (bang d (N * N) w) as (u & Short & Long).
  assert (Code : forall m m', (m' < N)%nat -> ((m * N + m') / N = m /\ (m * N + m') mod N = m')%nat).
  { intros m m' H. split.
    - rewrite Nat.div_add_l, Nat.div_small by lia. lia.
    - rewrite Nat.add_comm, Nat.mod_add, Nat.mod_small by lia. reflexivity. }
  assert (Count : norm2 d u <= INR N * (INR N - 1) / 2).
  { apply Rle_trans with (1 := Short). rewrite sum_rows, <- sum_INR. apply sum_le. intros m Hm.
    rewrite <- (sum_below N m) by lia. apply sum_le. intros m' Hm'. destruct (Code m m' Hm') as [C1 C2].
    destruct (Req_EM_T (norm2 d (w (m * N + m')%nat)) 0) as [E|E]; [destruct (m' <? m)%nat; lra|].
    destruct (Nat.ltb_spec m' m) as [L|L]; [lra|]. exfalso. apply E. unfold w. rewrite C1, C2.
    destruct (Nat.ltb_spec m' m); [lia|]. unfold norm2, inner. rewrite sum_zero; [apply sqrt_0|]. intros; ring. }
  assert (Pairs : forall m m', (m < N)%nat -> (m' < N)%nat ->
    distance d (x m) (x m') <= Rabs (inner d u (fun i => x m i - x m' i))).
  { assert (Less : forall m m', (m < N)%nat -> (m' < m)%nat ->
      distance d (x m) (x m') <= Rabs (inner d u (fun i => x m i - x m' i))).
    { intros m m' Hm Hm'. destruct (Code m m') as [C1 C2]; [lia|].
      assert (W : same d (w (m * N + m')%nat) (fun i => x m i - x m' i)).
      { intros i _. unfold w. rewrite C1, C2. destruct (Nat.ltb_spec m' m); [reflexivity|lia]. }
      specialize (Long (m * N + m')%nat). rewrite (norm2_same d _ _ W) in Long.
      rewrite (inner_same d u u _ _ (same_refl d u) W) in Long. apply Long. nia. }
    intros m m' Hm Hm'. destruct (Nat.lt_total m m') as [L|[->|L]]; [|unfold distance, norm2, inner|now apply Less].
    - rewrite distance_comm. apply Rle_trans with (1 := Less m' m Hm' L).
      rewrite <- Rabs_Ropp. right. f_equal. unfold inner. rewrite <- sum_opp. apply sum_ext. intros; ring.
    - rewrite sum_zero, sqrt_0 by (intros; ring). apply Rabs_pos. }
  assert (Hu : 0 < norm2 d u).
  { pose proof (Pairs m0 m1 Hm0 Hm1) as H. pose proof (cauchy_schwarz d u (fun i => x m0 i - x m1 i)) as C.
    pose proof (norm2_nonneg d u). destruct (Req_dec (norm2 d u) 0) as [E|E]; [rewrite E in C; lra|lra]. }
  exists (fun i => / norm2 d u * u i). split.
  - rewrite norm2_scal, Rabs_pos_eq by (left; now apply Rinv_0_lt_compat). apply Rinv_l. lra.
  - intros m m' Hm Hm'. rewrite inner_scal, Rabs_mult, Rabs_pos_eq by (left; now apply Rinv_0_lt_compat).
    apply Rle_trans with (1 := Pairs m m' Hm Hm'). rewrite <- Rmult_assoc.
    rewrite <- (Rmult_1_l (Rabs _)) at 1. apply Rmult_le_compat_r; [apply Rabs_pos|].
    apply Rmult_le_reg_r with (norm2 d u); [assumption|]. rewrite Rmult_assoc, Rinv_l by lra. lra.
Qed.
