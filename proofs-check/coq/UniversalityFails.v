(** Theorem 5.6 fails as written: from one token, with the up-interpolation of Definition 3.2, no VAR transformer comes near
    a target of Assumption 5.2 that tells two pixels of the last scale apart.

    The last scale has two pixels that are equal for every input: the interpolation makes them so, and attention and
    token-wise layers keep them equal. The target keeps the first pixel, x, and sets all others to 0. With one value v at
    both pixels the distance is |v - x| at one and |v| at the other, which add up to x or more. *)

From Coq Require Import Reals Lra Lia Arith List FunctionalExtensionality.
From Coquelicot Require Import Coquelicot.
From Plumbline Require Import Definitions Sums Equivariance Continuity Powers Norms SquareIntegrals.
Open Scope R_scope.

Section Universality.

(** Scales 0 … last, K = last + 1 of them, from one token and growing in both directions; tokens of width d *)
Variables (height width : nat -> nat) (last d : nat).

Definition schedule : Prop :=
  height 0 = 1%nat /\ width 0 = 1%nat /\
  forall r, (r < last)%nat -> (height r < height (S r))%nat /\ (width r < width (S r))%nat.

Definition pixels (r : nat) : nat := (height r * width r)%nat.

(** X_init in [0,1]^{1×d} *)
Definition in_box (X : matrix) : Prop := forall l, 0 <= X 0%nat l <= 1.

(** Assumption 5.2 (asm-5.2): f_r from scale r-1 to scale r is K1-Lipschitz and within eps of an up-interpolation φ_up,r, g_r
    on scale r is K2-Lipschitz. Distances are sup norms, here over all inputs and so over every box. There is no scale before
    the first, on which f is the identity. *)
Record assumption_5_2 (phi : nat -> matrix -> matrix) (eps K1 K2 : R) (f g : nat -> matrix -> matrix) : Prop := {
  f_start : forall X, same 1 d (f 0%nat X) X;
  f_lipschitz : forall r, (1 <= r <= last)%nat -> lipschitz (pixels (r - 1)) (pixels r) d K1 (f r);
  f_near : forall r X, (1 <= r <= last)%nat -> close (pixels r) d eps (f r X) (phi r X);
  g_lipschitz : forall r, (r <= last)%nat -> lipschitz (pixels r) (pixels r) d K2 (g r)
}.

(** The same with Lipschitz constants in the α-norm (asm-5.2, function-norm). That f_r and φ_up,r differ by at most eps in
    every entry bounds their integral norm on every box; where eps is 0, so is the integral norm. *)
Record assumption_5_2_alpha (alpha : R) (phi : nat -> matrix -> matrix) (eps K1 K2 : R)
    (f g : nat -> matrix -> matrix) : Prop := {
  f_start_alpha : forall X, same 1 d (f 0%nat X) X;
  f_lipschitz_alpha : forall r, (1 <= r <= last)%nat -> alpha_lipschitz alpha (pixels (r - 1)) (pixels r) d K1 (f r);
  f_near_alpha : forall r X, (1 <= r <= last)%nat -> close (pixels r) d eps (f r X) (phi r X);
  g_lipschitz_alpha : forall r, (r <= last)%nat -> alpha_lipschitz alpha (pixels r) (pixels r) d K2 (g r)
}.

(** g_r ∘ f_r ∘ … ∘ g_0 ∘ f_0 *)
Fixpoint target (f g : nat -> matrix -> matrix) (r : nat) (X : matrix) : matrix :=
  match r with
  | O => g O (f O X)
  | S q => g r (f r (target f g q X))
  end.

(** F_VAR, of which the target is compared with the map of the last scale *)
Definition F_VAR (phi : nat -> matrix -> matrix) (layers : nat -> list layer) (X : matrix) : matrix :=
  scale height width last (var_class height width d phi layers last X).

(** φ_up,r is literal with origin 0: the kernel and the boundary rule may be any, and differ from scale to scale. *)
Definition literal_origin_0 (phi : nat -> matrix -> matrix) : Prop :=
  forall r, (1 <= r <= last)%nat ->
    exists W b, phi r = up_interpolation W 0 b (height (r - 1)) (width (r - 1)) (height r) (width r).

(** φ_up,r takes maps of equal tokens to maps of equal tokens. *)
Definition keeps_constants (phi : nat -> matrix -> matrix) : Prop :=
  forall r X v, (1 <= r <= last)%nat -> all_equal (pixels (r - 1)) d v X -> all_equal (pixels r) d v (phi r X).

