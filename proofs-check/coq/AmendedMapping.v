(** Two amended forms of Lemma 4.4, proved for all sizes: [51]'s Theorem 2, and the lemma with its own δ times ε/2.

    Both take rank-1 attention with a large K. For the first, K is [51]'s and v any direction with [51]'s inequality; that
    there is one is proved, too. For the second, v is the direction of Bang's argument, which is better than [51]'s in that
    its constant does not depend on d, and K just so large that scores are 2 apart, enough for the Boltzmann operator. *)

From Coq Require Import Reals Lra Lia Arith Psatz.
From Plumbline Require Import Definitions Sums Facts ContextualMapping Boltzmann Direction RankOne.
Open Scope R_scope.

(** ** The direction *)

(** x ∈ 𝒱 ∪ {0} *)
Definition token_or_zero (d L N : nat) (Z : nat -> matrix) (x : vector) : Prop :=
  same d x (fun _ => 0) \/ exists i k, (i < N)%nat /\ (k < L)%nat /\ same d x (token (Z i) k).

(** c ‖x - x'‖ ≤ |⟨v, x - x'⟩| for all x, x' ∈ 𝒱 ∪ {0} *)
Definition keeps_apart (d L N : nat) (Z : nat -> matrix) (c : R) (v : vector) : Prop :=
  forall x x', token_or_zero d L N Z x -> token_or_zero d L N Z x' ->
    c * distance d x x' <= Rabs (inner d v (fun h => x h - x' h)).

