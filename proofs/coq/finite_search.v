(** * The best among finitely many actions *)

From Coq Require Import Reals Lra Lia Arith.
From QTheory Require Import base finite_base.
Open Scope R_scope.

Lemma best_or_none n (P : nat -> Prop) (decided : forall i, {P i} + {~ P i}) (f : nat -> R) :
  (forall i, (i < n)%nat -> ~ P i) \/
  exists k, (k < n)%nat /\ P k /\ forall i, (i < n)%nat -> P i -> f i <= f k.
Proof.
  induction n as [|n [none|[k [Hk [Pk best]]]]]; [left; intros; lia| |].
  - destruct (decided n) as [Pn|Nn].
    + right; exists n. repeat split; [lia|assumption|]. intros i Hi Pi.
      destruct (Nat.eq_dec i n) as [->|]; [lra|]. exfalso; apply (none i); [lia|assumption].
    + left; intros i Hi. destruct (Nat.eq_dec i n) as [->|]; [assumption|apply none; lia].
  - right. destruct (decided n) as [Pn|Nn], (Rle_dec (f n) (f k)) as [le|gt].
    all: try (exists k; repeat split; [lia|assumption|]; intros i Hi Pi;
              destruct (Nat.eq_dec i n) as [->|]; [lra || contradiction|apply best; [lia|assumption]]).
    exists n. repeat split; [lia|assumption|]. intros i Hi Pi.
    destruct (Nat.eq_dec i n) as [->|]; [lra|]. assert (f i <= f k) by (apply best; [lia|assumption]). lra.
Qed.

Lemma positive_dec (x : R) : {0 < x} + {~ 0 < x}.
Proof. destruct (Rlt_dec 0 x); [left|right]; assumption. Qed.

(** Some action has positive mass; among those, one has the largest value. *)
Lemma best_supported F f : exists k, (k < size F)%nat /\ 0 < mass F k /\ supported F (fun i => f i <= f k).
Proof.
  destruct (best_or_none (size F) (fun i => 0 < mass F i) (fun i => positive_dec (mass F i)) f)
    as [none|[k [Hk [Pk best]]]].
  - exfalso. assert (Hz : total (size F) (mass F) = total (size F) (fun _ => 0)).
    { apply total_equal. intros i Hi. pose proof (mass_nonnegative F i Hi). specialize (none i Hi). lra. }
    rewrite total_nothing, mass_one in Hz. lra.
  - exists k. repeat split; auto.
Qed.
