"""SEMS+ totals of months and years that are over, or under way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from sems_tray.core.language import mark
from sems_tray.core.model import NO_SUMS, EnergySums
from sems_tray.core.past import Past, month_end
from sems_tray.sems.dates import day_of, month_of, year_of
from sems_tray.sems.errors import unreadable
from sems_tray.sems.plan import if_given, if_it_works
from sems_tray.sems.totals import Span, has_energy, month_past, year_past

from . import calls, energy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import tzinfo

    from sems_tray.sems.plan import Poll


def month(poll: Poll, first: date, where: tzinfo) -> Past:
    """Ask for a month by days, as the best client does, and for what it earned.

    The month's own energies are the sum of its days, where all are there.
    """
    first = first.replace(day=1)
    span = Span(
        first=first, end=month_end(first), now=poll.now, where=where, bounds=poll.bounds
    )
    if not span.begun:
        return Past()
    rows = _rows(poll, span, "day", day_of)
    if not _any_energy(rows.values()):
        return month_past(rows, span)
    return month_past(rows, span, _earned(poll, span, "day", NO_SUMS))


def year(poll: Poll, year: int, where: tzinfo) -> Past:
    """Ask for one year: its months, the whole of it, and what it earned.

    How the rows of "month" are dated is not known for sure, and either dimension may
    be refused (facts, section 3, "Energy"): one of the two is enough.
    """
    if not date.min.year <= year <= date.max.year:
        return Past()
    first, end = date(year, 1, 1), date(year, 12, 31)
    span = Span(first=first, end=end, now=poll.now, where=where, bounds=poll.bounds)
    if not span.begun:
        return Past()
    months = if_given(lambda: _rows(poll, span, "month", month_of))
    whole = if_given(lambda: _rows(poll, span, "year", year_of))
    if months is None and whole is None:
        raise unreadable(mark("neither months nor years in the statistics"))
    months, told = months or {}, (whole or {}).get(first, NO_SUMS)
    if not _any_energy([told, *months.values()]):
        return year_past(months, span)
    return year_past(months, span, _earned(poll, span, "year", told))


def income(poll: Poll, day: date) -> EnergySums:
    """Ask what one date earned: the rows of its month are energies alone."""
    call = calls.production(poll.station_id, "day", day, day)
    profit = if_given(lambda: energy.parse_production(poll.ask(call)))
    if profit is None or profit.income is None:
        return NO_SUMS
    currency = profit.currency or poll.currency
    return EnergySums(income=profit.income, currency=currency)


def _rows(
    poll: Poll, span: Span, dimension: str, date_of: Callable[[str], date | None]
) -> dict[date, EnergySums]:
    call = calls.statistics(poll.station_id, dimension, span.first, span.end)
    return energy.parse_past(poll.ask(call), date_of)


def _earned(poll: Poll, span: Span, dimension: str, told: EnergySums) -> EnergySums:
    """Add what the whole period earned; without it the energies are still worth it."""
    call = calls.production(poll.station_id, dimension, span.first, span.end)
    profit = if_it_works(lambda: energy.parse_production(poll.ask(call)))
    if profit is None or profit.income is None:
        return told
    return replace(
        told, income=profit.income, currency=profit.currency or poll.currency
    )


def _any_energy(rows: Iterable[EnergySums]) -> bool:
    return any(has_energy(it) for it in rows)
