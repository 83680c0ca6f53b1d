"""All that an installer wants to know of an alarm, as text to send."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import device_tables, words
from .alarm_help import title
from .device_state import state_word
from .language import markc, tr, trc
from .model import AlarmLevel
from .words import labelled

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from .model import Alarm, Inverter, Reading

_LEVELS = {
    AlarmLevel.INFO: markc("alarm level", "info"),
    AlarmLevel.ALARM: markc("alarm level", "alarm"),
    AlarmLevel.FAULT: markc("alarm level", "fault"),
}


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
        (tr("Alarm"), title(alarm.name, alarm.code)),
        (trc("alarm", "Code"), words.one_line(alarm.code)),
        (trc("alarm", "Level"), trc("alarm level", _LEVELS[alarm.level])),
        (trc("alarm", "Began"), _time(alarm.happened_at, where)),
        (trc("alarm", "Ended"), _ended(alarm, where, last_seen)),
        (tr("Device"), words.one_line(device.name if device else alarm.device_name)),
        (trc("device", "Model"), words.one_line(device.model or "") if device else ""),
        (tr("Serial number"), words.one_line(alarm.device_sn or "")),
    ]
    if device is not None:
        rows += _device(device)
    if reading is not None:
        rows += _station(reading, where)
    return "\n".join(labelled(label, value) for label, value in rows if value)


def _ended(alarm: Alarm, where: tzinfo | None, last_seen: datetime | None) -> str:
    if alarm.recovered_at is not None:
        return _time(alarm.recovered_at, where)
    if last_seen is not None:
        # Translators: when an alarm ended
        text = tr("not told, last reported {time}")
        return text.format(time=_time(last_seen, where))
    if alarm.active:
        # Translators: when an alarm ended
        return trc("end of an alarm", "still active")
    return trc("end of an alarm", "not told")


def _device(it: Inverter) -> list[tuple[str, str]]:
    state = state_word(it.state) + (f" ({it.status})" if it.status is not None else "")
    power_w, heat = it.power_w, it.temperature_c
    rows = [
        (tr("Firmware"), words.one_line(it.firmware or "")),
        (trc("device", "State"), state),
        (trc("electricity", "Power"), "" if power_w is None else words.power(power_w)),
        (tr("Temperature"), "" if heat is None else words.temperature(heat)),
    ]
    for grid in (device_tables.strings(it.strings), device_tables.phases(it.phases)):
        rows += grid.named_rows if grid else ()
    return rows


def _station(reading: Reading, where: tzinfo | None) -> list[tuple[str, str]]:
    station = reading.station
    kwp = station.capacity_kwp
    return [
        (tr("Station"), words.one_line(station.name)),
        (tr("Station id"), words.one_line(station.id)),
        # Translators: the power that was installed: "Installed: 10.1 kWp"
        (trc("power", "Installed"), "" if kwp is None else f"{words.plain(kwp)} kWp"),
        # Translators: when the values were measured
        (trc("time", "Measured"), _time(reading.measured_at, where)),
    ]


def _time(at: datetime | None, where: tzinfo | None) -> str:
    if at is None:
        return ""
    local = at.astimezone(where)
    offset = f"{local:%z}"
    return f"{local:%Y-%m-%d %H:%M:%S} UTC{offset[:3]}:{offset[3:5]}"
