"""A lock that its owner's death ends, and nothing else.

The system holds it for an open file, so there is no stale lock to judge: a process
number that a killed owner left in a file may long be another program's, and that of
another Python looks the same (QLockFile would wait for it for ever).
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

# Far behind the owner's number: what is locked on Windows cannot be read.
_LOCKED_BYTE = 1 << 20
_NUMBER_AT_MOST = 20


class SoleLock:
    """A lock for one owner, in a file that names the owner's process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def take(self) -> bool:
        """Take it, now or not at all. Raises OSError where no lock can be."""
        while True:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                if not _lock(file):
                    os.close(file)
                    return False
                # Else its last owner deleted it after it was opened here.
                mine = self._is_there(file)
            except OSError:
                os.close(file)
                raise
            if mine:
                break
            os.close(file)
        with suppress(OSError):  # a full disk; the lock holds without a number
            os.ftruncate(file, 0)
            os.write(file, f"{os.getpid()}\n".encode())
        self._file = file
        return True

    def leave(self) -> None:
        """Delete the file; the lock itself ends with this process.

        So who waits for its end waits for the end of the process, too.
        """
        if self._file is None:
            return
        if sys.platform == "win32":  # where an open file cannot be deleted
            os.close(self._file)
        self._file = None
        with suppress(OSError):
            self._path.unlink()

    def is_held(self) -> bool:
        """Say whether somebody else has it; changes nothing."""
        with self.watched() as is_free:
            return not is_free()

    @contextmanager
    def watched(self) -> Iterator[Callable[[], bool]]:
        """Give the question whether the present owner has ended."""
        try:
            file = os.open(self._path, os.O_RDWR)
        except OSError:  # nobody's, or a stranger's
            yield lambda: True
            return
        try:
            yield lambda: _lock(file)
        finally:
            os.close(file)

    @property
    def owner(self) -> int | None:
        """The process that has it, or that had it last."""
        try:
            with self._path.open("rb") as file:
                return int(file.read(_NUMBER_AT_MOST)) or None
        except (OSError, ValueError):
            return None

    def _is_there(self, file: int) -> bool:
        try:
            return os.path.samestat(os.fstat(file), self._path.stat())
        except FileNotFoundError:
            return False


def _lock(file: int) -> bool:
    try:
        if sys.platform == "win32":
            os.lseek(file, _LOCKED_BYTE, os.SEEK_SET)
            try:
                msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
            finally:
                os.lseek(file, 0, os.SEEK_SET)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True
