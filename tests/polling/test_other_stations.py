"""The stations beside the shown one: each in its turn, never in a crowd."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sems_tray.domain.model import Station, StationState
from sems_tray.domain.poll_result import PollFailed, PollSucceeded, Trouble
from sems_tray.polling.other_stations import (
    ACCOUNT_WIDE,
    BY_DAY,
    IN_THE_DARK,
    MOST,
    REFRESH_SPACING,
    SPACING,
    WatchedStation,
    after_poll,
    elsewhere,
    menu_words,
    names,
    next_station,
    period,
    with_reading,
    with_station_list,
)
from tests.kit.readings import NOW, by_day, by_night, inverter, reading

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
TICK = 30 * SECOND
OWN = sorted(set(Trouble) - ACCOUNT_WIDE)


def other(id_="farm", **known) -> WatchedStation:
    return WatchedStation(station=Station(id=id_, name=id_.title()), **known)


def fresh(id_="farm", at=NOW, **changes) -> PollSucceeded:
    given = reading(**changes)
    station = replace(given.station, id=id_, name=id_.title())
    return PollSucceeded(
        reading=replace(given, station=station, received_at=at, measured_at=at - MINUTE)
    )


class Day:
    """Half a day of ticks in which each outcome is what the example says."""

    def __init__(self, dark: list[bool], troubles: dict[int, Trouble]) -> None:
        self.others = tuple(other(f"s{n}") for n in range(len(dark)))
        self.dark = {f"s{n}": it for n, it in enumerate(dark)}
        self.troubles = {f"s{n}": it for n, it in troubles.items()}
        self.asked: list[tuple[timedelta, str]] = []

    def run(self, length: timedelta) -> None:
        passed = timedelta()
        while passed < length:
            found = next_station(self.others, NOW + passed)
            if found is not None:
                self.asked.append((passed, found))
                self._answer(found, passed)
            passed += TICK

    def _answer(self, id_: str, passed: timedelta) -> None:
        trouble = self.troubles.get(id_)
        outcome = fresh(id_) if trouble is None else PollFailed(trouble=trouble)
        sky = by_night if self.dark[id_] else by_day
        self.others = tuple(
            after_poll(it, outcome, NOW + passed, sky) if it.station.id == id_ else it
            for it in self.others
        )

    def times(self, id_: str) -> list[timedelta]:
        return [at for at, it in self.asked if it == id_]


@given(
    dark=st.lists(st.booleans(), min_size=1, max_size=45),
    troubles=st.dictionaries(st.integers(0, 44), st.sampled_from(OWN)),
)
def test_all_are_asked_in_turn_and_together_once_a_minute_at_most(dark, troubles):
    day = Day(dark, {n: it for n, it in troubles.items() if n < len(dark)})
    day.run(timedelta(hours=4))
    gaps = [b[0] - a[0] for a, b in pairwise(day.asked)]
    assert all(gap >= SPACING for gap in gaps)
    round_ = SPACING * len(dark)
    for n, is_dark in enumerate(dark):
        times = day.times(f"s{n}")
        assert times, "nobody is forgotten"
        assert times[0] <= round_
        apart = [b - a for a, b in pairwise(times)]
        if f"s{n}" in day.troubles:
            assert all(gap >= BY_DAY for gap in apart)
            continue
        usual = IN_THE_DARK if is_dark else BY_DAY
        assert all(usual <= gap <= max(usual, round_) + round_ for gap in apart)


@given(st.integers(1, 9))
def test_a_station_with_a_trouble_of_its_own_is_asked_less_and_less(failures):
    it = other()
    for _ in range(failures):
        it = after_poll(it, PollFailed(trouble=Trouble.NO_STATION), NOW, None)
    assert period(it) == min(BY_DAY * 2 ** min(failures, 4), MOST)
    assert period(after_poll(it, fresh(), NOW, by_day)) == BY_DAY


@pytest.mark.parametrize("trouble", sorted(ACCOUNT_WIDE))
def test_what_fails_for_all_is_not_tried_at_each(trouble):
    failed = after_poll(other("a"), PollFailed(trouble=trouble), NOW, None)
    assert failed.failures == 0
    assert failed.trouble is None
    both = (failed, other("b"))
    assert next_station(both, NOW + BY_DAY - SECOND) is None
    assert next_station(both, NOW + BY_DAY) == "b"
    assert next_station(both, NOW + MINUTE, refreshing=True) == "b"


def test_a_refresh_takes_one_along_at_once():
    asked = after_poll(other("a"), fresh("a"), NOW, by_day)
    wanted = (replace(asked, wanted=True), other("b"))
    at = NOW + REFRESH_SPACING
    assert next_station(wanted, at) is None
    assert next_station(wanted, at - SECOND, refreshing=True) is None
    assert next_station(wanted, at, refreshing=True) == "b"
    assert next_station(wanted[:1], NOW + SPACING) == "a"
    assert not after_poll(wanted[0], fresh("a"), at, by_day).wanted


def test_a_station_is_due_after_ten_minutes():
    asked = after_poll(other(), fresh(), NOW, by_day)
    assert next_station((asked,), NOW + BY_DAY - SECOND) is None
    assert next_station((asked,), NOW + BY_DAY) == "farm"


def test_a_clock_that_was_set_back_stops_nothing():
    ahead = after_poll(other(), fresh(), NOW + timedelta(days=1), by_day)
    assert next_station((ahead,), NOW) == "farm"


def test_asking_seldom_makes_no_station_silent():
    it = after_poll(other(), fresh(), NOW, by_day)
    assert it.state is StationState.OK
    assert [at.state for at in elsewhere((it,))] == [StationState.OK]
    assert menu_words(it, NOW + timedelta(hours=3)) == "Farm: all well (3 h ago)"


def test_a_station_that_reports_no_more_is_silent():
    old = replace(fresh().reading, measured_at=NOW - timedelta(hours=2))
    it = after_poll(other(), PollSucceeded(reading=old), NOW, by_day)
    assert it.state is StationState.SILENT
    assert menu_words(it, NOW) == "⚠ Farm: does not report"


def test_a_new_list_keeps_what_is_known_of_those_that_stay():
    known = after_poll(other("a"), fresh("a"), NOW, by_day)
    stations = [Station(id=it) for it in ("a", "shown", "new", "unwatched")]
    found = with_station_list((known, other("gone")), stations, {"shown", "unwatched"})
    assert found == (known, WatchedStation(station=Station(id="new")))


def test_stations_of_the_same_name_are_told_apart_by_their_ids():
    stations = [
        Station(id="c1550c34-f558", name="Roof"),
        Station(id="2d1b7f05-183b", name=" Roof\N{ZERO WIDTH SPACE}"),
        Station(id="65c6adb7-d2d7", name="\N{ZERO WIDTH SPACE}"),
    ]
    called = ["Roof (c1550c34)", "Roof (2d1b7f05)", "65c6adb7-d2d7"]
    assert list(names(stations).values()) == called
    found = with_station_list((), stations, ())
    assert [it.name for it in found] == called
    assert [it.name for it in with_station_list(found, stations[1:], ())] == [
        "Roof",
        "65c6adb7-d2d7",
    ]


def test_a_reading_without_a_name_keeps_the_lists():
    given = fresh().reading
    nameless = replace(given, station=replace(given.station, name=""))
    assert with_reading(other(), nameless, NOW, by_day).name == "Farm"


def test_the_menu_says_how_each_station_is():
    well = after_poll(other(), fresh(), NOW, by_day)
    ill = after_poll(other(), fresh(inverters=(inverter("fault"),)), NOW, by_day)
    unread = after_poll(ill, PollFailed(trouble=Trouble.PORTAL_CHANGED), NOW, None)
    away = after_poll(ill, PollFailed(trouble=Trouble.OFFLINE), NOW, None)
    assert menu_words(other(), NOW) == "Farm"
    assert menu_words(well, NOW) == "Farm: all well"
    assert menu_words(ill, NOW) == menu_words(away, NOW) == "⚠ Farm: fault"
    assert menu_words(unread, NOW) == "⚠ Farm: GoodWe changed its service"
    assert unread.state is StationState.FAULT
