(** Section 4: vocabularies, tokenwise separateness, contextual mappings, and the layers of Lemma 4.4.

    Tokens are columns here: a sequence of L tokens of width d is a d×L matrix, and Z 0, …, Z (N-1) are N sequences. *)

From Coq Require Import Reals Lra Lia Arith.
From Plumbline Require Import Definitions Sums Facts.
Open Scope R_scope.

(** ‖u - v‖_2 *)
Definition distance (d : nat) (u v : vector) : R := norm2 d (fun i => u i - v i).

(** Token k of a sequence, its column k *)
Definition token (Z : matrix) (k : nat) : vector := fun i => Z i k.

(** ** Definitions *)

(** Definition 4.1 (def-4.1). The vocabulary of Z is the set of its tokens, so that two sequences have the same one if each
    token of either stands in the other. *)
Definition same_vocabulary (d L : nat) (Z Z' : matrix) : Prop :=
  (forall k, (k < L)%nat -> exists l, (l < L)%nat /\ same d (token Z k) (token Z' l)) /\
  (forall l, (l < L)%nat -> exists k, (k < L)%nat /\ same d (token Z k) (token Z' l)).

(** Definition 4.1 (def-4.1). |𝒱| = V: the tokens of all sequences can be listed as V different ones. *)
Definition vocabulary_size (d L N : nat) (Z : nat -> matrix) (V : nat) : Prop :=
  exists t : nat -> vector,
    (forall m, (m < V)%nat -> exists i k, (i < N)%nat /\ (k < L)%nat /\ same d (t m) (token (Z i) k)) /\
    (forall i k, (i < N)%nat -> (k < L)%nat -> exists m, (m < V)%nat /\ same d (t m) (token (Z i) k)) /\
    (forall m m', (m < V)%nat -> (m' < V)%nat -> m <> m' -> ~ same d (t m) (t m')).

(** Definition 4.2 (def-4.2), (γ_min, γ_max, ε)-tokenwise separated *)
Definition separated (d L N : nat) (Z : nat -> matrix) (gmin gmax eps : R) : Prop :=
  0 < gmin < gmax /\ 0 < eps /\
  (forall i k, (i < N)%nat -> (k < L)%nat -> gmin < norm2 d (token (Z i) k)) /\
  (forall i k, (i < N)%nat -> (k < L)%nat -> norm2 d (token (Z i) k) < gmax) /\
  (forall i j k l, (i < N)%nat -> (j < N)%nat -> (k < L)%nat -> (l < L)%nat ->
    ~ same d (token (Z i) k) (token (Z j) l) -> eps < distance d (token (Z i) k) (token (Z j) l)).

