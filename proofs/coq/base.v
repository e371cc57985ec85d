(** * Base distributions

    What the claims call "every base": a positive linear functional [E] on some functions of the action, together with
    a notion of "for almost every action". Every probability measure is one, with the Lebesgue integral for [E];
    [finite_base.v] builds one from any finite list of masses, so the definition is not empty. *)

From Coq Require Import Reals Lra List.
Import ListNotations.
Open Scope R_scope.

Record BaseDistribution (A : Type) : Type := {
  Integrable : (A -> R) -> Prop;
  E : (A -> R) -> R;
  almost : (A -> Prop) -> Prop;
  almost_all : forall P : A -> Prop, (forall a, P a) -> almost P;
  almost_mp : forall P Q : A -> Prop, almost P -> almost (fun a => P a -> Q a) -> almost Q;
  integrable_one : Integrable (fun _ => 1);
  integrable_linear : forall x y f g, Integrable f -> Integrable g -> Integrable (fun a => x * f a + y * g a);
  integrable_almost : forall f g, almost (fun a => f a = g a) -> Integrable f -> Integrable g;
  E_one : E (fun _ => 1) = 1;
  E_linear : forall x y f g, Integrable f -> Integrable g -> E (fun a => x * f a + y * g a) = x * E f + y * E g;
  E_monotone : forall f g, Integrable f -> Integrable g -> almost (fun a => f a <= g a) -> E f <= E g;
  E_zero : forall f, Integrable f -> almost (fun a => 0 <= f a) -> E f = 0 -> almost (fun a => f a = 0)
}.

Arguments Integrable {A}. Arguments E {A}. Arguments almost {A}.
Arguments almost_all {A}. Arguments almost_mp {A}.

(** ** Almost every action *)

(** Proves [almost B Q] from the hypotheses [almost B P] at hand: [Q] has to follow from all of them at one action. *)
Ltac at_almost_every a :=
  repeat match goal with
  | H : almost ?B ?P |- almost ?B _ => apply (almost_mp B P _ H); clear H
  end;
  apply almost_all; intro a; cbv beta; intros.

(** ** Linear combinations

    Pointwise, then integrate: a relation between numbers at almost every action goes over to the expectations. The
    combination is a list of coefficients and functions, so that one lemma serves every relation. *)

Section Combinations.
Context {A : Type} (B : BaseDistribution A).

Definition term : Type := (R * (A -> R))%type.

Fixpoint combination (terms : list term) (a : A) : R :=
  match terms with
  | [] => 0
  | (x, f) :: rest => x * f a + combination rest a
  end.

Fixpoint combined (terms : list term) : R :=
  match terms with
  | [] => 0
  | (x, f) :: rest => x * E B f + combined rest
  end.

Fixpoint existing (terms : list term) : Prop :=
  match terms with
  | [] => True
  | (_, f) :: rest => Integrable B f /\ existing rest
  end.

Lemma E_equal f g : Integrable B f -> almost B (fun a => f a = g a) -> E B f = E B g.
Proof.
  intros If H. assert (Ig : Integrable B g) by (exact (integrable_almost _ B f g H If)).
  apply Rle_antisym; apply E_monotone; auto; at_almost_every a; lra.
Qed.

Lemma integrable_zero : Integrable B (fun _ => 0).
Proof.
  apply (integrable_almost _ B (fun _ => 0 * 1 + 0 * 1)); [at_almost_every a; ring|].
  apply (integrable_linear _ B 0 0 (fun _ => 1) (fun _ => 1)); apply integrable_one.
Qed.

Lemma E_nothing : E B (fun _ => 0) = 0.
Proof.
  rewrite (E_equal _ (fun _ => 0 * 1 + 0 * 1)); [|apply integrable_zero|at_almost_every a; ring].
  rewrite (E_linear _ B 0 0 (fun _ => 1) (fun _ => 1)) by apply integrable_one. ring.
Qed.

Lemma combination_integrable terms : existing terms -> Integrable B (combination terms).
Proof.
  induction terms as [|[x f] rest IH]; simpl; [intros _; apply integrable_zero|intros [If Hrest]].
  apply (integrable_almost _ B (fun a => x * f a + 1 * combination rest a)); [at_almost_every a; ring|].
  apply integrable_linear; auto.
