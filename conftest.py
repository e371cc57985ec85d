"""Settings for every test and doctest."""

import os
import shutil

# The matrix products here are small; threads for them cost more than they bring, above all beside xdist's workers.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def pytest_terminal_summary(terminalreporter):
    if shutil.which("coqc") is None:
        terminalreporter.write_line(
            "SKIPPED: there is no coqc, so the machine-checked core in proofs/coq was not compiled"
        )