(** ** Two pixels that are equal *)

Hypothesis sizes : schedule.

Lemma height_pos r : (r <= last)%nat -> (1 <= height r)%nat.
Proof.
  destruct sizes as (H & _ & G). induction r as [|q IH]; intros L; [lia|].
  specialize (IH ltac:(lia)). destruct (G q ltac:(lia)). lia.
Qed.

Lemma width_pos r : (r <= last)%nat -> (1 <= width r)%nat.
Proof.
  destruct sizes as (_ & W & G). induction r as [|q IH]; intros L; [lia|].
  specialize (IH ltac:(lia)). destruct (G q ltac:(lia)). lia.
Qed.

(** Pixels (0, 0) and (1, 0) of the last scale are rows 0 and [width last]. *)
Lemma second_row : (1 <= last)%nat -> (0 < width last < pixels last)%nat.
Proof.
  intros P. destruct sizes as (_ & _ & G). destruct (G (last - 1)%nat ltac:(lia)) as [H _].
  replace (S (last - 1)) with last in H by lia. pose proof (height_pos (last - 1) ltac:(lia)).
  pose proof (width_pos last ltac:(lia)). unfold pixels. nia.
Qed.

(** The last map of the pyramid is the enlarged map of the scale before. *)
Lemma scale_pyramid phi q init X k :
  scale height width (S q) (pyramid height width phi (S q) init X) k = phi (S q) (scale height width q X) k.
Proof.
  unfold scale at 1. cbn [pyramid]. unfold above.
  destruct (Nat.ltb_spec (tokens height width (S q) + k) (tokens height width (S q))); [lia|].
  f_equal. lia.
Qed.

(** One block on from [var_class] *)
Lemma var_step phi layers q X :
  var_class height width d phi layers (S q) X =
  stack (tokens height width (S (S q))) d (layers (S q))
    (pyramid height width phi (S q) X (var_class height width d phi layers q X)).
Proof. reflexivity. Qed.

(** Two pixels of the last scale are equal if the last φ_up makes them equal. *)
Lemma last_pixels_equal phi layers X i j q :
  last = S q -> equal_tokens d (phi last (scale height width q (var_class height width d phi layers q X))) i j ->
  equal_tokens d (F_VAR phi layers X) i j.
Proof.
  intros Q E. unfold F_VAR. rewrite Q in *. rewrite var_step. unfold scale.
  apply (stack_equal _ d (layers (S q)) _ (tokens height width (S q) + i) (tokens height width (S q) + j)).
  intros l Hl. specialize (E l Hl). rewrite <- !scale_pyramid with (init := X) in E. exact E.
Qed.

(** def-3.2, def-3.6: the first two pixels of the first column are equal, for all weights and inputs. *)
Theorem literal_pixels_equal phi layers X :
  (1 <= last)%nat -> literal_origin_0 phi -> equal_tokens d (F_VAR phi layers X) 0 (width last).
Proof.
  intros P L. destruct (L last ltac:(lia)) as (W & b & E). destruct sizes as (_ & _ & G).
  specialize (G (last - 1)%nat ltac:(lia)). replace (S (last - 1)) with last in G by lia.
  pose proof (height_pos (last - 1) ltac:(lia)). pose proof (width_pos last ltac:(lia)).
  apply last_pixels_equal with (q := (last - 1)%nat); [lia|]. rewrite E.
  pose proof (literal_first_rows_equal W b (height (last - 1)) (width (last - 1)) (height last) (width last)
    (scale height width (last - 1) (var_class height width d phi layers (last - 1) X)) d 0) as T.
  rewrite Nat.add_0_r in T. apply T; lia.
Qed.

(** def-3.6: where constants are kept, all pixels of a scale are equal, by induction over the scales. *)
Lemma scales_constant phi layers X r :
  keeps_constants phi -> (r <= last)%nat ->
  forall q, (q <= r)%nat ->
    exists v, all_equal (pixels q) d v (scale height width q (var_class height width d phi layers r X)).
