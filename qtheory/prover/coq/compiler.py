r"""Compiling the Coq development, and what came of it.

Nothing is written into the folder of sources: they are copied, compiled in a temporary folder, and forgotten. A last
file, written here, ties each theorem to the statement generated from its claim and asks Coq what it rests on.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from qtheory.aliases import Json
from qtheory.errors import NotAvailable, ProofError
from qtheory.prover.coq.sources import STATEMENTS, Theorem, files, in_order, refuse_unproved, theorems
from qtheory.prover.coq.stated import covered_parts, refuse_stale
from qtheory.statements.claim import Claim, Part

# What Coq's library of real numbers itself assumes: two principles of classical logic, which make the reals what they
# are, and that functions with the same values are the same.
REALS = frozenset(
    {
        "ClassicalDedekindReals.sig_forall_dec",
        "ClassicalDedekindReals.sig_not_dec",
        "FunctionalExtensionality.functional_extensionality_dep",
    }
)
SECONDS_PER_FILE = 300
MESSAGE_LIMIT = 4000
CHECK = "check"
_CLOSED, _AXIOMS = "Closed under the global context", "Axioms:"
_AXIOM = re.compile(r"([\w.']+)(?: :.*)?")


@dataclass(frozen=True)
class CompiledTheorem:
    """A theorem that Coq accepted.

    Attributes:
        name, module: what it is called, and in which file it stands.
        claim, part: the part of a claim that it proves; `None` for a theorem about finite bases alone.
    """

    name: str
    module: str
    claim: str | None
    part: Part | None

    def to_json(self) -> Json:
        part = None if self.part is None else self.part.name
        return {"theorem": self.name, "file": f"{self.module}.v", "claim": self.claim, "part": part}


@dataclass(frozen=True)
class Compilation:
    """What a run of Coq over the development accepted: all of it, or there would be none.

    Attributes:
        version: of Coq.
        theorems: in the order of the files.
        assumptions: the axioms that any of the theorems rests on, all of them among `REALS`.
        seconds: how long it took.
    """

    version: str
    theorems: tuple[CompiledTheorem, ...]
    assumptions: tuple[str, ...]
    seconds: float

    def theorem_for(self, slug: str, part: Part) -> CompiledTheorem | None:
        """The theorem that proves this very part: the same name, and the same statement."""
        return next((t for t in self.theorems if t.claim == slug and t.part == part), None)

    def to_json(self) -> Json:
        listed = [theorem.to_json() for theorem in self.theorems]
        assumed = list(self.assumptions)
        return {"version": self.version, "theorems": listed, "assumptions": assumed, "seconds": round(self.seconds, 3)}


def compile_development(
    folder: Path, claims: Iterable[Claim], progress: Callable[[str, str], None] | None = None
) -> Compilation:
    """Compile every file of a folder with `coqc` and check what each theorem states and assumes.

    Args:
        folder: the Coq files; only read.
        claims: the claims whose parts the theorems are named after.
        progress: called with the name of each file and "coq" before it is compiled.

    Raises:
        NotAvailable: there is no `coqc`.
        ProofError: a file is not accepted, or a theorem does not state its part or assumes something; names the file
            and shows Coq's message.
    """
    began, listed = time.perf_counter(), tuple(claims)
    coqc = find_coqc()
    refuse_unproved(folder)
    covered = covered_parts(folder, listed)
    refuse_stale(folder, listed)
    announced = tuple(theorems(folder).values())
    with tempfile.TemporaryDirectory(prefix="qtheory-coq-") as work:
        for path in files(folder):
            shutil.copyfile(path, Path(work) / path.name)
        for path in in_order(folder):
            if progress is not None:
                progress(path.name, "coq")
            _compile(coqc, Path(work), path.name)
        (Path(work) / f"{CHECK}.v").write_text(_check_text(announced, set(covered)), encoding="utf-8")
        printed = _compile(coqc, Path(work), f"{CHECK}.v")
    found = tuple(_compiled(theorem, covered.get(theorem.name)) for theorem in announced)
    return Compilation(_version(coqc), found, _assumptions(printed), time.perf_counter() - began)


def find_coqc() -> str:
    """The path of the Coq compiler.

    Raises:
        NotAvailable: there is none; says how to get it.
    """
    path = shutil.which("coqc")
    if path is None:
        remedy = "install Coq: `apt-get install coq`, `brew install coq` or `opam install coq`"
        raise NotAvailable("there is no `coqc` on the PATH, so nothing can be compiled by Coq", remedy=remedy)
    return path


def _compile(coqc: str, work: Path, name: str) -> str:
    """Compile one file and return what Coq printed."""
    try:
        done = _run([coqc, "-q", "-Q", ".", "QTheory", name], work)
    except subprocess.TimeoutExpired as error:
        raise ProofError(f"Coq did not finish {name}", allowed=f"{SECONDS_PER_FILE} seconds a file") from error
    if done.returncode:
        message = (done.stderr or done.stdout).strip()[-MESSAGE_LIMIT:]
        raise ProofError(f"Coq does not accept {name}:\n{message}")
    return done.stdout


def _run(command: list[str], work: Path | None = None) -> subprocess.CompletedProcess[str]:
    # A search path of the user's own must not decide which files are read.
    environment = {name: value for name, value in os.environ.items() if name != "COQPATH"}
    return subprocess.run(
        command, cwd=work, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL,
        timeout=SECONDS_PER_FILE, check=False,
    )  # fmt: skip


def _version(coqc: str) -> str:
    return (_run([coqc, "--print-version"]).stdout.split() or ["of unknown version"])[0]


def _check_text(announced: tuple[Theorem, ...], covered: set[str]) -> str:
    """A file in which each theorem is taken for its statement, under full names, and the assumptions are printed.

    They are asked for once and for all theorems together, because Coq goes through its library each time.
    """
    modules = " ".join(sorted({STATEMENTS, *(theorem.module for theorem in announced)}))
    lines = [f"From QTheory Require {modules}."]
    for theorem in announced:
        stated = f" : QTheory.{STATEMENTS}.{theorem.name}" if theorem.name in covered else ""
        lines.append(f"Definition checked_{theorem.name}{stated} := QTheory.{theorem.module}.{theorem.name}.")
    together = ", ".join(f"checked_{theorem.name}" for theorem in announced)
    return "\n".join([*lines, f"Definition every_theorem := (tt, {together}).", "Print Assumptions every_theorem.", ""])


def _assumptions(printed: str) -> tuple[str, ...]:
    """The axioms that Coq listed; refuses any that the real numbers do not rest on."""
    first, *lines = printed.strip().splitlines() or [""]
    if first == _CLOSED and not lines:
        return ()
    if first != _AXIOMS:
        raise ProofError("Coq's list of assumptions cannot be read", got=printed[:MESSAGE_LIMIT])
    # What is indented is the type of an axiom, which may take several lines.
    return tuple(map(_axiom, (line for line in lines if line and not line[0].isspace())))


def _axiom(line: str) -> str:
    named = _AXIOM.fullmatch(line)
    if named is None or named.group(1) not in REALS:
        allowed = f"what the real numbers rest on: {', '.join(sorted(REALS))}"
        raise ProofError("a theorem of the Coq development assumes something", got=line, allowed=allowed)
    return named.group(1)


def _compiled(theorem: Theorem, proves: tuple[Claim, Part] | None) -> CompiledTheorem:
    claim, part = (None, None) if proves is None else (proves[0].slug, proves[1])
    return CompiledTheorem(theorem.name, theorem.module, claim, part)
