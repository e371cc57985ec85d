"""Claims of a user's, one of them hostile, and what a run of them is called with."""

from __future__ import annotations

HOSTILE = "<script>document.title='owned'</script> & \\input{/etc/passwd} $x_1^2$ 100% `code` | ~ {a} # ü"
CLAIMS = f"""
import qtheory as qt
from qtheory.symbols import E, OfAction, c, q, w

@qt.claim({HOSTILE!r}, policy=qt.Quantilizer(q), given=[c >= 0], source={HOSTILE!r})
def harmless():
    return E(w * c) <= E(c)

h = OfAction("<img_src=x>", "cost")

@qt.claim("A claim with a strange name", given=[h >= 0])
def strange():
    return E(h) >= 0
"""
OPTIONS = {"samples": 2000, "alpha": 1e-6, "examples": 30}
SLUGS = ("cost-bound", "windowed-quantilizer")
