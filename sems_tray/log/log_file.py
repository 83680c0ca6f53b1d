"""A profile's log file: of limited size, for the owner only, and held by nobody.

It is opened for every line, so that another program (or the owner) may rename or delete
it at any time.
"""

from __future__ import annotations

import os
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import logging
    from io import TextIOWrapper


LIMIT_BYTES = 500 * 1024
OLD = 2  # with the current one, three


class LogFileHandler(RotatingFileHandler):
    """Appends lines; what cannot be written is no reason to stop."""

    def __init__(self, path: Path, limit: int = LIMIT_BYTES) -> None:
        super().__init__(
            path,
            maxBytes=limit,
            backupCount=OLD,
            delay=True,
        )

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line, and let go of the file."""
        super().emit(record)
        with suppress(OSError):  # a full disk: the line is lost
            self.close()

    def doRollover(self) -> None:  # noqa: N802 (the base's name)
        """Begin a new file, unless another program does just now or nobody can."""
        with suppress(OSError):
            super().doRollover()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """Lose the line."""

    def _open(self) -> TextIOWrapper:
        path = Path(self.baseFilename)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # A Path's own ``open`` takes no opener; ``emit`` closes it.
        return open(path, "a", encoding="utf-8", errors="replace", opener=_private)


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)


def older(path: Path) -> list[Path]:
    """Return the names of the files before this one, the newest first."""
    return [path.with_name(f"{path.name}.{number}") for number in range(1, OLD + 1)]


def last_lines(path: Path, count: int, most_bytes: int = 256 * 1024) -> list[str]:
    """Return the last lines that were written, oldest first. Raises OSError.

    No file is no line.
    """
    lines: list[str] = []
    for file in (path, *older(path)):
        if len(lines) >= count:
            break
        with suppress(FileNotFoundError):
            lines = _tail(file, most_bytes) + lines
    return lines[-count:]


def _tail(path: Path, most_bytes: int) -> list[str]:
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        start = max(size - most_bytes, 0)
        file.seek(start)
        raw = file.read(most_bytes)
    lines = raw.decode("utf-8", "replace").split("\n")
    return [it for it in lines[1 if start else 0 :] if it]
