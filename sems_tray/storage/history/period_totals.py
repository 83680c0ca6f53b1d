"""Totals of days, months and years: the live ones grow, the final ones replace them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, assert_never

from sems_tray.domain.energy import (
    AMOUNTS,
    Period,
    ValueSource,
    believable,
    grown,
    known,
)
from sems_tray.domain.model import EnergySums
from sems_tray.domain.time_zones import counters_are_unsure, zone

from .database import number
from .samples import finite

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from datetime import datetime

    from sems_tray.domain.model import Reading


# Under this key: when totals were last believed, in whole seconds since 1970.
_LOOKED = "#looked"
_MOST_KWH = 1e9
SUMS_COLUMNS = "pv, load, import, export, charge, discharge, self_use, income, currency"
_ENERGIES = tuple(name for name in AMOUNTS if name != "income")


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterSample:
    """The totals that a reading carries; ``at`` is the time where the station is."""

    at: datetime
    capacity_kwp: float | None
    sums: tuple[tuple[Period, str, EnergySums], ...]


def look_at(reading: Reading) -> CounterSample | None:
    """Return the totals of a reading, where their date is certain.

    Counters are held or reset around midnight, and one that could not be renewed may
    still be yesterday's.
    """
    at, where = reading.measured_at, zone(reading.station.timezone)
    if at is None or where is None or "energy" in reading.stale:
        return None
    received = reading.received_at
    at = at.astimezone(where)
    day = at.date()
    if day != received.astimezone(where).date() or any(
        counters_are_unsure(amount, where) for amount in (at, received)
    ):
        return None
    energy = reading.energy
    carried = zip(
        Period, (energy.today, energy.month, energy.year, energy.total), strict=True
    )
    unsure = {"income": None, "currency": None} if "income" in reading.stale else {}
    return CounterSample(
        at=at,
        capacity_kwp=reading.station.capacity_kwp,
        sums=tuple(
            (period, period.key(day), replace(sums, **unsure))
            for period, sums in carried
            if known(sums)
        ),
    )


def put_sample(con: sqlite3.Connection, of: int, look: CounterSample) -> None:
    """Let live totals grow, by no more than can be since the last look."""
    seen = number(
        con,
        "SELECT CAST(json AS INTEGER) FROM state WHERE station = ? AND key = ?",
        of,
        _LOOKED,
    )
    at, doubtful = int(look.at.timestamp()), False
    for period, key, sums in look.sums:
        began = _began(period, look.at)
        before = _sums(con, of, period, key, ValueSource.LIVE)
        believed = believable(
            before,
            sums,
            since_look_h=_hours(
                began if seen is None or seen < (began or 0) else seen, at
            ),
            since_start_h=_hours(began, at),
            capacity_kwp=look.capacity_kwp,
        )
        doubtful = doubtful or believed != sums
        _let_grow(con, of, period, key, before, believed)
    if look.sums and not doubtful:
        con.execute(
            "INSERT OR REPLACE INTO state VALUES (?, ?, ?)",
            (of, _LOOKED, str(max(at, seen or at))),
        )


def _began(period: Period, at: datetime) -> int | None:
    """Return when a period under way began, where that is known."""
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    match period:
        case Period.DAY:
            start = midnight
        case Period.MONTH:
            start = midnight.replace(day=1)
        case Period.YEAR:
            start = midnight.replace(month=1, day=1)
        case Period.TOTAL:
            return None
        case _:
            assert_never(period)
    return int(start.timestamp())


def _hours(since: int | None, at: int) -> float | None:
    return None if since is None else (at - since) / 3600


def put_total(
    con: sqlite3.Connection,
    of: int,
    period: Period,
    key: str,
    sums: EnergySums,
    source: ValueSource,
) -> None:
    """Write one period's total: a live one grows, a final one replaces."""
    before = _sums(con, of, period, key, source)
    if source is ValueSource.PORTAL:
        values = [
            old if new is None else new
            for old, new in zip(_cells(before), _cells(sums), strict=True)
        ]
        _replace_sums(con, of, period, key, source, values)
    else:
        _let_grow(con, of, period, key, before, sums)


def _let_grow(
    con: sqlite3.Connection,
    of: int,
    period: Period,
    key: str,
    before: EnergySums,
    sums: EnergySums,
) -> None:
    after = grown(before, sums)
    if after != before:
        _replace_sums(con, of, period, key, ValueSource.LIVE, _cells(after))


def read_sums(cells: Sequence[object]) -> EnergySums:
    """Read a row of totals; what a damaged disk changed beyond reading is unknown."""
    *watt_hours, income, currency = cells
    energies = {
        name: wh / 1000 if isinstance(wh, int) else None
        for name, wh in zip(_ENERGIES, watt_hours, strict=True)
    }
    return EnergySums(
        **energies,
        income=float(income) if isinstance(income, int | float) else None,
        currency=currency if isinstance(currency, str) else None,
    )


def _sums(
    con: sqlite3.Connection, of: int, period: Period, key: str, source: ValueSource
) -> EnergySums:
    row = con.execute(
        f"SELECT {SUMS_COLUMNS} FROM sums"  # noqa: S608
        " WHERE station = ? AND period = ? AND key = ? AND source = ?",
        (of, period, key, source),
    ).fetchone()
    return EnergySums() if row is None else read_sums(row)


def _replace_sums(
    con: sqlite3.Connection,
    of: int,
    period: Period,
    key: str,
    source: ValueSource,
    cells: Sequence[object],
) -> None:
    con.execute(
        f"INSERT OR REPLACE INTO sums (station, period, key, source, {SUMS_COLUMNS})"  # noqa: S608
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (of, period, key, source, *cells),
    )


def _cells(sums: EnergySums) -> tuple[float | str | None, ...]:
    energies = (_wh(getattr(sums, name)) for name in _ENERGIES)
    return (*energies, finite(sums.income), sums.currency)


def _wh(kwh: float | None) -> int | None:
    """Return whole Wh; what cannot be true is unknown."""
    if kwh is None or not abs(kwh) <= _MOST_KWH:  # NaN is not, either
        return None
    return round(kwh * 1000)
