r"""What came of the attempts to break the parts of a claim, where none succeeded."""

from __future__ import annotations

from dataclasses import dataclass, field

from qtheory.checking.vacuous import supposes_itself, vacuity
from qtheory.errors import NotAvailable
from qtheory.statements.claim import Part
from qtheory.statements.instance import Instance
from qtheory.statements.verdict import Verdict

# A part whose hypotheses hold on fewer draws than this has not been tried, whatever the number of draws.
FEWEST_INSTANCES = 20
# Where hypotheses are hard to meet, so many instances have to be more than one action, the base, or constants.
FEWEST_TELLING = 10
DEGENERATE = "one action, the policy of the base, or a constant where the hypotheses relate functions"


@dataclass
class Tally:
    """What the draws of one part came to."""

    needed: int = FEWEST_INSTANCES
    tried: int = 0
    undecided: int = 0
    undefined: int = 0
    telling: int = 0
    tightest: float | None = None
    measured: bool = True
    hard: bool = False
    broken: list[Instance] = field(default_factory=list)

    @property
    def enough(self) -> bool:
        """Whether the conclusion had a value on enough instances."""
        return self.tried - self.undefined >= self.needed

    @property
    def hollow(self) -> bool:
        """Whether nearly all of enough instances are degenerate, since the hypotheses are hard to meet."""
        return self.hard and self.enough and self.telling < FEWEST_TELLING


def part_detail(part: Part, tally: Tally) -> dict:
    """What came of a part without a counterexample."""
    # An instance is stronger evidence than a solver's word that there is none.
    why = vacuity(part) if tally.tried == 0 or supposes_itself(part) else None
    survived = tally.enough and not tally.hollow
    return {
        "part": part.name,
        "outcome": "vacuous" if why is not None else "survived" if survived else "inconclusive",
        **({} if why is None else {"vacuous": why}),
        "instances": tally.tried,
        **({"degenerate": tally.tried - tally.telling} if tally.hollow else {}),
        "undecided": tally.undecided,
        "undefined": tally.undefined,
        "tightest": tally.tightest,
    }


def untried(part: Part, error: NotAvailable) -> dict:
    """What is said of a part that no instance can be made for."""
    why = vacuity(part)
    if why is not None:
        return {"part": part.name, "outcome": "vacuous", "vacuous": why}
    return {"part": part.name, "outcome": "not_applicable", "evidence": error.problem}


def summary(details: list[dict], tried: int) -> Verdict:
    """What the parts come to, none of them broken."""
    outcomes = {detail["outcome"] for detail in details}
    if outcomes == {"not_applicable"}:
        return Verdict("falsify", "not_applicable", details[0]["evidence"], details=tuple(details))
    empty = [detail["vacuous"] for detail in details if "vacuous" in detail]
    if empty:
        return Verdict("falsify", "vacuous", "; ".join(empty), samples=tried, details=tuple(details))
    weak = [detail["part"] for detail in details if detail["outcome"] == "inconclusive"]
    if weak:
        return Verdict("falsify", "inconclusive", _weakness(details), samples=tried, details=tuple(details))
    tight = any(detail.get("tightest") == 0 for detail in details)
    undefined = sum(detail.get("undefined", 0) for detail in details)
    evidence = f"no counterexample in {tried} exact instances" + (", equality among them" if tight else "")
    evidence += f"; on {undefined} of them the conclusion has no value" if undefined else ""
    return Verdict("falsify", "survived", evidence, samples=tried, details=tuple(details))


def _weakness(details: list[dict]) -> str:
    """Why parts were not tried: too few instances, or next to none that says anything."""
    weak = [detail for detail in details if detail["outcome"] == "inconclusive"]
    few = [detail for detail in weak if "degenerate" not in detail]
    said = []
    if few:
        undefined = sum(detail.get("undefined", 0) for detail in few)
        why = f"; on {undefined} that do, the conclusion has no value" if undefined else ""
        none = [detail["part"] for detail in few if detail.get("instances") == 0]
        why += f"; none was found at all for {', '.join(none)}: do they contradict each other?" if none else ""
        said.append(f"too few instances satisfy the hypotheses of {_names(few)}{why}")
    for hollow in (detail for detail in weak if "degenerate" in detail):
        which = f"{hollow['degenerate']} of the {hollow['instances']} instances that satisfy the hypotheses"
        said.append(f"{which} of {hollow['part']} are degenerate: {DEGENERATE}")
    return "; ".join(said)


def _names(details: list[dict]) -> str:
    return ", ".join(detail["part"] for detail in details)
