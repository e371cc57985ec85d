(** * Costs that may be gains: shift, bound, shift back *)

From Coq Require Import Reals Lra Psatz List.
From QTheory Require Import base.
From QTheory Require statements.
Import ListNotations.
Open Scope R_scope.


Theorem signed_cost__bound : statements.signed_cost__bound.
Proof.
  unfold statements.signed_cost__bound; intros; level q r.
  integrate B [(r, fun a => c a); (r * b, fun _ : A => 1); (- b, fun a => w a); (-1, fun a => c a * w a)]
    as mean at a; [|nra].
  assert (0 <= (r - w a) * (c a + b)) by nra. nra.
Qed.

Theorem signed_cost__attained : statements.signed_cost__attained.
Proof.
  unfold statements.signed_cost__attained; intros; level q r.
  expectation B (fun a => c a * w a) is [(r, fun a => c a); (r * b, fun _ : A => 1); (- b, fun a => w a)]
    as mean at a; [|nra].
  compare (w a) (1 * r); nra.
Qed.

Theorem signed_cost__no_bound : statements.signed_cost__no_bound.
Proof.
  unfold statements.signed_cost__no_bound; intros.
  expectation B (fun a => t * (w a - 1)) is [(t, fun a => w a); (- t, fun _ : A => 1)] as mean at a; [ring|].
  expectation B (fun a => w a * t * (w a - 1)) is [(t, fun a => w a ^ 2); (- t, fun a => w a)] as moved at a; [ring|].
  assert (one : E B (fun a => w a) = 1) by assumption.
  rewrite mean, moved, one; split; ring.
Qed.
