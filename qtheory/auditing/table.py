"""An audit as text: tables that fit in 100 columns, and a line for each verdict."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from fractions import Fraction

from qtheory.auditing.result import Audit, AuditVerdict, Estimate, LevelAudit
from qtheory.errors import MissingExtra
from qtheory.inference.interval import Interval
from qtheory.montecarlo.kept import FEWEST_FOR_ASYMPTOTICS

WIDTH = 100
_STYLES = {"holds": "green", "inconclusive": "yellow", "violated": "bold red"}


def audit_text(audit: Audit, colour: bool = False) -> str:
    """The text that `qtheory audit` prints.

    Args:
        audit: the audit.
        colour: whether to use terminal colours and line drawing; plain ASCII otherwise.

    Returns:
        Lines of at most 100 columns.

    Raises:
        MissingExtra: rich is not installed.
    """
    try:
        from rich import box
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text
    except ImportError as error:
        raise MissingExtra("the text report needs rich", remedy="pip install rich, or use --json") from error
    console = Console(
        file=io.StringIO(), width=WIDTH, force_terminal=colour, color_system="standard" if colour else None
    )
    for part in _parts(audit):
        if isinstance(part, tuple):
            title, header, rows = part
            frame = box.SIMPLE_HEAD if colour else box.ASCII2
            table = Table(title=Text(title), title_justify="left", box=frame, pad_edge=False)
            for name in header:
                # as Text, since rich reads the [c] of a string as a style
                table.add_column(Text(name))
            for row in rows:
                table.add_row(*map(Text, row))
            console.print(table)
        else:
            outcome = part.split(":", 1)[0].strip()
            console.print(Text(part, style=_STYLES.get(outcome, "")))
    lines = console.file.getvalue().splitlines()  # type: ignore[attr-defined]
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _parts(audit: Audit) -> Iterable[str | tuple[str, Sequence[str], Sequence[Sequence[str]]]]:
    yield _heading(audit)
    yield "Levels", _LEVEL, [_level_row(level) for level in audit.levels]
    yield "Utility", _UTILITY, [_utility_row(level) for level in audit.levels]
    yield "KL of a level is that of the ideal quantilizer at k/n, an upper bound for the rule; m = floor(n/k)."
    if audit.base_cost is not None:
        title = f"Cost (base mean {_value(audit.base_cost)} in {_interval(audit.base_cost.interval)})"
        yield title, _COST, [_cost_row(level) for level in audit.levels]
    yield from map(_verdict_line, audit.verdicts)
    yield from _floor_lines(audit)
    yield from _tail_lines(audit)
    if any(level.utility.evidence == "plug-in" for level in audit.levels):
        yield f"No utility interval, only a plug-in value, where k is below {FEWEST_FOR_ASYMPTOTICS} or the top k all tie."
    if audit.statements:
        yield _multiplicity(audit)


_LEVEL = ("q", "k", "cost factor n/k", "bits", "KL", "threshold", "tied at it")
_UTILITY = ("q", "mean U of top k", "interval of E_Q[U]", "m", "best-of-m", "its KL")
_COST = ("q", "mean c", "interval of E_Q[c]", "amplification", "its interval", "bound n/k")


def _heading(audit: Audit) -> str:
    kinds = {level.utility.evidence for level in audit.levels}
    if audit.utility_range is None:
        kind = (
            "no utility interval"
            if "asymptotic" not in kinds
            else (
                "utility intervals are asymptotic and assume that the variance is finite: declare a utility range for "
                "rigorous ones"
            )
        )
    else:
        kind = f"utility intervals are rigorous on [{audit.utility_range[0]:g}, {audit.utility_range[1]:g}]"
    repeats = f"{audit.repeats} repeat{'' if audit.repeats == 1 else 's'}"
    return f"{audit.samples} samples, mean utility {audit.base_utility:.6g}, {repeats} of a value; {kind}"


def _level_row(level: LevelAudit) -> list[str]:
    cut = level.cut
    divergences = [f"{level.bits:.3f}", f"{level.kl:.4f}"]
    return [str(cut.q), str(cut.k), _factor(level.cost_factor), *divergences, f"{cut.threshold:.6g}", str(cut.tied)]


def _utility_row(level: LevelAudit) -> list[str]:
    best, gain = level.best_of, level.utility
    rival = [str(best.m), f"{best.utility:.6g}", f"{best.kl:.4f}"]
    return [str(level.cut.q), _value(gain), _interval(gain.interval), *rival]


def _cost_row(level: LevelAudit) -> list[str]:
    assert level.cost is not None
    mean, ratio = level.cost.mean, level.cost.amplification
    factor = _factor(level.cost_factor)
    return [str(level.cut.q), _value(mean), _interval(mean.interval), _value(ratio), _interval(ratio.interval), factor]


def _verdict_line(verdict: AuditVerdict) -> str:
    numbers = f"slack {_interval(verdict.slack)}, alpha {verdict.alpha:.2g}, {verdict.samples} samples"
    return f"{verdict.outcome}: {verdict.statement} ({numbers})"


def _floor_lines(audit: Audit) -> Iterable[str]:
    floor = audit.floor
    if floor is None:
        return
    at = ", ".join(f"{level.floor:.5g} at q = {level.cut.q}" for level in audit.levels if level.floor is not None)
    yield f"Floor E[U] - {floor.epsilon:g} n/k (plug-in; any cost >= 0 with base mean <= {floor.epsilon:g}): {at}"
    best = f"q = {floor.best_k}/{audit.samples} = {floor.best_k / audit.samples:.4g}"
    yield f"Largest floor, the reservation value (plug-in): {floor.reservation:.6g} at {best}"


def _tail_lines(audit: Audit) -> Iterable[str]:
    for hill in audit.tail.estimates:
        interval = _interval(Interval(hill.low, hill.high))
        yield f"Hill estimate of the tail index from the top {hill.k}: {hill.index:.4g} in {interval} (asymptotic)"
    yield f"Tail: {audit.tail.note}"


def _multiplicity(audit: Audit) -> str:
    return (
        f"alpha {audit.alpha:.2g} for the whole run is split over {audit.statements} statements (Bonferroni): "
        f"{audit.alpha_each:.2g} each. Intervals are for the ideal quantilizer at q."
    )


def _value(estimate: Estimate) -> str:
    return "-" if estimate.value is None else f"{estimate.value:.6g}"


def _interval(interval: Interval | None) -> str:
    return "-" if interval is None else f"[{interval.low:.4g}, {interval.high:.4g}]"


def _factor(factor: Fraction) -> str:
    return str(factor) if factor.denominator == 1 else f"{float(factor):.5g}"
