(** Why Lemmas 5.3, 5.4 and 5.5 and Corollary 6.1 fail in the function norm ‖f‖_α = (∫ ‖f(X)‖_α^α dX)^(1/α), an integral over
    the unit cube: two functions that are close in the mean may be far apart on the image of the layer before them.

    All tokens have width 1, so that a map of n tokens is a point of [0,1]^n. The transformers are those of the class of
    Theorem 5.6: one head of size 1 and four hidden neurons. *)

From Coq Require Import Reals Lra Lia Arith.
From Coquelicot Require Import Coquelicot.
From Plumbline Require Import Definitions Sums Facts Composition Powers Integrals.
Open Scope R_scope.

(** * The statement *)

(** Σ |X_i − Y_i|^α, the α-th power of the entrywise norm of X − Y for n tokens of width 1 *)
Definition entries (n : nat) (alpha : R) (X Y : matrix) : R :=
  sum n (fun i => power (Rabs (X i O - Y i O)) alpha).

(** ‖F − G‖_α^α = v for maps F and G from n to m tokens, over [0,1]^n. Where there is such a v, it is unique
    ([integral_unique]). *)
Definition norm_power (n m : nat) (alpha : R) (F G : matrix -> matrix) (v : R) : Prop :=
  integral n (fun x => entries m alpha (F (column x)) (G (column x))) v.

(** ‖F − G‖_α ≤ ε, the integral existing *)
Definition norm_at_most (n m : nat) (alpha : R) (F G : matrix -> matrix) (eps : R) : Prop :=
  exists v, norm_power n m alpha F G v /\ power v (1 / alpha) <= eps.

(** C < ‖F − G‖_α, the integral existing *)
Definition norm_above (n m : nat) (alpha : R) (F G : matrix -> matrix) (C : R) : Prop :=
  exists v, norm_power n m alpha F G v /\ C < power v (1 / alpha).

(** F is K-Lipschitz in the entrywise α-norm: ‖F(X) − F(Y)‖_α^α ≤ K^α ‖X − Y‖_α^α. *)
Definition lipschitz_entries (n m : nat) (alpha K : R) (F : matrix -> matrix) : Prop :=
  0 <= K /\ forall X Y, entries m alpha (F X) (F Y) <= power K alpha * entries n alpha X Y.

Definition zero : matrix -> matrix := fun _ _ _ => 0.

Lemma entries_same n alpha X : entries n alpha X X = 0.
Proof.
  unfold entries. rewrite <- (sum_zero n (fun _ => 0)) by reflexivity. apply sum_ext. intros i _.
  rewrite Rminus_eq_0, Rabs_R0. apply power_nonpos. lra.
Qed.

Lemma norm_power_same n m alpha F : norm_power n m alpha F F 0.
Proof. apply (integral_ext n (fun _ => 0)); [|apply integral_const]. intros x _. now rewrite entries_same. Qed.

Lemma norm_at_most_same n m alpha F eps : 0 <= eps -> norm_at_most n m alpha F F eps.
Proof. intros H. exists 0. split; [apply norm_power_same|]. rewrite power_nonpos; lra. Qed.

Lemma lipschitz_zero n m alpha : lipschitz_entries n m alpha 0 zero.
Proof.
  split; [lra|]. intros X Y. rewrite (power_nonpos 0) by lra. rewrite Rmult_0_l.
  apply Req_le. exact (entries_same m alpha (zero X)).
Qed.

(** * The layers *)

(** φ_up: 1×1 → 2×2, the least up-interpolation of Definition 3.2, x ↦ (x, x, x, x): with a kernel whose four weights sum
    to 1, such as the cubic B-spline's, and the one pixel repeated outside the map, every pixel is Σ_s Σ_t W(s) x W(t) =
    x. *)
Definition phi_up : matrix -> matrix := times 1 (fun _ _ => 1).

(** φ_down: 2×2 → 1×1, the mean of four pixels (Definition C.2, the readings area, linear and bicubic) *)
Definition phi_down : matrix -> matrix := times 4 (fun _ _ => 1 / 4).

Lemma phi_up_entry X i : phi_up X i O = X O O.
Proof. unfold phi_up, times. cbn. ring. Qed.

Lemma phi_down_entry X : phi_down X O O = sum 4 (fun i => X i O) / 4.
Proof. unfold phi_down, times. cbn. field. Qed.

(** φ_up is Lipschitz: four tokens move by what one did. *)
Lemma phi_up_lipschitz alpha : 1 <= alpha -> lipschitz_entries 1 4 alpha 4 phi_up.
Proof.
  intros Ha. split; [lra|]. intros X Y. unfold entries. cbn [sum]. rewrite !phi_up_entry.
  assert (H : 4 <= power 4 alpha).
  { rewrite power_pos by lra. rewrite <- (Rpower_1 4) at 1 by lra. apply Rle_Rpower; lra. }
  pose proof (power_nonneg (Rabs (X O O - Y O O)) alpha) as Hp.
  pose proof (Rmult_le_compat_r _ _ _ Hp H). lra.
