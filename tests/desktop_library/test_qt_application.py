"""Qt's messages, and giving way to the terminal."""

from __future__ import annotations

import logging
import os
import sys

import pytest
from PySide6.QtCore import QSize, QtMsgType
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QWidget

from sems_tray.desktop import qt_application as module
from sems_tray.desktop.qt_application import exec_terminal, make_application, wear_icon


class Application:
    """A QApplication that can be made twice, or not at all."""

    dies = False

    def __init__(self, _: list[str]) -> None:
        if self.dies:
            Messages.handler(QtMsgType.QtFatalMsg, None, "no platform plugin")

    def setApplicationName(self, name: str) -> None: ...  # noqa: N802
    def setDesktopFileName(self, name: str) -> None: ...  # noqa: N802
    def setQuitOnLastWindowClosed(self, yes: bool) -> None: ...  # noqa: FBT001, N802


class Messages:
    """Where Qt would keep our handler."""

    @staticmethod
    def handler(kind: QtMsgType, context: object, text: str | None) -> None: ...


@pytest.fixture
def given_way(monkeypatch) -> list[str]:
    """Make the application; return how often it gave way."""
    calls: list[str] = []
    monkeypatch.setattr(module, "QApplication", Application)
    monkeypatch.setattr(
        module,
        "qInstallMessageHandler",
        lambda handler: setattr(Messages, "handler", staticmethod(handler)),
    )
    return calls


def make(calls: list[str]) -> None:
    make_application(lambda: calls.append("gave way"))


def test_qts_last_words_give_way_to_the_terminal(given_way, monkeypatch, caplog):
    monkeypatch.setattr(Application, "dies", True)
    make(given_way)
    assert given_way == ["gave way"]
    assert not [it for it in caplog.records if it.levelno > logging.INFO]


def test_once_it_runs_a_fatal_message_is_logged_only(given_way, caplog):
    make(given_way)
    Messages.handler(QtMsgType.QtFatalMsg, None, "out of windows")
    assert given_way == []
    assert [it.levelno for it in caplog.records] == [logging.CRITICAL]


@pytest.mark.parametrize(
    ("kind", "level"),
    [
        (QtMsgType.QtDebugMsg, logging.DEBUG),
        (QtMsgType.QtInfoMsg, logging.DEBUG),
        (QtMsgType.QtWarningMsg, logging.INFO),
        (QtMsgType.QtCriticalMsg, logging.ERROR),
    ],
)
def test_what_an_owner_cannot_mend_is_for_verbose_only(given_way, caplog, kind, level):
    caplog.set_level(logging.DEBUG)
    make(given_way)
    Messages.handler(kind, None, "no settings portal")
    assert [(it.levelno, it.getMessage()) for it in caplog.records] == [
        (level, "Qt: no settings portal")
    ]


def test_what_qt_says_at_every_picture_does_not_fill_the_log(given_way, caplog):
    caplog.set_level(logging.DEBUG)
    make(given_way)
    for _ in range(99):
        Messages.handler(QtMsgType.QtWarningMsg, None, "no painter")
    said = [it.getMessage() for it in caplog.records]
    assert said == ["Qt: no painter", "Qt: no painter (10 times by now)"]


def test_windows_that_have_no_icon_of_their_own_show_the_programs(qapp):
    window = QWidget()
    wear_icon(qapp)
    assert window.windowIcon().availableSizes() == [QSize(256, 256)]
    qapp.setWindowIcon(QIcon())


PORTAL = ["-platformtheme", "xdgdesktopportal"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has such portals")
@pytest.mark.parametrize(
    ("desktop", "theme", "frozen", "asked"),
    [
        ("GNOME", None, True, PORTAL),
        ("ubuntu:GNOME", None, True, PORTAL),
        ("X-Cinnamon", None, True, PORTAL),
        ("KDE", None, True, []),
        ("", None, True, []),
        ("GNOME", "qt6ct", True, []),
        ("GNOME", None, False, []),  # GTK's theme is there
    ],
)
def test_a_bundle_asks_the_portal_where_the_desktop_is_of_gtk(
    given_way, monkeypatch, desktop, theme, frozen, asked
):
    words: list[str] = []
    monkeypatch.setattr(Application, "__init__", lambda _, given: words.extend(given))
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", desktop)
    monkeypatch.delenv("QT_QPA_PLATFORMTHEME", raising=False)
    if theme is not None:
        monkeypatch.setenv("QT_QPA_PLATFORMTHEME", theme)
    monkeypatch.setattr(sys, "frozen", frozen, raising=False)
    make(given_way)
    assert words[1:] == asked


@pytest.mark.parametrize("frozen", [True, False])
def test_the_terminal_view_has_the_same_options(monkeypatch, capsys, frozen):
    became: list[tuple[str, list[str]]] = []
    monkeypatch.setattr(os, "execv", lambda path, args: became.append((path, args)))
    monkeypatch.setattr(sys, "frozen", frozen, raising=False)
    exec_terminal(["--demo", "fault"])
    module_ = [] if frozen else ["-m", "sems_tray"]
    command = [sys.executable, *module_, "status", "--watch", "--demo", "fault"]
    assert became == [(sys.executable, command)]
    said = capsys.readouterr().err
    assert said.startswith("sems-tray: the display cannot be opened")
    assert said.count("\n") == 1
