r"""What you import in your own tests: strategies, statistical assertions, and a kit for your own implementation.

Names are loaded when they are used, so that a test runner that knows this package pays nothing for it.

>>> from qtheory import testing
>>> "check_quantilizer" in dir(testing)
True
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qtheory.lazy import loads_when_used

if TYPE_CHECKING:
    from qtheory.testing.assertions import Evidence as Evidence
    from qtheory.testing.assertions import assert_draws as assert_draws
    from qtheory.testing.assertions import assert_holds as assert_holds
    from qtheory.testing.check import Check as Check
    from qtheory.testing.check import Disagreement as Disagreement
    from qtheory.testing.kit import check_implementation as check_implementation
    from qtheory.testing.kit import check_quantilizer as check_quantilizer
    from qtheory.testing.kit import checks_of as checks_of
    from qtheory.testing.mutant import Mutant as Mutant
    from qtheory.testing.mutant import all_mutants as all_mutants
    from qtheory.testing.own import OWN as OWN
    from qtheory.testing.power import detectable_gap as detectable_gap
    from qtheory.testing.power import samples_needed as samples_needed
    from qtheory.testing.roles import ROLES as ROLES
    from qtheory.testing.roles import Role as Role
    from qtheory.testing.selfcheck import self_check as self_check
    from qtheory.testing.strategies import aim_at_equality as aim_at_equality
    from qtheory.testing.strategies import bases as bases
    from qtheory.testing.strategies import costs as costs
    from qtheory.testing.strategies import policies as policies
    from qtheory.testing.strategies import problems as problems
    from qtheory.testing.strategies import quantiles as quantiles

# Public name to the module that defines it.
_PUBLIC = {
    "Check": "check",
    "Disagreement": "check",
    "Evidence": "assertions",
    "Mutant": "mutant",
    "OWN": "own",
    "ROLES": "roles",
    "Role": "roles",
    "aim_at_equality": "strategies",
    "assert_draws": "assertions",
    "assert_holds": "assertions",
    "bases": "strategies",
    "check_implementation": "kit",
    "check_quantilizer": "kit",
    "checks_of": "kit",
    "costs": "strategies",
    "detectable_gap": "power",
    "all_mutants": "mutant",
    "policies": "strategies",
    "problems": "strategies",
    "quantiles": "strategies",
    "samples_needed": "power",
    "self_check": "selfcheck",
}
__all__ = sorted(_PUBLIC)
__getattr__ = loads_when_used(__name__, _PUBLIC)


def __dir__() -> list[str]:
    return list(__all__)
