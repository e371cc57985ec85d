(** * What the theorems have to prove

    Generated from the claims by [python -m qtheory.report.coq_statements]: do not edit. *)

From QTheory Require Import base.
From Coq Require Import Reals.
Open Scope R_scope.

Definition bounded_cost__attained : Prop :=
forall (A : Type) (B : BaseDistribution A) (C epsilon q t tau : R) (c u w : A -> R),
  Integrable B (fun a => Rmax 0 (w a - t)) ->
  Integrable B (fun a => c a) ->
  Integrable B (fun a => c a * w a) ->
  Integrable B (fun a => w a) ->
  q > 0 ->
  q <= 1 ->
  almost B (fun a => w a >= 0) ->
  almost B (fun a => w a <= 1 / q) ->
  E B (fun a => w a) = 1 ->
  almost B (fun a => (u a > tau) -> (w a = 1 / q)) ->
  almost B (fun a => (u a < tau) -> (w a = 0)) ->
  almost B (fun a => c a >= 0) ->
  almost B (fun a => c a <= C) ->
  E B (fun a => c a) <= epsilon ->
  t >= 0 ->
  almost B (fun a => (w a > t) -> (c a = C)) ->
  almost B (fun a => (w a < t) -> (c a = 0)) ->
  E B (fun a => c a) = epsilon ->
  (E B (fun a => c a * w a) = C * E B (fun a => Rmax 0 (w a - t)) + epsilon * t).

Definition bounded_cost__dual_bound : Prop :=
forall (A : Type) (B : BaseDistribution A) (C epsilon q t tau : R) (c u w : A -> R),
  Integrable B (fun a => Rmax 0 (w a - t)) ->
  Integrable B (fun a => c a) ->
  Integrable B (fun a => c a * w a) ->
  Integrable B (fun a => w a) ->
  q > 0 ->
  q <= 1 ->
  almost B (fun a => w a >= 0) ->
  almost B (fun a => w a <= 1 / q) ->
  E B (fun a => w a) = 1 ->
  almost B (fun a => (u a > tau) -> (w a = 1 / q)) ->
  almost B (fun a => (u a < tau) -> (w a = 0)) ->
  almost B (fun a => c a >= 0) ->
  almost B (fun a => c a <= C) ->
  E B (fun a => c a) <= epsilon ->
  t >= 0 ->
  (E B (fun a => c a * w a) <= C * E B (fun a => Rmax 0 (w a - t)) + epsilon * t).

Definition bounded_cost__simple : Prop :=
forall (A : Type) (B : BaseDistribution A) (C epsilon q tau : R) (c u w : A -> R),
  Integrable B (fun a => c a) ->
  Integrable B (fun a => c a * w a) ->
  Integrable B (fun a => w a) ->
  q > 0 ->
  q <= 1 ->
  almost B (fun a => w a >= 0) ->
  almost B (fun a => w a <= 1 / q) ->
  E B (fun a => w a) = 1 ->
  almost B (fun a => (u a > tau) -> (w a = 1 / q)) ->
  almost B (fun a => (u a < tau) -> (w a = 0)) ->
  almost B (fun a => c a >= 0) ->
  almost B (fun a => c a <= C) ->
  E B (fun a => c a) <= epsilon ->
  (E B (fun a => c a * w a) <= Rmin C (epsilon / q)).

Definition cost_bound__any_policy : Prop :=
forall (A : Type) (B : BaseDistribution A) (t : R) (c v : A -> R),
  Integrable B (fun a => c a) ->
  Integrable B (fun a => c a * v a) ->
  Integrable B (fun a => v a) ->
  almost B (fun a => v a >= 0) ->
  almost B (fun a => v a <= t) ->
  E B (fun a => v a) = 1 ->
  almost B (fun a => c a >= 0) ->
  (E B (fun a => c a * v a) <= t * E B (fun a => c a)).

Definition cost_bound__attained : Prop :=
forall (A : Type) (B : BaseDistribution A) (q tau : R) (c u w : A -> R),
  Integrable B (fun a => c a) ->
  Integrable B (fun a => c a * w a) ->
  Integrable B (fun a => w a) ->
  q > 0 ->
  q <= 1 ->
  almost B (fun a => w a >= 0) ->
  almost B (fun a => w a <= 1 / q) ->
  E B (fun a => w a) = 1 ->
  almost B (fun a => (u a > tau) -> (w a = 1 / q)) ->
  almost B (fun a => (u a < tau) -> (w a = 0)) ->
  almost B (fun a => c a >= 0) ->
  almost B (fun a => (w a < 1 / q) -> (c a = 0)) ->
  (E B (fun a => c a * w a) = E B (fun a => c a) / q).

