"""What the README shows is what happens; that its blocks run is tested with those of every page."""

from __future__ import annotations

import re
from pathlib import Path

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def test_the_derivation_in_the_readme_proves():
    import qtheory as qt
    from qtheory.symbols import E, c, w

    (block,) = [block for block in re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL) if "def derive" in block]
    names = {"w": w, "c": c}
    exec(block, names)  # the README's own text
    claim = qt.claim("t", policy=qt.Quantilizer("1/2"), given=[c >= 0], derivation=names["derive"])
    assert qt.prove(claim(lambda: E(w * c) <= 2 * E(c))).outcome == "holds"


def test_the_claims_in_the_readme_exit_with_one(tmp_path, monkeypatch, capsys):
    from qtheory.cli.main import run

    (claims,) = [
        block for block in re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL) if "# my_claims.py" in block
    ]
    (tmp_path / "my_claims.py").write_text(claims)
    monkeypatch.chdir(tmp_path)
    assert run(["verify", "my_claims.py", "--reading", "falsify"]) == 1
    assert "1 violated" in capsys.readouterr().out
