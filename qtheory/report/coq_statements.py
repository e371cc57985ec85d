r"""The generated file of Coq statements: `python -m qtheory.report.coq_statements` writes it anew."""

from __future__ import annotations

from qtheory.claims.registry import all_claims
from qtheory.prover.coq.sources import STATEMENTS, coq_folder
from qtheory.prover.coq.stated import statements_text


def main() -> None:
    path = coq_folder() / f"{STATEMENTS}.v"
    path.write_text(statements_text(coq_folder(), all_claims()), encoding="utf-8")


if __name__ == "__main__":
    main()
