"""Opening the history file as it is found: new, older, newer, damaged, read-only.

Nothing that was stored is ever thrown away: an older file is copied aside before it is
changed, a newer one is not changed, and a damaged one is kept under another name after
what can be read of it was copied to a new one.
"""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from sems_tray.core.language import mark, tr
from sems_tray.core.saying import Saying

from .history_db import (
    DamagedError,
    KnownError,
    connect,
    known_errors,
    readable,
    sound,
)
from .history_salvage import drop, salvage
from .history_schema import check_tables, create, migrate, version_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    from .history_schema import Migration

log = logging.getLogger(__name__)

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
    migrations: Sequence[Migration],
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
            return _opened(path, migrations, now, damaged=damaged, shared=shared)
    except KnownError as exc:
        trouble = tr("The history cannot be kept: {why}.").format(why=exc.said)
        log.info("history: %s", exc)
        return _read_only(path, migrations, trouble)


def _opened(
    path: Path,
    migrations: Sequence[Migration],
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
            return _sound(path, migrations, shared=shared)
    except DamagedError:
        message = _mended(path, migrations, now())
        log.info("history: %s", message)
    with known_errors():
        found = _sound(path, migrations, shared=shared)
    return Opened(con=found.con, access=found.access, message=message)


def _sound(path: Path, migrations: Sequence[Migration], *, shared: bool) -> Opened:
    """Open a file that is in order; raises DamagedError for one that is not."""
    logged = _size(path.with_name(f"{path.name}-wal")) > 0
    crashed = logged and not shared
    empty = path.exists() and _size(path) == 0
    create(path)
    if logged and _size(path) == 0:
        # Cut to nothing, or lost: SQLite would throw the log away unread.
        raise DamagedError("it is damaged")
    if _size(path) and (newer := _newer(path, migrations)):
        return newer
    con = connect(path)
    try:
        con.execute("BEGIN IMMEDIATE")  # can it be written?
        con.execute("ROLLBACK")
        if (crashed or _size(path) < _SMALL_BYTES) and not sound(con):
            raise DamagedError("it is damaged")  # noqa: TRY301
        copy = migrate(con, path, migrations)
        check_tables(con, migrations)
        con.execute("PRAGMA journal_mode=WAL").fetchall()
    except BaseException:
        con.close()
        raise
    with suppress(OSError):
        path.chmod(0o600)
    message = ""
    if empty:
        message = Saying(mark("The history was empty; it begins anew."))
    if copy is not None:
        # Translators: {file} is the name of a file.
        text = mark("The history was brought up to date; the old one is {file}.")
        message = Saying(text, file=copy.name)
    return Opened(con=con, access=Access.WRITABLE, message=message)


def _newer(path: Path, migrations: Sequence[Migration]) -> Opened | None:
    """Look at the version before anything could change the file."""
    con = readable(path)
    try:
        if version_of(con) <= len(migrations):
            con.close()
            return None
    except BaseException:
        con.close()
        raise
    return Opened(
        con=con,
        access=Access.NEWER,
        message=Saying(
            mark(
                "The history comes from a newer version of this program; it is shown"
                " but not changed, and nothing is added to it."
            )
        ),
    )


def _read_only(path: Path, migrations: Sequence[Migration], trouble: str) -> Opened:
    """Open what cannot be written for reading, if it is of this version."""
    with suppress(KnownError), known_errors():
        con = readable(path)
        try:
            version = version_of(con)
        except BaseException:
            con.close()
            raise
        if version == len(migrations):
            return Opened(con=con, access=Access.READABLE, trouble=trouble)
        con.close()
    return Opened(con=None, access=Access.NONE, trouble=trouble)


def _mended(path: Path, migrations: Sequence[Migration], now: datetime) -> Saying:
    """Set a damaged file aside after saving what can be read of it.

    The new file is whole before the old one moves: whoever is killed here finds the
    one or the other.
    """
    half, whole = _salvage_names(path)
    with known_errors():
        try:
            saved = salvage(path, half, migrations)
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
    return Saying(text, saved=saved, file=aside.name)


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
