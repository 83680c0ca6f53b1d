"""Whatever the portal sends is read or refused: no crash, no made-up value."""

import json
from contextlib import suppress
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sems_tray.domain.model import Accessory, BatteryPack, Meter
from sems_tray.domain.poll_result import Trouble
from sems_tray.i18n.formatting import UNSAFE
from sems_tray.portal.classic import faults, monitor, stations
from sems_tray.portal.classic import statistics as charts
from sems_tray.portal.errors import PortalError
from sems_tray.portal.http.transport import Reply
from sems_tray.portal.semsplus import alarms, devices, flow, statistics
from sems_tray.portal.semsplus import stations as plus_stations
from sems_tray.portal.session import read_login
from sems_tray.portal.wire.envelope import data_of, open_envelope, read
from sems_tray.portal.wire.values import day_of, month_of, year_of
from tests.portal.odd import JSON, fuzz, mutated, words_of
from tests.portal.replies import envelope, json_of
from tests.portal.test_recordings import READ

WHERE = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 9, 30, tzinfo=UTC)
DAY = date(2026, 9, 24)

PARSERS = {
    "flow": lambda raw: flow.parse_flow(raw, WHERE, NOW),
    "stations": plus_stations.parse_stations,
    "info": lambda raw: plus_stations.parse_info(raw, "S"),
    "all-status": devices.parse_all_status,
    "models": devices.parse_models,
    "related": devices.parse_related,
    "telemetry": devices.parse_inverter,
    "pack": lambda raw: devices.parse_pack(raw, BatteryPack(sn="B")),
    "meter": lambda raw: devices.parse_meter(raw, Meter(sn="M")),
    "counters": devices.parse_counters,
    "information": devices.parse_information,
    "charge": lambda raw: devices.parse_last_charge(raw, Accessory(sn="C", kind="")),
    "statistics": lambda raw: statistics.parse_period(raw, DAY, DAY),
    "production": statistics.parse_production,
    "curve": lambda raw: statistics.parse_curve(raw, WHERE),
    "alarms": lambda raw: alarms.parse_alarms(raw, WHERE, NOW),
    "monitor": lambda raw: monitor.parse_monitor(raw, "S", NOW),
    "list": stations.parse_list,
    "warnings": lambda raw: faults.parse_warnings(raw, {}, WHERE, NOW),
    "power chart": lambda raw: charts.parse_power_chart(raw, DAY, WHERE),
    "pac day": lambda raw: charts.parse_pac_day(raw, WHERE),
    "bars": lambda raw: charts.parse_bars(raw, month_of),
    "days of the past": lambda raw: statistics.parse_past(raw, day_of),
    "months of the past": lambda raw: statistics.parse_past(raw, month_of),
    "years of the past": lambda raw: statistics.parse_past(raw, year_of),
}
# The parsers of recorded replies, with the files that they read.
RECORDED = {name: read for name, (read, _) in READ.items()} | {
    "legacy_monitor_v2_running_DT_three_phase_sentinels": PARSERS["monitor"],
    "legacy_monitor_v3_offline_night_NS_single": PARSERS["monitor"],
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


@pytest.mark.parametrize("name", PARSERS)
@fuzz
@given(raw=st.binary(max_size=60) | JSON.map(lambda it: json.dumps(it).encode()))
def test_any_data_is_read_or_refused(name, raw):
    with suppress(ValueError, PortalError):
        raw = data_of(envelope({"code": 0, "data": json.loads(raw)}))
    found = read_or_refuse(PARSERS[name], raw)
    assert not any(UNSAFE.search(it) for it in words_of(found))


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
