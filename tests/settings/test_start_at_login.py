"""The start at login finds the program wherever it was moved to."""

from __future__ import annotations

import sys

import pytest

from sems_tray.desktop.autostart import DesktopEntry, Entry, login_entry
from sems_tray.runtime.context import prepared
from sems_tray.runtime.options import Options
from sems_tray.settings.controller import login_of

pytestmark = pytest.mark.skipif(
    sys.platform in {"win32", "darwin"}, reason="start at login is elsewhere there"
)


@pytest.fixture
def autostart(qapp, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "config" / "autostart"


@pytest.mark.parametrize("own", [True, False])
def test_a_start_at_login_that_finds_nothing_is_mended(tmp_path, autostart, own):
    profile = tmp_path / "profile" if own else None
    entry = login_entry(profile)
    gone = Entry(command=("/gone/sems-tray",), suffix=entry.suffix)
    at_login = DesktopEntry(gone, autostart)
    assert at_login.set(True) == ""
    with prepared(Options(profile=profile)) as run:
        login_of(run).follow_move()
    assert not at_login.is_lost()
    assert sys.executable in at_login.path.read_text()
    assert [it.name for it in autostart.iterdir()] == [at_login.path.name]


def test_nothing_starts_at_login_that_was_not_wanted(autostart):
    with prepared(Options()) as run:
        login_of(run).follow_move()
    assert not autostart.exists()
