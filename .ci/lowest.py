"""Print the oldest supported version of every direct dependency, one pin a line, for `pip install -c`."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text())["project"]
extras = project["optional-dependencies"]
for requirement in [*project["dependencies"], *extras["test"]]:
    bound = re.fullmatch(r"([A-Za-z0-9_-]+)>=([0-9.]+)", requirement)
    if bound is None:
        raise SystemExit(f"not of the form name>=version: {requirement}")
    print(f"{bound[1]}=={bound[2]}")
