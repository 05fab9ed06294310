(** Facts A.1, A.2 and A.3 of the paper's appendix, for vectors and matrices of every size.

    Equations between vectors of length n hold in the entries 0 … n-1, equations between n×n matrices in theirs. *)

From Coq Require Import Reals Lra Lia Arith.
From Plumbline Require Import Definitions Sums.
Open Scope R_scope.

(** ⟨u, v⟩ *)
Definition inner (n : nat) (u v : vector) : R := sum n (fun i => u i * v i).

(** u ∘ v, entry by entry *)
Definition hadamard (u v : vector) : vector := fun i => u i * v i.
Infix "∘" := hadamard (at level 40, left associativity).

(** 1_n *)
Definition ones : vector := fun _ => 1.

Definition diag (u : vector) : matrix := fun i j => if Nat.eqb i j then u i else 0.

(** A matrix with n columns times a vector *)
Definition apply (n : nat) (A : matrix) (v : vector) : vector := fun i => sum n (fun l => A i l * v l).

(** v as a matrix with one column, and as one with one row, v^T *)
Definition column (v : vector) : matrix := fun i _ => v i.
Definition row (v : vector) : matrix := transpose (column v).

(** ‖v‖_2 *)
Definition norm2 (n : nat) (v : vector) : R := sqrt (inner n v v).

(** ‖X‖_F of a d×L matrix *)
Definition frobenius (d L : nat) (X : matrix) : R := sqrt (sum d (fun i => sum L (fun j => X i j ^ 2))).

Definition same (n : nat) (u v : vector) : Prop := forall i, (i < n)%nat -> u i = v i.
Definition same_matrix (n : nat) (A B : matrix) : Prop := forall i j, (i < n)%nat -> (j < n)%nat -> A i j = B i j.

Lemma inner_same n u u' v v' : same n u u' -> same n v v' -> inner n u v = inner n u' v'.
Proof. intros Hu Hv. apply sum_ext. intros i Hi. now rewrite Hu, Hv. Qed.

Lemma norm2_squared n v : norm2 n v ^ 2 = sum n (fun i => v i ^ 2).
Proof.
  unfold norm2. rewrite pow2_sqrt; [apply sum_ext; intros; ring|].
  apply sum_nonneg. intros i _. exact (Rle_0_sqr (v i)).
Qed.

(** Fact A.1 (fact-a.1). ‖X‖_F² = Σ_i ‖X_{i,*}‖_2² = Σ_j ‖X_{*,j}‖_2² = Σ_{i,j} X_{i,j}² for a d×L matrix X.

    All are sums of the same squares; the columns take them in the other order. *)
Theorem fact_a_1 (d L : nat) (X : matrix) :
  frobenius d L X ^ 2 = sum d (fun i => norm2 L (X i) ^ 2)
  /\ sum d (fun i => norm2 L (X i) ^ 2) = sum L (fun j => norm2 d (fun i => X i j) ^ 2)
  /\ sum L (fun j => norm2 d (fun i => X i j) ^ 2) = sum d (fun i => sum L (fun j => X i j ^ 2)).
Proof.
  assert (Hrows : sum d (fun i => norm2 L (X i) ^ 2) = sum d (fun i => sum L (fun j => X i j ^ 2))).
  { apply sum_ext. intros i _. apply norm2_squared. }
  assert (Hcolumns : sum L (fun j => norm2 d (fun i => X i j) ^ 2) = sum d (fun i => sum L (fun j => X i j ^ 2))).
  { rewrite sum_swap. apply sum_ext. intros j _. apply norm2_squared. }
  repeat split; [|now rewrite Hrows, Hcolumns|exact Hcolumns].
  rewrite Hrows. apply pow2_sqrt.
  apply sum_nonneg. intros i _. apply sum_nonneg. intros j _. apply pow2_ge_0.
Qed.

(** Fact A.2 (fact-a.2), for vectors of length n. ⟨u, v⟩ = ⟨u∘v, 1⟩, ⟨u∘v, w⟩ = ⟨u∘v∘w, 1⟩, ⟨u, v⟩ = ⟨v, u⟩, and
    ⟨u, v⟩ = u^T v = v^T u, products of a 1×n and an n×1 matrix. *)
Theorem fact_a_2 (n : nat) (u v w : vector) :
  inner n u v = inner n (u ∘ v) ones
  /\ inner n (u ∘ v) w = inner n (u ∘ v ∘ w) ones
  /\ inner n u v = inner n v u
  /\ inner n u v = times n (row u) (column v) 0%nat 0%nat
  /\ times n (row u) (column v) 0%nat 0%nat = times n (row v) (column u) 0%nat 0%nat.
Proof.
  repeat split; apply sum_ext; intros i _; unfold hadamard, ones, row, column, transpose; ring.
