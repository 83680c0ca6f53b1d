"""The tables of the history, version by version.

``user_version`` is the number of migrations a file has been through.  Before a file is
taken further it is copied aside; the steps run in one transaction, so that a file is
of one version or the next and never in between.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from .history_db import DamagedError, number, transaction

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

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
# What the portal has been asked for, whether or not it had anything.
_ASKED = """
CREATE TABLE asked (
    station INTEGER NOT NULL, day TEXT NOT NULL, what TEXT NOT NULL,
    PRIMARY KEY (station, day, what)
) WITHOUT ROWID
"""

Migration = tuple[str, ...]
MIGRATIONS: tuple[Migration, ...] = (
    (
        _STATIONS,
        _INVERTERS,
        _READINGS,
        _SUMS,
        _ALARMS,
        _NOTICES,
        _STATE,
        _ASKED,
    ),
    # When it was, in whole seconds since 1970; NULL where an older version asked.
    ("ALTER TABLE asked ADD COLUMN at INTEGER",),
)
VERSION = len(MIGRATIONS)


def version_of(con: sqlite3.Connection) -> int:
    """Return how many migrations the file has been through."""
    return number(con, "PRAGMA user_version") or 0


def migrate(
    con: sqlite3.Connection,
    path: Path,
    migrations: Sequence[Migration],
    *,
    copied: bool = False,
) -> Path | None:
    """Bring the file to the newest version; return the copy of the old one, if any."""
    before = version_of(con)
    if before >= len(migrations):
        return None
    copy = None
    if before == 0:
        if tables(con):
            raise DamagedError("it is damaged")  # somebody else's, or a lost number
    elif not copied:
        copy = path.with_name(f"{path.name}.v{before}-backup")
        copy_aside(con, copy)
    con.execute("PRAGMA journal_mode=WAL").fetchall()
    with transaction(con):
        if version_of(con) == before:  # else another process was faster
            for statements in migrations[before:]:
                for statement in statements:
                    con.execute(statement)
            con.execute(f"PRAGMA user_version={len(migrations)}")
    return copy


def check_tables(con: sqlite3.Connection, migrations: Sequence[Migration]) -> None:
    """Raise DamagedError unless the tables are those that the migrations make."""
    if tables(con) != model_tables(migrations):
        raise DamagedError("it is damaged")


def version_by_tables(
    con: sqlite3.Connection, migrations: Sequence[Migration]
) -> int | None:
    """Return the version whose tables these are, whatever the file's number says."""
    found = tables(con)
    versions = range(len(migrations), 0, -1)
    return next((v for v in versions if model_tables(migrations[:v]) == found), None)


def model_tables(migrations: Sequence[Migration]) -> dict[str, str]:
    """Return the tables that the migrations make."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as model:
        for statements in migrations:
            for statement in statements:
                model.execute(statement)
        return tables(model)


def tables(con: sqlite3.Connection) -> dict[str, str]:
    """Return the tables and how they were made."""
    asked = "SELECT name, sql FROM sqlite_master WHERE type = 'table'"
    return {
        str(name): str(sql)
        for name, sql in con.execute(asked)
        if not str(name).startswith("sqlite_")
    }


def copy_aside(con: sqlite3.Connection, copy: Path) -> None:
    """Copy the whole history, whoever is writing to it; readable by the owner only."""
    half = copy.with_name(f"{copy.name}.part")
    half.unlink(missing_ok=True)
    create(half)
    other = sqlite3.connect(half)
    try:
        con.backup(other)
    except BaseException:
        other.close()
        with suppress(OSError):
            half.unlink()
        raise
    other.close()
    half.replace(copy)


def create(path: Path) -> None:
    """Make an empty file that only the owner can read; an existing one stays."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
