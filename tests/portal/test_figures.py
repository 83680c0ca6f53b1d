"""Every figure of a reading is of one time, and is the portal's own."""

from datetime import UTC, datetime, timedelta

import pytest

from sems_tray.domain.model import Dialect
from sems_tray.portal.client import SemsClient
from sems_tray.portal.http.transport import HttpTransport
from sems_tray.portal.http.trusted_hosts import Hosts
from sems_tray.portal.poll_plan import PollRequest
from sems_tray.simulator.simulator import Simulator
from sems_tray.simulator.station.behaviour import Behaviour
from sems_tray.simulator.station.events import PAUSE, Event
from sems_tray.simulator.station.places import Place
from sems_tray.simulator.station.site import Site
from sems_tray.simulator.station.specs import roof
from sems_tray.simulator.station.sun import elevation_deg
from tests.kit.clock import Clock
from tests.portal.books import METERED, STORED
from tests.portal.scripted import Desk, Vault, ok, plus_portal, reading
from tests.portal.totals import PRODUCTION, PV, STATISTICS, statistics

CLOSE_KWH = 0.05
DARK_DEG = 3.0
HELSINKI = Place("Europe/Helsinki", 60.17, 24.94)


def fitted(sim):
    site = sim.books.site()
    names = ("pv_kwh", *(METERED if site.has_load else ()))
    return (*names, *(STORED if site.spec.battery else ()))


def compared(sim, found, names):
    """Return what differs from the books although it is not marked as old."""
    books = sim.books.site().ledger
    at = max(found.measured_at, sim.now().replace(second=0, microsecond=0))
    day = books.local_day(at)
    true = {
        "today": books.today(at),
        "month": books.span(day.replace(day=1), day, at),
        "year": books.span(day.replace(month=1, day=1), day, at),
        "total": books.lifetime(at),
    }
    if "energy" in found.stale:
        return []
    rows = [
        (period, name, getattr(getattr(found.energy, period), name), sums)
        for period, sums in true.items()
        for name in names
    ]
    return [
        (f"{at:%d %H:%M}", period, name, told, getattr(sums, name))
        for period, name, told, sums in rows
        if told is not None and abs(told - getattr(sums, name)) > CLOSE_KWH
    ]


@pytest.mark.parametrize("scenario", ["day", "multi", "pv-only"])
@pytest.mark.parametrize("dialect", Dialect)
def test_totals_are_of_the_time_of_the_powers(start, dialect, scenario):
    """Totals are asked for every ten minutes, powers every two."""
    sim, client, clock = start(scenario, dialect)
    names = fitted(sim)
    for _ in range(16):
        found = reading(client.fetch(PollRequest()))
        assert (found.stale, compared(sim, found, names)) == ((), [])
        assert None not in {getattr(found.energy.today, it) for it in names}
        made = sim.books.today().pv_kwh_each
        for it, kwh in zip(found.inverters, made, strict=True):
            assert it.today_kwh == pytest.approx(kwh, abs=0.11)
        clock.at += timedelta(minutes=2)


def test_a_lifetime_does_not_count_twice_what_came_after_a_pause(start):
    """A call that failed once is out of step; then the logger says nothing a while."""
    sim, client, clock = start("day", Dialect.SEMSPLUS)
    site, names, begun = sim.books.site(), fitted(sim), clock.at
    pause = [begun + timedelta(minutes=it) for it in (12, 24)]
    site.set_events((Event(kind=PAUSE, since=pause[0], until=pause[1]),))
    wrong, seen = [], 0
    for minute in range(0, 46, 2):
        clock.at = begun + timedelta(minutes=minute)
        if minute == 10:
            sim.fail("/telecounting", "500")
        found = reading(client.fetch(PollRequest()))
        sim.heal()
        if minute > 30:
            seen += "energy" not in found.stale
            wrong += compared(sim, found, names)
    assert wrong == []
    assert seen > 5


# Local times at the station: from, for so many minutes, so many between two polls.
TURNS = {
    "month": [("2026-04-30T23:40", 100, 5)],
    "year": [("2025-12-31T23:30", 60, 5), ("2026-01-01T05:00", 300, 20)],
    "spring": [("2026-03-28T23:50", 240, 15)],
    "autumn": [("2026-10-24T23:50", 240, 15)],
    "away": [("2026-05-05T12:00", 20, 2), ("2026-05-08T06:00", 60, 5)],
}


@pytest.mark.parametrize("dialect", Dialect)
@pytest.mark.parametrize(
    ("turn", "scenario"),
    [*((it, "day") for it in TURNS), ("year", "pv-only"), ("away", "pv-only")],
)
def test_the_turn_of_a_day_leaves_no_figure_wrong(start, dialect, turn, scenario):
    sim, client, clock = start(scenario, dialect)
    site = sim.books.site()
    names = fitted(sim)
    wrong, seen = [], 0
    for begin, minutes, step in TURNS[turn]:
        local = datetime.fromisoformat(begin).replace(tzinfo=site.spec.place.timezone)
        clock.at = local.astimezone(UTC)
        for _ in range(minutes // step):
            found = reading(client.fetch(PollRequest()))
            wrong += compared(sim, found, names)
            seen += "energy" not in found.stale
            clock.at += timedelta(minutes=step)
    assert wrong == []
    assert seen > 3


def down(sim):
    """Return whether the sun is down at the first station, for the client."""
    place = sim.books.site().spec.place

    def dark(_, at):
        return elevation_deg(place.latitude_deg, place.longitude_deg, at) < DARK_DEG

    return dark


@pytest.mark.parametrize("dialect", Dialect)
def test_counters_that_stand_until_an_inverter_wakes_are_not_todays(dialect):
    """A day and a half of Helsinki's winter, with the turn of a month."""
    first = datetime(2026, 1, 31, tzinfo=UTC)
    clock = Clock(first)
    spec = roof(HELSINKI, first, no=2, name="Roof", age_days=400, three_phase=True)
    behaviour = Behaviour(wake_share=0.01, counters_stand=True)
    site = Site(spec, 1, midnight_glitch=True, behaviour=behaviour)
    wrong, seen = [], set()
    with Simulator(sites=[site], now=clock, limit_per_minute=None) as sim:
        transport = HttpTransport()
        client = SemsClient(
            transport=transport,
            hosts=Hosts(sim.url),
            vault=Vault(password="demo"),
            dialect=dialect,
            now=clock,
            dark=down(sim),
        )
        for _ in range(36 * 6):
            found = reading(client.fetch(PollRequest()))
            wrong += compared(sim, found, ["pv_kwh"])
            today = found.energy.today.pv_kwh
            wrong += [
                (f"{clock.at:%d %H:%M}", it.sn, it.today_kwh, today)
                for it in found.inverters
                if (it.today_kwh or 0.0) > (today or 0.0) + 0.1
            ]
            seen.add(today)
            clock.at += timedelta(minutes=10)
        transport.rest()
    assert wrong == []
    assert 0.0 in seen
    assert len(seen) > 10


@pytest.mark.parametrize(
    ("whole", "month"),
    [
        (84.0, 84.0),  # the 21 days of 4.00 kWh hold up to 0.1 kWh of rounding
        (84.09, 84.09),
        (83.91, 83.91),
        (85.0, 84.0),  # of other days than these
        (None, 84.0),
    ],
)
def test_a_month_is_not_off_by_the_rounding_of_its_days(whole, month):
    days = {f"2026-06-{day:02}": 4.0 for day in range(1, 22)}

    def answer_later(_request):
        desk.clock.add(seconds=2)  # no two requests of a poll are of one time
        return statistics(**{PV: days})

    parts = {STATISTICS: answer_later, PRODUCTION: ok({PV: whole})}
    desk = Desk(plus_portal(**parts))
    assert reading(desk.fetch()).energy.month.pv_kwh == month
