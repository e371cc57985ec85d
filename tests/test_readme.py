"""What the README shows is what happens."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

from qtheory.cli.main import run

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


def test_the_interactive_examples_are_true():
    results = doctest.testfile(str(ROOT / "README.md"), module_relative=False, optionflags=doctest.ELLIPSIS)
    assert results.attempted >= 10
    assert results.failed == 0


def test_the_users_claims_come_back_as_shown(tmp_path, monkeypatch, capsys):
    (claims,) = [block for block in blocks("python") if "# my_claims.py" in block]
    (tmp_path / "my_claims.py").write_text(claims)
    monkeypatch.chdir(tmp_path)
    (console,) = blocks("console")
    command, _, shown = console.partition("\n")
    assert run(command.removeprefix("$ qtheory ").split()) == 1
    pattern = re.escape(shown.strip()).replace(re.escape("(...)"), r"\(.*\)")
    assert re.fullmatch(pattern, capsys.readouterr().out.strip())


def test_the_derivation_in_the_readme_proves():
    import qtheory as qt
    from qtheory.symbols import E, c, w

    (block,) = [block for block in blocks("python") if "def derive" in block]
    names = {"w": w, "c": c}
    exec(block, names)  # the README's own text
    claim = qt.claim("t", policy=qt.Quantilizer("1/2"), given=[c >= 0], derivation=names["derive"])
    assert qt.prove(claim(lambda: E(w * c) <= 2 * E(c))).outcome == "holds"


def test_the_commands_shown_exist():
    from qtheory.cli.main import COMMANDS

    shown = set(re.findall(r"qtheory ([a-z]+(?:-[a-z]+)*)", "\n".join(blocks("") + blocks("console"))))
    assert shown
    assert shown <= set(COMMANDS)
