"""What fails keeps its last value and is named; what never came is unknown."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from sems_tray.domain.model import NO_SUMS, Dialect
from sems_tray.domain.poll_result import PollFailed, PollSucceeded, Trouble
from sems_tray.portal.errors import PortalError
from sems_tray.portal.http.transport import Reply
from sems_tray.portal.poll_plan import PollRequest
from tests.portal.scripted import (
    EVERYTHING,
    NOON,
    PLUS_LOGIN,
    STATION,
    Desk,
    alarm,
    classic_portal,
    device,
    factors,
    flow,
    ok,
    plus_portal,
    reading,
    statistics,
)

FLOW, ALARMS, DEVICES = "*/stations/flow", "*/alarm/page", "*/device/all-status"
BROKEN = {"code": "X0001", "description": "op fail"}
SLOW = PortalError(Trouble.UNREACHABLE, "no answer in time", slow=True)


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("*/stations/basic/info", "station"),
        (DEVICES, "devices"),
        ("*/device/station/page", "devices"),
        ("*/telecounting", "energy"),
        ("*/stations/statistics", "energy"),
        ("*/stations/production", "income"),
        (ALARMS, "alarms"),
        ("*/telemetry", "telemetry"),
    ],
)
@pytest.mark.parametrize("wrong", [BROKEN, b"<html>", b"", Reply(status=500, body=b"")])
def test_a_part_that_fails_keeps_its_last_value_and_is_named(path, part, wrong):
    rows = ok({"dataList": [alarm("A")], "total": 1})
    desk = Desk(plus_portal(**{ALARMS: rows}))
    before = reading(desk.fetch(EVERYTHING))
    assert before.stale == ()
    right = desk.script.answers[path]
    desk.script.answers[path] = wrong
    desk.clock.add(minutes=1)
    after = reading(desk.fetch(EVERYTHING))
    assert after.stale == (part,)
    for name in ("station", "inverters", "meters", "alarms", "energy", "power"):
        assert getattr(after, name) == getattr(before, name), name
    desk.script.answers[path] = right
    desk.clock.add(minutes=5)
    assert reading(desk.fetch(PollRequest(telemetry=True))).stale == ()


@pytest.mark.parametrize(
    ("path", "unknown"),
    [
        (DEVICES, lambda it: it.inverters == ()),
        ("*/stations/statistics", lambda it: it.energy.today.load_kwh is None),
        ("*/stations/production", lambda it: it.energy.today.income is None),
        ("*/telecounting", lambda it: it.energy.total.pv_kwh is None),
        (ALARMS, lambda it: it.alarms == ()),
    ],
)
def test_a_part_that_never_came_is_unknown(path, unknown):
    found = reading(Desk(plus_portal(**{path: BROKEN})).fetch())
    assert unknown(found)
    assert len(found.stale) == 1


def test_a_service_that_is_down_says_how_long():
    down = Reply(status=503, body=b"", retry_after="77")
    failed = Desk(plus_portal(**{FLOW: down})).fetch()
    assert failed.trouble is Trouble.UNREACHABLE
    assert failed.retry_after == timedelta(seconds=77)


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ("7", 7),
        ("0", 1),
        ("99999999", 3600),
        ("Sun, 21 Jun 2026 10:02:00 GMT", 120),
        ("Sun, 21 Jun 2020 10:02:00 GMT", 1),
        ("soon", 300),
        ("", 300),
        ("-5", 300),
    ],
)
def test_throttling_pauses_for_what_the_portal_asks(asked, seconds):
    too_many = Reply(status=429, body=b"", retry_after=asked, date=NOON)
    failed = Desk(plus_portal(**{FLOW: too_many})).fetch()
    assert isinstance(failed, PollFailed)
    assert failed.trouble is Trouble.THROTTLED
    assert failed.retry_after == timedelta(seconds=seconds)


def test_throttling_in_the_middle_of_a_poll_ends_it_and_keeps_the_reading():
    throttled = Reply(status=429, body=b"", retry_after="60")
    desk = Desk(plus_portal())
    desk.fetch()
    desk.script.names()
    desk.script.answers[DEVICES] = throttled
    fresh = desk.fetch(PollRequest(everything=True))
    assert isinstance(fresh, PollSucceeded)
    assert fresh.pause == timedelta(seconds=60)
    assert desk.script.names() == ["info", "flow", "all-status"]
    assert fresh.reading.stale == ("devices", "alarms", "energy", "income")


def test_calls_that_hang_do_not_hold_up_a_poll_for_ever():
    hanging = {path: SLOW for path in plus_portal() if path not in {PLUS_LOGIN, FLOW}}
    desk = Desk(plus_portal(**hanging), station_id=STATION)
    found = reading(desk.fetch(EVERYTHING))
    assert desk.script.count("*") <= 6
    assert "alarms" in found.stale


def at_station(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC) - timedelta(hours=2)


def test_counters_are_held_around_midnight():
    desk = Desk(plus_portal())
    desk.clock.at = at_station("2026-06-20T23:50")
    before = reading(desk.fetch()).energy
    desk.script.answers["*/stations/statistics"] = statistics(999.0)
    desk.script.answers["*/telecounting"] = factors(proPvStatsTotal="999")
    for minutes in (8, 9, 15, 29):
        desk.clock.at = at_station("2026-06-20T23:50") + timedelta(minutes=minutes)
        found = reading(desk.fetch(EVERYTHING))
        # Past midnight what is held is no longer today's.
        today = before.today if minutes < 10 else NO_SUMS
        assert found.energy == replace(before, today=today)
        assert found.stale == ("energy", "income")
    desk.clock.at = at_station("2026-06-21T00:20")
    after = reading(desk.fetch())
    assert (after.energy.today.pv_kwh, after.stale) == (999.0, ())


@pytest.mark.parametrize("dialect", Dialect)
def test_a_first_poll_at_midnight_knows_no_counters(dialect):
    portal = plus_portal() if dialect is Dialect.SEMSPLUS else classic_portal()
    desk = Desk(portal, dialect=dialect)
    desk.clock.at = at_station("2026-06-21T00:05")
    energy = reading(desk.fetch(EVERYTHING)).energy
    assert energy.today.pv_kwh is None
    assert energy.total.pv_kwh is None


@pytest.mark.parametrize(("meters", "import_kwh"), [(["M1"], 7.0), (["M1", "M2"], 5.0)])
def test_lifetimes_are_those_of_the_devices_that_count_them(meters, import_kwh):
    """Two meters on one supply would count all twice; one inverter has the battery."""
    counted = {
        "INV": factors(proPvStatsTotal="60", proPurchaseStatsTotal="2"),
        "STO": factors(
            proPvStatsTotal="40", proPurchaseStatsTotal="3", proCharStatsTotal="9"
        ),
        "M1": factors(proPurchaseStatsTotal="7"),
        "M2": factors(proPurchaseStatsTotal="7"),
    }
    devices = [
        device("INVERTER", "INV"),
        device("INVERTER", "STO", subtype="store"),
        *(device("SMART_METER", it) for it in meters),
    ]
    script = {
        DEVICES: ok({"deviceDetailList": devices}),
        "*/telecounting": lambda request: counted[request.url.split("/")[-2]],
    }
    total = reading(Desk(plus_portal(**script)).fetch()).energy.total
    assert (total.pv_kwh, total.charge_kwh, total.import_kwh) == (100, 9, import_kwh)


def test_a_lifetime_total_does_not_shrink():
    desk = Desk(plus_portal())
    desk.fetch()
    for told, shown in (("0", 100.0), ("99.9", 100.0), (None, 100.0), ("101", 101.0)):
        desk.script.answers["*/telecounting"] = factors(proPvStatsTotal=told)
        desk.clock.add(minutes=10)
        assert reading(desk.fetch()).energy.total.pv_kwh == shown


def test_a_lifetime_that_was_estimated_too_high_is_corrected_by_the_next_count():
    desk = Desk(plus_portal())
    start = at_station("2026-06-21T12:00")
    seen = []
    for minute in range(0, 10, 2):
        desk.clock.at = start + timedelta(minutes=minute)
        desk.script.answers["*/stations/flow"] = flow(
            refreshTime=f"2026-06-21T12:{minute:02}:00", pSystem=6.0
        )
        seen.append(reading(desk.fetch()).energy.total.pv_kwh)
    assert seen[-1] == pytest.approx(100.8)
    desk.script.answers["*/telecounting"] = factors(proPvStatsTotal="100.3")
    desk.clock.at = start + timedelta(minutes=10)
    found = reading(desk.fetch())
    assert found.energy.total.pv_kwh == pytest.approx(100.3)


def test_income_that_fails_in_a_new_period_is_not_that_of_the_last_one():
    """Energies come anew after midnight, and what was earned does not."""

    def fresh(_):
        at = desk.clock.at + timedelta(hours=1)  # Amsterdam's winter time
        return ok({"pSystem": 1.0, "refreshTime": f"{at:%Y-%m-%dT%H:%M:%S}"})

    desk = Desk(plus_portal(**{FLOW: fresh}))

    def earned(at):
        desk.clock.at = at
        energy = reading(desk.fetch(EVERYTHING)).energy
        assert energy.today.pv_kwh is not None
        return energy.today.income, energy.month.income, energy.year.income

    noon = datetime(2026, 12, 29, 11, tzinfo=UTC)
    assert earned(noon) == (2.0, 2.0, 2.0)
    desk.script.answers["*/stations/production"] = BROKEN
    assert earned(noon + timedelta(hours=6)) == (2.0, 2.0, 2.0)
    assert earned(noon + timedelta(days=1)) == (None, 2.0, 2.0)
    assert earned(noon + timedelta(days=3)) == (None, None, None)
    desk.script.answers["*/stations/production"] = ok({"profitProStats": 0.5})
    assert earned(noon + timedelta(days=3, hours=1)) == (0.5, 0.5, 0.5)


def test_a_pause_asked_for_by_one_device_holds_for_the_next():
    throttled = Reply(status=429, body=b"", retry_after="60")
    desk = Desk(plus_portal(**{"*/telecounting": throttled}))
    desk.fetch()
    assert desk.script.count("*/telecounting") == 1  # of the inverter, not of the meter


def test_counters_are_of_the_time_of_live_power():
    (inverter,) = reading(Desk(plus_portal()).fetch()).inverters
    assert inverter.counted_at == NOON - timedelta(minutes=1)
