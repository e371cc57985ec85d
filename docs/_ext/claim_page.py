"""The page of one claim, as Markdown with ready MathML."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Mapping, Sequence

import sympy as sp
from _ext.bibliography import KEY

import qtheory
from qtheory.errors import ProofError
from qtheory.prover.coq.sources import available_theorems, theorem_name
from qtheory.prover.locate import proofs_folder
from qtheory.prover.proof import Proof
from qtheory.prover.trust import Trust
from qtheory.report.mathml import mathml
from qtheory.report.run import named, policy_lines
from qtheory.report.told import uses
from qtheory.statements.claim import Claim, Part
from qtheory.symbols import meaning

Proofs = Mapping[str, Proof | ProofError]


def claim_page(claim: Claim, proofs: Proofs) -> str:
    """Everything about one claim: what it says, how it is derived, its wrong twin, and where to go from here."""
    blocks = [
        f"# {escaped(claim.title)}",
        f"`{claim.slug}` · {claim.kind} · {badge(trust_of(claim, proofs))}",
        f"**Source.** {escaped(_source(claim.source))}",
        f"**Known limits.** {escaped(_sentence(claim.limits))}" if claim.limits else "",
        "## Statement",
        *(_part(claim, part, proofs.get(part.name)) for part in claim.parts),
        *_twin(claim),
        *_idea(claim),
        "## Symbols",
        _symbols(claim),
        "## See also",
        _see_also(claim),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def trust_of(claim: Claim, proofs: Proofs) -> str:
    """`proved (SMT)`, `cited in part` or `not proved`, as the weakest part is."""
    if any(not isinstance(proofs.get(part.name), Proof) for part in claim.parts):
        return "not proved"
    weakest = min(proof.trust for proof in proofs.values() if isinstance(proof, Proof))
    return "cited in part" if weakest is Trust.CITED else f"proved ({weakest.name})"


def badge(trust: str) -> str:
    """A word with a colour of its own."""
    kind = re.sub(r"\W+", "-", trust).strip("-").lower()
    return f'{{mathml}}`<span class="badge {kind}">{trust}</span>`'


def escaped(words: str) -> str:
    r"""Plain words as Markdown, with code between backticks kept.

    >>> escaped("E_Q[c] <= `q`")
    'E\\_Q\\[c\\] \\<= `q`'
    """
    pieces = " ".join(words.split()).split("`")
    return "`".join(
        re.sub(r"([\\*_\[\]<>$#|~])", r"\\\1", piece) if i % 2 == 0 else piece for i, piece in enumerate(pieces)
    )


def _source(words: str) -> str:
    """As a sentence; a key keeps its small letter."""
    return f"{words.rstrip('.')}." if KEY.match(words) else _sentence(words)


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:].rstrip('.')}."


def inline(statement: sp.Basic) -> str:
    """Mathematics in a line of text."""
    return f"{{mathml}}`{mathml(statement)}`"


def displayed(statement: sp.Basic) -> str:
    """Mathematics on a line of its own."""
    return f"```{{mathml}}\n{mathml(statement, display=True)}\n```"


def _part(claim: Claim, part: Part, proof: Proof | ProofError | None) -> str:
    lines = [f"({claim.slug}--{part.name})=\n### {part.name}", escaped(part.says)]
    policies = [f"{inline(ratio)} is the density ratio of `{of}`" for ratio, of in policy_lines(part)]
    policies += [f"the hidden cost lies in `{named(part.cost)}`"] if part.cost is not None else []
    if policies:
        lines.append(f"Here {', and '.join(policies)}.")
    given = part.given if part.policies or part.cost else part.hypotheses
    lines.append(_listed("Given", given))
    lines.append(
        _folded("What the policy and the cost class mean", _listed("", [h for h in part.hypotheses if h not in given]))
    )
    lines += ["Then", displayed(part.conclusion), _derivation(proof), _coq(claim, part)]
    return "\n\n".join(line for line in lines if line)


def _listed(head: str, statements: Sequence[sp.Basic]) -> str:
    """Few and short ones in a line, others one below the other."""
    short = len(statements) <= 4 and sum(len(str(statement)) for statement in statements) <= 60
    if short and statements:
        return f"{head} {', '.join(map(inline, statements))}".strip()
    items = "\n".join(f"- {inline(statement)}" for statement in statements)
    return f"{head}\n\n{items}".strip() if items else ""


def _folded(summary: str, content: str) -> str:
    """Opens on a click."""
    if not content:
        return ""
    opening = f'<details class="folded"><summary>{summary}</summary>'
    return f"```{{raw}} html\n{opening}\n```\n\n{content}\n\n```{{raw}} html\n</details>\n```"


def _derivation(proof: Proof | ProofError | None) -> str:
    if not isinstance(proof, Proof):
        return "Not proved: there is no derivation." if proof is None else "Not proved: the derivation was refused."
    steps = []
    for i, (fact, used) in enumerate(zip(proof.facts, uses(proof), strict=True), 1):
        origin = f"{fact.rule}{' from ' + ', '.join(map(str, used)) if used else ''}"
        steps.append(f"{i}. {inline(fact.statement)}\n   \\\n   *{origin}* ({fact.trust.name}): {escaped(fact.note)}")
    moments = ", ".join(map(inline, proof.moments))
    assumed = f"\n\nThe expectations of {moments} are assumed to exist." if moments else ""
    count = f"{len(steps)} step{'s' * (len(steps) > 1)}"
    return _folded(f"Derivation, {count} ({proof.trust.name})", "\n".join(steps) + assumed)


def _coq(claim: Claim, part: Part) -> str:
    theorem = available_theorems().get(theorem_name(claim.slug, part.name))
    if theorem is None:
        return ""
    file = f"{{download}}`{theorem.module}.v <../../proofs/coq/{theorem.module}.v>`"
    return f"Also a theorem of Coq: `{theorem.name}` in {file}, checked by `qtheory prove --coq`."


def _twin(claim: Claim) -> list[str]:
    if claim.twin is None:
        return []
    stated = [displayed(part.conclusion) for part in claim.twin.parts]
    opening = "A plausible false variant, which exact instances refute; so the tests can tell the difference."
    return ["## Wrong twin", opening, f"*{escaped(claim.twin.title)}*:", *stated]


def _idea(claim: Claim) -> list[str]:
    """The words above the derivation, without their title."""
    path = proofs_folder() / f"{claim.slug.replace('-', '_')}.py"
    spec = importlib.util.spec_from_file_location(f"idea_of_{path.stem}", path)
    if spec is None or spec.loader is None:
        return []
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    words = re.sub(r"\A\s*#[^\n]*\n", "", module.__doc__ or "").strip()
    return ["## Idea of the proof", words] if words else []


def _symbols(claim: Claim) -> str:
    used = sorted(frozenset().union(*(part.symbols for part in claim.parts)), key=lambda x: x.name)
    rows = "\n".join(f"| {inline(symbol)} | {escaped(meaning(symbol))} |" for symbol in used)
    return f"| symbol | meaning |\n|---|---|\n| {inline(_expectation())} | expectation under the base |\n{rows}"


def _expectation() -> sp.Basic:
    from qtheory.symbols import E, x

    return E(x)


def _see_also(claim: Claim) -> str:
    kinds = {type(policy.optimizer).__name__ for part in claim.parts for policy in part.policies}
    kinds |= {type(part.cost).__name__ for part in claim.parts if part.cost is not None}
    names = sorted(f"`qt.{name}`" for name in kinds if name in qtheory.__all__)
    script = f"{claim.slug.replace('-', '_')}.py"
    lines = [f"- In the library: {', '.join(names)}."] if names else []
    lines += [
        f"- The derivation as it is written: {{download}}`{script} <../../proofs/{script}>`;"
        " its steps are explained in [Derivations](../derivations.md).",
        f"- On the command line: `qtheory show {claim.slug}` and `qtheory verify {claim.slug}`.",
    ]
    return "\n".join(lines)