Definition cost_bound__bound : Prop :=
forall (A : Type) (B : BaseDistribution A) (q tau : R) (c u w : A -> R),
  Integrable B (fun a => c a) ->
  Integrable B (fun a => c a * w a) ->
  Integrable B (fun a => w a) ->
  q > 0 ->
  q <= 1 ->
  almost B (fun a => w a >= 0) ->
  almost B (fun a => w a <= 1 / q) ->
  E B (fun a => w a) = 1 ->
  almost B (fun a => (u a > tau) -> (w a = 1 / q)) ->
  almost B (fun a => (u a < tau) -> (w a = 0)) ->
  almost B (fun a => c a >= 0) ->
  (E B (fun a => c a * w a) <= E B (fun a => c a) / q).

Definition cost_bound__defect : Prop :=
forall (A : Type) (B : BaseDistribution A) (q tau : R) (c u w : A -> R),
  Integrable B (fun a => c a) ->
  Integrable B (fun a => c a * w a) ->
  Integrable B (fun a => w a) ->
  q > 0 ->
  q <= 1 ->
  almost B (fun a => w a >= 0) ->
  almost B (fun a => w a <= 1 / q) ->
  E B (fun a => w a) = 1 ->
  almost B (fun a => (u a > tau) -> (w a = 1 / q)) ->
  almost B (fun a => (u a < tau) -> (w a = 0)) ->
  almost B (fun a => c a >= 0) ->
  ((E B (fun a => c a * (- w a + (1 / q))) >= 0) /\ (- E B (fun a => c a * w a) + (E B (fun a => c a) / q) = E B (fun a => c a * (- w a + (1 / q))))).

Definition cost_bound__only_then : Prop :=
forall (A : Type) (B : BaseDistribution A) (q tau : R) (c u w : A -> R),
  Integrable B (fun a => c a) ->
  Integrable B (fun a => c a * w a) ->
  Integrable B (fun a => w a) ->
  q > 0 ->
  q <= 1 ->
  almost B (fun a => w a >= 0) ->
  almost B (fun a => w a <= 1 / q) ->
  E B (fun a => w a) = 1 ->
  almost B (fun a => (u a > tau) -> (w a = 1 / q)) ->
  almost B (fun a => (u a < tau) -> (w a = 0)) ->
  almost B (fun a => c a >= 0) ->
  E B (fun a => c a * w a) = E B (fun a => c a) / q ->
  (almost B (fun a => c a * (- w a + (1 / q)) = 0)).

Definition feature_cost__attained : Prop :=
forall (A : Type) (B : BaseDistribution A) (alpha q tau : R) (h kappa u w : A -> R),
  Integrable B (fun a => h a) ->
  Integrable B (fun a => h a * kappa a) ->
  Integrable B (fun a => kappa a) ->
  Integrable B (fun a => kappa a * w a) ->
  Integrable B (fun a => w a) ->
  q > 0 ->
  q <= 1 ->
  almost B (fun a => w a >= 0) ->
  almost B (fun a => w a <= 1 / q) ->
  E B (fun a => w a) = 1 ->
  almost B (fun a => (u a > tau) -> (w a = 1 / q)) ->
  almost B (fun a => (u a < tau) -> (w a = 0)) ->
  almost B (fun a => kappa a >= 0) ->
  almost B (fun a => h a >= 0) ->
  almost B (fun a => h a <= alpha) ->
  E B (fun a => h a) = 1 ->
  E B (fun a => kappa a * w a) = E B (fun a => h a * kappa a) ->
  almost B (fun a => (h a < alpha) -> (kappa a = 0)) ->
  (E B (fun a => kappa a * w a) = alpha * E B (fun a => kappa a)).

Definition feature_cost__bound : Prop :=
forall (A : Type) (B : BaseDistribution A) (alpha q tau : R) (h kappa u w : A -> R),
  Integrable B (fun a => h a) ->
  Integrable B (fun a => h a * kappa a) ->
  Integrable B (fun a => kappa a) ->
  Integrable B (fun a => kappa a * w a) ->
  Integrable B (fun a => w a) ->
  q > 0 ->
  q <= 1 ->
  almost B (fun a => w a >= 0) ->
  almost B (fun a => w a <= 1 / q) ->
  E B (fun a => w a) = 1 ->
  almost B (fun a => (u a > tau) -> (w a = 1 / q)) ->
  almost B (fun a => (u a < tau) -> (w a = 0)) ->
  almost B (fun a => kappa a >= 0) ->
  almost B (fun a => h a >= 0) ->
  almost B (fun a => h a <= alpha) ->
  E B (fun a => h a) = 1 ->
  E B (fun a => kappa a * w a) = E B (fun a => h a * kappa a) ->
  (E B (fun a => kappa a * w a) <= alpha * E B (fun a => kappa a)).

