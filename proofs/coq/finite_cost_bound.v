(** * When the cost bound is attained, and how sharp it is *)

From Coq Require Import Reals Lra Psatz Lia Arith.
From QTheory Require Import base finite_base finite_search finite_quantilizer.
From QTheory Require cost_bound.
Open Scope R_scope.

(** ** Equality

    The factor 1/q is attained by exactly those costs that vanish off the full actions; so some cost of positive mean
    attains it exactly if some action is full. *)

Theorem finite__cost_bound_attained_iff : forall (F : Finite) (q tau : R) (u w c : nat -> R), 0 < q <= 1 ->
  quantilizes (base_of F) q tau u w -> (forall i, 0 <= c i) ->
  (mean F (fun i => c i * w i) = mean F c / q <->
   forall i, (i < size F)%nat -> 0 < mass F i -> w i < 1 / q -> c i = 0).
Proof.
  intros F q tau u w c Hq [w0 [w1 [Ew [full empty]]]] Hc. split; intro H.
  - intros i Hi Hpos Hw.
    assert (Hz : supported F (fun i => c i * (- w i + 1 / q) = 0)).
    { apply (cost_bound.cost_bound__only_then nat (base_of F) q tau c u w); try exact I; try lra; auto.
      intros j _ _. apply Rle_ge, Hc. }
    destruct (Rmult_integral _ _ (Hz i Hi Hpos)); lra.
  - apply (cost_bound.cost_bound__attained nat (base_of F) q tau c u w); try exact I; try lra; auto.
    intros j _ _. apply Rle_ge, Hc.
Qed.

(** The cost that sits on one action alone. *)
Definition on (k : nat) (x : R) (i : nat) : R := if Nat.eq_dec i k then x else 0.

Lemma total_on n k x f : (k < n)%nat -> total n (fun i => f i * on k x i) = f k * x.
Proof.
  intro Hk. rewrite (total_equal n _ (fun i => if Nat.eq_dec i k then f i * x else 0)).
  - exact (total_single n k (fun i => f i * x) Hk).
  - intros i _. unfold on. destruct (Nat.eq_dec i k); ring.
Qed.

Lemma mean_on F k x f : (k < size F)%nat -> mean F (fun i => on k x i * f i) = mass F k * x * f k.
Proof.
  intro Hk. unfold mean. rewrite (total_equal _ _ (fun i => (mass F i * f i) * on k x i)) by (intros; ring).
  rewrite total_on by assumption. ring.
Qed.

Lemma mean_on_one F k x : (k < size F)%nat -> mean F (on k x) = mass F k * x.
Proof.
  intro Hk. rewrite (mean_equal F _ (fun i => on k x i * 1)) by (intros i _ _; ring).
  rewrite (mean_on F k x (fun _ => 1) Hk). ring.
Qed.

Lemma on_nonnegative k x i : 0 <= x -> 0 <= on k x i.
Proof. intro. unfold on. destruct (Nat.eq_dec i k); lra. Qed.

Theorem finite__factor_attained_iff_full_action : forall (F : Finite) (q tau : R) (u w : nat -> R), 0 < q <= 1 ->
  quantilizes (base_of F) q tau u w ->
  ((exists c, (forall i, 0 <= c i) /\ 0 < mean F c /\ mean F (fun i => c i * w i) = mean F c / q) <->
   (exists k, (k < size F)%nat /\ 0 < mass F k /\ w k = 1 / q)).
Proof.
  intros F q tau u w Hq HQ. split.
  - intros [c [Hc [Hpos He]]].
    pose proof (proj1 (finite__cost_bound_attained_iff F q tau u w c Hq HQ Hc) He) as vanishes_off.
    destruct (best_supported F w) as [k [Hk [Pk best]]]. exists k. repeat split; auto.
    destruct HQ as [_ [w1 _]]. specialize (w1 k Hk Pk) as Hle. cbv beta in Hle.
    destruct (Rlt_dec (w k) (1 / q)) as [Hlt|]; [|lra].
    (* No action would be full, and the cost would vanish everywhere. *)
    exfalso. assert (mean F c = mean F (fun _ => 0)).
    { apply mean_equal. intros i Hi Pi. apply vanishes_off; auto. specialize (best i Hi Pi). cbv beta in best. lra. }
    assert (mean F (fun _ => 0) = 0) by exact (E_nothing (base_of F)). lra.
  - intros [k [Hk [Pk full]]]. exists (on k 1). split; [|split].
    + intro i. apply on_nonnegative. lra.
    + rewrite mean_on_one by assumption. lra.
    + rewrite mean_on, mean_on_one, full by assumption. unfold Rdiv. ring.
