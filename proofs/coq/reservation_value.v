(** * Choosing q: what can be guaranteed, and that no policy guarantees more *)

From Coq Require Import Reals Lra Psatz List.
From QTheory Require Import base.
From QTheory Require statements.
Import ListNotations.
Open Scope R_scope.


Theorem reservation_value__guaranteed : statements.reservation_value__guaranteed.
Proof.
  unfold statements.reservation_value__guaranteed; intros; level q r.
  integrate B [(r, fun a => c a); (-1, fun a => c a * w a)] as loss at a; [nra|].
  expectation B (fun a => u a * w a) is [(r, fun a => Rmax 0 (u a - tau)); (tau, fun a => w a)] as gain at a.
  { positive_part; compare (u a) tau; nra. }
  expectation B (fun a => w a * (- c a + u a)) is [(1, fun a => u a * w a); (-1, fun a => c a * w a)] as net at a.
  { ring. }
  rewrite net. nra.
Qed.

Theorem reservation_value__no_more : statements.reservation_value__no_more.
Proof.
  unfold statements.reservation_value__no_more; intros.
  expectation B (fun a => v a * (u a - Rmax 0 (u a - t)))
    is [(1, fun a => u a * v a); (-1, fun a => v a * Rmax 0 (u a - t))] as net at a; [ring|].
  integrate B [(t, fun a => v a); (-1, fun a => u a * v a); (1, fun a => v a * Rmax 0 (u a - t))] as mean at a.
  { positive_part; nra. }
  rewrite net. nra.
Qed.

Theorem reservation_value__every_level : statements.reservation_value__every_level.
Proof.
  unfold statements.reservation_value__every_level; intros; level q r.
  integrate B [(r, fun a => Rmax 0 (u a - t)); (-1, fun a => u a * w a); (t, fun a => w a)] as mean at a; [|nra].
  positive_part; nra.
Qed.

Theorem reservation_value__right_level : statements.reservation_value__right_level.
Proof.
  unfold statements.reservation_value__right_level; intros; level q r.
  expectation B (fun a => u a * w a) is [(r, fun a => Rmax 0 (u a - tau)); (tau, fun a => w a)] as mean at a; [|nra].
  positive_part; compare (u a) tau; nra.
Qed.
