(** How errors of layers add up along a chain: Lemmas 5.3, 5.4 and 5.5, Corollary 6.1, and Theorem 5.6 and Corollary 6.2 in
    their conditional form, all in the sup-norm reading.

    Each layer has spaces of its own. ‖f − g‖ ≤ ε in the sup norm over a set B means that f x and g x are at most ε apart at
    every x of B ([within]; [within_sup] says that this is a supremum). Sets, Lipschitz constants and errors may differ from
    layer to layer. Layers are numbered from 0: layer j of the paper, 1 ≤ j ≤ n, is [f (j - 1)]. *)

From Coq Require Import Reals Lra Lia Arith.
From Coquelicot Require Import Rbar Lub Hierarchy.
From Plumbline Require Import Definitions Sums.
Open Scope R_scope.
Local Arguments Nat.ltb : simpl never.

(** * Spaces *)

(** All that the proofs need of ‖x − y‖. *)
Record space := Space {
  points :> Type;
  dist : points -> points -> R;
  dist_refl : forall x, dist x x = 0;
  dist_triangle : forall x y z, dist x z <= dist x y + dist y z
}.
Arguments dist {_} _ _.

(** Every normed space over a field with an absolute value, such as R or C, is one. *)
Definition normed {K : AbsRing} (V : NormedModule K) : space.
Proof.
  refine (Space V (fun x y => norm (minus x y)) _ _).
  - intros x. now rewrite minus_eq_zero, norm_zero.
  - intros x y z. rewrite (minus_trans y x z). apply norm_triangle.
Defined.

(** The largest of 0, f 0, …, f (n-1) *)
Fixpoint largest (n : nat) (f : nat -> R) : R :=
  match n with
  | O => 0
  | S m => Rmax (largest m f) (f m)
  end.

Lemma largest_upper n f i : (i < n)%nat -> f i <= largest n f.
Proof.
  induction n as [|n IH]; intros Hi; [lia|]. cbn.
  destruct (Nat.eq_dec i n) as [->|Hne]; [apply Rmax_r|].
  eapply Rle_trans; [apply IH; lia|apply Rmax_l].
Qed.

Lemma largest_nonneg n f : 0 <= largest n f.
Proof. induction n as [|n IH]; cbn; [lra|]. eapply Rle_trans; [exact IH|apply Rmax_l]. Qed.

Lemma largest_le n f c : 0 <= c -> (forall i, (i < n)%nat -> f i <= c) -> largest n f <= c.
Proof.
  intros Hc. induction n as [|n IH]; intros H; cbn; [exact Hc|].
  apply Rmax_lub; [apply IH|apply H]; auto with arith.
Qed.

(** The norm of the largest entry of an n×d matrix *)
Definition max_norm (n d : nat) (X : matrix) : R := largest n (fun i => largest d (fun j => Rabs (X i j))).

Lemma max_norm_entry n d X i j : (i < n)%nat -> (j < d)%nat -> Rabs (X i j) <= max_norm n d X.
Proof.
  intros Hi Hj. eapply Rle_trans; [exact (largest_upper d (fun j => Rabs (X i j)) j Hj)|].
  exact (largest_upper n (fun i => largest d (fun j => Rabs (X i j))) i Hi).
Qed.

Lemma max_norm_nonneg n d X : 0 <= max_norm n d X.
Proof. apply largest_nonneg. Qed.

Lemma max_norm_le n d X c :
  0 <= c -> (forall i j, (i < n)%nat -> (j < d)%nat -> Rabs (X i j) <= c) -> max_norm n d X <= c.
Proof.
  intros Hc H. apply largest_le; [exact Hc|]. intros i Hi. apply largest_le; [exact Hc|]. intros j Hj. now apply H.
Qed.

