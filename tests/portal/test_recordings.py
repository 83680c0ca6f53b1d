"""Every recorded reply, with what an owner must see of it written out.

The monitor replies of the classic portal, which tell everything at once, are read in
``test_recordings_classic``.
"""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from sems_tray.domain.model import (
    Accessory,
    Alarm,
    BatteryPack,
    BatteryState,
    DeviceState,
    Dialect,
    Energy,
    EnergySums,
    Inverter,
    Meter,
    Powers,
    Station,
)
from sems_tray.domain.poll_result import Trouble
from sems_tray.portal.classic.stations import parse_list
from sems_tray.portal.errors import PortalError, SessionExpiredError
from sems_tray.portal.http.trusted_hosts import Hosts
from sems_tray.portal.semsplus import alarms, devices, statistics
from sems_tray.portal.semsplus.devices import DeviceList
from sems_tray.portal.semsplus.dialect import read_session
from sems_tray.portal.semsplus.flow import parse_flow
from sems_tray.portal.semsplus.stations import parse_stations
from sems_tray.portal.session import check_signed_in
from sems_tray.portal.station_cache import Counters, Live, Telemetry
from sems_tray.portal.wire.envelope import data_of
from tests.portal import test_recordings_classic  # noqa: F401 (it notes what it reads)
from tests.portal.replies import (
    RECORDED,
    data,
    envelope,
    json_of,
    phases,
    reads,
    strings,
)

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 9, 30, 12, tzinfo=UTC)
RUNNING, OFFLINE = DeviceState.RUNNING, DeviceState.OFFLINE
PACK = BatteryPack(sn="B", name="BAT1", state=BatteryState.DISCHARGING)
WALLBOX = Accessory(sn="C", kind="EV_CHARGER", state=RUNNING)
YEAR = date(2026, 1, 1), date(2026, 12, 31)


def device_list(inverters, *, stores=(), kinds, **others):
    rest = {"meters": (), "racks": (), "accessories": ()} | others
    return DeviceList(
        inverters=inverters, stores=frozenset(stores), kinds=kinds, **rest
    )


def inverter(sn, name, status):
    state = RUNNING if status else OFFLINE
    return (Inverter(sn=sn, name=name, state=state, status=status),)


def dongle(sn, name):
    return (Accessory(sn=sn, kind="DONGLE", name=name, state=RUNNING),)


def system(state, soc_percent, power_w):
    known = BatteryPack(sn="<battery_system_serial>", name="BAT1", state=state)
    return (replace(known, soc_percent=soc_percent, power_w=power_w),)


def live_in(zone):
    return lambda raw: parse_flow(raw, ZoneInfo(zone), NOW)


def sums(*of_periods):
    today, month, year, total = (EnergySums(**it) for it in of_periods)
    return Energy(today=today, month=month, year=year, total=total)


def stored(pv, charge, discharge):
    return {"pv_kwh": pv, "charge_kwh": charge, "discharge_kwh": discharge}


def sold(export, bought):
    return {"export_kwh": export, "import_kwh": bought}


def alarm(number, name, **more):
    return Alarm(
        id=f"alarm-{number}",
        name=name,
        device_sn="GW0000SN000TEST1",
        device_name="All-in-One 1",
        code=f"E-TEST-{number}",
        **more,
    )