Definition feature_cost__range : Prop :=
forall (A : Type) (B : BaseDistribution A) (alpha q tau : R) (h kappa u w : A -> R),
  Integrable B (fun a => h a) ->
  Integrable B (fun a => h a * kappa a) ->
  Integrable B (fun a => kappa a) ->
  Integrable B (fun a => kappa a * w a) ->
  Integrable B (fun a => w a) ->
  q > 0 ->
  q <= 1 ->
  almost B (fun a => w a >= 0) ->
  almost B (fun a => w a <= 1 / q) ->
  E B (fun a => w a) = 1 ->
  almost B (fun a => (u a > tau) -> (w a = 1 / q)) ->
  almost B (fun a => (u a < tau) -> (w a = 0)) ->
  almost B (fun a => kappa a >= 0) ->
  almost B (fun a => h a >= 0) ->
  almost B (fun a => h a <= alpha) ->
  E B (fun a => h a) = 1 ->
  E B (fun a => kappa a * w a) = E B (fun a => h a * kappa a) ->
  almost B (fun a => (h a < alpha) -> (kappa a = 0)) ->
  E B (fun a => kappa a) > 0 ->
  ((alpha >= 1) /\ (alpha <= 1 / q)).

Definition feature_cost__unmoved : Prop :=
forall (A : Type) (B : BaseDistribution A) (alpha q tau : R) (h kappa u w : A -> R),
  Integrable B (fun a => h a) ->
  Integrable B (fun a => h a * kappa a) ->
  Integrable B (fun a => kappa a * w a) ->
  Integrable B (fun a => w a) ->
  q > 0 ->
  q <= 1 ->
  almost B (fun a => w a >= 0) ->
  almost B (fun a => w a <= 1 / q) ->
  E B (fun a => w a) = 1 ->
  almost B (fun a => (u a > tau) -> (w a = 1 / q)) ->
  almost B (fun a => (u a < tau) -> (w a = 0)) ->
  almost B (fun a => kappa a >= 0) ->
  almost B (fun a => h a >= 0) ->
  almost B (fun a => h a <= alpha) ->
  E B (fun a => h a) = 1 ->
  E B (fun a => kappa a * w a) = E B (fun a => h a * kappa a) ->
  alpha <= 1 ->
  (almost B (fun a => h a = 1)).

Definition fits_under__factor_below_one : Prop :=
forall (A : Type) (B : BaseDistribution A) (t : R) (g p : A -> R),
  Integrable B (fun a => g a) ->
  Integrable B (fun a => p a) ->
  almost B (fun a => g a >= 0) ->
  almost B (fun a => p a >= 0) ->
  E B (fun a => g a) = 1 ->
  E B (fun a => p a) = 1 ->
  almost B (fun a => p a <= g a * t) ->
  (t >= 1).

Definition fits_under__factor_one : Prop :=
forall (A : Type) (B : BaseDistribution A) (g p : A -> R),
  Integrable B (fun a => g a) ->
  Integrable B (fun a => p a) ->
  almost B (fun a => g a >= 0) ->
  almost B (fun a => p a >= 0) ->
  E B (fun a => g a) = 1 ->
  E B (fun a => p a) = 1 ->
  almost B (fun a => p a <= g a) ->
  (almost B (fun a => p a = g a)).

Definition fits_under__necessary : Prop :=
forall (A : Type) (B : BaseDistribution A) (delta t : R) (bad g p : A -> R),
  Integrable B (fun a => bad a) ->
  Integrable B (fun a => bad a * g a) ->
  Integrable B (fun a => bad a * p a) ->
  Integrable B (fun a => g a) ->
  Integrable B (fun a => p a) ->
  almost B (fun a => g a >= 0) ->
  almost B (fun a => p a >= 0) ->
  E B (fun a => g a) = 1 ->
  E B (fun a => p a) = 1 ->
  t >= 1 ->
  delta > 0 ->
  almost B (fun a => bad a = (if Rle_dec (g a * t + delta) (p a) then 1 else 0)) ->
  E B (fun a => bad a) > 0 ->
  (E B (fun a => bad a * p a) > t * E B (fun a => bad a * g a)).