(** [51]'s constant (|𝒱|+1)⁻² √(8/(πd)) *)
Definition spread (d V : nat) : R := / (INR V + 1) ^ 2 * sqrt (8 / (PI * INR d)).

Lemma vocabulary_not_empty d L N V Z gmin gmax eps : hypotheses d L N V Z gmin gmax eps -> (1 <= V)%nat.
Proof.
  intros (_ & HL & HN & _ & _ & t & _ & T & _). destruct (T 0%nat 0%nat HN HL) as (m & Hm & _). lia.
Qed.

(** For V tokens and 0 there are V(V+1)/2 pairs. *)
Theorem direction_exists d L N V Z gmin gmax eps : hypotheses d L N V Z gmin gmax eps ->
  exists v, norm2 d v = 1 /\ keeps_apart d L N Z (2 / (INR V * (INR V + 1))) v.
Proof.
  intros H. pose proof (vocabulary_not_empty d L N V Z gmin gmax eps H) as HV.
  destruct H as (_ & HL & HN & (G & He & Long & _) & _ & t & T1 & T2 & _).
  set (x := fun m : nat => if Nat.eqb m V then fun _ => 0 else t m).
  destruct (direction d (S V) x) as (v & Hv & Far).
  { destruct (T2 0%nat 0%nat HN HL) as (m & Hm & E). exists m, V. repeat split; try lia.
    unfold distance, x. rewrite Nat.eqb_refl. destruct (Nat.eqb_spec m V) as [Q|_]; [lia|].
    rewrite (norm2_same d _ (token (Z 0%nat) 0)) by (intros h Hh; rewrite (E h Hh); ring).
    specialize (Long 0%nat 0%nat HN HL). lra. }
  exists v. split; [assumption|]. intros y y' Hy Hy'.
  assert (Index : forall y, token_or_zero d L N Z y -> exists m, (m < S V)%nat /\ same d y (x m)).
  { intros z [Hz|(i & k & Hi & Hk & Hz)].
    - exists V. split; [lia|]. unfold x. now rewrite Nat.eqb_refl.
    - destruct (T2 i k Hi Hk) as (m & Hm & E). exists m. split; [lia|]. unfold x.
      destruct (Nat.eqb_spec m V) as [Q|_]; [lia|]. apply (same_trans d z _ _ Hz). now apply same_sym. }
  destruct (Index y Hy) as (m & Hm & E). destruct (Index y' Hy') as (m' & Hm' & E').
  specialize (Far m m' Hm Hm'). rewrite S_INR in Far.
  rewrite (distance_same d y (x m) y' (x m') E E').
  rewrite (inner_same d v v (fun h => y h - y' h) (fun h => x m h - x m' h) (same_refl d v))
    by (intros h Hh; now rewrite (E h Hh), (E' h Hh)).
  apply le_INR in HV. simpl in HV.
  apply Rmult_le_reg_l with (INR V * (INR V + 1) / 2); [nra|]. rewrite <- Rmult_assoc.
  replace (INR V * (INR V + 1) / 2 * (2 / (INR V * (INR V + 1)))) with 1 by (field; lra).
  replace ((INR V + 1) * (INR V + 1 - 1) / 2) with (INR V * (INR V + 1) / 2) in Far by field. lra.
Qed.

Lemma keeps_apart_le d L N Z c c' v : c <= c' -> keeps_apart d L N Z c' v -> keeps_apart d L N Z c v.
Proof.
  intros H K x x' Hx Hx'. apply Rle_trans with (2 := K x x' Hx Hx').
  apply Rmult_le_compat_r; [apply norm2_nonneg|assumption].
Qed.

Lemma spread_sqr d V : (0 < d)%nat -> spread d V * spread d V = 8 / ((INR V + 1) ^ 4 * PI * INR d).
Proof.
  intros Hd. apply lt_0_INR in Hd. pose proof PI_RGT_0. pose proof (pos_INR V). unfold spread.
  replace (/ (INR V + 1) ^ 2 * sqrt (8 / (PI * INR d)) * (/ (INR V + 1) ^ 2 * sqrt (8 / (PI * INR d))))
    with (sqrt (8 / (PI * INR d)) * sqrt (8 / (PI * INR d)) / (INR V + 1) ^ 4) by (field; lra).
  rewrite sqrt_sqrt; [field; repeat split; lra|].
  apply Rlt_le, Rdiv_lt_0_compat; [lra|]. now apply Rmult_lt_0_compat.
Qed.

Lemma spread_pos d V : (0 < d)%nat -> 0 < spread d V.
Proof.
  intros Hd. apply lt_0_INR in Hd. pose proof PI_RGT_0. pose proof (pos_INR V). unfold spread.
  apply Rmult_lt_0_compat; [apply Rinv_0_lt_compat, pow_lt; lra|]. apply sqrt_lt_R0, Rdiv_lt_0_compat; [lra|].
  now apply Rmult_lt_0_compat.
Qed.

(** [51]'s direction exists: a unit vector v with (|𝒱|+1)⁻² √(8/(πd)) ‖x - x'‖ ≤ |⟨v, x - x'⟩| on 𝒱 ∪ {0}. (That
    |⟨v, x - x'⟩| ≤ ‖x - x'‖ is the inequality of Cauchy and Schwarz.) *)
Theorem direction_of_51 d L N V Z gmin gmax eps : hypotheses d L N V Z gmin gmax eps ->
  exists v, norm2 d v = 1 /\ keeps_apart d L N Z (spread d V) v.
Proof.
  intros H. destruct (direction_exists d L N V Z gmin gmax eps H) as (v & Hv & A). exists v. split; [assumption|].
  apply keeps_apart_le with (2 := A).
  pose proof (vocabulary_not_empty d L N V Z gmin gmax eps H) as HV. apply le_INR in HV. simpl in HV.
  destruct H as (Hd & _). pose proof (spread_sqr d V Hd) as Sq. pose proof (spread_pos d V Hd) as P.
  apply le_INR in Hd. simpl in Hd. pose proof PI2_1 as Pi.
  apply Rle_trans with (2 / (INR V + 1) ^ 2).
  - apply Rsqr_incr_0_var; [|apply Rlt_le, Rdiv_lt_0_compat; [lra|apply pow_lt; lra]]. unfold Rsqr. rewrite Sq.
    assert (Q : 0 < (INR V + 1) ^ 4) by (apply pow_lt; lra).
    replace (2 / (INR V + 1) ^ 2 * (2 / (INR V + 1) ^ 2)) with (4 / (INR V + 1) ^ 4) by (field; lra).
    assert (PD : 2 <= PI * INR d) by nra.
    apply Rmult_le_reg_r with ((INR V + 1) ^ 4 * (PI * INR d)); [apply Rmult_lt_0_compat; lra|].
    replace (8 / ((INR V + 1) ^ 4 * PI * INR d) * ((INR V + 1) ^ 4 * (PI * INR d))) with 8
      by (field; repeat split; lra).
    replace (4 / (INR V + 1) ^ 4 * ((INR V + 1) ^ 4 * (PI * INR d))) with (4 * (PI * INR d)) by (field; lra). lra.
  - unfold Rdiv. apply Rmult_le_compat_l; [lra|]. apply Rinv_le_contravar; nra.
Qed.

(** Along such a direction scores are apart: each of the two factors loses at most c. *)
Lemma scores_apart_along d L N V Z gmin gmax eps c K v g :
  hypotheses d L N V Z gmin gmax eps -> keeps_apart d L N Z c v -> 0 < c -> 0 < K -> g <= K * (c * c) * (eps * gmin) ->
  scores_apart d L N Z K v g.
Proof.
  intros (_ & _ & _ & (G & He & S1 & _ & S3) & _) A Hc HK Hg h i j m k l Hh Hi Hj Hm Hk Hl D.
  assert (In : forall i k, (i < N)%nat -> (k < L)%nat -> token_or_zero d L N Z (token (Z i) k)).
  { intros i' k' Hi' Hk'. right. exists i', k'. split; [assumption|]. split; [assumption|]. apply same_refl. }
  assert (A1 : c * gmin <= Rabs (inner d v (token (Z h) m))).
  { specialize (A (token (Z h) m) (fun _ => 0) (In h m Hh Hm) (or_introl (same_refl d _))).
    unfold distance in A. rewrite (norm2_same d _ (token (Z h) m)) in A by (intros q _; ring).
    rewrite (inner_same d v v _ (token (Z h) m) (same_refl d v)) in A by (intros q _; ring).
    apply Rle_trans with (2 := A). apply Rmult_le_compat_l; [lra|]. left. now apply S1. }
  assert (A2 : c * eps <= Rabs (inner d v (token (Z i) k) - inner d v (token (Z j) l))).
  { specialize (A _ _ (In i k Hi Hk) (In j l Hj Hl)).
    rewrite (inner_comm d v (token (Z i) k)), (inner_comm d v (token (Z j) l)), <- inner_minus, inner_comm.
    apply Rle_trans with (2 := A). apply Rmult_le_compat_l; [lra|]. left. now apply S3. }
  apply Rle_trans with (1 := Hg). replace (K * (c * c) * (eps * gmin)) with (K * (c * gmin) * (c * eps)) by ring.
  assert (0 < c * gmin) by (apply Rmult_lt_0_compat; lra). assert (0 < c * eps) by (apply Rmult_lt_0_compat; lra).
  apply Rmult_le_compat; try lra; [apply Rmult_le_pos; lra|]. apply Rmult_le_compat_l; lra.
Qed.

(** ** [51]'s Theorem 2 *)

(** δ = 2 (ln L)² ε² γ_min / (γ_max² (|𝒱|+1)⁴ (2 ln L + 3) π d) · exp(-(|𝒱|+1)⁴ (2 ln L + 3) π d γ_max² / (4 ε γ_min)) *)
Definition amended_delta (d L V : nat) (gmin gmax eps : R) : R :=
  2 * ln (INR L) ^ 2 * eps ^ 2 * gmin / (gmax ^ 2 * (INR V + 1) ^ 4 * (2 * ln (INR L) + 3) * PI * INR d)
  * exp (- ((INR V + 1) ^ 4 * (2 * ln (INR L) + 3) * (PI * INR d * gmax ^ 2 / (4 * eps * gmin)))).

(** ⟨u, u'⟩ = (|𝒱|+1)⁴ π d (2 ln L + 3) / (8 ε γ_min) *)
Definition amended_K (d L V : nat) (gmin eps : R) : R :=
  (INR V + 1) ^ 4 * (PI * INR d * (2 * ln (INR L) + 3) / (8 * eps * gmin)).

(** Theorem 2 of [51] (lemma-4.4, reading amended), for its own weights and every size: if v is a unit vector with [51]'s
    inequality, ⟨u, u'⟩ = K and ‖W_O u''‖ = ε/(4 γ_max), then attention with residual, W_K = u v^T, W_Q = u' v^T and
    W_V = u'' v^T is a (γ, δ)-contextual mapping with γ = γ_max + ε/4 and the δ above. *)
Theorem amended_weights d s L N V Z gmin gmax eps WO u'' u u' v :
  hypotheses d L N V Z gmin gmax eps ->
  norm2 d v = 1 -> keeps_apart d L N Z (spread d V) v ->
  inner s u u' = amended_K d L V gmin eps -> norm2 d (output s WO u'') = eps / (4 * gmax) ->
  contextual_mapping d L N Z (residual_attention d s L WO (outer u'' v) (outer u v) (outer u' v))
    (lemma_gamma gmax eps) (amended_delta d L V gmin gmax eps).
Proof.
  intros H Hv A HK HO. pose proof H as (Hd & HL & _ & ((G0 & G1) & He & _) & _).
  pose proof (ln_bounds L HL) as [L0 _]. pose proof (pos_INR V) as V0. pose proof PI_RGT_0 as Pi.
  assert (D0 : 0 < INR d) by now apply lt_0_INR.
  assert (V4 : 0 < (INR V + 1) ^ 4) by (apply pow_lt; lra).
  assert (K0 : 0 < amended_K d L V gmin eps).
  { unfold amended_K. apply Rmult_lt_0_compat; [assumption|]. apply Rdiv_lt_0_compat.
    - apply Rmult_lt_0_compat; [now apply Rmult_lt_0_compat|lra].
    - apply Rmult_lt_0_compat; lra. }
  apply (rank_one_mapping d s L N V Z gmin gmax eps WO u'' u u' v (2 * ln (INR L) + 3)); try assumption; try lra.
  - apply (scores_apart_along d L N V Z gmin gmax eps (spread d V)); try assumption; [now apply spread_pos|lra|].
    rewrite HK, spread_sqr by assumption. unfold amended_K. right. field. repeat split; lra.
  - rewrite HK. pose proof (gap_bound L (amended_K d L V gmin eps * gmax ^ 2) HL) as B. cbv zeta in B.
    set (g := 2 * ln (INR L) + 3) in *. assert (Hg : 0 < g) by (unfold g; lra).
    apply Rle_trans with (eps / (4 * gmax) * (ln (INR L) ^ 2 * exp (- 2 * (amended_K d L V gmin eps * gmax ^ 2))
      / (amended_K d L V gmin eps * gmax))).
    + right. unfold amended_delta. fold g.
      replace (- ((INR V + 1) ^ 4 * g * (PI * INR d * gmax ^ 2 / (4 * eps * gmin))))
        with (- 2 * (amended_K d L V gmin eps * gmax ^ 2)) by (unfold amended_K; fold g; field; lra).
      set (e := exp _). unfold amended_K. fold g. field. repeat split; lra.
    + apply Rmult_le_compat_l; [apply Rlt_le, Rdiv_lt_0_compat; lra|]. unfold Rdiv at 1 3.
      apply Rmult_le_compat_r; [|now apply Rlt_le].
      apply Rlt_le, Rinv_0_lt_compat, Rmult_lt_0_compat; lra.
Qed.

(** Weights with given ⟨u, u'⟩ and ‖W_O u''‖, for every head size s *)
Definition first_entry (c : R) : matrix := fun i r => c * unit_vector i * unit_vector r.

Lemma inner_unit s c : (0 < s)%nat -> inner s unit_vector (fun r => c * unit_vector r) = c.
Proof.
  intros Hs. rewrite inner_comm, inner_scal, <- norm2_sqr, norm2_unit_vector by assumption. ring.
Qed.

Lemma norm2_output d s c :
  (0 < d)%nat -> (0 < s)%nat -> 0 <= c -> norm2 d (output s (first_entry c) unit_vector) = c.
Proof.
  intros Hd Hs Hc. rewrite <- (Rabs_pos_eq c) at 2 by assumption. rewrite <- (norm2_multiple d c Hd). apply norm2_same.
  intros i _. unfold output, first_entry. pose proof (inner_unit s (c * unit_vector i) Hs) as I.
  rewrite inner_comm in I. exact I.
Qed.

(** Theorem 2 of [51] (lemma-4.4, reading amended): there are such weights, for every head size s ≥ 1. *)
Theorem amended_lemma d s L N V Z gmin gmax eps :
  hypotheses d L N V Z gmin gmax eps -> (0 < s)%nat ->
  exists WO u'' u u' v,
    norm2 d v = 1 /\ keeps_apart d L N Z (spread d V) v /\
    inner s u u' = amended_K d L V gmin eps /\ norm2 d (output s WO u'') = eps / (4 * gmax) /\
    contextual_mapping d L N Z (residual_attention d s L WO (outer u'' v) (outer u v) (outer u' v))
      (lemma_gamma gmax eps) (amended_delta d L V gmin gmax eps).
Proof.
  intros H Hs. destruct (direction_of_51 d L N V Z gmin gmax eps H) as (v & Hv & A).
  pose proof H as (Hd & _ & _ & ((G0 & G1) & He & _) & _).
  assert (E : 0 < eps / (4 * gmax)) by (apply Rdiv_lt_0_compat; lra).
  exists (first_entry (eps / (4 * gmax))), unit_vector, unit_vector, (fun r => amended_K d L V gmin eps * unit_vector r), v.
  pose proof (inner_unit s (amended_K d L V gmin eps) Hs) as I.
  pose proof (norm2_output d s (eps / (4 * gmax)) Hd Hs (Rlt_le _ _ E)) as O.
  repeat (split; [assumption|]). now apply (amended_weights d s L N V Z gmin gmax eps).
Qed.

(** Lemma 4.4 (lemma-4.4), reading amended: proved. *)
Theorem lemma_4_4_amended : lemma_4_4_with amended_delta residual_layer.
Proof.
  intros d L N V Z gmin gmax eps H.
  destruct (amended_lemma d 1 L N V Z gmin gmax eps H Nat.lt_0_1) as (WO & u'' & u & u' & v & _ & _ & _ & _ & C).
  exists (residual_attention d 1 L WO (outer u'' v) (outer u v) (outer u' v)). split; [|assumption].
  exists 1%nat, WO, (outer u'' v), (outer u v), (outer u' v). split; [lia|reflexivity].
Qed.

(** Definition 4.3 wants δ > 0: so it is for L ≥ 2. (For L = 1 it is 0.) *)
Lemma amended_delta_pos d L N V Z gmin gmax eps :
  hypotheses d L N V Z gmin gmax eps -> (2 <= L)%nat -> 0 < amended_delta d L V gmin gmax eps.
Proof.
  intros (Hd & HL & _ & ((G0 & G1) & He & _) & _) H2. apply le_INR in H2. simpl in H2.
  assert (L0 : 0 < ln (INR L)) by (rewrite <- ln_1; apply ln_increasing; lra).
  pose proof (pos_INR V). pose proof PI_RGT_0. assert (0 < INR d) by now apply lt_0_INR.
  unfold amended_delta. apply Rmult_lt_0_compat; [|apply exp_pos].
  assert (0 < ln (INR L) ^ 2) by (apply pow_lt; lra). assert (0 < eps ^ 2) by (apply pow_lt; lra).
  assert (0 < gmax ^ 2) by (apply pow_lt; lra). assert (0 < (INR V + 1) ^ 4) by (apply pow_lt; lra).
  apply Rdiv_lt_0_compat; repeat (apply Rmult_lt_0_compat; [|lra]); lra.
Qed.

(** ** The lemma's own δ, made to scale with the tokens *)

(** δ = (ε/2) exp(-5 ε⁻¹ |𝒱|⁴ d κ γ_max log L) *)
Definition scaled_delta (d L V : nat) (gmin gmax eps : R) : R := eps / 2 * lemma_delta d L V gmin gmax eps.

(** A sequence of two tokens or more makes a vocabulary of two or more. *)
Lemma vocabulary_two d L N V Z gmin gmax eps : hypotheses d L N V Z gmin gmax eps -> (2 <= L)%nat -> (2 <= V)%nat.
Proof.
  intros (_ & HL & HN & _ & D & t & _ & T & _) H2.
  destruct (T 0%nat 0%nat HN HL) as (m & Hm & E). destruct (T 0%nat 1%nat HN H2) as (m' & Hm' & E').
  destruct (Nat.eq_dec m m') as [->|Q]; [|lia]. exfalso. apply (D 0%nat 0%nat 1%nat HN HL H2); [lia|].
  apply (same_trans d _ (t m')); [now apply same_sym|assumption].
Qed.

Lemma ln_2_bound : 3 / 5 <= ln 2.
Proof.
  rewrite <- (ln_exp (3 / 5)). destruct (Rle_lt_dec (exp (3 / 5)) 2) as [[H|H]|H]; [left|rewrite H; lra|].
  - apply ln_increasing; [apply exp_pos|assumption].
  - exfalso. (* e³ ≤ 27 < 2⁵ *)
    assert (P : exp (3 / 5) * exp (3 / 5) * exp (3 / 5) * exp (3 / 5) * exp (3 / 5) = exp 1 * exp 1 * exp 1).
    { rewrite <- !exp_plus. f_equal. field. }
    pose proof exp_le_3 as E. pose proof (exp_pos 1).
    assert (exp 1 * exp 1 <= 9) by nra. assert (exp 1 * exp 1 * exp 1 <= 27) by nra.
    set (x := exp (3 / 5)) in *. assert (4 <= x * x) by nra. assert (8 <= x * x * x) by nra.
    assert (16 <= x * x * x * x) by nra. nra.
Qed.

(** Lemma 4.4 (lemma-4.4), reading amended-scale: proved, with rank-1 weights for every head size.

    K is so large that scores are 2 apart: K = |𝒱|² (|𝒱|+1)² / (2 ε γ_min). With Y = K γ_max² the Boltzmann operator leaves
    (ε/(8 Y)) exp(2 - 2Y) between equal tokens in different contexts, and the lemma's exponent is at least
    8Y/3 as |𝒱| ≥ 2. *)
Theorem amended_scale_lemma d s L N V Z gmin gmax eps :
  hypotheses d L N V Z gmin gmax eps -> (0 < s)%nat ->
  exists WO u'' u u' v,
    contextual_mapping d L N Z (residual_attention d s L WO (outer u'' v) (outer u v) (outer u' v))
      (lemma_gamma gmax eps) (scaled_delta d L V gmin gmax eps).
Proof.
  intros H Hs. destruct (direction_exists d L N V Z gmin gmax eps H) as (v & Hv & A).
  pose proof (vocabulary_not_empty d L N V Z gmin gmax eps H) as HV. apply le_INR in HV. simpl in HV.
  pose proof H as (Hd & HL & _ & ((G0 & G1) & He & _) & _).
  assert (E : 0 < eps / (4 * gmax)) by (apply Rdiv_lt_0_compat; lra).
  assert (EG : 0 < eps * gmin) by now apply Rmult_lt_0_compat.
  pose proof (norm2_output d s (eps / (4 * gmax)) Hd Hs (Rlt_le _ _ E)) as O.
  set (K := INR V ^ 2 * (INR V + 1) ^ 2 / (2 * (eps * gmin))).
  assert (VV : 0 < INR V ^ 2 * (INR V + 1) ^ 2) by (apply Rmult_lt_0_compat; apply pow_lt; lra).
  assert (HK : 0 < K) by (apply Rdiv_lt_0_compat; lra).
  pose proof (inner_unit s K Hs) as I.
  exists (first_entry (eps / (4 * gmax))), unit_vector, unit_vector, (fun r => K * unit_vector r), v.
  destruct (le_lt_dec 2 L) as [H2|H2].
  - apply (rank_one_mapping d s L N V Z gmin gmax eps _ _ _ _ v 2); try assumption; try lra.
    + rewrite I. apply (scores_apart_along d L N V Z gmin gmax eps (2 / (INR V * (INR V + 1)))); try assumption.
      * apply Rdiv_lt_0_compat; [lra|]. apply Rmult_lt_0_compat; lra.
      * right. unfold K. field. repeat split; lra.
    + rewrite I. set (Y := K * gmax ^ 2).
      assert (HY : 0 < Y) by (apply Rmult_lt_0_compat; [assumption|apply pow_lt; lra]).
      (* the lemma's exponent *)
      set (X := 5 * / eps * INR V ^ 4 * INR d * (gmax / gmin) * gmax * ln (INR L)).
      assert (HX : 8 / 3 * Y <= X).
      { pose proof (vocabulary_two d L N V Z gmin gmax eps H H2) as V2. apply le_INR in V2. simpl in V2.
        assert (LL : 3 / 5 <= ln (INR L)).
        { apply Rle_trans with (1 := ln_2_bound). apply le_INR in H2. simpl in H2.
          destruct H2 as [Q|Q]; [left; apply ln_increasing; lra|right; f_equal; lra]. }
        assert (DD : 1 <= INR d) by (apply (le_INR 1); lia).
        set (rho := gmax ^ 2 / (eps * gmin)).
        assert (Rho : 0 < rho) by (apply Rdiv_lt_0_compat; [apply pow_lt; lra|lra]).
        replace X with (5 * INR V ^ 4 * rho * (INR d * ln (INR L))) by (unfold X, rho; field; lra).
        replace Y with (INR V ^ 2 * (INR V + 1) ^ 2 / 2 * rho) by (unfold Y, K, rho; field; lra).
        assert (V4 : 0 < INR V ^ 4) by (apply pow_lt; lra).
        apply Rle_trans with (5 * INR V ^ 4 * rho * (3 / 5)).
        - assert (Q : INR V ^ 2 * (INR V + 1) ^ 2 <= 9 / 4 * INR V ^ 4).
          { replace (9 / 4 * INR V ^ 4) with (INR V ^ 2 * (3 / 2 * INR V) ^ 2) by field.
            apply Rmult_le_compat_l; [apply pow_le; lra|]. apply pow_incr. lra. }
          apply Rle_trans with (8 / 3 * (9 / 4 * INR V ^ 4 / 2 * rho)); [|lra].
          apply Rmult_le_compat_l; [lra|]. apply Rmult_le_compat_r; lra.
        - apply Rmult_le_compat_l; [|nra]. apply Rlt_le, Rmult_lt_0_compat; lra. }
      unfold scaled_delta, lemma_delta.
      replace (- 5 * / eps * INR V ^ 4 * INR d * (gmax / gmin) * gmax * ln (INR L)) with (- X) by (unfold X; ring).
      replace (eps / (4 * gmax) * (2 / 4 * exp (2 - 2 * Y) / (K * gmax))) with (eps / 2 * (exp (2 - 2 * Y) / (4 * Y)))
        by (unfold Y; field; lra).
      apply Rmult_le_compat_l; [lra|]. apply Rmult_le_reg_r with (4 * Y); [lra|].
      unfold Rdiv. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra.
      (* 4 Y ≤ exp(2 + 2Y/3) *)
      replace (2 - 2 * Y) with (2 + (X - 2 * Y) + - X) by ring. rewrite !exp_plus.
      rewrite (Rmult_comm (exp (- X))). apply Rmult_le_compat_r; [apply Rlt_le, exp_pos|].
      pose proof exp_2 as E2. pose proof (exp_ineq1_le (X - 2 * Y)). nra.
  - (* one token: only different tokens are to be told apart, and they stay ε/2 apart *)
    assert (L = 1)%nat as -> by lia.
    assert (Del : scaled_delta d 1 V gmin gmax eps = eps / 2).
    { unfold scaled_delta, lemma_delta. simpl INR. rewrite ln_1, Rmult_0_r, exp_0. ring. }
    split.
    + intros i k Hi Hk. now apply (rank_one_sensitive d s 1 N V Z gmin gmax eps).
    + intros i j k l Hi Hj Hk Hl T. rewrite Del. apply (rank_one_tokens d s 1 N V Z gmin gmax eps); try assumption.
      destruct T as [T|T]; [|assumption]. intros Q. apply T.
      split; intros q Hq; [exists l|exists k]; (split; [assumption|]).
      * now replace q with k by lia.
      * now replace q with l by lia.
Qed.

Theorem lemma_4_4_amended_scale : lemma_4_4_with scaled_delta residual_layer.
Proof.
  intros d L N V Z gmin gmax eps H.
  destruct (amended_scale_lemma d 1 L N V Z gmin gmax eps H Nat.lt_0_1) as (WO & u'' & u & u' & v & C).
  exists (residual_attention d 1 L WO (outer u'' v) (outer u v) (outer u' v)). split; [|assumption].
  exists 1%nat, WO, (outer u'' v), (outer u v), (outer u' v). split; [lia|reflexivity].
Qed.
