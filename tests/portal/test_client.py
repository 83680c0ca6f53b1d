"""One poll in, one outcome out: what is asked when, and what is kept when it fails."""

import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from sems_tray.domain.model import DeviceState
from sems_tray.domain.poll_result import PollFailed, Trouble
from sems_tray.portal.http.transport import Reply
from sems_tray.portal.poll_plan import PollRequest
from tests.portal.scripted import (
    NOON,
    PLUS_LOGIN,
    STATION,
    Desk,
    Vault,
    alarm,
    device,
    flow,
    ok,
    plus_login,
    plus_portal,
    reading,
)

FLOW, ALARMS, DEVICES = "*/stations/flow", "*/alarm/page", "*/device/all-status"
BROKEN = {"code": "X0001", "description": "op fail"}


def test_a_first_poll_asks_for_everything_but_telemetry():
    desk = Desk(plus_portal())
    assert reading(desk.fetch()).stale == ()
    assert desk.script.count("*/telemetry") == 0
    names = desk.script.names()
    assert names[:4] == ["cross-login", "page", "info", "flow"]
    assert Counter(names)["statistics"] == Counter(names)["production"] == 3


def test_a_day_of_polls_keeps_to_the_cadence():
    desk = Desk(plus_portal())
    desk.clock.at = NOON - timedelta(hours=8)
    asked: Counter[str] = Counter()
    for _ in range(8 * 30):  # every 2 minutes
        reading(desk.fetch())
        asked += Counter(desk.script.names())
        desk.clock.add(minutes=2)
    assert asked["cross-login"] == asked["info"] == 1
    assert asked["flow"] == 240
    assert asked["all-status"] == 48
    assert asked["statistics"] == asked["production"] == 3 * 48
    assert asked["telecounting"] == 2 * 48
    assert asked["telemetry"] == asked["information"] == 0
    assert asked["page"] - 2 == 80  # alarms: due every 5 minutes, asked every 6


def test_the_stations_information_is_asked_daily():
    desk = Desk(plus_portal())
    for _ in range(3 * 24):
        desk.fetch()
        desk.clock.add(hours=1)
    assert desk.script.count("*/basic/info") == 3


def test_telemetry_is_asked_only_while_somebody_looks():
    desk = Desk(plus_portal())
    desk.fetch(PollRequest(telemetry=True))
    assert desk.script.count("*/telemetry") == 2
    for _ in range(30):
        desk.clock.add(minutes=1)
        desk.fetch()
    assert desk.script.count("*/telemetry") == 2
    found = reading(desk.fetch(PollRequest(telemetry=True)))
    assert desk.script.count("*/telemetry") == 4
    assert found.inverters[0].temperature_c == 40.0


def test_refresh_asks_for_everything_again_whatever_the_cadence():
    desk = Desk(plus_portal())
    desk.fetch()
    first = Counter(desk.script.names())
    desk.fetch(PollRequest(everything=True))
    again = Counter(desk.script.names())
    assert again["statistics"] == 3
    assert first - again == Counter({"cross-login": 1, "page": 1})


def test_a_clock_that_is_set_back_makes_everything_due():
    desk = Desk(plus_portal())
    desk.fetch()
    desk.script.names()
    desk.clock.add(days=-30)
    desk.fetch()
    assert "statistics" in desk.script.names()


@pytest.mark.parametrize("status", [2, "2"])
def test_a_status_that_turns_to_fault_asks_for_devices_and_alarms_at_once(status):
    desk = Desk(plus_portal())
    desk.fetch()
    desk.script.names()
    desk.clock.add(minutes=1)
    desk.script.answers[FLOW] = flow(status=status)
    fault = [device("INVERTER", "INV", status=2)]
    desk.script.answers[DEVICES] = ok({"deviceDetailList": fault})
    desk.script.answers[ALARMS] = ok({"dataList": [alarm("A")], "total": 1})
    found = reading(desk.fetch())
    assert found.station.state is found.inverters[0].state is DeviceState.FAULT
    assert [it.active for it in found.alarms] == [True]
    assert set(desk.script.names()) == {"flow", "info", "all-status", "page"}
    desk.clock.add(minutes=1)
    desk.fetch()
    assert desk.script.names() == ["flow"]  # it did not turn again
    desk.script.answers[FLOW] = flow(status=1)
    desk.clock.add(minutes=1)
    desk.fetch()
    assert set(desk.script.names()) == {"flow", "all-status", "page"}


