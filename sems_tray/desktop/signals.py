"""SIGINT, SIGTERM and SIGHUP, heard by the event loop."""

from __future__ import annotations

import contextlib
import signal
import socket

from PySide6.QtCore import QObject, QSocketNotifier, Signal, Slot


class OsSignals(QObject):
    """Turns SIGINT and its kin into a signal of the GUI thread, without a timer.

    One that comes before the event loop runs is heard when it does.
    """

    came = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._ours, theirs = socket.socketpair()
        self._ours.setblocking(False)
        theirs.setblocking(False)
        self._theirs = theirs
        signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _noted)
        closed = getattr(signal, "SIGHUP", None)  # the terminal, unless under nohup
        if closed is not None and signal.getsignal(closed) is not signal.SIG_IGN:
            signal.signal(closed, _noted)
        self._notifier = QSocketNotifier(
            self._ours.fileno(), QSocketNotifier.Type.Read, self
        )
        self._notifier.activated.connect(self._on_signal)

    @Slot()
    def _on_signal(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._ours.recv(64)
        self.came.emit()

    def close(self) -> None:
        """Hear no more; what comes now changes nothing, not even the exit code.

        While it ends, Python gives up its own handlers, but leaves SIG_IGN alone.
        """
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        signal.set_wakeup_fd(-1)
        self._notifier.setEnabled(False)
        self._ours.close()
        self._theirs.close()


def _noted(_number: int, _frame: object) -> None:
    """Let the signal only wake the event loop."""
