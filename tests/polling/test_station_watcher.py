"""The other stations beside a poller that goes first."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from sems_tray.domain.model import Station
from sems_tray.domain.poll_result import PollFailed, PollSucceeded, Trouble
from sems_tray.polling.other_stations import ACCOUNT_WIDE, LIST_PERIOD, SPACING
from sems_tray.polling.poller import Poller
from sems_tray.polling.station_watcher import StationWatcher
from tests.kit.network import AskedNetwork
from tests.kit.readings import NOW, by_day, reading

MINUTE = timedelta(minutes=1)
THREE = tuple(Station(id=it, name=it.upper()) for it in ("a", "b", "c"))


SHOWN, OTHER, LIST = "the poll", "the poll of another station", "the station list"


class Bench:
    """A poller that shows station a, a clock set by hand, and no network."""

    def __init__(self, **kinds) -> None:
        self.at = NOW
        self.network = AskedNetwork()
        self.asked = self.network.other_polls
        self.read: list[str] = []
        self.poller = Poller(
            self.network,
            now=lambda: self.at,
            dark=lambda _, __: False,
            live=2 * MINUTE,
            jitter=lambda: 0.0,
        )
        self.others = StationWatcher(
            self.network,
            self.poller,
            now=lambda: self.at,
            dark_at=lambda _: by_day,
            **kinds,
        )
        self.others.listed.connect(self.others.set_stations)
        self.others.read.connect(lambda it: self.read.append(it.station.id))
        self.poller._poll()
        self.shown_answers()

    @property
    def lists(self) -> int:
        return self.network.lists

    def shown_answers(self, outcome=None) -> None:
        self.network.answer(outcome or self.fresh("a"), SHOWN)

    def list_answers(self, found) -> None:
        self.network.answer(found, LIST)

    def fresh(self, station: str, **more) -> PollSucceeded:
        place = replace(reading().station, id=station, name=station.upper())
        given = replace(
            reading(station=place), received_at=self.at, measured_at=self.at - MINUTE
        )
        return PollSucceeded(reading=given, **more)

    def answers(self, station: str, outcome=None) -> None:
        assert self.asked[-1] == station
        self.network.answer(outcome or self.fresh(station), OTHER)

    def passes(self, span=MINUTE, *, answering=False) -> None:
        """Let time pass, and the shown station's polls succeed."""
        end = self.at + span
        while self.at < end:
            self.at += timedelta(seconds=30)
            due = self.poller.next_at
            if due is not None and due <= self.at and not self.poller.in_flight:
                self.poller._poll()
                self.shown_answers()
            self.poller._on_tick()
            if answering and OTHER in self.network.names:
                self.answers(self.asked[-1])


@pytest.fixture
def bench(qapp):
    made = Bench()
    made.others.set_stations(THREE)
    return made


def test_the_first_of_the_others_is_asked_once_they_are_known(bench):
    assert bench.asked == ["b"]
    bench.passes(2 * MINUTE)
    assert bench.asked == ["b"], "one at a time"
    bench.answers("b")
    bench.passes()
    assert bench.asked == ["b", "c"]
    assert bench.read == ["b"]
    assert bench.others.known[0].reading.station.id == "b"


def test_the_shown_station_goes_first(bench):
    bench.answers("b")
    bench.poller.refresh()
    assert bench.poller.in_flight
    bench.at += 2 * MINUTE
    bench.others._poll_next()
    assert bench.asked == ["b"]
    bench.shown_answers()
    assert bench.asked == ["b", "c"]


@pytest.mark.parametrize(
    ("due_in_s", "asked"),
    [(3600, ["b", "c"]), (5, ["b", "c"]), (4, ["b"]), (-1, ["b"])],
)
def test_the_shown_station_goes_first_if_it_is_due_soon(bench, due_in_s, asked):
    bench.answers("b")
    bench.at += SPACING
    bench.poller.next_at = bench.at + timedelta(seconds=due_in_s)
    bench.others._poll_next()
    assert bench.asked == asked


def test_the_others_wait_out_a_pause(bench):
    bench.answers("b")
    bench.at += SPACING
    bench.poller.next_at, bench.poller.pause_until = None, bench.at + MINUTE
    bench.others._poll_next()
    assert bench.asked == ["b"]


@pytest.mark.parametrize("trouble", sorted(Trouble))
def test_the_others_rest_while_the_account_has_a_trouble(bench, trouble):
    bench.answers("b")
    bench.poller._poll()
    bench.shown_answers(PollFailed(trouble=trouble))
    bench.at += SPACING
    bench.poller.next_at = None
    bench.poller.pause_until = None
    bench.others._poll_next()
    rest = trouble in ACCOUNT_WIDE or bench.poller.throttled_today
    assert bench.asked == (["b"] if rest else ["b", "c"])


def test_a_pause_that_another_station_met_holds_for_all_and_the_day(bench):
    bench.answers("b", bench.fresh("b", pause=5 * MINUTE))
    assert bench.poller.is_paused()
    assert bench.poller.pause_until == bench.at + 5 * MINUTE
    bench.passes(timedelta(hours=2))
    assert bench.asked == ["b"]


