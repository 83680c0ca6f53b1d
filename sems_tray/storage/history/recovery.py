"""Saving what can be read of a damaged history.

SQLite reads a table up to the first bad page, so each is read from its start and, if
need be, from its end.  What lies between, or below a page that says where the others
are, is taken from the bare pages (history_carve.py).
"""

from __future__ import annotations

import json
import struct
from contextlib import closing, contextmanager, suppress
from itertools import islice
from typing import TYPE_CHECKING

from .database import (
    UNSOUND,
    DamagedError,
    connect,
    create,
    migrate,
    transaction,
    version_by_tables,
)
from .samples import FIRST_MINUTE, LAST_MINUTE

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from .database import Migration


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


# Rows out of the bare pages of a damaged history.
#
# SQLite finds rows only from the root of their table down.  Where the way is broken
# the leaves are often whole: each page that looks like one is read by itself, in the
# log first, which is newer.  Only what has the shape of one of our rows is taken.
# The format: sqlite.org/fileformat2.html, sections 1.6 and 2.1.


CarvedRow = tuple[object, ...]

PAGE = 4096
_LOG_HEAD, _FRAME_HEAD = 32, 24
_LEAF, _INTERIOR = 0x0A, 0x02  # tables WITHOUT ROWID are indices to SQLite
_MOST_LOCAL = (PAGE - 12) * 64 // 255 - 23  # longer rows go on elsewhere
_INT_BYTES = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}
_REAL, _ZERO, _ONE, _BLOB = 7, 8, 9, 12
# How each table's rows begin, and how many columns they have had from the start.
_SHAPES: tuple[tuple[str, int, tuple[type, ...]], ...] = (
    ("readings", 12, (int, int, int, int)),
    ("sums", 13, (int, int, str, int)),
    ("alarms", 12, (int, str)),
    ("notices", 8, (int, int, str)),
    ("inverters", 3, (int, int, str)),
    ("asked", 3, (int, str, str)),
    ("state", 3, (int, str, str)),
)
_ASKED = {"curve", "totals", "income"}


def carved(path: Path) -> Iterator[tuple[str, CarvedRow]]:
    """Return table and row of whatever looks like one of ours."""
    for page in _pages(path):
        for record in _records(page):
            table = _table(record)
            if table is not None:
                yield table, record


def _pages(path: Path) -> Iterator[bytes]:
    log = path.with_name(f"{path.name}-wal")
    if log.exists():
        frame = _FRAME_HEAD + PAGE
        with log.open("rb") as file:
            count = (log.stat().st_size - _LOG_HEAD) // frame
            for n in reversed(range(count)):
                file.seek(_LOG_HEAD + n * frame + _FRAME_HEAD)
                yield file.read(PAGE)
    with path.open("rb") as file:
        while page := file.read(PAGE):
            yield page.ljust(PAGE, b"\0")  # the last one may be cut


def _records(page: bytes) -> Iterator[CarvedRow]:
    if page[0] == _LEAF:
        head, child = 8, 0
    elif page[0] == _INTERIOR:
        head, child = 12, 4
    else:
        return
    count = int.from_bytes(page[3:5], "big")
    if head + 2 * count > PAGE:
        return
    for n in range(count):
        at = int.from_bytes(page[head + 2 * n : head + 2 * n + 2], "big") + child
        try:
            size, at = _varint(page, at)
            if 0 < size <= _MOST_LOCAL and at + size <= PAGE:
                yield _record(page[at : at + size])
        except (IndexError, ValueError):
            continue


def _record(raw: bytes) -> CarvedRow:
    end, at = _varint(raw, 0)
    types = []
    while at < end:
        kind, at = _varint(raw, at)
        types.append(kind)
    values: list[object] = []
    for kind in types:
        size = _size(kind)
        part = raw[at : at + size]
        if len(part) < size:
            raise ValueError("cut")
        values.append(_value(kind, part))
        at += size
    return tuple(values)


def _size(kind: int) -> int:
    if kind >= _BLOB:
        return (kind - _BLOB) // 2
    return 8 if kind == _REAL else _INT_BYTES.get(kind, 0)


def _value(kind: int, part: bytes) -> object:
    if kind in _INT_BYTES:
        return int.from_bytes(part, "big", signed=True)
    if kind >= _BLOB:
        return part.decode("utf-8", "replace") if kind % 2 else part
    if kind == _REAL:
        return struct.unpack(">d", part)[0]
    return {_ZERO: 0, _ONE: 1}.get(kind)


def _varint(raw: bytes, at: int) -> tuple[int, int]:
    """Return a number of seven bits a byte, and where it ends; short ones only."""
    value = 0
    for n in range(at, at + 4):
        value = value << 7 | raw[n] & 0x7F
        if raw[n] < 0x80:  # noqa: PLR2004
            return value, n + 1
    raise ValueError("too long")


def _table(record: CarvedRow) -> str | None:
    for table, columns, types in _SHAPES:
        # A later version may have appended columns; tables with few have not.
        fits = len(record) == columns or (
            len(record) > columns and table in {"readings", "sums"}
        )
        if fits and all(map(isinstance, record, types)) and _sensible(table, record):
            return table
    return None


def _sensible(table: str, record: CarvedRow) -> bool:
    if table == "readings":
        minute = record[1]
        return isinstance(minute, int) and FIRST_MINUTE <= minute < LAST_MINUTE
    return table != "asked" or record[2] in _ASKED
