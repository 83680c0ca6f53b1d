"""The history window's controller: exports that can be cancelled, and quitting."""

from __future__ import annotations

import threading
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from sems_tray.domain.energy import YearStep, days_between
from sems_tray.domain.model import Station
from sems_tray.domain.poll_result import PollFailed, PollSucceeded, Trouble
from sems_tray.history.plan import PastPart, Progress
from sems_tray.history.query import HistorySummary
from sems_tray.history.transfer.export_model import ExportRequest
from sems_tray.polling.poller import Poller
from sems_tray.runtime.options import Options
from sems_tray.window.transfer import exports
from sems_tray.window.transfer.controller import TransferController
from tests.kit.network import AskedBackfills
from tests.kit.readings import reading
from tests.kit.services import services_in

NOW = datetime(2026, 6, 21, 10, tzinfo=UTC)
DAY = date(2026, 6, 21)
CHOSEN = ExportRequest(
    first=DAY, last=DAY, every="5min", format="csv", path=Path("x.csv")
)


class Disk:
    """An export that goes on until it is stopped, or hangs."""

    def __init__(self):
        self.begun = threading.Event()
        self.let_go = threading.Event()
        self.hangs = False
        self.reads = 0
        self.lacking: tuple[date, ...] = ()

    def export(self, path, station, chosen, watch):
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
        return HistorySummary(first=DAY, size_bytes=1)


@pytest.fixture
def disk():
    return Disk()


@pytest.fixture
def network(qapp):
    return AskedBackfills()


@pytest.fixture
def poller(network):
    made = Poller(
        network, now=lambda: NOW, dark=lambda _, __: False, live=timedelta(minutes=2)
    )
    yield made
    made.stop()


@pytest.fixture
def archive(disk, network, poller, tmp_path, monkeypatch):
    monkeypatch.setattr(exports, "dates_not_fetched", lambda *_: disk.lacking)
    monkeypatch.setattr(exports, "write_export", disk.export)
    services = services_in(tmp_path, options=Options(demo="day"), network=network)
    monkeypatch.setattr(services.history, "summary", disk.kept)
    made = TransferController(services, poller)
    made.show_station(Station(id="1", name="Home"))
    made.open()
    yield made
    disk.let_go.set()
    made.end()


def begin(archive, disk):
    archive._dialog.export_wanted.emit(CHOSEN)
    assert disk.begun.wait(5)


@pytest.mark.parametrize("hangs", [False, True])
def test_quitting_waits_for_an_export_but_not_for_a_disk_that_hangs(
    archive, disk, hangs
):
    disk.hangs = hangs
    begin(archive, disk)
    began = time.monotonic()
    assert archive.end() is not hangs
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
    archive.backfill.wanted = True
    for _ in range(50):
        archive.backfill.changed.emit()
    assert disk.reads <= before + 1


UNDER_WAY = Progress(done=1, total=3, at=YearStep(2026))
TEN_MONTHS = tuple(days_between(date(2026, 1, 1), date(2026, 10, 31)))


class Quick(Disk):
    """An export that ends at once, of a history that lacks ten months."""

    def __init__(self):
        super().__init__()
        self.lacking = TEN_MONTHS
        self.written = 0

    def export(self, path, station, chosen, watch):
        self.written += 1
        return "written"


@pytest.fixture
def lacking(archive, disk, qtbot):
    """An export that was ordered and waits for the owner's word."""
    archive._dialog.export_wanted.emit(CHOSEN)
    dialog = archive._dialog
    qtbot.waitUntil(dialog._download.isVisible)
    return dialog


class TestOfAHistoryThatLacksTenMonths:
    @pytest.fixture
    def disk(self):
        return Quick()

    def test_it_is_told_before_anything_is_written_and_can_be_exported_anyway(
        self, lacking, disk, qtbot
    ):
        assert lacking._said.text() == (
            "304 days are not downloaded yet: 1 January 2026 to 31 October 2026."
        )
        assert lacking._cancel.isVisible()
        assert not lacking._save.isVisible()
        assert disk.written == 0
        lacking._anyway.click()
        qtbot.waitUntil(lambda: lacking._said.text() == "written")
        assert not lacking._anyway.isVisible()
        assert lacking._save.isEnabled()

    def test_it_is_downloaded_with_progress_and_then_written(
        self, network, lacking, disk, qtbot
    ):
        lacking._download.click()
        part = PastPart(first=CHOSEN.first, last=CHOSEN.last, totals=False)
        assert network.asked == [part]
        network.answer(UNDER_WAY)
        assert lacking._said.text() == "Fetching 2026: 1 of 3 steps."
        assert (lacking._part.value(), lacking._part.maximum()) == (1, 3)
        assert lacking._part.isVisible()
        qtbot.waitUntil(lambda: len(network.asked) == 2)
        assert disk.written == 0
        network.answer(Progress(done=3, total=3, finished=True))
        qtbot.waitUntil(lambda: lacking._said.text() == "written")
        assert not lacking._part.isVisible()

    def test_what_cannot_be_downloaded_is_told_beside_what_was_written(
        self, network, lacking, qtbot
    ):
        lacking._download.click()
        network.answer(Progress(failed=PollFailed(trouble=Trouble.REFUSED)))
        qtbot.waitUntil(lambda: lacking._said.text().endswith(" written"))
        assert lacking._said.text() != "written"

    def test_it_may_be_written_before_all_is_there(self, network, lacking, disk, qtbot):
        lacking._download.click()
        network.answer(UNDER_WAY)
        lacking._anyway.click()
        qtbot.waitUntil(lambda: lacking._said.text() == "written")
        assert disk.written == 1

    @pytest.mark.parametrize("when", ["asked", "downloading"])
    def test_it_can_be_cancelled(self, when, network, archive, lacking, disk):
        if when == "downloading":
            lacking._download.click()
            network.answer(UNDER_WAY)
        lacking._cancel.click()
        assert lacking._said.text() == "x.csv: cancelled; nothing is written."
        assert network.names == []
        assert not archive._exports.download.wanted
        assert lacking._save.isVisible()
        assert disk.written == 0

    def test_another_station_ends_it(self, network, archive, lacking, disk):
        lacking._download.click()
        archive.show_station(Station(id="2"))
        assert not lacking._part.isVisible()
        assert not lacking._said.isVisible()
        network.answer(Progress(done=3, total=3, finished=True))
        assert disk.written == 0


# ---------------------------------------------------------------- from an earlier run


def test_an_earlier_runs_back_fill_is_looked_for_once_and_goes_on(
    archive, poller, network
):
    looking = "looking for an unfinished fetch"
    poller.apply(PollFailed(trouble=Trouble.OFFLINE))
    assert looking not in network.names
    for _ in range(2):
        poller.apply(PollSucceeded(reading=reading()))
    assert network.names.count(looking) == 1
    (done,) = (it[1] for it in network.waiting if it[0].name == looking)
    done(False)
    assert not archive.backfill.wanted
    done(True)
    assert archive.backfill.wanted
