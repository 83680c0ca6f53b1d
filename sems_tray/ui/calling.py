"""Reaching the instance that runs: where it listens, what it is told and answers.

A word a line, a line as the answer.  ``ok`` says that the word arrived; ``paused N``
that nothing is asked for the next N seconds, because the portal wants it so.
"""

from __future__ import annotations

import getpass
import hashlib
import os
import stat
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QDir
from PySide6.QtNetwork import QLocalSocket

from .sole_lock import SoleLock

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
class Place:
    """Where the instance of a user and profile listens, and the lock that makes it."""

    name: str
    lock: SoleLock


class SilentError(Exception):
    """The instance that runs does not answer; its process, where that is known."""

    def __init__(self, process: int | None) -> None:
        which = "" if process is None else f" (process {process})"
        super().__init__(f"SEMS Tray is running{which} but does not answer")
        self.process = process


def place_of(key: str) -> Place:
    """Return the place for a profile's key. Raises OSError where there is none."""
    hashed = hashlib.sha256(f"{_user()}/{key}".encode()).hexdigest()[:16]
    path = _folder() / f"sems-tray-{hashed}"
    # A pipe of Windows has no place in the file system.
    name = path.name if sys.platform == "win32" else str(path)
    return Place(name, SoleLock(path.with_name(f"{path.name}.lock")))


def call(name: str, word: str, within_s: float) -> str | None:
    """Say a word to the one that listens, and return its answer.

    None if nobody listens; raises TimeoutError if there is no answer in time.
    """
    ends_at = time.monotonic() + within_s
    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(round(within_s * 1000)):
        return None
    socket.write(f"{word}\n".encode())
    while not socket.canReadLine() and socket.bytesAvailable() <= LINE_AT_MOST:
        if time.monotonic() >= ends_at:
            raise TimeoutError
        if socket.state() is not QLocalSocket.LocalSocketState.ConnectedState:
            return None
        socket.waitForReadyRead(_SLICE_MS)
    return (
        bytes(socket.readLine(LINE_AT_MOST).data()).decode("ascii", "replace").strip()
    )


def reach(place: Place, word: str, within_s: float = WITHIN_S) -> str | None:
    """Say a word to the instance that runs, and return its answer.

    None if none runs; raises SilentError if it does not answer.  One that has its lock
    and does not listen is about to, or is ending.
    """
    ends_at = time.monotonic() + within_s
    while (left := ends_at - time.monotonic()) > 0:
        try:
            answer = call(place.name, word, left)
        except TimeoutError:
            break
        if answer is not None:
            return answer
        if not place.lock.is_held():
            return None
        time.sleep(_PAUSE_S)
    raise SilentError(place.lock.owner)


def _user() -> str:
    """Return who we are; in a container, a user may have a number and no name."""
    return str(os.getuid()) if hasattr(os, "getuid") else getpass.getuser()


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
