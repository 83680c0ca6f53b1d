"""A log file of limited size that several programs may write to.

It is opened for every line: nothing is held, so another program (or the owner) may
rename or delete it at any time.  One write in append mode keeps lines whole.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LIMIT_BYTES = 500 * 1024
OLD = 2  # with the current one, three
# Never wait: a pipe of that name, or a lock that somebody forgot.
_FLAGS = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NONBLOCK", 0)


class LogFile:
    """Appends lines; what cannot be written is counted, and told when it can again."""

    def __init__(self, path: Path, limit: int = LIMIT_BYTES) -> None:
        self._path = path
        self._limit = limit
        self._lost = 0
        self._why = ""

    def write(self, line: str) -> None:
        """Write a line with its end."""
        text = f"{line}\n"
        if self._lost:
            text = f"[{self._lost} lines were lost: {self._why}]\n{text}"
        try:
            self._append(text.encode("utf-8", "replace"))
        except OSError as exc:
            self._lost += 1
            self._why = exc.strerror or type(exc).__name__
        else:
            self._lost = 0

    def _append(self, raw: bytes) -> None:
        size = self._size()
        most = self._limit - len(raw)
        if size > most and not self._turn(most) and size > 2 * self._limit:
            raise OSError(None, "the log is full and cannot be renamed")
        with self._opened() as file:
            _write_whole(file, raw)

    def _size(self) -> int:
        try:
            return self._path.stat().st_size
        except FileNotFoundError:
            return 0

    @contextmanager
    def _opened(self) -> Iterator[int]:
        try:
            file = os.open(self._path, _FLAGS, 0o600)
        except FileNotFoundError:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            file = os.open(self._path, _FLAGS, 0o600)
        try:
            yield file
        finally:
            os.close(file)

    def _turn(self, most: int) -> bool:
        """Begin a new file, unless another program does or nobody can.

        Then this one grows; the next line tries again.
        """
        try:
            if sys.platform == "win32":  # where an open file cannot be renamed
                self._rename()
                return True
            with self._opened() as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                mine = os.fstat(file)
                # Else another has just done so, before or after it was opened here.
                if mine.st_size > most and os.path.samestat(mine, self._path.stat()):
                    self._rename()
        except OSError:
            return False
        return True

    def _rename(self) -> None:
        names = [self._path, *older(self._path)]
        for old, new in zip(names[:0:-1], names[-2::-1], strict=True):
            with suppress(FileNotFoundError):
                new.replace(old)


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
    if not path.is_file():
        raise OSError(None, "it is no file") if path.exists() else FileNotFoundError
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        start = max(size - most_bytes, 0)
        file.seek(start)
        raw = file.read(most_bytes)
    lines = raw.decode("utf-8", "replace").split("\n")
    return [it for it in lines[1 if start else 0 :] if it]


def _write_whole(file: int, raw: bytes) -> None:
    """Write, and take back what a full disk left half."""
    written = os.write(file, raw)
    if written < len(raw):
        with suppress(OSError):
            os.write(file, b"\n")
        raise OSError(None, "No space left on device")
