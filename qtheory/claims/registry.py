r"""The claims: one file each in this folder, with their derivations attached."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from functools import cache

import qtheory.claims
from qtheory.errors import InvalidInput
from qtheory.prover.locate import derivation_of
from qtheory.statements.claim import Claim


def slugs() -> tuple[str, ...]:
    """The names of all built-in claims, in alphabetical order."""
    modules = (m.name for m in pkgutil.iter_modules(qtheory.claims.__path__))
    return tuple(sorted(name.replace("_", "-") for name in modules if name != "registry"))


@cache
def get(slug: str) -> Claim:
    """One built-in claim by its name.

    >>> get("cost-bound").title
    'A q-quantilizer multiplies a nonnegative cost by at most 1/q'
    """
    if slug not in slugs():
        close = difflib.get_close_matches(slug, slugs(), 1)
        remedy = f"did you mean {close[0]}?" if close else "see `qtheory list`"
        raise InvalidInput("no such claim", got=slug, allowed=", ".join(slugs()), remedy=remedy)
    claim = importlib.import_module(f"qtheory.claims.{slug.replace('-', '_')}").CLAIM
    return claim.derived_by(derivation_of(slug))


def all_claims() -> tuple[Claim, ...]:
    """Every built-in claim."""
    return tuple(map(get, slugs()))
