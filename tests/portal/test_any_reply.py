"""Whatever the portal sends is read or refused: no crash, nothing made up, no marks."""

import copy
import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sems_tray.domain.model import Dialect
from sems_tray.domain.poll_result import PollFailed, PollSucceeded, Trouble
from sems_tray.i18n.formatting import UNSAFE
from sems_tray.portal.classic.monitor import parse_monitor
from sems_tray.portal.errors import PortalError
from sems_tray.portal.http.transport import Reply, http_date
from sems_tray.portal.session import read_login
from sems_tray.portal.wire.envelope import data_of, open_envelope, read
from tests.portal.odd import JSON, MARKS, ODD, fuzz, mutated, words_of
from tests.portal.replies import envelope, json_of
from tests.portal.scripted import (
    CLASSIC_LOGIN,
    EVERYTHING,
    NOON,
    PLUS_LOGIN,
    Desk,
    alarm,
    classic_portal,
    device,
    monitor,
    ok,
    plus_portal,
    reading,
)
from tests.portal.test_recordings import READ
from tests.portal.totals import chart

NOW = datetime(2026, 9, 30, tzinfo=UTC)


def read_monitor(raw):
    return parse_monitor(raw, "S", NOW)


# The parsers of recorded replies, by the files that they read; whole polls and months
# are read of any reply below and in ``test_past_any``.
RECORDED = {name: read for name, (read, _) in READ.items()} | {
    "legacy_monitor_v2_running_DT_three_phase_sentinels": read_monitor,
    "legacy_monitor_v3_offline_night_NS_single": read_monitor,
}


def read_or_refuse(read_it, raw):
    try:
        return read_it(raw)
    except PortalError as refused:
        if not isinstance(refused.trouble, Trouble):
            raise
        return None


@given(st.integers(100, 599), st.binary(max_size=200))
def test_any_bytes_are_opened_or_refused(status, body):
    read_or_refuse(
        lambda it: data_of(open_envelope(it)), Reply(status=status, body=body)
    )


@given(st.fixed_dictionaries({"code": JSON, "data": JSON, "msg": JSON, "api": JSON}))
def test_any_envelope_is_opened_or_refused(body):
    found = read_or_refuse(envelope, body)
    if found is not None:
        read_or_refuse(data_of, found)
        read_or_refuse(read_login, found)


@pytest.mark.parametrize("depth", [100, 100_000])
def test_deep_nesting_is_read_or_refused(depth):
    for raw in (b"[" * depth + b"]" * depth, b'{"data":' * depth + b"1" + b"}" * depth):
        read_or_refuse(lambda it: read(it, dict), raw)


@pytest.mark.parametrize("name", RECORDED)
@fuzz
@given(draw=st.data())
def test_a_recorded_reply_that_changed_is_read_or_refused(name, draw, recordings):
    body = draw.draw(mutated(json_of(recordings, name)))
    opened = read_or_refuse(envelope, body) if isinstance(body, dict) else None
    raw = None if opened is None else read_or_refuse(data_of, opened)
    if raw is None:
        return
    found = read_or_refuse(RECORDED[name], raw)
    assert not any(UNSAFE.search(it) for it in words_of(found))


DAY = date(2026, 6, 21)
POINTS = [{"tp": "2026-06-21 11:00:00", "power": 1}]
DEVICES = [
    device("INVERTER", "INV", subtype="store"),
    *(device(kind, kind) for kind in ("SMART_METER", "BATTERY_RACK", "EV_CHARGER")),
]
ALARM = alarm("A") | {"devicesn": "INV", "warning_code": "E-1"}
SYSTEM = {"sn": "BAT", "type": "BAT_SYS", "status": 6, "soc": 76, "pbat": -1.2}
ENTRY = {"sn": "INV", "name": "Roof", "type": "GW5000-NS", "status": 2}
ENTRY |= {"fault_message": "Isolation Failure", "invert_full": {"hasmeter": True}}
WARNING = {"sn": "INV", "warning": [{"warning_code": "E-G3-0-18"}]}
SCRIPTS = {
    Dialect.SEMSPLUS: plus_portal(
        **{
            "*/device/all-status": ok({"deviceDetailList": DEVICES}),
            "*/relatedDevices": ok([SYSTEM]),
            "*/getLastCharge": ok({"chargeLog": {"workStu": 6, "pevChar": 7.6}}),
            "*/alarm/page": ok({"dataList": [ALARM], "total": 1}),
            "*/hems/power/*": ok({"dataList": [{"item": "soc", "powerData": POINTS}]}),
        }
    ),
    Dialect.CLASSIC: classic_portal(
        **{
            "*/GetMonitorDetailByPowerstationId": monitor(
                inverter=[ENTRY], homKit={"sn": "HOME"}, kpi={"currency": "EUR"}
            ),
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


LOGINS = {PLUS_LOGIN, CLASSIC_LOGIN}


def marked(value):
    """Put marks around and behind every text of a reply that is a person's to read."""
    if isinstance(value, dict):
        return {key: marked(it) for key, it in value.items()}
    if isinstance(value, list):
        return [marked(it) for it in value]
    plain = isinstance(value, str) and any(it.isalpha() for it in value)
    return f"{MARKS}{value}{MARKS}" if plain else value


def spoilt(script):
    script = copy.deepcopy(script)
    return {
        path: answer if path in LOGINS else answer | {"data": marked(answer["data"])}
        for path, answer in script.items()
    }


@pytest.mark.parametrize("dialect", Dialect)
def test_no_mark_of_any_field_of_any_reply_gets_in(dialect):
    desk = Desk(spoilt(SCRIPTS[dialect]), dialect=dialect)
    found = reading(desk.fetch(EVERYTHING))
    words = [*words_of(found), *words_of(desk.client.stations())]
    assert not [it for it in words if UNSAFE.search(it)]
    (inverter,) = found.inverters
    assert "INV" in inverter.sn
    assert any("INV" in (it.device_sn or "") for it in found.alarms)


def test_clean_names_are_what_they_were():
    station = {"name": "Müller屋顶\u202e ☀", "zoneId": "Europe/Amsterdam"}
    desk = Desk(plus_portal(**{"*/stations/basic/info": ok(station)}))
    assert reading(desk.fetch()).station.name == "Müller屋顶 ☀"


@pytest.mark.parametrize("dialect", Dialect)
@pytest.mark.parametrize("key", ["msg", "description", "errorMsg", "translationCode"])
def test_the_words_of_a_refusal_are_one_clean_line(key, dialect):
    login = PLUS_LOGIN if dialect is Dialect.SEMSPLUS else CLASSIC_LOGIN
    body = {"code": "C0501", key: f"Wrong{MARKS}\n password"}
    failed = Desk({login: json.dumps(body).encode()}, dialect=dialect).fetch()
    assert isinstance(failed, PollFailed)
    assert not UNSAFE.search(failed.detail)
    assert failed.detail.startswith("Wrong")
    assert failed.detail.endswith("password")