Definition fits_under__sufficient : Prop :=
forall (A : Type) (B : BaseDistribution A) (epsilon t : R) (c g p : A -> R),
  Integrable B (fun a => c a * g a) ->
  Integrable B (fun a => c a * p a) ->
  Integrable B (fun a => g a) ->
  Integrable B (fun a => p a) ->
  almost B (fun a => g a >= 0) ->
  almost B (fun a => p a >= 0) ->
  E B (fun a => g a) = 1 ->
  E B (fun a => p a) = 1 ->
  t >= 1 ->
  almost B (fun a => p a <= g a * t) ->
  almost B (fun a => c a >= 0) ->
  E B (fun a => c a * g a) <= epsilon ->
  (E B (fun a => c a * p a) <= epsilon * t).

Definition quantilizer_divergences__chi_squared : Prop :=
forall (A : Type) (B : BaseDistribution A) (q tau : R) (u w : A -> R),
  Integrable B (fun a => w a) ->
  Integrable B (fun a => w a ^ 2) ->
  q > 0 ->
  q <= 1 ->
  almost B (fun a => w a >= 0) ->
  almost B (fun a => w a <= 1 / q) ->
  E B (fun a => w a) = 1 ->
  almost B (fun a => (u a > tau) -> (w a = 1 / q)) ->
  almost B (fun a => (u a < tau) -> (w a = 0)) ->
  (E B (fun a => w a ^ 2) - 1 <= - 1 + (1 / q)).

Definition quantilizer_divergences__equality : Prop :=
forall (A : Type) (B : BaseDistribution A) (q tau : R) (u w : A -> R),
  Integrable B (fun a => Rmax 0 (1 - w a)) ->
  Integrable B (fun a => w a) ->
  Integrable B (fun a => w a ^ 2) ->
  q > 0 ->
  q <= 1 ->
  almost B (fun a => w a >= 0) ->
  almost B (fun a => w a <= 1 / q) ->
  E B (fun a => w a) = 1 ->
  almost B (fun a => (u a > tau) -> (w a = 1 / q)) ->
  almost B (fun a => (u a < tau) -> (w a = 0)) ->
  almost B (fun a => w a * (- w a + (1 / q)) = 0) ->
  ((E B (fun a => w a ^ 2) = 1 / q) /\ (E B (fun a => Rmax 0 (1 - w a)) = 1 - q)).

Definition quantilizer_divergences__renyi_3 : Prop :=
forall (A : Type) (B : BaseDistribution A) (q tau : R) (u w : A -> R),
  Integrable B (fun a => w a) ->
  Integrable B (fun a => w a ^ 3) ->
  q > 0 ->
  q <= 1 ->
  almost B (fun a => w a >= 0) ->
  almost B (fun a => w a <= 1 / q) ->
  E B (fun a => w a) = 1 ->
  almost B (fun a => (u a > tau) -> (w a = 1 / q)) ->
  almost B (fun a => (u a < tau) -> (w a = 0)) ->
  (E B (fun a => w a ^ 3) <= 1 / (q ^ 2)).

Definition quantilizer_divergences__sup_ratio : Prop :=
forall (A : Type) (B : BaseDistribution A) (q tau : R) (u w : A -> R),
  Integrable B (fun a => w a) ->
  q > 0 ->
  q <= 1 ->
  almost B (fun a => w a >= 0) ->
  almost B (fun a => w a <= 1 / q) ->
  E B (fun a => w a) = 1 ->
  almost B (fun a => (u a > tau) -> (w a = 1 / q)) ->
  almost B (fun a => (u a < tau) -> (w a = 0)) ->
  (almost B (fun a => w a <= 1 / q)).

Definition quantilizer_divergences__total_variation : Prop :=
forall (A : Type) (B : BaseDistribution A) (q tau : R) (u w : A -> R),
  Integrable B (fun a => Rmax 0 (1 - w a)) ->
  Integrable B (fun a => w a) ->
  q > 0 ->
  q <= 1 ->
  almost B (fun a => w a >= 0) ->
  almost B (fun a => w a <= 1 / q) ->
  E B (fun a => w a) = 1 ->
  almost B (fun a => (u a > tau) -> (w a = 1 / q)) ->
  almost B (fun a => (u a < tau) -> (w a = 0)) ->
  (E B (fun a => Rmax 0 (1 - w a)) <= 1 - q).

