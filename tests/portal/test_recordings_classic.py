"""What the recorded classic monitor replies tell an owner, written out."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from sems_tray.domain.credentials import Credentials
from sems_tray.domain.model import (
    Accessory,
    DeviceState,
    Dialect,
    Energy,
    EnergySums,
    Powers,
    Station,
)
from sems_tray.domain.poll_result import Trouble
from sems_tray.portal.classic.dialect import Classic
from sems_tray.portal.classic.inverters import parse_inverter
from sems_tray.portal.classic.monitor import parse_monitor
from sems_tray.portal.classic.statistics import parse_pac_day
from sems_tray.portal.errors import PortalError
from sems_tray.portal.http.trusted_hosts import Hosts
from sems_tray.portal.station_cache import Income, Live
from tests.portal.replies import (
    data,
    envelope,
    json_of,
    phases,
    reads,
    strings,
    text_of,
)

BLIP, ISOLATION = "E-G3-0-12", "E-G3-0-18"
NOW = datetime(2026, 9, 5, 17, tzinfo=UTC)


def energy(*of_periods):
    today, month, total = (EnergySums(pv_kwh=it) for it in of_periods)
    return Energy(today=today, month=month, total=total)


def live(at, pv_w, state):
    power = Powers(pv_w=pv_w)
    return Live(measured_at=at, power=power, state=state, battery_seen=False)


def signed_in(recordings, name):
    owner = Credentials(account="owner@example.com", password="secret")
    reply = envelope(text_of(recordings, name))
    return Classic(Hosts()).sign_in(lambda _: reply, owner, NOW)


@reads("legacy_login_v2_success_openhab_2021")
def test_a_classic_sign_in_gives_a_session_in_europe(recordings):
    session = signed_in(recordings, "legacy_login_v2_success_openhab_2021")
    assert session.dialect is Dialect.CLASSIC
    assert session.base == "https://eu.semsportal.com/api"
    assert session.token == "12345678"
    assert session.login["timestamp"] == 1612644477008


@reads("legacy_login_v1_success_hk_seed")
def test_the_seeds_misspelt_host_may_not_hear_the_token(recordings):
    with pytest.raises(PortalError) as found:
        signed_in(recordings, "legacy_login_v1_success_hk_seed")
    assert found.value.trouble is Trouble.PORTAL_CHANGED
    assert "xxxxxxxx" not in str(found.value)


@reads("legacy_monitor_empty_data_after_shutdown")
def test_a_success_without_data_means_a_changed_portal(recordings):
    raw = data(recordings, "legacy_monitor_empty_data_after_shutdown")
    with pytest.raises(PortalError) as found:
        parse_monitor(raw, "S", NOW)
    assert found.value.trouble is Trouble.PORTAL_CHANGED


@reads("legacy_GetPowerStationPacByDayForApp_2018")
def test_a_day_of_2018(recordings):
    raw = text_of(recordings, "legacy_GetPowerStationPacByDayForApp_2018")
    points = parse_pac_day(raw, timezone(timedelta(hours=11)))
    assert len(points) == 89
    assert points[0].at == datetime(2018, 10, 9, 17, tzinfo=UTC)
    assert points[0].power == Powers(pv_w=0.0)
    assert points[-2].power == Powers(pv_w=2736.25)
    assert points[-1].at == datetime(2018, 10, 10, 0, 20, tzinfo=UTC)
    assert max(it.power.pv_w or 0 for it in points) == 2766.0
    assert {it.soc_percent for it in points} == {None}


@reads("legacy_monitor_v2_running_DT_three_phase_sentinels")
def test_sentinels_are_no_values_and_no_faults(recordings):
    raw = data(recordings, "legacy_monitor_v2_running_DT_three_phase_sentinels")
    found = parse_monitor(raw, "S", NOW)
    assert found.station == Station(
        id="S",
        name="Home",
        capacity_kwp=7.8,
        timezone="UTC+01:00",
        latitude=23.0,
        longitude=16.0,
        stores=False,
        state=DeviceState.RUNNING,
    )
    assert found.live == live(
        datetime(2021, 2, 6, 10, 22, 48, 847000, tzinfo=UTC), 381.0, DeviceState.RUNNING
    )
    assert found.energy == energy(
        0.5, 17.7, 7379.0
    )  # no load: the zeros beside it are placeholders
    assert found.income == Income(today=0.11, total=1623.38, currency="EUR")
    assert (found.meters, found.accessories, found.alarms) == ((), (), ())
    assert found.grid_connected is True
    (only,) = found.inverters
    assert only.packs == ()
    assert only.soc_percent is None
    inverter = only.inverter
    assert (inverter.sn, inverter.name) == ("56000222200W0000", "home")
    assert (inverter.model, inverter.firmware) == ("GW6000-DT", "181809")
    assert (inverter.state, inverter.status) == (DeviceState.RUNNING, 1)
    assert (inverter.power_w, inverter.temperature_c) == (381.0, 32.6)
    assert (inverter.today_kwh, inverter.total_kwh) == (0.5, 7379.0)
    assert inverter.strings == strings((720.4, 0.4, 288.2), (0.0, 0.0, 0.0))
    assert inverter.phases == phases(
        (233.1, 0.5, 50.0), (233.5, 0.4, 50.0), (228.7, 0.5, 50.0)
    )


@reads("legacy_monitor_v3_offline_night_NS_single")
def test_a_night_is_old_values_and_no_fault(recordings):
    raw = data(recordings, "legacy_monitor_v3_offline_night_NS_single")
    found = parse_monitor(raw, "S", datetime(2026, 1, 10, 19, 37, tzinfo=UTC))
    assert found.station == Station(
        id="S",
        name="Test Solar Farm",
        capacity_kwp=3.2,
        timezone="UTC+01:00",
        stores=False,
        state=DeviceState.OFFLINE,
    )
    # 15:52 at the station; the reply's own 20:37 is only when it was written.
    assert found.live == live(
        datetime(2026, 1, 10, 14, 52, 38, 134000, tzinfo=UTC), 0.0, DeviceState.OFFLINE
    )
    assert found.energy == energy(0.1, 1.6, 19248.5)
    assert found.income == Income(today=0.02, total=4234.67, currency="EUR")
    assert found.alarms == ()
    (only,) = found.inverters
    assert (only.packs, only.soc_percent) == ((), None)
    inverter = only.inverter
    assert inverter.sn == "GW0000SN000TEST1"
    assert (inverter.model, inverter.state) == ("GW3000-NS", DeviceState.OFFLINE)
    assert (inverter.power_w, inverter.temperature_c) == (0.0, None)
    assert (inverter.strings, inverter.phases) == ((), ())


@reads("legacy_monitor_v3_homekit_offline_empty_powerflow_XS")
def test_an_offline_homekit_hides_house_and_grid_but_not_the_sun(recordings):
    raw = text_of(recordings, "legacy_monitor_v3_homekit_offline_empty_powerflow_XS")
    found = parse_monitor(raw, "S", NOW)
    assert found.live == live(
        datetime(2026, 9, 5, 16, 49, 40, tzinfo=UTC), 265.0, DeviceState.OFFLINE
    )
    # The station's own zeros stand still; the inverter's counters do not.
    assert found.energy == energy(9.0, 73.69, 26082.2)
    assert found.income == Income(today=None, total=1376.62, currency="EUR")
    assert found.accessories == (
        Accessory(sn="<test-homekit>", kind="HOMEKIT", name="HomeKit"),
    )
    assert (found.meters, found.alarms) == ((), ())
    assert found.station.latitude is None
    assert found.station.timezone == "UTC+02:00"
    (only,) = found.inverters
    assert (only.packs, only.soc_percent) == ((), None)
    inverter = only.inverter
    assert (inverter.state, inverter.power_w) == (DeviceState.RUNNING, 265.0)
    assert inverter.temperature_c == 39.5
    assert inverter.strings[:1] == strings((267.8, 0.8, 214.2))
    assert inverter.phases == phases((232.1, 1.5, 50.03))


@reads("legacy_inverter_entry_XS_waiting_evening_truncated")
def test_dusk_on_an_inverter_that_lists_every_battery_fault(recordings):
    name = "legacy_inverter_entry_XS_waiting_evening_truncated"
    entry = json_of(recordings, name)
    where = timezone(timedelta(hours=2))
    found = parse_inverter(entry, "MM.dd.yyyy", where, NOW)
    assert found.measured_at == datetime(2021, 4, 14, 19, 15, 9, tzinfo=UTC)
    assert (found.stores, found.soc_percent, found.packs) == (False, None, ())
    assert found.alarms == ()
    inverter = found.inverter
    assert inverter.model == "GW2000-XS"
    assert (inverter.state, inverter.power_w) == (DeviceState.WAITING, 22.0)
    assert (inverter.today_kwh, inverter.total_kwh) == (9.7, 1785.4)
    assert inverter.temperature_c is None
    assert inverter.strings == strings((41.4, 0.1, 4.1), (0.0, 0.0, 0.0))
    assert inverter.phases == ()


@reads("legacy_inverter_dict_translated_keys_truncated")
def test_dutch_keys_and_dashes(recordings):
    body = json_of(recordings, "legacy_inverter_dict_translated_keys_truncated")
    found = parse_inverter({"dict": body["dict"]}, "dd/MM/yyyy", UTC, NOW)
    assert found.inverter.strings == strings((172.7, 0.9, 155.4), (178.5, 0.6, 107.1))
    assert found.inverter.state is DeviceState.UNKNOWN
    assert found.inverter.power_w is None
    assert (found.measured_at, found.stores, found.alarms) == (None, False, ())


def alarms(status, word, *rows, message="", times=(1788627600000,) * 9):
    errors = [
        {"error_code": code, "time": at, "show": True}
        for code, at in zip(rows, times, strict=False)
    ]
    entry = {"sn": "S1", "status": status, "fault_message": message}
    entry["invert_full"] = {"fault_messge": word, "errors": errors}
    return parse_inverter(entry, "MM.dd.yyyy", UTC, NOW).alarms


@pytest.mark.parametrize(
    ("told", "message", "codes"),
    [
        # A row that nothing confirms is over.
        ((1, 0, ISOLATION, BLIP), "", []),
        ((1, None, ISOLATION), "", []),
        # One holds if its bit is set, or the message names it.
        ((2, 1 << 18, BLIP, ISOLATION), "", [ISOLATION]),
        ((1, 0, BLIP, ISOLATION), "e-G3-0-12_warning", [BLIP]),
        # An inverter in a fault that no row explains has them all.
        ((2, 0, BLIP), "", [BLIP]),
        ((2, 1 << 18, BLIP), "", [BLIP, "bit 18"]),
    ],
)
def test_which_error_rows_hold(told, message, codes):
    assert [it.code for it in alarms(*told, message=message)] == codes


def test_a_row_listed_twice_began_when_it_came_last():
    times = (1788627600000, 1788541200000)
    (found,) = alarms(2, 1 << 18, ISOLATION, ISOLATION, times=times)
    assert found.happened_at == datetime(2026, 9, 5, 17, tzinfo=UTC)
