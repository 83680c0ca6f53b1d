"""One instance per user and profile: a second start raises the first.

A lock decides who is the first.  The socket cannot: with UserAccessOption a second
QLocalServer takes the name over without an error (seen with PySide6 6.11.3), and on
Windows two may always share one.
"""

from __future__ import annotations

import logging
import os
import signal
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtWidgets import QMessageBox

from sems_tray.i18n.language import tr

from . import instance_socket
from .instance_socket import instance_address, send

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta

    from .qt_application import OsSignals


log = logging.getLogger(__name__)

_KILLED_WITHIN_S = 5.0
_PAUSE_S = 0.02


class Instance(QObject):
    """Listens for later starts and for what the command line is told."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self._key = key
        self._address: instance_socket.InstanceAddress | None = None
        self._commands: dict[str, Callable[[], None]] = {}
        self._pause: Callable[[], timedelta | None] = lambda: None
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)

    def is_first(self) -> bool:
        """Listen and return True, or raise the one that listens and return False.

        Raises SilentError if there is one that does not answer.
        """
        try:
            address = self._address = instance_address(self._key)
            ends_at = time.monotonic() + instance_socket.WITHIN_S
            while not address.lock.acquire():
                # It may have ended since; then the lock is to be had.
                left_s = ends_at - time.monotonic()
                if send(address, instance_socket.RAISE, left_s) is not None:
                    return False
        except OSError as exc:
            why = exc.strerror or type(exc).__name__
            log.warning("whether SEMS Tray runs already cannot be known: %s", why)
            return True
        # What may lie there is the socket of one that was killed.
        QLocalServer.removeServer(address.name)
        if not self._server.listen(address.name):
            log.warning("nothing can reach this one: %s", self._server.errorString())
        return True

    def serve(
        self,
        show: Callable[[], None],
        refresh: Callable[[], None],
        pause: Callable[[], timedelta | None],
        end: Callable[[], None],
    ) -> None:
        """Do from now on what callers want."""
        self._commands = {
            instance_socket.RAISE: show,
            instance_socket.REFRESH: refresh,
            instance_socket.QUIT: end,
        }
        self._pause = pause

    def end_first(self) -> bool:
        """End the one that does not answer, outright; say whether it has ended."""
        lock = self._address.lock if self._address is not None else None
        process = lock.owner if lock is not None else None
        if lock is None or process is None:
            return False
        with lock.watched() as is_free:
            if is_free():
                return True
            with suppress(OSError):
                os.kill(process, getattr(signal, "SIGKILL", signal.SIGTERM))
            ends_at = time.monotonic() + _KILLED_WITHIN_S
            while not (ended := is_free()) and time.monotonic() < ends_at:
                time.sleep(_PAUSE_S)
            return ended

    def close(self) -> None:
        """Listen no more; later starts wait for ``release`` or this process's end."""
        self._server.close()
        for caller in self._callers():
            caller.abort()

    def release(self) -> None:
        """Be the first no more; the last thing before the process ends."""
        if self._address is not None:
            self._address.lock.release()

    def _callers(self) -> list[QLocalSocket]:
        return self._server.findChildren(QLocalSocket)

    @Slot()
    def _on_connection(self) -> None:
        while (caller := self._server.nextPendingConnection()) is not None:
            caller.setReadBufferSize(instance_socket.LINE_AT_MOST)
            caller.readyRead.connect(self._on_ready_read)
            caller.disconnected.connect(caller.deleteLater)
        self._on_ready_read()

    @Slot()
    def _on_ready_read(self) -> None:
        """Answer every caller whose command has come."""
        for caller in self._callers():
            while caller.canReadLine():
                line = bytes(caller.readLine(instance_socket.LINE_AT_MOST + 1).data())
                answer = self._obey(line.decode("ascii", "replace").strip())
                caller.write(f"{answer}\n".encode())
                # To quit blocks the event loop; the answer is not to wait for it.
                caller.flush()
            if caller.bytesAvailable() >= instance_socket.LINE_AT_MOST:
                caller.abort()  # no command is as long

    def _obey(self, command: str) -> str:
        """Carry out a command, soon; return the answer."""
        if command not in self._commands:
            return instance_socket.UNKNOWN
        pause = self._pause() if command == instance_socket.REFRESH else None
        if pause is not None:
            seconds = max(round(pause.total_seconds()), 1)
            return f"{instance_socket.PAUSED} {seconds}"
        QTimer.singleShot(0, self, self._commands[command])
        return instance_socket.OK


# Asks what to do about an instance that runs and does not answer.


def is_to_be_ended(interrupts: OsSignals) -> bool:
    """Ask whether to end it and start in its place."""
    box = QMessageBox(
        QMessageBox.Icon.Warning,
        "SEMS Tray",
        tr("SEMS Tray is running already, but it does not answer."),
    )
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setInformativeText(tr("It can be ended and started again. Nothing is lost."))
    end = box.addButton(tr("End it and start"), QMessageBox.ButtonRole.AcceptRole)
    cancel = box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(end)
    box.setEscapeButton(cancel)
    interrupts.came.connect(box.reject)
    box.exec()
    interrupts.came.disconnect(box.reject)
    return box.clickedButton() is end
