(** Two integrals: that the order of integration does not matter for a continuous function on the unit square, and that of a
    real power. *)

From Coq Require Import Reals Lra.
From Coquelicot Require Import Coquelicot.
From Plumbline Require Import Powers Norms.
Open Scope R_scope.

(** ** The unit square

    Both iterated integrals, up to t in one variable, have the same derivative in t. *)

Section Square.

Variable f : R -> R -> R.
Hypothesis continuous_f : forall x y, continuity_2d_pt f x y.

Lemma continuous_at (g : R -> R) x : continuity_pt g x -> continuous g x.
Proof. apply continuity_pt_filterlim. Qed.

Lemma integrable (g : R -> R) a b : (forall x, continuity_pt g x) -> ex_RInt g a b.
Proof. intros C. apply (ex_RInt_continuous (V := R_CompleteNormedModule)). intros x _. apply continuous_at, C. Qed.

Lemma continuous_row x y : continuity_pt (f x) y.
Proof.
  intros eps E. destruct (continuous_f x y (mkposreal eps E)) as [delta D]. exists delta. split; [apply cond_pos|].
  intros z [_ Z]. apply D; [|exact Z]. rewrite Rminus_eq_0, Rabs_R0. apply cond_pos.
Qed.

Lemma continuous_column x y : continuity_pt (fun x => f x y) x.
Proof.
  intros eps E. destruct (continuous_f x y (mkposreal eps E)) as [delta D]. exists delta. split; [apply cond_pos|].
  intros z [_ Z]. apply D; [exact Z|]. rewrite Rminus_eq_0, Rabs_R0. apply cond_pos.
Qed.

