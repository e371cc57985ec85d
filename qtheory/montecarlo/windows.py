r"""Windows: short ranges of utilities inside some bins that a further pass looks at value by value."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qtheory.montecarlo.bin_plan import BINS

PARTS = 1 << 17
"""Room for the parts of all windows of a pass."""
FIELDS = ((0, 18), (18, 17), (35, 18), (53, 5))
"""Lowest bit and width of each field of a window's word."""


@dataclass(frozen=True, eq=False)
class Windows:
    r"""For each of some bins a window of equal parts, with one part more at each end for the rest of the bin.

    Attributes:
        bins: the bins, increasing, int64 `[windows]`.
        start: the lower part of a utility at which each window begins, int64 `[windows]`.
        shift: a part spans $2^{shift}$ values, int64 `[windows]`.
        size: parts inside each window, int64 `[windows]`; all together with the ends at most `PARTS`.
    """

    bins: np.ndarray
    start: np.ndarray
    shift: np.ndarray
    size: np.ndarray

    @property
    def first(self) -> np.ndarray:
        """Where the parts of each window begin in the table of the pass, `[windows]`."""
        return np.concatenate([[0], np.cumsum(self.size + 2)[:-1]])

    @property
    def device_columns(self) -> tuple[np.ndarray]:
        """One word a bin, uint64 `[BINS]`, so that one look-up finds all; zero where there is no window.

        From the low bits up: one more than the first part, the start, the size, the shift.
        """
        words = np.zeros(BINS, np.uint64)
        fields = zip((self.first + 1, self.start, self.size, self.shift), FIELDS, strict=True)
        words[self.bins] = sum(values.astype(np.uint64) << np.uint64(low) for values, (low, _) in fields)
        return (words,)

    def cuts(self, window: int) -> np.ndarray:
        """The lower parts at which the parts after the first begin, `[size + 1]`."""
        return self.start[window] + (np.arange(self.size[window] + 1) << self.shift[window])
