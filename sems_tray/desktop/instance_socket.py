"""Commands to the instance that runs: where it listens, what it is sent and answers.

A command is a line of one word, and so is the answer.  ``ok`` says that it arrived;
``paused N`` that the portal is not asked for N seconds, because it wants it so.
"""

from __future__ import annotations

import getpass
import hashlib
import os
import stat
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDir
from PySide6.QtNetwork import QLocalSocket

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


RAISE, REFRESH, QUIT = "raise", "refresh", "quit"
OK, PAUSED, UNKNOWN = "ok", "paused", "unknown"
LINE_AT_MOST = 64
# A first that starts on a busy machine, or that is ending, needs its time.
WITHIN_S = 15.0
_PAUSE_S = 0.02
_SLICE_MS = 200  # so that ^C is heard
# The path of a socket has 107 characters at most (103 on macOS), and Qt makes it in
# a folder of its own beside the final place.
_PATH_AT_MOST = 85


@dataclass(frozen=True, slots=True)
class InstanceAddress:
    """Where the instance of a user and profile listens, and the lock that makes it."""

    name: str
    lock: InstanceLock


class SilentError(Exception):
    """The instance that runs does not answer; its process, where that is known."""

    def __init__(self, process: int | None) -> None:
        which = "" if process is None else f" (process {process})"
        super().__init__(f"SEMS Tray is running{which} but does not answer")
        self.process = process


def instance_address(key: str) -> InstanceAddress:
    """Return the address for a profile's key. Raises OSError where there is none."""
    # In a container, a user may have a number and no name.
    user = str(os.getuid()) if hasattr(os, "getuid") else getpass.getuser()
    hashed = hashlib.sha256(f"{user}/{key}".encode()).hexdigest()[:16]
    path = _folder() / f"sems-tray-{hashed}"
    # A pipe of Windows has no place in the file system.
    name = path.name if sys.platform == "win32" else str(path)
    return InstanceAddress(name, InstanceLock(path.with_name(f"{path.name}.lock")))


def send(
    address: InstanceAddress, command: str, within_s: float = WITHIN_S
) -> str | None:
    """Send a command to the instance that runs, and return its answer.

    None if none runs; raises SilentError if it does not answer.  One that has its lock
    and does not listen is about to, or is ending.
    """
    ends_at = time.monotonic() + within_s
    while (left_s := ends_at - time.monotonic()) > 0:
        try:
            answer = _send_once(address.name, command, left_s)
        except TimeoutError:
            break
        if answer is not None:
            return answer
        if not address.lock.is_held():
            return None
        time.sleep(_PAUSE_S)
    raise SilentError(address.lock.owner)


def _send_once(name: str, command: str, within_s: float) -> str | None:
    """Return the answer of who listens, None if nobody does; raises TimeoutError."""
    ends_at = time.monotonic() + within_s
    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(round(within_s * 1000)):
        return None
    socket.write(f"{command}\n".encode())
    while not socket.canReadLine() and socket.bytesAvailable() <= LINE_AT_MOST:
        if time.monotonic() >= ends_at:
            raise TimeoutError
        if socket.state() is not QLocalSocket.LocalSocketState.ConnectedState:
            return None
        socket.waitForReadyRead(_SLICE_MS)
    line = bytes(socket.readLine(LINE_AT_MOST).data())
    return line.decode("ascii", "replace").strip()


def _folder() -> Path:
    """Return where this user's sockets are: the session's folder where there is one.

    A task of cron, or a log-in from afar, is in no session; the folder is there.
    """
    if sys.platform in {"win32", "darwin"}:  # where temporary folders are the user's
        return Path(QDir.tempPath())
    named = Path(os.environ.get("XDG_RUNTIME_DIR", ""))
    for folder in (named, Path(f"/run/user/{os.getuid()}")):
        if folder.is_absolute() and _is_ours(folder):
            return folder
    ours = Path(QDir.tempPath()) / f"sems-tray-{os.getuid()}"
    if len(os.fsencode(ours)) > _PATH_AT_MOST:
        ours = Path("/tmp") / ours.name  # noqa: S108 (it is checked)
    ours.mkdir(mode=0o700, exist_ok=True)
    if not _is_ours(ours):
        raise PermissionError(None, f"{ours} is not this user's alone")
    return ours


def _is_ours(folder: Path) -> bool:
    """Say whether a folder is this user's alone, and short enough for a socket."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    return (
        stat.S_ISDIR(found.st_mode)
        and found.st_uid == os.getuid()
        and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
        and os.access(folder, os.W_OK | os.X_OK)
        and len(os.fsencode(folder)) <= _PATH_AT_MOST
    )


# A lock that its owner's death ends, and nothing else.
#
# The system holds it for an open file, so there is no stale lock to judge: a process
# number that a killed owner left in a file may long be another program's, and that of
# another Python looks the same (QLockFile would wait for it for ever).


if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

# Far behind the owner's number: what is locked on Windows cannot be read.
_LOCKED_BYTE = 1 << 20
_NUMBER_AT_MOST = 20


class InstanceLock:
    """A lock for one owner, in a file that names the owner's process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def acquire(self) -> bool:
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

    def release(self) -> None:
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
