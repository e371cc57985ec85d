(** * Choosing the level: the maximin theorem for finite bases

    Against every cost of mean at most [epsilon], some quantilizer guarantees the reservation value, and no policy
    guarantees more. *)

From Coq Require Import Reals Lra Psatz Lia Arith Ranalysis.
From QTheory Require Import base finite_base finite_search finite_quantilizer finite_cost_bound.
From QTheory Require reservation_value.
Open Scope R_scope.

(** How far utility exceeds a level on average. *)
Definition excess (F : Finite) (u : nat -> R) (t : R) : R := mean F (fun i => Rmax 0 (u i - t)).

(** ** The reservation value exists: the mean excess is continuous in the level *)

Lemma positive_part_continuous x : continuity (fun t => Rmax 0 (x - t)).
Proof.
  intros t e He. exists e. split; [assumption|]. intros s [_ Hs]. unfold dist, R_met, R_dist in *. simpl in *.
  apply Rle_lt_trans with (Rabs (s - t)); [|assumption].
  unfold Rmax, Rabs. destruct (Rle_dec 0 (x - s)), (Rle_dec 0 (x - t)), (Rcase_abs _), (Rcase_abs _); lra.
Qed.

Lemma total_continuous n (f : nat -> R -> R) :
  (forall i, continuity (f i)) -> continuity (fun t => total n (fun i => f i t)).
Proof.
  intro H. induction n as [|n IH]; simpl; [apply continuity_const; intros x y; reflexivity|].
  exact (continuity_plus (fun t => total n (fun i => f i t)) (f n) IH (H n)).
Qed.

Lemma excess_continuous F u : continuity (excess F u).
Proof.
  apply (total_continuous (size F) (fun i t => mass F i * Rmax 0 (u i - t))). intro i.
  apply (continuity_scal (fun t => Rmax 0 (u i - t)) (mass F i)). apply positive_part_continuous.
Qed.

Lemma reservation_level_exists F u epsilon : 0 < epsilon -> exists tau, excess F u tau = epsilon.
Proof.
  intro He. destruct (best_supported F u) as [k [Hk [Pk best]]].
  assert (top : excess F u (u k) = 0).
  { unfold excess. rewrite (mean_equal F _ (fun _ => 0)); [exact (E_nothing (base_of F))|].
    intros i Hi Pi. specialize (best i Hi Pi). cbv beta in best. unfold Rmax. destruct (Rle_dec 0 (u i - u k)); lra. }
  assert (below : forall t, mean F u - t <= excess F u t).
  { intro t. apply Rle_trans with (mean F (fun i => 1 * u i + (- t) * 1)).
    - rewrite (mean_linear F 1 (- t) u (fun _ => 1)), mean_one. lra.
    - apply mean_le. intros i _ _. unfold Rmax. destruct (Rle_dec 0 (u i - t)); lra. }
  assert (low := below (mean F u - epsilon)). assert (high := below (u k)). rewrite top in high.
  destruct (IVT_cor (fun t => excess F u t - epsilon) (mean F u - epsilon) (u k)) as [tau [_ root]].
  - apply (continuity_minus (excess F u) (fun _ => epsilon)); [apply excess_continuous|].
    apply continuity_const; intros x y; reflexivity.
  - lra.
  - rewrite top. nra.
  - exists tau. lra.
Qed.

(** ** The quantilizer that takes all actions at or above a level of positive mass *)

Lemma reservation_policy F u tau : 0 < excess F u tau ->
  exists q w, 0 < q <= 1 /\ (forall i, 0 <= w i) /\ quantilizes (base_of F) q tau u w.
Proof.
  intro He. set (taken i := if Rle_dec tau (u i) then 1 else 0). set (q := mean F taken).
  assert (q <= 1).
  { unfold q. rewrite <- (mean_one F). apply mean_le. intros i _ _. unfold taken. destruct (Rle_dec tau (u i)); lra. }
  assert (0 <= q) by (apply mean_nonnegative; intros i _ _; unfold taken; destruct (Rle_dec tau (u i)); lra).
  assert (0 < q).
  { destruct (Rle_lt_or_eq_dec 0 q) as [|Hz]; [assumption|assumption|exfalso].
    assert (none : supported F (fun i => taken i = 0)).
    { apply mean_vanishes; [|symmetry; exact Hz]. intros i _ _. unfold taken. destruct (Rle_dec tau (u i)); lra. }
    assert (excess F u tau = mean F (fun _ => 0)).
    { apply mean_equal. intros i Hi Pi. specialize (none i Hi Pi). unfold taken in none. cbv beta in none.
      unfold Rmax. destruct (Rle_dec tau (u i)), (Rle_dec 0 (u i - tau)); lra. }
    assert (mean F (fun _ => 0) = 0) by exact (E_nothing (base_of F)). lra. }
  assert (0 < / q) by (apply Rinv_0_lt_compat; assumption).
  assert (range : forall i, 0 <= / q * taken i <= 1 / q).
  { intro i. unfold taken, Rdiv. destruct (Rle_dec tau (u i)); lra. }
  exists q, (fun i => / q * taken i). repeat split; try lra; try (intros i; apply range).
  - intros i _ _. apply Rle_ge, range.
  - intros i _ _. apply range.
  - change (mean F (fun i => / q * taken i) = 1).
    rewrite (mean_equal F _ (fun i => / q * taken i + 0 * taken i)) by (intros i _ _; ring).
    rewrite mean_linear. fold q. field. lra.
  - intros i _ _ K. unfold taken. destruct (Rle_dec tau (u i)); [field; lra|lra].
  - intros i _ _ K. unfold taken. destruct (Rle_dec tau (u i)); [lra|ring].
