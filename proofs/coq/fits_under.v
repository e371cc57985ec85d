(** * Which policies fit under a multiple of the base

    Densities are taken with respect to any measure that dominates both, so that actions the base never takes are
    those with [g a = 0]. *)

From Coq Require Import Reals Lra Psatz List.
From QTheory Require Import base.
From QTheory Require statements.
Import ListNotations.
Open Scope R_scope.


Theorem fits_under__sufficient : statements.fits_under__sufficient.
Proof.
  unfold statements.fits_under__sufficient; intros.
  integrate B [(t, fun a => c a * g a); (-1, fun a => c a * p a)] as mean at a; [nra|nra].
Qed.

(** The indicator of the set on which [p] exceeds [t g] is a cost that grows by more than [t]. *)
Theorem fits_under__necessary : statements.fits_under__necessary.
Proof.
  unfold statements.fits_under__necessary; intros.
  integrate B [(1, fun a => bad a * p a); (- t, fun a => bad a * g a); (- delta, fun a => bad a)] as mean at a; [|nra].
  destruct (Rle_dec (g a * t + delta) (p a)); nra.
Qed.

Theorem fits_under__factor_below_one : statements.fits_under__factor_below_one.
Proof.
  unfold statements.fits_under__factor_below_one; intros.
  integrate B [(t, fun a => g a); (-1, fun a => p a)] as mean at a; nra.
Qed.

Theorem fits_under__factor_one : statements.fits_under__factor_one.
Proof.
  unfold statements.fits_under__factor_one; intros.
  vanishing B [(1, fun a => g a); (-1, fun a => p a)] as zero at a; [lra|lra|].
  at_almost_every a; lra.
Qed.
