r"""A base distribution that one can only draw from: a sampler, or a numpyro model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from qtheory.aliases import Json
from qtheory.base.abstract import AbstractBase
from qtheory.errors import DocumentError, InvalidInput


@dataclass(frozen=True)
class Generative(AbstractBase):
    r"""A sampler of actions; nothing else about $\gamma$ is known.

    Args:
        draw: `key -> action`, a pure JAX function of one key; it is mapped over keys with `vmap`.
        name: what it is called in reports.

    >>> import jax
    >>> Generative(jax.random.normal).sample(jax.random.key(0), 3).shape
    (3,)
    """

    draw: Callable[[Any], Any]
    name: str = "sampler"

    def __post_init__(self) -> None:
        if not callable(self.draw):
            raise InvalidInput("a generative base needs a sampler", got=self.draw, allowed="a function key -> action")

    @staticmethod
    def model(model: Callable[[], Any], site: str | None = None) -> Generative:
        """The base that a numpyro model defines: its return value, or the value at one of its sites."""
        name = getattr(model, "__name__", "model")
        return Generative(_ModelDraw(model, site), name)

    def sample(self, key: Any, n: int) -> Any:
        import jax

        return jax.vmap(self.draw)(jax.random.split(key, n))

    def to_json(self) -> Json:
        raise DocumentError("a generative base is code and has no JSON form", got=self.name)


@dataclass(frozen=True)
class _ModelDraw:
    model: Callable[[], Any]
    site: str | None

    def __call__(self, key: Any) -> Any:
        from numpyro import handlers

        seeded = handlers.seed(self.model, key)
        if self.site is None:
            return seeded()
        trace = handlers.trace(seeded).get_trace()
        if self.site not in trace:
            raise InvalidInput("the model has no such site", got=self.site, allowed=", ".join(trace))
        return trace[self.site]["value"]
