r"""Names for the types that several layers share."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np

ExactLike: TypeAlias = "int | str | Fraction | Decimal"
NumberLike: TypeAlias = "ExactLike | float"
Number: TypeAlias = "Fraction | float"
Values: TypeAlias = "tuple[Fraction, ...] | np.ndarray"
Json: TypeAlias = "dict[str, Any]"
