r"""A part of a claim as a proposition of Coq.

The proposition is written by this translation and by nothing else, from the same SymPy relations that the other
readings use. A theorem in `proofs/coq/` therefore cannot state less than the claim does.
"""

from __future__ import annotations

import sympy as sp
from sympy.core.relational import Relational

from qtheory.errors import ProofError
from qtheory.prover.coq.terms import Terms
from qtheory.prover.expectation import expand
from qtheory.statements.claim import Part, stated_hypotheses
from qtheory.statements.well_posed import is_pointwise
from qtheory.symbols import E, OfAction

INDENT = "  "


def proposition(part: Part) -> str:
    r"""What the part says, for every base, as the text of a Coq proposition.

    The expectations that the statement mentions are assumed to exist, as everywhere in this package; what is said of
    the action is meant for almost every action.

    Raises:
        ProofError: the part uses a function that has no counterpart in the Coq development.

    >>> from qtheory.symbols import E, c, q
    >>> print(proposition(Part("markov", q * E(c) <= E(c), given=(c >= 0, q <= 1))))
    forall (A : Type) (B : BaseDistribution A) (q : R) (c : A -> R),
      Integrable B (fun a => c a) ->
      almost B (fun a => c a >= 0) ->
      q <= 1 ->
      (q * E B (fun a => c a) <= E B (fun a => c a)).
    """
    hypotheses = stated_hypotheses(part)
    symbols = sorted(frozenset().union(*(x.free_symbols for x in (part.conclusion, *hypotheses))), key=lambda x: x.name)
    functions = [x for x in symbols if isinstance(x, OfAction)]
    numbers = [x for x in symbols if not isinstance(x, OfAction)]
    terms = Terms(symbols)
    binders = [
        "(A : Type)",
        "(B : BaseDistribution A)",
        *_binder(terms, numbers, "R"),
        *_binder(terms, functions, "A -> R"),
    ]
    existing = [f"Integrable B {terms.function(f)} ->" for f in moments((*hypotheses, part.conclusion))]
    given = [f"{_statement(terms, h)} ->" for h in hypotheses]
    lines = [*existing, *given, f"({_statement(terms, part.conclusion)})."]
    return f"forall {' '.join(binders)},\n" + "\n".join(INDENT + line for line in lines)


def moments(statements: tuple[sp.Basic, ...]) -> tuple[sp.Expr, ...]:
    r"""The monomials in functions of the action whose expectation the statements mention.

    >>> from qtheory.symbols import E, c, q, w
    >>> moments((E((1 / q - w) * c) >= 0,))
    (c, c*w)
    """
    found = {node.args[0] for statement in statements for node in expand(statement).atoms(E)}
    return tuple(sorted(found, key=str))


def _binder(terms: Terms, symbols: list[sp.Symbol], kind: str) -> list[str]:
    return [f"({' '.join(terms.name(x) for x in symbols)} : {kind})"] if symbols else []


def _statement(terms: Terms, statement: sp.Basic) -> str:
    if isinstance(statement, sp.And):
        return " /\\ ".join(f"({_statement(terms, part)})" for part in statement.args)
    if is_pointwise(statement):
        return f"almost B (fun a => {_logic(terms, statement)})"
    return _logic(terms, statement)


def _logic(terms: Terms, statement: sp.Basic) -> str:
    if isinstance(statement, Relational):
        return terms.relation(statement)
    joints = {sp.And: " /\\ ", sp.Or: " \\/ ", sp.Implies: " -> "}
    joint = joints.get(type(statement))
    if joint is None:
        raise ProofError("this cannot be stated in Coq yet", got=str(statement), allowed="relations, and, or, implies")
    return joint.join(f"({_logic(terms, part)})" for part in statement.args)
