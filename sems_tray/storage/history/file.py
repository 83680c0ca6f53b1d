"""The history's file while it is open, and the writes that wait for it.

Whatever the world does to the disk, writing never raises: what cannot be written waits
in memory, in order, and is tried again with every later write.
"""

from __future__ import annotations

import logging
import sqlite3
from collections import deque
from contextlib import closing, suppress
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from sems_tray.i18n.language import LocalizedText, mark, said, tr

from .database import (
    VERSION,
    DamagedError,
    HistoryWriteError,
    StorageError,
    connect,
    create,
    known_errors,
    make_tables,
    readable,
    sound,
    transaction,
    version_of,
)
from .recovery import drop, salvage

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path


T = TypeVar("T")
P = ParamSpec("P")

log = logging.getLogger(__name__)

# About a week of readings every two minutes, some 10 MB of memory.
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
        shared: bool = False,
    ) -> None:
        self._path, self._now, self._tick = path, now, tick
        self._shared = shared
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

        self.try_now(checked)

    def try_now(self, work: Callable[[sqlite3.Connection], T]) -> T | None:
        """Do something that may as well be done tomorrow; None if it cannot be now."""
        con = self._opened.con
        if con is None or not self.writable:
            return None
        try:
            with known_errors():
                return work(con)
        except DamagedError:
            self.open(damaged=True)
        except StorageError as exc:
            self._failed(exc)
        return None

    def forget(self) -> None:
        """Delete the file and its copies. Raises StorageError."""
        self._waiting.clear()
        self._given_up, self._trouble, self._tried_at = 0, "", None
        self._let_go()
        with known_errors():
            drop(self._path)
            for path in self._path.parent.glob(f"{self._path.name}.*"):
                path.unlink(missing_ok=True)

    def write(
        self,
        what: Callable[Concatenate[sqlite3.Connection, P], None],
        *values: P.args,
        **named: P.kwargs,
    ) -> bool:
        """Write now, or as soon as it works; say whether nothing waits."""
        if self._opened.access is Access.NEWER:
            return False
        self._waiting.append(lambda con: what(con, *values, **named))
        if len(self._waiting) > MOST_WAITING:
            self._waiting.popleft()
            self._given_up += 1
        return self._flush()

    def check_written(self) -> None:
        """Raise HistoryWriteError unless all that was written is stored."""
        if self._waiting or self._opened.access is Access.NEWER:
            raise HistoryWriteError(self.message)

    def _flush(self) -> bool:
        """Write what waits, oldest first; say whether nothing is left waiting."""
        mended = False
        while self._waiting:
            if not self._ready():
                return False
            try:
                with known_errors():
                    self._do(self._waiting[0])
            except DamagedError as exc:
                if mended:
                    self._failed(exc)
                    return False
                mended = True
                self.open(damaged=True)
                continue
            except StorageError as exc:
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
            raise StorageError(mark("it is not open"))
        with transaction(con):
            what(con)

    def _ready(self) -> bool:
        if self.writable:
            return True
        if self._tried_at is None or self._tick() - self._tried_at >= self._pause_s:
            self.open()
        return self.writable

    def _failed(self, exc: StorageError) -> None:
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


# Opening the history file as it is found: new, newer, damaged, read-only.
#
# Nothing that was stored is ever thrown away: a newer file is not changed, and a
# damaged one is kept under another name after what can be read of it was copied to a
# new one.


# Checked whole at each start; larger ones only after a crash, and daily.
_SMALL_BYTES = 16 * 1024 * 1024


