(** Integers from their residues, as the exact matrix product puts them together ([Moduli], [IntegerProduct]). *)

From Coq Require Import ZArith Znumtheory Reals Lra Lia List.
Open Scope Z_scope.

(** m_0 * … * m_(n-1) *)
Fixpoint zproduct (n : nat) (m : nat -> Z) : Z :=
  match n with
  | O => 1
  | S k => zproduct k m * m k
  end.

(** f_0 + … + f_(n-1) *)
Fixpoint zsum (n : nat) (f : nat -> Z) : Z :=
  match n with
  | O => 0
  | S k => zsum k f + f k
  end.

Definition coprime (n : nat) (m : nat -> Z) : Prop :=
  forall i j, (i < n)%nat -> (j < n)%nat -> i <> j -> rel_prime (m i) (m j).

Lemma product_coprime n m k : coprime (S k) m -> (n <= k)%nat -> rel_prime (zproduct n m) (m k).
Proof.
  intros H. induction n as [|n IH]; intros Hn; cbn.
  - apply rel_prime_1.
  - apply rel_prime_sym, rel_prime_mult; apply rel_prime_sym; [apply IH; lia|apply H; lia].
Qed.

(** What every modulus divides, their product divides. *)
Lemma product_divides n m x : coprime n m -> (forall i, (i < n)%nat -> (m i | x)) -> (zproduct n m | x).
Proof.
  induction n as [|n IH]; intros Hcop H; cbn; [apply Z.divide_1_l|].
  assert (Hprod : (zproduct n m | x)).
  { apply IH; [intros i j Hi Hj; apply Hcop; lia|]. intros i Hi. apply H. lia. }
  assert (Hlast : (m n | x)) by (apply H; lia).
  destruct Hprod as [q Hq].
  assert (Hdiv : (m n | q)).
  { apply (Gauss (m n) (zproduct n m)); [|apply rel_prime_sym, (product_coprime n m n Hcop); lia].
    rewrite Z.mul_comm, <- Hq. exact Hlast. }
  destruct Hdiv as [r Hr]. exists r. rewrite Hq, Hr. ring.
Qed.

(** Residues modulo pairwise coprime numbers of product M determine an integer of magnitude below M/2. *)
Theorem residues_determine n m x y : coprime n m ->
  (forall i, (i < n)%nat -> (m i | x - y)) ->
  2 * Z.abs x < zproduct n m -> 2 * Z.abs y < zproduct n m -> x = y.
Proof.
  intros Hcop H Hx Hy. destruct (product_divides n m (x - y) Hcop H) as [q Hq].
  assert (q = 0) by nia. lia.
Qed.

Lemma divides_zsum n f p : (forall i, (i < n)%nat -> (p | f i)) -> (p | zsum n f).
Proof.
  induction n as [|n IH]; intros H; cbn; [apply Z.divide_0_r|]. apply Z.divide_add_r; [apply IH|apply H]; auto with arith.
Qed.

Lemma zsum_term n f i p : (i < n)%nat -> (forall j, (j < n)%nat -> j <> i -> (p | f j)) -> (p | zsum n f - f i).
Proof.
  induction n as [|n IH]; intros Hi H; [lia|]. cbn. destruct (Nat.eq_dec i n) as [->|Hne].
  - replace (zsum n f + f n - f n) with (zsum n f) by ring. apply divides_zsum. intros j Hj. apply H; lia.
  - replace (zsum n f + f n - f i) with ((zsum n f - f i) + f n) by ring.
    apply Z.divide_add_r; [apply IH; [lia|]|apply H; lia]. intros j Hj. apply H. lia.
Qed.

(** The recombination of [Moduli]: with cofactors c_p = M/p and residues y_p such that y_p (M/p) ≡ X modulo p, an integer X of
    magnitude at most M/4 is Σ y_p (M/p) − q M for the integer q with |q − Σ y_p/p| ≤ 1/2, which is here |q M − Σ y_p (M/p)| ≤ M/2. *)
Theorem recombination n (m c y : nat -> Z) (X q : Z) :
  let M := zproduct n m in
  coprime n m -> 0 < M -> (forall i, (i < n)%nat -> c i * m i = M) ->
  (forall i, (i < n)%nat -> (m i | y i * c i - X)) ->
  4 * Z.abs X <= M -> 2 * Z.abs (q * M - zsum n (fun i => y i * c i)) <= M ->
  X = zsum n (fun i => y i * c i) - q * M.
Proof.
  intros M Hcop HM Hc Hy HX Hq. set (total := zsum n (fun i => y i * c i)) in *.
  (* modulo each p only the term of p is left of the sum *)
  assert (Hdiv : (M | total - X)).
  { apply product_divides; [exact Hcop|]. intros i Hi.
    replace (total - X) with ((total - y i * c i) + (y i * c i - X)) by ring.
    apply Z.divide_add_r; [|now apply Hy].
    apply (zsum_term n (fun i => y i * c i) i (m i) Hi). intros j Hj Hne. apply Z.divide_mul_r.
    (* p_i divides c_j: it divides c_j p_j = M and is coprime to p_j *)
    apply (Gauss (m i) (m j)); [|apply Hcop; lia].
    rewrite Z.mul_comm, Hc by exact Hj. exists (c i). symmetry. now apply Hc. }
  destruct Hdiv as [s Hs]. assert (s = q) by nia. subst s. lia.
Qed.

(** How q is found: if |Σ y_p/p − t| < 1/4, then the integer nearest to t is the q of [recombination]; for Σ y_p/p = X/M + q
    and |X| ≤ M/4. *)
Theorem nearest_quotient (X M q z : Z) (exact t : R) : 0 < M -> 4 * Z.abs X <= M ->
  (exact = IZR X / IZR M + IZR q)%R -> (Rabs (exact - t) < / 4)%R -> (Rabs (t - IZR z) <= / 2)%R -> z = q.
Proof.
  intros HM HX Hexact Ht Hz. assert (HMR : (0 < IZR M)%R) by (apply IZR_lt; exact HM).
  assert (HXR : (Rabs (IZR X / IZR M) <= / 4)%R).
  { unfold Rdiv. rewrite Rabs_mult, Rabs_inv, (Rabs_pos_eq (IZR M)) by lra.
    apply (Rmult_le_reg_r (IZR M)); [exact HMR|]. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra.
    rewrite <- abs_IZR. apply IZR_le in HX. rewrite mult_IZR in HX. lra. }
  assert (Hclose : (Rabs (IZR (z - q)) < 1)%R).
  { rewrite minus_IZR. replace (IZR z - IZR q)%R with (- (t - IZR z) + - (exact - t) + IZR X / IZR M)%R by lra.
    eapply Rle_lt_trans; [apply Rabs_triang|].
    eapply Rle_lt_trans; [apply Rplus_le_compat_r, Rabs_triang|]. rewrite !Rabs_Ropp. lra. }
  rewrite <- abs_IZR in Hclose. apply lt_IZR in Hclose. lia.
Qed.
