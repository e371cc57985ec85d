(** * How the expected utility depends on the level

    Everything here compares the quantilizer with a rival that has less mass above its threshold and more below. *)

From Coq Require Import Reals Lra Psatz List.
From QTheory Require Import base.
From QTheory Require statements.
Import ListNotations.
Open Scope R_scope.


Theorem utility_antitone__antitone : statements.utility_antitone__antitone.
Proof.
  unfold statements.utility_antitone__antitone; intros.
  assert (/ r <= / q) by (apply Rinv_le_contravar; lra).
  level q x; level r y.
  integrate B [(1, fun a => u a * w a); (-1, fun a => u a * w2 a); (- tau, fun a => w a); (tau, fun a => w2 a)]
    as mean at a; [|nra].
  compare (u a) tau; nra.
Qed.

(** A density ratio is at most 1/q: q times it is a share between 0 and 1; and so are mixtures of shares. *)
Lemma share q x w : 0 < q -> q * x = 1 -> w >= 0 -> w <= 1 * x -> 0 <= q * w <= 1.
Proof. intros; split; nra. Qed.

Lemma mixture lam x y : lam >= 0 -> lam <= 1 -> 0 <= x <= 1 -> 0 <= y <= 1 -> 0 <= lam * x + (1 - lam) * y <= 1.
Proof. intros; split; nra. Qed.

Lemma full_or_empty x tau s z w mixed :
  0 <= mixed <= 1 -> s * z = 1 -> (x > tau -> w = 1 * z) -> (x < tau -> w = 0) -> 0 <= (x - tau) * (s * w - mixed).
Proof.
  intros Hm Hz above below. destruct (Rtotal_order x tau) as [K|[K|K]].
  - rewrite (below K). nra.
  - rewrite K. lra.
  - rewrite (above K). replace (s * (1 * z)) with 1 by lra. nra.
Qed.

Theorem utility_antitone__concave : statements.utility_antitone__concave.
Proof.
  unfold statements.utility_antitone__concave; intros.
  remember (lam * q + r * (1 - lam)) as s eqn:Hs.
  level s z; level q x; level r y.
  integrate B [(s, fun a => u a * w a); (- (lam * q), fun a => u a * w2 a); (- (r * (1 - lam)), fun a => u a * w3 a);
               (- (tau * s), fun a => w a); (tau * (lam * q), fun a => w2 a); (tau * (r * (1 - lam)), fun a => w3 a)]
    as mean at a.
  - assert (0 <= q * w2 a <= 1) by (apply (share q x); auto; lra).
    assert (0 <= r * w3 a <= 1) by (apply (share r y); auto; lra).
    assert (0 <= lam * (q * w2 a) + (1 - lam) * (r * w3 a) <= 1) by (apply mixture; auto).
    assert (0 <= (u a - tau) * (s * w a - (lam * (q * w2 a) + (1 - lam) * (r * w3 a))))
      by (apply full_or_empty with (z := z); auto).
    lra.
  - repeat match goal with K : E B _ = 1 |- _ => rewrite K in mean; clear K end.
    assert (tau * s = tau * (lam * q) + tau * (r * (1 - lam))) by (rewrite Hs; ring). lra.
Qed.

Theorem utility_antitone__whole_base : statements.utility_antitone__whole_base.
Proof.
  unfold statements.utility_antitone__whole_base; intros.
  vanishing B [(1, fun _ : A => 1); (-1, fun a => w a)] as zero at a; [lra|lra|].
  expectation B (fun a => u a * w a) is [(1, fun a => u a)] as mean at a; [nra|lra].
Qed.
