"""A reader of Coq's terms over the reals, written from Coq's levels of precedence and not from our writer."""

from __future__ import annotations

import re
from fractions import Fraction

TOKEN = re.compile(r"\w+|[-+*/^()]")


def value(text: str, at: dict[str, Fraction]) -> Fraction:
    """The value of a term: `+ -` at level 50, `* /` at 40, unary `-` at 35, `^` at 30, application tightest."""
    reader = Reader(TOKEN.findall(text), at)
    found = reader.term()
    assert not reader.tokens, f"left over: {reader.tokens}"
    return found


class Reader:
    """Consumes tokens from the left."""

    def __init__(self, tokens: list[str], at: dict[str, Fraction]):
        self.tokens, self.at = tokens, at

    def next_is(self, *wanted: str) -> str | None:
        return self.tokens.pop(0) if self.tokens and self.tokens[0] in wanted else None

    def term(self) -> Fraction:
        if self.next_is("if"):
            return self.choice()
        total = self.product()
        while sign := self.next_is("+", "-"):
            total += self.product() if sign == "+" else -self.product()
        return total

    def choice(self) -> Fraction:
        strict, left, right = self.tokens.pop(0) == "Rlt_dec", self.atom(), self.atom()
        assert self.next_is("then")
        first = self.term()
        assert self.next_is("else")
        second = self.term()
        return first if left < right or (left == right and not strict) else second

    def product(self) -> Fraction:
        total = self.signed()
        while sign := self.next_is("*", "/"):
            total = total * self.signed() if sign == "*" else total / self.signed()
        return total

    def signed(self) -> Fraction:
        return -self.signed() if self.next_is("-") else self.power()

    def power(self) -> Fraction:
        base = self.application()
        return base ** int(self.application()) if self.next_is("^") else base

    def application(self) -> Fraction:
        name = self.next_is("Rmax", "Rmin")
        if name is None:
            return self.atom()
        return (max if name == "Rmax" else min)(self.atom(), self.atom())

    def atom(self) -> Fraction:
        token = self.tokens.pop(0)
        if token == "(":
            inside = self.term()
            assert self.next_is(")")
            return inside
        return self.at[token] if token in self.at else Fraction(int(token))
