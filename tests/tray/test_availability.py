"""A tray that comes late is told once; without one the window says why.

A real panel is used in tests/desktop.
"""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from signal import SIGCONT, SIGSTOP
from subprocess import DEVNULL, PIPE, Popen

import pytest
import shiboken6
from PySide6.QtWidgets import QLabel, QSystemTrayIcon

from sems_tray.app.app import App
from sems_tray.runtime.context import AppContext
from sems_tray.runtime.options import Options
from sems_tray.storage.paths import profile_paths
from sems_tray.storage.settings import Loaded, Settings
from sems_tray.tray import availability
from sems_tray.tray.availability import TrayAvailability
from tests.desktop.configuration import BUS_XML

# The offscreen platform knows no tray, and says so at the first icon.
pytestmark = pytest.mark.qt_log_ignore("systemTrayWindowChanged")
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="D-Bus is for Linux")


@pytest.fixture
def tray(monkeypatch):
    """Say whether a tray is there; there is no bus."""

    def is_there(there: bool) -> None:  # noqa: FBT001
        monkeypatch.setattr(
            QSystemTrayIcon, "isSystemTrayAvailable", staticmethod(lambda: there)
        )

    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    is_there(False)
    return is_there


@pytest.fixture
def windows(monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")


def test_elsewhere_a_timer_looks_until_a_tray_is_there(qapp, qtbot, tray, windows):
    late = TrayAvailability()
    assert not late.has_tray
    with qtbot.assertNotEmitted(late.came):
        late._check()
    tray(True)
    with qtbot.waitSignal(late.came, timeout=0):
        late._check()
    assert late.has_tray
    assert not late._timer.isActive()


@on_linux
def test_without_a_bus_nothing_is_waited_for(qtbot, tray):
    late = TrayAvailability()
    with qtbot.assertNotEmitted(late.came, wait=50):
        pass
    assert late._bus is None
    assert not late._timer.isActive()


@pytest.fixture
def bus(tmp_path, tray, monkeypatch):
    """Run a real bus; a tray's host is whoever has its name."""
    monkeypatch.setattr(availability, "_HOST_READY_MS", 100)
    config = tmp_path / "bus.conf"
    config.write_text(BUS_XML.format(socket=tmp_path / "bus", services=tmp_path))
    command = ["dbus-daemon", "--nofork", f"--config-file={config}", "--print-address"]
    try:
        daemon = Popen(command, stdout=PIPE, stderr=DEVNULL, text=True)
    except FileNotFoundError:
        pytest.skip("dbus-daemon is missing")
    with daemon:
        assert daemon.stdout is not None
        address = daemon.stdout.readline().strip()
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        yield daemon
        daemon.send_signal(SIGCONT)
        daemon.kill()


@contextmanager
def host():
    """Have the name of a tray's host."""
    jeepney = pytest.importorskip("jeepney")
    from jeepney.io.blocking import Proxy, open_dbus_connection

    with open_dbus_connection() as owner:
        Proxy(jeepney.message_bus, owner).RequestName("org.kde.StatusNotifierWatcher")
        yield


@pytest.fixture
def watched(qapp):
    """Make what is deleted here: left to Python, it may end in a slot of its own."""
    made = []

    def make():
        made.append(TrayAvailability())
        return made[-1]

    yield make
    for late in made:
        shiboken6.delete(late)


def is_watched(qtbot, late):
    """Wait until the bus has answered that there is no host."""
    qtbot.waitUntil(lambda: late._bus is not None and not late._bus._calls)


def test_a_tray_whose_host_is_there_is_not_waited_for(qtbot, bus, watched, tray):
    tray(True)
    late = watched()
    with host(), qtbot.assertNotEmitted(late.came, wait=100):
        pass
    with host(), qtbot.assertNotEmitted(late.came, wait=250):
        pass


def test_a_host_that_came_since_qt_was_asked_is_used(qtbot, bus, watched):
    late = watched()
    with host(), qtbot.waitSignal(late.came, timeout=3000):
        pass


def test_a_tray_of_another_kind_makes_way_for_a_host(qtbot, bus, watched, tray):
    tray(True)
    late = watched()
    is_watched(qtbot, late)
    with host(), qtbot.waitSignal(late.came, timeout=3000):
        pass


def test_a_host_that_comes_is_told_once(qtbot, bus, watched):
    late = watched()
    is_watched(qtbot, late)
    with host(), qtbot.waitSignal(late.came, timeout=3000):
        pass
    assert late.has_tray
    with host(), qtbot.assertNotEmitted(late.came, wait=250):
        pass


def test_a_host_that_has_gone_again_is_waited_for(qtbot, bus, watched):
    late = watched()
    with host():
        is_watched(qtbot, late)
    with qtbot.assertNotEmitted(late.came, wait=250):
        pass
    with host(), qtbot.waitSignal(late.came, timeout=3000):
        pass


def test_a_bus_that_hangs_holds_nobody_up(qtbot, bus, watched):
    bus.send_signal(SIGSTOP)
    late = watched()
    began = time.monotonic()
    with qtbot.assertNotEmitted(late.came, wait=200):
        pass
    assert time.monotonic() - began < 0.5


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
    app.tray._open_without_tray()
    window = app.window._window
    assert window.isVisible()
    assert "shows no tray icons" in reason(window)
    window.close()
    assert app._done
    app.quit()  # once more does no harm
    assert app.services.network._thread.isFinished()


def test_a_tray_that_came_in_time_needs_no_window(app):
    app.tray._availability.has_tray = True
    app.tray._open_without_tray()
    assert app.window._window is None


def test_with_a_tray_a_closed_window_is_only_closed(app):
    app.tray._open_without_tray()
    app.tray._availability._use_tray()
    window = app.window._window
    assert "no tray" not in reason(window)
    window.close()
    assert not app._done
