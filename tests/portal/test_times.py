"""Times that lie, in both dialects: none of them makes a reading look young."""

import json
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sems_tray.portal.classic.monitor import parse_monitor
from sems_tray.portal.classic.stations import local_time
from sems_tray.portal.classic.statistics import parse_pac_day, parse_power_chart
from sems_tray.portal.semsplus.flow import measured_at
from sems_tray.portal.semsplus.statistics import parse_curve
from sems_tray.portal.wire.values import epoch_ms
from tests.portal.scripted import NOON, monitor

MINUTE_MS = 60_000
NOW_MS = NOON.timestamp() * 1000


def age_of(**entry):
    """Return the age that a classic reading has, or None if it cannot be told."""
    body = monitor(inverter=[{"sn": "INV", "status": 1, "out_pac": 1, **entry}])
    raw = json.dumps(body["data"]).encode()
    at = parse_monitor(raw, "S", NOON).live.measured_at
    return None if at is None else NOON - at


# Up to a quarter of an hour clocks may differ; of a clock that runs ahead by more the
# domain's logger_clock decides.
@pytest.mark.parametrize("minutes", [5, -5, -60])
def test_last_time_is_believed_before_all_others(minutes):
    full = {"last_time": str(NOW_MS - minutes * MINUTE_MS)}
    assert age_of(invert_full=full) == timedelta(minutes=minutes)


def test_a_last_time_that_lies_leaves_the_words_beside_it():
    full = {"last_time": 4102444800000}
    words = "06/21/2026 11:50:00"
    assert age_of(invert_full=full, last_refresh_time=words) == timedelta(minutes=10)


@pytest.mark.parametrize("leaf", [1, 0, -1, 253402300799000, 1e300, None, ""])
def test_epochs_of_another_age_are_no_times(leaf):
    assert epoch_ms(leaf) is None
    assert epoch_ms(1768056758134) == datetime(2026, 1, 10, 14, 52, 38, 134000, UTC)


@pytest.mark.parametrize(
    ("words", "order", "expected"),
    [
        ("01/10/2026 15:52:38", "dd/MM/yyyy", "2026-10-01 15:52:38"),
        ("01/10/2026 15:52:38", "MM/dd/yyyy", "2026-01-10 15:52:38"),
        ("09.05.2026 18:49:40", "MM.dd.yyyy", "2026-09-05 18:49:40"),
        ("06/22/2025 17: 06: 27", "", "2025-06-22 17:06:27"),
        ("2026-06-21 10:00", "yyyy-MM-dd", "2026-06-21 10:00:00"),
        *((it, "MM/dd/yyyy", "None") for it in ("31/12/2026 10:00", "yesterday", "")),
        *((f"12/31/{year} 10:00", "MM/dd/yyyy", "None") for year in ("9999", "0001")),
    ],
)
def test_local_times_follow_the_accounts_order(words, order, expected):
    assert str(local_time(words, order)) == expected


@pytest.mark.parametrize(
    "leaf", [None, "", 0, "20260621", "1782036000000", "soon", [], {}, "21/06/2026"]
)
def test_a_refresh_time_that_is_no_iso_time_is_unknown(leaf):
    assert measured_at(leaf, UTC, NOON) is None


@pytest.mark.parametrize("year", ["0001", "9999"])
@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York"])
def test_a_curve_of_another_age_is_empty(year, zone):
    points = [{"tp": f"{year}-12-31 23:59:00", "power": 1}]
    raw = json.dumps({"dataList": [{"item": "pSystem", "powerData": points}]}).encode()
    pac = json.dumps({"pacs": [{"date": f"12/31/{year} 23:59:00", "pac": 1}]}).encode()
    assert parse_curve(raw, ZoneInfo(zone)) == ()
    assert parse_pac_day(pac, ZoneInfo(zone)) == ()


def test_a_chart_without_clocks_is_empty():
    lines = [{"key": "PCurve_Power_PV", "xy": [{"x": "25:99", "y": 1}, {"y": 2}]}]
    raw = json.dumps({"lines": lines}).encode()
    assert parse_power_chart(raw, date(2026, 6, 21), UTC) == ()
