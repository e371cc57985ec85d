r"""The vocabulary of statements: one table of symbols, and the expectation $E$ under the base distribution.

A symbol carries its kind, so that a statement says by itself what varies with the action and what does not:
`Scalar` is a number, `OfAction` is the value of a function at the current action. All are real and nothing more:
assumptions such as $c \ge 0$ are hypotheses, which SymPy must not simplify away.
"""

from __future__ import annotations

import sympy as sp

SCALAR_DOMAINS = {
    "real": "any rational number",
    "nonnegative": "a rational number >= 0",
    "positive": "a rational number > 0",
    "unit": "a rational number in [0, 1]",
    "level": "a rational number in (0, 1]",
    "count": "an integer >= 1",
    "threshold": "the level of utility at which the policy's mass begins",
    "sup_ratio": "the largest density ratio of the policy",
    "worst_cost": "the cost class's worst case for the policy",
    "amplification": "the largest factor by which the policy raises the chance of a feature's value",
}

ACTION_ROLES = {
    "utility": "a proxy utility",
    "ratio": "the density ratio of a policy",
    "rival": "the density ratio of any policy",
    "cost": "a hidden cost",
    "feature_cost": "a cost that depends on the action through the feature alone",
    "feature_ratio": "the density ratio of the feature's law, E[w | Z]",
    "cost_mean": "the mean of the hidden cost given the proxy utility, E[c | U]",
    "win_chance": "the chance that the action beats a fresh draw of the base, ties counted half",
    "real": "any function of the action",
}


class Scalar(sp.Symbol):
    """A real number that does not depend on the action.

    Args:
        name: how it is written.
        domain: one of `SCALAR_DOMAINS`; what the exact instances draw it from.

    >>> Scalar("beta", "positive").domain
    'positive'
    """

    __slots__ = ("domain",)

    def __new__(cls, name: str, domain: str = "real") -> Scalar:
        _known(domain, SCALAR_DOMAINS, "domain")
        symbol = sp.Symbol.__xnew__(cls, name, real=True)
        symbol.domain = domain
        return symbol

    def _hashable_content(self) -> tuple:
        return (*super()._hashable_content(), self.domain)

    def __getnewargs_ex__(self) -> tuple:
        return (self.name, self.domain), {}

    def __reduce__(self) -> tuple:
        return type(self), (self.name, self.domain)


class OfAction(sp.Symbol):
    """The value of a real function at the current action.

    Args:
        name: how it is written.
        role: one of `ACTION_ROLES`; what the exact instances and the worlds bind it to.

    >>> OfAction("h").role
    'real'
    """

    __slots__ = ("role",)

    def __new__(cls, name: str, role: str = "real") -> OfAction:
        _known(role, ACTION_ROLES, "role")
        symbol = sp.Symbol.__xnew__(cls, name, real=True)
        symbol.role = role
        return symbol

    def _hashable_content(self) -> tuple:
        return (*super()._hashable_content(), self.role)

    def __getnewargs_ex__(self) -> tuple:
        return (self.name, self.role), {}

    def __reduce__(self) -> tuple:
        return type(self), (self.name, self.role)


class E(sp.Function):
    r"""Expectation under the base distribution, $E_\gamma[\cdot]$: a positive linear functional with $E[1] = 1$.

    >>> E(c) <= epsilon
    E(c) <= epsilon
    """

    nargs = 1
    is_real = True

    def _eval_evalf(self, prec: int) -> None:
        # SymPy would look for a function of this name in mpmath, and find Euler's number.
        return None

    def _latex(self, printer, exp=None) -> str:
        text = rf"\mathbb{{E}}_\gamma\!\left[{printer.doprint(self.args[0])}\right]"
        return text if exp is None else f"{text}^{{{exp}}}"


class xlogy(sp.Function):
    r"""$x \log y$ with $0 \log y = 0$, so that $E[\mathrm{xlogy}(w, w)]$ is the KL divergence of a policy.

    >>> E(xlogy(w, w))
    E(xlogy(w, w))
    """

    nargs = 2
    is_real = True

    def _latex(self, printer, exp=None) -> str:
        x, y = (printer.parenthesize(a, 50) for a in self.args)
        text = rf"{x} \log {y}"
        return text if exp is None else rf"\left({text}\right)^{{{exp}}}"


