r"""The name of a symbol as MathML: Greek letters, and digits as a subscript."""

from __future__ import annotations

import re
from html import escape

_GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ",
    "kappa": "κ", "lam": "λ", "lambda": "λ", "lamda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ",
    "sigma": "σ", "tau": "τ", "phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "iota": "ι", "upsilon": "υ",
    "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
    "Pi": "Π", "Xi": "Ξ",
}  # fmt: skip


def identifier(name: str) -> str:
    """One `mi` element, or one with a subscript.

    >>> identifier("tau2")
    '<msub><mi>τ</mi><mn>2</mn></msub>'
    >>> identifier("<b>")
    '<mi>&lt;b&gt;</mi>'
    """
    stem, below = split(name)
    if not below:
        return _letters(stem)
    part = f"<mn>{below}</mn>" if below.isdigit() else _letters(below)
    return f"<msub>{_letters(stem)}{part}</msub>"


def is_word(name: str) -> bool:
    """Whether a name shows as several letters in a row.

    >>> is_word("low"), is_word("tau2")
    (True, False)
    """
    stem, _ = split(name)
    return len(_GREEK.get(stem, stem)) > 1


def is_greek(name: str) -> bool:
    """Whether this names a Greek letter."""
    return name in _GREEK


def split(name: str) -> tuple[str, str]:
    """A name and its subscript, which may be empty.

    >>> split("tau2"), split("true_utility"), split("w")
    (('tau', '2'), ('true', 'utility'), ('w', ''))
    """
    match = re.fullmatch(r"([A-Za-z]+)_?([0-9]+)", name) or re.fullmatch(r"([A-Za-z]+)_([A-Za-z0-9]+)", name)
    return (match.group(1), match.group(2)) if match else (name, "")


def _letters(name: str) -> str:
    return f"<mi>{_GREEK.get(name) or escape(name)}</mi>"