Proof.
  intros C. destruct sizes as (H0 & W0 & _).
  (* equal tokens before the layers of a block are equal after them *)
  assert (forall n layers q Y v, all_equal (pixels q) d v (scale height width q Y) ->
    exists v', all_equal (pixels q) d v' (scale height width q (stack n d layers Y))) as through.
  { intros n ls q Y v E. exists (scale height width q (stack n d ls Y) 0%nat). intros i l I L. unfold scale.
    apply (stack_equal n d ls Y (tokens height width q + i) (tokens height width q + 0)); [|exact L].
    intros m M. pose proof (E i m I M) as Ei. pose proof (E 0%nat m ltac:(lia) M) as E0.
    unfold scale in Ei, E0. congruence. }
  induction r as [|r IH]; intros L q Q.
  - assert (q = 0)%nat as -> by lia.
    apply (through _ _ _ _ (X 0%nat)). intros i l I _. unfold pixels in I. rewrite H0, W0 in I.
    assert (i = 0)%nat as -> by lia. reflexivity.
  - specialize (IH ltac:(lia)). rewrite var_step.
    set (state := var_class height width d phi layers r X) in *.
    assert (forall s, (s <= S r)%nat -> (q <= s)%nat ->
      exists v, all_equal (pixels q) d v (scale height width q (pyramid height width phi s X state))) as P.
    { induction s as [|s IHs]; intros Hs Qs.
      - assert (q = 0)%nat as -> by lia. exists (X 0%nat). intros i l I _. unfold pixels in I. rewrite H0, W0 in I.
        assert (i = 0)%nat as -> by lia. reflexivity.
      - destruct (Nat.eq_dec q (S s)) as [->|N].
        + destruct (IH s ltac:(lia)) as [v V]. exists v. intros i l I J. rewrite scale_pyramid.
          apply (C (S s) _ v); [lia| |exact I|exact J]. replace (S s - 1)%nat with s by lia. exact V.
        + destruct (IHs ltac:(lia) ltac:(lia)) as [v V]. exists v. intros i l I J. rewrite <- (V i l I J).
          unfold scale. cbn [pyramid]. unfold above.
          destruct (Nat.ltb_spec (tokens height width q + i) (tokens height width (S s))) as [|B]; [reflexivity|].
          assert (tokens height width (S q) <= tokens height width (S s))%nat as M.
          { assert (forall m, (S q <= m)%nat -> (tokens height width (S q) <= tokens height width m)%nat) as mono.
            { induction 1 as [|m _ IHm]; [lia|]. cbn [tokens] in *. lia. }
            apply mono. lia. }
          unfold pixels in I. cbn [tokens] in M, B. lia. }
    destruct (P (S r) ltac:(lia) Q) as [v V]. exact (through _ _ _ _ v V).
Qed.

Theorem constant_pixels_equal phi layers X i j :
  keeps_constants phi -> (i < pixels last)%nat -> (j < pixels last)%nat -> equal_tokens d (F_VAR phi layers X) i j.
Proof.
  intros C I J l L. destruct (scales_constant phi layers X last C ltac:(lia) last ltac:(lia)) as [v V].
  unfold F_VAR. now rewrite (V i l I L), (V j l J L).
Qed.

(** The two cases that the theorem covers *)
Definition blind (phi : nat -> matrix -> matrix) : Prop := literal_origin_0 phi \/ keeps_constants phi.

(** Every literal layer with origin 0 is one of them, whatever the kernel and the boundary; *)
Lemma literal_blind W b : blind (literal_phi W 0 b height width).
Proof.
  left. intros r B. exists W, b. unfold literal_phi. now replace (pred r) with (r - 1)%nat by lia.
Qed.

(** with origin 1, if the weights sum to 1 and the boundary is not zero; *)
Lemma literal_blind_origin W o b :
  sum_taps (fun s => W (IZR s)) = 1 -> b <> Zero -> blind (literal_phi W o b height width).
Proof.
  intros S Z. right. intros r X v B E. unfold literal_phi. replace (pred r) with (r - 1)%nat by lia.
  apply literal_keeps_constants; try assumption; [apply height_pos|apply width_pos]; lia.
Qed.

(** and the standard layers with either kernel. *)
Lemma standard_blind W :
  (forall u, 0 <= u < 1 -> sum_taps (fun s => W (u - IZR s)) = 1) -> blind (standard_phi W height width).
Proof.
  intros S. right. intros r X v B E. unfold standard_phi. replace (pred r) with (r - 1)%nat by lia.
  apply standard_keeps_constants; try assumption; try apply height_pos; try apply width_pos; lia.
Qed.

Lemma two_pixels_equal phi layers X :
  (1 <= last)%nat -> blind phi -> equal_tokens d (F_VAR phi layers X) 0 (width last).
