"""A client for another station of the account: one line, one session, own holdings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sems_tray.domain.credentials import Credentials
from sems_tray.domain.model import Dialect
from sems_tray.domain.poll_result import PollFailed, PollSucceeded, Trouble
from sems_tray.portal.client import SemsClient
from sems_tray.portal.http.transport import HttpTransport
from sems_tray.portal.http.trusted_hosts import Hosts
from sems_tray.portal.poll_plan import PollRequest
from sems_tray.simulator.simulator import Simulator
from tests.kit.clock import Clock

NOON = datetime(2026, 6, 21, 10, 0, tzinfo=UTC)
ASIDE = PollRequest(aside=True)
OURS = Credentials(account="owner@example.com", password="demo")


class Vault:
    """Keeps secrets for as long as a test."""

    def __init__(self) -> None:
        self.kept: str | None = None

    def credentials(self) -> Credentials:
        return OURS

    def token(self) -> str | None:
        return self.kept

    def keep_token(self, dumped: str) -> None:
        self.kept = dumped


@pytest.fixture(scope="module")
def clock():
    return Clock(NOON)


@pytest.fixture(scope="module")
def fleet(clock):
    with Simulator(
        "multi", now=clock, place="Europe/Amsterdam", limit_per_minute=None
    ) as simulator:
        yield simulator


@pytest.fixture
def portal(fleet, clock):
    clock.at = NOON
    fleet.heal()
    fleet._recorded.clear()
    return fleet


@pytest.fixture(params=Dialect)
def shown(request, portal, clock):
    return SemsClient(
        transport=HttpTransport(),
        hosts=Hosts(portal.url),
        vault=Vault(),
        dialect=request.param,
        now=clock,
    )


def station(outcome) -> str:
    assert isinstance(outcome, PollSucceeded), outcome
    return outcome.reading.station.id


def test_both_are_read_over_one_sign_in(shown, portal):
    first, second = portal.books.station_ids[:2]
    assert station(shown.fetch(PollRequest())) == first
    other = shown.beside(second)
    for _ in range(2):
        assert station(other.fetch(ASIDE)) == second
        assert station(shown.fetch(PollRequest())) == first
    assert portal.sign_ins == 1
    outcome = shown.fetch(PollRequest())
    assert outcome.requests_today == len(portal.requests)


def test_totals_of_a_station_that_is_not_shown_are_renewed_less_often(
    shown, portal, clock
):
    def asked(client: SemsClient, want: PollRequest) -> int:
        client.fetch(want)
        portal._recorded.clear()
        for _ in range(6):
            clock.at += timedelta(minutes=10)
            client.fetch(want)
        return len(portal.requests)

    second = portal.books.station_ids[1]
    shown.fetch(PollRequest())
    other = shown.beside(second)
    often = asked(other, PollRequest())
    clock.at = NOON
    seldom = asked(shown.beside(second), ASIDE)
    assert seldom < often


def test_what_one_station_refuses_ends_nobodys_session(shown, portal, clock):
    second = portal.books.station_ids[1]
    shown.fetch(PollRequest())
    other = shown.beside(second)
    portal.fail("", "expired", about=second)
    for _ in range(12):
        clock.at += timedelta(minutes=10)
        outcome = other.fetch(ASIDE)
        assert isinstance(outcome, PollFailed)
        assert outcome.trouble is Trouble.SIGN_IN
        assert isinstance(shown.fetch(PollRequest()), PollSucceeded)
    assert portal.sign_ins <= 3  # once for each path, and never again


def test_empty_data_of_one_station_leaves_the_dialect(portal, clock):
    shown = SemsClient(
        transport=HttpTransport(), hosts=Hosts(portal.url), vault=Vault(), now=clock
    )
    portal.fail("/cross-login", "404")
    assert isinstance(shown.fetch(PollRequest()), PollSucceeded)
    second = portal.books.station_ids[1]
    portal.fail("", "empty-data", about=second)
    other = shown.beside(second)
    before = portal.sign_ins
    for _ in range(3):
        outcome = other.fetch(ASIDE)
        assert isinstance(outcome, PollFailed)
        assert outcome.trouble is Trouble.PORTAL_CHANGED
        assert isinstance(shown.fetch(PollRequest()), PollSucceeded)
    assert portal.sign_ins == before