Qed.

(** φ_down is 1-Lipschitz in the 1-norm. *)
Lemma phi_down_lipschitz : lipschitz_entries 4 1 1 1 phi_down.
Proof.
  split; [lra|]. intros X Y. unfold entries. cbn [sum].
  rewrite !phi_down_entry, !power_one, !(Rmax_right 0) by (try apply Rabs_pos; lra).
  cbn [sum].
  replace ((0 + X 0%nat 0%nat + X 1%nat 0%nat + X 2%nat 0%nat + X 3%nat 0%nat) / 4 -
    (0 + Y 0%nat 0%nat + Y 1%nat 0%nat + Y 2%nat 0%nat + Y 3%nat 0%nat) / 4)
    with (/ 4 * ((X 0%nat 0%nat - Y 0%nat 0%nat) + (X 1%nat 0%nat - Y 1%nat 0%nat) + (X 2%nat 0%nat - Y 2%nat 0%nat)
      + (X 3%nat 0%nat - Y 3%nat 0%nat))) by field.
  rewrite Rabs_mult, (Rabs_pos_eq (/ 4)) by lra.
  set (a := X 0%nat 0%nat - Y 0%nat 0%nat). set (b := X 1%nat 0%nat - Y 1%nat 0%nat).
  set (c := X 2%nat 0%nat - Y 2%nat 0%nat). set (e := X 3%nat 0%nat - Y 3%nat 0%nat).
  pose proof (Rabs_triang (a + b + c) e). pose proof (Rabs_triang (a + b) c). pose proof (Rabs_triang a b).
  pose proof (Rabs_pos a). pose proof (Rabs_pos b). pose proof (Rabs_pos c). pose proof (Rabs_pos e). lra.
Qed.

(** Attention with zero scores and W_V = 1, then a feed-forward layer y + Σ_h w2_h ReLU(w1_h y + b1_h) + b2 of four
    neurons *)
Definition on_mean (w1 b1 w2 : vector) (b2 : R) : weights :=
  Weights (fun _ _ => 0) (fun _ _ => 0) (fun _ _ => 1) 4 (fun h _ => w1 h) b1 (fun _ h => w2 h) (fun _ => b2).

(** The vector (a, b, 0, 0, …) *)
Definition first_two (a b : R) : vector := fun h => match h with O => a | 1%nat => b | _ => 0 end.

(** With zero scores every token becomes the mean of all. *)
Lemma zero_scores_mean n X i : (0 < n)%nat ->
  attention n 1 (fun _ _ => 0) (fun _ _ => 0) (fun _ _ => 1) X i O = sum n (fun l => X l O) / INR n.
Proof.
  intros Hn. unfold attention. unfold times at 1.
  assert (HINR : INR n <> 0) by (apply not_0_INR; lia).
  transitivity (sum n (fun l => / INR n * X l O)); [|rewrite sum_scal_l; field; exact HINR].
  apply sum_ext. intros l _. unfold softmax.
  assert (Hscore : forall k, scores 1 (fun _ _ => 0) (fun _ _ => 0) X i k = 0).
  { intros k. unfold scores, times, transpose. cbn. ring. }
  rewrite (sum_ext n _ (fun _ => 1)) by (intros k _; rewrite Hscore; apply exp_0).
  rewrite Hscore, exp_0, sum_const. unfold times. cbn. field. exact HINR.
Qed.

Lemma on_mean_entry n w1 b1 w2 b2 X i : (0 < n)%nat ->
  let y := sum n (fun l => X l O) / INR n in
  transformer n 1 (on_mean w1 b1 w2 b2) X i O = y + sum 4 (fun h => w2 h * relu (w1 h * y + b1 h)) + b2.
Proof.
  intros Hn y. unfold transformer, feed_forward. cbn -[attention].
  rewrite zero_scores_mean by exact Hn. fold y. rewrite !Rplus_0_l. reflexivity.
Qed.

(** mean(u) − 1/2 in each token *)
Definition half (n : nat) : matrix -> matrix :=
  transformer n 1 (on_mean (first_two 0 0) (first_two 0 0) (first_two 0 0) (- (1 / 2))).

(** max(0, 1 − mean(u)/η) in each token, where mean(u) ≥ 0: y − ReLU(y) + ReLU(1 − y/η) *)
Definition bump_weights (eta : R) : weights := on_mean (first_two 1 (- / eta)) (first_two 0 1) (first_two (-1) 1) 0.
Definition bump (n : nat) (eta : R) : matrix -> matrix := transformer n 1 (bump_weights eta).

(** min(y, 1 − y) for the one token y, 0 ≤ y: y − 2 ReLU(y − 1/2) *)
Definition tent_weights : weights := on_mean (first_two 1 0) (first_two (- (1 / 2)) 0) (first_two (-2) 0) 0.
Definition tent : matrix -> matrix := transformer 1 1 tent_weights.

Lemma relu_power x : relu x = power x 1.
Proof. symmetry. apply power_one. Qed.

