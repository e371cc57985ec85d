r"""What a number is about: the ideal quantilizer, the rule on n draws, or a policy given by its weights."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from qtheory.errors import DocumentError


@dataclass(frozen=True)
class Estimand:
    r"""The distribution a claim or verdict speaks of.

    The ideal quantilizer $Q_q$ and the rule "draw n, pick one of the top k" are different distributions, and a
    bound for one is not a bound for the other.

    >>> str(Estimand.ideal(Fraction(1, 10))), str(Estimand.rule(160, 16))
    ('ideal(q=1/10)', 'rule(n=160, k=16)')
    """

    kind: str
    parameters: tuple[tuple[str, str], ...] = ()

    @staticmethod
    def ideal(q: Fraction) -> Estimand:
        return Estimand("ideal", (("q", str(q)),))

    @staticmethod
    def rule(n: int, k: int) -> Estimand:
        return Estimand("rule", (("n", str(n)), ("k", str(k))))

    @staticmethod
    def weights(name: str = "w") -> Estimand:
        return Estimand("weights", (("w", name),))

    @staticmethod
    def parse(text: str) -> Estimand:
        if not isinstance(text, str):
            raise DocumentError("not an estimand", got=text, allowed="text such as 'ideal(q=1/10)'")
        kind, _, rest = text.partition("(")
        pairs = [part.partition("=") for part in _split(rest.removesuffix(")")) if part]
        return Estimand(kind, tuple((name, value) for name, _, value in pairs))

    def __str__(self) -> str:
        return f"{self.kind}({', '.join(f'{name}={value}' for name, value in self.parameters)})"


def _split(text: str) -> list[str]:
    """The parts between commas that stand in no bracket: a parameter may itself be an estimand."""
    parts, depth = [""], 0
    for sign in text:
        depth += (sign == "(") - (sign == ")")
        if sign == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += sign
    return [part.strip() for part in parts]
