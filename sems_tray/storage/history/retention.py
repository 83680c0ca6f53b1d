"""Thinning: minute data older than 400 days becomes 15-minute means.

One day per transaction, so that it can be stopped after any and goes on where it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sems_tray.domain.energy import MINUTE_DATA_DAYS, THINNED_MIN

from .database import number, transaction
from .samples import DAY_MIN, means, minute_of, stored
from .writer import ROW_COLUMNS, put_rows

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable
    from datetime import datetime


_PAGES_AT_ONCE = 64
# Pages left free for the next days' rows; a page has 4 KiB.
_PAGES_KEPT = 256


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