Lemma half_entry n X i : (0 < n)%nat -> half n X i O = sum n (fun l => X l O) / INR n - 1 / 2.
Proof. intros Hn. unfold half. rewrite on_mean_entry by exact Hn. cbn [sum first_two]. ring. Qed.

Lemma bump_entry n eta X i : (0 < n)%nat -> 0 <= sum n (fun l => X l O) ->
  bump n eta X i O = power (1 - sum n (fun l => X l O) / INR n / eta) 1.
Proof.
  intros Hn Hsum. unfold bump, bump_weights. rewrite on_mean_entry by exact Hn.
  set (y := sum n (fun l => X l O) / INR n).
  assert (Hy : 0 <= y) by (apply Rmult_le_pos; [exact Hsum|apply Rlt_le, Rinv_0_lt_compat, lt_0_INR; exact Hn]).
  cbn [sum first_two]. rewrite !relu_power.
  replace (1 * y + 0) with y by ring. replace (- / eta * y + 1) with (1 - y / eta) by (unfold Rdiv; ring).
  rewrite (power_one y), Rmax_right by exact Hy. ring.
Qed.

Lemma tent_entry X i : tent X i O = X O O - 2 * power (X O O - 1 / 2) 1.
Proof.
  unfold tent, tent_weights. rewrite on_mean_entry by lia. cbn [sum first_two INR]. rewrite !relu_power.
  replace ((0 + X 0%nat 0%nat) / 1) with (X 0%nat 0%nat) by field.
  replace (1 * X 0%nat 0%nat + - (1 / 2)) with (X 0%nat 0%nat - 1 / 2) by ring. ring.
Qed.

(** * Lemma 5.3 *)

(** |t| = t + 2 (−t)_+ *)
Lemma abs_power t : Rabs t = t + 2 * power (- t) 1.
Proof.
  rewrite power_one. destruct (Rle_dec 0 t).
  - rewrite Rabs_pos_eq, Rmax_left by lra. ring.
  - rewrite Rabs_left, Rmax_right by lra. ring.
Qed.

Lemma power_scale c x a : 0 < c -> power (c * x) a = power c a * power x a.
Proof.
  intros Hc. destruct (Rle_dec x 0) as [Hx|Hx]; [|apply power_mult; lra].
  rewrite !(power_nonpos x), power_nonpos; [ring| |exact Hx].
  rewrite <- (Rmult_0_r c). apply Rmult_le_compat_l; lra.
Qed.

Lemma cube_sum_nonneg n v : in_cube n v -> 0 <= sum n v.
Proof. intros H. apply sum_nonneg. intros i Hi. now apply H. Qed.

(** ∫ (2 − x_1 − … − x_4)_+ over [0,1]^4 is (2^5 − 4·1^5)/120. *)
Lemma integral_half : integral 4 (fun v => power (2 - sum 4 v) 1) (7 / 30).
Proof.
  assert (H := integral_power 4 1 2 Rlt_0_1). replace (7 / 30) with (28 / 120) by field.
  replace (28 / 120) with (difference 4 (fun t => power t (1 + INR 4)) 2 / rising 1 4); [exact H|].
  replace (1 + INR 4) with (INR 5) by (cbn; ring). cbn [difference rising].
  rewrite (power_nonpos (2 - 1 - 1)), (power_nonpos (2 - 1 - 1 - 1)), (power_nonpos (2 - 1 - 1 - 1 - 1)) by lra.
  rewrite !power_nat by (lia || lra). cbn. field.
Qed.

Lemma integral_half_1 : integral 1 (fun v => power (1 / 2 - sum 1 v) 1) (1 / 8).
Proof.
  assert (H := integral_power 1 1 (1 / 2) Rlt_0_1).
  replace (1 / 8) with (difference 1 (fun t => power t (1 + INR 1)) (1 / 2) / rising 1 1); [exact H|].
  replace (1 + INR 1) with (INR 2) by (cbn; ring). cbn [difference rising].
  rewrite (power_nonpos (1 / 2 - 1)) by lra. rewrite power_nat by (lia || lra). cbn. field.
Qed.

(** Lemma 5.3 (lemma-5.3), reading function-norm, α = 1: f_r = φ_up,r, g_r = 0, K_2 = 0 and τ(u) = mean(u) − 1/2 give
    ‖g − τ‖_1 = 7/15 and ‖g∘f − τ∘φ‖_1 = 1, which is more than (1 + K_2)·7/15. *)
Theorem lemma_5_3_function_norm_witness :
  norm_power 4 4 1 zero (half 4) (7 / 15) /\ norm_power 1 4 1 (compose zero phi_up) (compose (half 4) phi_up) 1.