Definition quantilizer_optimality__dominates : Prop :=
forall (A : Type) (B : BaseDistribution A) (q t tau : R) (u v w : A -> R),
  Integrable B (fun a => v a) ->
  Integrable B (fun a => v a * (if Rle_dec t (u a) then 1 else 0)) ->
  Integrable B (fun a => w a) ->
  Integrable B (fun a => w a * (if Rle_dec t (u a) then 1 else 0)) ->
  q > 0 ->
  q <= 1 ->
  almost B (fun a => w a >= 0) ->
  almost B (fun a => w a <= 1 / q) ->
  E B (fun a => w a) = 1 ->
  almost B (fun a => (u a > tau) -> (w a = 1 / q)) ->
  almost B (fun a => (u a < tau) -> (w a = 0)) ->
  almost B (fun a => v a >= 0) ->
  almost B (fun a => v a <= 1 / q) ->
  E B (fun a => v a) = 1 ->
  (E B (fun a => v a * (if Rle_dec t (u a) then 1 else 0)) <= E B (fun a => w a * (if Rle_dec t (u a) then 1 else 0))).

Definition quantilizer_optimality__optimal : Prop :=
forall (A : Type) (B : BaseDistribution A) (q tau : R) (u v w : A -> R),
  Integrable B (fun a => u a * v a) ->
  Integrable B (fun a => u a * w a) ->
  Integrable B (fun a => v a) ->
  Integrable B (fun a => w a) ->
  q > 0 ->
  q <= 1 ->
  almost B (fun a => w a >= 0) ->
  almost B (fun a => w a <= 1 / q) ->
  E B (fun a => w a) = 1 ->
  almost B (fun a => (u a > tau) -> (w a = 1 / q)) ->
  almost B (fun a => (u a < tau) -> (w a = 0)) ->
  almost B (fun a => v a >= 0) ->
  almost B (fun a => v a <= 1 / q) ->
  E B (fun a => v a) = 1 ->
  (E B (fun a => u a * v a) <= E B (fun a => u a * w a)).

Definition quantilizer_optimality__unique : Prop :=
forall (A : Type) (B : BaseDistribution A) (q tau : R) (u v w : A -> R),
  Integrable B (fun a => u a * v a) ->
  Integrable B (fun a => u a * w a) ->
  Integrable B (fun a => v a) ->
  Integrable B (fun a => w a) ->
  q > 0 ->
  q <= 1 ->
  almost B (fun a => w a >= 0) ->
  almost B (fun a => w a <= 1 / q) ->
  E B (fun a => w a) = 1 ->
  almost B (fun a => (u a > tau) -> (w a = 1 / q)) ->
  almost B (fun a => (u a < tau) -> (w a = 0)) ->
  almost B (fun a => v a >= 0) ->
  almost B (fun a => v a <= 1 / q) ->
  E B (fun a => v a) = 1 ->
  E B (fun a => u a * v a) >= E B (fun a => u a * w a) ->
  (almost B (fun a => (u a <> tau) -> (v a = w a))).

Definition reservation_value__every_level : Prop :=
forall (A : Type) (B : BaseDistribution A) (epsilon q t tau : R) (u w : A -> R),
  Integrable B (fun a => Rmax 0 (u a - t)) ->
  Integrable B (fun a => u a * w a) ->
  Integrable B (fun a => w a) ->
  q > 0 ->
  q <= 1 ->
  almost B (fun a => w a >= 0) ->
  almost B (fun a => w a <= 1 / q) ->
  E B (fun a => w a) = 1 ->
  almost B (fun a => (u a > tau) -> (w a = 1 / q)) ->
  almost B (fun a => (u a < tau) -> (w a = 0)) ->
  E B (fun a => Rmax 0 (u a - t)) = epsilon ->
  (- (epsilon / q) + E B (fun a => u a * w a) <= t).

Definition reservation_value__guaranteed : Prop :=
forall (A : Type) (B : BaseDistribution A) (q tau : R) (c u w : A -> R),
  Integrable B (fun a => Rmax 0 (u a - tau)) ->
  Integrable B (fun a => c a) ->
  Integrable B (fun a => c a * w a) ->
  Integrable B (fun a => u a * w a) ->
  Integrable B (fun a => w a) ->
  q > 0 ->
  q <= 1 ->
  almost B (fun a => w a >= 0) ->
  almost B (fun a => w a <= 1 / q) ->
  E B (fun a => w a) = 1 ->
  almost B (fun a => (u a > tau) -> (w a = 1 / q)) ->
  almost B (fun a => (u a < tau) -> (w a = 0)) ->
  almost B (fun a => c a >= 0) ->
  E B (fun a => c a) <= E B (fun a => Rmax 0 (u a - tau)) ->
  (E B (fun a => w a * (- c a + u a)) >= tau).

