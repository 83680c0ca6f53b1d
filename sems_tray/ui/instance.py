"""One instance per user and profile: a second start raises the first.

A lock decides who is the first.  The socket cannot: with UserAccessOption a second
QLocalServer takes the name over without an error (seen with PySide6 6.11.3), and on
Windows two may always share one.
"""

from __future__ import annotations

import getpass
import hashlib
import os
import sys
import time
from pathlib import Path

from PySide6.QtCore import QDir, QLockFile, QObject, Signal, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_WITHIN_S = 1.0
_PAUSE_S = 0.02
_RAISE = b"raise\n"


class Instance(QObject):
    """Listens for later starts; emits ``raised`` for each."""

    raised = Signal()

    def __init__(self, key: str) -> None:
        super().__init__()
        user = hashlib.sha256(f"{_user()}/{key}".encode()).hexdigest()[:16]
        path = _folder() / f"sems-tray-{user}"
        # A pipe of Windows has no place in the file system.
        self._name = path.name if sys.platform == "win32" else str(path)
        self._lock = QLockFile(f"{path}.lock")
        # Only the death of its owner ends it, however long ago it was taken.
        self._lock.setStaleLockTime(0)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)

    def is_first(self) -> bool:
        """Listen and return True, or raise the one that listens and return False."""
        if not self._lock.tryLock(0) and self._call_first():
            return False
        # What may lie there is the socket of one that was killed, or does not answer.
        QLocalServer.removeServer(self._name)
        self._server.listen(self._name)
        return True

    def _call_first(self) -> bool:
        """Call, for a while: the first may have its lock and not yet listen."""
        ends_at = time.monotonic() + _WITHIN_S
        while not self._call():
            if time.monotonic() > ends_at:
                return False
            time.sleep(_PAUSE_S)
        return True

    def _call(self) -> bool:
        within_ms = round(_WITHIN_S * 1000)
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(within_ms):
            return False
        socket.write(_RAISE)
        socket.waitForBytesWritten(within_ms)
        socket.disconnectFromServer()
        return True

    def close(self) -> None:
        """Listen no more."""
        self._server.close()
        self._lock.unlock()

    @Slot()
    def _on_connection(self) -> None:
        connection = self._server.nextPendingConnection()
        if connection is not None:
            connection.disconnected.connect(connection.deleteLater)
            self.raised.emit()


def _user() -> str:
    """Return who we are; in a container, a user may have a number and no name."""
    return str(os.getuid()) if hasattr(os, "getuid") else getpass.getuser()


def _folder() -> Path:
    """Return where this user's sockets are: the session's folder where there is one."""
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR", ""))
    if runtime.is_absolute() and runtime.is_dir():
        return runtime
    return Path(QDir.tempPath())
