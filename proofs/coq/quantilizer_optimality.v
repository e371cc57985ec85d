(** * The quantilizer is optimal

    A rival with the same protection has less mass above the threshold and more below it. *)

From Coq Require Import Reals Lra Psatz List.
From QTheory Require Import base.
From QTheory Require statements.
Import ListNotations.
Open Scope R_scope.


Theorem quantilizer_optimality__optimal : statements.quantilizer_optimality__optimal.
Proof.
  unfold statements.quantilizer_optimality__optimal; intros; level q r.
  integrate B [(1, fun a => u a * w a); (-1, fun a => u a * v a); (- tau, fun a => w a); (tau, fun a => v a)]
    as mean at a; [|nra].
  compare (u a) tau; nra.
Qed.

Theorem quantilizer_optimality__unique : statements.quantilizer_optimality__unique.
Proof.
  unfold statements.quantilizer_optimality__unique; intros.
  assert (E B (fun a => u a * v a) <= E B (fun a => u a * w a)).
  { apply (quantilizer_optimality__optimal A B q tau u v w); auto. }
  level q r.
  vanishing B [(1, fun a => u a * w a); (-1, fun a => u a * v a); (- tau, fun a => w a); (tau, fun a => v a)]
    as zero at a; [compare (u a) tau; nra|nra|].
  at_almost_every a.
  assert ((u a - tau) * (v a - w a) = 0) as Z by lra.
  destruct (Rmult_integral _ _ Z); lra.
Qed.

Theorem quantilizer_optimality__dominates : statements.quantilizer_optimality__dominates.
Proof.
  unfold statements.quantilizer_optimality__dominates; intros; level q r.
  set (at_tau := if Rle_dec t tau then 1 else 0).
  integrate B [(1, fun a => w a * (if Rle_dec t (u a) then 1 else 0));
               (-1, fun a => v a * (if Rle_dec t (u a) then 1 else 0));
               (- at_tau, fun a => w a); (at_tau, fun a => v a)] as mean at a; [|nra].
  unfold at_tau; compare (u a) tau; destruct (Rle_dec t (u a)), (Rle_dec t tau); nra.
Qed.