(** Token maps of n tokens of width d, in the norm of the largest entry *)
Definition token_maps (n d : nat) : space.
Proof.
  refine (Space matrix (fun X Y => max_norm n d (fun i j => X i j - Y i j)) _ _).
  - intros X. apply Rle_antisym; [|apply max_norm_nonneg].
    apply max_norm_le; [lra|]. intros i j _ _. rewrite Rminus_eq_0, Rabs_R0. lra.
  - intros X Y Z. apply max_norm_le; [apply Rplus_le_le_0_compat; apply max_norm_nonneg|]. intros i j Hi Hj.
    replace (X i j - Z i j) with ((X i j - Y i j) + (Y i j - Z i j)) by ring.
    eapply Rle_trans; [apply Rabs_triang|].
    apply Rplus_le_compat;
      [apply (max_norm_entry n d (fun i j => X i j - Y i j))|apply (max_norm_entry n d (fun i j => Y i j - Z i j))];
      assumption.
Defined.

(** * Distances of functions *)

Section Functions.
Context {X Y : space}.

(** ‖f − g‖ ≤ ε in the sup norm over B *)
Definition within (B : X -> Prop) (eps : R) (f g : X -> Y) : Prop :=
  forall x, B x -> dist (f x) (g x) <= eps.

Definition sup_distance (B : X -> Prop) (f g : X -> Y) : Rbar :=
  Lub_Rbar (fun r => exists x, B x /\ r = dist (f x) (g x)).

Lemma within_sup B eps f g : within B eps f g <-> Rbar_le (sup_distance B f g) eps.
Proof.
  unfold sup_distance. destruct (Lub_Rbar_correct (fun r => exists x, B x /\ r = dist (f x) (g x))) as [Hub Hlub].
  split.
  - intros H. apply Hlub. intros r (x & Hx & ->). exact (H x Hx).
  - intros H x Hx. apply (Rbar_le_trans _ _ _ (Hub _ (ex_intro _ x (conj Hx eq_refl))) H).
Qed.

(** f is K-Lipschitz on B. *)
Definition lipschitz (B : X -> Prop) (K : R) (f : X -> Y) : Prop :=
  0 <= K /\ forall x y, B x -> B y -> dist (f x) (f y) <= K * dist x y.

Definition maps (B : X -> Prop) (f : X -> Y) (C : Y -> Prop) : Prop := forall x, B x -> C (f x).
End Functions.

Definition compose {X Y Z : Type} (g : Y -> Z) (f : X -> Y) : X -> Z := fun x => g (f x).

Lemma lipschitz_compose {X Y Z : space} (B : X -> Prop) (C : Y -> Prop) Kf Kg (f : X -> Y) (g : Y -> Z) :
  lipschitz B Kf f -> lipschitz C Kg g -> maps B f C -> lipschitz B (Kf * Kg) (compose g f).
Proof.
  intros [HKf Hf] [HKg Hg] Hm. split; [now apply Rmult_le_pos|]. intros x y Hx Hy. unfold compose.
  eapply Rle_trans; [apply Hg; now apply Hm|].
  replace (Kf * Kg * dist x y) with (Kg * (Kf * dist x y)) by ring.
  apply Rmult_le_compat_l; [exact HKg|now apply Hf].
Qed.

(** * Two layers *)

(** Lemma 5.3 with an error for each layer; g and τ need only be close on the image of φ. Between g f x and τ φ x lies g φ x:
    from the first it is at most K_2 times as far as φ x is from f x, and from the second as far as g is from τ at φ x. *)