DAY_SUMS = EnergySums(
    pv_kwh=31.4,  # not 27.0, which is the AC output
    load_kwh=29.01,
    import_kwh=17.57,
    export_kwh=9.76,
    charge_kwh=20.3,
    discharge_kwh=12.8,
    self_use_kwh=17.24,
)
YEAR_SUMS = EnergySums(
    pv_kwh=6791.0,  # not 8522.7
    load_kwh=14537.51,
    import_kwh=9216.08,
    export_kwh=388.67,
    charge_kwh=7587.8,
    discharge_kwh=7309.0,
    self_use_kwh=8134.03,
)
READ = {
    "legacy_QueryPowerStationMonitorForApp_list_offline": (
        parse_list,  # it knows no power
        (
            Station(
                id="000000-0000000-0000000-00000",
                name="place",
                capacity_kwp=4.5,
                stores=False,
                state=OFFLINE,
            ),
        ),
    ),
    "semsplus_station_list": (
        parse_stations,
        (
            (
                Station(
                    id="<station_id>",
                    name="<station_name>",
                    capacity_kwp=3.0,
                    timezone="Europe/Amsterdam",
                    stores=False,
                    state=RUNNING,
                ),
            ),
            1,
        ),
    ),
    "semsplus_station_flow_pv_only": (  # no house, no grid, no battery
        live_in("Europe/Amsterdam"),
        Live(
            measured_at=datetime(2026, 9, 23, 11, 56, tzinfo=UTC),
            power=Powers(pv_w=2280.0),
            ac_w=2280.0,
            state=RUNNING,
            battery_seen=False,
        ),
    ),
    "semsplus_station_flow_meter_night_import": (  # no sun, no battery
        live_in("Europe/Amsterdam"),
        Live(
            measured_at=datetime(2026, 9, 24, 19, 19, tzinfo=UTC),
            power=Powers(load_w=1351.0, grid_w=-1351.0),
            ac_w=0.0,
            state=OFFLINE,
            battery_seen=False,
        ),
    ),
    "semsplus_hybrid_station_flow": (  # it discharges and imports a watt
        live_in("Australia/Sydney"),
        Live(
            measured_at=datetime(2026, 9, 24, 8, 2, tzinfo=UTC),
            power=Powers(pv_w=77.72, load_w=841.17, grid_w=-1.0, battery_w=762.45),
            ac_w=840.17,
            soc_percent=99.0,
            state=RUNNING,
            battery_seen=True,
        ),
    ),
    "semsplus_all_status_single_inverter": (
        devices.parse_all_status,
        device_list(
            inverter("<inverter_serial>", "<inverter_name>", 1),
            kinds={"<inverter_serial>": "INVERTER"},
        ),
    ),
    "semsplus_all_status_grid_inverter_running_status5": (  # "grid" is no model
        devices.parse_all_status,
        device_list(
            inverter("INV-SN-TESTE-01", "Inversor 1", 5),
            accessories=dongle("DONGLE-SN-TESTE-01", "Dongle 1"),
            kinds={"INV-SN-TESTE-01": "INVERTER", "DONGLE-SN-TESTE-01": "DONGLE"},
        ),
    ),
    "semsplus_hybrid_all_status": (  # a rack of status 0 is a battery and no verdict
        devices.parse_all_status,
        device_list(
            inverter("<inverter_serial>", "Inverter", 5),
            racks=(
                BatteryPack(sn="<battery_rack_serial>", name="<battery_rack_serial>"),
            ),
            accessories=dongle("<dongle_serial>", "Dongle 1"),
            stores={"<inverter_serial>"},
            kinds={
                "<inverter_serial>": "INVERTER",
                "<battery_rack_serial>": "BATTERY_RACK",
                "<dongle_serial>": "DONGLE",
            },
        ),
    ),
    "semsplus_smart_meter_all_status_inverter_offline_night": (
        devices.parse_all_status,
        device_list(
            inverter("<INVERTER_SN>", "<INVERTER_SN>", 0),
            meters=(Meter(sn="<METER_SN>", name="<METER_SN>", state=RUNNING),),
            kinds={"<INVERTER_SN>": "INVERTER", "<METER_SN>": "SMART_METER"},
        ),
    ),
    "semsplus_hybrid_related_devices_bat_sys": (
        devices.parse_related,
        system(BatteryState.DISCHARGING, 99.0, 796.08),
    ),
    "semsplus_related_devices_bat_sys_charging": (
        devices.parse_related,
        system(BatteryState.CHARGING, 55.0, -11545.68),
    ),
    "semsplus_inverter_telemetry_single_phase": (
        devices.parse_inverter,
        Telemetry(
            power_w=1064.0,
            temperature_c=29.2,
            strings=strings((319.8, 3.1, 991.38)),
            phases=phases((233.3, 4.3, 49.95)),
        ),
    ),
    "semsplus_hybrid_inverter_telemetry": (
        devices.parse_inverter,
        Telemetry(
            power_w=897.0,
            temperature_c=53.7,
            strings=strings((131.7, 0.0, 0.0), (194.0, 0.4, 77.6)),
            phases=phases((244.1, 6.0, None)),
        ),
    ),
    "semsplus_hybrid_battery_system_telemetry": (
        lambda raw: devices.parse_pack(raw, PACK),
        replace(
            PACK,
            soc_percent=99.0,
            soh_percent=100.0,
            v=331.7,
            a=2.4,
            power_w=796.08,
            temperature_c=23.9,
        ),
    ),
    "semsplus_smart_meter_telemetry_three_phase_import": (
        lambda raw: devices.parse_meter(raw, Meter(sn="M")),
        Meter(
            sn="M",
            power_w=-1154.0,
            phases=phases(
                *((240.0, 2.52, -515.0), (234.3, 2.64, -422.0), (240.4, 2.02, -217.0)),
                power=True,
            ),
        ),
    ),
    "semsplus_inverter_telecounting_pv_only": (
        devices.parse_counters,
        Counters(
            power_w=1064.0,
            energy=sums(*({"pv_kwh": it} for it in (12.34, 123.45, 2345.67, 12345.67))),
        ),
    ),
    "semsplus_hybrid_inverter_telecounting": (
        devices.parse_counters,
        Counters(
            power_w=897.0,
            energy=sums(
                stored(31.4, 20.3, 12.8),
                stored(621.2, 667.3, 627.8),
                stored(6791.0, 7587.8, 7309.0),
                stored(7492.4, 7587.8, 7309.0),
            ),
        ),
    ),
    "semsplus_smart_meter_telecounting": (
        devices.parse_counters,
        Counters(
            energy=sums(
                sold(36.77, 12.84),
                sold(979.56, 406.72),
                sold(8761.2, 4506.88),
                sold(38846.49, 20314.77),
            )
        ),
    ),
    "semsplus_hybrid_statistics_day": (
        lambda raw: statistics.parse_period(raw, *YEAR),
        DAY_SUMS,
    ),
    "semsplus_hybrid_statistics_year_2026": (
        lambda raw: statistics.parse_period(raw, *YEAR),
        YEAR_SUMS,
    ),
    "semsplus_production_day_us": (  # a profit of 0 is no tariff
        statistics.parse_production,
        EnergySums(pv_kwh=20.8, currency="USD"),
    ),
    "semsplus_alarm_page_one_active_one_recovered": (
        lambda raw: alarms.parse_alarms(raw, AMSTERDAM, NOW),
        (
            (
                alarm(
                    1, "Grid Overvoltage", happened_at=datetime(2026, 1, 1, tzinfo=UTC)
                ),
                alarm(
                    2,
                    "Grid Undervoltage",
                    active=False,
                    happened_at=datetime(2025, 12, 31, tzinfo=UTC),
                    recovered_at=datetime(2025, 12, 31, 0, 1, tzinfo=UTC),
                ),
            ),
            2,
        ),
    ),
    "semsplus_ev_charger_last_charge_charging": (
        lambda raw: devices.parse_last_charge(raw, WALLBOX),
        replace(WALLBOX, power_w=7600.0),
    ),
}


