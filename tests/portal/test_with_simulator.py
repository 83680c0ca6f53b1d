"""The client and the simulator, which share no code, over real HTTP."""

import logging
from datetime import UTC, datetime

import pytest

from sems_tray.domain.model import BatteryState, Dialect
from sems_tray.domain.poll_result import PollFailed, Trouble
from sems_tray.portal.poll_plan import PollRequest
from sems_tray.simulator.scenarios import SCENARIOS
from tests.portal.scripted import EVERYTHING, reading

# 12:52 in Madrid, as in tests/simulator.
AT = datetime(2026, 4, 21, 10, 52, 30, tzinfo=UTC)

BOTH = pytest.mark.parametrize("dialect", Dialect)
DAYS = [it for it in SCENARIOS if it not in {"throttled", "refused"}]


@BOTH
@pytest.mark.parametrize("scenario", DAYS)
def test_every_scenario_gives_a_whole_reading(start, scenario, dialect):
    sim, client, _ = start(scenario, dialect)
    found = reading(client.fetch(EVERYTHING))
    assert found.stale == ()
    assert found.dialect is dialect
    assert sim.sign_ins == 1
    assert (found.battery is None) == (scenario == "pv-only")
    power = found.power
    if scenario == "pv-only":
        assert (power.load_w, power.grid_w, power.battery_w) == (None, None, None)
    else:
        balance = power.pv_w + power.battery_w - power.grid_w
        assert abs(power.load_w - balance) <= 1.0
    assert found.measured_at <= found.received_at
    for period in (found.energy.today, found.energy.month, found.energy.total):
        assert period.pv_kwh is not None


@BOTH
def test_signs_and_sizes_are_those_of_the_plant(start, dialect):
    sim, client, _ = start("day", dialect)
    sim.override(soc_percent=76, pv_w=5000, battery_w=900, load_w=400)
    found = reading(client.fetch(EVERYTHING))
    power, battery = found.power, found.battery
    assert (power.pv_w, power.load_w) == (5000, 400)
    assert (power.battery_w, power.grid_w) == (900, 5500)
    assert (battery.soc_percent, battery.state) == (76.0, BatteryState.DISCHARGING)


@BOTH
def test_what_today_earned_is_that_of_the_books(start, dialect):
    sim, client, _ = start("day", dialect)
    today = reading(client.fetch(EVERYTHING)).energy.today
    assert today.income == pytest.approx(sim.books.income_today(), abs=0.1)


@pytest.mark.parametrize(
    ("scenario", "name"),
    [("fault", "Isolation Failure"), ("grid-lost", "Utility Loss")],
)
def test_an_event_has_a_device_and_one_name_in_both_dialects(start, scenario, name):
    names = []
    for dialect in Dialect:
        _, client, _ = start(scenario, dialect)
        found = reading(client.fetch(EVERYTHING))
        (alarm,) = [it for it in found.alarms if it.active]
        assert alarm.name == name
        assert alarm.device_sn in {it.sn for it in found.inverters}
        names.append((alarm.code, alarm.device_sn))
    assert names[0] == names[1]


@BOTH
def test_several_stations_and_one_that_is_not_there(start, dialect):
    sim, client, _ = start("multi", dialect)
    found = client.stations()
    assert [it.id for it in found] == list(sim.books.station_ids)
    client.choose(found[-1].id)
    assert reading(client.fetch(PollRequest())).station.id == found[-1].id
    client.choose("00000000-dead-4000-8000-000000000000")
    assert client.fetch(PollRequest()).trouble is Trouble.NO_STATION


@BOTH
def test_a_days_curve(start, dialect):
    sim, client, _ = start("day", dialect)
    points = client.day_curve(AT.date())
    assert not isinstance(points, PollFailed)
    noon = next(it for it in points if it.at == AT.replace(minute=0, second=0))
    (books,) = [p for at, p in sim.books.minutes(AT.date()) if at == noon.at]
    assert noon.power.pv_w == pytest.approx(books.pv_w, rel=0.05, abs=50)
    balance = noon.power.pv_w + noon.power.battery_w - noon.power.grid_w
    assert noon.power.load_w == pytest.approx(balance, abs=2)


@BOTH
def test_neither_password_nor_token_is_logged(start, dialect, caplog):
    caplog.set_level(logging.DEBUG)
    sim, client, clock = start("day", dialect)
    reading(client.fetch(EVERYTHING))
    sim.expire_tokens()
    clock.add(minutes=2)
    reading(client.fetch(EVERYTHING))
    sim.fail("", "500")
    client.fetch(EVERYTHING)
    token = client._policy._session.token
    assert token
    for secret in (token, "ZmUwMWNlMmE3ZmJhYzhmYWZhZWQ3Yzk4MmEwNGUyMjk=", "@"):
        assert secret not in caplog.text
    assert '"demo"' not in caplog.text
