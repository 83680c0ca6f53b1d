"""The history of a running program: saved, fetched, exported beside it."""

from __future__ import annotations

import csv
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QPushButton

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.qt_log_ignore("systemTrayWindowChanged")


def saved_pv(profile: Path) -> list[int]:
    """Return the saved PV powers, without disturbing the program."""
    address = f"{(profile / 'history.sqlite3').as_uri()}?mode=ro"
    with (
        suppress(sqlite3.OperationalError),  # it is not there yet
        closing(sqlite3.connect(address, uri=True)) as con,
    ):
        return [pv for (pv,) in con.execute("SELECT pv FROM readings")]
    return []


def test_the_menu_opens_the_window_and_the_past_can_be_fetched(program, profile):
    program.until(lambda: saved_pv(profile) == [3210])
    program.click("History and export …")
    window = program.window("History - SEMS Tray")
    window.findChild(QPushButton, "fetch").click()
    program.until(lambda: len(saved_pv(profile)) > 1000, 30)


def test_an_export_beside_the_running_program_has_its_readings(program, profile):
    program.until(lambda: saved_pv(profile) == [3210])
    target = profile / "out.csv"
    command = ("export", "--profile", profile, "--no-fetch", "--every", "5min")
    subprocess.run(
        [sys.executable, "-m", "sems_tray", *command, "-o", target],
        check=True,
        timeout=60,
    )
    with target.open(newline="", encoding="utf-8") as file:
        (row,) = csv.DictReader(file)
    assert row["PV (W)"] == "3210"
