(** * The quantilizer exists

    For every finite base, utility and level: the form that shares the straddling level of utility in proportion to
    mass satisfies everything that the claims assume of a quantilizer. *)

From Coq Require Import Reals Lra Psatz Lia Arith List.
From QTheory Require Import base finite_base finite_search.
From QTheory Require quantilizer_optimality upper_cvar.
Import ListNotations.
Open Scope R_scope.

(** Mass strictly above a level of utility, and on it. *)
Definition above (F : Finite) (u : nat -> R) (t : R) : R := mean F (fun i => if Rlt_dec t (u i) then 1 else 0).
Definition level_mass (F : Finite) (u : nat -> R) (t : R) : R := mean F (fun i => if Req_EM_T t (u i) then 1 else 0).

(** The density ratio: each level takes what those above it leave of [q], at most all of itself. *)
Definition proportional (F : Finite) (q : R) (u : nat -> R) (i : nat) : R :=
  Rmin 1 (Rmax 0 ((q - above F u (u i)) / level_mass F u (u i))) / q.

(** What the claims assume of a quantilizer. *)
Definition quantilizes {A : Type} (B : BaseDistribution A) (q tau : R) (u w : A -> R) : Prop :=
  almost B (fun a => w a >= 0) /\ almost B (fun a => w a <= 1 / q) /\ E B (fun a => w a) = 1 /\
  almost B (fun a => u a > tau -> w a = 1 / q) /\ almost B (fun a => u a < tau -> w a = 0).

Section Existence.
Variables (F : Finite) (u : nat -> R) (q : R).
Hypothesis level_ok : 0 < q <= 1.

Lemma mean_linear x y f g : mean F (fun i => x * f i + y * g i) = x * mean F f + y * mean F g.
Proof. exact (E_linear nat (base_of F) x y f g I I). Qed.

Lemma mean_one : mean F (fun _ => 1) = 1.
Proof. exact (E_one nat (base_of F)). Qed.

Lemma mean_equal f g : supported F (fun i => f i = g i) -> mean F f = mean F g.
Proof. intro H. apply (E_equal (base_of F)); [exact I|exact H]. Qed.

Lemma at_least t : mean F (fun i => if Rle_dec t (u i) then 1 else 0) = above F u t + level_mass F u t.
Proof.
  unfold above, level_mass.
  rewrite <- (Rmult_1_l (mean F (fun i => if Rlt_dec t (u i) then 1 else 0))),
          <- (Rmult_1_l (mean F (fun i => if Req_EM_T t (u i) then 1 else 0))), <- mean_linear.
  apply mean_equal. intros i _ _. destruct (Rle_dec t (u i)), (Rlt_dec t (u i)), (Req_EM_T t (u i)); lra.
Qed.

Lemma mean_nonnegative f : supported F (fun i => 0 <= f i) -> 0 <= mean F f.
Proof. intro H. rewrite <- (E_nothing (base_of F)). apply mean_le. exact H. Qed.

Lemma level_nonnegative t : 0 <= level_mass F u t.
Proof. apply mean_nonnegative. intros i _ _. destruct (Req_EM_T t (u i)); lra. Qed.

(** A better level of utility is reached by no more than what lies strictly above the lower one. *)
Lemma reached_above s t : s < t -> above F u t + level_mass F u t <= above F u s.
Proof.
  intro H. rewrite <- at_least. apply mean_le. intros i _ _. destruct (Rle_dec t (u i)), (Rlt_dec s (u i)); lra.
Qed.

Lemma own_level i : (i < size F)%nat -> 0 < mass F i -> 0 < level_mass F u (u i).
Proof.
  intros Hi Hpos. destruct (Rle_lt_or_eq_dec _ _ (level_nonnegative (u i))) as [|Hz]; [assumption|].
  assert (Hv := mean_vanishes F (fun j => if Req_EM_T (u i) (u j) then 1 else 0)).
  assert (Hone : (if Req_EM_T (u i) (u i) then 1 else 0) = 0).
  { apply Hv; auto. intros j _ _. destruct (Req_EM_T (u i) (u j)); lra. }
  destruct (Req_EM_T (u i) (u i)); lra.
Qed.

