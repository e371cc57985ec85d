r"""One-sided limits with numbers in them, taken by SymPy and believed only where the numbers cannot change the answer.

SymPy takes a coefficient such as $a$ in $1/(1 + az)$ to be nonzero, and says that the limit at $\infty$ is 0. So every
coefficient is replaced by a positive number, by a negative one and by 0, as its sign may be, and all limits must agree.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import islice, product

import sympy as sp

from qtheory.errors import ProofError
from qtheory.prover.smt import follows
from qtheory.symbols import Scalar

# How far from its limit an expression may be this close to an end.
_CLOSE, _NEAR, _FAR = sp.Float("1e-3", 60), sp.Rational(1, 10**30), sp.Integer(10) ** 30
_POINTS_TRIED = 3
_CANDIDATES = [sp.Rational(x) for x in ("1", "2", "1/2", "3", "1/3", "5", "-1", "-1/2", "0", "7/3")]
_MOST_CASES = 27
_UNDECIDED = (sp.oo, -sp.oo, sp.zoo, sp.nan, sp.Limit, sp.AccumBounds)


def limit_at(expression: sp.Expr, variable: sp.Symbol, end: sp.Expr, side: str, known: list[sp.Basic]) -> sp.Expr:
    """The finite limit of an expression at an end, from above ("+") or below ("-"), under what is known of its numbers.

    Raises:
        ProofError: it is infinite, or a sign that is not known may change it, or it is not confirmed numerically.

    >>> z = sp.Dummy("z")
    >>> limit_at(z * sp.log(z), z, sp.Integer(0), "+", [])
    0
    """
    step, infinite = sp.Dummy("step", positive=True), end in (sp.oo, -sp.oo)
    if infinite:
        moved, target = (step if end == sp.oo else -step), sp.oo
    else:
        moved, target = (end + step if side == "+" else end - step), sp.Integer(0)
    flat = sp.expand(expression.xreplace({variable: moved}), power_base=False, power_exp=False, log=False)
    try:
        # Term by term, because a factor of a whole term cannot change whether its limit is finite.
        limit = sp.Add(*(factor * _limit(part, step, target, known) for part, factor in _parts(flat, step).items()))
    except ProofError:
        limit = _limit(flat, step, target, known)
    _confirm(expression, variable, end, side, limit, known)
    return limit


def _limit(expression: sp.Expr, step: sp.Symbol, target: sp.Expr, known: list[sp.Basic]) -> sp.Expr:
    """The limit that SymPy finds, the same for all signs that the coefficients can have."""
    coefficients: dict[sp.Expr, sp.Dummy] = {}
    pattern = _pattern(expression, step, lambda x: coefficients.setdefault(x, sp.Dummy()))
    cases = list(islice(product(*(_signs(x, known) for x in coefficients)), _MOST_CASES + 1))
    if len(cases) > _MOST_CASES:
        raise ProofError("the signs of too many numbers are unknown", got=str(expression))
    found = {_case(pattern, step, target, coefficients, signs) for signs in cases}
    if len(found) != 1:
        raise ProofError(
            "the limit depends on signs that are not known", got=f"{expression}: {sorted(map(str, found))}"
        )
    return found.pop()


def _case(pattern: sp.Expr, step: sp.Symbol, target: sp.Expr, coefficients: dict, signs: tuple[int, ...]) -> sp.Expr:
    sizes = [sp.Dummy("size", positive=True) for _ in signs]
    values = {x: sign * size for x, sign, size in zip(coefficients.values(), signs, sizes, strict=True)}
    try:
        limit = _sympy_limit(pattern.xreplace(values), step, target)
    except (NotImplementedError, ValueError, TypeError) as error:
        raise ProofError("SymPy finds no limit", got=f"{pattern}: {error}") from error
    limit = limit.xreplace({size: sign * x for x, sign, size in zip(coefficients, signs, sizes, strict=True)})
    if limit.has(*_UNDECIDED) or step in limit.free_symbols:
        raise ProofError("there is no finite limit", got=f"{pattern}: {limit}")
    return sp.expand(limit)


def _sympy_limit(expression: sp.Expr, step: sp.Symbol, target: sp.Expr) -> sp.Expr:
    side = "-" if target == sp.oo else "+"
    if not expression.has(sp.erfc):
        return sp.limit(expression, step, target, side)
    total = sp.Integer(0)
    for part, factor in _parts(expression, step).items():
        # Not left to SymPy, which says that erfc(x - 1) tends to 2 at infinity.
        if isinstance(part, sp.erfc):
            total += factor * sp.erfc(sp.limit(part.args[0], step, target, side))
        elif part.has(sp.erfc):
            raise ProofError("no limit of a product or function of erfc", got=str(part))
        else:
            total += factor * sp.limit(part, step, target, side)
    return total


def _signs(coefficient: sp.Expr, known: list[sp.Basic]) -> tuple[int, ...]:
    """The signs that a coefficient may have."""
    if follows(known, sp.Gt(coefficient, 0, evaluate=False)):
        return (1,)
    if follows(known, sp.Lt(coefficient, 0, evaluate=False)):
        return (-1,)
    return (1, 0, -1)


def _pattern(node: sp.Expr, step: sp.Symbol, name: Callable[[sp.Expr], sp.Expr]) -> sp.Expr:
    """The expression with a name for every coefficient that is not a number."""
    if step not in node.free_symbols:
        return name(node) if node.free_symbols else node
    if node == step:
        return node
    if isinstance(node, (sp.Add, sp.Mul)):
        terms = _parts(node, step).items()
        return sp.Add(*(_pattern(factor, step, name) * _factors(part, step, name) for part, factor in terms))
    return node.func(*(_pattern(arg, step, name) for arg in node.args))


def _factors(part: sp.Expr, step: sp.Symbol, name: Callable[[sp.Expr], sp.Expr]) -> sp.Expr:
    """A product in which every factor mentions the variable."""
    return sp.Mul(
        *(
            factor.func(*(_pattern(arg, step, name) for arg in factor.args)) if factor.args else factor
            for factor in sp.Mul.make_args(part)
        )
    )


def _parts(node: sp.Expr, step: sp.Symbol) -> dict[sp.Expr, sp.Expr]:
    """What of a sum mentions the variable, and the whole coefficient of each."""
    found: defaultdict[sp.Expr, sp.Expr] = defaultdict(lambda: sp.Integer(0))
    for term in sp.Add.make_args(node):
        factor, part = term.as_independent(step, as_Add=False)
        found[part] += factor
    return found


def _confirm(expression: sp.Expr, variable: sp.Symbol, end: sp.Expr, side: str, limit: sp.Expr, known: list) -> None:
    symbols = sorted((expression.free_symbols | end.free_symbols) - {variable}, key=str)
    tried = 0
    for point in islice(_points(symbols, known), _POINTS_TRIED):
        near = _near(end.subs(point), side)
        gap = abs((expression.subs(point).subs(variable, near) - limit.subs(point)).evalf(60))
        if not gap < _CLOSE:
            raise ProofError("the limit is not confirmed numerically", got=f"{limit} for {expression} at {point}")
        tried += 1
    if not tried:
        raise ProofError("no point was found at which to confirm a limit", got=str(expression))


def _near(end: sp.Expr, side: str) -> sp.Expr:
    if end in (sp.oo, -sp.oo):
        return _FAR if end == sp.oo else -_FAR
    return end + _NEAR if side == "+" else end - _NEAR


def _points(symbols: list[sp.Symbol], known: list) -> Iterator[dict]:
    """Values of the numbers at which everything known of them holds."""
    mentioned = [h for h in known if h.free_symbols & set(symbols)]
    plain = [
        h for h in mentioned if all(isinstance(x, Scalar) for x in h.free_symbols) and h.free_symbols <= set(symbols)
    ]
    for values in product(_CANDIDATES, repeat=len(symbols)):
        point = dict(zip(symbols, values, strict=True))
        if all(h.subs(point) == sp.true for h in plain):
            yield point
