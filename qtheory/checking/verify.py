r"""All readings of a claim at once, and what they add up to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from qtheory.aliases import Json
from qtheory.checking.falsify import falsify
from qtheory.checking.prove import Teller, proved_and_told
from qtheory.checking.simulate import DEFAULT_ALPHA, DEFAULT_SAMPLES, simulate
from qtheory.errors import InvalidInput
from qtheory.statements.claim import Claim
from qtheory.statements.verdict import READINGS, Verdict

DEFAULT_EXAMPLES = 200
# A wrong twin is refuted early, or hides well.
TWIN_EXAMPLES = 800

Progress = Callable[[str, str], None]


@dataclass(frozen=True)
class ExactReadings:
    """The readings of a claim that draw nothing, each `None` where it was not asked for, and what was told of its proofs."""

    prove: Verdict | None = None
    falsify: Verdict | None = None
    twin: Verdict | None = None
    told: Any = None


def exact_readings(
    claim: Claim,
    asked: Iterable[str],
    examples: int,
    key: int,
    progress: Progress | None = None,
    teller: Teller | None = None,
) -> ExactReadings:
    """Prove a claim, and try to falsify it and its wrong twin, as far as asked for."""
    found: dict[str, Any] = {}
    if "prove" in asked:
        if progress is not None:
            progress(claim.slug, "prove")
        found["prove"], found["told"] = proved_and_told(claim, teller)
    if "falsify" in asked:
        if progress is not None:
            progress(claim.slug, "falsify")
        found["falsify"] = falsify(claim, examples, key)
    twin = falsify(claim.twin, TWIN_EXAMPLES, key) if claim.twin is not None and "falsify" in asked else None
    return ExactReadings(**found, twin=twin)


# Reads many claims, in their order.
ExactReader = Callable[[Sequence[Claim], tuple[str, ...], int, int, Teller | None], Iterator[ExactReadings]]


@dataclass(frozen=True)
class ClaimReport:
    """What the readings of one claim found.

    Attributes:
        claim: the claim.
        verdicts: one per reading that was asked for.
        twin: the attempt to refute the claim's wrong twin, if it has one and falsification was asked for.
        told: what the teller of the run made of the derivations; `None` if there was none, or nothing was proved.
    """

    claim: Claim
    verdicts: tuple[Verdict, ...]
    twin: Verdict | None = None
    told: Any = field(default=None, repr=False, compare=False)

    def __str__(self) -> str:
        """The status, a line per reading with its counterexample if it has one, and what came of the wrong twin."""
        lines = [f"{self.claim.slug}: {self.status}", *(f"  {verdict}" for verdict in self.verdicts)]
        if self.twin is not None and self.claim.twin is not None:
            outcome = "refuted" if self.twin.outcome == "violated" else "NOT REFUTED"
            lines.append(f'  wrong twin: {outcome}; "{self.claim.twin.title}"')
        return "\n".join(lines)

    def verdict(self, reading: str) -> Verdict | None:
        """The verdict of one reading, `None` if it was not asked for."""
        return next((v for v in self.verdicts if v.reading == reading), None)

    @property
    def derivation_refused(self) -> bool:
        """Whether the claim has a derivation that does not prove it."""
        proof = self.verdict("prove")
        return proof is not None and proof.outcome == "inconclusive"

    @property
    def trust(self) -> str | None:
        proof = self.verdict("prove")
        return proof.trust if proof is not None else None

    @property
    def status(self) -> str:
        """ "contradiction", "violated", "vacuous", "proved", "cited", "not proved" or "not applicable"."""
        outcomes = {v.outcome for v in self.verdicts}
        proof = self.verdict("prove")
        derived = proof is not None and proof.outcome == "holds"
        # What was believed unchecked may simply be false.
        cited = derived and self.trust == "CITED"
        if "violated" in outcomes:
            return "contradiction" if derived and not cited else "violated"
        if "vacuous" in outcomes:
            return "vacuous"
        if derived:
            return "cited" if cited else "proved"
        # To have no derivation is to be not proved.
        return "not proved" if proof is not None or outcomes - {"not_applicable"} else "not applicable"

    @property
    def fails(self) -> bool:
        """Whether the claim has to be mended: it is false, says nothing, or has a derivation that is refused."""
        return self.status in ("contradiction", "violated", "vacuous") or self.derivation_refused

    @property
    def missed_by_sampling(self) -> bool:
        """Whether it held in every sampled world although there is a counterexample."""
        simulated, falsified = self.verdict("simulate"), self.verdict("falsify")
        held = simulated is not None and simulated.outcome == "holds"
        return held and falsified is not None and falsified.outcome == "violated"

    def to_json(self) -> Json:
        document: Json = {
            "slug": self.claim.slug,
            "title": self.claim.title,
            "status": self.status,
            "trust": self.trust,
            "readings": [_reading(v) for v in self.verdicts],
        }
        if self.twin is not None and self.claim.twin is not None:
            twin = {"slug": self.claim.twin.slug, "title": self.claim.twin.title}
            document["twin"] = {**twin, "refuted": self.twin.outcome == "violated", **_reading(self.twin)}
        return document


def verify(
    claims: Iterable[Claim],
    readings: Iterable[str] = READINGS,
    *,
    samples: int = DEFAULT_SAMPLES,
    alpha: float = DEFAULT_ALPHA,
    examples: int = DEFAULT_EXAMPLES,
    key: int = 0,
    progress: Progress | None = None,
    reader: ExactReader | None = None,
    teller: Teller | None = None,
) -> Iterator[ClaimReport]:
    """Read claims in several ways, one after the other.

    Args:
        claims: the claims.
        readings: any of "prove", "falsify", "simulate".
        samples: draws per cell of the simulated reading.
        alpha: the chance of any wrong sampled verdict in this whole run; it is shared out over the claims.
        examples: exact instances tried per part.
        key: seed of every random stream.
        progress: called with the slug and the reading before each.
        reader: who does the readings that draw nothing; this process, one claim after the other, if nobody is named.
        teller: makes something of the derivations of each claim, which its report then carries; a function of a module,
            since it may be called in another process.

    Yields:
        A report per claim.
    """
    listed, asked = tuple(claims), (readings,) if isinstance(readings, str) else tuple(readings)
    if not asked:
        raise InvalidInput("no reading is asked for", got=list(asked), allowed=", ".join(READINGS))
    if not isinstance(key, int) or not 0 <= key < 2**32:
        raise InvalidInput("key is not a seed", got=key, allowed="an integer from 0 to 4294967295")
    unknown = [reading for reading in asked if reading not in READINGS]
    if unknown:
        raise InvalidInput("no such reading", got=unknown[0], allowed=", ".join(READINGS))
    if not 0 < alpha < 1:
        raise InvalidInput("alpha is not an error rate", got=alpha, allowed="0 < alpha < 1")
    share = alpha / max(1, len(listed))
    in_order = (exact_readings(claim, asked, examples, key, progress, teller) for claim in listed)
    exact = reader(listed, asked, examples, key, teller) if reader is not None else in_order
    for claim, found in zip(listed, exact, strict=True):
        verdicts = [verdict for verdict in (found.prove, found.falsify) if verdict is not None]
        if "simulate" in asked:
            if progress is not None:
                progress(claim.slug, "simulate")
            verdicts.append(simulate(claim, samples, share, key))
        yield ClaimReport(claim, tuple(verdicts), found.twin, found.told)


def _reading(verdict: Verdict) -> Json:
    document = verdict.to_json()
    return {name: value for name, value in document.items() if name not in ("schema", "type")}
