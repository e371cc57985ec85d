r"""The second reading: look for an exact instance that breaks the claim, and make it small."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace

import sympy as sp
from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings, target

from qtheory.checking.telling import is_hard_to_meet, is_telling
from qtheory.checking.tried import FEWEST_INSTANCES, Tally, part_detail, summary, untried
from qtheory.checking.worst_problem.constructed import MOST, constructed_choices
from qtheory.checking.worst_problem.exact_population import exact_choices
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.exact.enclosure import Enclosure, Indeterminate, Undefined
from qtheory.instances.complete import Choices, complete
from qtheory.instances.same_draws import same_draws
from qtheory.instances.shrink import shrink
from qtheory.instances.strategies import MAX_ACTIONS, instances
from qtheory.statements.claim import Claim, Part
from qtheory.statements.instance import Instance
from qtheory.statements.verdict import Verdict
from qtheory.statements.witness import Witness, sides

MOST_ROUNDS = 4
# Problems of more actions than the strategies draw come last; fewer where every number is an enclosure.
LARGER_IRRATIONAL, MORE_ACTIONS = 8, 6
# How many of those for ten draws of the strategies.
LARGER_PER_TEN = 3
# Problems made to meet equations between expectations: for ten draws of the strategies, and at least.
CONSTRUCTED_PER_TEN, FEWEST_CONSTRUCTED = 2, 30
# Once a counterexample is found, so many draws look for one with fewer actions: with one action, and with each more.
FEWER_DRAWS, FEWER_DRAWS_EACH = 30, 80
# An integral is enclosed on many cells for each instance, and a wrong formula shows at the first few.
MOST_WITH_INTEGRALS, FEWEST_WITH_INTEGRALS = 8, 3


class _Broken(Exception):
    pass


def falsify(claim: Claim, examples: int = 300, key: int = 0) -> Verdict:
    """Try to break every part of a claim on exact rational instances with ties, empty actions and hostile costs.

    Args:
        claim: the claim.
        examples: draws per part.
        key: seed of the draws; the same key tries the same instances.

    Returns:
        "violated" with a locally smallest counterexample, of the fewest actions that a search finds; "survived";
        "vacuous" where a part is shown to say nothing; or "inconclusive" where too few instances satisfied the
        hypotheses. Irrational sides are enclosed; enclosures that overlap are not a counterexample.
    """
    if isinstance(examples, bool) or not isinstance(examples, int) or examples < 1:
        raise InvalidInput("examples is not a number of instances", got=examples, allowed="an integer >= 1")
    began = time.perf_counter()
    tried, details = 0, []
    for part in claim.parts:
        try:
            tally = _try_until_enough(part, examples, key)
        except NotAvailable as error:
            details.append(untried(part, error))
            continue
        tried += tally.tried
        if tally.broken:
            tally.broken = [_with_fewest_actions(part, tally.broken[0], key)]
            return _violated(claim, part, tally, time.perf_counter() - began)
        details.append(part_detail(part, tally))
    verdict = summary(details, tried)
    return replace(verdict, seconds=time.perf_counter() - began)


def breaks(part: Part, instance: Instance) -> bool:
    """Whether a part's conclusion is certainly false at an instance."""
    try:
        return instance.truth(part.conclusion) is False
    except (Undefined, Indeterminate):
        return False


def witness_of(claim: str, part: Part, instance: Instance) -> Witness:
    """The instance with everything needed to check it again."""
    left, right = sides(part.conclusion, instance)
    policies = tuple(
        {"ratio": p.ratio.name, "threshold": p.threshold.name, **p.optimizer.to_json()} for p in part.policies
    )
    cost = None if part.cost is None else part.cost.to_json()
    return Witness(claim, part.name, part.conclusion, part.hypotheses, policies, cost, instance, left, right)