Qed.

(** ** The sharp factor

    For any density ratio, quantilizer or not, the largest factor by which a nonnegative cost can grow is its largest
    value; and the worst cost of each mean attains it. *)

Theorem finite__sharp_factor : forall (F : Finite) (w : nat -> R), (forall i, 0 <= w i) ->
  exists k, (k < size F)%nat /\ 0 < mass F k /\ supported F (fun i => w i <= w k) /\
    (forall c, (forall i, 0 <= c i) -> mean F (fun i => c i * w i) <= w k * mean F c) /\
    (forall epsilon, 0 <= epsilon -> exists c, (forall i, 0 <= c i) /\ mean F c = epsilon /\
       mean F (fun i => c i * w i) = w k * epsilon).
Proof.
  intros F w Hw. destruct (best_supported F w) as [k [Hk [Pk best]]]. exists k. repeat split; auto.
  - intros c Hc. apply Rle_trans with (mean F (fun i => w k * c i + 0 * c i)); [|rewrite mean_linear; lra].
    apply mean_le. intros i Hi Pi. specialize (best i Hi Pi). cbv beta in best. specialize (Hc i). nra.
  - intros epsilon He. assert (Hi : 0 < / mass F k) by (apply Rinv_0_lt_compat; assumption).
    exists (on k (epsilon / mass F k)). split; [|split].
    + intro i. apply on_nonnegative. unfold Rdiv. nra.
    + rewrite mean_on_one by assumption. field. lra.
    + rewrite mean_on by assumption. field. lra.
Qed.

(** ** Fitting under a multiple of the base

    Of all policies, also those that play actions the base never takes: every cost of mean at most one stays below [t]
    exactly if the policy is at most [t] times the base at every action. *)

Definition policy (F : Finite) (p : nat -> R) : Prop :=
  (forall i, (i < size F)%nat -> 0 <= p i) /\ total (size F) p = 1.

Theorem finite__fits_under_iff : forall (F : Finite) (p : nat -> R) (t : R), policy F p ->
  ((forall c, (forall i, 0 <= c i) -> mean F c <= 1 -> total (size F) (fun i => p i * c i) <= t) <->
   (forall i, (i < size F)%nat -> p i <= t * mass F i)).
Proof.
  intros F p t [p0 p1]. split.
  - intros H k Hk. pose proof (mass_nonnegative F k Hk) as Hm.
    destruct (Rle_lt_or_eq_dec _ _ Hm) as [Pk|Nk].
    + assert (0 < / mass F k) by (apply Rinv_0_lt_compat; assumption).
      specialize (H (on k (/ mass F k))). rewrite mean_on_one, total_on in H by assumption.
      assert (p k * / mass F k <= t).
      { apply H; [intro i; apply on_nonnegative; lra|rewrite Rinv_r; lra]. }
      apply (Rmult_le_reg_r (/ mass F k)); [assumption|]. rewrite Rmult_assoc, Rinv_r; lra.
    + (* On an action the base never takes, a cost of mean zero can be arbitrarily large. *)
      rewrite <- Nk, Rmult_0_r. apply Rnot_lt_le. intro Pp.
      assert (0 < / p k) by (apply Rinv_0_lt_compat; assumption).
      set (x := (Rabs t + 1) / p k). assert (0 <= x) by (unfold x, Rdiv; pose proof (Rabs_pos t); nra).
      specialize (H (on k x)). rewrite mean_on_one, total_on, <- Nk in H by assumption.
      assert (p k * x <= t) by (apply H; [intro i; apply on_nonnegative; assumption|lra]).
      assert (p k * x = Rabs t + 1) by (unfold x; field; lra). pose proof (Rle_abs t). lra.
  - intros H c Hc Hmean.
    assert (1 <= t).
    { rewrite <- p1. rewrite <- (Rmult_1_r t), <- (mass_one F), <- total_scaled. apply total_le. exact H. }
    apply Rle_trans with (t * mean F c); [|nra]. unfold mean. rewrite <- total_scaled. apply total_le.
    intros i Hi. specialize (H i Hi). specialize (Hc i). nra.
Qed.