Definition reservation_value__no_more : Prop :=
forall (A : Type) (B : BaseDistribution A) (t : R) (u v : A -> R),
  Integrable B (fun a => u a * v a) ->
  Integrable B (fun a => v a) ->
  Integrable B (fun a => v a * Rmax 0 (u a - t)) ->
  almost B (fun a => v a >= 0) ->
  E B (fun a => v a) = 1 ->
  (E B (fun a => v a * (u a - Rmax 0 (u a - t))) <= t).

Definition reservation_value__right_level : Prop :=
forall (A : Type) (B : BaseDistribution A) (q tau : R) (u w : A -> R),
  Integrable B (fun a => Rmax 0 (u a - tau)) ->
  Integrable B (fun a => u a * w a) ->
  Integrable B (fun a => w a) ->
  q > 0 ->
  q <= 1 ->
  almost B (fun a => w a >= 0) ->
  almost B (fun a => w a <= 1 / q) ->
  E B (fun a => w a) = 1 ->
  almost B (fun a => (u a > tau) -> (w a = 1 / q)) ->
  almost B (fun a => (u a < tau) -> (w a = 0)) ->
  (E B (fun a => u a * w a) - (E B (fun a => Rmax 0 (u a - tau)) / q) = tau).

Definition signed_cost__attained : Prop :=
forall (A : Type) (B : BaseDistribution A) (b epsilon q tau : R) (c u w : A -> R),
  Integrable B (fun a => c a) ->
  Integrable B (fun a => c a * w a) ->
  Integrable B (fun a => w a) ->
  q > 0 ->
  q <= 1 ->
  almost B (fun a => w a >= 0) ->
  almost B (fun a => w a <= 1 / q) ->
  E B (fun a => w a) = 1 ->
  almost B (fun a => (u a > tau) -> (w a = 1 / q)) ->
  almost B (fun a => (u a < tau) -> (w a = 0)) ->
  almost B (fun a => c a >= - b) ->
  E B (fun a => c a) <= epsilon ->
  almost B (fun a => (w a < 1 / q) -> (c a = - b)) ->
  E B (fun a => c a) = epsilon ->
  (E B (fun a => c a * w a) = - b + ((b + epsilon) / q)).

Definition signed_cost__bound : Prop :=
forall (A : Type) (B : BaseDistribution A) (b epsilon q tau : R) (c u w : A -> R),
  Integrable B (fun a => c a) ->
  Integrable B (fun a => c a * w a) ->
  Integrable B (fun a => w a) ->
  q > 0 ->
  q <= 1 ->
  almost B (fun a => w a >= 0) ->
  almost B (fun a => w a <= 1 / q) ->
  E B (fun a => w a) = 1 ->
  almost B (fun a => (u a > tau) -> (w a = 1 / q)) ->
  almost B (fun a => (u a < tau) -> (w a = 0)) ->
  almost B (fun a => c a >= - b) ->
  E B (fun a => c a) <= epsilon ->
  (E B (fun a => c a * w a) <= - b + ((b + epsilon) / q)).

Definition signed_cost__no_bound : Prop :=
forall (A : Type) (B : BaseDistribution A) (q t tau : R) (u w : A -> R),
  Integrable B (fun a => w a) ->
  Integrable B (fun a => w a ^ 2) ->
  q > 0 ->
  q <= 1 ->
  almost B (fun a => w a >= 0) ->
  almost B (fun a => w a <= 1 / q) ->
  E B (fun a => w a) = 1 ->
  almost B (fun a => (u a > tau) -> (w a = 1 / q)) ->
  almost B (fun a => (u a < tau) -> (w a = 0)) ->
  ((E B (fun a => t * (w a - 1)) = 0) /\ (E B (fun a => w a * t * (w a - 1)) = t * (E B (fun a => w a ^ 2) - 1))).