def test_a_trouble_of_one_of_them_is_its_own(bench):
    bench.answers("b", PollFailed(trouble=Trouble.NO_STATION, requests_today=7))
    assert bench.poller.failed is None
    assert not bench.poller.is_paused()
    assert bench.poller.requests_today == 7
    bench.passes()
    assert bench.asked[-1] == "c"


def test_waking_up_leaves_the_network_a_moment(bench):
    bench.answers("b")
    bench.at += timedelta(minutes=5)
    bench.poller._on_tick()
    bench.poller.next_at = None
    bench.others._poll_next()
    assert bench.asked == ["b"]
    bench.passes(2 * MINUTE)
    assert bench.asked == ["b", "c"]


def test_turning_to_another_station_shows_what_is_known_at_once(bench):
    bench.answers("b")
    given = bench.others.known[0].reading
    assert bench.others.show_station("b") is given
    bench.poller.start_over(given)
    assert bench.poller.reading is given
    assert [it.station.id for it in bench.others.known] == ["a", "c"]
    assert bench.others.known[0].reading.station.id == "a"
    assert bench.others.show_station("c") is None


def test_what_is_answered_for_the_station_that_is_shown_by_now_is_left_out(bench):
    bench.others.show_station("b")
    bench.poller.start_over(None)
    bench.answers("b")
    assert bench.read == []
    assert OTHER not in bench.network.names


def test_the_list_is_asked_for_daily_and_when_the_owner_refreshes(bench):
    bench.answers("b")
    bench.poller.refresh()
    bench.shown_answers()
    assert bench.lists == 0, "it has just come"
    bench.passes(2 * MINUTE, answering=True)
    bench.poller.refresh()
    bench.shown_answers()
    assert bench.lists == 1
    bench.list_answers(THREE)
    bench.at += LIST_PERIOD
    bench.poller._on_tick()
    bench.passes(2 * MINUTE, answering=True)
    assert bench.lists == 2


def test_a_list_that_fails_is_asked_for_again_later(bench):
    bench.others.request_list()
    bench.list_answers(PollFailed(trouble=Trouble.UNREACHABLE))
    bench.answers("b")
    bench.passes(timedelta(minutes=50), answering=True)
    assert bench.lists == 1
    bench.passes(timedelta(minutes=20), answering=True)
    assert bench.lists == 2


def test_a_station_that_is_gone_is_forgotten_and_a_new_one_watched(bench):
    bench.answers("b")
    bench.others.set_stations((THREE[0], THREE[2], Station(id="d")))
    assert [it.station.id for it in bench.others.known] == ["c", "d"]
    bench.passes()
    bench.answers("c")
    bench.passes()
    assert bench.asked == ["b", "c", "d"]


def test_one_that_is_not_watched_is_left_alone(qapp):
    bench = Bench()
    bench.others.set_unwatched(("b",))
    bench.others.set_stations(THREE)
    assert bench.asked == ["c"]


@pytest.mark.parametrize(("pinned", "listed"), [(True, THREE), (False, THREE[:1])])
def test_a_pinned_or_single_station_is_the_only_one(qapp, pinned, listed):
    bench = Bench(pinned=pinned)
    bench.others.set_stations(listed)
    bench.passes(timedelta(hours=1))
    assert bench.asked == []
    assert bench.others.known == ()
    assert bench.others.stations == listed


def test_a_refresh_takes_the_one_in_trouble_along(bench):
    bench.answers("b")
    bench.at += SPACING / 2
    bench.poller.refresh()
    bench.shown_answers()
    assert bench.asked == ["b", "c"]
    bench.answers("c")
    assert bench.asked == ["b", "c"]


def test_another_account_has_none_of_them(bench):
    bench.others.reset()
    bench.answers("b")
    assert bench.others.known == ()
    assert bench.read == []


def test_a_pause_met_by_the_list_holds_for_all(bench):
    bench.answers("b")
    bench.at += LIST_PERIOD
    bench.poller._poll()
    bench.shown_answers()
    assert bench.lists == 1
    asked = len(bench.asked)
    bench.passes(2 * MINUTE, answering=True)
    assert len(bench.asked) == asked, "the list first"
    pause = timedelta(minutes=20)
    bench.list_answers(PollFailed(trouble=Trouble.THROTTLED, retry_after=pause))
    assert bench.poller.is_paused()
    assert bench.poller.throttled_today == 1
    bench.passes(timedelta(hours=1), answering=True)
    assert len(bench.asked) == asked


def test_the_list_is_asked_for_again_when_the_shown_station_is_gone(bench):
    bench.passes(2 * MINUTE, answering=True)
    bench.poller._poll()
    bench.shown_answers(PollFailed(trouble=Trouble.NO_STATION))
    bench.passes(timedelta(minutes=10), answering=True)
    assert bench.lists == 0
    bench.at += timedelta(hours=1)
    bench.poller._poll()
    bench.shown_answers(PollFailed(trouble=Trouble.NO_STATION))
    assert bench.lists == 1