def _try_until_enough(part: Part, examples: int, key: int) -> Tally:
    integrals = part.conclusion.has(sp.Integral)
    hard = not integrals and is_hard_to_meet(part)
    tally = Tally(FEWEST_WITH_INTEGRALS if integrals else FEWEST_INSTANCES, hard=hard)
    for round_ in range(MOST_ROUNDS):
        _try_part(part, min(examples, MOST_WITH_INTEGRALS) if integrals else examples, key + round_, tally)
        if round_ == 0 and not tally.broken and not integrals:
            _try_constructed(part, max(CONSTRUCTED_PER_TEN * examples // 10, FEWEST_CONSTRUCTED), key, tally)
        if tally.broken or tally.enough:
            break
    if integrals and tally.undefined == tally.tried > 0:
        raise NotAvailable("no instance gives its integral a rigorous enclosure")
    if not tally.broken and not integrals:
        _try_larger(part, LARGER_PER_TEN * examples // 10, key, tally)
    return tally


def _try_larger(part: Part, problems: int, key: int, tally: Tally) -> None:
    """A last round, outside of Hypothesis, of problems with more actions and larger numbers."""
    _try_choices(part, exact_choices(part, problems, key, fewest=MORE_ACTIONS), tally)


def _try_constructed(part: Part, problems: int, key: int, tally: Tally, most: int = MOST) -> None:
    """Problems made to meet the hypotheses that draws meet only where there is next to nothing to see."""
    _try_choices(part, constructed_choices(part, problems, key, most=most), tally)


def _try_choices(part: Part, proposed: Iterable[Choices], tally: Tally) -> None:
    irrational = 0
    for choices in proposed:
        instance = complete(part, choices)
        if instance is None:
            continue
        irrational += any(isinstance(x, Enclosure) for p in part.policies for x in instance.functions[p.ratio])
        if _look_at(part, instance, tally, steer=False):
            tally.broken = [shrink(part, instance, lambda candidate: breaks(part, candidate))]
        if tally.broken or irrational >= LARGER_IRRATIONAL:
            return


def _with_fewest_actions(part: Part, found: Instance, key: int) -> Instance:
    """A counterexample with fewer actions, if a search from one action upwards meets one; else the one found."""
    for actions in range(1, len(found.weights)):
        tally = Tally(measured=False)
        _try_part(part, FEWER_DRAWS if actions == 1 else FEWER_DRAWS_EACH, key, tally, actions)
        if not tally.broken and actions > 1:
            _try_constructed(part, FEWEST_CONSTRUCTED, key, tally, actions)
        if tally.broken:
            return tally.broken[0]
    return found


def _try_part(part: Part, examples: int, key: int, tally: Tally, most: int = MAX_ACTIONS) -> None:

    @seed(key)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        verbosity=Verbosity.quiet,
        report_multiple_bugs=False,
        phases=(Phase.generate, Phase.target, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(instances(part, most))
    def attempt(instance: Instance | None) -> None:
        if instance is not None and _look_at(part, instance, tally):
            raise _Broken

    try:
        with same_draws():
            attempt()
    except _Broken:
        tally.broken = [shrink(part, tally.broken[-1], lambda candidate: breaks(part, candidate))]


def _look_at(part: Part, instance: Instance, tally: Tally, steer: bool = True) -> bool:
    tally.tried += 1
    try:
        answer = instance.truth(part.conclusion)
        slack = _relative_slack(part, instance) if tally.measured else None
    except (Undefined, Indeterminate):
        tally.undefined += 1
        return False
    tally.telling += tally.hard and is_telling(part, instance)
    if answer is None:
        tally.undecided += 1
        # Overlapping enclosures agree with "at most" and with "equal", and say nothing about "less" or "different".
        tally.undefined += isinstance(part.conclusion, (sp.Lt, sp.Gt, sp.Ne))
    if slack is not None:
        if steer:
            target(-slack, label="tightness")
        tally.tightest = slack if tally.tightest is None else min(tally.tightest, slack)
    if answer is False:
        tally.broken.append(instance)
    return answer is False


def _relative_slack(part: Part, instance: Instance) -> float | None:
    left, right = sides(part.conclusion, instance)
    if left is None or right is None:
        return None
    # As rationals, because a side may be too large for a float.
    low, high = (side.midpoint if isinstance(side, Enclosure) else side for side in (left, right))
    scale = max(abs(low), abs(high))
    return 0.0 if scale == 0 else float(abs(high - low) / scale)


def _violated(claim: Claim, part: Part, tally: Tally, seconds: float) -> Verdict:
    instance = tally.broken[0]
    witness = witness_of(claim.slug, part, instance)
    actions = f"{len(instance.weights)} action{'s' * (len(instance.weights) > 1)}"
    evidence = f"counterexample to {part.name!r} with {actions}"
    return Verdict("falsify", "violated", evidence, samples=tally.tried, witness=witness, seconds=seconds)
