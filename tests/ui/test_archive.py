"""The history window's controller: exports that can be cancelled, and quitting."""

from __future__ import annotations

import threading
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from sems_tray.core.kept import Kept
from sems_tray.core.model import Station
from sems_tray.ui.archive import Archive
from sems_tray.ui.history_dialog import Chosen
from sems_tray.ui.past import Past

NOW = datetime(2026, 6, 21, 10, tzinfo=UTC)
DAY = date(2026, 6, 21)


class Disk:
    """An export that goes on until it is stopped, or hangs."""

    def __init__(self):
        self.begun = threading.Event()
        self.let_go = threading.Event()
        self.hangs = False
        self.reads = 0

    def export(self, station, chosen, watch):
        day = chosen.first
        while watch(day):
            self.begun.set()
            day += timedelta(days=1)
            time.sleep(0.002)
            if self.hangs:
                self.let_go.wait(20)
        return "cancelled"

    def kept(self, station):
        self.reads += 1
        return Kept(first=DAY, size_bytes=1)


@pytest.fixture
def disk():
    return Disk()


@pytest.fixture
def archive(disk, qtbot):
    past = Past(pace=timedelta(0), now=lambda: NOW, paused_until=lambda: None)
    made = Archive(
        past,
        now=lambda: NOW,
        today=lambda station: DAY,
        kept=disk.kept,
        export=disk.export,
    )
    made.show_station(Station(id="1", name="Home"))
    made.open()
    yield made
    disk.let_go.set()
    made.end()


def begin(archive, disk):
    chosen = Chosen(first=DAY, last=DAY, every="5min", format="csv", path=Path("x.csv"))
    archive._dialog.export_wanted.emit(chosen)
    assert disk.begun.wait(5)


def test_quitting_ends_an_export(archive, disk):
    begin(archive, disk)
    began = time.monotonic()
    assert archive.end()
    assert time.monotonic() - began < 1


def test_quitting_does_not_wait_for_a_disk_that_hangs(archive, disk):
    disk.hangs = True
    begin(archive, disk)
    began = time.monotonic()
    assert not archive.end()
    assert time.monotonic() - began < 1.8


def test_an_export_says_how_far_it_is_and_can_be_cancelled(archive, disk, qtbot):
    begin(archive, disk)
    dialog = archive._dialog
    qtbot.waitUntil(lambda: "June 2026" in dialog._said.text())
    assert dialog._cancel.isVisible()
    assert not dialog._save.isEnabled()
    dialog._cancel.click()
    qtbot.waitUntil(lambda: dialog._said.text() == "cancelled")
    assert not dialog._cancel.isVisible()
    assert dialog._save.isEnabled()


def test_a_quick_back_fill_does_not_read_the_disk_with_every_step(archive, disk):
    before = disk.reads
    archive._past.wanted = True
    for _ in range(50):
        archive._past.changed.emit()
    assert disk.reads <= before + 1
