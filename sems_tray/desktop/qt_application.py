"""The QApplication: made, told to end by the system's signals, or given up.

If the display cannot be opened, it gives way to the terminal.
"""

from __future__ import annotations

import gc
import logging
import os
import signal
import socket
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QObject,
    QSocketNotifier,
    QtMsgType,
    Signal,
    Slot,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication

from sems_tray.log.handlers import Repeats

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QMessageLogContext


log = logging.getLogger(__name__)

# What Qt warns of is mostly what a desktop lacks (no settings portal, say): nothing
# that an owner could mend.  --verbose tells it.
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.DEBUG,
    QtMsgType.QtWarningMsg: logging.INFO,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}

_OF_GTK = frozenset(
    {"GNOME", "UNITY", "X-CINNAMON", "MATE", "XFCE", "BUDGIE", "PANTHEON", "LXDE"}
)


def make_application(give_way: Callable[[], None]) -> QApplication:
    """Return the application.

    Qt ends the process when no platform plug-in can start.  Its last message comes
    through our handler, which is the only chance to call ``give_way``.
    """
    starting = True
    repeats = Repeats()  # a painter may complain at every picture

    def on_message(kind: QtMsgType, _: QMessageLogContext, text: str | None) -> None:
        last_words = kind is QtMsgType.QtFatalMsg and starting
        level = logging.INFO if last_words else _LEVELS.get(kind, logging.WARNING)
        number = repeats.count((kind, text))
        if number is not None:
            times = f" ({number} times by now)" if number > 1 else ""
            log.log(level, "Qt: %s%s", text, times)
        if last_words:
            give_way()

    qInstallMessageHandler(on_message)
    app = QApplication([sys.argv[0], *_theme()])
    starting = False
    app.setApplicationName("SEMS Tray")
    app.setDesktopFileName("sems-tray")
    app.setQuitOnLastWindowClosed(False)
    return app


def _theme() -> list[str]:
    """Ask the desktop's portal whether it is dark, where only GTK would know it.

    The bundle brings no GTK along (tools/hooks); KDE's way Qt knows by itself.
    """
    desktops = os.environ.get("XDG_CURRENT_DESKTOP", "").upper().split(":")
    wanted = (
        getattr(sys, "frozen", False)
        and sys.platform == "linux"
        and "QT_QPA_PLATFORMTHEME" not in os.environ
        and not _OF_GTK.isdisjoint(desktops)
    )
    return ["-platformtheme", "xdgdesktopportal"] if wanted else []


def wear_icon(app: QApplication) -> None:
    """Give every window the program's icon, those to come and those that are there.

    It costs 1 ms: to be called when the tray's own icon is shown.
    """
    from PySide6.QtGui import QIcon

    from sems_tray.resources import resource

    # Windows takes each size as it was drawn; elsewhere one large picture is scaled.
    file = resource("sems-tray.ico" if sys.platform == "win32" else "sems-tray.png")
    if file is not None:
        app.setWindowIcon(QIcon(str(file)))


def exec_terminal(arguments: list[str]) -> None:
    """Become the terminal view, with the options of this run."""
    frozen = getattr(sys, "frozen", False)
    start = [sys.executable] if frozen else [sys.executable, "-m", "sems_tray"]
    sys.stderr.write(
        "sems-tray: the display cannot be opened; showing the terminal view\n"
    )
    sys.stderr.flush()
    os.execv(start[0], [*start, "status", "--watch", *arguments])  # noqa: S606


# Python's cycle collector, kept to the GUI thread.
#
# It runs in whichever thread happens to make the next object.  A dialog that was let
# go, with a cycle around it, would be deleted in the network thread, which Qt
# forbids: timers and windows of the GUI thread crash the process (seen with PySide6
# 6.11.3).


class GuiThreadGc(QObject):
    """Collects when told to, and nobody else does."""

    def __init__(self) -> None:
        super().__init__()
        gc.disable()

    @Slot()
    def collect(self) -> None:
        """Collect here and now; some 20 ms, every few minutes."""
        gc.collect()

    def end(self) -> None:
        """Let Python collect by itself again: no other thread is left."""
        gc.enable()


# SIGINT, SIGTERM and SIGHUP, heard by the event loop.


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
        with suppress(BlockingIOError):
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
