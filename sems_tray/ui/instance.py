"""One instance per user and profile: a second start raises the first."""

from __future__ import annotations

import getpass
import hashlib

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_WITHIN_MS = 1_000
_RAISE = b"raise\n"


class Instance(QObject):
    """Listens for later starts; emits ``raised`` for each."""

    raised = Signal()

    def __init__(self, key: str) -> None:
        super().__init__()
        user = hashlib.sha256(f"{getpass.getuser()}/{key}".encode()).hexdigest()[:16]
        self._name = f"sems-tray-{user}"
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)

    def is_first(self) -> bool:
        """Listen and return True, or raise the one that listens and return False."""
        if self._server.listen(self._name):
            return True
        if self._call_first():
            return False
        # What is left is the socket of one that was killed.
        QLocalServer.removeServer(self._name)
        self._server.listen(self._name)
        return True

    def _call_first(self) -> bool:
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(_WITHIN_MS):
            return False
        socket.write(_RAISE)
        socket.waitForBytesWritten(_WITHIN_MS)
        socket.disconnectFromServer()
        return True

    def close(self) -> None:
        """Listen no more."""
        self._server.close()

    @Slot()
    def _on_connection(self) -> None:
        connection = self._server.nextPendingConnection()
        if connection is not None:
            connection.disconnected.connect(connection.deleteLater)
            self.raised.emit()
