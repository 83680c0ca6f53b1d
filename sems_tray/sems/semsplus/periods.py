"""The energy and income pieces of a SEMS+ poll: today, this month, this year."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sems_tray.core.model import Energy
from sems_tray.core.zones import zone
from sems_tray.sems.held import Income
from sems_tray.sems.plan import Piece, for_each

from . import calls, energy

if TYPE_CHECKING:
    from datetime import date, timedelta

    from sems_tray.core.model import EnergySums
    from sems_tray.sems.errors import PortalError
    from sems_tray.sems.held import Held
    from sems_tray.sems.plan import Poll


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


def _energy(poll: Poll, held: Held) -> tuple[Held, PortalError | None]:
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

    found, error = for_each(periods, fetch)
    old = held.sums
    sums = Energy(
        today=found.get("today", old.today),
        month=found.get("month", old.month),
        year=found.get("year", old.year),
        total=old.total,
    )
    return replace(held, sums=sums), error


def _income(poll: Poll, held: Held) -> tuple[Held, PortalError | None]:
    periods = _periods(poll, held)

    def fetch(name: str) -> energy.Profit:
        ask = periods[name]
        return energy.parse_production(
            poll.ask(
                calls.production(poll.station_id, ask.dimension, ask.first, ask.last)
            )
        )

    found, error = for_each(periods, fetch)
    old = held.income
    income = Income(
        today=found["today"].income if "today" in found else old.today,
        month=found["month"].income if "month" in found else old.month,
        year=found["year"].income if "year" in found else old.year,
        total=old.total,
        currency=next(
            (it.currency for it in found.values() if it.currency), old.currency
        ),
    )
    return replace(held, income=income), error


def energy_piece(period: timedelta) -> Piece:
    """Return the piece that fetches energies."""
    return Piece(
        name="energy", part="energy", period=period, fetch=_energy, counters=True
    )


def income_piece(period: timedelta) -> Piece:
    """Return the piece that fetches earnings."""
    return Piece(
        name="income", part="income", period=period, fetch=_income, counters=True
    )
