(** * Drawing n and picking one of the top k *)

From Coq Require Import Reals Lra Psatz List.
From QTheory Require Import base.
From QTheory Require statements.
Import ListNotations.
Open Scope R_scope.


Theorem top_k_of_n__sampling : statements.top_k_of_n__sampling.
Proof.
  unfold statements.top_k_of_n__sampling; intros; level k r.
  integrate B [(r, fun a => c a); (-1, fun a => c a * picked a)] as mean at a; [nra|nra].
Qed.

Theorem top_k_of_n__density : statements.top_k_of_n__density.
Proof.
  unfold statements.top_k_of_n__density; intros; level k r.
  integrate B [(n * r, fun a => c a); (-1, fun a => c a * w a)] as mean at a; [nra|nra].
Qed.

Theorem top_k_of_n__rounding_up : statements.top_k_of_n__rounding_up.
Proof.
  unfold statements.top_k_of_n__rounding_up; intros; level k x; level q y.
  assert (n * x <= y) by (assert (n * q * x * y <= k * x * y) by (apply Rmult_le_compat_r; nra); nra).
  integrate B [(y, fun a => c a); (-1, fun a => c a * w a)] as mean at a; [nra|nra].
Qed.

Theorem top_k_of_n__utility : statements.top_k_of_n__utility.
Proof.
  unfold statements.top_k_of_n__utility; intros; set (factor := n / k) in *.
  integrate B [(1, fun a => u a * w2 a); (-1, fun a => u a * w a); (- tau2, fun a => w2 a); (tau2, fun a => w a)]
    as mean at a; [|nra].
  compare (u a) tau2; nra.
Qed.