(** The threshold: the largest utility that is reached with mass at least [q]. *)
Lemma threshold_exists : exists tau, above F u tau < q <= above F u tau + level_mass F u tau.
Proof.
  set (reached i := 0 < mass F i /\ q <= above F u (u i) + level_mass F u (u i)).
  assert (decided : forall i, {reached i} + {~ reached i}).
  { intro i. unfold reached. destruct (positive_dec (mass F i)); [|right; tauto].
    destruct (Rle_dec q (above F u (u i) + level_mass F u (u i))); [left; auto|right; tauto]. }
  destruct (best_or_none (size F) reached decided u) as [none|[k [Hk [[Pk Rk] best]]]].
  - (* The least useful action of positive mass is reached with all mass. *)
    exfalso. destruct (best_supported F (fun i => - u i)) as [k [Hk [Pk worst]]]. apply (none k Hk).
    split; [assumption|]. rewrite <- at_least, (mean_equal _ (fun _ => 1)); [rewrite mean_one; lra|].
    intros i Hi Hpos. specialize (worst i Hi Hpos). cbv beta in worst. destruct (Rle_dec (u k) (u i)); lra.
  - exists (u k). split; [|assumption].
    destruct (best_or_none (size F) (fun i => 0 < mass F i /\ u k < u i)
      (fun i => match positive_dec (mass F i), Rlt_dec (u k) (u i) with
                | left a, left b => left (conj a b)
                | right n, _ => right (fun c => n (proj1 c))
                | _, right n => right (fun c => n (proj2 c))
                end) (fun i => - u i)) as [top|[j [Hj [[Pj Uj] next]]]].
    + unfold above. rewrite (mean_equal _ (fun _ => 0 * 1 + 0 * 1)); [rewrite (mean_linear 0 0 (fun _ => 1) (fun _ => 1)); lra|].
      intros i Hi Hpos. destruct (Rlt_dec (u k) (u i)); [exfalso; apply (top i Hi); auto|lra].
    + assert (Hj' : ~ reached j) by (intro c; assert (u j <= u k) by (apply best; auto); lra).
      assert (above F u (u j) + level_mass F u (u j) < q).
      { apply Rnot_le_lt. intro c. apply Hj'. split; assumption. }
      apply Rle_lt_trans with (above F u (u j) + level_mass F u (u j)); [|assumption].
      rewrite <- at_least. apply mean_le. intros i Hi Hpos.
      destruct (Rlt_dec (u k) (u i)), (Rle_dec (u j) (u i)); try lra.
      assert (- u i <= - u j) by (apply next; auto). lra.
Qed.

Variable tau : R.
Hypothesis threshold : above F u tau < q <= above F u tau + level_mass F u tau.

Lemma clipped x : 0 <= Rmin 1 (Rmax 0 x) <= 1.
Proof. unfold Rmin, Rmax. destruct (Rle_dec 0 x), (Rle_dec 1 _); lra. Qed.

Lemma proportional_range i : 0 <= proportional F q u i <= 1 / q.
Proof.
  unfold proportional. pose proof (clipped ((q - above F u (u i)) / level_mass F u (u i))) as [low high].
  assert (0 < / q) by (apply Rinv_0_lt_compat; lra). unfold Rdiv at 1 4. split; [nra|apply Rmult_le_compat_r; lra].
Qed.

Lemma proportional_above i : (i < size F)%nat -> 0 < mass F i -> u i > tau -> proportional F q u i = 1 / q.
Proof.
  intros Hi Hpos Hu. unfold proportional. pose proof (own_level i Hi Hpos) as HT.
  pose proof (reached_above tau (u i) Hu). f_equal.
  assert (1 <= (q - above F u (u i)) / level_mass F u (u i)).
  { apply (Rmult_le_reg_r (level_mass F u (u i))); [assumption|].
    unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra. lra. }
  unfold Rmin, Rmax. destruct (Rle_dec 0 _), (Rle_dec 1 _); lra.
Qed.

Lemma proportional_below i : (i < size F)%nat -> 0 < mass F i -> u i < tau -> proportional F q u i = 0.
Proof.
  intros Hi Hpos Hu. unfold proportional. pose proof (own_level i Hi Hpos) as HT.
  pose proof (reached_above (u i) tau Hu).
  assert ((q - above F u (u i)) / level_mass F u (u i) <= 0).
  { apply (Rmult_le_reg_r (level_mass F u (u i))); [assumption|].
    unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra. lra. }
  replace (Rmin 1 (Rmax 0 _)) with 0; [unfold Rdiv; ring|].
  unfold Rmin, Rmax. destruct (Rle_dec 0 _), (Rle_dec 1 _); lra.
Qed.

Lemma proportional_at i : u i = tau -> proportional F q u i = (q - above F u tau) / level_mass F u tau / q.
Proof.
  intro Hu. unfold proportional. rewrite Hu. f_equal.
  set (x := (q - above F u tau) / level_mass F u tau).
  assert (0 < level_mass F u tau) by lra.
  assert (0 < / level_mass F u tau) by (apply Rinv_0_lt_compat; assumption).
  assert (0 <= x <= 1).
  { unfold x, Rdiv. split; [nra|]. apply (Rmult_le_reg_r (level_mass F u tau)); [assumption|].
    rewrite Rmult_assoc, Rinv_l by lra. lra. }
  unfold Rmin, Rmax. destruct (Rle_dec 0 x), (Rle_dec 1 _); lra.
Qed.

Lemma proportional_mean : mean F (proportional F q u) = 1.
Proof.
  rewrite (mean_equal _ (fun i => (1 / q) * (if Rlt_dec tau (u i) then 1 else 0) +
    ((q - above F u tau) / level_mass F u tau / q) * (if Req_EM_T tau (u i) then 1 else 0))).
  - rewrite mean_linear. fold (above F u tau). fold (level_mass F u tau). field. lra.
  - intros i Hi Hpos. destruct (Rtotal_order (u i) tau) as [K|[K|K]], (Rlt_dec tau (u i)), (Req_EM_T tau (u i)); try lra; try congruence.
    + rewrite (proportional_below i) by assumption. ring.
    + rewrite (proportional_at i) by assumption. ring.
    + rewrite (proportional_above i) by assumption. ring.
Qed.

Lemma proportional_quantilizes : quantilizes (base_of F) q tau u (proportional F q u).
Proof.
  repeat split.
  - intros i _ _. apply Rle_ge, proportional_range.
  - intros i _ _. apply proportional_range.
  - apply proportional_mean.
  - intros i Hi Hpos Hu. apply proportional_above; assumption.
  - intros i Hi Hpos Hu. apply proportional_below; assumption.
Qed.

End Existence.

(** For every finite base, utility and level there is a quantilizer, ties shared in proportion to mass; its threshold
    is the utility at which the mass counted from the top reaches [q]. *)
Theorem finite__quantilizer_exists : forall (F : Finite) (u : nat -> R) (q : R), 0 < q <= 1 ->
  exists tau, above F u tau < q <= above F u tau + level_mass F u tau /\
    quantilizes (base_of F) q tau u (proportional F q u).
Proof.
  intros F u q Hq. destruct (threshold_exists F u q Hq) as [tau H].
  exists tau. split; [assumption|]. apply proportional_quantilizes; assumption.
Qed.

(** It is the best policy with density ratio at most 1/q. *)
Theorem finite__best_policy : forall (F : Finite) (u : nat -> R) (q : R), 0 < q <= 1 ->
  forall v, supported F (fun i => 0 <= v i <= 1 / q) -> mean F v = 1 ->
  mean F (fun i => u i * v i) <= mean F (fun i => u i * proportional F q u i).
Proof.
  intros F u q Hq v Hv Ev. destruct (finite__quantilizer_exists F u q Hq) as [tau [_ [w0 [w1 [Ew [full empty]]]]]].
  apply (quantilizer_optimality.quantilizer_optimality__optimal nat (base_of F) q tau u v (proportional F q u));
    try exact I; try lra; auto; intros i Hi Hpos; specialize (Hv i Hi Hpos); cbv beta in Hv; lra.
Qed.

(** Its expected utility is the minimum over all levels of the dual bound: the threshold attains it. *)
Theorem finite__cvar_minimum : forall (F : Finite) (u : nat -> R) (q : R), 0 < q <= 1 ->
  (forall t, mean F (fun i => u i * proportional F q u i) <= t + mean F (fun i => Rmax 0 (u i - t)) / q) /\
  (exists t, mean F (fun i => u i * proportional F q u i) = t + mean F (fun i => Rmax 0 (u i - t)) / q).
Proof.
  intros F u q Hq. destruct (finite__quantilizer_exists F u q Hq) as [tau [_ [w0 [w1 [Ew [full empty]]]]]]. split.
  - intro t. apply (upper_cvar.upper_cvar__dual_bound nat (base_of F) q t tau u (proportional F q u));
      try exact I; try lra; auto.
  - exists tau. apply (upper_cvar.upper_cvar__attained nat (base_of F) q tau u (proportional F q u));
      try exact I; try lra; auto.
Qed.
