"""Many starts are one program; the command line reaches it without a display."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest

from .owner import Owner
from .program import this_python
from .waiting import wait_until

if TYPE_CHECKING:
    from pathlib import Path

    from .program import Program

FIRST = "Battery 76 % ▲ 1.2 kW · PV 3.2 kW"
TITLE = "Demo House - SEMS Tray"
# A shell that knows nothing of the desktop, as cron's does; only where sockets are.
NO_DISPLAY = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": ""}


def tells(owner: Owner, word: str, profile: Path | None = None) -> Program:
    """Run ``sems-tray --quit`` or its kin to its end."""
    command = ("-m", "sems_tray", word, "--profile", profile or owner.profile)
    told = owner.desktop.run_app(this_python(*command), NO_DISPLAY)
    told.wait(30)
    assert told.stdout == ""
    return told


def the_only_one(apps: list[Program]) -> Program:
    """Wait until all but one have ended, and well; return that one."""

    def all_but_one() -> bool:
        codes = [it.exit_code for it in apps]
        assert {*codes} <= {None, 0}, codes
        return codes.count(None) == 1

    wait_until(all_but_one, 40)
    assert {it.stderr for it in apps} == {""}
    return next(it for it in apps if it.exit_code is None)


@pytest.mark.parametrize("starts", [6, pytest.param(20, marks=pytest.mark.torture)])
def test_many_starts_at_once_are_one_program_with_one_icon(owner, desktop, starts):
    apps = [owner.starts() for _ in range(starts)]
    first = the_only_one(apps)
    owner.sees(FIRST, first, 20)
    assert [it.pid for it in desktop.items()] == [first.pid]
    wait_until(lambda: len(desktop.icons_on_panel()) == 1)
    assert desktop.windows() == [TITLE]
    assert first.stderr == ""
    assert owner.portal.sign_ins == 1


def test_a_start_right_after_a_kill_is_the_first(owner, desktop):
    killed = owner.starts()
    owner.sees(FIRST)
    killed.kill()
    apps = [owner.starts() for _ in range(3)]
    first = the_only_one(apps)
    owner.sees(FIRST, first, 20)
    wait_until(lambda: [it.pid for it in desktop.items()] == [first.pid])
    wait_until(lambda: len(desktop.icons_on_panel()) == 1)


def test_a_start_right_after_quit_is_the_first(owner, desktop):
    ending = owner.starts()
    item = owner.sees(FIRST)
    owner.portal.fail("", "hang")
    item.secondary_activate()
    ending.terminate()
    owner.portal.heal()
    app = owner.starts()
    owner.sees(FIRST, app)
    assert ending.exit_code == 0
    wait_until(lambda: [it.pid for it in desktop.items()] == [app.pid])
    assert app.stderr == ""


def test_quit_ends_this_profiles_program_only(owner, desktop, portal, tmp_path):
    app = owner.starts()
    second = Owner(desktop, portal, tmp_path / "other")
    other = second.starts(account="b@example.com")
    owner.sees(FIRST, app)
    second.sees(FIRST, other)
    wait_until(lambda: len(desktop.icons_on_panel()) == 2)
    told = tells(owner, "--quit")
    # When it returns, nothing is left.
    assert app.family() == []
    assert (told.exit_code, told.stderr, app.wait(1), app.stderr) == (0, "", 0, "")
    wait_until(lambda: [it.pid for it in desktop.items()] == [other.pid])
    again = tells(owner, "--quit")
    assert again.exit_code == 0
    assert again.stderr == "sems-tray: SEMS Tray is not running\n"
    assert other.exit_code is None


@pytest.fixture
def frozen(owner: Owner) -> Program:
    """Start one and let it hang."""
    app = owner.starts()
    owner.sees(FIRST)
    os.kill(app.pid, signal.SIGSTOP)
    return app


def test_one_that_hangs_is_named_and_ended_if_the_owner_says_so(owner, desktop, frozen):
    told = desktop.run_app(
        this_python("-m", "sems_tray", "--quit", "--profile", owner.profile), NO_DISPLAY
    )
    again = owner.starts()
    assert told.wait(30) == 1
    hangs = f"sems-tray: SEMS Tray is running (process {frozen.pid})"
    assert told.stderr == f"{hangs} but does not answer\n"
    wait_until(lambda: desktop.windows() == ["SEMS Tray"], 30)
    assert frozen.exit_code is None
    wait_until(lambda: owner.title_in_front() == "SEMS Tray")
    owner.presses("Return", until=lambda: frozen.exit_code == -9)
    owner.sees(FIRST, again)
    wait_until(lambda: [it.pid for it in desktop.items()] == [again.pid])
