"""What an export can add to what is stored already: only what is not known yet.

So importing never changes what the program itself measured or fetched, and importing
a second time changes nothing at all.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from .export import POWERS, tells
from .history import AMOUNTS, known

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from .history import HistoryRow, PeriodTotals
    from .importing import ReadTotals
    from .model import EnergySums

_MINUTE = timedelta(minutes=1)


def missing_rows(
    read: Iterable[HistoryRow], held: Iterable[HistoryRow]
) -> list[HistoryRow]:
    """Return what the rows add to those that are held for the same time."""
    minutes = {at: row for row in held for at in _minutes(row)}
    found = (_missing_row(row, minutes) for row in read)
    return [it for it in found if it is not None]


def missing_sums(read: ReadTotals, held: PeriodTotals | None) -> EnergySums | None:
    """Return what totals add to those that are held; None if nothing.

    While those that are held are not final, final ones replace them, and live ones
    let them grow.
    """
    if held is None or (read.final and not held.final):
        return read.sums if known(read.sums) else None
    before = held.sums
    values: dict[str, Any] = {
        name: None if _keeps(read, held, name) else getattr(read.sums, name)
        for name in AMOUNTS
    }
    foreign = before.income is not None and before.currency != read.sums.currency
    if foreign or values["income"] is None:
        values |= {"income": None, "currency": None}
    sums = replace(read.sums, **values)
    return sums if known(sums) else None


def _keeps(read: ReadTotals, held: PeriodTotals, name: str) -> bool:
    before, now = getattr(held.sums, name), getattr(read.sums, name)
    return before is not None and (now is None or held.final or now <= before)


def _missing_row(
    row: HistoryRow, minutes: dict[datetime, HistoryRow]
) -> HistoryRow | None:
    held = [it for at in _minutes(row) if (it := minutes.get(at)) is not None]
    if not held:
        return row
    one = held[0]
    if (one.at, one.span_min) != (row.at, row.span_min):
        return None  # finer or coarser rows tell of this time already
    power = {name: None for name in POWERS if getattr(one.power, name) is not None}
    found = replace(
        row,
        power=replace(row.power, **power),
        soc_percent=row.soc_percent if one.soc_percent is None else None,
        inverters=() if one.inverters else row.inverters,
    )
    return found if tells(found) else None


def _minutes(row: HistoryRow) -> Iterable[datetime]:
    return (row.at + _MINUTE * n for n in range(row.span_min))