@reads(*READ)
@pytest.mark.parametrize("name", READ)
def test_a_recorded_reply(recordings, name):
    read, expected = READ[name]
    assert read(data(recordings, name)) == expected


def signing_in(found):
    check_signed_in(found, NOW)


NO_HEADER = "legacy_error_100000_ver_is_not_fund_no_token_header"
ABNORMAL = "semsplus_error_C0602_account_login_abnormal"
REFUSALS = [
    (signing_in, Trouble.REFUSED, "legacy_login_error_100005_wrong_password"),
    (data_of, Trouble.SIGN_IN, "legacy_error_100001_no_access_please_login"),
    # A header that is not known means a changed portal.
    (data_of, Trouble.PORTAL_CHANGED, NO_HEADER),
    (signing_in, Trouble.PORTAL_CHANGED, NO_HEADER),
    (signing_in, Trouble.PORTAL_CHANGED, "semsplus_login_error_100004_parameter_error"),
    # An abnormal login is not about the password.
    (data_of, Trouble.SIGN_IN, ABNORMAL),
    (signing_in, Trouble.SIGN_IN, ABNORMAL),
    (data_of, Trouble.THROTTLED, "semsplus_error_GY0429_rate_limited"),
    (data_of, Trouble.UNREADABLE, "semsplus_error_P0215_op_fail"),
    (data_of, Trouble.UNREADABLE, "semsplus_error_S0327_bad_dimension"),
    (data_of, Trouble.UNREADABLE, "semsplus_error_read_fail_remote_params"),
]


