"""What can be written to the history; each function runs inside one transaction.

They take plain values and a connection, so that they can wait in a queue while the
disk is full and be done later.  Only ``thin`` makes transactions of its own.
"""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING, cast

from sems_tray.domain.energy import MINUTE_DATA_DAYS, THINNED_MIN
from sems_tray.domain.lifetime_counters import LIFETIMES, to_json

from .database import number, transaction
from .period_totals import put_sample, put_total
from .samples import (
    COLUMNS,
    DAY_MIN,
    finite,
    fits,
    means,
    merged,
    minute_of,
    sample,
    stored,
)

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date, datetime

    from sems_tray.domain.energy import NotificationRecord, Period, ValueSource
    from sems_tray.domain.model import Alarm, EnergySums, Reading, Station

    from .period_totals import CounterSample
    from .samples import Measured, Sample


_PAGES_AT_ONCE = 64
# Pages left free for the next days' rows; a page has 4 KiB.
_PAGES_KEPT = 256
ROW_COLUMNS = f"minute, span, grade, {', '.join(COLUMNS)}, marks"


def station_number(con: sqlite3.Connection, station_id: str) -> int:
    """Return the number by which rows know the station; a new one if needed."""
    found = number(con, "SELECT number FROM stations WHERE id = ?", station_id)
    if found is not None:
        return found
    # The id is kept twice: a damaged page must not orphan a station's readings.
    text = json.dumps(station_id)
    found = number(
        con, "SELECT station FROM state WHERE key = '#id' AND json = ?", text
    )
    con.execute(
        "INSERT INTO stations (number, id) VALUES (?1, ?2)"
        " ON CONFLICT (number) DO UPDATE SET id = ?2",
        (found, station_id),
    )
    found = number(con, "SELECT number FROM stations WHERE id = ?", station_id)
    put_state_of(con, cast("int", found), "#id", text)
    return cast("int", found)


def put_reading(
    con: sqlite3.Connection,
    reading: Reading,
    measured: Measured | None,
    look: CounterSample | None,
) -> None:
    """Write all that one reading says, and by what the next is to be judged."""
    of = station_number(con, reading.station.id)
    _put_station(con, of, reading.station)
    if measured is not None:
        _merge(con, of, [measured])
    if look is not None:
        put_sample(con, of, look)
    for alarm in () if "alarms" in reading.stale else reading.alarms:
        _put_alarm(con, of, alarm, int(reading.received_at.timestamp()))
    if reading.lifetimes is not None:
        put_state_of(con, of, LIFETIMES, json.dumps(to_json(reading.lifetimes)))


def put_points(
    con: sqlite3.Connection,
    station_id: str,
    measured: Sequence[Measured],
    asked: tuple[date, int] | None,
) -> None:
    """Merge curve points; note the day of which the portal was asked, and when."""
    of = station_number(con, station_id)
    _merge(con, of, measured)
    if asked is not None:
        _put_asked(con, of, *asked, "curve")


def put_asked(
    con: sqlite3.Connection,
    station_id: str,
    days: Iterable[date],
    what: str,
    at: int,
) -> None:
    """Note what the portal was asked for, whether or not it knew."""
    of = station_number(con, station_id)
    for day in days:
        _put_asked(con, of, day, at, what)


def put_sums(
    con: sqlite3.Connection,
    station_id: str,
    period: Period,
    key: str,
    sums: EnergySums,
    source: ValueSource,
) -> None:
    """Write one period's total."""
    put_total(con, station_number(con, station_id), period, key, sums, source)


def put_notice(con: sqlite3.Connection, notice: NotificationRecord) -> None:
    """Write a notice that was given."""
    closed = notice.closed_at
    con.execute(
        "INSERT OR REPLACE INTO notices VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            station_number(con, notice.station),
            int(notice.at.timestamp()),
            notice.topic,
            notice.level,
            notice.title,
            notice.text,
            notice.silenced,
            None if closed is None else int(closed.timestamp()),
        ),
    )


