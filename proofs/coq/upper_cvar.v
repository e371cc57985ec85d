(** * The expected utility of the quantilizer is the upper conditional value-at-risk *)

From Coq Require Import Reals Lra Psatz List.
From QTheory Require Import base.
From QTheory Require statements.
Import ListNotations.
Open Scope R_scope.


Theorem upper_cvar__dual_bound : statements.upper_cvar__dual_bound.
Proof.
  unfold statements.upper_cvar__dual_bound; intros; level q r.
  integrate B [(r, fun a => Rmax 0 (u a - t)); (-1, fun a => u a * w a); (t, fun a => w a)] as mean at a; [|nra].
  positive_part; nra.
Qed.

Theorem upper_cvar__attained : statements.upper_cvar__attained.
Proof.
  unfold statements.upper_cvar__attained; intros; level q r.
  expectation B (fun a => u a * w a) is [(r, fun a => Rmax 0 (u a - tau)); (tau, fun a => w a)] as mean at a; [|nra].
  positive_part; compare (u a) tau; nra.
Qed.

Theorem upper_cvar__risk_envelope : statements.upper_cvar__risk_envelope.
Proof.
  unfold statements.upper_cvar__risk_envelope; intros; level q r.
  integrate B [(r, fun a => Rmax 0 (u a - tau)); (-1, fun a => u a * v a); (tau, fun a => v a)] as mean at a; [|nra].
  positive_part; nra.
Qed.
