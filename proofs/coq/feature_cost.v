(** * Costs of a feature grow only as far as the feature moves *)

From Coq Require Import Reals Lra Psatz List.
From QTheory Require Import base.
From QTheory Require statements.
Import ListNotations.
Open Scope R_scope.


Theorem feature_cost__bound : statements.feature_cost__bound.
Proof.
  unfold statements.feature_cost__bound; intros.
  integrate B [(alpha, fun a => kappa a); (-1, fun a => h a * kappa a)] as mean at a; [nra|lra].
Qed.

Theorem feature_cost__attained : statements.feature_cost__attained.
Proof.
  unfold statements.feature_cost__attained; intros.
  expectation B (fun a => h a * kappa a) is [(alpha, fun a => kappa a)] as mean at a; [|lra].
  compare (h a) alpha; nra.
Qed.

Theorem feature_cost__range : statements.feature_cost__range.
Proof.
  unfold statements.feature_cost__range; intros; level q r.
  integrate B [(alpha, fun _ : A => 1); (-1, fun a => h a)] as at_least at a; [lra|].
  expectation B (fun a => h a * kappa a) is [(alpha, fun a => kappa a)] as moved at a.
  { compare (h a) alpha; nra. }
  integrate B [(r, fun a => kappa a); (-1, fun a => kappa a * w a)] as at_most at a; [nra|].
  split; nra.
Qed.

Theorem feature_cost__unmoved : statements.feature_cost__unmoved.
Proof.
  unfold statements.feature_cost__unmoved; intros.
  vanishing B [(1, fun _ : A => 1); (-1, fun a => h a)] as zero at a; [lra|lra|].
  at_almost_every a; lra.
Qed.
