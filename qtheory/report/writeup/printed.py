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
# What a message names when something else is printed.
FORMS = (
    "1.755, 1,234.5, 1.2e-3, 12.5%, 8/3, ∞, and in LaTeX, within $...$ or \\(...\\) or bare, "
    r"\frac{8}{3}, \tfrac83, -1.5\times10^{-3}, 1{,}234, 12.5\%, \infty"
)
_NUMBER = re.compile(
    r"(?P<sign>[-+−]?)(?:(?P<infinite>∞|\\infty|inf\b)|(?P<over>\d+)/(?P<under>\d+)"
    r"|(?P<frac>\\[tdc]?frac)\s*(?:\{\s*(?P<top>\d+)\s*\}|(?P<upper>\d))\s*(?:\{\s*(?P<bottom>\d+)\s*\}|(?P<lower>\d))"
    r"|(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:\{,\}\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?:(?P<e>[eE])(?P<power>[-+−]?\d{1,3})"
    r"|(?P<times>\s*(?:\\times|\\cdot|×|·)\s*10\^\{?)(?P<ten>[-+−]?\d{1,3})(?P<close>\}?))?"
    r"(?P<percent>(?:\\,|[ ~\u00a0\u202f])?\\?%)?)"
)
# Where a number goes on in a form that is not read, what was read is not what is printed.
_GOES_ON = re.compile(r"[.,]?\d|/\s*\d|\^|\{,\}|\s*(?:\\times|\\cdot|×|·)\s*\d|\s*\\[tdc]?frac|\\,\s*\d|[eE][-+−]?\d")


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
    if latex and match.group("percent") and not match.group("percent").endswith("\\%"):
        shown = shown[: match.start("percent") - at]
        match = _NUMBER.fullmatch(shown)
        assert match is not None
    if _GOES_ON.match(text, at + len(shown)):
        raise MarkerError("the number goes on in a form that is not read", got=text[at : at + 30], allowed=FORMS)
    negative = match.group("sign") in ("-", "−")
    if match.group("infinite"):
        return PrintedNumber(shown, -math.inf if negative else math.inf, None)
    if (halves := _halves(match)) is not None:
        if int(halves[1]) == 0:
            raise MarkerError("a fraction with the denominator zero is printed", got=shown)
        size, half = Fraction(int(halves[0]), int(halves[1])), Fraction(0)
    else:
        digits, scale = _ungrouped(match.group("digits")), _scale(match)
        size, half = Fraction(digits) * scale, Fraction(1, 2 * 10 ** _decimals(digits)) * scale
    return PrintedNumber(shown, -size if negative else size, half)


def _halves(match: re.Match[str]) -> tuple[str, str] | None:
    """Numerator and denominator of a printed fraction."""
    over = match.group("over") or match.group("top") or match.group("upper")
    under = match.group("under") or match.group("bottom") or match.group("lower")
    return None if over is None or under is None else (over, under)


def _ungrouped(digits: str) -> str:
    return digits.replace("{,}", "").replace(",", "")


def _scale(match: re.Match[str]) -> Fraction:
    power = match.group("power") or match.group("ten") or "0"
    return Fraction(10) ** int(power.replace("−", "-")) / (100 if match.group("percent") else 1)


def _decimals(digits: str) -> int:
    return len(digits.partition(".")[2])


def _in_form(match: re.Match[str], value: Fraction) -> str:
    sign = ("−" if match.group("sign") == "−" else "-") if value < 0 else ""
    size = abs(value)
    if match.group("frac"):
        return f"{sign}{_fraction(match, size)}"
    if match.group("under"):
        return f"{sign}{size.numerator}/{size.denominator}"
    percent = match.group("percent") or ""
    places = _decimals(_ungrouped(match.group("digits") or "0.000000"))
    size *= 100 if percent else 1
    if match.group("e") or match.group("times"):
        power = _exponent(size, places)
        shown = _decimal(size / Fraction(10) ** power, places)
        tail = (
            f"{match.group('e')}{power}" if match.group("e") else f"{match.group('times')}{power}{match.group('close')}"
        )
        return f"{sign}{shown}{tail}{percent}"
    digits = match.group("digits") or ""
    shown = _decimal(size, places, "," in digits)
    return f"{sign}{shown.replace(',', '{,}') if '{,}' in digits else shown}{percent}"


def _fraction(match: re.Match[str], size: Fraction) -> str:
    over, under = str(size.numerator), str(size.denominator)
    bare = match.group("upper") and match.group("lower") and len(over) == len(under) == 1
    return match.group("frac") + (f"{over}{under}" if bare else f"{{{over}}}{{{under}}}")


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