Proof.
  split.
  - apply (integral_ext 4 (fun v => (- 2 + sum 4 v) + 2 * power (2 - sum 4 v) 1)).
    + intros v _. unfold entries. symmetry. rewrite (sum_ext 4 _ (fun _ => Rabs (- (sum 4 v - 2) / 4))).
      * rewrite sum_const. replace (- (sum 4 v - 2) / 4) with (/ 4 * - (sum 4 v - 2)) by field.
        rewrite Rabs_mult, Rabs_Ropp, (Rabs_pos_eq (/ 4)), (abs_power (sum 4 v - 2)) by lra.
        replace (- (sum 4 v - 2)) with (2 - sum 4 v) by ring. cbn [INR]. field.
      * intros i _. rewrite half_entry, power_one, Rmax_right by (lia || apply Rabs_pos). unfold zero, column. f_equal.
        change (sum 4 (fun l => v l)) with (sum 4 v). cbn [INR]. field.
    + replace (7 / 15) with ((- 2 + INR 4 / 2) + 2 * (7 / 30)) by (cbn [INR]; field).
      apply integral_plus; [apply integral_sum|]. apply integral_scal. apply integral_half.
  - apply (integral_ext 1 (fun v => 4 * (- (1 / 2) + sum 1 v) + 8 * power (1 / 2 - sum 1 v) 1)).
    + intros v _. unfold entries. symmetry. rewrite (sum_ext 4 _ (fun _ => Rabs (v O - 1 / 2))).
      * rewrite sum_const, abs_power. cbn [sum INR]. replace (- (v 0%nat - 1 / 2)) with (1 / 2 - (0 + v 0%nat)) by ring.
        ring.
      * intros i _. unfold compose. rewrite half_entry, power_one, Rmax_right by (lia || apply Rabs_pos).
        unfold zero. rewrite <- Rabs_Ropp. f_equal. cbn [sum INR]. rewrite !phi_up_entry. unfold column. field.
    + apply (integral_value 1 _ (4 * (- (1 / 2) + INR 1 / 2) + 8 * (1 / 8))); [|cbn [INR]; field].
      apply integral_plus; apply integral_scal; [apply integral_sum|apply integral_half_1].
Qed.

(** ‖0 − bump‖_α^α over n tokens, for n η ≤ 1 *)
Lemma bump_norm n alpha eta : (0 < n)%nat -> 0 < alpha -> 0 < eta -> INR n * eta <= 1 ->
  norm_power n n alpha zero (bump n eta) (INR n * ((INR n * eta) ^ n / rising alpha n)).
Proof.
  intros Hn Ha Heta Hle. assert (HINR : 0 < INR n) by now apply lt_0_INR.
  assert (Hc : 0 < INR n * eta) by now apply Rmult_lt_0_compat.
  apply (integral_ext n (fun v => INR n * (power (/ (INR n * eta)) alpha * power (INR n * eta - sum n v) alpha))).
  - intros v Hv. unfold entries. symmetry.
    rewrite (sum_ext n _ (fun _ => power (/ (INR n * eta) * (INR n * eta - sum n v)) alpha)).
    + rewrite sum_const, power_scale by (now apply Rinv_0_lt_compat). ring.
    + intros i _. rewrite bump_entry; [|exact Hn|now apply cube_sum_nonneg]. unfold zero, column.
      change (sum n (fun l => v l)) with (sum n v). rewrite Rminus_0_l, Rabs_Ropp, Rabs_pos_eq by apply power_nonneg.
      rewrite power_power, Rmult_1_l. f_equal. field. lra.
  - apply integral_scal.
    replace ((INR n * eta) ^ n / rising alpha n)
      with (power (/ (INR n * eta)) alpha * (power (INR n * eta) (alpha + INR n) / rising alpha n)).
    + apply integral_scal. now apply integral_power_le_1.
    + pose proof (rising_pos alpha n Ha) as Hr.
      assert (Hsplit : power (INR n * eta) (alpha + INR n) = power (INR n * eta) alpha * (INR n * eta) ^ n).
      { rewrite !power_pos, Rpower_plus, Rpower_pow by exact Hc. reflexivity. }
      assert (Hinv : power (/ (INR n * eta)) alpha * power (INR n * eta) alpha = 1).
      { rewrite <- power_mult by (apply Rlt_le; try apply Rinv_0_lt_compat; exact Hc).
        rewrite Rinv_l by lra. apply power_base_one. }
      rewrite Hsplit. unfold Rdiv. rewrite <- !Rmult_assoc, Hinv. ring.
Qed.

(** ‖0 − bump∘φ_up‖_α^α = 4 η/(α + 1), for η ≤ 1 *)
Lemma bump_up_norm alpha eta : 0 < alpha -> 0 < eta -> eta <= 1 ->
  norm_power 1 4 alpha (compose zero phi_up) (compose (bump 4 eta) phi_up) (4 * (eta / (alpha + 1))).
