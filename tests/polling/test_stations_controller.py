"""What a poll brings is recorded and learned from, after it was shown."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sems_tray.daylight.waking import Habits, Waking
from sems_tray.domain.poll_result import PollFailed, PollSucceeded, Trouble
from sems_tray.polling.controller import StationsController
from sems_tray.polling.poller import Poller
from sems_tray.runtime.services import HeaderNote
from tests.kit.network import QueuedNetwork
from tests.kit.readings import NOW, reading
from tests.kit.services import services_in

LEARN, RECORD = "learning from the history", "keeping a reading"


class Bench:
    """The controller, and a network that the test answers."""

    def __init__(self, folder) -> None:
        self.network = QueuedNetwork()
        services = services_in(folder, network=self.network)
        self.events = services.events
        self.sky = services.sky
        self.poller = Poller(
            self.network,
            now=lambda: NOW,
            dark=lambda _, __: False,
            live=timedelta(minutes=2),
        )
        self.controller = StationsController(services, self.poller)
        self.notes: list[tuple[HeaderNote, str]] = []
        self.recorded = 0
        self.events.note_changed.connect(lambda *note: self.notes.append(note))
        self.events.poll_recorded.connect(self.count)

    def count(self) -> None:
        self.recorded += 1

    def polls(self, message: str | None) -> None:
        """Poll without success; recording comes to this message."""
        self.poller.apply(PollFailed(trouble=Trouble.OFFLINE))
        self.network.answer(message, RECORD)


@pytest.fixture
def bench(qapp, tmp_path):
    made = Bench(tmp_path)
    yield made
    made.poller.stop()


def test_a_reading_is_learned_from_at_once_and_recorded_then(bench):
    bench.poller.apply(PollSucceeded(reading=reading()))
    assert bench.network.names == ["the station list", LEARN, RECORD]
    assert bench.poller.reading is not None


def test_what_was_learned_is_what_the_station_is_judged_by(bench):
    station, habits = reading().station.id, Habits(waking=Waking(height_deg=5.0))
    for answer in (habits, None):  # nothing new later on the same day
        bench.poller.apply(PollSucceeded(reading=reading()))
        bench.network.answer(answer, LEARN)
        assert bench.sky.habits(station) == habits


def test_what_the_owner_should_know_of_the_history_is_told_once(bench):
    for message in ("", "The disk is full.", "The disk is full.", ""):
        bench.polls(message)
    assert bench.notes == [
        (HeaderNote.HISTORY, "The disk is full."),
        (HeaderNote.HISTORY, ""),
    ]
    assert bench.recorded == 4


def test_a_bug_while_recording_changes_nothing_that_is_told(bench):
    bench.polls("The disk is full.")
    bench.polls(None)
    assert len(bench.notes) == 1
    assert bench.recorded == 1


def test_a_reading_of_another_station_is_recorded_too(bench):
    bench.controller.others.read.emit(reading())
    assert bench.network.names == [LEARN, "keeping another station's reading"]
