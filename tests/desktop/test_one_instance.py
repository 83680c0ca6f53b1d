"""Many starts are one program; the command line reaches it without a display."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .owner import FIRST, TITLE, Owner, start_demo
from .program import this_python
from .waiting import wait_until

if TYPE_CHECKING:
    from .program import Program

# A shell that knows nothing of the desktop, as cron's does; only where sockets are.
NO_DISPLAY = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": ""}


def tells(owner: Owner, word: str) -> Program:
    """Run ``sems-tray --quit`` or its kin to its end."""
    command = ("-m", "sems_tray", word, "--profile", owner.profile)
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


def test_many_starts_at_once_are_one_program_with_one_icon(owner, desktop):
    apps = [owner.starts() for _ in range(6)]
    first = the_only_one(apps)
    owner.sees(FIRST, first, 20)
    assert [it.pid for it in desktop.items()] == [first.pid]
    wait_until(lambda: len(desktop.icons_on_panel()) == 1)
    assert desktop.windows() == [TITLE]
    # One more brings the window to the front; it never closes it.
    assert owner.starts().wait(3) == 0
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


def test_two_demos_run_side_by_side(owner, desktop):
    apps = [start_demo(desktop, "day"), start_demo(desktop, "fault")]
    for app, words in zip(apps, ("Battery", "Fault"), strict=True):
        owner.sees(words, app)
    wait_until(lambda: len(desktop.icons_on_panel()) == 2)


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
