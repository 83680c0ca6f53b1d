"""The history's file while it is open, and the writes that wait for it.

Whatever the world does to the disk, writing never raises: what cannot be written waits
in memory, in order, and is tried again with every later write.
"""

from __future__ import annotations

import logging
import sqlite3
from collections import deque
from contextlib import closing, suppress
from typing import TYPE_CHECKING, TypeVar

from sems_tray.core.language import mark, tr
from sems_tray.core.saying import said

from .history_db import (
    DamagedError,
    KnownError,
    connect,
    known_errors,
    sound,
    transaction,
)
from .history_open import Access, Opened, open_history
from .history_salvage import drop

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    from .history_schema import Migration

T = TypeVar("T")

log = logging.getLogger(__name__)

# About a week of readings every two minutes, some 5 MB of memory.
MOST_WAITING = 5000
REOPEN_S = 60.0


class HistoryFile:
    """One history file, for the thread that writes it."""

    def __init__(
        self,
        path: Path,
        *,
        now: Callable[[], datetime],
        tick: Callable[[], float],
        migrations: Sequence[Migration],
        shared: bool = False,
    ) -> None:
        self._path, self._now, self._tick = path, now, tick
        self._migrations, self._shared = migrations, shared
        self._opened = Opened(con=None, access=Access.NONE)
        self._tried_at: float | None = None
        self._pause_s = REOPEN_S
        self._waiting: deque[Callable[[sqlite3.Connection], None]] = deque()
        self._given_up = 0
        self._trouble = ""

    @property
    def con(self) -> sqlite3.Connection | None:
        """The connection, if there is one; it may be able to read only."""
        return self._opened.con

    @property
    def message(self) -> str:
        """What the owner should know now: trouble, else how the file was found."""
        if not self._trouble:
            return said(self._opened.message)
        told = [self._trouble]
        if self._waiting:
            # Translators: how many readings could not be written to the disk yet.
            text = tr("Waiting in memory: {count}.")
            told.append(text.format(count=len(self._waiting)))
        if self._given_up:
            # Translators: how many readings are lost for want of memory.
            told.append(tr("Given up: {count}.").format(count=self._given_up))
        return " ".join(told)

    @property
    def waiting(self) -> int:
        """How many writes wait in memory."""
        return len(self._waiting)

    @property
    def writable(self) -> bool:
        """Whether what is written now would be stored."""
        return self._opened.access is Access.WRITABLE

    def open(self, *, damaged: bool = False) -> None:
        """Open the file as it is found, or mend one found damaged in use."""
        self._let_go()
        began = self._tick()
        self._opened = open_history(
            self._path,
            self._migrations,
            self._now,
            damaged=damaged,
            shared=self._shared,
        )
        self._tried_at = self._tick()
        # A large file may take minutes to salvage, in vain while the disk is full.
        self._pause_s = max(REOPEN_S, 20 * (self._tried_at - began))
        self._trouble = self._opened.trouble
        if self._opened.access is Access.NEWER:
            self._waiting.clear()

    def close(self) -> None:
        """Write what waits, if that works by now, and let go of the file."""
        if self._waiting:
            self._flush()
        self._empty_log()
        self._let_go()

    def check(self) -> None:
        """Check the whole file, and mend it if need be."""

        def checked(_: sqlite3.Connection) -> None:
            # Through a connection of its own: ours may remember sound pages.
            with closing(connect(self._path, "ro")) as con:
                if not sound(con):
                    raise DamagedError("it is damaged")

        self.tend(checked)

    def tend(self, work: Callable[[sqlite3.Connection], T]) -> T | None:
        """Do something that may as well be done tomorrow; None if it cannot be now."""
        con = self._opened.con
        if con is None or not self.writable:
            return None
        try:
            with known_errors():
                return work(con)
        except DamagedError:
            self.open(damaged=True)
        except KnownError as exc:
            self._failed(exc)
        return None

    def forget(self) -> None:
        """Delete the file and its copies. Raises KnownError."""
        self._waiting.clear()
        self._given_up, self._trouble, self._tried_at = 0, "", None
        self._let_go()
        with known_errors():
            drop(self._path)
            for it in self._path.parent.glob(f"{self._path.name}.*"):
                it.unlink(missing_ok=True)

    def write(self, what: Callable[[sqlite3.Connection], None]) -> bool:
        """Write now, or as soon as it works; say whether nothing waits."""
        if self._opened.access is Access.NEWER:
            return False
        self._waiting.append(what)
        if len(self._waiting) > MOST_WAITING:
            self._waiting.popleft()
            self._given_up += 1
        return self._flush()

    def _flush(self) -> bool:
        """Write what waits, oldest first; say whether nothing is left waiting."""
        mended = False
        while self._waiting:
            if not self._ready():
                return False
            what = self._waiting[0]
            try:
                with known_errors():
                    self._do(what)
            except DamagedError as exc:
                if mended:
                    self._failed(exc)
                    return False
                mended = True
                self.open(damaged=True)
                continue
            except KnownError as exc:
                self._failed(exc)
                return False
            except BaseException:
                self._waiting.popleft()  # a bug: not to be met again with every write
                raise
            self._waiting.popleft()
        if self._trouble:
            log.info("history: can be written again")
        self._trouble, self._given_up = "", 0
        return True

    def _do(self, what: Callable[[sqlite3.Connection], None]) -> None:
        con = self._opened.con
        if con is None:
            raise KnownError(mark("it is not open"))
        with transaction(con):
            what(con)

    def _ready(self) -> bool:
        if self.writable:
            return True
        if self._tried_at is None or self._tick() - self._tried_at >= self._pause_s:
            self.open()
        return self.writable

    def _failed(self, exc: KnownError) -> None:
        trouble = tr("The history cannot be kept: {why}.").format(why=exc.said)
        if trouble != self._trouble:
            log.info("history: %s", exc)
        self._trouble = trouble

    def _empty_log(self) -> None:
        """Leave no log behind, even if a reader stays: it would look like a crash."""
        if self._opened.con is not None and self.writable:
            with suppress(sqlite3.Error):
                self._opened.con.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def _let_go(self) -> None:
        if self._opened.con is not None:
            self._opened.con.close()
        self._opened = Opened(con=None, access=Access.NONE)