def close_notices(
    con: sqlite3.Connection, station_id: str, topic: str, at: datetime
) -> None:
    """Note that what a topic's open notices said is over."""
    con.execute(
        "UPDATE notices SET closed = ?"
        " WHERE station = ? AND topic = ? AND closed IS NULL",
        (int(at.timestamp()), station_number(con, station_id), topic),
    )


def put_state(
    con: sqlite3.Connection, station_id: str, key: str, text: str | None
) -> None:
    """Keep JSON text under a key, or forget the key."""
    put_state_of(con, station_number(con, station_id), key, text)


def put_state_of(con: sqlite3.Connection, of: int, key: str, text: str | None) -> None:
    """Keep JSON text under a key of a station's number."""
    if text is None:
        con.execute("DELETE FROM state WHERE station = ? AND key = ?", (of, key))
        return
    con.execute("INSERT OR REPLACE INTO state VALUES (?, ?, ?)", (of, key, text))


def _merge(con: sqlite3.Connection, of: int, measured: Iterable[Measured]) -> None:
    measured = list(measured)
    numbers = _inverter_numbers(con, of, measured)
    samples = sorted((sample(it, numbers) for it in measured), key=_minute)
    until = number(con, "SELECT thinned_until FROM stations WHERE number = ?", of) or 0
    thin = [it for it in samples if it.minute < until]
    minutes = [it for it in samples if it.minute >= until]
    rows = [*(means(thin, THINNED_MIN) if thin else ()), *minutes]
    for _, group in groupby(rows, key=lambda row: row.minute // DAY_MIN):
        _merge_day(con, of, list(group))


def _minute(taken: Sample) -> int:
    return taken.minute


def _merge_day(con: sqlite3.Connection, of: int, rows: list[Sample]) -> None:
    asked = (
        f"SELECT {ROW_COLUMNS} FROM readings"  # noqa: S608
        " WHERE station = ? AND minute BETWEEN ? AND ?"
    )
    before = {
        it.minute: it
        for it in map(stored, con.execute(asked, (of, rows[0].minute, rows[-1].minute)))
    }
    after: dict[int, Sample] = {}
    for row in rows:
        held = after.get(row.minute, before.get(row.minute))
        after[row.minute] = row if held is None else merged(held, row)
    put_rows(con, of, (it for m, it in after.items() if it != before.get(m)))


def put_rows(con: sqlite3.Connection, of: int, rows: Iterable[Sample]) -> None:
    """Write rows as they are."""
    places = ", ".join("?" * (len(COLUMNS) + 5))
    con.executemany(
        f"INSERT OR REPLACE INTO readings (station, {ROW_COLUMNS})"  # noqa: S608
        f" VALUES ({places})",
        ((of, *it.row) for it in rows),
    )


def _inverter_numbers(
    con: sqlite3.Connection, of: int, measured: Iterable[Measured]
) -> Mapping[str, int]:
    serials = {one.sn: None for it in measured for one in it.inverters}
    if not serials:
        return {}
    asked = "SELECT sn, number FROM inverters WHERE station = ?"
    numbers: dict[str, int] = dict(con.execute(asked, (of,)).fetchall())
    for sn in serials:
        free = max(numbers.values(), default=-1) + 1
        if sn not in numbers and fits(free):
            con.execute("INSERT INTO inverters VALUES (?, ?, ?)", (of, free, sn))
            numbers[sn] = free
    return numbers


def _put_station(con: sqlite3.Connection, of: int, station: Station) -> None:
    con.execute(
        "UPDATE stations SET name = ?1, timezone = coalesce(?2, timezone),"
        " capacity_kwp = coalesce(?3, capacity_kwp),"
        " latitude = coalesce(?4, latitude), longitude = coalesce(?5, longitude)"
        " WHERE number = ?6 AND (name IS NOT ?1 OR timezone IS NOT ?2"
        " OR capacity_kwp IS NOT ?3 OR latitude IS NOT ?4 OR longitude IS NOT ?5)",
        (
            station.name,
            station.timezone,
            finite(station.capacity_kwp),
            finite(station.latitude),
            finite(station.longitude),
            of,
        ),
    )


def _put_alarm(con: sqlite3.Connection, of: int, alarm: Alarm, now: int) -> None:
    happened, recovered = (
        None if at is None else int(at.timestamp())
        for at in (alarm.happened_at, alarm.recovered_at)
    )
    # An older sight of it adds what is unknown; a newer one also says how it stands.
    con.execute(
        "INSERT INTO alarms VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (station, id) DO UPDATE SET"
        " name = iif(excluded.last_seen >= last_seen, excluded.name, name),"
        " level = iif(excluded.last_seen >= last_seen, excluded.level, level),"
        " active = iif(excluded.last_seen >= last_seen, excluded.active, active),"
        " device_sn = coalesce(excluded.device_sn, device_sn),"
        " device_name = coalesce(nullif(excluded.device_name, ''), device_name),"
        " code = coalesce(nullif(excluded.code, ''), code),"
        " happened = coalesce(excluded.happened, happened),"
        " recovered = coalesce(excluded.recovered, recovered),"
        " first_seen = min(excluded.first_seen, first_seen),"
        " last_seen = max(excluded.last_seen, last_seen)",
        (
            of,
            alarm.id,
            alarm.name,
            alarm.level,
            alarm.device_sn,
            alarm.device_name,
            alarm.code,
            alarm.active,
            happened,
            recovered,
            now,
            now,
        ),
    )


def _put_asked(con: sqlite3.Connection, of: int, day: date, at: int, what: str) -> None:
    con.execute(
        "INSERT OR REPLACE INTO asked (station, day, what, at) VALUES (?, ?, ?, ?)",
        (of, day.isoformat(), what, at),
    )


# Thinning: minute data older than 400 days becomes 15-minute means.
#
# One day per transaction, so that it can be stopped after any and goes on where it was.


def thin(con: sqlite3.Connection, now: datetime, stop: Callable[[], bool]) -> int:
    """Thin what is old enough; return the number of rows that went."""
    gone = 0
    asked = con.execute("SELECT number FROM stations").fetchall()
    for of in (row[0] for row in asked):
        until = _horizon(con, of, now)
        while not stop() and (day := _next_day(con, of, until)) is not None:
            with transaction(con):
                gone += _thin_day(con, of, day)
            _give_back(con)
    return gone


def _horizon(con: sqlite3.Connection, of: int, now: datetime) -> int:
    """Return the minute until which to thin, the start of a UTC day.

    A clock that runs years ahead must not thin what is new: the newest row counts too.
    """
    newest = number(con, "SELECT max(minute) FROM readings WHERE station = ?", of) or 0
    last = min(minute_of(now), newest) - MINUTE_DATA_DAYS * DAY_MIN
    return last - last % DAY_MIN


def _next_day(con: sqlite3.Connection, of: int, until: int) -> int | None:
    done = number(con, "SELECT thinned_until FROM stations WHERE number = ?", of) or 0
    first = number(
        con,
        "SELECT min(minute) FROM readings WHERE station = ? AND minute >= ?",
        of,
        done,
    )
    if first is None or first >= until:
        return None
    return first - first % DAY_MIN


def _thin_day(con: sqlite3.Connection, of: int, day: int) -> int:
    end = day + DAY_MIN
    where = "WHERE station = ? AND minute >= ? AND minute < ?"
    span = (of, day, end)
    rows = [
        stored(row)
        for row in con.execute(
            f"SELECT {ROW_COLUMNS} FROM readings {where}",  # noqa: S608
            span,
        )
    ]
    kept = means(rows, THINNED_MIN)
    con.execute(f"DELETE FROM readings {where}", span)  # noqa: S608
    put_rows(con, of, kept)
    con.execute("UPDATE stations SET thinned_until = ? WHERE number = ?", (end, of))
    return len(rows) - len(kept)


def _give_back(con: sqlite3.Connection) -> None:
    """Return some free pages to the disk, few enough to stay quick."""
    free = number(con, "PRAGMA freelist_count") or 0
    if free > _PAGES_KEPT + _PAGES_AT_ONCE:
        # One page a step; only executescript steps to the end.
        con.executescript(f"PRAGMA incremental_vacuum({_PAGES_AT_ONCE})")
