(** Attention with residual and weight matrices of rank 1, from which [51] makes contextual mappings (lemma-4.4, amended).

    With W_K = u v^T, W_Q = u' v^T and W_V = u'' v^T attention sees its tokens along v only. With a_j = ⟨v, z_j⟩ and
    K = ⟨u, u'⟩ it adds to token k the vector W_O u'' times the mean of the a_j under the softmax of K a_k a_j, and K a_k
    times this mean is the Boltzmann operator of the vector (K a_k a_j)_j. Tokens more than ε apart stay more than ε/2
    apart, as what is added is shorter than ε/4. Equal tokens in different contexts have the same a_k, and their vectors
    differ in some entry; if K is so large that different entries are far apart, the Boltzmann operator tells them apart. *)

From Coq Require Import Reals Lra Lia Arith Psatz.
From Plumbline Require Import Definitions Sums Softmax Facts ContextualMapping Boltzmann Direction.
Open Scope R_scope.

(** ** From rank-1 attention to the Boltzmann operator *)

(** u v^T, and W_O u *)
Definition outer (u v : vector) : matrix := fun i j => u i * v j.
Definition output (s : nat) (WO : matrix) (u : vector) : vector := fun i => sum s (fun r => WO i r * u r).

Definition rank_one_attention (d s L : nat) (WO : matrix) (u'' u u' v : vector) : matrix -> matrix :=
  residual_attention d s L WO (outer u'' v) (outer u v) (outer u' v).

(** The mean that token k adds: of a_j under the softmax of K a_k a_j *)
Definition context_mean (L : nat) (K : R) (a : vector) (k : nat) : R :=
  sum L (fun j => a j * softmax L (fun j => K * a k * a j) j).

(** The numbers that attention sees *)
Definition projections (d : nat) (v : vector) (Z : matrix) : vector := fun j => inner d v (token Z j).

(** The reduction (lemma-4.4, reading amended): what rank-1 attention adds to a token *)
Theorem rank_one_reduction d s L WO u'' u u' v Z k i :
  rank_one_attention d s L WO u'' u u' v Z i k
  = Z i k + context_mean L (inner s u u') (projections d v Z) k * output s WO u'' i.
Proof.
  assert (P : forall w r j, times d (outer w v) Z r j = w r * projections d v Z j).
  { intros w r j. unfold times, outer, projections, inner, token. rewrite <- sum_scal_l. apply sum_ext. intros; ring. }
  unfold rank_one_attention, residual_attention. f_equal.
  unfold times at 1, output. rewrite <- sum_scal_l. apply sum_ext. intros r _.
  unfold times at 1, context_mean.
  transitivity (WO i r * (u'' r * sum L (fun j => projections d v Z j
    * softmax L (fun j => inner s u u' * projections d v Z k * projections d v Z j) j))); [|ring].
  f_equal. rewrite <- sum_scal_l. apply sum_ext. intros j Hj. rewrite P.
  replace (softmax_columns L (times s (transpose (times d (outer u v) Z)) (times d (outer u' v) Z)) j k)
    with (softmax L (fun j => inner s u u' * projections d v Z k * projections d v Z j) j); [ring|].
  symmetry. apply softmax_ext; [assumption|]. intros j' _. unfold transpose, times at 1.
  unfold inner at 1. rewrite <- !sum_scal_r. apply sum_ext. intros q _. rewrite !P. ring.
Qed.

(** K a_k times the mean is the Boltzmann operator of the scores. *)
Theorem context_mean_boltz L K a k : K * a k * context_mean L K a k = boltz L (fun j => K * a k * a j).
Proof. unfold context_mean, boltz. rewrite <- sum_scal_l. apply sum_ext. intros; ring. Qed.

(** A mean of numbers is no larger than they are. *)
Lemma context_mean_bound L K a k c :
  (0 < L)%nat -> (forall j, (j < L)%nat -> Rabs (a j) < c) -> Rabs (context_mean L K a k) < c.
Proof.
  intros HL H. unfold context_mean. set (p := softmax L (fun j => K * a k * a j)).
  apply Rle_lt_trans with (1 := sum_abs L _).
  replace c with (sum L (fun j => c * p j)) by (rewrite sum_scal_l; unfold p; rewrite softmax_sum by assumption; ring).
  assert (S : forall j, (j < L)%nat -> Rabs (a j * p j) < c * p j).
  { intros j Hj. pose proof (softmax_pos L (fun j => K * a k * a j) j HL) as P. fold p in P.
    rewrite Rabs_mult, (Rabs_pos_eq (p j)) by lra. apply Rmult_lt_compat_r; [assumption|]. now apply H. }
  apply (sum_lt L 0); [assumption| |now apply S]. intros j Hj. left. now apply S.
Qed.

(** ** What makes rank-1 attention a contextual mapping *)

Lemma projection_bound d v x c : norm2 d v = 1 -> norm2 d x < c -> Rabs (inner d v x) < c.
Proof. intros Hv Hx. apply Rle_lt_trans with (1 := cauchy_schwarz d v x). rewrite Hv. lra. Qed.

(** A token is what it was, up to ε/4. *)
Lemma added_short d s L N V Z gmin gmax eps WO u'' u u' v i k :
  hypotheses d L N V Z gmin gmax eps -> norm2 d v = 1 -> norm2 d (output s WO u'') = eps / (4 * gmax) ->
  (i < N)%nat -> (k < L)%nat ->
  norm2 d (fun h => context_mean L (inner s u u') (projections d v (Z i)) k * output s WO u'' h) < eps / 4.
Proof.
  intros (_ & HL & _ & (G & E & _ & S & _) & _) Hv HO Hi Hk. rewrite norm2_scal, HO.
  assert (M : Rabs (context_mean L (inner s u u') (projections d v (Z i)) k) < gmax).
  { apply context_mean_bound; [assumption|]. intros j Hj. apply projection_bound; [assumption|]. now apply S. }
  assert (P : 0 < eps / (4 * gmax)) by (apply Rdiv_lt_0_compat; lra).
  replace (eps / 4) with (gmax * (eps / (4 * gmax))) by (field; lra). now apply Rmult_lt_compat_r.
Qed.

Lemma rank_one_token d s L WO u'' u u' v Z k :
  same d (token (rank_one_attention d s L WO u'' u u' v Z) k)
    (fun h => token Z k h + context_mean L (inner s u u') (projections d v Z) k * output s WO u'' h).
Proof. intros h _. unfold token at 1. now rewrite rank_one_reduction. Qed.

Lemma rank_one_sensitive d s L N V Z gmin gmax eps WO u'' u u' v i k :
  hypotheses d L N V Z gmin gmax eps -> norm2 d v = 1 -> norm2 d (output s WO u'') = eps / (4 * gmax) ->
  (i < N)%nat -> (k < L)%nat ->
  norm2 d (token (rank_one_attention d s L WO u'' u u' v (Z i)) k) < lemma_gamma gmax eps.
Proof.
  intros H Hv HO Hi Hk. rewrite (norm2_same d _ _ (rank_one_token d s L WO u'' u u' v (Z i) k)).
  apply Rle_lt_trans with (1 := norm2_triangle d _ _).
  pose proof (added_short d s L N V Z gmin gmax eps WO u'' u u' v i k H Hv HO Hi Hk) as A.
  destruct H as (_ & _ & _ & (_ & _ & _ & S & _) & _). specialize (S i k Hi Hk). unfold lemma_gamma. lra.
Qed.

(** Different tokens stay more than ε/2 apart. *)
Lemma rank_one_tokens d s L N V Z gmin gmax eps WO u'' u u' v i j k l :
  hypotheses d L N V Z gmin gmax eps -> norm2 d v = 1 -> norm2 d (output s WO u'') = eps / (4 * gmax) ->
  (i < N)%nat -> (j < N)%nat -> (k < L)%nat -> (l < L)%nat -> ~ same d (token (Z i) k) (token (Z j) l) ->
  eps / 2 < distance d (token (rank_one_attention d s L WO u'' u u' v (Z i)) k)
                       (token (rank_one_attention d s L WO u'' u u' v (Z j)) l).
Proof.
  intros H Hv HO Hi Hj Hk Hl D.
  rewrite (distance_same d _ _ _ _ (rank_one_token d s L WO u'' u u' v (Z i) k)
    (rank_one_token d s L WO u'' u u' v (Z j) l)).
  pose proof (added_short d s L N V Z gmin gmax eps WO u'' u u' v i k H Hv HO Hi Hk) as A.
  pose proof (added_short d s L N V Z gmin gmax eps WO u'' u u' v j l H Hv HO Hj Hl) as B.
  destruct H as (_ & _ & _ & (_ & _ & _ & _ & S) & _). specialize (S i j k l Hi Hj Hk Hl D).
  set (x := token (Z i) k) in *. set (y := token (Z j) l) in *.
  set (p := fun h => context_mean L (inner s u u') (projections d v (Z i)) k * output s WO u'' h) in *.
  set (q := fun h => context_mean L (inner s u u') (projections d v (Z j)) l * output s WO u'' h) in *.
  assert (T : distance d x y <= distance d (fun h => x h + p h) (fun h => y h + q h) + distance d q p).
  { unfold distance. rewrite (norm2_same d (fun h => x h - y h) (fun h => (x h + p h - (y h + q h)) + (q h - p h))).
    - apply norm2_triangle.
    - intros h _. ring. }
  pose proof (distance_le d q p). change (norm2 d p < eps / 4) in A. change (norm2 d q < eps / 4) in B.
  change (eps / 2 < distance d (fun h => x h + p h) (fun h => y h + q h)). lra.
Qed.

(** For each token x and any two different tokens y, y' the scores that x gives them are at least g apart. *)
Definition scores_apart (d L N : nat) (Z : nat -> matrix) (K : R) (v : vector) (g : R) : Prop :=
  forall h i j m k l, (h < N)%nat -> (i < N)%nat -> (j < N)%nat -> (m < L)%nat -> (k < L)%nat -> (l < L)%nat ->
    ~ same d (token (Z i) k) (token (Z j) l) ->
    g <= K * Rabs (inner d v (token (Z h) m)) * Rabs (inner d v (token (Z i) k) - inner d v (token (Z j) l)).

(** Equal tokens in contexts of different vocabularies: the Boltzmann operator separates their scores. *)
Lemma scores_separated d L N Z gmax K v g i j k l :
  2 <= g -> 0 < K -> 0 < gmax -> norm2 d v = 1 -> no_duplicates d L N Z ->
  (forall n m, (n < N)%nat -> (m < L)%nat -> norm2 d (token (Z n) m) < gmax) ->
  scores_apart d L N Z K v g ->
  (i < N)%nat -> (j < N)%nat -> (k < L)%nat -> (l < L)%nat -> same d (token (Z i) k) (token (Z j) l) ->
  ~ same_vocabulary d L (Z i) (Z j) ->
  let a := projections d v (Z i) in
  let b := projections d v (Z j) in
  a k = b l /\
  g / 4 * exp (g - 2 * (K * gmax ^ 2)) <= K * Rabs (a k) * Rabs (context_mean L K a k - context_mean L K b l).
Proof.
  intros Hg HK G Hv NoDup S Apart Hi Hj Hk Hl E D a b.
  assert (Ex : a k = b l) by (apply inner_same; [intros h _; reflexivity|assumption]). split; [assumption|].
  assert (Bound : forall n m, (n < N)%nat -> (m < L)%nat -> Rabs (inner d v (token (Z n) m)) < gmax).
  { intros n m Hn Hm. apply projection_bound; [assumption|]. now apply S. }
  assert (Hak : Rabs (a k) < gmax) by now apply Bound.
  (* different tokens have scores g apart *)
  assert (Gap : forall n n' m m', (n < N)%nat -> (n' < N)%nat -> (m < L)%nat -> (m' < L)%nat ->
    ~ same d (token (Z n) m) (token (Z n') m') ->
    g <= Rabs (K * a k * inner d v (token (Z n) m) - K * a k * inner d v (token (Z n') m'))).
  { intros n n' m m' Hn Hn' Hm Hm' Hd. rewrite <- Rmult_minus_distr_l, Rabs_mult, Rabs_mult, (Rabs_pos_eq K) by lra.
    now apply Apart. }
  assert (Small : forall n m, (n < N)%nat -> (m < L)%nat ->
    Rabs (K * a k * inner d v (token (Z n) m)) <= K * gmax ^ 2).
  { intros n m Hn Hm. rewrite !Rabs_mult, (Rabs_pos_eq K) by lra. rewrite Rmult_assoc. apply Rmult_le_compat_l; [lra|].
    simpl. rewrite Rmult_1_r. apply Rmult_le_compat; try apply Rabs_pos; left; [assumption|now apply Bound]. }
  replace (K * Rabs (a k) * Rabs (context_mean L K a k - context_mean L K b l))
    with (Rabs (K * a k * (context_mean L K a k - context_mean L K b l)))
    by (rewrite !Rabs_mult, (Rabs_pos_eq K); lra).
  rewrite Rmult_minus_distr_l, context_mean_boltz, Ex, context_mean_boltz, <- Ex. apply boltzmann_gap_unordered; try assumption.
  - intros m m' Hm Hm' Hd. apply Gap; try assumption. now apply NoDup.
  - intros m m' Hm Hm' Hd. apply Gap; try assumption. now apply NoDup.
  - intros m m' Hm Hm' Hd. apply Gap; try assumption. intros Q. apply Hd. f_equal.
    apply inner_same; [intros h _; reflexivity|assumption].
  - intros m Hm. now apply Small.
  - intros m Hm. now apply Small.
  - intros [F1 F2]. apply D.
    assert (Same : forall m m', (m < L)%nat -> (m' < L)%nat -> K * a k * a m = K * a k * b m' ->
      same d (token (Z i) m) (token (Z j) m')).
    { intros m m' Hm Hm' Q. apply Classical_Prop.NNPP. intros Hd. pose proof (Gap i j m m' Hi Hj Hm Hm' Hd) as W.
      unfold a, b, projections in Q. unfold a, projections in W.
      rewrite Q, Rminus_diag_eq, Rabs_R0 in W by reflexivity. lra. }
    split.
    + intros m Hm. destruct (F1 m Hm) as (m' & Hm' & Q). exists m'. split; [assumption|]. now apply Same.
    + intros m' Hm'. destruct (F2 m' Hm') as (m & Hm & Q). exists m. split; [assumption|]. now apply Same.
Qed.

Lemma rank_one_vocabularies d s L N V Z gmin gmax eps WO u'' u u' v g i j k l :
  hypotheses d L N V Z gmin gmax eps -> norm2 d v = 1 -> norm2 d (output s WO u'') = eps / (4 * gmax) ->
  2 <= g -> 0 < inner s u u' -> scores_apart d L N Z (inner s u u') v g ->
  (i < N)%nat -> (j < N)%nat -> (k < L)%nat -> (l < L)%nat -> same d (token (Z i) k) (token (Z j) l) ->
  ~ same_vocabulary d L (Z i) (Z j) ->
  eps / (4 * gmax) * (g / 4 * exp (g - 2 * (inner s u u' * gmax ^ 2)) / (inner s u u' * gmax))
  < distance d (token (rank_one_attention d s L WO u'' u u' v (Z i)) k)
               (token (rank_one_attention d s L WO u'' u u' v (Z j)) l).
Proof.
  intros H Hv HO Hg HK Apart Hi Hj Hk Hl E D. set (K := inner s u u') in *.
  rewrite (distance_same d _ _ _ _ (rank_one_token d s L WO u'' u u' v (Z i) k)
    (rank_one_token d s L WO u'' u u' v (Z j) l)).
  fold K. destruct H as (_ & _ & _ & (G & He & _ & S & _) & NoDup & _).
  destruct (scores_separated d L N Z gmax K v g i j k l) as [Ex B]; try assumption; [lra|].
  set (a := projections d v (Z i)) in *. set (b := projections d v (Z j)) in *.
  set (p := context_mean L K a k) in *. set (q := context_mean L K b l) in *.
  assert (Dist : distance d (fun h => token (Z i) k h + p * output s WO u'' h)
      (fun h => token (Z j) l h + q * output s WO u'' h)
    = Rabs (p - q) * (eps / (4 * gmax))).
  { rewrite <- HO, <- norm2_scal. apply norm2_same. intros h Hh. rewrite (E h Hh). ring. }
  rewrite Dist, (Rmult_comm (Rabs (p - q))). apply Rmult_lt_compat_l; [apply Rdiv_lt_0_compat; lra|].
  assert (Hak : Rabs (a k) < gmax) by (apply projection_bound; [assumption|]; now apply S).
  assert (P : 0 < g / 4 * exp (g - 2 * (K * gmax ^ 2))) by (apply Rmult_lt_0_compat; [lra|apply exp_pos]).
  apply Rmult_lt_reg_r with (K * gmax); [apply Rmult_lt_0_compat; lra|].
  unfold Rdiv at 1. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by (apply Rgt_not_eq, Rmult_lt_0_compat; lra).
  apply Rle_lt_trans with (1 := B).
  assert (Hpq : 0 < Rabs (p - q)).
  { destruct (Req_dec (Rabs (p - q)) 0) as [Q|Q]; [rewrite Q, Rmult_0_r in B; lra|]. pose proof (Rabs_pos (p - q)). lra. }
  rewrite (Rmult_comm (Rabs (p - q))). apply Rmult_lt_compat_r; [assumption|]. now apply Rmult_lt_compat_l.
Qed.

(** Rank-1 attention is a contextual mapping if scores are at least g ≥ 2 apart, with any δ up to what the last lemma
    gives. *)
Theorem rank_one_mapping d s L N V Z gmin gmax eps WO u'' u u' v g delta :
  hypotheses d L N V Z gmin gmax eps -> norm2 d v = 1 -> norm2 d (output s WO u'') = eps / (4 * gmax) ->
  2 <= g -> 0 < inner s u u' -> scores_apart d L N Z (inner s u u') v g ->
  delta <= eps / (4 * gmax) * (g / 4 * exp (g - 2 * (inner s u u' * gmax ^ 2)) / (inner s u u' * gmax)) ->
  contextual_mapping d L N Z (rank_one_attention d s L WO u'' u u' v) (lemma_gamma gmax eps) delta.
Proof.
  intros H Hv HO Hg HK Apart Hd. split.
  - intros i k Hi Hk. now apply (rank_one_sensitive d s L N V Z gmin gmax eps).
  - intros i j k l Hi Hj Hk Hl T. apply Rle_lt_trans with (1 := Hd).
    destruct (Classical_Prop.classic (same d (token (Z i) k) (token (Z j) l))) as [E|E].
    + destruct T as [T|T]; [|contradiction]. now apply (rank_one_vocabularies d s L N V Z gmin gmax eps).
    + apply Rle_lt_trans with (eps / 2); [|now apply (rank_one_tokens d s L N V Z gmin gmax eps)].
      (* g ≤ 2 K γ_max², as there are two tokens *)
      set (K := inner s u u') in *. pose proof (Apart i i j k k l Hi Hi Hj Hk Hk Hl E) as A.
      destruct H as (_ & _ & _ & (G & He & _ & S & _) & _).
      pose proof (projection_bound d v _ gmax Hv (S i k Hi Hk)) as B1.
      pose proof (projection_bound d v _ gmax Hv (S j l Hj Hl)) as B2.
      set (x := inner d v (token (Z i) k)) in *. set (y := inner d v (token (Z j) l)) in *.
      assert (B3 : Rabs (x - y) <= 2 * gmax).
      { unfold Rminus. eapply Rle_trans; [apply Rabs_triang|]. rewrite Rabs_Ropp. lra. }
      assert (A' : g <= 2 * (K * gmax ^ 2)).
      { apply Rle_trans with (1 := A). replace (2 * (K * gmax ^ 2)) with (K * gmax * (2 * gmax)) by ring.
        pose proof (Rabs_pos x). pose proof (Rabs_pos (x - y)). apply Rmult_le_compat; try lra; [apply Rmult_le_pos; lra|].
        apply Rmult_le_compat_l; lra. }
      assert (X : exp (g - 2 * (K * gmax ^ 2)) <= 1) by (rewrite <- exp_0; apply exp_le; lra).
      assert (KG : 0 < K * gmax ^ 2) by lra.
      replace (eps / (4 * gmax) * (g / 4 * exp (g - 2 * (K * gmax ^ 2)) / (K * gmax)))
        with (eps / 2 * (g * exp (g - 2 * (K * gmax ^ 2)) / (8 * (K * gmax ^ 2)))) by (field; lra).
      rewrite <- (Rmult_1_r (eps / 2)) at 2. apply Rmult_le_compat_l; [lra|].
      apply Rmult_le_reg_r with (8 * (K * gmax ^ 2)); [lra|]. unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra.
      pose proof (exp_pos (g - 2 * (K * gmax ^ 2))). nra.
Qed.
