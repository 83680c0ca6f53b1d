"""SQLite connections for the history, and which of SQLite's errors are the world's.

The split is qutebrowser's: what disks, permissions and other programs do is known and
told to the owner; anything else that SQLite complains of is a bug of ours and stays a
``sqlite3.Error``.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING

from sems_tray.i18n.language import mark, reason, reason_inside, tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path


BUSY_S = 2.0
_CACHE_KIB = 1024
_WAL_BYTES = 4 * 1024 * 1024

_BUSY = mark("another program is writing to it")
_NO_PERMISSION = mark("no permission")
_DAMAGED = mark("it is damaged")
_NEWER = mark("it is of a newer version")
_UNREADABLE = mark("it cannot be read")
# Primary result codes (sqlite.org/rescode.html); sqlite3 names them all, by number.
_KNOWN = {
    sqlite3.SQLITE_PERM: _NO_PERMISSION,
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_READONLY: mark("the disk or the file is read-only"),
    sqlite3.SQLITE_IOERR: mark("the disk reports an error"),
    sqlite3.SQLITE_FULL: mark("the disk is full"),
    sqlite3.SQLITE_CANTOPEN: mark("it cannot be opened"),
    sqlite3.SQLITE_PROTOCOL: _BUSY,
    sqlite3.SQLITE_AUTH: _NO_PERMISSION,
}
# What asking a damaged file may raise: SQLite's own messages may quote it, too.
UNSOUND = (sqlite3.DatabaseError, UnicodeDecodeError)
_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


Row = tuple[object, ...]


class StorageError(Exception):
    """The world's fault: full, read-only, locked, not permitted.

    Says why: in English as text, for the log; ``said`` is for the owner.
    """

    def __init__(self, text: str, said: str = "") -> None:
        super().__init__(text)
        self._said = said

    @property
    def said(self) -> str:
        """Why, in the language spoken."""
        return self._said or tr(str(self))


class DamagedError(StorageError):
    """The file is not, or no longer, a history."""


class HistoryWriteError(StorageError):
    """The history cannot be written; says so in a sentence, in the language spoken."""

    def __init__(self, text: str) -> None:
        super().__init__(text, said=text)


@contextmanager
def known_errors() -> Iterator[None]:
    """Turn what the world did into StorageError; let bugs pass."""
    try:
        yield
    except sqlite3.Error as exc:
        code = getattr(exc, "sqlite_errorcode", 0) & 0xFF
        if code in _DAMAGE:
            raise DamagedError(_DAMAGED) from exc
        if code in _KNOWN:
            raise StorageError(_KNOWN[code]) from exc
        raise
    except UnicodeDecodeError as exc:
        # SQLite's own message quotes what lies in a damaged file.
        raise DamagedError(_DAMAGED) from exc
    except OSError as exc:
        text = (exc.strerror or "the disk reports an error").lower()
        raise StorageError(text, reason_inside(exc)) from exc


def connect(
    path: Path, mode: str = "rw", *, immutable: bool = False, damaged: bool = False
) -> sqlite3.Connection:
    """Return a connection; ``mode`` is rw or ro. Raises sqlite3.Error, DamagedError.

    ``immutable`` reads a file in a folder where nothing can be written, and only
    there: it ignores what other programs do to the file.  ``damaged`` reads also what
    is shorter than its header says.
    """
    query = f"mode={mode}" + ("&immutable=1" if immutable else "")
    con = sqlite3.connect(
        f"{path.absolute().as_uri()}?{query}",
        uri=True,
        timeout=BUSY_S,
        isolation_level=None,  # transactions are begun and ended by name
    )
    con.text_factory = _text
    try:
        if damaged:
            con.execute("PRAGMA writable_schema=ON")
        con.execute(f"PRAGMA cache_size=-{_CACHE_KIB}")
        con.execute("PRAGMA trusted_schema=OFF")
        if mode == "rw":
            if path.stat().st_size == 0:  # how a new file is to be laid out
                con.execute("PRAGMA auto_vacuum=INCREMENTAL")
            # In WAL mode NORMAL loses at most the last commits to a power cut, and
            # never damages the file.
            con.execute("PRAGMA synchronous=NORMAL")
            con.execute("PRAGMA secure_delete=OFF")
            con.execute(f"PRAGMA journal_size_limit={_WAL_BYTES}").fetchall()
    except BaseException as exc:
        con.close()
        if getattr(exc, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR:
            # Our words are right, so the file is not: "unsupported file format".
            raise DamagedError(_DAMAGED) from exc
        raise
    return con


def readable(path: Path) -> sqlite3.Connection:
    """Return a connection that cannot write. Raises sqlite3.Error, DamagedError.

    Where nothing can be written beside the file, SQLite cannot share it; then it is
    read as it stands.
    """
    try:
        con = connect(path, "ro")
    except sqlite3.OperationalError:
        return connect(path, "ro", immutable=True)
    try:
        con.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as exc:
        con.close()
        if exc.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
            raise
        con = connect(path, "ro", immutable=True)
    except BaseException:
        con.close()
        raise
    return con


@contextmanager
def transaction(con: sqlite3.Connection) -> Iterator[None]:
    """Write all or nothing."""
    con.execute("BEGIN IMMEDIATE")
    try:
        yield
        con.execute("COMMIT")
    except BaseException:
        if con.in_transaction:  # a full disk ends it by itself
            with suppress(sqlite3.Error):
                con.execute("ROLLBACK")
        raise


def number(con: sqlite3.Connection, statement: str, *values: object) -> int | None:
    """Return the single whole number that a statement asks for."""
    row = con.execute(statement, values).fetchone()
    return row[0] if row is not None and isinstance(row[0], int) else None


def sound(con: sqlite3.Connection) -> bool:
    """Check the whole file; some three seconds for ten years."""
    row = con.execute("PRAGMA integrity_check(1)").fetchone()
    return row is not None and row[0] == "ok"


def _text(raw: bytes) -> str:
    """Read text that a damaged disk may have changed."""
    return raw.decode("utf-8", "replace")


# The tables of the history. ``user_version`` is their version.


# One row per station and minute, the powers in W, the charge in 0.1 %; unknown is
# NULL. ``grade`` and ``marks`` say which of two values for one minute is the better
# (history_sample.py).  Ten years of one station are 5 million rows: every byte counts.
_READINGS = """
CREATE TABLE readings (
    station INTEGER NOT NULL, minute INTEGER NOT NULL, span INTEGER NOT NULL,
    grade INTEGER NOT NULL,
    pv INTEGER, load INTEGER, grid INTEGER, battery INTEGER, ev INTEGER, soc INTEGER,
    inverters BLOB, marks BLOB,
    PRIMARY KEY (station, minute)
) WITHOUT ROWID
"""
_STATIONS = """
CREATE TABLE stations (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL, name TEXT, timezone TEXT,
    capacity_kwp REAL, latitude REAL, longitude REAL,
    thinned_until INTEGER NOT NULL DEFAULT 0
)
"""
_INVERTERS = """
CREATE TABLE inverters (
    station INTEGER NOT NULL, number INTEGER NOT NULL, sn TEXT NOT NULL,
    PRIMARY KEY (station, number)
) WITHOUT ROWID
"""
# Energies in Wh. A period has a live row, a final one of the portal's, or both.
_SUMS = """
CREATE TABLE sums (
    station INTEGER NOT NULL, period INTEGER NOT NULL, key TEXT NOT NULL,
    source INTEGER NOT NULL,
    pv INTEGER, load INTEGER, import INTEGER, export INTEGER, charge INTEGER,
    discharge INTEGER, self_use INTEGER, income REAL, currency TEXT,
    PRIMARY KEY (station, period, key, source)
) WITHOUT ROWID
"""
# Times below are whole seconds since 1970.
_ALARMS = """
CREATE TABLE alarms (
    station INTEGER NOT NULL, id TEXT NOT NULL, name TEXT, level TEXT, device_sn TEXT,
    device_name TEXT, code TEXT, active INTEGER, happened INTEGER, recovered INTEGER,
    first_seen INTEGER, last_seen INTEGER,
    PRIMARY KEY (station, id)
) WITHOUT ROWID
"""
_NOTICES = """
CREATE TABLE notices (
    station INTEGER NOT NULL, at INTEGER NOT NULL, topic TEXT NOT NULL, level TEXT,
    title TEXT, text TEXT, silenced INTEGER, closed INTEGER,
    PRIMARY KEY (station, at, topic)
) WITHOUT ROWID
"""
_STATE = """
CREATE TABLE state (
    station INTEGER NOT NULL, key TEXT NOT NULL, json TEXT NOT NULL,
    PRIMARY KEY (station, key)
) WITHOUT ROWID
"""
# What the portal has been asked for and when, whether or not it had anything.
_ASKED = """
CREATE TABLE asked (
    station INTEGER NOT NULL, day TEXT NOT NULL, what TEXT NOT NULL, at INTEGER,
    PRIMARY KEY (station, day, what)
) WITHOUT ROWID
"""

_TABLES = (
    *(_STATIONS, _INVERTERS, _READINGS, _SUMS),
    *(_ALARMS, _NOTICES, _STATE, _ASKED),
)
VERSION = 2


def version_of(con: sqlite3.Connection) -> int:
    """Return the version of the file's tables; 0 before there are any."""
    return number(con, "PRAGMA user_version") or 0


