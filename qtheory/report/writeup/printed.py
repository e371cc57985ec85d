r"""Numbers as they are printed: how exact they claim to be, and how another one would be printed in their place."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from qtheory.errors import MarkerError
from qtheory.exact.enclosure import Enclosure

Agreement = Literal["agrees", "drifted", "too many digits"]
_NUMBER = re.compile(
    r"(?P<sign>[-+−]?)(?:(?P<infinite>∞|\\infty|inf\b)|(?P<over>\d+)/(?P<under>\d+)"
    r"|(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?:(?P<e>[eE])(?P<power>[-+−]?\d{1,3})|(?P<times>\s*(?:\\times|×)\s*10\^\{?)(?P<ten>[-+−]?\d{1,3})(?P<close>\}?))?"
    r"(?P<percent>\\?%)?)"
)


@dataclass(frozen=True)
class PrintedNumber:
    r"""A number in a text.

    Attributes:
        text: as it stands there.
        value: what it says.
        half_unit: half a unit of its last digit, zero for a fraction; `None` for infinity.
    """

    text: str
    value: Fraction | float
    half_unit: Fraction | None

    def against(self, computed: Enclosure | float) -> Agreement:
        """Whether it is the computed number, rounded to its own digits; at a tie both roundings are right."""
        if not isinstance(computed, Enclosure) or self.half_unit is None:
            return "agrees" if self.value == computed else "drifted"
        low, high = computed.low - self.value, computed.high - self.value
        if low > self.half_unit or high < -self.half_unit:
            return "drifted"
        if low >= -self.half_unit and high <= self.half_unit:
            return "agrees"
        # both roundings are right where the last digit turns within what is known; a wider interval says too little
        return "agrees" if computed.width <= self.half_unit else "too many digits"

    def instead(self, computed: Enclosure | float) -> str:
        """The computed number in the same form, with as many digits."""
        if not isinstance(computed, Enclosure):
            return ("-" if computed < 0 else "") + ("\\infty" if "\\" in self.text else "∞")
        match = _NUMBER.fullmatch(self.text)
        assert match is not None
        return _in_form(match, computed.midpoint)


def read_number(text: str, at: int, latex: bool) -> PrintedNumber | None:
    r"""The number printed at a place of a text; in LaTeX a bare percent sign begins a comment.

    >>> read_number("12.5% of", 0, latex=False)
    PrintedNumber(text='12.5%', value=Fraction(1, 8), half_unit=Fraction(1, 2000))
    """
    match = _NUMBER.match(text, at)
    if match is None:
        return None
    shown = match.group()
    if latex and match.group("percent") == "%":
        shown = shown[:-1]
        match = _NUMBER.fullmatch(shown)
        assert match is not None
    negative = match.group("sign") in ("-", "−")
    if match.group("infinite"):
        return PrintedNumber(shown, -math.inf if negative else math.inf, None)
    if match.group("under"):
        if int(match.group("under")) == 0:
            raise MarkerError("a fraction with the denominator zero is printed", got=shown)
        size, half = Fraction(int(match.group("over")), int(match.group("under"))), Fraction(0)
    else:
        digits, scale = match.group("digits").replace(",", ""), _scale(match)
        size, half = Fraction(digits) * scale, Fraction(1, 2 * 10 ** _decimals(digits)) * scale
    return PrintedNumber(shown, -size if negative else size, half)


def _scale(match: re.Match[str]) -> Fraction:
    power = match.group("power") or match.group("ten") or "0"
    return Fraction(10) ** int(power.replace("−", "-")) / (100 if match.group("percent") else 1)


def _decimals(digits: str) -> int:
    return len(digits.partition(".")[2])


def _in_form(match: re.Match[str], value: Fraction) -> str:
    sign = ("−" if match.group("sign") == "−" else "-") if value < 0 else ""
    size = abs(value)
    if match.group("under"):
        return f"{sign}{size}" if size.denominator > 1 else f"{sign}{size.numerator}/1"
    percent = match.group("percent") or ""
    places = _decimals((match.group("digits") or "0.000000").replace(",", ""))
    size *= 100 if percent else 1
    if match.group("e") or match.group("times"):
        power = _exponent(size, places)
        shown = _decimal(size / Fraction(10) ** power, places)
        tail = (
            f"{match.group('e')}{power}" if match.group("e") else f"{match.group('times')}{power}{match.group('close')}"
        )
        return f"{sign}{shown}{tail}{percent}"
    grouped = "," in (match.group("digits") or "")
    return f"{sign}{_decimal(size, places, grouped)}{percent}"


def _exponent(size: Fraction, places: int) -> int:
    if size == 0:
        return 0
    power = 0
    while size >= Fraction(10) ** (power + 1):
        power += 1
    while size < Fraction(10) ** power:
        power -= 1
    # 9.996 with two places is 10.00, which is 1.00 of the next power
    return power + (round(size / Fraction(10) ** power * 10**places) >= 10 ** (places + 1))


def _decimal(size: Fraction, places: int, grouped: bool = False) -> str:
    whole, rest = divmod(round(size * 10**places), 10**places)
    head = f"{whole:,}" if grouped else str(whole)
    return f"{head}.{rest:0{places}d}" if places else head
