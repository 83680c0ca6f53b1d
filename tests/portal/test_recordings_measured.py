"""Recorded SEMS+ telemetry, energies, curves, alarms and wallboxes, written out."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from sems_tray.domain.model import (
    Accessory,
    Alarm,
    AlarmLevel,
    BatteryPack,
    BatteryState,
    DeviceState,
    Energy,
    EnergySums,
    Meter,
    Phase,
    PvString,
)
from sems_tray.portal.semsplus import alarms, devices, energy
from sems_tray.portal.station_cache import Counters, Telemetry
from tests.portal.replies import data, reads

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 9, 30, 12, tzinfo=UTC)


@reads("semsplus_inverter_telemetry_single_phase")
def test_telemetry_of_one_phase(recordings):
    raw = data(recordings, "semsplus_inverter_telemetry_single_phase")
    assert devices.parse_inverter(raw) == Telemetry(
        power_w=1064.0,
        temperature_c=29.2,
        strings=(PvString(name="1", v=319.8, a=3.1, w=991.38),),
        phases=(Phase(name="1", v=233.3, a=4.3, hz=49.95),),
    )


@reads("semsplus_hybrid_inverter_telemetry")
def test_telemetry_of_a_hybrid(recordings):
    raw = data(recordings, "semsplus_hybrid_inverter_telemetry")
    assert devices.parse_inverter(raw) == Telemetry(
        power_w=897.0,
        temperature_c=53.7,
        strings=(
            PvString(name="1", v=131.7, a=0.0, w=0.0),
            PvString(name="2", v=194.0, a=0.4, w=77.6),
        ),
        phases=(Phase(name="1", v=244.1, a=6.0, hz=None),),
    )


@reads("semsplus_hybrid_battery_system_telemetry")
def test_telemetry_of_a_battery(recordings):
    raw = data(recordings, "semsplus_hybrid_battery_system_telemetry")
    known = BatteryPack(sn="B", name="BAT1", state=BatteryState.DISCHARGING)
    assert devices.parse_pack(raw, known) == BatteryPack(
        sn="B",
        name="BAT1",
        state=BatteryState.DISCHARGING,
        soc_percent=99.0,
        soh_percent=100.0,
        v=331.7,
        a=2.4,
        power_w=796.08,
        temperature_c=23.9,
    )


@reads("semsplus_smart_meter_telemetry_three_phase_import")
def test_telemetry_of_a_meter_that_buys(recordings):
    raw = data(recordings, "semsplus_smart_meter_telemetry_three_phase_import")
    assert devices.parse_meter(raw, Meter(sn="M")) == Meter(
        sn="M",
        power_w=-1154.0,
        phases=(
            Phase(name="1", v=240.0, a=2.52, w=-515.0),
            Phase(name="2", v=234.3, a=2.64, w=-422.0),
            Phase(name="3", v=240.4, a=2.02, w=-217.0),
        ),
    )


@reads("semsplus_inverter_telecounting_pv_only")
def test_counters_of_pv_alone_count_nothing_else(recordings):
    raw = data(recordings, "semsplus_inverter_telecounting_pv_only")
    assert devices.parse_counters(raw) == Counters(
        power_w=1064.0,
        energy=Energy(
            today=EnergySums(pv_kwh=12.34),
            month=EnergySums(pv_kwh=123.45),
            year=EnergySums(pv_kwh=2345.67),
            total=EnergySums(pv_kwh=12345.67),
        ),
    )


@reads("semsplus_hybrid_inverter_telecounting")
def test_counters_of_a_hybrid(recordings):
    raw = data(recordings, "semsplus_hybrid_inverter_telecounting")

    def sums(pv, charge, discharge):
        return EnergySums(pv_kwh=pv, charge_kwh=charge, discharge_kwh=discharge)

    assert devices.parse_counters(raw) == Counters(
        power_w=897.0,
        energy=Energy(
            today=sums(31.4, 20.3, 12.8),
            month=sums(621.2, 667.3, 627.8),
            year=sums(6791.0, 7587.8, 7309.0),
            total=sums(7492.4, 7587.8, 7309.0),
        ),
    )


@reads("semsplus_smart_meter_telecounting")
def test_counters_of_a_meter(recordings):
    raw = data(recordings, "semsplus_smart_meter_telecounting")

    def sums(sold, bought):
        return EnergySums(export_kwh=sold, import_kwh=bought)

    assert devices.parse_counters(raw) == Counters(
        energy=Energy(
            today=sums(36.77, 12.84),
            month=sums(979.56, 406.72),
            year=sums(8761.2, 4506.88),
            total=sums(38846.49, 20314.77),
        ),
    )


@reads("semsplus_hybrid_statistics_day", "semsplus_hybrid_statistics_year_2026")
@pytest.mark.parametrize(
    ("name", "date", "sums"),
    [
        (
            "semsplus_hybrid_statistics_day",
            "2026-09-24",
            EnergySums(
                pv_kwh=31.4,  # not 27.0, which is the AC output
                load_kwh=29.01,
                import_kwh=17.57,
                export_kwh=9.76,
                charge_kwh=20.3,
                discharge_kwh=12.8,
                self_use_kwh=17.24,
            ),
        ),
        (
            "semsplus_hybrid_statistics_year_2026",
            "2026",
            EnergySums(
                pv_kwh=6791.0,  # not 8522.7
                load_kwh=14537.51,
                import_kwh=9216.08,
                export_kwh=388.67,
                charge_kwh=7587.8,
                discharge_kwh=7309.0,
                self_use_kwh=8134.03,
            ),
        ),
    ],
)
def test_statistics(recordings, name, date, sums):
    raw = data(recordings, name)
    assert energy.parse_rows(raw) == {date: sums}
    today = NOW.date()
    first, last = today.replace(month=1, day=1), today.replace(month=12, day=31)
    assert energy.parse_period(raw, first, last) == sums


@reads("semsplus_production_day_us")
def test_a_profit_of_0_is_no_tariff(recordings):
    found = energy.parse_production(data(recordings, "semsplus_production_day_us"))
    assert found == energy.Profit(income=None, currency="USD")


@reads("semsplus_power_curve_day_1min_truncated")
def test_a_curve_begins_with_a_gap_and_not_with_zero(recordings):
    raw = data(recordings, "semsplus_power_curve_day_1min_truncated")
    points = energy.parse_curve(raw, ZoneInfo("America/Sao_Paulo"))
    assert len(points) == 249
    at = [it.at.strftime("%F %H:%M") for it in points]
    pv_w = [it.power.pv_w for it in points]
    assert (at[0], pv_w[0]) == ("2026-09-29 03:00", None)
    assert (at[1], pv_w[1]) == ("2026-09-29 08:52", None)
    assert (at[2], pv_w[2]) == ("2026-09-29 08:53", 0.0)
    assert (at[-1], pv_w[-1]) == ("2026-09-29 12:59", 3896.0)
    assert {it.power.battery_w for it in points} == {None}
    assert {it.soc_percent for it in points} == {None}
    assert {it.power.load_w for it in points} == {None}


@reads("semsplus_alarm_page_one_active_one_recovered")
def test_alarms_that_hold_and_that_are_over(recordings):
    raw = data(recordings, "semsplus_alarm_page_one_active_one_recovered")
    first = Alarm(
        id="alarm-1",
        name="Grid Overvoltage",
        level=AlarmLevel.ALARM,
        device_sn="GW0000SN000TEST1",
        device_name="All-in-One 1",
        code="E-TEST-1",
        active=True,
        happened_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    second = Alarm(
        id="alarm-2",
        name="Grid Undervoltage",
        level=AlarmLevel.ALARM,
        device_sn="GW0000SN000TEST1",
        device_name="All-in-One 1",
        code="E-TEST-2",
        active=False,
        happened_at=datetime(2025, 12, 31, tzinfo=UTC),
        recovered_at=datetime(2025, 12, 31, 0, 1, tzinfo=UTC),
    )
    assert alarms.parse_alarms(raw, AMSTERDAM, NOW) == ((first, second), 2)


UNASKED = ("semsplus_alarm_statistics_string_counts", "semsplus_ev_charger_detail")


@reads(*UNASKED)
@pytest.mark.parametrize("name", UNASKED)
def test_what_the_client_does_not_ask_for_is_a_reply_too(recordings, name):
    assert data(recordings, name)


WALLBOX = Accessory(sn="C", kind="EV_CHARGER", state=DeviceState.RUNNING)


@reads("semsplus_ev_charger_last_charge_charging")
def test_a_charging_wallbox_draws_what_it_says(recordings):
    raw = data(recordings, "semsplus_ev_charger_last_charge_charging")
    found = devices.parse_last_charge(raw, WALLBOX)
    assert (found.state, found.power_w) == (DeviceState.RUNNING, 7600.0)
