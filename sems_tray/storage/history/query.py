"""Questions in SQL to the history's file, wherever it is and whatever became of it."""

from __future__ import annotations

import os
import sqlite3
from typing import TYPE_CHECKING

from sems_tray.i18n.language import mark, reason

from .database import (
    VERSION,
    StorageError,
    check_tables,
    known_errors,
    readable,
    version_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


Row = tuple[object, ...]

_NEWER = mark("it is of a newer version")
_UNREADABLE = mark("it cannot be read")


class HistoryConnection:
    """A file that is asked; what is not there has no rows."""

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
