"""The history window on a real desktop: what is kept, fetched, and exported."""

from __future__ import annotations

import csv
import sqlite3
from typing import TYPE_CHECKING

import pytest

from .owner import wait_for_answer
from .waiting import wait_until

if TYPE_CHECKING:
    from pathlib import Path

FIRST = "Battery 76 % ▲ 1.2 kW · PV 3.2 kW"
TITLE = "History - SEMS Tray"
MENU = "History and export …"


@pytest.fixture
def profile(owner) -> Path:
    found: Path = owner.profile
    return found


def rows(profile: Path) -> list[tuple[object, ...]]:
    """Return the stored PV powers, without disturbing the program."""
    with sqlite3.connect(f"{(profile / 'history.sqlite3').as_uri()}?mode=ro") as con:
        found = con.execute("SELECT minute, pv FROM readings").fetchall()
    con.close()
    return found


def test_the_first_reading_is_kept_on_disk(owner, profile):
    app = owner.starts()
    wait_for_answer(owner.sees(FIRST))
    wait_until(lambda: (profile / "history.sqlite3").exists() and rows(profile))
    assert [it[1] for it in rows(profile)] == [3210]
    assert app.stderr == ""


def test_the_menu_opens_the_window_and_the_past_can_be_fetched(owner, desktop, profile):
    app = owner.starts()
    item = owner.sees(FIRST)
    wait_for_answer(item)
    item.click_menu(MENU)
    wait_until(lambda: desktop.windows() == [TITLE])
    desktop.wait_for_rest()
    before = len(owner.portal.requests)
    desktop.xdotool("key", "alt+p")
    wait_until(lambda: len(rows(profile)) > 1000, 30)
    assert len(owner.portal.requests) > before
    desktop.xdotool("key", "Escape")
    wait_until(lambda: desktop.windows() == [])
    app.terminate()
    wait_until(lambda: app.exit_code == 0)
    assert app.stderr == ""


def test_a_history_that_cannot_be_kept_says_so_and_the_tray_goes_on(
    owner, desktop, profile
):
    profile.mkdir(exist_ok=True)
    (profile / "history.sqlite3").mkdir()
    owner.starts()
    item = owner.sees(FIRST)
    wait_for_answer(item)
    owner.refreshes(item)
    item.activate()
    wait_until(lambda: desktop.windows() == ["Demo House - SEMS Tray"])


def test_a_damaged_history_is_kept_aside_and_a_new_one_begun(owner, profile):
    profile.mkdir(exist_ok=True)
    (profile / "history.sqlite3").write_bytes(b"SQLite format 3\0" + b"\xff" * 9000)
    owner.starts()
    wait_for_answer(owner.sees(FIRST))
    wait_until(lambda: any(profile.glob("history.sqlite3.damaged-*")))
    wait_until(lambda: rows(profile))


def test_an_export_beside_the_running_program_has_its_readings(owner, profile):
    owner.starts()
    wait_for_answer(owner.sees(FIRST))
    wait_until(lambda: (profile / "history.sqlite3").exists() and rows(profile))
    from .program import this_python

    target = profile / "out.csv"
    app = owner.desktop.run_app(
        this_python(
            *("-m", "sems_tray", "export", "--profile", profile, "--no-fetch"),
            *("--every", "5min", "-o", target),
        )
    )
    wait_until(lambda: app.exit_code is not None)
    assert app.exit_code == 0, app.stderr
    with target.open(newline="", encoding="utf-8") as file:
        (row,) = list(csv.DictReader(file))
    assert row["PV (W)"] == "3210"