(** Whether Definition 4.3 wants the context IDs of token k of Z and token l of Z' apart *)
Definition to_tell (d L : nat) (Z Z' : matrix) (k l : nat) : Prop :=
  ~ same_vocabulary d L Z Z' \/ ~ same d (token Z k) (token Z' l).

(** Definition 4.3 (def-4.3), q is a (γ, δ)-contextual mapping for Z 0, …, Z (N-1): contextual sensitivity and
    approximation error. That γ and δ are positive is left to the theorems. *)
Definition contextual_mapping (d L N : nat) (Z : nat -> matrix) (q : matrix -> matrix) (gamma delta : R) : Prop :=
  (forall i k, (i < N)%nat -> (k < L)%nat -> norm2 d (token (q (Z i)) k) < gamma) /\
  (forall i j k l, (i < N)%nat -> (j < N)%nat -> (k < L)%nat -> (l < L)%nat -> to_tell d L (Z i) (Z j) k l ->
    delta < distance d (token (q (Z i)) k) (token (q (Z j)) l)).

(** No token stands twice in a sequence: a hypothesis of Lemma 4.4 *)
Definition no_duplicates (d L N : nat) (Z : nat -> matrix) : Prop :=
  forall i k l, (i < N)%nat -> (k < L)%nat -> (l < L)%nat -> k <> l -> ~ same d (token (Z i) k) (token (Z i) l).

(** Softmax by columns of a matrix with L rows *)
Definition softmax_columns (L : nat) (A : matrix) : matrix := transpose (fun k => softmax L (transpose A k)).

(** Attention with one head of size s, output matrix and residual, as [42] has it:
    q(Z) = Z + W_O W_V Z · softmax_columns((W_K Z)^T (W_Q Z)), W_O of size d×s, the others of size s×d *)
Definition residual_attention (d s L : nat) (WO WV WK WQ Z : matrix) : matrix := fun i k =>
  Z i k + times s WO (times L (times d WV Z)
            (softmax_columns L (times s (transpose (times d WK Z)) (times d WQ Z)))) i k.

(** Definition B.3 applied to columns *)
Definition paper_attention (d L : nat) (WQ WK WV Z : matrix) : matrix :=
  transpose (attention L d WQ WK WV (transpose Z)).

(** ** Lemma 4.4 (lemma-4.4) *)

(** What it supposes, |𝒱| = V *)
Definition hypotheses (d L N V : nat) (Z : nat -> matrix) (gmin gmax eps : R) : Prop :=
  (0 < d)%nat /\ (0 < L)%nat /\ (0 < N)%nat /\
  separated d L N Z gmin gmax eps /\ no_duplicates d L N Z /\ vocabulary_size d L N Z V.

(** γ = γ_max + ε/4 *)
Definition lemma_gamma (gmax eps : R) : R := gmax + eps / 4.

(** δ = exp(-5 ε⁻¹ |𝒱|⁴ d κ γ_max log L), κ = γ_max/γ_min *)
Definition lemma_delta (d L V : nat) (gmin gmax eps : R) : R :=
  exp (- 5 * / eps * INR V ^ 4 * INR d * (gmax / gmin) * gmax * ln (INR L)).

(** The layers that may be the mapping: in reading residual, attention with one head of any size; in reading
    paper-attention, that of Definition B.3; and any map whatever *)
Definition residual_layer (d L : nat) (q : matrix -> matrix) : Prop :=
  exists s WO WV WK WQ, (0 < s)%nat /\ q = residual_attention d s L WO WV WK WQ.
Definition paper_layer (d L : nat) (q : matrix -> matrix) : Prop :=
  exists WQ WK WV, q = paper_attention d L WQ WK WV.
Definition any_map (d L : nat) (q : matrix -> matrix) : Prop := True.

(** The lemma for such layers, with some δ: under its hypotheses one of them is a (γ, δ)-contextual mapping. *)
Definition lemma_4_4_with (delta : nat -> nat -> nat -> R -> R -> R -> R)
    (layer : nat -> nat -> (matrix -> matrix) -> Prop) : Prop :=
  forall d L N V Z gmin gmax eps, hypotheses d L N V Z gmin gmax eps ->
    exists q, layer d L q /\ contextual_mapping d L N Z q (lemma_gamma gmax eps) (delta d L V gmin gmax eps).

(** With its own *)
Definition lemma_4_4 : (nat -> nat -> (matrix -> matrix) -> Prop) -> Prop := lemma_4_4_with lemma_delta.

(** ** Norms and inner products *)

Lemma same_refl d u : same d u u.
Proof. intros i _. reflexivity. Qed.

Lemma norm2_same d u v : same d u v -> norm2 d u = norm2 d v.
Proof. intros H. unfold norm2. now rewrite (inner_same d u v u v H H). Qed.

Lemma inner_comm d u v : inner d u v = inner d v u.
Proof. apply sum_ext. intros; ring. Qed.

Lemma inner_plus d u v w : inner d (fun i => u i + v i) w = inner d u w + inner d v w.
Proof. unfold inner. rewrite <- sum_plus. apply sum_ext. intros; ring. Qed.

Lemma inner_scal d c u v : inner d (fun i => c * u i) v = c * inner d u v.
Proof. unfold inner. rewrite <- sum_scal_l. apply sum_ext. intros; ring. Qed.

Lemma inner_minus d u v w : inner d (fun i => u i - v i) w = inner d u w - inner d v w.
Proof. unfold inner. rewrite <- sum_minus. apply sum_ext. intros; ring. Qed.

Lemma inner_nonneg d u : 0 <= inner d u u.
Proof. apply sum_nonneg. intros i _. apply Rle_0_sqr. Qed.

Lemma norm2_nonneg d u : 0 <= norm2 d u.
Proof. apply sqrt_pos. Qed.

Lemma norm2_sqr d u : norm2 d u * norm2 d u = inner d u u.
Proof. apply sqrt_sqrt, inner_nonneg. Qed.

Lemma norm2_scal d c u : norm2 d (fun i => c * u i) = Rabs c * norm2 d u.
Proof.
  unfold norm2. rewrite inner_scal, inner_comm, inner_scal.
  replace (c * (c * inner d u u)) with (Rsqr c * inner d u u) by (unfold Rsqr; ring).
  rewrite sqrt_mult; [|apply Rle_0_sqr|apply inner_nonneg]. now rewrite sqrt_Rsqr_abs.
Qed.

(** ‖a u + b v‖² = a²‖u‖² + 2ab⟨u,v⟩ + b²‖v‖² *)
Lemma inner_combination d a b u v :
  inner d (fun i => a * u i + b * v i) (fun i => a * u i + b * v i)
  = a * a * inner d u u + 2 * a * b * inner d u v + b * b * inner d v v.
Proof. unfold inner. rewrite <- !sum_scal_l, <- !sum_plus. apply sum_ext. intros; ring. Qed.

Lemma inner_square d u v :
  inner d (fun i => u i + v i) (fun i => u i + v i) = inner d u u + 2 * inner d u v + inner d v v.
Proof. unfold inner. rewrite <- sum_scal_l, <- !sum_plus. apply sum_ext. intros; ring. Qed.

(** Cauchy and Schwarz: 0 ≤ ‖ a u - b v ‖² for a = ‖v‖², b = ⟨u, v⟩ *)
Lemma cauchy_schwarz d u v : Rabs (inner d u v) <= norm2 d u * norm2 d v.
Proof.
  apply Rsqr_incr_0_var; [|apply Rmult_le_pos; apply norm2_nonneg].
  rewrite <- Rsqr_abs, Rsqr_mult. unfold Rsqr at 2 3. rewrite !norm2_sqr.
  set (a := inner d v v). set (b := inner d u v).
  assert (0 <= a * (inner d u u * a - b * b)) as H.
  { replace (a * (inner d u u * a - b * b)) with (inner d (fun i => a * u i + - b * v i) (fun i => a * u i + - b * v i)).
    - apply inner_nonneg.
    - rewrite inner_combination. fold a b. ring. }
  destruct (Req_dec a 0) as [E|E].
  - assert (b = 0) as ->; [|rewrite E; unfold Rsqr; lra].
    apply sum_zero. intros i Hi.
    assert (v i * v i = 0) as Z.
    { apply (sum_zero_terms d (fun i => v i * v i)); [intros; apply Rle_0_sqr|exact E|exact Hi]. }
    apply Rsqr_0_uniq in Z. rewrite Z. ring.
  - assert (0 < a) by (pose proof (inner_nonneg d v) as P; fold a in P; lra).
    unfold Rsqr. apply Rmult_le_reg_l with a; [assumption|]. lra.
Qed.

Lemma norm2_triangle d u v : norm2 d (fun i => u i + v i) <= norm2 d u + norm2 d v.
Proof.
  apply Rsqr_incr_0_var; [|pose proof (norm2_nonneg d u); pose proof (norm2_nonneg d v); lra].
  unfold Rsqr. rewrite norm2_sqr, inner_square.
  pose proof (cauchy_schwarz d u v) as C. pose proof (Rle_abs (inner d u v)).
  pose proof (norm2_sqr d u). pose proof (norm2_sqr d v). lra.
Qed.

Lemma distance_same d u u' v v' : same d u u' -> same d v v' -> distance d u v = distance d u' v'.
Proof. intros Hu Hv. apply norm2_same. intros i Hi. now rewrite Hu, Hv. Qed.

Lemma distance_comm d u v : distance d u v = distance d v u.
Proof.
  unfold distance. rewrite <- (Rmult_1_l (norm2 d (fun i => v i - u i))).
  rewrite <- Rabs_R1 at 1. rewrite <- (Rabs_Ropp 1), <- norm2_scal. apply norm2_same. intros i _. ring.
Qed.

(** Vectors shorter than γ are less than 2γ apart. *)
Lemma distance_le d u v : distance d u v <= norm2 d u + norm2 d v.
Proof.
  unfold distance. rewrite (norm2_same d _ (fun i => u i + -1 * v i)) by (intros i _; ring).
  eapply Rle_trans; [apply norm2_triangle|]. rewrite norm2_scal, Rabs_left; lra.
Qed.

(** The first unit vector *)
Definition unit_vector : vector := fun i => if Nat.eqb i 0 then 1 else 0.

Lemma norm2_unit_vector d : (0 < d)%nat -> norm2 d unit_vector = 1.
Proof.
  intros Hd. unfold norm2. replace (inner d unit_vector unit_vector) with 1; [apply sqrt_1|].
  rewrite <- (sum_single d 0 (fun _ => 1) Hd). apply sum_ext. intros i _. unfold unit_vector.
  destruct (Nat.eqb i 0); ring.
Qed.

Lemma norm2_multiple d c : (0 < d)%nat -> norm2 d (fun i => c * unit_vector i) = Rabs c.
Proof. intros Hd. rewrite norm2_scal, norm2_unit_vector by assumption. ring. Qed.
