(** * How far a quantilizer is from its base

    The parts that speak of logarithms are proved by derivation only. *)

From Coq Require Import Reals Lra Psatz List.
From QTheory Require Import base.
From QTheory Require statements.
Import ListNotations.
Open Scope R_scope.


Theorem quantilizer_divergences__chi_squared : statements.quantilizer_divergences__chi_squared.
Proof.
  unfold statements.quantilizer_divergences__chi_squared; intros; level q r.
  integrate B [(r, fun a => w a); (-1, fun a => w a ^ 2)] as mean at a; nra.
Qed.

Theorem quantilizer_divergences__total_variation : statements.quantilizer_divergences__total_variation.
Proof.
  unfold statements.quantilizer_divergences__total_variation; intros; level q r.
  integrate B [(1, fun _ : A => 1); (- q, fun a => w a); (-1, fun a => Rmax 0 (1 - w a))] as mean at a; [|nra].
  positive_part; nra.
Qed.

Theorem quantilizer_divergences__renyi_3 : statements.quantilizer_divergences__renyi_3.
Proof.
  unfold statements.quantilizer_divergences__renyi_3; intros.
  replace (1 / q ^ 2) with ((1 / q) * (1 / q)) by (field; lra).
  level q r.
  integrate B [(r * r, fun a => w a); (-1, fun a => w a ^ 3)] as mean at a; [|nra].
  assert (0 <= w a * ((r - w a) * (r + w a))) by (repeat apply Rmult_le_pos; lra). lra.
Qed.

Theorem quantilizer_divergences__sup_ratio : statements.quantilizer_divergences__sup_ratio.
Proof. unfold statements.quantilizer_divergences__sup_ratio; intros; assumption. Qed.

Theorem quantilizer_divergences__equality : statements.quantilizer_divergences__equality.
Proof.
  unfold statements.quantilizer_divergences__equality; intros; level q r.
  expectation B (fun a => w a ^ 2) is [(r, fun a => w a)] as square at a; [nra|].
  expectation B (fun a => Rmax 0 (1 - w a)) is [(1, fun _ : A => 1); (- q, fun a => w a)] as missed at a.
  { positive_part; nra. }
  rewrite square, missed; split; nra.
Qed.
