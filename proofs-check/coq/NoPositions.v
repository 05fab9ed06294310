(** Lemma 5.1 is false without a positional encoding, in the sup norm and in every α-norm.

    A transformer τ of attention and token-wise layers commutes with permuting the tokens (Equivariance.v). If f(PX) and
    P f(X) are c apart, a τ that commutes with P is c/2 away from f at PX or at X. The map that keeps the first token alone fails by 1. *)

From Coq Require Import Reals Lra Lia Arith List.
From Coquelicot Require Import Coquelicot.
From Plumbline Require Import Definitions Sums Equivariance Continuity Powers Norms SquareIntegrals.
Open Scope R_scope.

(** τ commutes with every permutation of the n tokens. *)
Definition equivariant (n d : nat) (tau : matrix -> matrix) : Prop :=
  forall X Y p, permutation n p -> same n d Y (select p X) -> same n d (tau Y) (select p (tau X)).

Lemma same_refl n d X : same n d X X.
Proof. intros i l _ _. reflexivity. Qed.

(** Every stack of layers does. *)
Lemma equivariant_stack n d layers : equivariant n d (stack n d layers).
Proof. intros X Y p P E. now apply (stack_select n n d layers p 1 X Y (permutation_even n p P)). Qed.

(** lemma-5.1, sup-norm: e is at least half of ‖f(PX) - P f(X)‖_∞ if it bounds ‖f - τ‖_∞ at X and at PX. *)
Theorem symmetrisation n d f tau p X e :
  equivariant n d tau -> permutation n p -> close n d e (f X) (tau X) -> close n d e (f (select p X)) (tau (select p X)) ->
  close n d (2 * e) (f (select p X)) (select p (f X)).
Proof.
  intros Q P near near' i l I L. pose proof (near' i l I L) as A. pose proof (near (p i) l (proj1 P i I) L) as B.
  rewrite (Q X _ p P (same_refl n d _) i l I L) in A. unfold select at 2 in A. unfold select at 2.
  set (u := f (select p X) i l) in *. set (v := f X (p i) l) in *. set (w := tau X (p i) l) in *.
  replace (u - v) with ((u - w) - (v - w)) by ring. apply Rle_trans with (1 := Rabs_triang _ _). rewrite Rabs_Ropp. lra.
Qed.

(** X in [0,1]^{n×d} *)
Definition in_cube (n d : nat) (X : matrix) : Prop := forall i l, (i < n)%nat -> (l < d)%nat -> 0 <= X i l <= 1.

Lemma keep_first_cube n d X : in_cube n d X -> in_cube n d (keep_first X).
Proof. intros C i l I L. unfold keep_first. destruct (Nat.eqb i 0); [now apply C|lra]. Qed.

(** Exchanging the first two tokens *)
Definition swap (i : nat) : nat := match i with O => 1%nat | S O => O | _ => i end.

Lemma swap_permutation n : (2 <= n)%nat -> permutation n swap.
Proof.
  intros N. split.
  - intros [|[|i]] I; simpl; lia.
  - intros [|[|i]] [|[|j]] I J E; simpl in E; lia.
Qed.

(** lemma-5.1, sup-norm: for every n ≥ 2 and d ≥ 1 the target is 1/2 or more away from every τ that commutes with
    permutations, be it at the input (1, 0, …, 0) or at (0, 1, 0, …, 0). *)
Theorem keep_first_distance n d tau e :
  (2 <= n)%nat -> (1 <= d)%nat -> equivariant n d tau ->
  (forall X, in_cube n d X -> close n d e (keep_first X) (tau X)) -> / 2 <= e.