Qed.

(** In a row of a diagonal matrix one entry counts. *)
Lemma diag_apply n u v : same n (apply n (diag u) v) (u ∘ v).
Proof.
  intros i Hi. unfold apply, diag, hadamard. rewrite (sum_only n i); [|exact Hi|].
  - now rewrite Nat.eqb_refl.
  - intros l _ Hl. apply Nat.neq_sym, Nat.eqb_neq in Hl. rewrite Hl. ring.
Qed.

Lemma hadamard_comm u v : forall i, (u ∘ v) i = (v ∘ u) i.
Proof. intros i. apply Rmult_comm. Qed.

Lemma same_sym n u v : same n u v -> same n v u.
Proof. intros H i Hi. now rewrite H. Qed.

Lemma same_trans n u v w : same n u v -> same n v w -> same n u w.
Proof. intros H1 H2 i Hi. now rewrite H1, H2. Qed.

(** u^T diag(v) w = Σ_i u_i v_i w_i, of which all orders are equal. *)
Lemma inner_diag n u v w : inner n u (apply n (diag v) w) = inner n u (v ∘ w).
Proof. apply inner_same; [intros i _; reflexivity|apply diag_apply]. Qed.

(** Fact A.3 (fact-a.3), for vectors of length n; x^T y is written [inner n x y], and A x [apply n A x]. *)
Theorem fact_a_3 (n : nat) (u v w : vector) :
  (* u∘v = v∘u = diag(u) v = diag(v) u *)
  same n (u ∘ v) (v ∘ u) /\ same n (v ∘ u) (apply n (diag u) v) /\ same n (apply n (diag u) v) (apply n (diag v) u)
  (* u^T (v∘w) = u^T diag(v) w *)
  /\ inner n u (v ∘ w) = inner n u (apply n (diag v) w)
  (* u^T (v∘w) = v^T (u∘w) = w^T (u∘v) *)
  /\ inner n u (v ∘ w) = inner n v (u ∘ w) /\ inner n v (u ∘ w) = inner n w (u ∘ v)
  (* u^T diag(v) w = v^T diag(u) w = w^T diag(u) v *)
  /\ inner n u (apply n (diag v) w) = inner n v (apply n (diag u) w)
  /\ inner n v (apply n (diag u) w) = inner n w (apply n (diag u) v)
  (* diag(u) diag(v) 1 = diag(u) v *)
  /\ same n (apply n (times n (diag u) (diag v)) ones) (apply n (diag u) v)
  (* diag(u∘v) = diag(u) diag(v) *)
  /\ same_matrix n (diag (u ∘ v)) (times n (diag u) (diag v))
  (* diag(u) + diag(v) = diag(u + v) *)
  /\ same_matrix n (fun i j => diag u i j + diag v i j) (diag (fun i => u i + v i)).
Proof.
  assert (Hcomm : same n (u ∘ v) (v ∘ u)) by (intros i _; apply hadamard_comm).
  assert (Hproduct : same_matrix n (diag (u ∘ v)) (times n (diag u) (diag v))).
  { intros i j Hi Hj. symmetry.
    transitivity ((u ∘ (fun l => diag v l j)) i); [exact (diag_apply n u (fun l => diag v l j) i Hi)|].
    unfold diag, hadamard. destruct (Nat.eqb i j); ring. }
  assert (Horder : forall a b c, inner n a (b ∘ c) = inner n b (a ∘ c)).
  { intros. apply sum_ext. intros i _. unfold hadamard. ring. }
  assert (Hlast : inner n v (u ∘ w) = inner n w (u ∘ v)).
  { apply sum_ext. intros i _. unfold hadamard. ring. }
  repeat split.
  - exact Hcomm.
  - apply (same_trans n _ (u ∘ v)); [now apply same_sym|apply same_sym, diag_apply].
  - apply (same_trans n _ (u ∘ v)); [apply diag_apply|].
    apply (same_trans n _ (v ∘ u)); [exact Hcomm|apply same_sym, diag_apply].
  - symmetry. apply inner_diag.
  - apply Horder.
  - exact Hlast.
  - rewrite !inner_diag. apply Horder.
  - rewrite !inner_diag. exact Hlast.
  - intros i Hi. unfold apply at 1.
    rewrite (sum_ext n _ (fun j => diag (u ∘ v) i j * ones j)) by (intros j Hj; now rewrite Hproduct).
    change (apply n (diag (u ∘ v)) ones i = apply n (diag u) v i).
    rewrite !diag_apply by exact Hi. unfold hadamard, ones. ring.
  - exact Hproduct.
  - intros i j _ _. unfold diag. destruct (Nat.eqb i j); ring.
Qed.
