(** Why the enclosing arithmetic encloses: what the radii of operands do to results, and how the ends of an interval become a
    midpoint and a radius. All of it is about real numbers; [Binary64] adds what rounding does.

    A ball is a midpoint m and a radius r, and stands for every x with |x − m| ≤ r. *)

From Coq Require Import Reals Lra Lia ZArith Arith.
From Coquelicot Require Import Coquelicot.
From Plumbline Require Import Definitions Sums.
Open Scope R_scope.

Definition encloses (m r x : R) : Prop := Rabs (x - m) <= r.

Lemma encloses_ends m r x : encloses m r x <-> m - r <= x <= m + r.
Proof.
  unfold encloses. split; intros H; [apply Rabs_le_between in H|apply Rabs_le_between]; lra.
Qed.

Lemma encloses_radius m r x : encloses m r x -> 0 <= r.
Proof. intros H. eapply Rle_trans; [apply Rabs_pos|exact H]. Qed.

Lemma encloses_wider m r r' x : encloses m r x -> r <= r' -> encloses m r' x.
Proof. unfold encloses. lra. Qed.

Lemma encloses_size m r x : encloses m r x -> Rabs x <= Rabs m + r.
Proof.
  unfold encloses. intros H. replace x with (m + (x - m)) by ring.
  eapply Rle_trans; [apply Rabs_triang|]. now apply Rplus_le_compat_l.
Qed.

(** Rounding the midpoint from m to m' adds its error to the radius ([BallKernel.store]: at most half an ulp). *)
Theorem rounded_midpoint m m' r e x : encloses m r x -> Rabs (m - m') <= e -> encloses m' (r + e) x.
Proof.
  unfold encloses. intros H He. replace (x - m') with ((x - m) + (m - m')) by ring.
  eapply Rle_trans; [apply Rabs_triang|lra].
Qed.

(** * Sums, products, dot products *)

Theorem ball_plus a r x b s y : encloses a r x -> encloses b s y -> encloses (a + b) (r + s) (x + y).
Proof.
  unfold encloses. intros Hx Hy. replace (x + y - (a + b)) with ((x - a) + (y - b)) by ring.
  eapply Rle_trans; [apply Rabs_triang|lra].
Qed.

Theorem ball_negate a r x : encloses a r x -> encloses (- a) r (- x).
Proof. unfold encloses. intros H. replace (- x - - a) with (- (x - a)) by ring. now rewrite Rabs_Ropp. Qed.

Theorem ball_minus a r x b s y : encloses a r x -> encloses b s y -> encloses (a - b) (r + s) (x - y).
Proof. intros Hx Hy. apply (ball_plus a r x (- b) s (- y) Hx). now apply ball_negate. Qed.

(** |a| s + r (|b| + s): xy − ab = a (y − b) + (x − a) y. *)
Theorem ball_times a r x b s y : encloses a r x -> encloses b s y ->
  encloses (a * b) (Rabs a * s + r * (Rabs b + s)) (x * y).
Proof.
  intros Hx Hy. pose proof (encloses_size _ _ _ Hy) as Hsize. unfold encloses in *.
  replace (x * y - a * b) with (a * (y - b) + (x - a) * y) by ring.
  eapply Rle_trans; [apply Rabs_triang|]. rewrite !Rabs_mult.
  apply Rplus_le_compat; [apply Rmult_le_compat_l; [apply Rabs_pos|exact Hy]|].
  apply Rmult_le_compat; auto using Rabs_pos.
Qed.

Lemma ball_sum n a r x : (forall l, (l < n)%nat -> encloses (a l) (r l) (x l)) -> encloses (sum n a) (sum n r) (sum n x).
Proof.
  induction n as [|n IH]; intros H; cbn; [unfold encloses; rewrite Rminus_0_r, Rabs_R0; lra|].
  apply ball_plus; auto with arith.
Qed.

(** Σ_l |a_l| s_l + r_l (|b_l| + s_l) *)
Theorem ball_dot n a r x b s y :
  (forall l, (l < n)%nat -> encloses (a l) (r l) (x l)) -> (forall l, (l < n)%nat -> encloses (b l) (s l) (y l)) ->
  encloses (sum n (fun l => a l * b l)) (sum n (fun l => Rabs (a l) * s l + r l * (Rabs (b l) + s l)))
    (sum n (fun l => x l * y l)).
Proof.
  intros Hx Hy. apply (ball_sum n (fun l => a l * b l) _ (fun l => x l * y l)). intros l Hl.
  apply ball_times; auto.
Qed.

(** Every entry of a product of matrices of balls, with an error e of the midpoint *)
Theorem ball_matrix_product k A Ar X B Br Y M e i j :
  (forall l, (l < k)%nat -> encloses (A i l) (Ar i l) (X i l)) ->
  (forall l, (l < k)%nat -> encloses (B l j) (Br l j) (Y l j)) ->
  Rabs (times k A B i j - M) <= e ->
  encloses M (sum k (fun l => Rabs (A i l) * Br l j + Ar i l * (Rabs (B l j) + Br l j)) + e) (times k X Y i j).
Proof.
  intros HX HY HM. apply (rounded_midpoint (times k A B i j)); [|exact HM].
  exact (ball_dot k (A i) (Ar i) (X i) (fun l => B l j) (fun l => Br l j) (fun l => Y l j) HX HY).
Qed.

