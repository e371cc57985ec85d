r"""Reading policies back from JSON."""

from __future__ import annotations

from typing import Any

from qtheory.errors import DocumentError
from qtheory.exact.documents import expect_document
from qtheory.policies.abstract import AbstractPolicy
from qtheory.policies.atom import AtomPolicy
from qtheory.policies.rank import RankPolicy
from qtheory.policies.weight import WeightPolicy

_KINDS: dict[str, Any] = {"atom": AtomPolicy, "rank": RankPolicy, "weight": WeightPolicy}


def policy_from_json(document: Any) -> AbstractPolicy:
    """The policy, with its problem, that a JSON object describes."""
    kind = expect_document(document, "policy").get("kind")
    if not isinstance(kind, str) or kind not in _KINDS:
        raise DocumentError("not a kind of policy", got=kind, allowed=", ".join(_KINDS))
    return _KINDS[kind].from_json(document)
