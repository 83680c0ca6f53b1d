"""A client for another station of the account: one line, one session, own holdings."""

from datetime import timedelta

import pytest

from sems_tray.domain.model import Dialect
from sems_tray.domain.poll_result import PollFailed, Trouble
from sems_tray.portal.poll_plan import PollRequest
from tests.portal.scripted import reading

SHOWN, ASIDE = PollRequest(), PollRequest(is_other_station=True)
BOTH = pytest.mark.parametrize("dialect", Dialect)


def station(outcome):
    return reading(outcome).station.id


@BOTH
def test_both_are_read_over_one_sign_in(start, dialect):
    portal, shown, _ = start("multi", dialect)
    first, second = portal.books.station_ids[:2]
    assert station(shown.fetch(SHOWN)) == first
    other = shown.beside(second)
    for _ in range(2):
        assert station(other.fetch(ASIDE)) == second
        assert station(shown.fetch(SHOWN)) == first
    assert portal.sign_ins == 1
    assert shown.fetch(SHOWN).requests_today == len(portal.requests)


@BOTH
def test_totals_of_a_station_that_is_not_shown_are_renewed_less_often(start, dialect):
    portal, shown, clock = start("multi", dialect)
    noon, second = clock.at, portal.books.station_ids[1]
    shown.fetch(SHOWN)

    def asked(want):
        clock.at = noon
        client = shown.beside(second)
        client.fetch(want)
        portal._recorded.clear()
        for _ in range(6):
            clock.at += timedelta(minutes=10)
            client.fetch(want)
        return len(portal.requests)

    assert asked(ASIDE) < asked(SHOWN)


@BOTH
def test_what_one_station_refuses_ends_nobodys_session(start, dialect):
    portal, shown, clock = start("multi", dialect)
    second = portal.books.station_ids[1]
    shown.fetch(SHOWN)
    other = shown.beside(second)
    portal.fail("", "expired", about=second)
    for _ in range(12):
        clock.at += timedelta(minutes=10)
        assert other.fetch(ASIDE).trouble is Trouble.SIGN_IN
        reading(shown.fetch(SHOWN))
    assert portal.sign_ins <= 3  # once for each path, and never again


def test_empty_data_of_one_station_leaves_the_dialect(start):
    portal, shown, _ = start("multi", None)
    portal.fail("/cross-login", "404")
    reading(shown.fetch(SHOWN))
    second = portal.books.station_ids[1]
    portal.fail("", "empty-data", about=second)
    other = shown.beside(second)
    before = portal.sign_ins
    for _ in range(3):
        outcome = other.fetch(ASIDE)
        assert isinstance(outcome, PollFailed)
        assert outcome.trouble is Trouble.PORTAL_CHANGED
        reading(shown.fetch(SHOWN))
    assert portal.sign_ins == before
