"""Recorded SEMS+ sign-ins, errors, stations and devices: what an owner must see."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from sems_tray.domain.model import (
    Accessory,
    BatteryPack,
    BatteryState,
    DeviceState,
    Dialect,
    Inverter,
    Meter,
    Powers,
    Station,
)
from sems_tray.domain.poll_result import Trouble
from sems_tray.portal.assemble_reading import completed
from sems_tray.portal.errors import PortalError, SessionExpiredError
from sems_tray.portal.http.trusted_hosts import Hosts
from sems_tray.portal.semsplus import devices
from sems_tray.portal.semsplus.flow import parse_flow
from sems_tray.portal.semsplus.sign_in import read_session
from sems_tray.portal.semsplus.stations import parse_stations
from sems_tray.portal.session import check_signed_in
from sems_tray.portal.station_cache import Live
from sems_tray.portal.wire.envelope import data_of
from tests.portal.replies import data, envelope, json_of, reads, text_of

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 9, 30, 12, tzinfo=UTC)


def trouble_of(recordings, name, read):
    with pytest.raises(PortalError) as caught:
        read(envelope(text_of(recordings, name)))
    return caught.value


@reads("semsplus_web_cross_login")
def test_a_sign_in_gives_a_session_at_the_gateway(recordings):
    body = json_of(recordings, "semsplus_web_cross_login")["response"]
    session = read_session(envelope(body), Hosts(), NOW)
    assert session.dialect is Dialect.SEMSPLUS
    assert session.base == "https://eu-gateway.semsportal.com/web/sems"
    assert session.token == "<redacted_web_token>"
    assert session.uid == "<user_id>"
    assert session.login == body["data"]


@reads("semsplus_login_error_100004_parameter_error")
def test_a_sign_in_of_the_old_kind_means_a_changed_portal(recordings):
    name = "semsplus_login_error_100004_parameter_error"
    caught = trouble_of(recordings, name, lambda it: check_signed_in(it, NOW))
    assert caught.trouble is Trouble.PORTAL_CHANGED
    assert caught.detail == "parameter error."


@reads("semsplus_error_C0602_account_login_abnormal")
def test_an_abnormal_login_is_not_about_the_password(recordings):
    name = "semsplus_error_C0602_account_login_abnormal"
    caught = trouble_of(recordings, name, lambda it: check_signed_in(it, NOW))
    assert (caught.trouble, caught.detail) == (Trouble.SIGN_IN, "账号登录异常")
    expired = trouble_of(recordings, name, data_of)
    assert isinstance(expired, SessionExpiredError)


@reads("semsplus_error_GY0429_rate_limited")
def test_gy0429_is_throttled(recordings):
    caught = trouble_of(recordings, "semsplus_error_GY0429_rate_limited", data_of)
    assert (caught.trouble, caught.retry_after) == (Trouble.THROTTLED, None)


@reads(
    "semsplus_error_P0215_op_fail",
    "semsplus_error_S0327_bad_dimension",
    "semsplus_error_read_fail_remote_params",
)
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("semsplus_error_P0215_op_fail", "operation failed"),
        (
            "semsplus_error_S0327_bad_dimension",
            "Statistical dimension parameters are incorrect",
        ),
        ("semsplus_error_read_fail_remote_params", "读取失败"),
    ],
)
def test_other_errors_are_no_reason_to_sign_in_again(recordings, name, words):
    caught = trouble_of(recordings, name, data_of)
    assert (caught.trouble, caught.detail) == (Trouble.UNREADABLE, words)
    assert not isinstance(caught, SessionExpiredError)


@reads("semsplus_station_list")
def test_the_station_list(recordings):
    found = parse_stations(data(recordings, "semsplus_station_list"))
    station = Station(
        id="<station_id>",
        name="<station_name>",
        capacity_kwp=3.0,
        timezone="Europe/Amsterdam",
        stores=False,
        state=DeviceState.RUNNING,
    )
    assert found == ((station,), 1)


@reads("semsplus_station_flow_pv_only")
def test_pv_alone_has_no_house_no_grid_and_no_battery(recordings):
    raw = data(recordings, "semsplus_station_flow_pv_only")
    assert parse_flow(raw, AMSTERDAM, NOW) == Live(
        measured_at=datetime(2026, 9, 23, 11, 56, tzinfo=UTC),
        power=Powers(pv_w=2280.0),
        ac_w=2280.0,
        state=DeviceState.RUNNING,
        battery_seen=False,
    )


@reads("semsplus_station_flow_meter_night_import")
def test_a_night_of_buying_has_no_sun_and_no_battery(recordings):
    raw = data(recordings, "semsplus_station_flow_meter_night_import")
    live = parse_flow(raw, AMSTERDAM, NOW)
    assert live == Live(
        measured_at=datetime(2026, 9, 24, 19, 19, tzinfo=UTC),
        power=Powers(load_w=1351.0, grid_w=-1351.0),
        ac_w=0.0,
        state=DeviceState.OFFLINE,
        battery_seen=False,
    )
    whole = Powers(pv_w=0.0, load_w=1351.0, grid_w=-1351.0)
    assert completed(live, stores=False) == whole


@reads("semsplus_hybrid_station_flow")
def test_an_evening_on_the_battery_discharges_and_imports_a_watt(recordings):
    raw = data(recordings, "semsplus_hybrid_station_flow")
    live = parse_flow(raw, ZoneInfo("Australia/Sydney"), NOW)
    assert live == Live(
        measured_at=datetime(2026, 9, 24, 8, 2, tzinfo=UTC),
        power=Powers(pv_w=77.72, load_w=841.17, grid_w=-1.0, battery_w=762.45),
        ac_w=840.17,
        soc_percent=99.0,
        state=DeviceState.RUNNING,
        battery_seen=True,
    )


@reads("semsplus_mqtt_second_data_messages")
def test_live_messages_have_numbers_as_text(recordings):
    for n, message in enumerate(
        json_of(recordings, "semsplus_mqtt_second_data_messages")
    ):
        body = {"code": "00000", "data": message}
        live = parse_flow(data_of(envelope(body)), AMSTERDAM, NOW)
        assert live == Live(
            measured_at=datetime(2026, 9, 23, 8, 0, 5 * n, tzinfo=UTC),
            power=Powers(pv_w=0.0, load_w=500.0, grid_w=0.0, battery_w=500.0),
            ac_w=500.0,
            soc_percent=50.0,
            state=DeviceState.UNKNOWN,
            battery_seen=True,
        )


@reads("semsplus_all_status_single_inverter")
def test_one_inverter(recordings):
    raw = data(recordings, "semsplus_all_status_single_inverter")
    found = devices.parse_all_status(raw)
    assert found.inverters == (
        Inverter(
            sn="<inverter_serial>",
            name="<inverter_name>",
            state=DeviceState.RUNNING,
            status=1,
        ),
    )
    assert (found.meters, found.racks, found.accessories) == ((), (), ())
    assert found.stores == frozenset()


@reads("semsplus_all_status_grid_inverter_running_status5")
def test_status_5_is_running_and_grid_is_no_model(recordings):
    raw = data(recordings, "semsplus_all_status_grid_inverter_running_status5")
    found = devices.parse_all_status(raw)
    assert found.inverters == (
        Inverter(
            sn="INV-SN-TESTE-01",
            name="Inversor 1",
            state=DeviceState.RUNNING,
            status=5,
        ),
    )
    assert found.accessories == (
        Accessory(
            sn="DONGLE-SN-TESTE-01",
            kind="DONGLE",
            name="Dongle 1",
            state=DeviceState.RUNNING,
        ),
    )
    assert found.stores == frozenset()


@reads("semsplus_hybrid_all_status")
def test_a_rack_of_status_0_is_a_battery_and_no_verdict(recordings):
    found = devices.parse_all_status(data(recordings, "semsplus_hybrid_all_status"))
    assert [(it.name, it.state) for it in found.inverters] == [
        ("Inverter", DeviceState.RUNNING)
    ]
    rack = "<battery_rack_serial>"
    assert found.racks == (BatteryPack(sn=rack, name=rack),)
    assert [it.sn for it in found.accessories] == ["<dongle_serial>"]
    assert found.stores == {"<inverter_serial>"}
    assert found.kinds == {
        "<inverter_serial>": "INVERTER",
        rack: "BATTERY_RACK",
        "<dongle_serial>": "DONGLE",
    }


@reads("semsplus_smart_meter_all_status_inverter_offline_night")
def test_an_inverter_sleeps_while_its_meter_works(recordings):
    raw = data(recordings, "semsplus_smart_meter_all_status_inverter_offline_night")
    found = devices.parse_all_status(raw)
    assert [(it.sn, it.state) for it in found.inverters] == [
        ("<INVERTER_SN>", DeviceState.OFFLINE)
    ]
    assert found.meters == (
        Meter(sn="<METER_SN>", name="<METER_SN>", state=DeviceState.RUNNING),
    )
    assert found.stores == frozenset()


@reads(
    "semsplus_hybrid_related_devices_bat_sys",
    "semsplus_related_devices_bat_sys_charging",
)
@pytest.mark.parametrize(
    ("name", "state", "soc", "power_w"),
    [
        (
            "semsplus_hybrid_related_devices_bat_sys",
            BatteryState.DISCHARGING,
            99.0,
            796.08,
        ),
        (
            "semsplus_related_devices_bat_sys_charging",
            BatteryState.CHARGING,
            55.0,
            -11545.68,
        ),
    ],
)
def test_a_battery_system_charges_or_discharges(recordings, name, state, soc, power_w):
    assert devices.parse_related(data(recordings, name)) == (
        BatteryPack(
            sn="<battery_system_serial>",
            name="BAT1",
            state=state,
            soc_percent=soc,
            power_w=power_w,
        ),
    )


@reads("semsplus_remote_device_start_stop")
def test_the_answers_to_a_switch_are_a_success_without_data(recordings):
    whole = json_of(recordings, "semsplus_remote_device_start_stop")
    answers = [it["response"] for it in whole["captures"]]
    assert len(answers) == 2
    for body in [*answers, whole["function_menus_request"]["response"]]:
        assert envelope(body).ok
        assert bytes(data_of(envelope(body))) == b"null"
        with pytest.raises(PortalError) as caught:
            parse_flow(data_of(envelope(body)), AMSTERDAM, NOW)
        assert caught.value.trouble is Trouble.PORTAL_CHANGED