(** An integral is continuous in a parameter, f being uniformly so along the compact range of integration. *)
Lemma parameter_continuous a b v : continuity_pt (fun v => RInt (fun x => f x v) a b) v.
Proof.
  assert (forall a b, a <= b -> continuity_pt (fun v => RInt (fun x => f x v) a b) v) as ordered.
  { clear a b. intros a b O eps E.
    assert (0 < eps / (b - a + 1)) as E' by (apply Rdiv_lt_0_compat; lra).
    destruct (uniform_continuity_2d_1d f a b v (fun x _ => continuous_f x v) (mkposreal _ E')) as [delta D].
    exists delta. split; [apply cond_pos|]. intros u [_ U]. simpl in U |- *. unfold R_dist in *.
    replace (RInt (fun x => f x u) a b - RInt (fun x => f x v) a b) with (RInt (fun x => f x u - f x v) a b).
    2:{ apply (RInt_minus (V := R_CompleteNormedModule)); apply integrable; intros; apply continuous_column. }
    apply Rle_lt_trans with ((b - a) * (eps / (b - a + 1))).
    - apply abs_RInt_le_const; [exact O| |].
      + apply (ex_RInt_minus (V := R_NormedModule)); apply integrable; intros; apply continuous_column.
      + intros x X. apply Rlt_le, D; try exact X; try (rewrite Rminus_eq_0, Rabs_R0; apply cond_pos).
        * pose proof (cond_pos delta). lra.
        * apply Rabs_def2 in U. lra.
    - apply Rlt_le_trans with ((b - a + 1) * (eps / (b - a + 1))); [apply Rmult_lt_compat_r; lra|].
      right. field. lra. }
  destruct (Rle_dec a b) as [O|O]; [now apply ordered|].
  apply (continuity_pt_ext (fun v => - RInt (fun x => f x v) b a)).
  - intros u. apply (opp_RInt_swap (V := R_CompleteNormedModule)). apply integrable. intros; apply continuous_column.
  - apply (continuity_pt_opp (fun v => RInt (fun x => f x v) b a)). apply ordered. lra.
Qed.

End Square.

(** ∫ ∫ f(x, y) dy dx = ∫ ∫ f(x, y) dx dy over [0, 1]² *)
Theorem RInt_exchange f :
  (forall x y, continuity_2d_pt f x y) ->
  RInt (fun x => RInt (fun y => f x y) 0 1) 0 1 = RInt (fun y => RInt (fun x => f x y) 0 1) 0 1.
Proof.
  intros C.
  assert (forall x y, continuity_2d_pt (fun x y => f y x) x y) as C'.
  { intros x y eps. destruct (C y x eps) as [delta D]. exists delta. intros u v U V. now apply D. }
  pose (A t := RInt (fun x => RInt (fun y => f x y) 0 1) 0 t).
  pose (B t := RInt (fun y => RInt (fun x => f x y) 0 t) 0 1).
  assert (forall t, is_derive A t (RInt (fun y => f t y) 0 1)) as DA.
  { intros t. apply (is_derive_RInt (fun x => RInt (fun y => f x y) 0 1) A 0 t).
    - apply filter_forall. intros s. apply (RInt_correct (V := R_CompleteNormedModule)). apply integrable. intros x.
      apply (parameter_continuous (fun x y => f y x) C').
    - apply continuous_at. apply (parameter_continuous (fun x y => f y x) C'). }
  assert (forall u v, is_derive (fun u => RInt (fun x => f x v) 0 u) u (f u v)) as inner.
  { intros u v. apply (is_derive_RInt (fun x => f x v) (fun u => RInt (fun x => f x v) 0 u) 0 u).
    - apply filter_forall. intros s. apply (RInt_correct (V := R_CompleteNormedModule)). apply integrable. intros x.
      now apply continuous_column.
    - apply continuous_at. now apply continuous_column. }
  assert (forall t, is_derive B t (RInt (fun y => f t y) 0 1)) as DB.
  { intros t.
    replace (RInt (fun y => f t y) 0 1) with (RInt (fun y => Derive (fun u => RInt (fun x => f x y) 0 u) t) 0 1).
    2:{ apply RInt_ext. intros y _. apply is_derive_unique, inner. }
    apply (is_derive_RInt_param (fun u y => RInt (fun x => f x y) 0 u) 0 1 t).
    - apply filter_forall. intros u y _. eexists. apply inner.
    - intros y _. apply (continuity_2d_pt_ext f); [|apply C]. intros u v. symmetry. apply is_derive_unique, inner.
    - apply filter_forall. intros u. apply integrable. intros y. now apply parameter_continuous. }
  assert (A 0 - B 0 = A 1 - B 1) as E.
  { apply (eq_is_derive (V := R_NormedModule) (fun t => A t - B t) 0 1); [|lra]. intros t _.
    pose proof (is_derive_minus A B t _ _ (DA t) (DB t)) as D. rewrite minus_eq_zero in D. exact D. }
  assert (A 0 = 0) as A0 by (unfold A; now rewrite RInt_point).
  assert (B 0 = 0) as B0.
  { unfold B. rewrite (RInt_ext _ (fun _ => 0)) by (intros; now rewrite RInt_point). rewrite RInt_const.
    unfold scal. simpl. unfold mult. simpl. ring. }
  fold (A 1). fold (B 1). lra.
Qed.

(** ** ∫ x^a dx = 1 / (a + 1) *)

Lemma power_derivative a x : 1 <= a -> is_derive (fun x => power x (a + 1)) x ((a + 1) * power x a).
Proof.
  intros A. replace (power x a) with (power x (a + 1 - 1)) by (f_equal; ring). apply is_derive_power. lra.
Qed.

Theorem power_integral a : 1 <= a -> is_RInt (fun x => power x a) 0 1 (/ (a + 1)).
Proof.
  intros A. pose (F := fun x => / (a + 1) * power x (a + 1)).
  assert (is_RInt (fun x => power x a) 0 1 (minus (F 1) (F 0))) as D.
  { apply (is_RInt_derive F).
    - intros x _. replace (power x a) with (/ (a + 1) * ((a + 1) * power x a)) by (field; lra).
      apply (is_derive_scal (fun x => power x (a + 1)) x (/ (a + 1)) ((a + 1) * power x a)). now apply power_derivative.
    - intros x _. apply continuous_at. now apply power_continuous. }
  replace (minus (F 1) (F 0)) with (/ (a + 1)) in D; [exact D|].
  unfold F, minus, plus, opp. simpl. rewrite (power_nonpos 0), power_exp, ln_1, Rmult_0_r, exp_0 by lra. ring.
Qed.

(** The least that |x - v|^a + |v|^a can have for an integral over x in [0, 1] *)
Definition least_power (a : R) : R := 2 * power (/ 2) a / (a + 1).

Lemma least_integral a : 1 <= a -> is_RInt (fun x => 2 * power (/ 2) a * power x a) 0 1 (least_power a).
Proof. intros A. apply (is_RInt_scal (fun x => power x a)). now apply power_integral. Qed.

(** (2^(1-a) / (a + 1))^(1/a) is 1/2 for a = 1 *)
Lemma least_1 : power (least_power 1) (/ 1) = / 2.
Proof. unfold least_power. rewrite Rinv_1, !power_1 by (rewrite ?power_1 by lra; lra). field. Qed.

(** and above 1/4 for all a: 2^a ≥ 1 + a. *)
Lemma least_above_quarter a : 1 <= a -> / 4 < power (least_power a) (/ a).
Proof.
  intros A. pose proof (power_tangent 2 1 a A ltac:(lra) ltac:(lra)) as T.
  rewrite (power_exp 1), ln_1, Rmult_0_r, exp_0 in T by lra.
  assert (power (/ 2) a * power 2 a = 1) as I.
  { rewrite <- power_mult by lra. rewrite Rinv_l, power_exp, ln_1, Rmult_0_r, exp_0 by lra. reflexivity. }
  assert (0 < power (/ 2) a) as P by (rewrite power_exp by lra; apply exp_pos).
  assert (power (/ 4) a < least_power a) as L.
  { replace (/ 4) with (/ 2 * / 2) by field. rewrite power_mult by lra. unfold least_power.
    apply Rmult_lt_reg_r with (a + 1); [lra|].
    replace (2 * power (/ 2) a / (a + 1) * (a + 1)) with (power (/ 2) a * 2) by (field; lra).
    rewrite Rmult_assoc. apply Rmult_lt_compat_l; [exact P|].
    assert (power (/ 2) a * (a + 1) <= power (/ 2) a * power 2 a) by (apply Rmult_le_compat_l; lra). lra. }
  assert (0 < power (/ 4) a) as P4 by (rewrite power_exp by lra; apply exp_pos).
  rewrite <- (power_root (/ 4) a) by lra. rewrite !(power_exp _ (/ a)) by lra.
  apply exp_increasing. apply Rmult_lt_compat_l; [apply Rinv_0_lt_compat; lra|]. apply ln_increasing; lra.
Qed.
