"""Running pytest as a user does, in a folder of theirs."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import entry_points


def run_pytest(folder, *arguments):
    """The exit code and what was printed; the plugin is named only where it is not installed as an entry point."""
    installed = any(point.value == "qtheory.testing.plugin" for point in entry_points(group="pytest11"))
    plugin = [] if installed else ["-p", "qtheory.testing.plugin"]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *plugin, "-p", "no:cacheprovider", "--no-header", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr
