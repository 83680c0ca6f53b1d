"""What cannot change in the dark is not asked for, and is right all the same."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from sems_tray.daylight.sun import is_dark
from sems_tray.domain.model import Dialect
from sems_tray.portal.poll_plan import PollRequest
from tests.portal.scripted import reading

BOTH = pytest.mark.parametrize("dialect", Dialect)
# A winter evening in Madrid: the sun is gone at six and back after half past eight.
DUSK = datetime(2026, 1, 20, 17, tzinfo=UTC)
NIGHT = datetime(2026, 1, 20, 19, tzinfo=UTC)
DAWN = datetime(2026, 1, 21, 6, 30, tzinfo=UTC)
MORNING = datetime(2026, 1, 21, 10, tzinfo=UTC)
TOTALS = {"statistics", "production", "telecounting", "GetChartByPlant"}
STEP = timedelta(minutes=5)


def polled(sim, client, clock, until):
    """Poll until then; return how often each call was made, and the last reading."""
    before = len(sim.requests)
    found = None
    while clock.at < until:
        clock.at += STEP
        found = reading(client.fetch(PollRequest()))
    names = (it.path.rsplit("/", 1)[1] for it in sim.requests[before:])
    return Counter(names), found


def january(sim):
    """Return what the books say of this month so far."""
    return sim.books.between(date(2026, 1, 1), date(2026, 1, 31))


def serials(sim):
    """Return the serial numbers of the devices that count."""
    for it in sim.requests:
        if it.path.endswith("/telecounting"):
            yield it.path.split("/")[-2]


def nightly(start, scenario, dialect):
    """Start in the evening and poll until the station has fallen asleep."""
    sim, client, clock = start(scenario, dialect, dark=is_dark)
    clock.at = DUSK
    polled(sim, client, clock, NIGHT)
    return sim, client, clock


@BOTH
def test_a_sleeping_roof_without_a_meter_is_asked_for_totals_once_a_night(
    start, dialect
):
    sim, client, clock = nightly(start, "pv-only", dialect)
    asked, found = polled(sim, client, clock, datetime(2026, 1, 20, 22, tzinfo=UTC))
    assert not TOTALS & asked.keys()
    today, total = sim.books.today(), sim.books.total()
    assert found.energy.today.pv_kwh == pytest.approx(today.pv_kwh, abs=0.05)
    assert found.energy.total.pv_kwh == pytest.approx(total.pv_kwh, abs=0.05)
    asked, found = polled(sim, client, clock, DAWN)  # another day has begun
    once = {"statistics": 3, "production": 3, "telecounting": 1, "GetChartByPlant": 2}
    assert {it: asked[it] for it in TOTALS & asked.keys()} == {
        it: once[it] for it in TOTALS & asked.keys()
    }
    assert found.stale == ()


@BOTH
def test_a_roof_that_woke_is_asked_for_its_totals_at_once(start, dialect):
    sim, client, clock = nightly(start, "pv-only", dialect)
    polled(sim, client, clock, DAWN)
    _, found = polled(sim, client, clock, MORNING)
    energy = found.energy
    assert energy.today.pv_kwh == pytest.approx(sim.books.today().pv_kwh, abs=0.2)
    assert energy.month.pv_kwh == pytest.approx(january(sim).pv_kwh, abs=0.2)
    assert found.stale == ()


def test_with_a_meter_today_goes_on_and_the_longer_periods_grow_with_it(start):
    sim, client, clock = nightly(start, "day", Dialect.SEMSPLUS)
    sim.override(pv_w=0, battery_w=0)
    asked, found = polled(sim, client, clock, DAWN)
    # Today's by itself, and the rest once after midnight.
    assert asked["statistics"] - 2 == pytest.approx(6 * 11.5, abs=3)
    assert asked["telecounting"] == len(set(serials(sim)))
    energy, books = found.energy, sim.books
    lag = 0.1  # what is imported in ten minutes
    for period, book in (
        (energy.today, books.today()),
        (energy.month, january(sim)),
        (energy.total, books.total()),
    ):
        assert period.import_kwh == pytest.approx(book.import_kwh, abs=lag)
        assert period.pv_kwh == pytest.approx(book.pv_kwh, abs=lag)
        grown = period.import_kwh - energy.today.import_kwh
        of_books = book.import_kwh - books.today().import_kwh
        assert grown == pytest.approx(of_books, abs=0.02)


@BOTH
def test_whoever_wants_everything_gets_it_at_night_too(start, dialect):
    sim, client, clock = nightly(start, "pv-only", dialect)
    before = len(sim.requests)
    clock.at += STEP
    reading(client.fetch(PollRequest(everything=True)))
    assert TOTALS & {it.path.rsplit("/", 1)[1] for it in sim.requests[before:]}


def test_where_nobody_knows_the_sun_nothing_rests(start):
    sim, client, clock = start("pv-only", Dialect.SEMSPLUS)
    clock.at = NIGHT
    asked, _ = polled(sim, client, clock, NIGHT + timedelta(hours=2))
    assert asked["telecounting"] >= 11


@BOTH
def test_a_day_without_network_is_made_up_for_in_the_evening(start, dialect):
    sim, client, clock = nightly(start, "pv-only", dialect)
    polled(sim, client, clock, DAWN)
    sim.fail("", "503", until=DAWN + timedelta(hours=13))
    while clock.at < DAWN + timedelta(hours=13):
        clock.at += timedelta(minutes=30)
        client.fetch(PollRequest())
    _, found = polled(sim, client, clock, DAWN + timedelta(hours=15))
    energy, books = found.energy, sim.books
    assert energy.today.pv_kwh == pytest.approx(books.today().pv_kwh, abs=0.05)
    assert energy.month.pv_kwh == pytest.approx(january(sim).pv_kwh, abs=0.1)
    assert energy.total.pv_kwh == pytest.approx(books.total().pv_kwh, abs=0.1)