Lemma two_layers {X Y Z : space} (B : X -> Prop) (B' : Y -> Prop) (f phi : X -> Y) (g tau : Y -> Z) (K2 e1 e2 : R) :
  lipschitz B' K2 g ->
  maps B f B' -> maps B phi B' ->
  within B e1 f phi ->
  (forall x, B x -> dist (g (phi x)) (tau (phi x)) <= e2) ->
  within B (K2 * e1 + e2) (compose g f) (compose tau phi).
Proof.
  intros [HK Hg] Hf Hphi H1 H2 x Hx. unfold compose.
  eapply Rle_trans; [apply (dist_triangle _ _ (g (phi x)))|].
  apply Rplus_le_compat; [|now apply H2].
  eapply Rle_trans; [apply Hg; auto|]. apply Rmult_le_compat_l; auto.
Qed.

(** Lemma 5.3 (lemma-5.3), reading sup-norm: ‖g_r∘f_r − τ_r∘φ_up,r‖ ≤ (1 + K_2) ε over B, where ‖f_r − φ_up,r‖ ≤ ε over B,
    ‖g_r − τ_r‖ ≤ ε over B', B' contains the images of B under f_r and φ_up,r, and g_r is K_2-Lipschitz on B'. *)
Theorem lemma_5_3_sup {X Y Z : space} (B : X -> Prop) (B' : Y -> Prop) (f phi_up : X -> Y) (g tau : Y -> Z) (K2 eps : R) :
  lipschitz B' K2 g ->
  maps B f B' -> maps B phi_up B' ->
  within B eps f phi_up -> within B' eps g tau ->
  within B ((1 + K2) * eps) (compose g f) (compose tau phi_up).
Proof.
  intros Hg Hf Hphi H1 H2. replace ((1 + K2) * eps) with (K2 * eps + eps) by ring.
  apply (two_layers B B'); auto.
Qed.

(** The same of normed spaces, in which the distance is a norm of the difference. *)
Corollary lemma_5_3_normed {K : AbsRing} (X Y Z : NormedModule K) (B : X -> Prop) (B' : Y -> Prop)
    (f phi_up : X -> Y) (g tau : Y -> Z) (K2 eps : R) :
  0 <= K2 -> (forall y y', B' y -> B' y' -> norm (minus (g y) (g y')) <= K2 * norm (minus y y')) ->
  (forall x, B x -> B' (f x) /\ B' (phi_up x)) ->
  (forall x, B x -> norm (minus (f x) (phi_up x)) <= eps) ->
  (forall y, B' y -> norm (minus (g y) (tau y)) <= eps) ->
  forall x, B x -> norm (minus (g (f x)) (tau (phi_up x))) <= (1 + K2) * eps.
Proof.
  intros HK Hg Hm H1 H2.
  exact (@lemma_5_3_sup (normed X) (normed Y) (normed Z) B B' f phi_up g tau K2 eps (conj HK Hg)
    (fun x Hx => proj1 (Hm x Hx)) (fun x Hx => proj2 (Hm x Hx)) H1 H2).
Qed.

(** Corollary 6.1 (cor-6.1), reading sup-norm: Lemma 5.3 for a down-interpolation Y = Φ X (Definition C.4), from n tokens to
    m < n of them, and a target f_r between such maps. *)
Theorem cor_6_1_sup (n m d : nat) (Phi_down : matrix) (B B' : matrix -> Prop) (f g tau : matrix -> matrix) (K2 eps : R) :
  let phi_down := times n Phi_down in
  (m < n)%nat ->
  @lipschitz (token_maps m d) (token_maps m d) B' K2 g ->
  @maps (token_maps n d) (token_maps m d) B f B' -> @maps (token_maps n d) (token_maps m d) B phi_down B' ->
  @within (token_maps n d) (token_maps m d) B eps f phi_down ->
  @within (token_maps m d) (token_maps m d) B' eps g tau ->
  @within (token_maps n d) (token_maps m d) B ((1 + K2) * eps) (compose g f) (compose tau phi_down).
Proof.
  intros phi_down _.
  exact (@lemma_5_3_sup (token_maps n d) (token_maps m d) (token_maps m d) B B' f phi_down g tau K2 eps).
Qed.

(** * Chains of layers *)

(** f 0 * … * f (n-1) *)
Fixpoint product (n : nat) (f : nat -> R) : R :=
  match n with
  | O => 1
  | S m => product m f * f m
  end.

Lemma product_ext n f g : (forall i, (i < n)%nat -> f i = g i) -> product n f = product n g.
Proof. induction n as [|n IH]; intros H; cbn; [reflexivity|]. rewrite IH, H; auto with arith. Qed.

Lemma product_const n c : product n (fun _ => c) = c ^ n.
Proof. induction n as [|n IH]; cbn; [|rewrite IH]; ring. Qed.

(** Π K_j over the layers j with i < j < n, those after layer i *)
Definition product_after (i n : nat) (K : nat -> R) : R := product (n - S i) (fun l => K (S i + l)%nat).

Lemma product_after_next i n K : (i < n)%nat -> product_after i (S n) K = product_after i n K * K n.
Proof.
  intros Hi. unfold product_after. replace (S n - S i)%nat with (S (n - S i)) by lia. cbn [product].
  now replace (S i + (n - S i))%nat with n by lia.
Qed.

Lemma product_after_last n K : product_after n (S n) K = 1.
Proof. unfold product_after. now rewrite Nat.sub_diag. Qed.

Section Chains.
(** Layer j goes from space V j to space V (j+1). *)
Variable V : nat -> space.
Variables f h : forall j, V j -> V (S j).

(** f_n ∘ … ∘ f_1 for the paper's layers 1 … n *)
Fixpoint chain (f : forall j, V j -> V (S j)) (n : nat) : V O -> V n :=
  match n with
  | O => fun x => x
  | S m => fun x => f m (chain f m x)
  end.

(** The first i layers are those of h, those that follow of f. *)
Fixpoint mixed (i n : nat) : V O -> V n :=
  match n with
  | O => fun x => x
  | S m => fun x => (if m <? i then h m else f m) (mixed i m x)
  end.

(** m layers from layer i on, f_(i+m) ∘ … ∘ f_(i+1) for the paper's numbers *)
Fixpoint follow (i m : nat) : V i -> V (m + i)%nat :=
  match m with
  | O => fun x => x
  | S l => fun x => f (l + i) (follow i l x)
  end.

Lemma mixed_none n x : mixed 0 n x = chain f n x.
Proof. induction n as [|n IH]; cbn; [reflexivity|]. now rewrite IH. Qed.

Lemma mixed_early i n x : (n <= i)%nat -> mixed i n x = chain h n x.
Proof.
  induction n as [|n IH]; intros Hi; cbn; [reflexivity|].
  assert (Hn : (n <? i)%nat = true) by (apply Nat.ltb_lt; lia). rewrite Hn, IH by lia. reflexivity.
Qed.

(** Written out: f_n ∘ … ∘ f_(i+1) ∘ h_i ∘ … ∘ h_1. *)
Lemma mixed_follow i m x : mixed i (m + i) x = follow i m (chain h i x).
Proof.
  induction m as [|m IH]; cbn [Nat.add]; [now apply mixed_early|]. cbn.
  assert (Hm : (m + i <? i)%nat = false) by (apply Nat.ltb_ge; lia). now rewrite Hm, IH.
Qed.

(** The first inequality of Lemma 5.5, at a point: a telescoping sum and the triangle inequality. *)
Lemma telescope n x : dist (chain f n x) (chain h n x) <= sum n (fun i => dist (mixed i n x) (mixed (S i) n x)).
Proof.
  rewrite <- mixed_none, <- (mixed_early n n x (le_n n)).
  enough (H : forall k, dist (mixed 0 n x) (mixed k n x) <= sum k (fun i => dist (mixed i n x) (mixed (S i) n x)))
    by apply H.
  induction k as [|k IH]; cbn [sum]; [rewrite dist_refl; lra|].
  eapply Rle_trans; [apply (dist_triangle _ _ (mixed k n x))|]. now apply Rplus_le_compat_r.
Qed.

(** The hypotheses of Lemmas 5.4 and 5.5, reading sup-norm: on B_j layer j of f is K_j-Lipschitz and at most ε_j away from
    that of h, and both take B_j into B_(j+1). *)
Record close_layers (n : nat) (B : forall j, V j -> Prop) (K eps : nat -> R) : Prop := {
  layer_lipschitz : forall j, (j < n)%nat -> lipschitz (B j) (K j) (f j);
  layer_within : forall j, (j < n)%nat -> within (B j) (eps j) (f j) (h j);
  layer_maps_f : forall j, (j < n)%nat -> maps (B j) (f j) (B (S j));
  layer_maps_h : forall j, (j < n)%nat -> maps (B j) (h j) (B (S j))
}.

Variables (B : forall j, V j -> Prop) (K eps : nat -> R).

Lemma close_layers_fewer n : close_layers (S n) B K eps -> close_layers n B K eps.
Proof. intros [H1 H2 H3 H4]. split; auto with arith. Qed.

Lemma mixed_maps i n : close_layers n B K eps -> maps (B O) (mixed i n) (B n).
Proof.
  induction n as [|n IH]; intros H x Hx; cbn; [exact Hx|].
  assert (Hn : B n (mixed i n x)) by now apply IH; [apply close_layers_fewer|].
  destruct (n <? i)%nat; [apply (layer_maps_h _ _ _ _ H)|apply (layer_maps_f _ _ _ _ H)]; auto.
Qed.

(** Lemma 5.4 (lemma-5.4), reading sup-norm, with an error for each layer:
    ‖f_n∘…∘f_(i+1)∘f_i∘h_(i−1)∘…∘h_1 − f_n∘…∘f_(i+1)∘h_i∘h_(i−1)∘…∘h_1‖ ≤ (Π_(j=i+1)^n K_j) ε_i.

    Both chains are the same before layer i; there they come ε_i apart, and each later layer stretches that by K_j. *)
Theorem lemma_5_4_sup n i : (i < n)%nat -> close_layers n B K eps ->
  within (B O) (product_after i n K * eps i) (mixed i n) (mixed (S i) n).
Proof.
  intros Hi H x Hx. revert Hi H. induction n as [|n IH]; intros Hi H; [lia|].
  assert (H' := close_layers_fewer n H).
  destruct (Nat.eq_dec i n) as [->|Hne].
  - rewrite product_after_last, Rmult_1_l. cbn.
    assert (Hf : (n <? n)%nat = false) by apply Nat.ltb_irrefl.
    assert (Hh : (n <? S n)%nat = true) by (apply Nat.ltb_lt; lia). rewrite Hf, Hh.
    rewrite !mixed_early by lia.
    apply (layer_within _ _ _ _ H n (Nat.lt_succ_diag_r n)). rewrite <- (mixed_early n n x (le_n n)). now apply mixed_maps.
  - assert (Hin : (i < n)%nat) by lia. rewrite product_after_next by exact Hin. cbn.
    assert (Hf : (n <? i)%nat = false) by (apply Nat.ltb_ge; lia).
    assert (Hf' : (n <? S i)%nat = false) by (apply Nat.ltb_ge; lia). rewrite Hf, Hf'.
    destruct (layer_lipschitz _ _ _ _ H n (Nat.lt_succ_diag_r n)) as [HK Hlip].
    eapply Rle_trans; [apply Hlip; now apply mixed_maps|].
    replace (product_after i n K * K n * eps i) with (K n * (product_after i n K * eps i)) by ring.
    apply Rmult_le_compat_l; [exact HK|]. now apply IH.
Qed.

(** Lemma 5.5 (lemma-5.5), reading sup-norm, its first inequality: whatever bounds the errors of replacing one layer,
    their sum bounds the error of replacing all. No Lipschitz constant enters. *)
Theorem lemma_5_5_telescope n (B0 : V O -> Prop) (delta : nat -> R) :
  (forall i, (i < n)%nat -> within B0 (delta i) (mixed i n) (mixed (S i) n)) ->
  within B0 (sum n delta) (chain f n) (chain h n).
Proof.
  intros H x Hx. eapply Rle_trans; [apply telescope|]. apply sum_le. intros i Hi. now apply H.
Qed.

(** Lemma 5.5 (lemma-5.5), reading sup-norm: ‖f_n∘…∘f_1 − h_n∘…∘h_1‖ ≤ Σ_i (Π_(j=i+1)^n K_j) ε_i. *)
Theorem lemma_5_5_sup n : close_layers n B K eps ->
  within (B O) (sum n (fun i => product_after i n K * eps i)) (chain f n) (chain h n).
Proof.
  intros H. apply lemma_5_5_telescope. intros i Hi. now apply lemma_5_4_sup.
Qed.
End Chains.

(** Lemma 5.5 as the paper has it, with one ε: ‖f_n∘…∘f_1 − h_n∘…∘h_1‖ ≤ ε Σ_i Π_(j=i+1)^n K_j. *)
Corollary lemma_5_5_one_error (V : nat -> space) (f h : forall j, V j -> V (S j)) B K eps n :
  close_layers V f h n B K (fun _ => eps) ->
  within (B O) (eps * sum n (fun i => product_after i n K)) (chain V f n) (chain V h n).
Proof.
  intros H x Hx. eapply Rle_trans; [now apply (lemma_5_5_sup V f h B K (fun _ => eps) n H)|].
  rewrite <- sum_scal_l. apply Req_le, sum_ext. intros i _. ring.
Qed.

(** * Chains of pairs: Theorem 5.6 and Corollary 6.2, conditional form *)

Section Scales.
(** Scale r takes V r to W r by an interpolation and on to V (r+1) by a transformer. *)
Variables V W : nat -> space.
Variables (f phi : forall r, V r -> W r) (g tau : forall r, W r -> V (S r)).
Variables (B : forall r, V r -> Prop) (C : forall r, W r -> Prop).

(** On each of K scales: f_r and φ_r are at most ε1_r apart on B_r, which both take into C_r; g_r and τ_r at most ε2_r
    apart on C_r, which both take into B_(r+1); f_r is K1_r-Lipschitz on B_r, and g_r is K2_r-Lipschitz on C_r. *)
Record close_scales (K : nat) (K1 K2 eps1 eps2 : nat -> R) : Prop := {
  scale_lipschitz_f : forall r, (r < K)%nat -> lipschitz (B r) (K1 r) (f r);
  scale_lipschitz_g : forall r, (r < K)%nat -> lipschitz (C r) (K2 r) (g r);
  scale_within_f : forall r, (r < K)%nat -> within (B r) (eps1 r) (f r) (phi r);
  scale_within_g : forall r, (r < K)%nat -> within (C r) (eps2 r) (g r) (tau r);
  scale_maps_f : forall r, (r < K)%nat -> maps (B r) (f r) (C r) /\ maps (B r) (phi r) (C r);
  scale_maps_g : forall r, (r < K)%nat -> maps (C r) (g r) (B (S r)) /\ maps (C r) (tau r) (B (S r))
}.

(** g_K ∘ f_K ∘ … ∘ g_1 ∘ f_1 *)
Definition scales (f : forall r, V r -> W r) (g : forall r, W r -> V (S r)) (K : nat) : V O -> V K :=
  chain V (fun r => compose (g r) (f r)) K.

(** Theorem 5.6 (thm-5.6) and Corollary 6.2 (cor-6.2), the bound with constants and errors of each scale:
    Σ_r (K2_r ε1_r + ε2_r) Π_(s>r) K1_s K2_s. A scale is one layer of Lemma 5.5, with the error of Lemma 5.3. *)
Theorem thm_5_6_scales K K1 K2 eps1 eps2 : close_scales K K1 K2 eps1 eps2 ->
  within (B O) (sum K (fun r => product_after r K (fun s => K1 s * K2 s) * (K2 r * eps1 r + eps2 r)))
    (scales f g K) (scales phi tau K).
Proof.
  intros H. apply (lemma_5_5_sup V _ _ B (fun s => K1 s * K2 s) (fun r => K2 r * eps1 r + eps2 r)). split.
  - intros r Hr. apply (lipschitz_compose (B r) (C r)).
    + now apply (scale_lipschitz_f _ _ _ _ _ H).
    + now apply (scale_lipschitz_g _ _ _ _ _ H).
    + now apply (scale_maps_f _ _ _ _ _ H).
  - intros r Hr. apply (two_layers (B r) (C r)).
    + now apply (scale_lipschitz_g _ _ _ _ _ H).
    + now apply (scale_maps_f _ _ _ _ _ H).
    + now apply (scale_maps_f _ _ _ _ _ H).
    + now apply (scale_within_f _ _ _ _ _ H).
    + intros x Hx. apply (scale_within_g _ _ _ _ _ H r Hr). now apply (scale_maps_f _ _ _ _ _ H).
  - intros r Hr x Hx. apply (scale_maps_g _ _ _ _ _ H r Hr). now apply (scale_maps_f _ _ _ _ _ H).
  - intros r Hr x Hx. apply (scale_maps_g _ _ _ _ _ H r Hr). now apply (scale_maps_f _ _ _ _ _ H).
Qed.

(** Theorem 5.6 (thm-5.6), reading amended, and Corollary 6.2 (cor-6.2), reading amended: with one K_1, K_2 and ε for all
    scales ‖g_K∘f_K∘…∘g_1∘f_1 − τ_K∘φ_K∘…∘τ_1∘φ_1‖ ≤ Σ_(r=1)^K (1 + K_2) ε (K_1 K_2)^(K−r). *)
Theorem thm_5_6_conditional K K1 K2 eps :
  close_scales K (fun _ => K1) (fun _ => K2) (fun _ => eps) (fun _ => eps) ->
  within (B O) (sum K (fun r => (1 + K2) * eps * (K1 * K2) ^ (K - S r))) (scales f g K) (scales phi tau K).
Proof.
  intros H x Hx. eapply Rle_trans; [now apply (thm_5_6_scales _ _ _ _ _ H)|].
  apply Req_le, sum_ext. intros r _. unfold product_after. rewrite product_const. ring.
Qed.
End Scales.

(** The last step of Theorem 5.6's proof: if the layers of the targets can be approximated to every accuracy, so can the
    chain. (That they can be is what Lemma 5.1 claims; it is a hypothesis here.) *)
Theorem thm_5_6_accuracy (V W : nat -> space) (f : forall r, V r -> W r) (g : forall r, W r -> V (S r)) B C K K1 K2 :
  0 <= K1 -> 0 <= K2 ->
  (forall delta, 0 < delta -> exists phi tau,
    close_scales V W f phi g tau B C K (fun _ => K1) (fun _ => K2) (fun _ => delta) (fun _ => delta)) ->
  forall eps, 0 < eps -> exists phi tau, within (B O) eps (scales V W f g K) (scales V W phi tau K).
Proof.
  intros HK1 HK2 H eps Heps.
  set (c := sum K (fun r => (1 + K2) * (K1 * K2) ^ (K - S r))).
  assert (Hc : 0 <= c).
  { apply sum_nonneg. intros r _. apply Rmult_le_pos; [lra|]. apply pow_le. now apply Rmult_le_pos. }
  destruct (H (eps / (1 + c))) as (phi & tau & Hclose); [apply Rdiv_lt_0_compat; lra|].
  exists phi, tau. intros x Hx. eapply Rle_trans; [now apply (thm_5_6_conditional _ _ _ _ _ _ _ _ _ _ _ _ Hclose)|].
  rewrite (sum_ext K _ (fun r => eps / (1 + c) * ((1 + K2) * (K1 * K2) ^ (K - S r)))) by (intros; ring).
  rewrite sum_scal_l. fold c. unfold Rdiv. rewrite Rmult_assoc. rewrite <- (Rmult_1_r eps) at 2.
  apply Rmult_le_compat_l; [lra|]. apply (Rmult_le_reg_l (1 + c)); [lra|].
  rewrite <- Rmult_assoc, Rinv_r; lra.
Qed.

(** * VAR and FlowAR *)

(** The weights of a transformer with one attention layer and one feed-forward layer of [hidden] neurons *)
Record weights := Weights {
  WQ : matrix; WK : matrix; WV : matrix;
  hidden : nat; W1 : matrix; b1 : vector; W2 : matrix; b2 : vector
}.

(** FFN ∘ Attn on n tokens of width d, Definitions B.3 and B.5 *)
Definition transformer (n d : nat) (w : weights) (X : matrix) : matrix :=
  feed_forward d (hidden w) (W1 w) (b1 w) (W2 w) (b2 w) (attention n d (WQ w) (WK w) (WV w) X).

(** FFN ∘ Attn ∘ Φ_up, from n tokens to m (Definition 3.8, def-3.8); an interpolation is a matrix (Remark 3.7, Definitions
    C.3 and C.4). *)
Definition var_layer (n m d : nat) (Phi : matrix) (w : weights) (X : matrix) : matrix :=
  transformer m d w (times n Phi X).

(** K such layers; scale r has [size r] tokens, and the input [size 0]. *)
Fixpoint var (size : nat -> nat) (d : nat) (Phi : nat -> matrix) (w : nat -> weights) (K : nat) (X : matrix) : matrix :=
  match K with
  | O => X
  | S r => var_layer (size r) (size (S r)) d (Phi r) (w r) (var size d Phi w r X)
  end.

(** g_K ∘ f_K ∘ … ∘ g_1 ∘ f_1 *)
Fixpoint target (f g : nat -> matrix -> matrix) (K : nat) (X : matrix) : matrix :=
  match K with
  | O => X
  | S r => g r (f r (target f g r X))
  end.

(** Theorem 5.6 (thm-5.6), reading amended, for the layers of VAR, in the norm of the largest entry; with
    down-interpolations among the Φ_r it is Corollary 6.2 (cor-6.2), reading amended, for the autoregressive transformer
    of FlowAR (Definition C.10). If f_r is within ε of the interpolation Φ_r on B_r and g_r within ε of a transformer on
    C_r, and so on as in [close_scales], then the largest entry of F_VAR(X) − f(X) is at most Σ_(r=1)^K (1 + K_2) ε (K_1
    K_2)^(K−r) for every X of B_0. *)
Theorem thm_5_6_var (size : nat -> nat) (d K : nat) (Phi : nat -> matrix) (w : nat -> weights)
    (f g : nat -> matrix -> matrix) (B C : nat -> matrix -> Prop) (K1 K2 eps : R) :
  close_scales (fun r => token_maps (size r) d) (fun r => token_maps (size (S r)) d)
    f (fun r => times (size r) (Phi r)) g (fun r => transformer (size (S r)) d (w r))
    B C K (fun _ => K1) (fun _ => K2) (fun _ => eps) (fun _ => eps) ->
  forall X, B O X ->
  max_norm (size K) d (fun i j => target f g K X i j - var size d Phi w K X i j)
    <= sum K (fun r => (1 + K2) * eps * (K1 * K2) ^ (K - S r)).
Proof.
  intros H X HX. pose proof (thm_5_6_conditional _ _ _ _ _ _ _ _ _ _ _ _ H X HX) as Hbound.
  assert (Hf : forall n X, scales (fun r => token_maps (size r) d) (fun r => token_maps (size (S r)) d) f g n X
    = target f g n X).
  { intros n Y. induction n as [|n IH]; [reflexivity|]. exact (f_equal (fun Z => g n (f n Z)) IH). }
  assert (Hvar : forall n X, scales (fun r => token_maps (size r) d) (fun r => token_maps (size (S r)) d)
    (fun r => times (size r) (Phi r)) (fun r => transformer (size (S r)) d (w r)) n X = var size d Phi w n X).
  { intros n Y. induction n as [|n IH]; [reflexivity|].
    exact (f_equal (var_layer (size n) (size (S n)) d (Phi n) (w n)) IH). }
  rewrite Hf, Hvar in Hbound. exact Hbound.
Qed.