class Access(Enum):
    """What can be done with the file."""

    WRITABLE = auto()
    READABLE = auto()  # now; writing may work again later
    NEWER = auto()  # read, and not changed
    NONE = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An opened file, and what to tell the owner about how it was found."""

    con: sqlite3.Connection | None
    access: Access
    message: str = ""
    trouble: str = ""  # goes away when writing works


def open_history(
    path: Path,
    now: Callable[[], datetime],
    *,
    damaged: bool = False,
    shared: bool = False,
) -> Opened:
    """Open the file, whatever it takes; only bugs are raised.

    ``damaged`` says that it was found so while in use, ``shared`` that another process
    may be using it.
    """
    try:
        with known_errors():
            return _opened(path, now, damaged=damaged, shared=shared)
    except StorageError as exc:
        trouble = tr("The history cannot be kept: {why}.").format(why=exc.said)
        log.info("history: %s", exc)
        return _read_only(path, trouble)


def _opened(
    path: Path,
    now: Callable[[], datetime],
    *,
    damaged: bool,
    shared: bool,
) -> Opened:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _finish_salvage(path)
    try:
        if damaged:
            raise DamagedError("it is damaged")  # noqa: TRY301
        with known_errors():
            return _sound(path, shared=shared)
    except DamagedError:
        message = _mended(path, now())
        log.info("history: %s", message)
    with known_errors():
        found = _sound(path, shared=shared)
    return Opened(con=found.con, access=found.access, message=message)


def _sound(path: Path, *, shared: bool) -> Opened:
    """Open a file that is in order; raises DamagedError for one that is not."""
    logged = _size(path.with_name(f"{path.name}-wal")) > 0
    crashed = logged and not shared
    empty = path.exists() and _size(path) == 0
    create(path)
    if logged and _size(path) == 0:
        # Cut to nothing, or lost: SQLite would throw the log away unread.
        raise DamagedError("it is damaged")
    if _size(path) and (newer := _newer(path)):
        return newer
    con = connect(path)
    try:
        con.execute("BEGIN IMMEDIATE")  # can it be written?
        con.execute("ROLLBACK")
        if (crashed or _size(path) < _SMALL_BYTES) and not sound(con):
            raise DamagedError("it is damaged")  # noqa: TRY301
        make_tables(con)
        con.execute("PRAGMA journal_mode=WAL").fetchall()
    except BaseException:
        con.close()
        raise
    with suppress(OSError):
        path.chmod(0o600)
    message = ""
    if empty:
        message = LocalizedText(mark("The history was empty; it begins anew."))
    return Opened(con=con, access=Access.WRITABLE, message=message)


def _newer(path: Path) -> Opened | None:
    """Look at the version before anything could change the file."""
    con, version = _opened_to_read(path)
    if version <= VERSION:
        con.close()
        return None
    return Opened(
        con=con,
        access=Access.NEWER,
        message=LocalizedText(
            mark(
                "The history comes from a newer version of this program; it is shown"
                " but not changed, and nothing is added to it."
            )
        ),
    )


def _read_only(path: Path, trouble: str) -> Opened:
    """Open what cannot be written for reading, if it is of this version."""
    with suppress(StorageError), known_errors():
        con, version = _opened_to_read(path)
        if version == VERSION:
            return Opened(con=con, access=Access.READABLE, trouble=trouble)
        con.close()
    return Opened(con=None, access=Access.NONE, trouble=trouble)


def _opened_to_read(path: Path) -> tuple[sqlite3.Connection, int]:
    """Return a connection that cannot write, and the version of the file."""
    con = readable(path)
    try:
        return con, version_of(con)
    except BaseException:
        con.close()
        raise


def _mended(path: Path, now: datetime) -> LocalizedText:
    """Set a damaged file aside after saving what can be read of it.

    The new file is whole before the old one moves: whoever is killed here finds the
    one or the other.
    """
    half, whole = _salvage_names(path)
    with known_errors():
        try:
            saved = salvage(path, half)
            _closed_well(half)
        except BaseException:
            drop(half)  # a full disk needs the room
            raise
        half.replace(whole)
        aside = _aside(path, now)
        path.replace(aside)
        wal = path.with_name(f"{path.name}-wal")
        if wal.exists():  # else the new file would be taken to own it
            wal.replace(aside.with_name(f"{aside.name}-wal"))
        path.with_name(f"{path.name}-shm").unlink(missing_ok=True)
        whole.replace(path)
    text = mark(
        "The history was damaged; {saved} of its entries could be saved."
        " The damaged file is kept as {file}."
    )
    return LocalizedText(text, saved=saved, file=aside.name)


def _closed_well(path: Path) -> None:
    """Leave no companion file behind, so that one rename moves it all."""
    with closing(sqlite3.connect(path, isolation_level=None)) as con:
        con.execute("PRAGMA journal_mode=DELETE").fetchall()
    with suppress(OSError):
        path.chmod(0o600)


def _finish_salvage(path: Path) -> None:
    """Go on where a salvage was killed between its renames."""
    half, whole = _salvage_names(path)
    if half.exists():
        drop(half)
    if not whole.exists():
        return
    if path.exists():
        drop(whole)  # the damaged file has not moved: it is salvaged again
    else:
        drop(path)
        whole.replace(path)


def _salvage_names(path: Path) -> tuple[Path, Path]:
    return (
        path.with_name(f"{path.name}.salvage"),
        path.with_name(f"{path.name}.salvaged"),
    )


def _aside(path: Path, now: datetime) -> Path:
    stamp = f"{path.name}.damaged-{now:%Y%m%d-%H%M%S}"
    aside, again = path.with_name(stamp), 1
    while aside.exists():
        again += 1
        aside = path.with_name(f"{stamp}-{again}")
    return aside


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
