"""All that an installer wants to know of an alarm, as text to send."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import device_tables, words

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from .model import Alarm, Inverter, Reading


def installer_text(
    alarm: Alarm,
    reading: Reading | None,
    where: tzinfo | None,
    *,
    last_seen: datetime | None = None,
) -> str:
    """Return the alarm, its device and its station as lines.

    Here serial numbers are whole and times have dates: it leaves the program only when
    its owner pastes it somewhere.
    """
    inverters = () if reading is None else reading.inverters
    device = next((it for it in inverters if it.sn and it.sn == alarm.device_sn), None)
    rows = [
        ("Alarm", words.one_line(alarm.name) or "Alarm"),
        ("Code", words.one_line(alarm.code)),
        ("Level", alarm.level.value),
        ("Began", _time(alarm.happened_at, where)),
        ("Ended", _ended(alarm, where, last_seen)),
        ("Device", words.one_line(device.name if device else alarm.device_name)),
        ("Model", words.one_line(device.model or "") if device else ""),
        ("Serial number", words.one_line(alarm.device_sn or "")),
    ]
    if device is not None:
        rows += _device(device)
    if reading is not None:
        rows += _station(reading, where)
    return "\n".join(f"{label}: {value}" for label, value in rows if value)


def _ended(alarm: Alarm, where: tzinfo | None, last_seen: datetime | None) -> str:
    if alarm.recovered_at is not None:
        return _time(alarm.recovered_at, where)
    if last_seen is not None:
        return f"not told, last reported {_time(last_seen, where)}"
    return "still active" if alarm.active else "not told"


def _device(it: Inverter) -> list[tuple[str, str]]:
    state = it.state.value + (f" ({it.status})" if it.status is not None else "")
    heat = it.temperature_c
    rows = [
        ("Firmware", words.one_line(it.firmware or "")),
        ("State", state),
        ("Power", "" if it.power_w is None else words.power(it.power_w)),
        ("Temperature", "" if heat is None else f"{words.fixed(heat, 1)} °C"),
    ]
    for grid in (device_tables.strings(it.strings), device_tables.phases(it.phases)):
        for line in grid.sentences if grid else ():
            label, _, values = line.partition(": ")
            rows.append((label, values))
    return rows


def _station(reading: Reading, where: tzinfo | None) -> list[tuple[str, str]]:
    station = reading.station
    kwp = station.capacity_kwp
    return [
        ("Station", words.one_line(station.name)),
        ("Station id", words.one_line(station.id)),
        ("Installed", "" if kwp is None else f"{kwp:g} kWp"),
        ("Measured", _time(reading.measured_at, where)),
    ]


def _time(at: datetime | None, where: tzinfo | None) -> str:
    if at is None:
        return ""
    local = at.astimezone(where)
    offset = f"{local:%z}"
    return f"{local:%Y-%m-%d %H:%M:%S} UTC{offset[:3]}:{offset[3:5]}"
