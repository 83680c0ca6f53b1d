"""Several stations of one account over HTTP: politely, and each on its own."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from sems_tray.domain.model import StationState
from sems_tray.domain.poll_result import PollSucceeded, Trouble
from sems_tray.polling.poller import Poller
from sems_tray.polling.station_watcher import StationWatcher
from sems_tray.runtime import jobs
from sems_tray.runtime.network_services import NetworkServices
from sems_tray.runtime.options import Options
from sems_tray.simulator.simulator import Simulator
from tests.kit.clock import Clock
from tests.kit.network import QueuedNetwork
from tests.kit.readings import by_day
from tests.kit.services import context_in

NOON = datetime(2026, 6, 21, 10, 0, tzinfo=UTC)
FLOW = {"semsplus": "/stations/flow", "classic": "/GetPowerflow"}
TICK, MINUTE = timedelta(seconds=30), timedelta(minutes=1)


class House(QueuedNetwork):
    """Poller, others and portal in one thread, on a clock set by hand."""

    def __init__(
        self, services: NetworkServices, portal: Simulator, clock: Clock
    ) -> None:
        super().__init__(services)
        self.portal, self.clock = portal, clock
        self.poller = Poller(
            self,
            now=clock,
            dark=lambda _, __: False,
            live=2 * MINUTE,
            jitter=lambda: 0.0,
        )
        self.others = StationWatcher(
            self, self.poller, now=clock, dark_at=lambda _: by_day
        )
        self.poller.polled.connect(self._record)
        self.others.read.connect(self._record_other)
        self.others.listed.connect(self.others.set_stations)
        self.sizes: list[tuple[datetime, str, int]] = []  # of polls, in requests
        self.poller._poll()
        self.lists()

    def _record(self, outcome) -> None:
        self.submit(jobs.record_poll(outcome))

    def _record_other(self, reading) -> None:
        self.submit(jobs.record_other(reading))

    def run(self, job):
        """Run a job; note what a poll cost, and what was fetched after it."""
        before, who = len(self.portal.requests), self.others._polled
        answer = super().run(job)
        size = len(self.portal.requests) - before
        if job.name == "the poll":
            self.sizes.append((self.clock(), "shown", size))
        elif job.name == "the poll of another station":
            self.sizes.append((self.clock(), who or "", size))
        elif job.name == "keeping a reading":
            at, who, polled = self.sizes.pop()
            self.sizes.append((at, who, polled + size))
        return answer

    def lists(self) -> None:
        """Ask for the list of stations."""
        self.others.request_list()
        self.run_all()

    def passes(self, length: timedelta) -> None:
        end = self.clock.at + length
        while self.clock.at < end:
            self.clock.at += TICK
            due = self.poller.next_at
            if due is not None and due <= self.clock.at:
                self.poller._poll()
            self.poller._on_tick()
            self.run_all()

    def polls(self, who: str) -> list[tuple[datetime, int]]:
        return [(at, size) for at, it, size in self.sizes if it == who]

    def known(self, station_id: str):
        return self.others._find(station_id)


@pytest.fixture(scope="module")
def clock():
    return Clock(NOON)


@pytest.fixture(scope="module")
def fleet(clock):
    with Simulator(
        "multi", now=clock, place="Europe/Amsterdam", limit_per_minute=None
    ) as simulator:
        yield simulator


@pytest.fixture(params=["semsplus", "classic"])
def house(request, qapp, fleet, clock, tmp_path, monkeypatch):
    monkeypatch.setattr("sems_tray.runtime.context.utc_now", clock)
    monkeypatch.setattr("sems_tray.runtime.portal_service.utc_now", clock)
    monkeypatch.setattr("sems_tray.runtime.network_services.utc_now", clock)
    clock.at = NOON
    fleet.heal()
    fleet.own()
    fleet._recorded.clear()
    options = Options(
        portal=fleet.url, account="a@b.c", password="demo", dialect=request.param
    )
    services = NetworkServices(context_in(tmp_path, options=options))
    yield House(services, fleet, clock)
    for site in fleet.world.sites:
        site.set_events(())
    services.close()


def test_eight_stations_are_one_session_and_one_poll_of_another_a_minute(house):
    house.passes(timedelta(hours=1))
    portal, ids = house.portal, house.portal.books.station_ids
    assert portal.sign_ins == 1
    assert len(house.polls("shown")) in range(29, 33)
    for station in ids[1:]:
        times = [at for at, _ in house.polls(station)]
        assert len(times) in range(5, 8), station
        assert all(b - a >= 10 * MINUTE for a, b in pairwise(times))
    aside = sorted(at for at, who, _ in house.sizes if who != "shown")
    assert all(b - a >= MINUTE for a, b in pairwise(aside))
    minutes = Counter(it.at.replace(second=0) for it in portal.requests)
    start = min(minutes)
    busiest = max(count for at, count in minutes.items() if at > start + 10 * MINUTE)
    most = max(size for _, _, size in house.sizes)
    assert busiest <= 2 * most
    assert house.poller.requests_today == len(portal.requests)


def test_each_has_its_own_totals_and_devices(house):
    house.passes(12 * MINUTE)
    books, known = house.portal.books, 0
    for station in books.station_ids[1:]:
        found = house.known(station)
        assert found.state is not None, station
        assert found.reading.station.id == station
        assert found.reading.inverters
        today = found.reading.energy.today.pv_kwh
        if today is not None:  # for one of them it is midnight
            known += 1
            true = books.today(station).pv_kwh
            assert today == pytest.approx(true, abs=1.5)
    assert known >= 6


def test_a_fault_at_one_of_them_is_found_and_over_again(house):
    second = house.portal.books.station_ids[1]
    house.passes(10 * MINUTE)
    assert house.known(second).state in {StationState.OK, StationState.UNKNOWN}
    house.portal.trouble("fault", second)
    house.passes(11 * MINUTE)
    assert house.known(second).state is StationState.FAULT
    house.portal.trouble(None, second)
    house.passes(22 * MINUTE)
    assert house.known(second).state is not StationState.FAULT


@pytest.mark.parametrize(
    ("fault", "trouble"),
    [("100025", Trouble.NO_STATION), ("empty-data", Trouble.PORTAL_CHANGED)],
)
def test_one_that_cannot_be_read_disturbs_nobody(house, fault, trouble):
    ids = house.portal.books.station_ids
    house.portal.fail("", fault, about=ids[2])
    house.passes(timedelta(hours=1))
    assert house.known(ids[2]).trouble is trouble
    assert house.poller.failed is None
    assert house.portal.sign_ins == 1
    assert len(house.polls(ids[2])) <= 3
    assert len(house.polls(ids[3])) >= 5


def test_turning_to_another_station_keeps_what_is_held_of_both(house):
    ids = house.portal.books.station_ids
    house.passes(10 * MINUTE)
    known = house.known(ids[1]).reading
    house.submit(jobs.show_station(ids[1]))
    assert house.others.show_station(ids[1]) is known
    house.poller.start_over(known)
    assert house.poller.reading.station.id == ids[1]
    assert house.known(ids[0]).reading.station.id == ids[0]
    house.passes(15 * MINUTE)
    assert house.polls(ids[0])
    assert house.portal.sign_ins == 1
    back = house.services.portal.poll_other(ids[0])
    assert isinstance(back, PollSucceeded)
    assert back.reading.station.id == ids[0]