Qed.

(** ** The saddle point *)

(** Guaranteed: whatever the cost, the quantilizer keeps the reservation value. No more: against the excess of utility
    over that value, every policy is left with at most it, also on actions that the base never takes. *)
Theorem finite__maximin : forall (F : Finite) (u : nat -> R) (epsilon : R), 0 < epsilon ->
  exists tau q w, 0 < q <= 1 /\ quantilizes (base_of F) q tau u w /\
    mean F (fun i => Rmax 0 (u i - tau)) = epsilon /\
    (forall c, (forall i, 0 <= c i) -> mean F c <= epsilon -> tau <= mean F (fun i => w i * (- c i + u i))) /\
    (forall p, policy F p -> total (size F) (fun i => p i * (u i - Rmax 0 (u i - tau))) <= tau).
Proof.
  intros F u epsilon He. destruct (reservation_level_exists F u epsilon He) as [tau root].
  destruct (reservation_policy F u tau) as [q [w [Hq [_ HQ]]]]; [lra|].
  exists tau, q, w. repeat split; try apply HQ; try lra; [exact root| |].
  - intros c Hc Hmean. destruct HQ as [w0 [w1 [Ew [full empty]]]]. apply Rge_le.
    apply (reservation_value.reservation_value__guaranteed nat (base_of F) q tau c u w);
      try exact I; try lra; auto.
    + intros i _ _. apply Rle_ge, Hc.
    + change (mean F c <= excess F u tau). lra.
  - intros p [p0 p1]. apply Rle_trans with (total (size F) (fun i => tau * p i)); [|rewrite total_scaled, p1; lra].
    apply total_le. intros i Hi. specialize (p0 i Hi). unfold Rmax. destruct (Rle_dec 0 (u i - tau)); nra.
Qed.

(** The same value is the best guarantee of the cost bound over all levels. *)
Theorem finite__best_level : forall (F : Finite) (u : nat -> R) (tau epsilon : R), 0 < epsilon ->
  mean F (fun i => Rmax 0 (u i - tau)) = epsilon ->
  (exists q w, 0 < q <= 1 /\ quantilizes (base_of F) q tau u w /\ mean F (fun i => u i * w i) - epsilon / q = tau) /\
  (forall q sigma w, 0 < q <= 1 -> quantilizes (base_of F) q sigma u w ->
     mean F (fun i => u i * w i) - epsilon / q <= tau).
Proof.
  intros F u tau epsilon He root. split.
  - destruct (reservation_policy F u tau) as [q [w [Hq [_ HQ]]]]; [unfold excess; lra|].
    exists q, w. split; [assumption|]. split; [assumption|]. destruct HQ as [w0 [w1 [Ew [full empty]]]].
    rewrite <- root. apply (reservation_value.reservation_value__right_level nat (base_of F) q tau u w);
      try exact I; try lra; auto.
  - intros q sigma w Hq [w0 [w1 [Ew [full empty]]]].
    assert (- (epsilon / q) + mean F (fun i => u i * w i) <= tau); [|lra].
    apply (reservation_value.reservation_value__every_level nat (base_of F) epsilon q tau sigma u w);
      try exact I; try lra; auto.
Qed.

(** So the reservation value is unique. *)
Theorem finite__reservation_value_unique : forall (F : Finite) (u : nat -> R) (s t epsilon : R), 0 < epsilon ->
  mean F (fun i => Rmax 0 (u i - s)) = epsilon -> mean F (fun i => Rmax 0 (u i - t)) = epsilon -> s = t.
Proof.
  intros F u s t epsilon He Hs Ht.
  destruct (finite__best_level F u s epsilon He Hs) as [[q [w [Hq [HQ Vs]]]] below_s].
  destruct (finite__best_level F u t epsilon He Ht) as [[r [v [Hr [HR Vt]]]] below_t].
  specialize (below_s r t v Hr HR). specialize (below_t q s w Hq HQ). lra.
Qed.