(** Terms that are cut off below a unit each cost less than one unit ([BallProduct]: [lost] of them). *)
Theorem truncated_sum n t f unit lost :
  0 <= unit ->
  (forall l, (l < n)%nat -> Rabs (t l - f l) <= unit) ->
  (forall l, (lost <= l < n)%nat -> t l = f l) -> (lost <= n)%nat ->
  Rabs (sum n t - sum n f) <= INR lost * unit.
Proof.
  intros Hunit. revert lost. induction n as [|n IH]; intros lost H Hexact Hlost.
  - replace lost with O by lia. cbn. rewrite Rminus_0_r, Rabs_R0. lra.
  - cbn [sum]. destruct (Nat.eq_dec lost (S n)) as [->|Hne].
    + replace (sum n t + t n - (sum n f + f n)) with ((sum n t - sum n f) + (t n - f n)) by ring.
      eapply Rle_trans; [apply Rabs_triang|]. rewrite S_INR, Rmult_plus_distr_r, Rmult_1_l.
      apply Rplus_le_compat; [apply IH; auto with arith; intros; lia|apply H; lia].
    + rewrite (Hexact n) by lia. replace (sum n t + f n - (sum n f + f n)) with (sum n t - sum n f) by ring.
      apply IH; auto with arith; try lia. intros l Hl. apply Hexact. lia.
Qed.

(** Rows and columns cut to integers α_l, β_l under one unit each, multiplied exactly: with |a_l − u α_l| ≤ d and
    |b_l − v β_l| ≤ e the product is off by at most Σ_l |a_l| e + d |b_l| + d e. *)
Theorem fixed_point_product n (a b : nat -> R) (alpha beta : nat -> Z) (u v d e : R) :
  (forall l, (l < n)%nat -> Rabs (a l - u * IZR (alpha l)) <= d) ->
  (forall l, (l < n)%nat -> Rabs (b l - v * IZR (beta l)) <= e) ->
  Rabs (u * v * sum n (fun l => IZR (alpha l * beta l)) - sum n (fun l => a l * b l))
    <= sum n (fun l => Rabs (a l) * e + d * (Rabs (b l) + e)).
Proof.
  intros Ha Hb. rewrite <- sum_scal_l.
  rewrite (sum_ext n (fun l => u * v * IZR (alpha l * beta l)) (fun l => (u * IZR (alpha l)) * (v * IZR (beta l))))
    by (intros; rewrite mult_IZR; ring).
  apply (ball_dot n a (fun _ => d) (fun l => u * IZR (alpha l)) b (fun _ => e) (fun l => v * IZR (beta l)));
    intros l Hl; unfold encloses; rewrite Rabs_minus_sym; auto.
Qed.

(** * From ends to a ball *)

(** An interval around any point of the line ([putEnds], [storeEnds]) *)
Theorem ball_of_ends low high x m r : low <= x <= high -> m - low <= r -> high - m <= r -> encloses m r x.
Proof. intros. apply encloses_ends. lra. Qed.

(** A number from 0 to twice m is in the ball of radius m around m, which reaches no further than 0 ([storeFromZero]). *)
Theorem ball_from_zero m x : 0 <= x <= 2 * m -> encloses m m x.
Proof. intros. apply encloses_ends. lra. Qed.

(** An increasing function, from its values at the ends or bounds of them *)
Theorem increasing_ends (f : R -> R) m r x low high :
  (forall s t, m - r <= s <= t -> t <= m + r -> f s <= f t) ->
  encloses m r x -> low <= f (m - r) -> f (m + r) <= high -> low <= f x <= high.
Proof.
  intros Hf Hx Hlow Hhigh. apply encloses_ends in Hx. split.
  - eapply Rle_trans; [exact Hlow|]. apply Hf; lra.
  - eapply Rle_trans; [|exact Hhigh]. apply Hf; lra.
Qed.

(** * Squares, absolute values, maxima *)

(** 2|a| r + r² *)
Theorem ball_square a r x : encloses a r x -> encloses (a * a) ((2 * Rabs a + r) * r) (x * x).
Proof.
  intros H. eapply encloses_wider; [exact (ball_times a r x a r x H H)|]. apply Req_le. ring.
Qed.

(** A square is never below 0: with 0 ≤ low ≤ |x| ≤ high it is between the squares of these. *)
Theorem square_ends low high x : 0 <= low -> low <= Rabs x <= high -> low * low <= x * x <= high * high.
Proof.
  intros Hlow H. replace (x * x) with (Rabs x * Rabs x).
  - split; apply Rmult_le_compat; lra.
  - rewrite <- Rabs_mult. apply Rabs_pos_eq. exact (Rle_0_sqr x).
Qed.

(** The ends of |x|: |a| − r, if that is not negative, and |a| + r *)
Theorem abs_ends a r x : encloses a r x -> Rmax 0 (Rabs a - r) <= Rabs x <= Rabs a + r.
Proof.
  intros H. split; [|now apply encloses_size]. apply Rmax_lub; [apply Rabs_pos|].
  assert (Hx : encloses x r a) by (unfold encloses in *; now rewrite Rabs_minus_sym).
  apply encloses_size in Hx. lra.
Qed.

(** Where |a| ≥ r the sign is known, and |x| lies as near to |a| as x to a. *)
Theorem ball_abs a r x : encloses a r x -> encloses (Rabs a) r (Rabs x).
Proof. unfold encloses. intros H. eapply Rle_trans; [apply Rabs_triang_inv2|exact H]. Qed.