def test_every_page_of_the_station_list_is_read():
    rows = [{"id": f"S{n}", "name": f"Roof {n}"} for n in range(5)]

    def page(request):
        body = json.loads(request.body)
        first = (body["current"] - 1) * 2
        return ok({"dataList": rows[first : first + 2], "total": 5})

    desk = Desk(plus_portal(**{"*/portal/stations/page": page}))
    found = desk.client.stations()
    assert not isinstance(found, PollFailed)
    assert [it.id for it in found] == ["S0", "S1", "S2", "S3", "S4"]


def test_a_list_that_repeats_itself_for_ever_ends():
    again = ok({"dataList": [{"id": "S"}], "total": 10**9})
    desk = Desk(plus_portal(**{"*/portal/stations/page": again}))
    found = desk.client.stations()
    assert not isinstance(found, PollFailed)
    assert len(found) == 1
    assert desk.script.count("*/portal/stations/page") == 2


@pytest.mark.parametrize(
    ("rows", "trouble"),
    [
        (ok({"dataList": [], "total": 0}), Trouble.NO_STATION),
        (ok({}), Trouble.PORTAL_CHANGED),
        (ok(None), Trouble.PORTAL_CHANGED),
    ],
)
def test_an_account_without_a_station_and_a_list_without_data(rows, trouble):
    desk = Desk(plus_portal(**{"*/portal/stations/page": rows}))
    assert desk.trouble() is trouble
    found = desk.client.stations()
    assert isinstance(found, PollFailed)
    assert found.trouble is trouble


def test_another_station_starts_with_nothing_held():
    desk = Desk(plus_portal())
    desk.fetch()
    desk.client.choose("S-2")
    desk.script.answers[DEVICES] = BROKEN
    found = reading(desk.fetch())
    assert (found.station.id, found.inverters) == ("S-2", ())
    assert desk.script.sign_ins == 1


def test_requests_are_counted_by_the_day():
    desk = Desk(plus_portal())
    first = desk.fetch()
    assert first.requests_today == len(desk.script.asked)
    desk.clock.add(minutes=1)
    assert desk.fetch().requests_today == first.requests_today + 1
    desk.clock.add(days=1)
    desk.script.names()
    assert desk.fetch().requests_today == len(desk.script.asked)


def test_requests_do_not_come_in_a_burst():
    pauses: list[float] = []
    desk = Desk(plus_portal(), sleep=pauses.append)
    desk.fetch()
    assert pauses == [0.1] * (len(desk.script.asked) - 1)


def test_what_the_portal_repeats_of_the_secrets_is_masked():
    token = "tok-0123456789"
    desk = Desk(plus_portal(**{PLUS_LOGIN: plus_login(token)}))
    desk.fetch()
    words = (
        f"{desk.vault.who.account} {desk.vault.who.password} {token} GW10KET221000001"
    )
    desk.script.answers[FLOW] = {"code": "X1", "description": words}
    failed = desk.fetch()
    assert isinstance(failed, PollFailed)
    assert failed.detail == "••• ••• ••• •••"


@pytest.mark.parametrize("pad", range(150, 210))
def test_a_password_that_is_cut_in_half_is_masked(pad):
    words = "x " * (pad // 2) + Vault().who.password
    desk = Desk({PLUS_LOGIN: {"code": "C0501", "description": words}})
    failed = desk.fetch()
    assert isinstance(failed, PollFailed)
    assert "hun" not in failed.detail


def test_a_curve_waits_for_the_stations_zone():
    row = [{"item": "pSystem", "powerData": [{"tp": "2026-06-21 12:00", "power": 1}]}]
    script = plus_portal(**{"*/statisticsAndPreV2": ok({"dataList": row})})
    desk = Desk(script, station_id=STATION)
    points = desk.client.day_curve(date(2026, 6, 21))
    assert not isinstance(points, PollFailed)
    (point,) = points
    assert point.at == datetime(2026, 6, 21, 10, tzinfo=UTC)


def test_a_portal_that_lives_ahead_is_followed():
    ahead = NOON + timedelta(hours=3)
    body = json.dumps(flow(refreshTime="2026-06-21T14:59:00")).encode()
    reply = Reply(status=200, body=body, date=ahead)
    script = plus_portal(**{FLOW: reply})
    script["*/stations/basic/info"] = Reply(
        status=200,
        body=json.dumps(ok({"zoneId": "Europe/Amsterdam"})).encode(),
        date=ahead,
    )
    found = reading(Desk(script).fetch())
    assert found.measured_at == ahead - timedelta(minutes=1)
    assert found.portal_ahead_s == 10800.0