Proof.
  intros P [L|C]; [now apply literal_pixels_equal|]. pose proof (second_row P).
  apply constant_pixels_equal; [exact C|lia|lia].
Qed.

(** ** The target *)

(** φ_up of the default reading: B-spline, origin 0, replicate *)
Definition bspline_phi : nat -> matrix -> matrix := literal_phi bspline 0 Replicate height width.

Definition f_target (r : nat) : matrix -> matrix := match r with O => fun X => X | _ => bspline_phi r end.
Definition g_target (r : nat) : matrix -> matrix := if Nat.eqb r last then keep_first else fun X => X.

Lemma identity_lipschitz n : lipschitz n n d 1 (fun X => X).
Proof. intros X Y e C. now rewrite Rmult_1_l. Qed.

(** Weights that are not negative and sum to 1 do not enlarge distances. *)
Lemma bspline_phi_lipschitz r : (1 <= r <= last)%nat -> lipschitz (pixels (r - 1)) (pixels r) d 1 (bspline_phi r).
Proof.
  intros B X Y e C k l _ L. rewrite Rmult_1_l. unfold bspline_phi, literal_phi, up_interpolation, sum_taps.
  replace (pred r) with (r - 1)%nat by lia.
  set (h := height (r - 1)). set (w := width (r - 1)).
  assert (1 <= h)%nat as Ph by (apply height_pos; lia). assert (1 <= w)%nat as Pw by (apply width_pos; lia).
  assert (forall p q, Rabs (read Replicate h w X p q l - read Replicate h w Y p q l) <= e) as near.
  { intros p q. unfold read. destruct (sample_replicate h p Ph) as (i & I & ->), (sample_replicate w q Pw) as (j & J & ->).
    apply C; [unfold pixels; fold h; fold w; nia|exact L]. }
  assert (forall p q, - e <= read Replicate h w X p q l - read Replicate h w Y p q l <= e) as bounds.
  { intros p q. specialize (near p q). unfold Rabs in near. destruct (Rcase_abs _) in near; lra. }
  destruct bspline_taps as (-> & -> & -> & ->).
  set (p := position 0 h (height r) (k / width r)). set (q := position 0 w (width r) (k mod width r)).
  pose proof (bounds (p + -1) (q + -1))%Z. pose proof (bounds (p + -1) (q + 0))%Z. pose proof (bounds (p + -1) (q + 1))%Z.
  pose proof (bounds (p + 0) (q + -1))%Z. pose proof (bounds (p + 0) (q + 0))%Z. pose proof (bounds (p + 0) (q + 1))%Z.
  pose proof (bounds (p + 1) (q + -1))%Z. pose proof (bounds (p + 1) (q + 0))%Z. pose proof (bounds (p + 1) (q + 1))%Z.
  apply Rabs_le. lra.
Qed.

(** asm-5.2: the target meets the assumption with error 0, so with every error, and constants 1. *)
Theorem target_meets_assumption eps : 0 <= eps -> assumption_5_2 bspline_phi eps 1 1 f_target g_target.
Proof.
  intros E. split.
  - intros X i l _ _. reflexivity.
  - intros [|r] B; [lia|]. now apply bspline_phi_lipschitz.
  - intros [|r] X B i l _ _; [lia|]. simpl f_target. now rewrite Rminus_eq_0, Rabs_R0.
  - intros r _. unfold g_target. destruct (Nat.eqb r last); [apply keep_first_lipschitz|apply identity_lipschitz].
Qed.

(** asm-5.2, function-norm: also with constants in the α-norm, for every α. *)
Theorem target_meets_assumption_alpha alpha eps :
  1 <= alpha -> 0 <= eps ->
  exists K1 K2, 0 <= K1 /\ 0 <= K2 /\ assumption_5_2_alpha alpha bspline_phi eps K1 K2 f_target g_target.
