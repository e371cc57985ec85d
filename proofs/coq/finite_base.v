(** * Finite bases

    Actions are the numbers below [size]; each has a mass, possibly zero, and the masses sum to one. *)

From Coq Require Import Reals Lra Psatz Lia Arith.
From QTheory Require Import base.
Open Scope R_scope.

Fixpoint total (n : nat) (f : nat -> R) : R :=
  match n with
  | O => 0
  | S m => total m f + f m
  end.

Record Finite : Type := {
  size : nat;
  mass : nat -> R;
  mass_nonnegative : forall i, (i < size)%nat -> 0 <= mass i;
  mass_one : total size mass = 1
}.

(** ** Sums *)

Lemma total_linear n x y f g : total n (fun i => x * f i + y * g i) = x * total n f + y * total n g.
Proof. induction n as [|n IH]; simpl; [ring|rewrite IH; ring]. Qed.

Lemma total_le n f g : (forall i, (i < n)%nat -> f i <= g i) -> total n f <= total n g.
Proof.
  induction n as [|n IH]; simpl; intro H; [lra|].
  apply Rplus_le_compat; [apply IH; intros; apply H; lia|apply H; lia].
Qed.

Lemma total_equal n f g : (forall i, (i < n)%nat -> f i = g i) -> total n f = total n g.
Proof. intro H. apply Rle_antisym; apply total_le; intros i Hi; rewrite (H i Hi); lra. Qed.

Lemma total_scaled n x f : total n (fun i => x * f i) = x * total n f.
Proof.
  rewrite (total_equal n _ (fun i => x * f i + 0 * f i)) by (intros; ring). rewrite total_linear. ring.
Qed.

Lemma total_nothing n : total n (fun _ => 0) = 0.
Proof. induction n as [|n IH]; simpl; [reflexivity|rewrite IH; ring]. Qed.

Lemma total_nonnegative n f : (forall i, (i < n)%nat -> 0 <= f i) -> 0 <= total n f.
Proof. intro H. rewrite <- (total_nothing n). apply total_le, H. Qed.

Lemma total_vanishes n f : (forall i, (i < n)%nat -> 0 <= f i) -> total n f = 0 -> forall i, (i < n)%nat -> f i = 0.
Proof.
  induction n as [|n IH]; simpl; intros H Hzero i Hi; [lia|].
  assert (0 <= total n f) by (apply total_nonnegative; intros; apply H; lia).
  assert (0 <= f n) by (apply H; lia).
  destruct (Nat.eq_dec i n) as [->|]; [lra|]. apply IH; [intros; apply H; lia|lra|lia].
Qed.

(** A sum in which one term matters. *)
Lemma total_single n k x : (k < n)%nat -> total n (fun i => if Nat.eq_dec i k then x i else 0) = x k.
Proof.
  induction n as [|n IH]; simpl; intro Hk; [lia|]. destruct (Nat.eq_dec n k) as [->|].
  - rewrite (total_equal k _ (fun _ => 0)); [rewrite total_nothing; ring|].
    intros i Hi. destruct (Nat.eq_dec i k); [lia|reflexivity].
  - rewrite IH by lia. ring.
Qed.

(** ** They are bases *)

Definition mean (F : Finite) (f : nat -> R) : R := total (size F) (fun i => mass F i * f i).

(** What holds at every action of positive mass holds for almost every action. *)
Definition supported (F : Finite) (P : nat -> Prop) : Prop := forall i, (i < size F)%nat -> 0 < mass F i -> P i.

Lemma mean_le F f g : supported F (fun i => f i <= g i) -> mean F f <= mean F g.
Proof.
  intro H. apply total_le. intros i Hi. pose proof (mass_nonnegative F i Hi) as Hm.
  destruct (Rle_lt_or_eq_dec _ _ Hm) as [Hpos|Hnull]; [|rewrite <- Hnull; lra].
  apply Rmult_le_compat_l; [assumption|exact (H i Hi Hpos)].
Qed.

Lemma mean_vanishes F f : supported F (fun i => 0 <= f i) -> mean F f = 0 -> supported F (fun i => f i = 0).
Proof.
  intros H Hzero i Hi Hpos.
  assert (Hprod : mass F i * f i = 0).
  { apply (total_vanishes (size F) (fun j => mass F j * f j)); auto. intros j Hj.
    pose proof (mass_nonnegative F j Hj) as Hm. destruct (Rle_lt_or_eq_dec _ _ Hm) as [Hp|Hn].
    - apply Rmult_le_pos; [assumption|exact (H j Hj Hp)].
    - rewrite <- Hn; lra. }
  destruct (Rmult_integral _ _ Hprod); lra.
Qed.

Definition base_of (F : Finite) : BaseDistribution nat.
Proof.
  refine {| Integrable := fun _ => True; E := mean F; almost := supported F |}; auto; unfold supported; auto.
  - unfold mean. rewrite (total_equal _ _ (mass F)) by (intros; ring). apply mass_one.
  - intros x y f g _ _. unfold mean. rewrite <- total_linear. apply total_equal. intros; ring.
  - intros f g _ _. apply mean_le.
  - intros f _. apply mean_vanishes.
Defined.

(** The definition of a base is not empty: it has all finite ones among its models. *)
Theorem finite__is_a_base : forall F : Finite, exists B : BaseDistribution nat,
  (forall f, Integrable B f /\ E B f = total (size F) (fun i => mass F i * f i)) /\
  (forall P, almost B P <-> forall i, (i < size F)%nat -> 0 < mass F i -> P i).
Proof. intro F. exists (base_of F). split; [split; [exact I|reflexivity]|intro P; split; auto]. Qed.
