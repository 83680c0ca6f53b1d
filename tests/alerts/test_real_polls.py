"""The rules on what the real client makes of the simulator's replies."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sems_tray.alerts.engine import step
from sems_tray.alerts.model import AlertState, Context, Kind
from sems_tray.alerts.topics import problems
from sems_tray.domain.model import Dialect
from sems_tray.domain.poll_result import PollSucceeded
from sems_tray.portal.client import SemsClient
from sems_tray.portal.http.transport import HttpTransport
from sems_tray.portal.http.trusted_hosts import Hosts
from sems_tray.portal.poll_plan import PollRequest
from sems_tray.simulator.simulator import Simulator
from sems_tray.simulator.station.events import Event
from tests.kit.clock import Clock
from tests.portal.scripted import Vault

MORNING = datetime(2026, 6, 21, 8, tzinfo=UTC)


class Owner:
    """Polls a simulated portal every two minutes by a fast clock."""

    def __init__(self, dialect: Dialect) -> None:
        self.clock = Clock(MORNING)
        self.portal = Simulator("day", limit_per_minute=None, now=self.clock)
        self.portal.start()
        self._client = SemsClient(
            transport=HttpTransport(),
            hosts=Hosts(self.portal.url),
            vault=Vault(password="demo"),
            dialect=dialect,
            now=self.clock,
            dark=lambda *_: False,
        )
        self._state = AlertState()
        self.kinds: list[Kind] = []
        self.wrong: list[str] = []

    def wait(self, minutes: int) -> None:
        end = self.clock.at + timedelta(minutes=minutes)
        while self.clock.at < end:
            outcome = self._client.fetch(PollRequest())
            assert isinstance(outcome, PollSucceeded)
            self._state, notices, _ = step(
                self._state, outcome.reading, self.clock(), Context()
            )
            self.kinds += [it.kind for it in notices]
            topics = problems(self._state, outcome.reading.station.id)
            self.wrong = [it.id for it in topics]
            self.clock.at = min(self.clock.at + timedelta(minutes=2), end)


@pytest.fixture(params=list(Dialect))
def owner(request):
    owner = Owner(request.param)
    yield owner
    owner.portal.stop()


@pytest.mark.parametrize("scenario", ["fault", "grid-lost"])
def test_what_is_wrong_is_told_once_and_its_end_once(owner, scenario):
    owner.wait(10)
    owner.portal.set_scenario(scenario)
    owner.wait(33)
    assert len(owner.wrong) == 1
    owner.portal.set_scenario("day")
    owner.wait(120)
    assert owner.wrong == []
    assert owner.kinds == [Kind.RAISED, Kind.CLEARED]


def test_yesterdays_blip_is_no_news(owner):
    (site, *_) = owner.portal.world.sites
    began = MORNING - timedelta(hours=20)
    blip = Event(kind="fault", since=began, until=began + timedelta(minutes=9))
    site.set_events((blip,))
    owner.wait(30)
    assert owner.kinds == []
