"""Totals of days, months and years: the live ones grow, the final ones replace them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sems_tray.core.history import Period, Source, grown, known
from sems_tray.core.midnight import counters_are_unsure
from sems_tray.core.model import EnergySums
from sems_tray.core.zones import zone

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from sems_tray.core.model import Reading

SUMS_COLUMNS = "pv, load, import, export, charge, discharge, self_use, income, currency"
PeriodSums = tuple[Period, str, EnergySums]


def live_sums(reading: Reading) -> list[PeriodSums]:
    """Return the totals that a reading carries, where their date is certain.

    Counters are held or reset around midnight, and one that could not be renewed may
    still be yesterday's.
    """
    at, where = reading.measured_at, zone(reading.station.timezone)
    if at is None or where is None or "energy" in reading.stale:
        return []
    received = reading.received_at
    day = at.astimezone(where).date()
    if day != received.astimezone(where).date() or any(
        counters_are_unsure(it, where) for it in (at, received)
    ):
        return []
    energy = reading.energy
    carried = (
        (Period.DAY, energy.today),
        (Period.MONTH, energy.month),
        (Period.YEAR, energy.year),
        (Period.TOTAL, energy.total),
    )
    return [
        (period, period.key(day), _believed(sums, reading.stale))
        for period, sums in carried
        if known(sums)
    ]


def put_total(
    con: sqlite3.Connection,
    of: int,
    period: Period,
    key: str,
    sums: EnergySums,
    source: Source,
) -> None:
    """Write one period's total: a live one grows, a final one replaces."""
    if source is Source.PORTAL:
        before = _sums(con, of, period, key, source)
        values = [
            old if new is None else new
            for old, new in zip(_cells(before), _cells(sums), strict=True)
        ]
        _replace_sums(con, of, period, key, source, values)
    else:
        put_live(con, of, period, key, sums)


def put_live(
    con: sqlite3.Connection, of: int, period: Period, key: str, sums: EnergySums
) -> None:
    """Let a live total grow."""
    before = _sums(con, of, period, key, Source.LIVE)
    after = grown(before, sums)
    if after != before:
        _replace_sums(con, of, period, key, Source.LIVE, _cells(after))


def read_sums(cells: Sequence[object]) -> EnergySums:
    """Read a row of totals; what a damaged disk changed beyond reading is unknown."""
    kwh = [it / 1000 if isinstance(it, int) else None for it in cells[:7]]
    income, currency = cells[7:9]
    return EnergySums(
        pv_kwh=kwh[0],
        load_kwh=kwh[1],
        import_kwh=kwh[2],
        export_kwh=kwh[3],
        charge_kwh=kwh[4],
        discharge_kwh=kwh[5],
        self_use_kwh=kwh[6],
        income=float(income) if isinstance(income, int | float) else None,
        currency=currency if isinstance(currency, str) else None,
    )


def _believed(sums: EnergySums, stale: tuple[str, ...]) -> EnergySums:
    if "income" not in stale:
        return sums
    cells = _cells(sums)
    return read_sums([*cells[:7], None, None])


def _sums(
    con: sqlite3.Connection, of: int, period: Period, key: str, source: Source
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
    source: Source,
    cells: Sequence[object],
) -> None:
    con.execute(
        f"INSERT OR REPLACE INTO sums (station, period, key, source, {SUMS_COLUMNS})"  # noqa: S608
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (of, period, key, source, *cells),
    )


def _cells(sums: EnergySums) -> tuple[float | str | None, ...]:
    kwh = (
        *(sums.pv_kwh, sums.load_kwh, sums.import_kwh, sums.export_kwh),
        *(sums.charge_kwh, sums.discharge_kwh, sums.self_use_kwh),
    )
    wh = (None if it is None else round(it * 1000) for it in kwh)
    return (*wh, sums.income, sums.currency)
