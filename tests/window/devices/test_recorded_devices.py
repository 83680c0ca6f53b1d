"""Every recorded reply of devices and alarms can be shown; no card is empty."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from sems_tray.domain.model import DeviceState, Dialect, Inverter, Reading, Station
from sems_tray.portal.classic.monitor import parse_monitor
from sems_tray.portal.semsplus import alarms, devices
from sems_tray.window.alarms.page import AlarmsPage
from sems_tray.window.alarms.view_model import alarms_view
from sems_tray.window.devices.page import DevicesPage
from sems_tray.window.devices.view_model import devices_view
from tests.kit.readings import by_day
from tests.portal.replies import data, text_of

NOW = datetime(2026, 9, 30, 12, tzinfo=UTC)
HOME = ZoneInfo("Europe/Amsterdam")


def holding(**parts):
    return Reading(
        dialect=Dialect.SEMSPLUS,
        station=Station(id="S", timezone="Europe/Amsterdam"),
        received_at=NOW,
        **parts,
    )


def all_status(recordings, name):
    found = devices.parse_all_status(data(recordings, name))
    return holding(
        inverters=found.inverters,
        meters=found.meters,
        packs=found.racks,
        accessories=found.accessories,
    )


def measured(recordings, name):
    found = devices.parse_inverter(data(recordings, name))
    return holding(
        inverters=(
            Inverter(
                sn="S1",
                power_w=found.power_w,
                temperature_c=found.temperature_c,
                strings=found.strings,
                phases=found.phases,
            ),
        )
    )


def monitor(recordings, name):
    whole = "homekit" not in name  # that one was recorded without its envelope
    raw = data(recordings, name) if whole else text_of(recordings, name)
    found = parse_monitor(raw, "S", NOW)
    return replace(
        holding(
            inverters=tuple(it.inverter for it in found.inverters),
            packs=tuple(pack for it in found.inverters for pack in it.packs),
            meters=found.meters,
            accessories=found.accessories,
            alarms=found.alarms,
            measured_at=found.live.measured_at,
        ),
        station=found.station,
    )


def alarm_page(recordings, name):
    found, _ = alarms.parse_alarms(data(recordings, name), HOME, NOW)
    one = Inverter(sn="GW0000SN000TEST1", state=DeviceState.RUNNING)
    return holding(inverters=(one,), alarms=found)


REPLIES = [
    ("semsplus_all_status_single_inverter", all_status),
    ("semsplus_all_status_grid_inverter_running_status5", all_status),
    ("semsplus_hybrid_all_status", all_status),
    ("semsplus_smart_meter_all_status_inverter_offline_night", all_status),
    ("semsplus_inverter_telemetry_single_phase", measured),
    ("semsplus_hybrid_inverter_telemetry", measured),
    ("semsplus_alarm_page_one_active_one_recovered", alarm_page),
    ("legacy_monitor_v2_running_DT_three_phase_sentinels", monitor),
    ("legacy_monitor_v3_offline_night_NS_single", monitor),
    ("legacy_monitor_v3_homekit_offline_empty_powerflow_XS", monitor),
]


@pytest.mark.parametrize(("name", "read_it"), REPLIES, ids=[it[0] for it in REPLIES])
def test_a_recorded_reply_is_shown(recordings, qtbot, name, read_it):
    reading = read_it(recordings, name)
    view = devices_view(reading, NOW, by_day)
    assert view.cards
    for card in view.cards:
        assert card.sign or card.facts or card.grids or card.notes
    page, other = DevicesPage(), AlarmsPage()
    page.show_view(view)
    other.show_view(alarms_view(reading, (), (), NOW, HOME))
    for shown in (page, other):
        qtbot.addWidget(shown)
        shown.resize(440, 560)
        shown.show()
        assert shown.horizontalScrollBar().maximum() == 0


def test_the_recorded_alarms_are_one_that_holds_and_one_that_is_over(recordings):
    name = "semsplus_alarm_page_one_active_one_recovered"
    view = alarms_view(alarm_page(recordings, name), (), (), NOW, HOME)
    assert [(it.title, it.when) for it in view.active] == [
        ("Grid Overvoltage", "since 1 Jan 01:00 · 273 days")
    ]
    assert [(it.title, it.when) for it in view.history] == [
        ("Grid Undervoltage", "31 Dec 01:00–01:01 · lasted 1 min")  # noqa: RUF001
    ]


def test_the_recorded_three_phase_inverter(recordings):
    name = "legacy_monitor_v2_running_DT_three_phase_sentinels"
    (card,) = devices_view(monitor(recordings, name), NOW, by_day).cards
    assert card.copy_text == (
        "home · GW6000-DT · 56000222200W0000\n"
        "State: running at 6 Feb 11:22\n"
        "Power: 0.38 kW\nToday: 0.5 kWh\nIn all: 7,379.0 kWh\nInside: 32.6 °C\n"
        "String\tV\tA\tW\n1\t720.4\t0.4\t288\n2\t0.0\t0.0\t0\n"
        "Phase\tV\tA\tHz\n"
        "L1\t233.1\t0.5\t50.00\nL2\t233.5\t0.4\t50.00\nL3\t228.7\t0.5\t50.00\n"
        "As of 6 Feb 11:22, 2,062 days ago.\nFirmware 181809"
    )