Proof.
  intros Ha Heta Hle.
  (* each of the four tokens has the error of one token under a bump for n = 1 *)
  assert (H := bump_norm 1 alpha eta Nat.lt_0_1 Ha Heta). cbn [INR] in H. rewrite Rmult_1_l in H. specialize (H Hle).
  apply (integral_scal 1 _ _ 4) in H.
  replace (4 * (1 * (eta ^ 1 / rising alpha 1))) with (4 * (eta / (alpha + 1))) in H by (cbn; field; lra).
  apply (integral_ext 1) with (2 := H). intros v Hv. assert (Hv0 := Hv O Nat.lt_0_1). unfold entries. cbn [sum].
  unfold compose.
  rewrite !bump_entry by (lia || (cbn [sum]; rewrite ?phi_up_entry; unfold column; lra)). cbn [sum INR].
  rewrite !phi_up_entry.
  unfold zero, column.
  replace ((0 + v 0%nat + v 0%nat + v 0%nat + v 0%nat) / (1 + 1 + 1 + 1)) with ((0 + v 0%nat) / 1) by field. ring.
Qed.

Lemma norm_contradiction n m alpha F G c : norm_at_most n m alpha F G c -> norm_above n m alpha F G c -> False.
Proof.
  intros (v & Hv & Hle) (v' & Hv' & Hlt). rewrite (integral_unique _ _ _ _ Hv Hv') in Hle. lra.
Qed.

(** From α-th powers to norms *)
Lemma above_from_power n m alpha F G v C e : 0 < alpha -> 0 <= C -> 0 < e ->
  norm_power n m alpha F G v -> power C alpha * e < v -> norm_above n m alpha F G (C * power e (1 / alpha)).
Proof.
  intros Ha HC He Hv Hlt. exists v. split; [exact Hv|].
  replace (C * power e (1 / alpha)) with (power (power C alpha * e) (1 / alpha)).
  - apply power_lt; [apply Rdiv_lt_0_compat; lra| |exact Hlt]. apply Rmult_le_pos; [apply power_nonneg|lra].
  - rewrite power_mult by (apply power_nonneg || lra). now rewrite power_inv_power by lra.
Qed.

(** The width of a bump for which a constant C ≥ 1 fails *)
Lemma small_eta alpha C : 1 <= alpha -> 1 <= C -> let eta := / (4 * power C alpha) in 0 < eta <= 1 / 4.
Proof.
  intros Ha HC eta. assert (Hp : 1 <= power C alpha).
  { rewrite <- (power_base_one alpha). apply power_le; lra. }
  split; [apply Rinv_0_lt_compat; lra|]. replace (1 / 4) with (/ 4) by field. apply Rinv_le_contravar; lra.
Qed.

(** ‖g∘f − τ∘φ‖_α^α = 4η/(α+1) and ‖g − τ‖_α^α = 4 (4η)^4/((α+1)(α+2)(α+3)(α+4)): as η → 0 the former exceeds every
    multiple of the latter. *)
Lemma bump_unbounded alpha C : 1 <= alpha -> 1 <= C -> exists eta eps, 0 < eps
  /\ norm_at_most 4 4 alpha zero (bump 4 eta) eps
  /\ norm_above 1 4 alpha (compose zero phi_up) (compose (bump 4 eta) phi_up) (C * eps).
Proof.
  intros Ha HC. destruct (small_eta alpha C Ha HC) as [Heta Hle]. set (eta := / (4 * power C alpha)) in *.
  assert (Hp : 0 < power C alpha) by (apply power_gt_0; lra).
  assert (Hnorm := bump_norm 4 alpha eta ltac:(lia) ltac:(lra) Heta). specialize (Hnorm ltac:(cbn [INR]; lra)).
  set (e := INR 4 * ((INR 4 * eta) ^ 4 / rising alpha 4)) in *.
  assert (Hr := rising_pos alpha 4 ltac:(lra)).
  assert (He : 0 < e).
  { unfold e. cbn [INR]. apply Rmult_lt_0_compat; [lra|]. apply Rdiv_lt_0_compat; [apply pow_lt; lra|exact Hr]. }
  exists eta, (power e (1 / alpha)). split; [now apply power_gt_0|]. split; [exists e; split; [exact Hnorm|lra]|].
  apply (above_from_power _ _ _ _ _ (4 * (eta / (alpha + 1)))); try lra; [apply bump_up_norm; lra|].
  (* C^α 4η = 1, (4η)^2 ≤ 1, and (α+2)(α+3)(α+4) > 16 *)
  assert (Hone : power C alpha * (4 * eta) = 1) by (unfold eta; field; lra).
  unfold e. cbn [INR rising]. replace (1 + 1 + 1 + 1) with 4 by ring. replace (1 + 1 + 1) with 3 by ring.
  replace (1 + 1) with 2 by ring.
  replace (power C alpha * (4 * ((4 * eta) ^ 4 / (1 * (alpha + 1) * (alpha + 2) * (alpha + 3) * (alpha + 4)))))
    with ((power C alpha * (4 * eta)) * (16 * (4 * eta) ^ 2) / ((alpha + 2) * (alpha + 3) * (alpha + 4))
      * (eta / (alpha + 1)))
    by (field; lra).
  apply Rmult_lt_compat_r; [apply Rdiv_lt_0_compat; lra|]. rewrite Hone.
  assert (H3 : 60 <= (alpha + 2) * (alpha + 3) * (alpha + 4)).
  { replace 60 with (3 * 4 * 5) by ring. repeat apply Rmult_le_compat; lra. }
  apply (Rmult_lt_reg_r ((alpha + 2) * (alpha + 3) * (alpha + 4))); [lra|].
  unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra.
  assert (Hsq : (4 * eta) ^ 2 <= 1) by (replace 1 with (1 ^ 2) by ring; apply pow_incr; lra). lra.
Qed.

(** What Lemma 5.3 says in the function norm for the up-interpolation 1×1 → 2×2 and width 1, with [bound K_2] in place of
    1 + K_2: if ‖f − φ_up‖_α ≤ ε and ‖g − τ‖_α ≤ ε, then ‖g∘f − τ∘φ_up‖_α ≤ bound(K_2) ε. *)
Definition lemma_5_3_statement (alpha : R) (bound : R -> R) : Prop :=
  forall (f g : matrix -> matrix) (w : weights) (K1 K2 eps : R),
  0 < eps -> lipschitz_entries 1 4 alpha K1 f -> lipschitz_entries 4 4 alpha K2 g -> hidden w = 4%nat ->
  norm_at_most 1 4 alpha f phi_up eps -> norm_at_most 4 4 alpha g (transformer 4 1 w) eps ->
  norm_at_most 1 4 alpha (compose g f) (compose (transformer 4 1 w) phi_up) (bound K2 * eps).

(** Lemma 5.3 (lemma-5.3), reading function-norm, is false for every α ≥ 1, not only with the constant 1 + K_2: no
    function of K_2 bounds the error. *)
Theorem lemma_5_3_function_norm_false (alpha : R) (bound : R -> R) : 1 <= alpha -> ~ lemma_5_3_statement alpha bound.
Proof.
  intros Ha H.
  destruct (bump_unbounded alpha (Rmax 1 (bound 0)) Ha (Rmax_l _ _)) as (eta & eps & Heps & Hsmall & (v & Hv & Hlt)).
  apply (norm_contradiction 1 4 alpha (compose zero phi_up) (compose (bump 4 eta) phi_up) (bound 0 * eps)).
  - apply (H phi_up zero (bump_weights eta) 4 0 eps); auto using lipschitz_zero.
    + now apply phi_up_lipschitz.
    + apply norm_at_most_same. lra.
  - exists v. split; [exact Hv|]. eapply Rle_lt_trans; [|exact Hlt]. apply Rmult_le_compat_r; [lra|apply Rmax_r].
Qed.

(** * Lemmas 5.4 and 5.5 *)

Lemma bump_at_zero eta i : 0 < eta -> bump 1 eta (fun _ _ => 0) i O = 1.
Proof.
  intros H. rewrite bump_entry by (lia || (cbn; lra)). cbn [sum INR].
  replace (1 - (0 + 0) / 1 / eta) with 1 by (field; lra). apply power_base_one.
Qed.

(** A first layer that is 0 gathers all inputs where h_2 = max(0, 1 − y/η) differs most from f_2 = 0. *)
Lemma chain_unbounded alpha C : 1 <= alpha -> 1 <= C -> exists eta eps, 0 < eps
  /\ norm_at_most 1 1 alpha zero (bump 1 eta) eps
  /\ norm_above 1 1 alpha (compose zero zero) (compose (bump 1 eta) zero) (C * eps).
Proof.
  intros Ha HC. destruct (small_eta alpha C Ha HC) as [Heta Hle]. set (eta := / (4 * power C alpha)) in *.
  assert (Hp : 0 < power C alpha) by (apply power_gt_0; lra).
  assert (Hnorm := bump_norm 1 alpha eta ltac:(lia) ltac:(lra) Heta). specialize (Hnorm ltac:(cbn [INR]; lra)).
  replace (INR 1 * ((INR 1 * eta) ^ 1 / rising alpha 1)) with (eta / (alpha + 1)) in Hnorm by (cbn; field; lra).
  assert (He : 0 < eta / (alpha + 1)) by (apply Rdiv_lt_0_compat; lra).
  exists eta, (power (eta / (alpha + 1)) (1 / alpha)). split; [now apply power_gt_0|].
  split; [exists (eta / (alpha + 1)); split; [exact Hnorm|lra]|].
  apply (above_from_power _ _ _ _ _ 1); try lra.
  - apply (integral_ext 1 (fun _ => 1)); [|apply integral_const]. intros v _. unfold entries, compose. cbn [sum].
    change (zero (column v)) with (fun _ _ : nat => 0). rewrite bump_at_zero by lra. unfold zero.
    rewrite Rminus_0_l, Rabs_Ropp, Rabs_R1, power_base_one. ring.
  - assert (Hone : power C alpha * (4 * eta) = 1) by (unfold eta; field; lra).
    replace (power C alpha * (eta / (alpha + 1))) with (power C alpha * (4 * eta) * / (4 * (alpha + 1))) by (field; lra).
    rewrite Hone, Rmult_1_l, <- Rinv_1. apply Rinv_lt_contravar; lra.
Qed.

Definition scalars : nat -> space := fun _ => token_maps 1 1.

(** Lemma 5.4 in the function norm for layers on one real number, with a factor C (in the paper 1) beside the product:
    ‖f_n∘…∘f_(i+1)∘f_i∘h_(i−1)∘…∘h_1 − f_n∘…∘f_(i+1)∘h_i∘h_(i−1)∘…∘h_1‖_α ≤ C (Π_(j>i) K_j) ε. *)
Definition lemma_5_4_statement (alpha C : R) : Prop :=
  forall (n i : nat) (f h : nat -> matrix -> matrix) (K : nat -> R) (eps : R),
  (i < n)%nat -> 0 < eps ->
  (forall j, (j < n)%nat -> lipschitz_entries 1 1 alpha (K j) (f j)) ->
  (forall j, (j < n)%nat -> norm_at_most 1 1 alpha (f j) (h j) eps) ->
  norm_at_most 1 1 alpha (mixed scalars f h i n) (mixed scalars f h (S i) n) (C * product_after i n K * eps).

(** Lemma 5.5 in the function norm for layers on one real number, with a factor C (in the paper 1):
    ‖f_n∘…∘f_1 − h_n∘…∘h_1‖_α ≤ C ε Σ_i Π_(j>i) K_j. *)
Definition lemma_5_5_statement (alpha C : R) : Prop :=
  forall (n : nat) (f h : nat -> matrix -> matrix) (K : nat -> R) (eps : R),
  0 < eps ->
  (forall j, (j < n)%nat -> lipschitz_entries 1 1 alpha (K j) (f j)) ->
  (forall j, (j < n)%nat -> norm_at_most 1 1 alpha (f j) (h j) eps) ->
  norm_at_most 1 1 alpha (chain scalars f n) (chain scalars h n) (C * (eps * sum n (fun i => product_after i n K))).

(** The layers of both counterexamples: f_1 = h_1 = 0, f_2 = 0, and h_2 a bump. *)
Definition bump_second (eta : R) : nat -> matrix -> matrix := fun j => match j with O => zero | _ => bump 1 eta end.

Lemma bump_second_close alpha eta eps j : 0 <= eps -> (j < 2)%nat ->
  norm_at_most 1 1 alpha zero (bump 1 eta) eps -> norm_at_most 1 1 alpha zero (bump_second eta j) eps.
Proof. intros He Hj H. destruct j as [|[|j]]; [now apply norm_at_most_same|exact H|lia]. Qed.

(** Lemma 5.4 (lemma-5.4), reading function-norm, is false for every α ≥ 1 and with every constant, already for n = i = 2. *)
Theorem lemma_5_4_function_norm_false (alpha C : R) : 1 <= alpha -> ~ lemma_5_4_statement alpha C.
Proof.
  intros Ha H. destruct (chain_unbounded alpha (Rmax 1 C) Ha (Rmax_l _ _)) as (eta & eps & Heps & Hsmall & (v & Hv & Hlt)).
  apply (norm_contradiction 1 1 alpha (compose zero zero) (compose (bump 1 eta) zero) (C * eps)).
  - replace (C * eps) with (C * product_after 1 2 (fun _ => 0) * eps) by (cbn; ring).
    apply (H 2%nat 1%nat (fun _ => zero) (bump_second eta) (fun _ => 0) eps); auto using lipschitz_zero.
    intros j Hj. apply bump_second_close; [lra|exact Hj|exact Hsmall].
  - exists v. split; [exact Hv|]. eapply Rle_lt_trans; [|exact Hlt]. apply Rmult_le_compat_r; [lra|apply Rmax_r].
Qed.

(** Lemma 5.5 (lemma-5.5), reading function-norm, is false for every α ≥ 1 and with every constant, already for n = 2.
    (Its first inequality, [telescope], needs no more than the triangle inequality.) *)
Theorem lemma_5_5_function_norm_false (alpha C : R) : 1 <= alpha -> ~ lemma_5_5_statement alpha C.
Proof.
  intros Ha H. destruct (chain_unbounded alpha (Rmax 1 C) Ha (Rmax_l _ _)) as (eta & eps & Heps & Hsmall & (v & Hv & Hlt)).
  apply (norm_contradiction 1 1 alpha (compose zero zero) (compose (bump 1 eta) zero) (C * eps)).
  - replace (C * eps) with (C * (eps * sum 2 (fun i => product_after i 2 (fun _ => 0)))) by (cbn; ring).
    apply (H 2%nat (fun _ => zero) (bump_second eta) (fun _ => 0) eps); auto using lipschitz_zero.
    intros j Hj. apply bump_second_close; [lra|exact Hj|exact Hsmall].
  - exists v. split; [exact Hv|]. eapply Rle_lt_trans; [|exact Hlt]. apply Rmult_le_compat_r; [lra|apply Rmax_r].
Qed.

(** * Corollary 6.1 *)

(** min(y, 1 − y) = 1 − y − 2 (1/2 − y)_+ *)
Lemma tent_abs y : 0 <= y <= 1 -> Rabs (0 - (y - 2 * power (y - 1 / 2) 1)) = 1 - y - 2 * power (1 / 2 - y) 1.
Proof.
  intros Hy. rewrite !power_one, Rminus_0_l, Rabs_Ropp. destruct (Rle_dec y (1 / 2)).
  - rewrite (Rmax_left 0 (y - 1 / 2)), (Rmax_right 0 (1 / 2 - y)), Rabs_pos_eq by lra. lra.
  - rewrite (Rmax_right 0 (y - 1 / 2)), (Rmax_left 0 (1 / 2 - y)), Rabs_pos_eq by lra. lra.
Qed.

Lemma tent_norms :
  norm_power 1 1 1 zero tent (1 / 4) /\ norm_power 4 1 1 (compose zero phi_down) (compose tent phi_down) (23 / 60).
Proof.
  split.
  - apply (integral_ext 1 (fun v => 1 + (-1 * (0 + sum 1 v) + -2 * power (1 / 2 - sum 1 v) 1))).
    + intros v Hv. assert (Hv0 := Hv O Nat.lt_0_1). unfold entries. symmetry. cbn [sum].
      rewrite tent_entry, (power_one (Rabs _)).
      rewrite (Rmax_right 0) by apply Rabs_pos. unfold zero, column. rewrite tent_abs, !Rplus_0_l by exact Hv0. ring.
    + replace (1 / 4) with (1 + (-1 * (0 + INR 1 / 2) + -2 * (1 / 8))) by (cbn [INR]; field).
      apply integral_plus; [apply integral_const|].
      apply integral_plus; apply integral_scal; [apply integral_sum|apply integral_half_1].
  - apply (integral_ext 4 (fun v => 1 + (- (1 / 4) * (0 + sum 4 v) + - (1 / 2) * power (2 - sum 4 v) 1))).
    + intros v Hv. unfold entries, compose. symmetry. rewrite (sum_only 1 0) by (intros; lia || (exfalso; lia)).
      rewrite tent_entry, (power_one (Rabs _)).
      rewrite (Rmax_right 0) by apply Rabs_pos. unfold zero. rewrite phi_down_entry. unfold column at 1 2.
      change (sum 4 (fun i => v i)) with (sum 4 v).
      assert (Hsum : 0 <= sum 4 v <= 4).
      { split; [now apply cube_sum_nonneg|]. apply Rle_trans with (sum 4 (fun _ => 1)); [|cbn; lra].
        apply sum_le. intros i Hi. now apply Hv. }
      rewrite tent_abs by lra. replace (1 / 2 - sum 4 v / 4) with (/ 4 * (2 - sum 4 v)) by field.
      rewrite power_scale by lra. rewrite (power_pos (/ 4)), Rpower_1 by lra. field.
    + replace (23 / 60) with (1 + (- (1 / 4) * (0 + INR 4 / 2) + - (1 / 2) * (7 / 30))) by (cbn [INR]; field).
      apply integral_plus; [apply integral_const|].
      apply integral_plus; apply integral_scal; [apply integral_sum|apply integral_half].
Qed.

(** What Corollary 6.1 says in the function norm for the mean of 2×2 pixels, width 1 and α = 1 *)
Definition cor_6_1_statement : Prop :=
  forall (f g : matrix -> matrix) (w : weights) (K1 K2 eps : R),
  0 < eps -> lipschitz_entries 4 1 1 K1 f -> lipschitz_entries 1 1 1 K2 g -> hidden w = 4%nat ->
  norm_at_most 4 1 1 f phi_down eps -> norm_at_most 1 1 1 g (transformer 1 1 w) eps ->
  norm_at_most 4 1 1 (compose g f) (compose (transformer 1 1 w) phi_down) ((1 + K2) * eps).

(** Corollary 6.1 (cor-6.1), reading function-norm, is false: f_r = φ_down, g_r = 0, K_2 = 0 and τ(y) = min(y, 1 − y) give
    ‖g − τ‖_1 = 1/4 and ‖g∘f − τ∘φ‖_1 = 23/60, since the mean of four numbers is rarely near 0 or 1. *)
Theorem cor_6_1_function_norm_false : ~ cor_6_1_statement.
Proof.
  intros H. destruct tent_norms as [Hone Hfour].
  apply (norm_contradiction 4 1 1 (compose zero phi_down) (compose tent phi_down) ((1 + 0) * (1 / 4))).
  - apply (H phi_down zero tent_weights 1 0 (1 / 4)); auto using phi_down_lipschitz, lipschitz_zero; try lra.
    + apply norm_at_most_same. lra.
    + exists (1 / 4). split; [exact Hone|]. replace (1 / 1) with 1 by field. rewrite power_one, Rmax_right; lra.
  - exists (23 / 60). split; [exact Hfour|]. replace (1 / 1) with 1 by field. rewrite power_one, Rmax_right; lra.
Qed.