Qed.

Lemma E_combination terms : existing terms -> E B (combination terms) = combined terms.
Proof.
  induction terms as [|[x f] rest IH]; simpl; [intros _; apply E_nothing|intros [If Hrest]].
  rewrite <- (IH Hrest), <- (Rmult_1_l (E B (combination rest))).
  pose proof (combination_integrable rest Hrest) as Ir.
  rewrite <- E_linear by auto. symmetry. apply E_equal; [apply integrable_linear; auto|at_almost_every a; ring].
Qed.

(** ** The three ways to integrate *)

Lemma integrate_nonnegative terms :
  existing terms -> almost B (fun a => 0 <= combination terms a) -> 0 <= combined terms.
Proof.
  intros Hex H. rewrite <- (E_combination terms Hex), <- E_nothing.
  apply E_monotone; auto using integrable_zero, combination_integrable.
Qed.

Lemma integrate_equal f terms :
  existing terms -> almost B (fun a => f a = combination terms a) -> E B f = combined terms.
Proof.
  intros Hex H. rewrite <- (E_combination terms Hex). symmetry.
  apply E_equal; [auto using combination_integrable|at_almost_every a; auto].
Qed.

Lemma vanishes terms :
  existing terms -> almost B (fun a => 0 <= combination terms a) -> combined terms = 0 ->
  almost B (fun a => combination terms a = 0).
Proof.
  intros Hex H Hzero. apply E_zero; auto using combination_integrable. rewrite E_combination; auto.
Qed.

Lemma integrable_unit : Integrable B (fun _ => 1).
Proof. apply integrable_one. Qed.

End Combinations.

(** The expectation of a constant term in a combination is its coefficient. *)
Lemma E_unit {A : Type} (B : BaseDistribution A) : E B (fun _ => 1) = 1.
Proof. apply E_one. Qed.

(** ** The steps of a proof

    [integrate terms] proves that the combination of expectations is nonnegative; what is left to show is the relation
    at one action [a]. [expectation f terms] rewrites the expectation of [f] as a combination. *)

Ltac exists_all := cbn [existing]; repeat split; auto using integrable_unit.

Tactic Notation "integrate" constr(B) constr(terms) "as" ident(H) "at" ident(a) :=
  assert (H : 0 <= combined B terms);
  [apply integrate_nonnegative; [exists_all|at_almost_every a; cbn [combination]]|cbn [combined] in H; rewrite ?E_unit in H].

Tactic Notation "expectation" constr(B) constr(f) "is" constr(terms) "as" ident(H) "at" ident(a) :=
  assert (H : E B f = combined B terms);
  [apply integrate_equal; [exists_all|at_almost_every a; cbn [combination]]|cbn [combined] in H; rewrite ?E_unit in H].

Tactic Notation "vanishing" constr(B) constr(terms) "as" ident(H) "at" ident(a) :=
  assert (H : almost B (fun a => combination terms a = 0));
  [apply vanishes; [exists_all|at_almost_every a; cbn [combination]|cbn [combined]; rewrite ?E_unit]|cbn [combination] in H].

(** ** Levels and cases

    [level q r] writes [r] for [1/q], as a positive unknown with its one property. [compare x y] treats the three
    cases, and uses the hypotheses that hold in one of them only. [positive_part] opens maxima. *)

Ltac level q r :=
  let e := fresh "reciprocal" in
  assert (0 < / q) by (apply Rinv_0_lt_compat; lra);
  assert (e : q * / q = 1) by (field; lra);
  unfold Rdiv in *; set (r := / q) in *; clearbody r.

Ltac compare x y :=
  destruct (Rtotal_order x y) as [?|[?|?]];
  repeat match goal with H : ?P -> _, K : ?P |- _ => specialize (H K) end.

Ltac positive_part :=
  unfold Rmax in *; repeat match goal with |- context [Rle_dec ?x ?y] => destruct (Rle_dec x y) end.