Definition top_k_of_n__density : Prop :=
forall (A : Type) (B : BaseDistribution A) (k n : R) (c w : A -> R),
  Integrable B (fun a => c a) ->
  Integrable B (fun a => c a * w a) ->
  Integrable B (fun a => w a) ->
  k >= 1 ->
  n >= k ->
  almost B (fun a => w a >= 0) ->
  almost B (fun a => w a <= n / k) ->
  E B (fun a => w a) = 1 ->
  almost B (fun a => c a >= 0) ->
  (E B (fun a => c a * w a) <= n * E B (fun a => c a) / k).

Definition top_k_of_n__rounding_up : Prop :=
forall (A : Type) (B : BaseDistribution A) (k n q : R) (c w : A -> R),
  Integrable B (fun a => c a) ->
  Integrable B (fun a => c a * w a) ->
  Integrable B (fun a => w a) ->
  k >= 1 ->
  n >= k ->
  almost B (fun a => w a >= 0) ->
  almost B (fun a => w a <= n / k) ->
  E B (fun a => w a) = 1 ->
  almost B (fun a => c a >= 0) ->
  q > 0 ->
  k >= n * q ->
  (E B (fun a => c a * w a) <= E B (fun a => c a) / q).

Definition top_k_of_n__sampling : Prop :=
forall (A : Type) (B : BaseDistribution A) (k n : R) (c picked : A -> R),
  Integrable B (fun a => c a) ->
  Integrable B (fun a => c a * picked a) ->
  Integrable B (fun a => picked a) ->
  n >= 1 ->
  k >= 1 ->
  almost B (fun a => picked a >= 0) ->
  almost B (fun a => picked a <= 1 / k) ->
  E B (fun a => picked a) = 1 / n ->
  almost B (fun a => c a >= 0) ->
  (n * E B (fun a => c a * picked a) <= n * E B (fun a => c a) / k).

Definition top_k_of_n__utility : Prop :=
forall (A : Type) (B : BaseDistribution A) (k n tau2 : R) (u w w2 : A -> R),
  Integrable B (fun a => u a * w a) ->
  Integrable B (fun a => u a * w2 a) ->
  Integrable B (fun a => w a) ->
  Integrable B (fun a => w2 a) ->
  k >= 1 ->
  n >= k ->
  almost B (fun a => w a >= 0) ->
  almost B (fun a => w a <= n / k) ->
  E B (fun a => w a) = 1 ->
  k / n > 0 ->
  k / n <= 1 ->
  almost B (fun a => w2 a >= 0) ->
  almost B (fun a => w2 a <= n / k) ->
  E B (fun a => w2 a) = 1 ->
  almost B (fun a => (u a > tau2) -> (w2 a = n / k)) ->
  almost B (fun a => (u a < tau2) -> (w2 a = 0)) ->
  k <= n ->
  (E B (fun a => u a * w a) <= E B (fun a => u a * w2 a)).

Definition upper_cvar__attained : Prop :=
forall (A : Type) (B : BaseDistribution A) (q tau : R) (u w : A -> R),
  Integrable B (fun a => Rmax 0 (u a - tau)) ->
  Integrable B (fun a => u a * w a) ->
  Integrable B (fun a => w a) ->
  q > 0 ->
  q <= 1 ->
  almost B (fun a => w a >= 0) ->
  almost B (fun a => w a <= 1 / q) ->
  E B (fun a => w a) = 1 ->
  almost B (fun a => (u a > tau) -> (w a = 1 / q)) ->
  almost B (fun a => (u a < tau) -> (w a = 0)) ->
  (E B (fun a => u a * w a) = tau + (E B (fun a => Rmax 0 (u a - tau)) / q)).

Definition upper_cvar__dual_bound : Prop :=
forall (A : Type) (B : BaseDistribution A) (q t tau : R) (u w : A -> R),
  Integrable B (fun a => Rmax 0 (u a - t)) ->
  Integrable B (fun a => u a * w a) ->
  Integrable B (fun a => w a) ->
  q > 0 ->
  q <= 1 ->
  almost B (fun a => w a >= 0) ->
  almost B (fun a => w a <= 1 / q) ->
  E B (fun a => w a) = 1 ->
  almost B (fun a => (u a > tau) -> (w a = 1 / q)) ->
  almost B (fun a => (u a < tau) -> (w a = 0)) ->
  (E B (fun a => u a * w a) <= t + (E B (fun a => Rmax 0 (u a - t)) / q)).