def make_tables(con: sqlite3.Connection) -> None:
    """Make the tables of a new file. Raises DamagedError if they are not ours."""
    if not tables(con):
        con.execute("PRAGMA journal_mode=WAL").fetchall()
        with transaction(con):
            if not tables(con):  # else another process was faster
                for statement in _TABLES:
                    con.execute(statement)
                con.execute(f"PRAGMA user_version={VERSION}")
    check_tables(con)


def check_tables(con: sqlite3.Connection) -> None:
    """Raise DamagedError unless the file has our tables, of this version."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as model:
        for statement in _TABLES:
            model.execute(statement)
        ours = tables(model)
    if version_of(con) != VERSION or tables(con) != ours:
        raise DamagedError(_DAMAGED)


def tables(con: sqlite3.Connection) -> dict[str, str]:
    """Return the tables and how they were made."""
    asked = "SELECT name, sql FROM sqlite_master WHERE type = 'table'"
    return {
        str(name): str(sql)
        for name, sql in con.execute(asked)
        if not str(name).startswith("sqlite_")
    }


def create(path: Path) -> None:
    """Make an empty file that only the owner can read; an existing one stays."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


class HistoryConnection:
    """Asks the file in SQL, wherever it is; what is not there has no rows."""

    def __init__(
        self, path: Path, writer: Callable[[], sqlite3.Connection | None] | None
    ) -> None:
        self._path = path
        self._writer = writer  # whose connection is used instead of an own one
        self._con: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None

    def close(self) -> None:
        """Let go of the file; the next question opens it again."""
        if self._con is not None:
            self._con.close()
            self._con = None

    def number(
        self, station: str, select: str, where: str = "1", *values: object
    ) -> int | None:
        """Return the single whole number that is asked for."""
        rows = self.of_station(station, select, where, *values)
        found = rows[0][0] if rows else None
        return found if isinstance(found, int) else None

    def of_station(
        self, station: str, select: str, where: str, *values: object
    ) -> Sequence[Row]:
        """Return the rows of one station."""
        asked = "SELECT number FROM stations WHERE id = ?"
        rows = self.all(asked, station)
        if not rows:
            return ()
        return self.all(f"{select} WHERE station = ? AND {where}", rows[0][0], *values)

    def all(self, statement: str, *values: object) -> Sequence[Row]:
        """Return all rows. Raises StorageError."""
        con = self._connection()
        if con is None:
            return ()
        with known_errors():
            try:
                return con.execute(statement, values).fetchall()
            except sqlite3.OperationalError as exc:
                if exc.sqlite_errorcode != sqlite3.SQLITE_ERROR:
                    raise
                version = version_of(con)
                if version == VERSION:
                    # Made between the question and this look, or a bug: ask again.
                    check_tables(con)
                    return con.execute(statement, values).fetchall()
                if version < VERSION:
                    return ()  # just being made
                raise StorageError(_NEWER) from exc

    def _connection(self) -> sqlite3.Connection | None:
        if self._writer is not None:
            return self._writer()
        try:
            found = os.stat(self._path)  # noqa: PTH116
        except FileNotFoundError:
            self.close()
            return None
        except OSError as exc:
            raise StorageError(exc.strerror or _UNREADABLE, reason(exc)) from exc
        if found.st_size == 0:  # just being made, or cut to nothing
            self.close()
            return None
        # The writer may have set a damaged file aside and begun another.
        file = found.st_dev, found.st_ino
        if self._con is not None and self._file != file:
            self.close()
        if self._con is None:
            with known_errors():
                self._con = readable(self._path)
            self._file = file
        return self._con
