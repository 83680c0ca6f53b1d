"""Saving what can be read of a damaged history.

SQLite reads a table up to the first bad page, so each is read from its start and, if
need be, from its end.  What lies between is lost; the portal is asked for it again.
"""

from __future__ import annotations

import json
from contextlib import closing, contextmanager, suppress
from itertools import islice
from typing import TYPE_CHECKING

from .database import UNSOUND, DamagedError, connect, create, make_tables, transaction
from .samples import FIRST_MINUTE, LAST_MINUTE

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from .database import Row


_BATCH = 5000
_TABLES = (
    *("stations", "inverters", "state", "sums", "alarms", "notices", "asked"),
    "readings",
)


def salvage(old: Path, new: Path) -> int:
    """Make a new history of what an old file still holds; return how many rows.

    The old file is only read.  Raises OSError or sqlite3.Error if the new one cannot
    be written.
    """
    drop(new)
    create(new)
    with closing(connect(new)) as into:
        make_tables(into)
        with _opened(old) as source:
            copied = (
                [] if source is None else [_copy(source, into, it) for it in _TABLES]
            )
        saved = sum(rows for rows, _ in copied)
        with transaction(into):
            if not (copied and all(whole for _, whole in copied)):
                # What was lost is to be asked for again.
                saved -= into.execute("DELETE FROM asked").rowcount
            _name_stations(into)
        into.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return saved


def drop(path: Path) -> None:
    """Remove a file of SQLite's with its companions, the log first.

    A log without its file would be taken for what is left of a lost one.
    """
    for end in ("-wal", "-shm", ""):
        path.with_name(path.name + end).unlink(missing_ok=True)


@contextmanager
def _opened(old: Path) -> Iterator[sqlite3.Connection | None]:
    """Give a connection that puts up with damage; None for what is no database."""
    if old.stat().st_size == 0:  # opening it would delete its log
        yield None
        return
    try:
        con = connect(old, "ro", damaged=True)
    except (*UNSOUND, DamagedError):
        yield None
        return
    with closing(con):
        yield con


def _copy(
    source: sqlite3.Connection, into: sqlite3.Connection, table: str
) -> tuple[int, bool]:
    """Copy what SQLite can read of a table; return how much, and if that is all."""
    columns, keys = _columns(into, table)
    saved = 0
    for way in ("ASC", "DESC"):
        order = ", ".join(f"{key} {way}" for key in keys)
        asked = f"SELECT {', '.join(columns)} FROM {table} ORDER BY {order}"  # noqa: S608
        rows = _RowsUntilDamage(source, asked)
        saved += _put(into, table, columns, rows)
        if rows.ended:
            return saved, way == "ASC"
    return saved, False


class _RowsUntilDamage:
    """The rows of a question up to the first that cannot be read."""

    def __init__(self, source: sqlite3.Connection, asked: str) -> None:
        self._source, self._asked = source, asked
        self.ended = False

    def __iter__(self) -> Iterator[Row]:
        with suppress(*UNSOUND):
            yield from self._source.execute(self._asked)
            self.ended = True


def _columns(con: sqlite3.Connection, table: str) -> tuple[list[str], list[str]]:
    """Return all columns and those of the key, in order."""
    about = con.execute(f"PRAGMA table_info({table})").fetchall()
    keys = sorted((row for row in about if row[5]), key=lambda row: int(row[5]))
    return [str(row[1]) for row in about], [str(row[1]) for row in keys]


def _put(
    into: sqlite3.Connection, table: str, columns: list[str], rows: Iterable[Row]
) -> int:
    """Write rows that are new and believable; return how many."""
    before = into.total_changes
    places = ", ".join("?" * len(columns))
    write = f"INSERT OR IGNORE INTO {table} ({', '.join(columns)}) VALUES ({places})"  # noqa: S608
    if table == "readings":
        at = columns.index("minute")
        rows = (row for row in rows if _in_time(row[at]))
    rows = iter(rows)
    while batch := list(islice(rows, _BATCH)):
        with transaction(into):
            into.executemany(write, batch)
    return into.total_changes - before


def _in_time(minute: object) -> bool:
    return isinstance(minute, int) and FIRST_MINUTE <= minute < LAST_MINUTE


def _name_stations(con: sqlite3.Connection) -> None:
    """Give stations whose row was lost their ids again; they are kept twice."""
    for of, text in con.execute(
        "SELECT station, json FROM state WHERE key = '#id'"
        " AND station NOT IN (SELECT number FROM stations)"
    ).fetchall():
        with suppress(ValueError):
            con.execute(
                "INSERT OR IGNORE INTO stations (number, id) VALUES (?, ?)",
                (of, str(json.loads(str(text)))),
            )
