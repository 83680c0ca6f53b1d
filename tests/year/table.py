"""The table of a year: what was told, what was shown, what was asked."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .judge import Score, Told

MOST_FALSE_H = 2.0
MOST_OFF = timedelta(minutes=15)
# Nobody sees the end of a pause before it is over, nor of a battery that has nothing to
# do: then the said duration lasts until there is something to see.
_UNSEEN_ENDS = {
    "throttled": timedelta(minutes=45),
    "battery stuck": timedelta(hours=24),
}
_EXAMPLES = 4


def printed(scores: Sequence[Score]) -> str:
    """Return the whole table."""
    years = sum(it.days for it in scores) / 365
    restarts = sum(it.starts for it in scores)
    lines = [
        f"{len(scores)} stations, {years:.1f} station-years, {restarts} restarts",
        "",
        *_faults(scores),
        "",
        *_false_alarms(scores, years),
        "",
        *_states(scores),
        "",
        *_figures(scores),
        "",
        *_requests(scores),
    ]
    return "\n".join(lines)


def broken(scores: Sequence[Score]) -> list[str]:
    """Return the promises that are not kept, in words."""
    found = []
    told = [it for score in scores for it in score.told]
    missed = [it for it in told if not it.once]
    if missed:
        found.append(f"{len(missed)} of {len(told)} faults were not told once")
    open_ = [it for it in told if len(it.cleared) != 1]
    if open_:
        found.append(f"{len(open_)} of {len(told)} faults were not cleared once")
    off = [
        told_of
        for told_of in told
        if (at_most := told_of.off) is not None
        and at_most > _UNSEEN_ENDS.get(told_of.fault.kind, MOST_OFF)
    ]
    if off:
        found.append(f"{len(off)} durations are more than 15 min off")
    false = sum(len(it.false_alarms) for it in scores)
    if false:
        found.append(f"{false} false alarms")
    for it in scores:
        hours = sum(it.false_h.values()) / max(it.days / 365, 1e-9)
        if hours > MOST_FALSE_H:
            found.append(f"{it.name}: {hours:.1f} h a year of false states by day")
    wrong = sum(sum(it.wrong.values()) for it in scores)
    if wrong:
        found.append(f"{wrong} figures differ from the books")
    return found


def _faults(scores: Iterable[Score]) -> list[str]:
    by_kind: dict[str, list[Told]] = defaultdict(list)
    for score in scores:
        for it in score.told:
            by_kind[it.fault.kind].append(it)
    rows = [("fault", "times", "once", "cleared", "late", "at most", "off by at most")]
    for kind, told in sorted(by_kind.items()):
        late = sorted(it.late for it in told if it.late is not None)
        off = max((it.off for it in told if it.off is not None), default=None)
        rows.append(
            (
                kind,
                str(len(told)),
                str(sum(it.once for it in told)),
                str(sum(len(it.cleared) == 1 for it in told)),
                _minutes(late[len(late) // 2]) if late else "-",
                _minutes(late[-1]) if late else "-",
                "-" if off is None else _minutes(off),
            )
        )
    lines = _columns(rows)
    for kind, told in sorted(by_kind.items()):
        wrong = [it for it in told if not it.once or len(it.cleared) != 1]
        lines += [f"  {kind}: {_said(it)}" for it in wrong[:_EXAMPLES]]
    return lines


def _said(it: Told) -> str:
    fault = it.fault
    return (
        f"{fault.since:%Y-%m-%d %H:%M} to {fault.until:%m-%d %H:%M} UTC"
        f" told {len(it.raised)}, changed {it.changed}, cleared {len(it.cleared)}"
    )


def _false_alarms(scores: Sequence[Score], years: float) -> list[str]:
    kinds: Counter[str] = Counter()
    for score in scores:
        kinds.update(it.split()[2] for it in score.false_alarms)
    rows = [("false alarms", "times", "a station-year")]
    rows += [(k, str(n), f"{n / years:.1f}") for k, n in kinds.most_common()]
    if not kinds:
        rows.append(("none", "0", "0.0"))
    lines = _columns(rows)
    for score in scores:
        lines += [f"  {score.name}: {it}" for it in score.false_alarms[:_EXAMPLES]]
        lines += [f"  {score.name}: (snow) {it}" for it in score.snow[:1]]
        lines += [f"  {score.name}: (odd charge) {it}" for it in score.odd_charge[:1]]
    return lines


def _states(scores: Iterable[Score]) -> list[str]:
    rows = [("false states by day", "h a year", "what, and when first")]
    for it in scores:
        what = ", ".join(
            f"{name} {hours:.1f} h ({'; '.join(it.false_when[name][:3])})"
            for name, hours in it.false_h.most_common(3)
        )
        rows.append((it.name, f"{sum(it.false_h.values()) * 365 / it.days:.1f}", what))
    return _columns(rows)


def _figures(scores: Iterable[Score]) -> list[str]:
    rows = [("figures off the books", "compared", "days", "off", "the worst")]
    for it in scores:
        worst = ", ".join(
            f"{name} {count}x, {it.worst[name]}"
            for name, count in it.wrong.most_common(3)
        )
        off = str(sum(it.wrong.values()))
        rows.append((it.name, str(it.compared), str(it.kept_days), off, worst))
    return _columns(rows)


def _requests(scores: Iterable[Score]) -> list[str]:
    rows = [("asked", "requests a day", "sign-ins a day")]
    rows += [
        (it.name, f"{it.requests / it.days:.0f}", f"{it.sign_ins / it.days:.1f}")
        for it in scores
    ]
    return _columns(rows)


def _minutes(span: timedelta) -> str:
    minutes = round(span / timedelta(minutes=1))
    return f"{minutes} min" if minutes < 120 else f"{minutes / 60:.1f} h"


def _columns(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    return [
        "  ".join(
            text.ljust(width) if n in (0, len(row) - 1) else text.rjust(width)
            for n, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
