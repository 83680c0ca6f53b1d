"""SQLite connections for the history, and which of SQLite's errors are the world's.

The split is qutebrowser's: what disks, permissions and other programs do is known and
told to the owner; anything else that SQLite complains of is a bug of ours and stays a
``sqlite3.Error``.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from sems_tray.core.language import mark, tr
from sems_tray.core.saying import reason_inside

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BUSY_S = 2.0
_CACHE_KIB = 1024
_WAL_BYTES = 4 * 1024 * 1024

_BUSY = mark("another program is writing to it")
_NO_PERMISSION = mark("no permission")
_DAMAGED = mark("it is damaged")
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


class KnownError(Exception):
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


class DamagedError(KnownError):
    """The file is not, or no longer, a history."""


@contextmanager
def known_errors() -> Iterator[None]:
    """Turn what the world did into KnownError; let bugs pass."""
    try:
        yield
    except sqlite3.Error as exc:
        code = getattr(exc, "sqlite_errorcode", 0) & 0xFF
        if code in _DAMAGE:
            raise DamagedError(_DAMAGED) from exc
        if code in _KNOWN:
            raise KnownError(_KNOWN[code]) from exc
        raise
    except UnicodeDecodeError as exc:
        # SQLite's own message quotes what lies in a damaged file.
        raise DamagedError(_DAMAGED) from exc
    except OSError as exc:
        text = (exc.strerror or "the disk reports an error").lower()
        raise KnownError(text, reason_inside(exc)) from exc


def connect(
    path: Path, mode: str = "rw", *, immutable: bool = False
) -> sqlite3.Connection:
    """Return a connection; ``mode`` is rw or ro. Raises sqlite3.Error, DamagedError.

    ``immutable`` reads a file in a folder where nothing can be written, and only
    there: it ignores what other programs do to the file.
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
