(** * Costs with a cap: the fractional knapsack *)

From Coq Require Import Reals Lra Psatz List.
From QTheory Require Import base.
From QTheory Require statements.
Import ListNotations.
Open Scope R_scope.


Theorem bounded_cost__simple : statements.bounded_cost__simple.
Proof.
  unfold statements.bounded_cost__simple; intros; level q r.
  integrate B [(C, fun a => w a); (-1, fun a => c a * w a)] as by_cap at a; [nra|].
  integrate B [(r, fun a => c a); (-1, fun a => c a * w a)] as by_level at a; [nra|].
  apply Rmin_glb; nra.
Qed.

Theorem bounded_cost__dual_bound : statements.bounded_cost__dual_bound.
Proof.
  unfold statements.bounded_cost__dual_bound; intros.
  integrate B [(C, fun a => Rmax 0 (w a - t)); (t, fun a => c a); (-1, fun a => c a * w a)] as mean at a; [|nra].
  positive_part; nra.
Qed.

Theorem bounded_cost__attained : statements.bounded_cost__attained.
Proof.
  unfold statements.bounded_cost__attained; intros.
  expectation B (fun a => c a * w a) is [(C, fun a => Rmax 0 (w a - t)); (t, fun a => c a)] as mean at a; [|nra].
  positive_part; compare (w a) t; nra.
Qed.