Theorem max_ends la ha x lb hb y : la <= x <= ha -> lb <= y <= hb -> Rmax la lb <= Rmax x y <= Rmax ha hb.
Proof.
  intros Hx Hy. split; apply Rmax_lub.
  - eapply Rle_trans; [|apply Rmax_l]. lra.
  - eapply Rle_trans; [|apply Rmax_r]. lra.
  - eapply Rle_trans; [|apply Rmax_l]. lra.
  - eapply Rle_trans; [|apply Rmax_r]. lra.
Qed.

(** If one enclosure lies above the other, it is that of the maximum. *)
Theorem max_above a r x y : encloses a r x -> y <= a - r -> Rmax x y = x.
Proof. intros Hx Hy. apply encloses_ends in Hx. apply Rmax_left. lra. Qed.

(** ReLU: the ball itself where it is not negative, 0 where it is not positive, else from 0 to the upper end *)
Theorem relu_ends a r x : encloses a r x ->
  (r <= a -> relu x = x) /\ (r <= - a -> relu x = 0) /\ 0 <= relu x <= Rmax 0 (a + r).
Proof.
  intros Hx. apply encloses_ends in Hx. unfold relu. repeat split.
  - intros H. apply Rmax_right. lra.
  - intros H. apply Rmax_left. lra.
  - apply Rmax_l.
  - apply Rmax_lub; [apply Rmax_l|]. eapply Rle_trans; [|apply Rmax_r]. lra.
Qed.

(** * Quotients and roots *)

(** (|a − q b| + r + |q| s)/(|b| − s) around any q: x/y − q = ((a − q b) + (x − a) − q (y − b))/y. *)
Theorem ball_quotient a r x b s y q : encloses a r x -> encloses b s y -> s < Rabs b ->
  encloses q ((Rabs (a - q * b) + r + Rabs q * s) / (Rabs b - s)) (x / y).
Proof.
  intros Hx Hy Hs. pose proof (abs_ends _ _ _ Hy) as [Hfar _]. rewrite Rmax_right in Hfar by lra.
  assert (Hy0 : y <> 0) by (intros ->; rewrite Rabs_R0 in Hfar; lra).
  unfold encloses in *. replace (x / y - q) with (((a - q * b) + (x - a) + - (q * (y - b))) / y) by (field; exact Hy0).
  unfold Rdiv. rewrite Rabs_mult, Rabs_inv.
  assert (Hnum : Rabs (a - q * b + (x - a) + - (q * (y - b))) <= Rabs (a - q * b) + r + Rabs q * s).
  { eapply Rle_trans; [apply Rabs_triang|]. rewrite Rabs_Ropp, Rabs_mult. apply Rplus_le_compat.
    - eapply Rle_trans; [apply Rabs_triang|lra].
    - apply Rmult_le_compat_l; [apply Rabs_pos|exact Hy]. }
  apply Rmult_le_compat; [apply Rabs_pos| |exact Hnum|].
  - apply Rlt_le, Rinv_0_lt_compat. lra.
  - apply Rinv_le_contravar; lra.
Qed.

(** The exact quotient of the midpoints: (r + |a/b| s)/(|b| − s) *)
Corollary ball_quotient_exact a r x b s y : encloses a r x -> encloses b s y -> s < Rabs b ->
  encloses (a / b) ((r + Rabs (a / b) * s) / (Rabs b - s)) (x / y).
Proof.
  intros Hx Hy Hs. pose proof (encloses_radius _ _ _ Hy).
  assert (Hb : b <> 0) by (intros ->; rewrite Rabs_R0 in Hs; lra).
  eapply encloses_wider; [apply (ball_quotient a r x b s y (a / b)); assumption|].
  replace (a - a / b * b) with 0 by (field; exact Hb). rewrite Rabs_R0, Rplus_0_l. lra.
Qed.

(** A wide divisor: the quotient is monotone in each argument, so its ends are quotients of ends ([divideEnds]). *)
Theorem quotient_ends low high x near far y : low <= x <= high -> 0 < near -> near <= y <= far ->
  (if Rle_dec 0 low then low / far else low / near) <= x / y
  /\ x / y <= (if Rle_dec 0 high then high / near else high / far).
Proof.
  intros Hx Hnear Hy.
  assert (H1 : / far <= / y) by (apply Rinv_le_contravar; lra).
  assert (H2 : / y <= / near) by (apply Rinv_le_contravar; lra).
  assert (H3 : 0 < / far) by (apply Rinv_0_lt_compat; lra).
  assert (H4 : 0 < / y) by lra. unfold Rdiv. split.
  - destruct (Rle_dec 0 low).
    + apply Rmult_le_compat; lra.
    + apply Rle_trans with (low * / y); [|apply Rmult_le_compat_r; lra].
      apply Ropp_le_cancel. rewrite !Ropp_mult_distr_l. apply Rmult_le_compat_l; lra.
  - destruct (Rle_dec 0 high).
    + apply Rle_trans with (high * / y); [apply Rmult_le_compat_r; lra|apply Rmult_le_compat_l; lra].
    + apply Rle_trans with (high * / y); [apply Rmult_le_compat_r; lra|].
      apply Ropp_le_cancel. rewrite !Ropp_mult_distr_l. apply Rmult_le_compat_l; lra.
Qed.

