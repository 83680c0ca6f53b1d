"""What a profile's files look like from outside; nothing is opened for writing."""

from __future__ import annotations

import os
from datetime import UTC
from typing import TYPE_CHECKING

from sems_tray.domain import logger_clock
from sems_tray.i18n.formatting import utc_text
from sems_tray.log.log_file import last_lines
from sems_tray.storage.history.database import StorageError
from sems_tray.storage.history.reader import HistoryReader

if TYPE_CHECKING:
    from pathlib import Path

    from sems_tray.storage.paths import Paths
    from sems_tray.storage.settings import Loaded


_KIB = 1024


def size_of(path: Path) -> str:
    """Say how large a file is with its companions, and whether it can be written."""
    try:
        found = [it for it in path.parent.glob(f"{path.name}*") if it.is_file()]
        mine = [it for it in found if ".damaged-" not in it.name]
        size = sum(it.stat().st_size for it in mine)
        if not path.exists():
            return f"none yet{_writable(_nearest(path))}"
        kind = "" if path.is_file() else ", but it is no file"
    except OSError as exc:
        return f"cannot be read ({exc.strerror})"
    return f"{-(-size // _KIB)} KiB{kind}{_writable(path)}{_writable(path.parent)}"


def settings_state(path: Path, loaded: Loaded) -> str:
    """Say how the settings were found."""
    change = "" if loaded.writable else "; they are not changed"
    return f"{loaded.message or size_of(path)}{change}"


def history_holds(path: Path) -> str:
    """Say since when and until when the history knows how many stations."""
    with HistoryReader(path) as reader:
        try:
            stations = reader.stations()
            first = [reader.first_day(it.id, UTC) for it in stations]
            newest = [reader.newest(it.id) for it in stations]
        except StorageError as exc:
            return f"it cannot be read: {exc}"
    since = min((it for it in first if it), default=None)
    last = max((it for it in newest if it), default=None)
    if since is None:
        return "nothing"
    until = "" if last is None else f" to {utc_text(last)}"
    what = "1 station" if len(stations) == 1 else f"{len(stations)} stations"
    return f"{what}, {since}{until}"


def logger_clocks(path: Path) -> str:
    """Say how wrong the clocks of the stations' loggers were found to be."""
    with HistoryReader(path) as reader:
        try:
            kept = [
                reader.state(station.id, logger_clock.LOGGER_CLOCK)
                for station in reader.stations()
            ]
        except StorageError as exc:
            return f"unknown, the history cannot be read: {exc}"
    wrong = [behind for it in kept if (behind := logger_clock.from_json(it))]
    said = [f"the logger's clock is {logger_clock.words(it)}" for it in wrong]
    return "; ".join(said) or "as the loggers say"


def set_aside(paths: Paths) -> str:
    """Count the files that were damaged and kept."""
    names = (paths.settings, paths.history)
    count = sum(
        not row.name.endswith(("-wal", "-shm"))
        for path in names
        for row in path.parent.glob(f"{path.name}.damaged-*")
    )
    return "1 damaged file" if count == 1 else f"{count or 'no'} damaged files"


def log_lines(path: Path, count: int) -> list[str]:
    """Return the log's last lines, or why there are none."""
    try:
        return last_lines(path, count)
    except OSError as exc:
        return [f"the log cannot be read ({exc.strerror})"]


def private_names(path: Path) -> list[str]:
    """Return the names and ids of the stations, which nobody else needs to read."""
    try:
        with HistoryReader(path) as reader:
            return [text for it in reader.stations() for text in (it.id, it.name)]
    except Exception:  # noqa: BLE001 (the question about the history says why)
        return []


def _writable(path: Path) -> str:
    return "" if os.access(path, os.W_OK) else f", {_what(path)} cannot be written"


def _what(path: Path) -> str:
    return "the folder" if path.is_dir() else "it"


def _nearest(path: Path) -> Path:
    """Return the nearest folder that is there."""
    return next((it for it in path.parents if it.exists()), path.parent)
