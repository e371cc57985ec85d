r"""A closed interval of real numbers."""

from __future__ import annotations

from dataclasses import dataclass

from qtheory.errors import InvalidInput


@dataclass(frozen=True)
class Interval:
    r"""The closed interval $[\mathrm{low}, \mathrm{high}]$.

    Args:
        low: the lower end.
        high: the upper end, not below `low`.

    Raises:
        InvalidInput: an end is NaN or they are in the wrong order.

    >>> Interval(0.25, 0.75).width, Interval(0.25, 0.75).contains(0.75)
    (0.5, True)
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.high:
            raise InvalidInput(
                "the ends of an interval are out of order", got=(self.low, self.high), allowed="low <= high"
            )

    @property
    def width(self) -> float:
        """The length of the interval."""
        return self.high - self.low

    def contains(self, x: float) -> bool:
        """Whether x lies in the closed interval."""
        return self.low <= x <= self.high