Proof.
  intros N D Q near. pose (X := fun i (_ : nat) => if Nat.eqb i 0 then 1 else 0).
  pose proof (symmetrisation n d keep_first tau swap X e Q (swap_permutation n N)) as S.
  assert (in_cube n d X) as C by (intros i l _ _; unfold X; destruct (Nat.eqb i 0); lra).
  assert (in_cube n d (select swap X)) as C' by (intros i l _ _; unfold select, X; destruct (Nat.eqb (swap i) 0); lra).
  specialize (S (near X C) (near _ C') 1%nat 0%nat ltac:(lia) ltac:(lia)).
  unfold keep_first, select, X, swap in S. simpl in S. rewrite Rabs_left in S by lra. lra.
Qed.

(** lemma-5.1, sup-norm: denied, for every n ≥ 2 and d ≥ 1 and for every stack of layers, such as FFN_2 ∘ Attn ∘ FFN_1 *)
Theorem one_layer_fails_sup n d :
  (2 <= n)%nat -> (1 <= d)%nat ->
  ~ (forall f C, lipschitz n n d C f -> (forall X, in_cube n d X -> in_cube n d (f X)) ->
       forall eps, 0 < eps -> exists layers, forall X, in_cube n d X -> close n d eps (f X) (stack n d layers X)).
Proof.
  intros N D H.
  destruct (H keep_first 1 (keep_first_lipschitz n d) (keep_first_cube n d) (/ 4)) as [layers near]; [lra|].
  pose proof (keep_first_distance n d (stack n d layers) (/ 4) N D (equivariant_stack n d layers) near). lra.
Qed.

(** ** In the α-norm, for two tokens of one number

    ‖f - τ‖_α^α = ∫∫ |x - τ_0(x, y)|^α + |τ_1(x, y)|^α dy dx over [0, 1]². In the second summand x and y may change their
    names, and τ_1(y, x) = τ_0(x, y): with v = τ_0(x, y) it is ∫∫ |x - v|^α + |v|^α, and v = x/2 is the least that can be. *)

(** The tokens x and y *)
Definition pair (x y : R) : matrix := fun i _ => if Nat.eqb i 0 then x else y.

Definition square_distance (f tau : matrix -> matrix) (alpha : R) : R :=
  power (RInt (fun x => RInt (fun y => alpha_power alpha 2 1 (difference (f (pair x y)) (tau (pair x y)))) 0 1) 0 1)
    (/ alpha).

(** τ is continuous on the square. *)
Definition continuous_square (tau : matrix -> matrix) : Prop :=
  continuous_matrix (C := continuous_2) (fun t => tau (pair (fst t) (snd t))).

Lemma pair_continuous : continuous_matrix (C := continuous_2) (fun t => pair (fst t) (snd t)).
Proof.
  intros i l x y. unfold pair. simpl. destruct (Nat.eqb i 0); [apply continuity_2d_pt_id1|apply continuity_2d_pt_id2].
Qed.

(** Every stack of attention and feed-forward layers is. *)
Lemma stack_continuous layers :
  List.Forall (continuous_layer (C := continuous_2)) layers -> continuous_square (stack 2 1 layers).
Proof. intros H. apply (continuous_stack continuity_2); [exact H|exact pair_continuous]. Qed.

Lemma power_continuous_2 f alpha :
  1 <= alpha -> continuous_2 f -> forall x y, continuity_2d_pt (fun x y => power (Rabs (f (x, y))) alpha) x y.
Proof.
  intros A F x y. apply (continuity_1d_2d_pt_comp (fun z => power z alpha) (fun x y => Rabs (f (x, y)))).
  - now apply power_continuous.
  - now apply (C_abs _ _ continuity_2 f).
Qed.

Lemma continuity_swap g : (forall x y, continuity_2d_pt g x y) -> forall x y, continuity_2d_pt (fun x y => g y x) x y.
Proof. intros G x y eps. destruct (G y x eps) as [delta D]. exists delta. intros u v U V. now apply D. Qed.

(** lemma-5.1, function-norm: for every α and every continuous τ that commutes with exchanging the tokens,
    ‖f - τ‖_α ≥ (2^(1-α) / (α+1))^(1/α): 1/2 for α = 1, and more than 1/4 for all. *)
Theorem square_distance_bound tau alpha :
  1 <= alpha -> equivariant 2 1 tau -> continuous_square tau ->
  power (least_power alpha) (/ alpha) <= square_distance keep_first tau alpha.
Proof.
  intros A Q C. unfold square_distance. apply power_le; [apply Rinv_0_lt_compat; lra|].
  pose (p x y := power (Rabs (x - tau (pair x y) 0%nat 0%nat)) alpha).
  pose (q x y := power (Rabs (tau (pair x y) 1%nat 0%nat)) alpha).
  assert (forall x y, alpha_power alpha 2 1 (difference (keep_first (pair x y)) (tau (pair x y))) = p x y + q x y) as E.
  { intros x y. unfold alpha_power, difference, keep_first, p, q. cbn [sum Nat.eqb].
    change (pair x y 0%nat 0%nat) with x. rewrite (Rabs_minus_sym 0), Rminus_0_r. ring. }
  assert (forall x y, continuity_2d_pt p x y) as Cp.
  { apply (power_continuous_2 (fun t => fst t - tau (pair (fst t) (snd t)) 0%nat 0%nat)); [exact A|].
    apply (C_minus continuity_2 fst); [intros x y; apply continuity_2d_pt_id1|apply C]. }
  assert (forall x y, continuity_2d_pt q x y) as Cq.
  { apply (power_continuous_2 (fun t => tau (pair (fst t) (snd t)) 1%nat 0%nat)); [exact A|apply C]. }
  assert (forall x y, q y x = power (Rabs (tau (pair x y) 0%nat 0%nat)) alpha) as S.
  { intros x y. unfold q.
    assert (same 2 1 (pair y x) (select swap (pair x y))) as X by (intros [|[|i]] l I _; [reflexivity|reflexivity|lia]).
    now rewrite (Q _ _ swap (swap_permutation 2 (le_n 2)) X 1%nat 0%nat ltac:(lia) ltac:(lia)). }
  assert (forall g, (forall x y, continuity_2d_pt g x y) -> forall x, ex_RInt (g x) 0 1) as row.
  { intros g G x. apply integrable. intros y. now apply continuous_row. }
  assert (forall g, (forall x y, continuity_2d_pt g x y) -> ex_RInt (fun x => RInt (g x) 0 1) 0 1) as rows.
  { intros g G. apply integrable. intros x. apply (parameter_continuous (fun y x => g x y)).
    intros a b. now apply continuity_swap. }
  (* the second summand with x and y exchanged *)
  assert (RInt (fun x => RInt (fun y => alpha_power alpha 2 1 (difference (keep_first (pair x y)) (tau (pair x y)))) 0 1) 0 1
    = RInt (fun x => RInt (fun y => p x y + q y x) 0 1) 0 1) as exchanged.
  { assert (forall x y, continuity_2d_pt (fun x y => q y x) x y) as Cq' by (intros; now apply continuity_swap).
    assert (forall g h, (forall x y, continuity_2d_pt g x y) -> (forall x y, continuity_2d_pt h x y) ->
      RInt (fun x => RInt (fun y => g x y + h x y) 0 1) 0 1
      = RInt (fun x => RInt (g x) 0 1) 0 1 + RInt (fun x => RInt (h x) 0 1) 0 1) as split.
    { intros g h G H. rewrite <- (RInt_plus (V := R_CompleteNormedModule)) by now apply rows.
      apply RInt_ext. intros x _. apply (RInt_plus (V := R_CompleteNormedModule)); now apply row. }
    rewrite (RInt_ext _ (fun x => RInt (fun y => p x y + q x y) 0 1)) by (intros x _; now apply RInt_ext).
    rewrite (split p q Cp Cq), (split p (fun x y => q y x) Cp Cq'). f_equal. now apply (RInt_exchange q). }
  rewrite exchanged. rewrite <- (is_RInt_unique _ 0 1 _ (least_integral alpha A)).
  assert (forall x y, continuity_2d_pt (fun x y => p x y + q y x) x y) as Cs.
  { intros x y. apply (continuity_2d_pt_plus p (fun x y => q y x)); [apply Cp|]. now apply continuity_swap. }
  apply RInt_le; [lra|eexists; now apply least_integral|now apply rows|]. intros x X.
  replace (2 * power (/ 2) alpha * power x alpha) with (RInt (fun _ => 2 * power (/ 2) alpha * power x alpha) 0 1).
  2:{ rewrite RInt_const. unfold scal. simpl. unfold mult. simpl. ring. }
  apply RInt_le; [lra|apply (ex_RInt_const (V := R_NormedModule))|now apply (row (fun x y => p x y + q y x))|]. intros y _.
  rewrite S. unfold p. apply power_two; try apply Rabs_pos; [exact A|].
  set (v := tau (pair x y) 0%nat 0%nat). unfold Rabs. destruct (Rcase_abs (x - v)), (Rcase_abs v); lra.
Qed.

(** lemma-5.1, function-norm: denied for every α, d = 1 and L = 2 *)
Theorem one_layer_fails_function_norm alpha :
  1 <= alpha ->
  ~ (forall f C, alpha_lipschitz alpha 2 2 1 C f -> (forall X, in_cube 2 1 X -> in_cube 2 1 (f X)) ->
       forall eps, 0 < eps -> exists layers,
         List.Forall (continuous_layer (C := continuous_2)) layers /\ square_distance f (stack 2 1 layers) alpha <= eps).
Proof.
  intros A H.
  destruct (lipschitz_alpha alpha 2 2 1 1 keep_first A ltac:(lra) (keep_first_lipschitz 2 1)) as (C & _ & L).
  destruct (H keep_first C L (keep_first_cube 2 1) (/ 4)) as (layers & F & near); [lra|].
  pose proof (square_distance_bound (stack 2 1 layers) alpha A (equivariant_stack 2 1 layers) (stack_continuous layers F)).
  pose proof (least_above_quarter alpha A). lra.
Qed.

(** ** The bounds are reached

    With W_V = 0 a transformer FFN ∘ Attn returns the constant c of its last bias: 1/2 is the best in the sup norm, and 0 for
    α = 1. *)
Definition constant_layers (c : R) : list layer :=
  Attention (fun _ _ => 0) (fun _ _ => 0) (fun _ _ => 0) ::
  FeedForward true 0 (fun _ _ => 0) (fun _ => 0) (fun _ _ => 0) (fun _ => c) :: nil.

Lemma constant_layers_value n d c X i l : stack n d (constant_layers c) X i l = c.
Proof.
  simpl. unfold feed_forward. simpl.
  assert (attention n d (fun _ _ => 0) (fun _ _ => 0) (fun _ _ => 0) X i l = 0) as ->; [|ring].
  unfold attention, times. apply sum_zero. intros k _. rewrite (sum_zero d) by (intros; ring). ring.
Qed.

(** lemma-5.1, distance: 1/2 is reached in the sup norm. *)
Theorem half_reached_sup n d X : in_cube n d X -> close n d (/ 2) (keep_first X) (stack n d (constant_layers (/ 2)) X).
Proof.
  intros C i l I L. rewrite constant_layers_value. unfold keep_first. specialize (C i l I L).
  destruct (Nat.eqb i 0); apply Rabs_le; lra.
Qed.

(** lemma-5.1, distance: and for α = 1 in the function norm. *)
Theorem half_reached_function_norm : square_distance keep_first (stack 2 1 (constant_layers 0)) 1 = / 2.
Proof.
  unfold square_distance. rewrite <- least_1. f_equal. rewrite <- (is_RInt_unique _ 0 1 _ (least_integral 1 (Rle_refl 1))).
  apply RInt_ext. rewrite Rmin_left, Rmax_right by lra. intros x X.
  rewrite (RInt_ext _ (fun _ => 2 * power (/ 2) 1 * power x 1)).
  - rewrite RInt_const. unfold scal. simpl. unfold mult. simpl. ring.
  - intros y _. unfold alpha_power, difference. cbn [sum]. rewrite !constant_layers_value. unfold keep_first. cbn [Nat.eqb].
    change (pair x y 0%nat 0%nat) with x.
    rewrite !Rminus_0_r, Rabs_R0, !power_1, Rabs_right by (try lra; apply Rabs_pos). lra.
Qed.
