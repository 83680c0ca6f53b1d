"""The rules on what the real client makes of the simulator's replies."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from sems_tray.alerts.model import Notice
    from sems_tray.domain.model import Reading

MORNING = datetime(2026, 6, 21, 8, tzinfo=UTC)


class Owner:
    """Polls a simulated portal every two minutes by a fast clock."""

    def __init__(
        self,
        dialect: Dialect,
        scenario: str = "day",
        recover_after_s: float | None = None,
    ) -> None:
        self.clock = Clock(MORNING)
        self.portal = Simulator(
            scenario,
            limit_per_minute=None,
            now=self.clock,
            recover_after_s=recover_after_s,
        )
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
        self.notices: list[Notice] = []
        self.reading: Reading | None = None

    def waits(self, minutes: int) -> None:
        end = self.clock.at + timedelta(minutes=minutes)
        while self.clock.at < end:
            outcome = self._client.fetch(PollRequest())
            assert isinstance(outcome, PollSucceeded)
            self.reading = outcome.reading
            self._state, notices, _ = step(
                self._state, outcome.reading, self.clock(), Context()
            )
            self.notices += notices
            self.clock.at = min(self.clock.at + timedelta(minutes=2), end)

    @property
    def wrong(self) -> list[str]:
        assert self.reading is not None
        return [it.id for it in problems(self._state, self.reading.station.id)]

    @property
    def kinds(self) -> list[Kind]:
        return [it.kind for it in self.notices]


@pytest.fixture(params=list(Dialect))
def owner(request):
    owner = Owner(request.param)
    yield owner
    owner.portal.stop()


@pytest.mark.parametrize("minutes", [31, 33, 34])
@pytest.mark.parametrize("scenario", ["fault", "grid-lost"])
def test_what_is_wrong_is_told_once_and_its_end_once(owner, scenario, minutes):
    owner.waits(10)
    owner.portal.set_scenario(scenario)
    owner.waits(minutes)
    assert len(owner.wrong) == 1
    owner.portal.set_scenario("day")
    owner.waits(60)
    assert owner.wrong == []
    assert owner.kinds == [Kind.RAISED, Kind.CLEARED]
    owner.waits(60)
    assert len(owner.notices) == 2


@pytest.mark.parametrize("scenario", ["fault", "grid-lost"])
def test_a_demos_trouble_is_announced_and_passes_by_itself(scenario):
    owner = Owner(Dialect.SEMSPLUS, scenario, recover_after_s=600)
    try:
        owner.waits(8)
        assert len(owner.wrong) == 1
        owner.waits(60)
        assert owner.wrong == []
        assert owner.kinds == [Kind.RAISED, Kind.CLEARED]
    finally:
        owner.portal.stop()


def test_yesterdays_blip_is_no_news(owner):
    (site, *_) = owner.portal.world.sites
    began = MORNING - timedelta(hours=20)
    blip = Event(kind="fault", since=began, until=began + timedelta(minutes=9))
    site.set_events((blip,))
    owner.waits(30)
    assert owner.notices == []
    assert owner.reading is not None
    assert [it for it in owner.reading.alarms if it.active] == []