def indicator(condition) -> sp.Expr:
    """1 where the condition holds, 0 elsewhere.

    >>> indicator(u >= tau)
    Piecewise((1, u >= tau), (0, True))
    """
    return sp.Piecewise((1, condition), (0, True), evaluate=False)


def eq(left, right) -> sp.Eq:
    """An equation that SymPy leaves alone; `==` compares expressions, and `sp.Eq` may decide what it is given.

    >>> eq(E(w), 1)
    Eq(E(w), 1)
    """
    return sp.Eq(sp.sympify(left), sp.sympify(right), evaluate=False)


def le(left, right) -> sp.Le:
    """An inequality that SymPy leaves alone, where `<=` would be decided on construction.

    >>> le(0, E((w - 1)**2))
    0 <= E((w - 1)**2)
    """
    return sp.Le(sp.sympify(left), sp.sympify(right), evaluate=False)


def ge(left, right) -> sp.Ge:
    """An inequality that SymPy leaves alone, where `>=` would be decided on construction."""
    return sp.Ge(sp.sympify(left), sp.sympify(right), evaluate=False)


def _known(value: str, table: dict[str, str], what: str) -> None:
    if value not in table:
        raise ValueError(f"unknown {what} {value!r}; known: {', '.join(table)}")


# Functions of the action.
u = OfAction("u", "utility")
w = OfAction("w", "ratio")
w2 = OfAction("w2", "ratio")
w3 = OfAction("w3", "ratio")
v = OfAction("v", "rival")
c = OfAction("c", "cost")
kappa = OfAction("kappa", "feature_cost")
h = OfAction("h", "feature_ratio")
m = OfAction("m", "cost_mean")
beats = OfAction("beats", "win_chance")
x = OfAction("x")

# Numbers.
q = Scalar("q", "level")
r = Scalar("r", "level")
tau = Scalar("tau", "threshold")
tau2 = Scalar("tau2", "threshold")
tau3 = Scalar("tau3", "threshold")
rho = Scalar("rho", "sup_ratio")
worst = Scalar("worst", "worst_cost")
alpha = Scalar("alpha", "amplification")
epsilon = Scalar("epsilon", "nonnegative")
C = Scalar("C", "positive")
b = Scalar("b", "nonnegative")
t = Scalar("t", "real")
lam = Scalar("lam", "unit")
n = Scalar("n", "count")
k = Scalar("k", "count")

MEANINGS: dict[sp.Symbol, str] = {
    u: "proxy utility",
    w: "density ratio of the policy",
    w2: "density ratio of a second policy",
    w3: "density ratio of a third policy",
    v: "density ratio of any rival policy",
    c: "hidden cost",
    kappa: "cost that depends on the feature alone",
    h: "density ratio of the feature's law",
    m: "mean of the hidden cost given the proxy utility",
    beats: "chance of beating a fresh draw of the base",
    x: "the action itself, where actions are numbers",
    q: "quantile level",
    r: "a second quantile level",
    tau: "threshold of the policy",
    tau2: "threshold of the second policy",
    tau3: "threshold of the third policy",
    rho: "largest density ratio of the policy",
    worst: "worst-case cost over the class",
    alpha: "largest amplification of a feature's value",
    epsilon: "bound on the mean cost under the base",
    C: "cap on the cost",
    b: "how far a cost may lie below zero",
    t: "a number",
    lam: "a mixing weight",
    n: "number of draws",
    k: "number kept",
}


def table() -> dict[str, sp.Symbol]:
    """Every declared symbol by its name: what a formula in a file may mention.

    >>> table()["q"] is q
    True
    """
    return {symbol.name: symbol for symbol in MEANINGS}


def meaning(symbol: sp.Symbol) -> str:
    """What a symbol stands for, in words.

    >>> meaning(c)
    'hidden cost'
    """
    if symbol in MEANINGS:
        return MEANINGS[symbol]
    if isinstance(symbol, Scalar):
        return SCALAR_DOMAINS[symbol.domain]
    if isinstance(symbol, OfAction):
        return ACTION_ROLES[symbol.role]
    return "undeclared"