@reads(*(name for *_, name in REFUSALS))
@pytest.mark.parametrize(("read", "trouble", "name"), REFUSALS)
def test_a_recorded_refusal_is_told_in_the_portals_words(
    recordings, read, trouble, name
):
    body = json_of(recordings, name)
    with pytest.raises(PortalError) as caught:
        read(envelope(body))
    words = body.get("msg") or body.get("description")
    detail = "" if trouble is Trouble.THROTTLED else words
    assert (caught.value.trouble, caught.value.detail) == (trouble, detail)
    is_expired = trouble is Trouble.SIGN_IN and read is data_of
    assert isinstance(caught.value, SessionExpiredError) is is_expired


@reads("semsplus_web_cross_login")
def test_a_sign_in_gives_a_session_at_the_gateway(recordings):
    body = json_of(recordings, "semsplus_web_cross_login")["response"]
    session = read_session(envelope(body), Hosts(), NOW)
    assert session.dialect is Dialect.SEMSPLUS
    assert session.base == "https://eu-gateway.semsportal.com/web/sems"
    assert session.token == "<redacted_web_token>"
    assert session.uid == "<user_id>"
    assert session.login == body["data"]


@reads("semsplus_mqtt_second_data_messages")
def test_live_messages_have_numbers_as_text(recordings):
    messages = json_of(recordings, "semsplus_mqtt_second_data_messages")
    for n, message in enumerate(messages):
        body = {"code": "00000", "data": message}
        assert parse_flow(data_of(envelope(body)), AMSTERDAM, NOW) == Live(
            measured_at=datetime(2026, 9, 23, 8, 0, 5 * n, tzinfo=UTC),
            power=Powers(pv_w=0.0, load_w=500.0, grid_w=0.0, battery_w=500.0),
            ac_w=500.0,
            soc_percent=50.0,
            state=DeviceState.UNKNOWN,
            battery_seen=True,
        )


@reads("semsplus_power_curve_day_1min_truncated")
def test_a_curve_begins_with_a_gap_and_not_with_zero(recordings):
    raw = data(recordings, "semsplus_power_curve_day_1min_truncated")
    points = statistics.parse_curve(raw, ZoneInfo("America/Sao_Paulo"))
    assert len(points) == 249
    found = [(f"{it.at:%F %H:%M}", it.power.pv_w) for it in points]
    assert found[:3] == [
        ("2026-09-29 03:00", None),
        ("2026-09-29 08:52", None),
        ("2026-09-29 08:53", 0.0),
    ]
    assert found[-1] == ("2026-09-29 12:59", 3896.0)
    others = {(it.power.battery_w, it.power.load_w, it.soc_percent) for it in points}
    assert others == {(None, None, None)}


@reads("semsplus_remote_device_start_stop")
def test_the_answers_to_a_switch_are_a_success_without_data(recordings):
    whole = json_of(recordings, "semsplus_remote_device_start_stop")
    answers = [it["response"] for it in whole["captures"]]
    assert len(answers) == 2
    for body in [*answers, whole["function_menus_request"]["response"]]:
        assert bytes(data_of(envelope(body))) == b"null"
        with pytest.raises(PortalError) as caught:
            parse_flow(data_of(envelope(body)), AMSTERDAM, NOW)
        assert caught.value.trouble is Trouble.PORTAL_CHANGED


UNASKED = ("semsplus_alarm_statistics_string_counts", "semsplus_ev_charger_detail")


@reads(*UNASKED)
@pytest.mark.parametrize("name", UNASKED)
def test_what_the_client_does_not_ask_for_is_a_reply_too(recordings, name):
    assert data(recordings, name)


def test_every_recording_has_its_test(recordings):
    assert {path.name for path in recordings.glob("*.json")} == RECORDED
