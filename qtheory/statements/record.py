r"""Records: what ran, so that it can be run again."""

from __future__ import annotations

import hashlib
import json
import platform
from dataclasses import asdict, dataclass
from importlib import metadata

from qtheory.aliases import Json

_PACKAGES = ("qtheory", "jax", "numpyro", "sympy", "numpy", "scipy", "hypothesis", "z3-solver")


@dataclass(frozen=True)
class Record:
    """The configuration of a run and what it ran on.

    Attributes:
        command: what was asked for.
        configuration: every parameter that the result depends on.
        configuration_hash: SHA-256 of the configuration as canonical JSON.
        key: the seed of every random stream.
        versions: of Python and the packages that compute.
        device: kind of the device that JAX used, or "none".
        dtype: of the sampled arithmetic.
    """

    command: str
    configuration: Json
    configuration_hash: str
    key: int
    versions: dict[str, str]
    device: str
    dtype: str = "float32"

    def to_json(self) -> Json:
        return asdict(self)


def make_record(command: str, configuration: Json, key: int, device: str = "none") -> Record:
    """Describe a run; `configuration` must be JSON-ready."""
    canonical = json.dumps(configuration, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    return Record(command, configuration, digest, key, versions(), device)


def versions() -> dict[str, str]:
    """Versions of Python and of the installed packages that results depend on."""
    found = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            found[package] = "not installed"
    return found