Definition upper_cvar__risk_envelope : Prop :=
forall (A : Type) (B : BaseDistribution A) (q tau : R) (u v w : A -> R),
  Integrable B (fun a => Rmax 0 (u a - tau)) ->
  Integrable B (fun a => u a * v a) ->
  Integrable B (fun a => v a) ->
  Integrable B (fun a => w a) ->
  q > 0 ->
  q <= 1 ->
  almost B (fun a => w a >= 0) ->
  almost B (fun a => w a <= 1 / q) ->
  E B (fun a => w a) = 1 ->
  almost B (fun a => (u a > tau) -> (w a = 1 / q)) ->
  almost B (fun a => (u a < tau) -> (w a = 0)) ->
  almost B (fun a => v a >= 0) ->
  almost B (fun a => v a <= 1 / q) ->
  E B (fun a => v a) = 1 ->
  (E B (fun a => u a * v a) <= tau + (E B (fun a => Rmax 0 (u a - tau)) / q)).

Definition utility_antitone__antitone : Prop :=
forall (A : Type) (B : BaseDistribution A) (q r tau tau2 : R) (u w w2 : A -> R),
  Integrable B (fun a => u a * w a) ->
  Integrable B (fun a => u a * w2 a) ->
  Integrable B (fun a => w a) ->
  Integrable B (fun a => w2 a) ->
  q > 0 ->
  q <= 1 ->
  almost B (fun a => w a >= 0) ->
  almost B (fun a => w a <= 1 / q) ->
  E B (fun a => w a) = 1 ->
  almost B (fun a => (u a > tau) -> (w a = 1 / q)) ->
  almost B (fun a => (u a < tau) -> (w a = 0)) ->
  r > 0 ->
  r <= 1 ->
  almost B (fun a => w2 a >= 0) ->
  almost B (fun a => w2 a <= 1 / r) ->
  E B (fun a => w2 a) = 1 ->
  almost B (fun a => (u a > tau2) -> (w2 a = 1 / r)) ->
  almost B (fun a => (u a < tau2) -> (w2 a = 0)) ->
  q <= r ->
  (E B (fun a => u a * w2 a) <= E B (fun a => u a * w a)).

Definition utility_antitone__concave : Prop :=
forall (A : Type) (B : BaseDistribution A) (lam q r tau tau2 tau3 : R) (u w w2 w3 : A -> R),
  Integrable B (fun a => u a * w a) ->
  Integrable B (fun a => u a * w2 a) ->
  Integrable B (fun a => u a * w3 a) ->
  Integrable B (fun a => w a) ->
  Integrable B (fun a => w2 a) ->
  Integrable B (fun a => w3 a) ->
  lam * q + r * (1 - lam) > 0 ->
  lam * q + r * (1 - lam) <= 1 ->
  almost B (fun a => w a >= 0) ->
  almost B (fun a => w a <= 1 / (lam * q + r * (1 - lam))) ->
  E B (fun a => w a) = 1 ->
  almost B (fun a => (u a > tau) -> (w a = 1 / (lam * q + r * (1 - lam)))) ->
  almost B (fun a => (u a < tau) -> (w a = 0)) ->
  q > 0 ->
  q <= 1 ->
  almost B (fun a => w2 a >= 0) ->
  almost B (fun a => w2 a <= 1 / q) ->
  E B (fun a => w2 a) = 1 ->
  almost B (fun a => (u a > tau2) -> (w2 a = 1 / q)) ->
  almost B (fun a => (u a < tau2) -> (w2 a = 0)) ->
  r > 0 ->
  r <= 1 ->
  almost B (fun a => w3 a >= 0) ->
  almost B (fun a => w3 a <= 1 / r) ->
  E B (fun a => w3 a) = 1 ->
  almost B (fun a => (u a > tau3) -> (w3 a = 1 / r)) ->
  almost B (fun a => (u a < tau3) -> (w3 a = 0)) ->
  lam >= 0 ->
  lam <= 1 ->
  (lam * q * E B (fun a => u a * w2 a) + r * (1 - lam) * E B (fun a => u a * w3 a) <= (lam * q + r * (1 - lam)) * E B (fun a => u a * w a)).

Definition utility_antitone__whole_base : Prop :=
forall (A : Type) (B : BaseDistribution A) (tau : R) (u w : A -> R),
  Integrable B (fun a => u a) ->
  Integrable B (fun a => u a * w a) ->
  Integrable B (fun a => w a) ->
  almost B (fun a => w a >= 0) ->
  almost B (fun a => w a <= 1) ->
  E B (fun a => w a) = 1 ->
  almost B (fun a => (u a > tau) -> (w a = 1)) ->
  almost B (fun a => (u a < tau) -> (w a = 0)) ->
  (E B (fun a => u a * w a) = E B (fun a => u a)).