Proof.
  intros A E. destruct (target_meets_assumption eps E) as [Start L N G].
  (* the largest of the constants of the scales up to a bound *)
  assert (forall (n m : nat -> nat) (h : nat -> matrix -> matrix) b,
    (forall r, (r <= b)%nat -> exists K, 0 <= K /\ alpha_lipschitz alpha (n r) (m r) d K (h r)) ->
    exists K, 0 <= K /\ forall r, (r <= b)%nat -> alpha_lipschitz alpha (n r) (m r) d K (h r)) as common.
  { intros n m h b. induction b as [|b IH]; intros H.
    - destruct (H O (Nat.le_refl _)) as (K & P & LK). exists K. split; [exact P|]. intros r Hr.
      now assert (r = 0)%nat as -> by lia.
    - destruct IH as (K & P & LK); [intros; apply H; lia|]. destruct (H (S b) (Nat.le_refl _)) as (K' & P' & LK').
      exists (Rmax K K'). split; [apply Rle_trans with (1 := P), Rmax_l|]. intros r Hr X Y.
      pose proof (power_nonneg (alpha_power alpha (n r) d (difference X Y)) (/ alpha)) as Z.
      destruct (Nat.eq_dec r (S b)) as [->|D].
      + apply Rle_trans with (1 := LK' X Y). apply Rmult_le_compat_r; [exact Z|apply Rmax_r].
      + apply Rle_trans with (1 := LK r ltac:(lia) X Y). apply Rmult_le_compat_r; [exact Z|apply Rmax_l]. }
  destruct (common (fun r => pixels (r - 1)) pixels (fun r => if Nat.eqb r 0 then fun _ _ _ => 0 else f_target r) last)
    as (K1 & P1 & L1).
  { intros [|r] Hr; apply (lipschitz_alpha alpha _ _ d 1); try lra.
    - intros X Y e C i l I J. simpl. rewrite Rminus_0_r, Rabs_R0, Rmult_1_l.
      apply Rle_trans with (2 := C i l I J). apply Rabs_pos.
    - apply L. lia. }
  destruct (common pixels pixels g_target last) as (K2 & P2 & L2).
  { intros r Hr. apply (lipschitz_alpha alpha _ _ d 1); try lra. now apply G. }
  exists K1, K2. repeat split; try assumption. intros [|r] B; [lia|]. apply (L1 (S r)). lia.
Qed.

(** The target of a constant token x is x at the first pixel and 0 at all others. *)
Lemma target_value x i l :
  (1 <= last)%nat -> (i < pixels last)%nat -> (l < d)%nat ->
  target f_target g_target last (fun _ _ => x) i l = if Nat.eqb i 0 then x else 0.
Proof.
  intros P I L.
  assert (forall r, (r < last)%nat ->
    all_equal (pixels r) d (fun _ => x) (target f_target g_target r (fun _ _ => x))) as before.
  { induction r as [|r IH]; intros Hr; simpl; unfold g_target.
    - destruct (Nat.eqb_spec 0 last); [lia|]. intros j m _ _. reflexivity.
    - destruct (Nat.eqb_spec (S r) last); [lia|]. simpl f_target. apply literal_keeps_constants.
      + exact bspline_sum.
      + discriminate.
      + apply height_pos; simpl; lia.
      + apply width_pos; simpl; lia.
      + simpl. apply IH. lia. }
  destruct last as [|q] eqn:Q; [lia|]. cbn [target]. unfold g_target at 1. rewrite Q, Nat.eqb_refl. unfold keep_first.
  destruct (Nat.eqb_spec i 0) as [->|]; [|reflexivity]. simpl f_target.
  apply (literal_keeps_constants bspline 0 Replicate (height q) (width q) (height (S q)) (width (S q)) _ (fun _ => x) d);
    try assumption.
  - exact bspline_sum.
  - discriminate.
  - apply height_pos; lia.
  - apply width_pos; lia.
  - apply before. lia.
Qed.

(** ** The distance *)

(** thm-5.6: at every input x the two pixels alone are x or more away. *)
Theorem two_pixels_apart phi layers x :
  (1 <= last)%nat -> (1 <= d)%nat -> blind phi ->
  let Y := difference (F_VAR phi layers (fun _ _ => x)) (target f_target g_target last (fun _ _ => x)) in
  x <= Rabs (Y 0%nat 0%nat) + Rabs (Y (width last) 0%nat).
Proof.
  intros P D B. pose proof (second_row P). unfold difference. cbv zeta. rewrite !target_value by lia.
  rewrite (two_pixels_equal phi layers _ P B 0%nat) by lia.
  destruct (Nat.eqb_spec 0 0); [|contradiction]. destruct (Nat.eqb_spec (width last) 0); [lia|].
  set (v := F_VAR _ _ _ _ _). unfold Rabs. destruct (Rcase_abs (v - x)), (Rcase_abs (v - 0)); lra.
Qed.

(** thm-5.6, sup-norm: there is a target of Assumption 5.2 from which every VAR transformer without positional encoding, with
    any weights, heads, widths and depth of its blocks, is 1/2 or more away at X_init = 1. *)
Theorem sup_distance :
  (1 <= last)%nat -> (1 <= d)%nat ->
  exists f g,
    (forall eps, 0 <= eps -> assumption_5_2 bspline_phi eps 1 1 f g) /\
    forall phi layers, blind phi ->
      exists X i l, in_box X /\ (i < pixels last)%nat /\ (l < d)%nat /\
        / 2 <= Rabs (F_VAR phi layers X i l - target f g last X i l).
Proof.
  intros P D. exists f_target, g_target. split; [apply target_meets_assumption|]. intros phi layers B.
  pose proof (second_row P). pose proof (two_pixels_apart phi layers 1 P D B) as A. cbv zeta in A.
  set (Y := difference _ _) in A. exists (fun _ _ => 1).
  assert (exists i, (i < pixels last)%nat /\ / 2 <= Rabs (Y i 0%nat)) as (i & I & far).
  { destruct (Rle_dec (/ 2) (Rabs (Y 0%nat 0%nat))); [exists 0%nat|exists (width last)]; split; try lia; lra. }
  exists i, 0%nat. split; [intros l; lra|]. split; [exact I|]. split; [lia|exact far].
Qed.

(** thm-5.6, sup-norm: denied, whatever up-interpolation the transformer takes *)
Theorem universality_fails_sup :
  (1 <= last)%nat -> (1 <= d)%nat ->
  ~ (forall f g,
       (forall eps, 0 < eps -> exists K1 K2, assumption_5_2 bspline_phi eps K1 K2 f g) ->
       forall eps, 0 < eps -> exists phi layers,
         blind phi /\ forall X, in_box X -> close (pixels last) d eps (F_VAR phi layers X) (target f g last X)).
Proof.
  intros P D H. destruct (sup_distance P D) as (f & g & A & far).
  destruct (H f g) with (eps := / 4) as (phi & layers & B & near); [|lra|].
  - intros eps E. exists 1, 1. apply A. lra.
  - destruct (far phi layers B) as (X & i & l & Box & I & L & apart). specialize (near X Box i l I L). lra.
Qed.

End Universality.

(** ** In the function norm

    For d = 1 the input is one number x in [0, 1], and ‖F_VAR - f‖_α = (∫ Σ |F_VAR(x) - f(x)|^α dx)^(1/α), the sum over the
    pixels of the last scale. The two pixels contribute |x - v|^α + |v|^α, least for v = x/2, so 2 (x/2)^α or more. *)

Definition function_distance (height width : nat -> nat) (last : nat) (phi : nat -> matrix -> matrix)
    (layers : nat -> list layer) (f g : nat -> matrix -> matrix) (alpha : R) : R :=
  power (RInt (fun x => alpha_power alpha (pixels height width last) 1
    (difference (F_VAR height width last 1 phi layers (fun _ _ => x)) (target f g last (fun _ _ => x)))) 0 1) (/ alpha).

(** Σ |F_VAR(x) - f(x)|^α for the target above *)
Definition error (height width : nat -> nat) (last : nat) (phi : nat -> matrix -> matrix) (layers : nat -> list layer)
    (alpha x : R) : R :=
  alpha_power alpha (pixels height width last) 1
    (difference (F_VAR height width last 1 phi layers (fun _ _ => x))
      (target (f_target height width) (g_target last) last (fun _ _ => x))).

Section FunctionNorm.

Variables (height width : nat -> nat) (last : nat).
Hypothesis sizes : schedule height width last.
Hypothesis several : (1 <= last)%nat.

(** What makes the distance integrable: φ_up and token-wise functions are continuous. Literal up-interpolation, attention and
    feed-forward layers are. *)
Definition continuous_phi (phi : nat -> matrix -> matrix) : Prop :=
  forall q (Y : R -> matrix), (1 <= q <= last)%nat ->
    continuous_matrix (C := continuous_1) Y -> continuous_matrix (C := continuous_1) (fun t => phi q (Y t)).

Lemma literal_continuous W o b : continuous_phi (literal_phi W o b height width).
Proof. intros q Y _ H. now apply (continuous_up continuity_1). Qed.

Lemma standard_continuous W : continuous_phi (standard_phi W height width).
Proof. intros q Y _ H. now apply (continuous_standard continuity_1). Qed.

Lemma error_continuous phi layers alpha :
  1 <= alpha -> continuous_phi phi -> (forall q, List.Forall (continuous_layer (C := continuous_1)) (layers q)) ->
  continuous_1 (error height width last phi layers alpha).
Proof.
  intros A P L. unfold error, alpha_power.
  apply (C_sum continuity_1 _ (fun x i => sum 1 (fun l => power (Rabs (difference _ _ i l)) alpha))). intros i I.
  apply (C_ext (C := continuous_1)
    (fun x => sum 1 (fun l => power (Rabs (F_VAR height width last 1 phi layers (fun _ _ => x) i l
      - (if Nat.eqb i 0 then x else 0))) alpha))).
  - intros x. apply sum_ext. intros l Hl. unfold difference. now rewrite (target_value height width last 1 sizes).
  - apply (C_sum continuity_1 1). intros l _ x.
    apply (continuity_pt_comp (fun x => Rabs (F_VAR height width last 1 phi layers (fun _ _ => x) i l
      - (if Nat.eqb i 0 then x else 0))) (fun z => power z alpha)); [|now apply power_continuous].
    revert x. apply (C_abs _ _ continuity_1). apply (C_minus continuity_1).
    + unfold F_VAR, scale.
      apply (continuous_var continuity_1 height width 1 phi layers last (fun x _ _ => x)); [exact P|exact L|].
      intros k m x. apply derivable_continuous_pt, derivable_pt_id.
    + destruct (Nat.eqb i 0); [intros x; apply derivable_continuous_pt, derivable_pt_id|apply (C_const _ _ continuity_1)].
Qed.

(** thm-5.6, function-norm: ‖F_VAR - f‖_α ≥ (2^(1-α) / (α+1))^(1/α) for the same target, every α and every F_VAR; that is
    1/2 for α = 1, and more than 1/4 for all. *)
Theorem function_distance_bound phi layers alpha :
  1 <= alpha -> blind height width last 1 phi -> continuous_phi phi ->
  (forall q, List.Forall (continuous_layer (C := continuous_1)) (layers q)) ->
  ex_RInt (error height width last phi layers alpha) 0 1 /\
  power (least_power alpha) (/ alpha) <=
    function_distance height width last phi layers (f_target height width) (g_target last) alpha.
Proof.
  intros A B P L.
  assert (ex_RInt (error height width last phi layers alpha) 0 1) as exists_integral.
  { apply integrable. now apply error_continuous. }
  split; [exact exists_integral|]. unfold function_distance. fold (error height width last phi layers alpha).
  apply power_le; [apply Rinv_0_lt_compat; lra|].
  rewrite <- (is_RInt_unique _ 0 1 _ (least_integral alpha A)).
  apply RInt_le; [lra|eexists; now apply least_integral|exact exists_integral|].
  intros x _. pose proof (two_pixels_apart height width last 1 sizes phi layers x several (le_n 1) B) as X.
  pose proof (second_row height width last sizes several). cbv zeta in X.
  apply Rle_trans with (2 := alpha_power_two alpha (pixels height width last) 1 _ 0 (width last) 0
    ltac:(lia) ltac:(lia) ltac:(lia) ltac:(lia)).
  apply power_two; try apply Rabs_pos; try exact X; lra.
Qed.

(** thm-5.6, function-norm: denied for every α *)
Theorem universality_fails_function_norm alpha :
  1 <= alpha ->
  ~ (forall f g,
       (forall eps, 0 < eps ->
         exists K1 K2, assumption_5_2_alpha height width last 1 alpha (bspline_phi height width) eps K1 K2 f g) ->
       forall eps, 0 < eps -> exists phi layers,
         blind height width last 1 phi /\ continuous_phi phi /\
         (forall q, List.Forall (continuous_layer (C := continuous_1)) (layers q)) /\
         function_distance height width last phi layers f g alpha <= eps).
Proof.
  intros A H.
  destruct (H (f_target height width) (g_target last)) with (eps := / 4) as (phi & layers & B & P & L & near); [|lra|].
  - intros eps E.
    destruct (target_meets_assumption_alpha height width last 1 sizes alpha eps A) as (K1 & K2 & _ & _ & M); [lra|].
    now exists K1, K2.
  - destruct (function_distance_bound phi layers alpha A B P L) as [_ far]. pose proof (least_above_quarter alpha A). lra.
Qed.

End FunctionNorm.
