"""What the page on testing shows of pytest is what happens, and the minimal claim of the guide is one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from running_pytest import run_pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "testing.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", PAGE, flags=re.DOTALL)


@pytest.fixture
def users_folder(tmp_path):
    """The two claims of the README, the first with its derivation."""
    python = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)
    (claims,) = [block for block in python if "# my_claims.py" in block]
    (derive,) = [block for block in python if "def derive" in block]
    claims = claims.replace("@qt.claim", f"{derive}\n\n@qt.claim", 1).replace(
        "given=[c >= 0])", "given=[c >= 0], derivation=derive)", 1
    )
    (tmp_path / "my_claims.py").write_text(claims)
    return tmp_path


def test_pytest_prints_what_the_page_shows(users_folder):
    (console,) = [text for language, text in BLOCKS if language == "console"]
    command, _, shown = console.partition("\n")
    code, printed = run_pytest(users_folder, *command.removeprefix("$ pytest ").split())
    assert code == 1
    assert printed.lstrip("\n").startswith(shown)


def test_the_minimal_claim_of_the_contributing_guide_is_proved_and_its_twin_refuted():
    from qtheory.checking.falsify import falsify
    from qtheory.checking.prove import prove

    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    stated, derived = ({} for _ in range(2))
    claim, proof = re.findall(r"```python\n(.*?)```", guide, flags=re.DOTALL)
    exec(claim, stated)  # the guide's own text
    exec(proof, derived)
    shown = stated["CLAIM"].derived_by(derived["DERIVATION"])
    assert prove(shown).outcome == "holds"
    assert falsify(shown, examples=60).outcome == "survived"
    assert falsify(shown.twin, examples=300).outcome == "violated"
