"""A tray that comes late is told once; without one the window says why.

The bus itself is used in tests/desktop.
"""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import QObject
from PySide6.QtDBus import QDBusConnection
from PySide6.QtWidgets import QLabel, QSystemTrayIcon

from sems_tray.app.app import App
from sems_tray.runtime.context import AppContext
from sems_tray.runtime.options import Options
from sems_tray.storage.paths import profile_paths
from sems_tray.storage.settings import Loaded, Settings
from sems_tray.tray import tray_icon as module
from sems_tray.tray.tray_icon import TrayAvailability

# The offscreen platform knows no tray, and says so at the first icon.
pytestmark = pytest.mark.qt_log_ignore("systemTrayWindowChanged")


@pytest.fixture
def tray(monkeypatch):
    """Say whether a tray is there; nobody is on the bus."""

    def is_there(there: bool) -> None:  # noqa: FBT001
        monkeypatch.setattr(
            QSystemTrayIcon, "isSystemTrayAvailable", staticmethod(lambda: there)
        )

    nobody = QDBusConnection("nowhere")
    monkeypatch.setattr(QDBusConnection, "sessionBus", staticmethod(lambda: nobody))
    is_there(False)
    return is_there


@pytest.fixture
def windows(monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")


def test_elsewhere_a_timer_looks_until_a_tray_is_there(qapp, qtbot, tray, windows):
    late = TrayAvailability()
    assert not late.has_tray
    with qtbot.assertNotEmitted(late.came):
        late._look()
    tray(True)
    with qtbot.waitSignal(late.came, timeout=0):
        late._look()
    assert late.has_tray
    assert not late._timer.isActive()


def test_it_is_told_once(qapp, qtbot, tray, windows):
    late = TrayAvailability()
    tray(True)
    late._look()
    with qtbot.assertNotEmitted(late.came):
        late._came_once()


def test_who_has_a_tray_looks_for_none(qapp, tray, windows):
    tray(True)
    late = TrayAvailability()
    assert late.has_tray
    assert not late._timer.isActive()


def test_without_a_bus_nothing_is_waited_for(qapp, tray, monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    late = TrayAvailability()
    assert late._watcher is None
    assert not late._timer.isActive()


class Watcher(QObject):
    """A watcher of the bus as far as it is asked."""

    def __init__(self, bus: object) -> None:
        super().__init__()
        self._bus = bus

    def connection(self) -> object:
        return self._bus


def test_a_host_that_has_gone_again_is_waited_for(qapp, qtbot, tray, monkeypatch):
    late = TrayAvailability()
    late._watcher = Watcher("the bus")  # type: ignore[assignment]
    monkeypatch.setattr(module, "_is_on", lambda _: False)
    with qtbot.assertNotEmitted(late.came):
        late._came_once()
    monkeypatch.setattr(module, "_is_on", lambda _: True)
    with qtbot.waitSignal(late.came, timeout=0):
        late._came_once()
    assert late._watcher is None


@pytest.fixture
def app(qapp, tray, tmp_path):
    options = Options(portal="http://127.0.0.1:9", account="a@b.c", password="x")
    paths = profile_paths(tmp_path)
    app = App(AppContext(options=options, paths=paths, loaded=Loaded(Settings())), None)
    yield app
    app.quit()
    assert not app.stuck


def reason(window) -> str:
    label = window.findChild(QLabel, "message")
    return label.text() if label.isVisible() else ""


def test_without_a_tray_the_window_says_why_and_closing_it_ends_all(app):
    app._presenter._open_without_tray()
    window = app._presenter.details._window
    assert window.isVisible()
    assert "shows no tray icons" in reason(window)
    window.close()
    assert app._done
    assert app._thread.isFinished()


def test_a_tray_that_came_in_time_needs_no_window(app):
    app._presenter._late.has_tray = True
    app._presenter._open_without_tray()
    assert app._presenter.details._window is None


def test_with_a_tray_a_closed_window_is_only_closed(app):
    app._presenter._open_without_tray()
    app._presenter._late._came_once()
    window = app._presenter.details._window
    assert "no tray" not in reason(window)
    window.close()
    assert not app._done


def test_quitting_twice_does_no_harm(app):
    app.quit()
    app.quit()
    assert app._thread.isFinished()
