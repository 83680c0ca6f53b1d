"""A poll is an outcome whatever the portal sends: no crash, no made-up battery."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sems_tray.domain.model import Dialect
from sems_tray.domain.poll_result import PollFailed, PollSucceeded
from sems_tray.i18n.formatting import UNSAFE
from sems_tray.portal.http.transport import Reply, http_date
from tests.portal.odd import JSON, ODD, fuzz, mutated, words_of
from tests.portal.replies import json_of
from tests.portal.scripted import (
    EVERYTHING,
    NOON,
    Desk,
    alarm,
    classic_portal,
    device,
    ok,
    plus_portal,
)
from tests.portal.totals import chart

DAY = date(2026, 6, 21)
POINTS = [{"tp": "2026-06-21 11:00:00", "power": 1}]
DEVICES = [
    device("INVERTER", "INV", subtype="store"),
    *(device(kind, kind) for kind in ("SMART_METER", "BATTERY_RACK", "EV_CHARGER")),
]
SYSTEM = {"sn": "BAT", "type": "BAT_SYS", "status": 6, "soc": 76, "pbat": -1.2}
WARNING = {"sn": "INV", "warning": [{"warning_code": "E-G3-0-18"}]}
SCRIPTS = {
    Dialect.SEMSPLUS: plus_portal(
        **{
            "*/device/all-status": ok({"deviceDetailList": DEVICES}),
            "*/relatedDevices": ok([SYSTEM]),
            "*/getLastCharge": ok({"chargeLog": {"workStu": 6, "pevChar": 7.6}}),
            "*/alarm/page": ok({"dataList": [alarm("A")], "total": 1}),
            "*/hems/power/*": ok({"dataList": [{"item": "soc", "powerData": POINTS}]}),
        }
    ),
    Dialect.CLASSIC: classic_portal(
        **{
            "*/PowerstationWarningsQuery": ok([WARNING]),
            "*/GetChartByPlant": chart(PVGeneration={"2026-06": 1.0}, Income={}),
            "*/GetPlantPowerChart": chart(PCurve_Power_PV={"11:00": 1}),
            "*/GetPowerStationPacByDayForApp": ok(
                {"pacs": [{"date": "06/21/2026 11:00:00", "pac": 1}]}
            ),
        }
    ),
}
PARTS = [(dialect, path) for dialect, script in SCRIPTS.items() for path in script]


def checked(outcome):
    """Check what must hold of every outcome."""
    assert isinstance(outcome, PollSucceeded | PollFailed)
    assert not any(UNSAFE.search(it) for it in words_of(outcome))
    if isinstance(outcome, PollSucceeded):
        kwp, pv_w = outcome.reading.station.capacity_kwp, outcome.reading.power.pv_w
        assert pv_w is None or 0 <= pv_w <= (max(5_000 * kwp, 20e3) if kwp else 50e6)
    if isinstance(outcome, PollSucceeded) and outcome.reading.battery is not None:
        soc = outcome.reading.battery.soc_percent
        assert soc is None or 0 <= soc <= 100
    return outcome


@pytest.mark.parametrize(("dialect", "path"), PARTS)
@fuzz
@given(draw=st.data())
def test_a_whole_poll_survives_any_change_of_one_part(dialect, path, draw):
    part = draw.draw(mutated(SCRIPTS[dialect][path]))
    desk = Desk(SCRIPTS[dialect] | {path: part}, dialect=dialect)
    checked(desk.fetch(EVERYTHING))
    desk.clock.add(minutes=2)
    checked(desk.fetch())
    desk.client.day_curve(DAY)
    desk.script.answers.pop("*/GetPlantPowerChart", None)  # so the older one is asked
    desk.client.day_curve(DAY)


@given(
    st.lists(
        st.binary(max_size=30) | JSON.map(lambda it: json.dumps(it).encode()),
        min_size=1,
        max_size=20,
    ),
    st.sampled_from([None, *Dialect]),
)
def test_a_portal_of_noise_is_an_outcome_too(bodies, dialect):
    noise = [Reply(status=200, body=body) for body in bodies]
    checked(Desk({"*": noise}, dialect=dialect).fetch(EVERYTHING))


@pytest.mark.parametrize(
    "day", ["Fri, 31 Dec 9999 23:59:59 GMT", "Thu, 01 Jan 2026 00:00:00 +9999"]
)
def test_a_date_of_another_age_is_no_date(day):
    assert http_date(day) is None


@pytest.mark.parametrize("years", [-30, 30, 150])
def test_a_portal_that_lives_in_another_decade_is_no_crash(years):
    body = json.dumps(plus_portal()["*/stations/flow"]).encode()
    date_ = NOON.replace(year=NOON.year + years)
    script = plus_portal(
        **{"*/stations/flow": Reply(status=200, body=body, date=date_)}
    )
    checked(Desk(script).fetch(EVERYTHING))


@fuzz
@given(draw=st.data())
def test_no_battery_is_invented_for_a_station_without_one(draw, recordings):
    """A SoC and other odd values may appear; a battery power may not: it is proof."""
    body = draw.draw(mutated(json_of(recordings, "semsplus_station_flow_pv_only")))
    if isinstance(body, dict) and isinstance(body.get("data"), dict):
        body["data"]["soc"] = draw.draw(ODD)
    outcome = Desk(plus_portal(**{"*/stations/flow": body})).fetch(EVERYTHING)
    if isinstance(outcome, PollSucceeded):
        assert outcome.reading.battery is None
        assert outcome.reading.power.battery_w is None
