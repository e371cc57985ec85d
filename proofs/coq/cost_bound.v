(** * The cost bound

    A quantilizer plays no action more than 1/q times as often as its base. *)

From Coq Require Import Reals Lra Psatz List.
From QTheory Require Import base.
From QTheory Require statements.
Import ListNotations.
Open Scope R_scope.


Theorem cost_bound__bound : statements.cost_bound__bound.
Proof.
  unfold statements.cost_bound__bound; intros; level q r.
  integrate B [(r, fun a => c a); (-1, fun a => c a * w a)] as mean at a; [nra|lra].
Qed.

Theorem cost_bound__any_policy : statements.cost_bound__any_policy.
Proof.
  unfold statements.cost_bound__any_policy; intros.
  integrate B [(t, fun a => c a); (-1, fun a => c a * v a)] as mean at a; [nra|lra].
Qed.

(** What the bound gives away is the cost on actions that are not full. *)
Theorem cost_bound__defect : statements.cost_bound__defect.
Proof.
  unfold statements.cost_bound__defect; intros; level q r.
  integrate B [(r, fun a => c a); (-1, fun a => c a * w a)] as mean at a; [nra|].
  expectation B (fun a => c a * (- w a + 1 * r)) is [(r, fun a => c a); (-1, fun a => c a * w a)] as D at a; [ring|].
  rewrite D; split; lra.
Qed.

Theorem cost_bound__attained : statements.cost_bound__attained.
Proof.
  unfold statements.cost_bound__attained; intros; level q r.
  expectation B (fun a => c a * w a) is [(r, fun a => c a)] as mean at a; [|rewrite mean; ring].
  compare (w a) (1 * r); nra.
Qed.

Theorem cost_bound__only_then : statements.cost_bound__only_then.
Proof.
  unfold statements.cost_bound__only_then; intros; level q r.
  vanishing B [(r, fun a => c a); (-1, fun a => c a * w a)] as zero at a; [nra|lra|].
  at_almost_every a; lra.
Qed.
