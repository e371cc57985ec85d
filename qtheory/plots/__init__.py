"""Figures: each `plot_<thing>(data, ax=None)` draws what an object says, computes nothing, and returns the axes.

Names are loaded when they are first used, and matplotlib when something is drawn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qtheory.lazy import loads_when_used

if TYPE_CHECKING:
    from qtheory.plots.audit_figure import plot_audit as plot_audit
    from qtheory.plots.breakdown_figure import plot_breakdown as plot_breakdown
    from qtheory.plots.cost_by_nats_figure import plot_cost_by_nats as plot_cost_by_nats
    from qtheory.plots.coverage_figure import plot_coverage as plot_coverage
    from qtheory.plots.evidence_figure import plot_evidence as plot_evidence
    from qtheory.plots.explorer import save_explorer as save_explorer
    from qtheory.plots.frontier_figure import plot_frontier as plot_frontier
    from qtheory.plots.goodhart_figure import plot_goodhart as plot_goodhart
    from qtheory.plots.looks import new_axes as new_axes
    from qtheory.plots.looks import style as style
    from qtheory.plots.looks import style_file as style_file
    from qtheory.plots.rank_density_figure import plot_rank_densities as plot_rank_densities
    from qtheory.plots.reservation_figure import plot_reservation as plot_reservation
    from qtheory.plots.saving import figure_record as figure_record
    from qtheory.plots.saving import save_figure as save_figure
    from qtheory.plots.side_effect_figure import plot_side_effects as plot_side_effects
    from qtheory.plots.simulation_figure import plot_bound_and_simulation as plot_bound_and_simulation
    from qtheory.plots.sweep_figure import plot_sweep as plot_sweep
    from qtheory.plots.tradeoff_figure import plot_tradeoff as plot_tradeoff
    from qtheory.plots.verdict_figure import plot_verdicts as plot_verdicts

# Public name to the module that defines it.
_PUBLIC = {
    "figure_record": "saving",
    "new_axes": "looks",
    "plot_audit": "audit_figure",
    "plot_bound_and_simulation": "simulation_figure",
    "plot_breakdown": "breakdown_figure",
    "plot_cost_by_nats": "cost_by_nats_figure",
    "plot_coverage": "coverage_figure",
    "plot_evidence": "evidence_figure",
    "plot_frontier": "frontier_figure",
    "plot_goodhart": "goodhart_figure",
    "plot_rank_densities": "rank_density_figure",
    "plot_reservation": "reservation_figure",
    "plot_side_effects": "side_effect_figure",
    "plot_sweep": "sweep_figure",
    "plot_tradeoff": "tradeoff_figure",
    "plot_verdicts": "verdict_figure",
    "save_explorer": "explorer",
    "save_figure": "saving",
    "style": "looks",
    "style_file": "looks",
}
__all__ = sorted(_PUBLIC)
__getattr__ = loads_when_used(__name__, _PUBLIC)


def __dir__() -> list[str]:
    return __all__
