"""Rows out of the bare pages of a damaged history.

SQLite finds rows only from the root of their table down.  Where the way is broken the
leaves are often whole: each page that looks like one is read by itself, in the log
first, which is newer.  Only what has the shape of one of our rows is taken.  The
format: sqlite.org/fileformat2.html, sections 1.6 and 2.1.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from .history_sample import FIRST_MINUTE, LAST_MINUTE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Row = tuple[object, ...]

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


def carved(path: Path) -> Iterator[tuple[str, Row]]:
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


def _records(page: bytes) -> Iterator[Row]:
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


def _record(raw: bytes) -> Row:
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


def _table(record: Row) -> str | None:
    for table, columns, types in _SHAPES:
        # A later version may have appended columns; tables with few have not.
        fits = len(record) == columns or (
            len(record) > columns and table in {"readings", "sums"}
        )
        if fits and all(map(isinstance, record, types)) and _sensible(table, record):
            return table
    return None


def _sensible(table: str, record: Row) -> bool:
    if table == "readings":
        minute = record[1]
        return isinstance(minute, int) and FIRST_MINUTE <= minute < LAST_MINUTE
    return table != "asked" or record[2] in _ASKED