(** |√x − √m| = |x − m|/(√x + √m) ≤ r/(2 √(m − r)) *)
Theorem ball_sqrt m r x : encloses m r x -> r < m -> encloses (sqrt m) (r / (2 * sqrt (m - r))) (sqrt x).
Proof.
  intros Hx Hr. pose proof (encloses_radius _ _ _ Hx) as Hr0. pose proof (proj1 (encloses_ends _ _ _) Hx) as Hends.
  assert (Hpos : 0 < sqrt (m - r)) by (apply sqrt_lt_R0; lra).
  assert (Hm : sqrt (m - r) <= sqrt m) by (apply sqrt_le_1; lra).
  assert (Hx' : sqrt (m - r) <= sqrt x) by (apply sqrt_le_1; lra).
  unfold encloses in *.
  replace (sqrt x - sqrt m) with ((x - m) / (sqrt x + sqrt m)).
  - unfold Rdiv. rewrite Rabs_mult, Rabs_inv, (Rabs_pos_eq (sqrt x + sqrt m)) by lra.
    apply Rmult_le_compat; [apply Rabs_pos| |exact Hx|].
    + apply Rlt_le, Rinv_0_lt_compat. lra.
    + apply Rinv_le_contravar; lra.
  - apply (Rmult_eq_reg_r (sqrt x + sqrt m)); [|lra]. unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra.
    rewrite Rmult_1_r. rewrite <- (sqrt_sqrt x) at 1 by lra. rewrite <- (sqrt_sqrt m) at 1 by lra. ring.
Qed.

(** * Exponentials and logarithms *)

Lemma exp_ge_1_plus x : 1 + x <= exp x.
Proof. destruct (Req_dec x 0) as [->|H]; [rewrite exp_0; lra|]. apply Rlt_le, exp_ineq1; exact H. Qed.

Lemma exp_le x y : x <= y -> exp x <= exp y.
Proof. intros [H| ->]; [apply Rlt_le, exp_increasing, H|lra]. Qed.

(** A function whose derivative is not negative on [0, b] does not decrease there. *)
Lemma nondecreasing_from_0 (f df : R -> R) b : (forall t, 0 <= t <= b -> is_derive f t (df t)) ->
  (forall t, 0 <= t <= b -> 0 <= df t) -> forall r, 0 <= r <= b -> f 0 <= f r.
Proof.
  intros Hf Hdf r Hr. destruct (MVT_gen f 0 r df) as (c & Hc & Heq).
  - rewrite Rmin_left, Rmax_right by lra. intros t Ht. apply Hf. lra.
  - rewrite Rmin_left, Rmax_right by lra. intros t Ht. apply continuity_pt_filterlim.
    apply (ex_derive_continuous (K := R_AbsRing) (V := R_NormedModule)). exists (df t). apply Hf. lra.
  - rewrite Rmin_left, Rmax_right in Hc by lra. rewrite Rminus_0_r in Heq.
    assert (0 <= df c * r) by (apply Rmult_le_pos; [apply Hdf; lra|lra]). lra.
Qed.

(** e^r ≤ 1 + r + r²/2 + r³/4 for 0 ≤ r ≤ 1: (1 + r + r²/2 + r³/4) e^−r has the derivative e^−r r² (1 − r)/4. *)
Theorem exp_upper r : 0 <= r <= 1 -> exp r <= 1 + r + r * r / 2 + r * r * r / 4.
Proof.
  intros Hr.
  assert (H := nondecreasing_from_0 (fun r => (1 + r + r * r / 2 + r * r * r / 4) * exp (- r))
    (fun r => exp (- r) * (r * r * (1 - r) / 4)) 1).
  cbv beta in H.
  assert (Hle : (1 + 0 + 0 * 0 / 2 + 0 * 0 * 0 / 4) * exp (- 0) <= (1 + r + r * r / 2 + r * r * r / 4) * exp (- r)).
  { apply H; [| |exact Hr].
    - intros t _. auto_derive; [exact I|]. field.
    - intros t Ht. apply Rmult_le_pos; [apply Rlt_le, exp_pos|].
      assert (0 <= t * t * (1 - t)) by (apply Rmult_le_pos; [exact (Rle_0_sqr t)|lra]). lra. }
  rewrite Ropp_0, exp_0 in Hle.
  assert (Hinv : exp (- r) * exp r = 1) by (rewrite <- exp_plus, Rplus_opp_l; apply exp_0).
  apply (Rmult_le_compat_r (exp r)) in Hle; [|apply Rlt_le, exp_pos].
  rewrite (Rmult_assoc (1 + r + r * r / 2 + r * r * r / 4)), Hinv in Hle. lra.
Qed.

(** 1 − r + r²/2 − r³/6 ≤ e^−r for r ≥ 0: (1 − r + r²/2 − r³/6) e^r has the derivative −e^r r³/6. *)
Theorem exp_lower r : 0 <= r -> 1 - r + r * r / 2 - r * r * r / 6 <= exp (- r).
Proof.
  intros Hr.
  assert (H := nondecreasing_from_0 (fun r => - ((1 - r + r * r / 2 - r * r * r / 6) * exp r))
    (fun r => exp r * (r * r * r / 6)) r).
  cbv beta in H.
  assert (Hle : - ((1 - 0 + 0 * 0 / 2 - 0 * 0 * 0 / 6) * exp 0) <= - ((1 - r + r * r / 2 - r * r * r / 6) * exp r)).
  { apply H; [| |lra].
    - intros t _. auto_derive; [exact I|]. field.
    - intros t Ht. apply Rmult_le_pos; [apply Rlt_le, exp_pos|].
      assert (0 <= t * t * t) by (apply Rmult_le_pos; [exact (Rle_0_sqr t)|lra]). lra. }
  rewrite exp_0 in Hle.
  assert (Hinv : exp r * exp (- r) = 1) by (rewrite <- exp_plus, Rplus_opp_r; apply exp_0).
  assert (Hle' : (1 - r + r * r / 2 - r * r * r / 6) * exp r <= 1) by lra.
  apply (Rmult_le_compat_r (exp (- r))) in Hle'; [|apply Rlt_le, exp_pos].
  rewrite (Rmult_assoc (1 - r + r * r / 2 - r * r * r / 6)), Hinv in Hle'. lra.
Qed.

(** The coarser bounds of a small radius: 1 − r ≤ e^−r and e^r ≤ 1 + r + r². *)
Corollary exp_small r : 0 <= r <= 1 -> 1 - r <= exp (- r) /\ exp r <= 1 + r + r * r.
Proof.
  intros Hr. split; [pose proof (exp_ge_1_plus (- r)); lra|].
  eapply Rle_trans; [now apply exp_upper|].
  assert (H : 0 <= r * r * (1 - r)) by (apply Rmult_le_pos; [exact (Rle_0_sqr r)|lra]).
  assert (0 <= r * r) by exact (Rle_0_sqr r). lra.
Qed.

(** |e^x − e^m| ≤ e^m (r + r²) for r ≤ 1 *)
Theorem ball_exp m r x : encloses m r x -> r <= 1 -> encloses (exp m) (exp m * (r + r * r)) (exp x).
Proof.
  intros Hx Hr. pose proof (encloses_radius _ _ _ Hx) as Hr0. apply encloses_ends in Hx.
  destruct (exp_small r (conj Hr0 Hr)) as [Hlow Hhigh]. pose proof (exp_pos m) as Hm.
  assert (Hup : exp x <= exp m * (1 + r + r * r)).
  { eapply Rle_trans; [apply exp_le; apply (proj2 Hx)|]. rewrite exp_plus. apply Rmult_le_compat_l; lra. }
  assert (Hdown : exp m * (1 - r) <= exp x).
  { eapply Rle_trans; [|apply exp_le; apply (proj1 Hx)]. unfold Rminus at 2. rewrite exp_plus.
    apply Rmult_le_compat_l; lra. }
  assert (0 <= exp m * (r * r)) by (apply Rmult_le_pos; [lra|exact (Rle_0_sqr r)]).
  apply encloses_ends. lra.
Qed.

(** |ln x − ln m| ≤ r/(m − r) *)
Theorem ball_ln m r x : encloses m r x -> r < m -> encloses (ln m) (r / (m - r)) (ln x).
Proof.
  intros Hx Hr. pose proof (encloses_radius _ _ _ Hx) as Hr0. apply encloses_ends in Hx.
  assert (Hln : forall p q, 0 < p -> 0 < q -> ln p - ln q <= p / q - 1).
  { intros p q Hp Hq. pose proof (exp_ge_1_plus (ln p - ln q)) as H.
    unfold Rminus at 2 in H. rewrite exp_plus, exp_Ropp, !exp_ln in H by assumption. unfold Rdiv. lra. }
  assert (Hquotient : forall p q, m - r <= q -> p - q <= r -> p / q - 1 <= r / (m - r)).
  { intros p q Hq Hpq. replace (p / q - 1) with ((p - q) * / q) by (field; lra).
    apply Rle_trans with (r * / q); [apply Rmult_le_compat_r; [apply Rlt_le, Rinv_0_lt_compat|]; lra|].
    apply Rmult_le_compat_l; [exact Hr0|]. apply Rinv_le_contravar; lra. }
  apply encloses_ends. split.
  - pose proof (Hln m x ltac:(lra) ltac:(lra)). pose proof (Hquotient m x ltac:(lra) ltac:(lra)). lra.
  - pose proof (Hln x m ltac:(lra) ltac:(lra)). pose proof (Hquotient x m ltac:(lra) ltac:(lra)). lra.
Qed.

(** Argument reduction: e^x = 2^k e^(x − k ln 2). *)
Lemma exp_reduction x k : exp x = powerRZ 2 k * exp (x - IZR k * ln 2).
Proof.
  rewrite powerRZ_Rpower by lra. unfold Rpower. rewrite <- exp_plus. f_equal. ring.
Qed.

(** If t is within d of x − k ln 2, d ≤ 1, and v within e of e^t, then 2^k v is within 2^k (e + e^t (d + d²)) of e^x. *)
Theorem exp_reduced x k t d v e : Rabs (t - (x - IZR k * ln 2)) <= d -> d <= 1 -> Rabs (v - exp t) <= e ->
  Rabs (powerRZ 2 k * v - exp x) <= powerRZ 2 k * (e + exp t * (d + d * d)).
Proof.
  intros Ht Hd Hv. rewrite (exp_reduction x k), <- Rmult_minus_distr_l, Rabs_mult.
  assert (Hk : 0 < powerRZ 2 k) by (apply powerRZ_lt; lra).
  rewrite (Rabs_pos_eq (powerRZ 2 k)) by lra. apply Rmult_le_compat_l; [lra|].
  replace (v - exp (x - IZR k * ln 2)) with ((v - exp t) + (exp t - exp (x - IZR k * ln 2))) by ring.
  eapply Rle_trans; [apply Rabs_triang|]. apply Rplus_le_compat; [exact Hv|].
  rewrite Rabs_minus_sym. apply (ball_exp t d); [|exact Hd]. unfold encloses. now rewrite Rabs_minus_sym.
Qed.

(** A floor is at most one below. *)
Lemma floor_quotient a b : (0 < b)%Z -> IZR (a / b) <= IZR a / IZR b < IZR (a / b) + 1.
Proof.
  intros Hb. assert (HbR : 0 < IZR b) by (apply IZR_lt; exact Hb).
  assert (Hdiv := Z.div_mod a b ltac:(lia)). pose proof (Z.mod_pos_bound a b Hb) as Hmod.
  set (q := (a / b)%Z) in *. set (rest := (a mod b)%Z) in *.
  assert (Heq : IZR a / IZR b = IZR q + IZR rest / IZR b).
  { rewrite Hdiv, plus_IZR, mult_IZR. field. lra. }
  assert (0 <= IZR rest) by (apply IZR_le; lia). assert (IZR rest < IZR b) by (apply IZR_lt; lia).
  assert (0 <= IZR rest / IZR b < 1).
  { split; [apply Rmult_le_pos; [lra|apply Rlt_le, Rinv_0_lt_compat, HbR]|].
    apply (Rmult_lt_reg_r (IZR b)); [exact HbR|]. unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra. lra. }
  lra.
Qed.

(** [FixedPoint.exp] in fixed point with w bits, unit = 2^−w: X is x floored to units, L is ln 2 within 2 units of 2^−(w +
    64), and T = X − ⌊L k/2^64⌋ with |k| ≤ 2^62. Then T is within 3 units of x − k ln 2 … *)
Theorem fixed_reduction (w : nat) (x : R) (X L k : Z) :
  let unit := / 2 ^ w in
  IZR X * unit <= x < (IZR X + 1) * unit ->
  Rabs (IZR L * (unit / 2 ^ 64) - ln 2) <= 2 * (unit / 2 ^ 64) ->
  (Z.abs k <= 2 ^ 62)%Z ->
  Rabs (IZR (X - L * k / 2 ^ 64) * unit - (x - IZR k * ln 2)) <= 3 * unit.
Proof.
  intros unit HX HL Hk. assert (Hunit : 0 < unit) by (apply Rinv_0_lt_compat, pow_lt; lra).
  pose proof (floor_quotient (L * k) (2 ^ 64) ltac:(lia)) as Hfloor.
  rewrite mult_IZR in Hfloor. replace (IZR (2 ^ 64)) with (2 ^ 64) in Hfloor by (rewrite pow_IZR; reflexivity).
  set (q := IZR (L * k / 2 ^ 64)) in *. rewrite minus_IZR. fold q.
  assert (HkR : Rabs (IZR k) <= 2 ^ 62).
  { rewrite <- abs_IZR. replace (2 ^ 62) with (IZR (2 ^ 62)) by (rewrite pow_IZR; reflexivity). now apply IZR_le. }
  (* k (L 2^−(w+64) − ln 2) is at most half a unit *)
  assert (Herror : Rabs (IZR k * (IZR L * (unit / 2 ^ 64) - ln 2)) <= unit / 2).
  { rewrite Rabs_mult. eapply Rle_trans; [apply Rmult_le_compat; [apply Rabs_pos|apply Rabs_pos|exact HkR|exact HL]|].
    apply Req_le. field. }
  apply Rabs_le_between in Herror. apply Rabs_le_between.
  assert (Hq : IZR L * IZR k / 2 ^ 64 * unit - unit <= q * unit <= IZR L * IZR k / 2 ^ 64 * unit).
  { split; [replace (IZR L * IZR k / 2 ^ 64 * unit - unit) with ((IZR L * IZR k / 2 ^ 64 - 1) * unit) by ring|];
      apply Rmult_le_compat_r; lra. }
  replace (IZR k * (IZR L * (unit / 2 ^ 64) - ln 2)) with (IZR L * IZR k / 2 ^ 64 * unit - IZR k * ln 2) in Herror
    by (field; apply pow_nonzero; lra).
  lra.
Qed.

(** … and if V is within E units of e^(T unit) ≤ 2.01, then 2^k V is within (E + 7) 2^k units of e^x. *)
Theorem fixed_exp (w : nat) (x : R) (X L k V : Z) (E : R) :
  let unit := / 2 ^ w in let T := (X - L * k / 2 ^ 64)%Z in
  (10 <= w)%nat ->
  IZR X * unit <= x < (IZR X + 1) * unit ->
  Rabs (IZR L * (unit / 2 ^ 64) - ln 2) <= 2 * (unit / 2 ^ 64) ->
  (Z.abs k <= 2 ^ 62)%Z ->
  exp (IZR T * unit) <= 2.01 ->
  Rabs (IZR V * unit - exp (IZR T * unit)) <= E * unit ->
  Rabs (powerRZ 2 k * (IZR V * unit) - exp x) <= powerRZ 2 k * ((E + 7) * unit).
Proof.
  intros unit T Hw HX HL Hk HT HV. assert (Hunit : 0 < unit) by (apply Rinv_0_lt_compat, pow_lt; lra).
  assert (Hsmall : unit <= / 1024).
  { apply Rinv_le_contravar; [lra|]. replace 1024 with (2 ^ 10) by (cbn; ring). apply Rle_pow; [lra|exact Hw]. }
  pose proof (fixed_reduction w x X L k HX HL Hk) as Hred. fold unit in Hred. fold T in Hred.
  eapply Rle_trans; [apply (exp_reduced x k (IZR T * unit) (3 * unit) _ (E * unit) Hred); [lra|exact HV]|].
  apply Rmult_le_compat_l; [apply Rlt_le, powerRZ_lt; lra|].
  rewrite Rmult_plus_distr_r. apply Rplus_le_compat_l.
  assert (Hsq : 3 * unit * (3 * unit) <= 9 / 1024 * unit).
  { replace (3 * unit * (3 * unit)) with (9 * unit * unit) by ring.
    replace (9 / 1024 * unit) with (9 * unit * / 1024) by field.
    apply Rmult_le_compat_l; lra. }
  eapply Rle_trans; [apply Rmult_le_compat; [apply Rlt_le, exp_pos| |exact HT|apply Rplus_le_compat_l, Hsq]|]; [|lra].
  apply Rplus_le_le_0_compat; [lra|]. apply Rmult_le_pos; lra.
Qed.

(** One step of what follows the series: a product of two fixed-point numbers, floored ([expReduced]: tables and
    squarings). *)
Theorem fixed_product (w : nat) (A B : Z) (a b d e : R) :
  let unit := / 2 ^ w in
  Rabs (IZR A * unit - a) <= d * unit -> Rabs (IZR B * unit - b) <= e * unit ->
  Rabs (IZR (A * B / 2 ^ Z.of_nat w) * unit - a * b) <= (Rabs a * e + d * (Rabs b + e * unit) + 1) * unit.
Proof.
  intros unit HA HB. assert (Hpow : 0 < 2 ^ w) by (apply pow_lt; lra).
  assert (Hunit : 0 < unit) by (apply Rinv_0_lt_compat; exact Hpow).
  assert (Hproduct := ball_times a (d * unit) (IZR A * unit) b (e * unit) (IZR B * unit) HA HB).
  pose proof (floor_quotient (A * B) (2 ^ Z.of_nat w) ltac:(lia)) as Hfloor.
  replace (IZR (2 ^ Z.of_nat w)) with (2 ^ w) in Hfloor by (rewrite pow_IZR; reflexivity).
  rewrite mult_IZR in Hfloor. set (q := IZR (A * B / 2 ^ Z.of_nat w)) in *.
  assert (Hq : Rabs (q * unit - IZR A * unit * (IZR B * unit)) <= unit).
  { assert (Heq : IZR A * unit * (IZR B * unit) = IZR A * IZR B / 2 ^ w * unit) by (unfold unit; field; lra).
    rewrite Heq. apply Rabs_le_between.
    assert (q * unit <= IZR A * IZR B / 2 ^ w * unit) by (apply Rmult_le_compat_r; lra).
    assert ((IZR A * IZR B / 2 ^ w - 1) * unit <= q * unit) by (apply Rmult_le_compat_r; lra).
    lra. }
  unfold encloses in Hproduct.
  replace (q * unit - a * b)
    with ((q * unit - IZR A * unit * (IZR B * unit)) + (IZR A * unit * (IZR B * unit) - a * b)) by ring.
  eapply Rle_trans; [apply Rabs_triang|]. lra.
Qed.

(** The logarithm from an approximate one: for every y, ln f = y + ln(1 + (f e^−y − 1)). *)
Theorem log_correction f y : 0 < f -> ln f = y + ln (1 + (f * exp (- y) - 1)).
Proof.
  intros Hf. replace (1 + (f * exp (- y) - 1)) with (f * exp (- y)) by ring.
  rewrite ln_mult, ln_exp by (exact Hf || apply exp_pos). ring.
Qed.

(** * Softmax *)

(** The sum of all terms but that of i *)
Definition others (n i : nat) (f : nat -> R) : R := sum n (fun j => if Nat.eqb j i then 0 else f j).

Lemma sum_others n i f : (i < n)%nat -> sum n f = f i + others n i f.
Proof.
  intros Hi. unfold others.
  rewrite (sum_ext n f (fun j => (if Nat.eqb j i then f j else 0) + (if Nat.eqb j i then 0 else f j)))
    by (intros j _; destruct (Nat.eqb j i); ring).
  rewrite sum_plus. f_equal. rewrite (sum_only n i).
  - now rewrite Nat.eqb_refl.
  - exact Hi.
  - intros j _ Hj. apply Nat.eqb_neq in Hj. now rewrite Hj.
Qed.

(** A sum that leaves out one term is that of a prefix and a suffix. *)
Theorem others_prefix_suffix n i f : (i < n)%nat ->
  others n i f = sum i f + sum (n - S i) (fun j => f (S i + j)%nat).
Proof.
  intros Hi. apply (Rplus_eq_reg_l (f i)). rewrite <- (sum_others n i f Hi).
  assert (Hsplit : forall m, sum (S i + m) f = sum (S i) f + sum m (fun j => f (S i + j)%nat)).
  { induction m as [|m IH]; [rewrite Nat.add_0_r; cbn; ring|].
    rewrite Nat.add_succ_r. cbn [sum] in *. rewrite IH. ring. }
  replace n with (S i + (n - S i))%nat at 1 by lia. rewrite Hsplit. cbn [sum]. ring.
Qed.

Lemma others_le n i f g : (forall j, (j < n)%nat -> j <> i -> f j <= g j) -> others n i f <= others n i g.
Proof.
  intros H. apply sum_le. intros j Hj. destruct (Nat.eqb_spec j i); [lra|now apply H].
Qed.

Lemma others_nonneg n i f : (forall j, (j < n)%nat -> j <> i -> 0 <= f j) -> 0 <= others n i f.
Proof.
  intros H. apply sum_nonneg. intros j Hj. destruct (Nat.eqb_spec j i); [lra|now apply H].
Qed.

Lemma fraction_monotone p q o o' : 0 <= p <= q -> 0 <= o' <= o -> 0 < q + o' -> p / (p + o) <= q / (q + o').
Proof.
  intros Hp Ho Hpos. destruct (Req_dec p 0) as [->|Hne].
  { unfold Rdiv at 1. rewrite Rmult_0_l. apply Rmult_le_pos; [lra|]. apply Rlt_le, Rinv_0_lt_compat, Hpos. }
  apply (Rmult_le_reg_r ((p + o) * (q + o'))); [apply Rmult_lt_0_compat; lra|].
  replace (p / (p + o) * ((p + o) * (q + o'))) with (p * (q + o')) by (field; lra).
  replace (q / (q + o') * ((p + o) * (q + o'))) with (q * (p + o)) by (field; lra).
  assert (p * o' <= q * o) by (apply Rmult_le_compat; lra). lra.
Qed.

(** Softmax does not change if all scores are shifted. *)
Lemma softmax_shifted n z i s : (i < n)%nat ->
  softmax n z i = exp (z i - s) / (exp (z i - s) + others n i (fun j => exp (z j - s))).
Proof.
  intros Hi. unfold softmax. rewrite <- (sum_others n i (fun j => exp (z j - s)) Hi).
  assert (Hscale : forall j, exp (z j) = exp s * exp (z j - s)) by (intros j; rewrite <- exp_plus; f_equal; ring).
  rewrite (sum_ext n (fun k => exp (z k)) (fun k => exp s * exp (z k - s))) by (intros; apply Hscale).
  rewrite sum_scal_l, (Hscale i).
  assert (Hpos : 0 < sum n (fun j => exp (z j - s))).
  { rewrite (sum_others n i _ Hi). apply Rplus_lt_le_0_compat; [apply exp_pos|].
    apply others_nonneg. intros; apply Rlt_le, exp_pos. }
  field. split; [apply Rgt_not_eq, Hpos|apply Rgt_not_eq, exp_pos].
Qed.

(** The enclosure of a softmax from bounds of exponentials, under a shift s for the lower end and t for the upper: p_i
    grows with its own score and falls with every other, so it is least at the lower end of z_i and the upper ends of the
    others. *)
Theorem softmax_enclosure n i (z low high : vector) (s t own_down own_up : R) (others_up others_down : nat -> R) :
  (i < n)%nat -> (forall j, (j < n)%nat -> low j <= z j <= high j) ->
  0 <= own_down <= exp (low i - s) -> (forall j, (j < n)%nat -> j <> i -> exp (high j - s) <= others_up j) ->
  exp (high i - t) <= own_up -> (forall j, (j < n)%nat -> j <> i -> 0 <= others_down j <= exp (low j - t)) ->
  own_down / (own_down + others n i others_up) <= softmax n z i <= own_up / (own_up + others n i others_down).
Proof.
  intros Hi Hz Hown Hup Hown' Hdown. split.
  - rewrite (softmax_shifted n z i s Hi). apply fraction_monotone.
    + split; [apply Hown|]. eapply Rle_trans; [apply Hown|]. apply exp_le. specialize (Hz i Hi). lra.
    + split; [apply others_nonneg; intros; apply Rlt_le, exp_pos|]. apply others_le. intros j Hj Hne.
      eapply Rle_trans; [|now apply Hup]. apply exp_le. specialize (Hz j Hj). lra.
    + apply Rplus_lt_le_0_compat; [apply exp_pos|]. apply others_nonneg. intros; apply Rlt_le, exp_pos.
  - rewrite (softmax_shifted n z i t Hi). apply fraction_monotone.
    + split; [apply Rlt_le, exp_pos|]. eapply Rle_trans; [|exact Hown']. apply exp_le. specialize (Hz i Hi). lra.
    + split; [apply others_nonneg; intros j Hj Hne; now apply Hdown|]. apply others_le. intros j Hj Hne.
      eapply Rle_trans; [now apply (Hdown j Hj Hne)|]. apply exp_le. specialize (Hz j Hj). lra.
    + apply Rplus_lt_le_0_compat; [eapply Rlt_le_trans; [apply exp_pos|exact Hown']|].
      apply others_nonneg. intros j Hj Hne. now apply Hdown.
Qed.

(** With exact exponentials the ends are values of softmax at points of the enclosure: nothing tighter encloses. *)
Theorem softmax_enclosure_tight n i (low high : vector) : (i < n)%nat ->
  exp (low i) / (exp (low i) + others n i (fun j => exp (high j)))
    = softmax n (fun j => if Nat.eqb j i then low j else high j) i
  /\ exp (high i) / (exp (high i) + others n i (fun j => exp (low j)))
    = softmax n (fun j => if Nat.eqb j i then high j else low j) i.
Proof.
  intros Hi. assert (H : forall u v : vector, exp (u i) / (exp (u i) + others n i (fun j => exp (v j)))
    = softmax n (fun j => if Nat.eqb j i then u j else v j) i).
  { intros u v. rewrite (softmax_shifted n _ i 0 Hi). rewrite Nat.eqb_refl, Rminus_0_r. f_equal. f_equal.
    apply sum_ext. intros j _. destruct (Nat.eqb j i); [reflexivity|]. now rewrite Rminus_0_r. }
  split; apply H.
Qed.
