"""Saving what can be read of a damaged history.

SQLite reads a table up to the first bad page, so each is read from its start and, if
need be, from its end.  What lies between, or below a page that says where the others
are, is taken from the bare pages (history_carve.py).
"""

from __future__ import annotations

import json
from contextlib import closing, contextmanager, suppress
from itertools import islice
from typing import TYPE_CHECKING

from .history_carve import carved
from .history_db import UNSOUND, DamagedError, connect, transaction
from .history_sample import FIRST_MINUTE, LAST_MINUTE
from .history_schema import create, migrate, version_by_tables

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from .history_schema import Migration

_BATCH = 5000
_TABLES = (
    *("stations", "inverters", "state", "sums", "alarms", "notices", "asked"),
    "readings",
)
Row = tuple[object, ...]


def salvage(old: Path, new: Path, migrations: Sequence[Migration]) -> int:
    """Make a new history of what an old file still holds; return how many rows.

    The old file is only read.  Raises OSError or sqlite3.Error if the new one cannot
    be written.
    """
    drop(new)
    create(new)
    with closing(connect(new)) as into:
        with _source(old, migrations) as source:
            version = source and version_by_tables(source, migrations)
            migrate(into, new, migrations[: version or len(migrations)])
            saved, whole = _read(source, into)
        if not whole:
            saved += _carve(old, into)
            with transaction(into):  # what was lost is to be asked for again
                saved -= into.execute("DELETE FROM asked").rowcount
        with transaction(into):
            _name_stations(into)
        migrate(into, new, migrations, copied=True)
        into.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return saved


def drop(path: Path) -> None:
    """Remove a file of SQLite's with its companions, the log first.

    A log without its file would be taken for what is left of a lost one.
    """
    for end in ("-wal", "-shm", ""):
        path.with_name(path.name + end).unlink(missing_ok=True)


@contextmanager
def _source(
    old: Path, migrations: Sequence[Migration]
) -> Iterator[sqlite3.Connection | None]:
    """Give a connection that puts up with damage, if ours are the tables it sees."""
    if old.stat().st_size == 0:  # opening it would delete its log
        yield None
        return
    try:
        con = connect(old, "ro")
    except (*UNSOUND, DamagedError):
        yield None
        return
    with closing(con):
        try:
            # Otherwise a file that is shorter than its header says is refused.
            con.execute("PRAGMA writable_schema=ON")
            ours = version_by_tables(con, migrations) is not None
        except UNSOUND:
            ours = False
        yield con if ours else None


def _read(
    source: sqlite3.Connection | None, into: sqlite3.Connection
) -> tuple[int, bool]:
    """Copy what SQLite can read; return how much, and whether that is all."""
    if source is None:
        return 0, False
    saved, whole = 0, True
    for table in _TABLES:
        columns, keys = _columns(into, table)
        for way in ("ASC", "DESC"):
            order = ", ".join(f"{key} {way}" for key in keys)
            asked = f"SELECT {', '.join(columns)} FROM {table} ORDER BY {order}"  # noqa: S608
            rows = _Until(source, asked)
            saved += _put(into, table, columns, rows)
            if rows.ended:
                break
            whole = False
    return saved, whole


class _Until:
    """The rows of a question up to the first that cannot be read."""

    def __init__(self, source: sqlite3.Connection, asked: str) -> None:
        self._source, self._asked = source, asked
        self.ended = False

    def __iter__(self) -> Iterator[Row]:
        with suppress(*UNSOUND):
            yield from self._source.execute(self._asked)
            self.ended = True


def _carve(old: Path, into: sqlite3.Connection) -> int:
    """Add what can be found in bare pages and was not read otherwise."""
    thinned: dict[object, int] = dict(
        into.execute("SELECT number, thinned_until FROM stations").fetchall()
    )
    saved, rows = 0, carved(old)
    while batch := list(islice(rows, _BATCH)):
        for table in {name for name, _ in batch}:
            columns, _ = _columns(into, table)
            found = [
                (*row, *[None] * len(columns))[: len(columns)]
                for name, row in batch
                if name == table and not _thinned_away(table, row, thinned)
            ]
            saved += _put(into, table, columns, found)
    return saved


def _thinned_away(table: str, row: Row, thinned: dict[object, int]) -> bool:
    """Say whether an unused page still held what was thinned long ago."""
    if table != "readings":
        return False
    of, minute, span = row[:3]
    return span == 1 and isinstance(minute, int) and minute < thinned.get(of, 0)


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
