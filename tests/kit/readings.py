"""Readings for tests: one that all is well with, and any that can be."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from sems_tray.domain.model import (
    Alarm,
    AlarmLevel,
    Battery,
    BatteryState,
    DeviceState,
    Dialect,
    Energy,
    EnergySums,
    Inverter,
    Phase,
    Powers,
    PvString,
    Reading,
    Station,
)
from sems_tray.domain.poll_result import PollFailed, Trouble
from sems_tray.polling.snapshot import MonitorSnapshot
from sems_tray.tray.view_model import TrayInputs, tray_view

MEASURED = datetime(2026, 6, 21, 9, 42, tzinfo=UTC)  # 11:42 in Amsterdam
NOW = MEASURED + timedelta(minutes=3)
MINUTE = timedelta(minutes=1)
HOME = Station(
    id="plant-1",
    name="Home",
    capacity_kwp=10.1,
    timezone="Europe/Amsterdam",
    state=DeviceState.RUNNING,
)


def by_day(_):
    return False


def by_night(_):
    return True


def nobody_knows(_):
    return None


def inverter(state="running", **more):
    return Inverter(**{"sn": "S1", "name": "Roof", "state": DeviceState(state), **more})


def alarm(name="Fan Fault", level="fault", **more):
    return Alarm(**{"id": "a1", "name": name, "level": AlarmLevel(level), **more})


def reading(**changes: Any) -> Reading:
    """Return a sunny noon at home, with changes."""
    values: dict[str, Any] = {
        "dialect": Dialect.SEMSPLUS,
        "station": HOME,
        "received_at": MEASURED + timedelta(minutes=1),
        "measured_at": MEASURED,
        "power": Powers(pv_w=3210.0, load_w=800.0, grid_w=1210.0, battery_w=-1200.0),
        "battery": Battery(
            soc_percent=76.0,
            state=BatteryState.CHARGING,
            soh_percent=98.0,
            temperature_c=27.1,
        ),
        "energy": Energy(today=EnergySums(pv_kwh=18.4)),
        "inverters": (inverter(),),
    }
    return Reading(**(values | changes))


def view(given=None, **moment):
    """Return what the tray shows, by day and three minutes after the measurement."""
    shown = {"mode", "alert", "other_stations"}
    inputs = {name: moment.pop(name) for name in shown & moment.keys()}
    snapshot = MonitorSnapshot(
        **{"now": NOW, "dark_at": by_day, "reading": given} | moment
    )
    return tray_view(TrayInputs(snapshot=snapshot, **inputs))


# -- anything that the portal's client may hand over -------------------------------


def _maybe(strategy):
    return st.none() | strategy


def _number(low, high):
    return _maybe(st.floats(low, high, allow_nan=False))


# Letters, and all that a name should not hold.
_names = st.text(st.sampled_from("aÜ屋☀ \n\x1b\x9b\u202e\u200d\ud800\x00"), max_size=6)
_watts = _number(-50e6, 50e6)
_kwh = _number(0.0, 1e9)
_times = _maybe(
    st.datetimes(
        datetime(1990, 1, 2),  # noqa: DTZ001 (hypothesis adds the zone)
        datetime(2199, 12, 30),  # noqa: DTZ001
        timezones=st.just(UTC),
    )
)
_zones = st.sampled_from(
    [None, "", "Europe/Amsterdam", "UTC+05:30", "UTC", "Asia/Calcutta", "Mars/Base"]
)
_states = st.sampled_from(DeviceState)

_stations = st.builds(
    Station,
    id=_names,
    name=_names,
    capacity_kwp=_number(0.0, 1e6),
    timezone=_zones,
    state=_states,
)
_powers = st.builds(
    Powers, pv_w=_watts, load_w=_watts, grid_w=_watts, battery_w=_watts, ev_w=_watts
)
_batteries = st.builds(
    Battery,
    soc_percent=_number(-0.0, 100.0),
    state=_maybe(st.sampled_from(BatteryState)),
    soh_percent=_number(0.0, 100.0),
    temperature_c=_number(-60.0, 200.0),
)
_sums = st.builds(
    EnergySums,
    pv_kwh=_kwh,
    load_kwh=_kwh,
    import_kwh=_kwh,
    export_kwh=_kwh,
    charge_kwh=_kwh,
    discharge_kwh=_kwh,
    income=_number(0.0, 1e9),
    currency=_maybe(_names),
)
_inverters = st.builds(
    Inverter,
    sn=_names,
    name=_names,
    model=_maybe(_names),
    state=_states,
    status=_maybe(st.integers(-9, 99)),
    power_w=_watts,
    today_kwh=_kwh,
    total_kwh=_kwh,
    temperature_c=_number(0.0, 200.0),
    strings=st.lists(st.builds(PvString, name=_names, v=_watts), max_size=2).map(tuple),
    phases=st.lists(st.builds(Phase, name=_names, hz=_watts), max_size=2).map(tuple),
)
_alarms = st.builds(
    Alarm,
    id=_names,
    name=_names,
    level=st.sampled_from(AlarmLevel),
    device_sn=_maybe(_names),
    active=st.booleans(),
    happened_at=_times,
    recovered_at=_times,
)
any_readings = st.builds(
    Reading,
    dialect=st.sampled_from(Dialect),
    station=_stations,
    received_at=st.just(NOW),
    measured_at=_times,
    portal_ahead_s=st.floats(-1e8, 1e8),
    power=_powers,
    battery=_maybe(_batteries),
    energy=st.builds(Energy, today=_sums, month=_sums, year=_sums, total=_sums),
    inverters=st.lists(_inverters, max_size=3).map(tuple),
    alarms=st.lists(_alarms, max_size=3).map(tuple),
    grid_connected=_maybe(st.booleans()),
    stale=st.lists(st.sampled_from(["alarms", "devices"]), unique=True).map(tuple),
)
any_darkness = st.sampled_from([by_day, by_night, nobody_knows])
any_failures = st.builds(
    PollFailed,
    trouble=st.sampled_from(Trouble),
    detail=st.text(max_size=40),
    retry_after=_maybe(st.timedeltas(timedelta(0), timedelta(days=2))),
)
