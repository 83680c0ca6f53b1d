"""The energy and income pieces of a SEMS+ poll: today, this month, this year."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from sems_tray.core.zones import zone
from sems_tray.sems import rest
from sems_tray.sems.held import Income
from sems_tray.sems.plan import TOTALS, Piece, for_each

from . import calls, energy

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime

    from sems_tray.core.model import EnergySums
    from sems_tray.sems.errors import PortalError
    from sems_tray.sems.held import Held
    from sems_tray.sems.plan import Poll

    Result = tuple[Held, PortalError | None]


@dataclass(frozen=True, slots=True)
class _Period:
    dimension: str
    first: date
    last: date


def _periods(poll: Poll, held: Held) -> dict[str, _Period]:
    """Return the three periods by station time.

    A month is asked by days, as the best client does: what the rows of a "month"
    request look like is not known for sure (facts, section 3, "Energy").
    """
    where = zone(held.station.timezone) if held.station else None
    today = poll.now.astimezone(where).date()
    month_end = today.replace(day=monthrange(today.year, today.month)[1])
    return {
        "today": _Period("day", today, today),
        "month": _Period("day", today.replace(day=1), month_end),
        "year": _Period(
            "year", today.replace(month=1, day=1), today.replace(month=12, day=31)
        ),
    }


def _energy(names: Sequence[str], poll: Poll, held: Held) -> Result:
    periods = _periods(poll, held)

    def fetch(name: str) -> EnergySums:
        ask = periods[name]
        return energy.parse_period(
            poll.ask(
                calls.statistics(poll.station_id, ask.dimension, ask.first, ask.last)
            ),
            ask.first,
            ask.last,
        )

    found, error = for_each(names, fetch)
    old = held.sums
    sums = replace(
        old,
        today=found.get("today", old.today),
        month=found.get("month", old.month),
        year=found.get("year", old.year),
    )
    if "today" in found:
        sums = replace(sums, counted_at=_counted_at(poll, held))
    if "month" in found and "year" in found:
        sums = replace(sums, summed_at=poll.now)
    since = {**held.since, **dict.fromkeys(found, sums.today)}
    return replace(held, sums=sums, since=since), error


def _counted_at(poll: Poll, held: Held) -> datetime:
    measured = held.live.measured_at if held.live else None
    return min(measured or poll.now, poll.now)


def _income(names: Sequence[str], poll: Poll, held: Held) -> Result:
    periods = _periods(poll, held)

    def fetch(name: str) -> energy.Profit:
        ask = periods[name]
        return energy.parse_production(
            poll.ask(
                calls.production(poll.station_id, ask.dimension, ask.first, ask.last)
            )
        )

    found, error = for_each(names, fetch)
    old = held.income
    told = {name: it.income for name, it in found.items()}
    today = told.get("today", old.today)
    currencies = (it.currency for it in found.values())
    income = Income(
        today=today,
        month=told.get("month", old.month),
        year=told.get("year", old.year),
        total=old.total,
        currency=next(filter(None, currencies), old.currency),
        counted_at=_counted_at(poll, held) if "today" in found else old.counted_at,
        summed_at=poll.now if {*_LONGER} <= found.keys() else old.summed_at,
        since={**old.since, **dict.fromkeys(found, today)},
    )
    return replace(held, income=income), error


_TODAY, _LONGER = ("today",), ("month", "year")


def _pieces(part: str, longer: str, fetch: Callable[..., Result]) -> tuple[Piece, ...]:
    """Return today's piece, and that of the periods that grow with it."""
    today = Piece(
        name=part,
        part=part,
        period=TOTALS,
        fetch=partial(fetch, _TODAY),
        counters=True,
        rests=rest.asleep,
    )
    return today, replace(
        today,
        name=longer,
        fetch=partial(fetch, _LONGER),
        rests=rest.in_the_dark,
        grows_with=part,
    )


PERIODS = (
    *_pieces("energy", "energies", _energy),
    *_pieces("income", "incomes", _income),
)
