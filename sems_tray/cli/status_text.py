"""A reading as ``status`` prints it: the JSON contract, and a page for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sems_tray.domain.failures import sentence
from sems_tray.domain.model import BatteryState, StationState
from sems_tray.domain.poll_result import PollFailed, PollSucceeded
from sems_tray.domain.shown_reading import shown_reading
from sems_tray.domain.station_state import age, battery_word, direction, state_of
from sems_tray.domain.wording import (
    grid_flow,
    inverter_sign,
    measured,
    stale_words,
    state_words,
)
from sems_tray.i18n import formatting
from sems_tray.i18n.language import tr, trc
from sems_tray.window.devices.view_model import alarms_of, seen_of
from sems_tray.window.now.flow_model import Part, part_name

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sems_tray.domain.model import Alarm, EnergySums, Inverter, Reading
    from sems_tray.domain.poll_result import PollOutcome
    from sems_tray.domain.station_state import DarkAt, Sign

    PowerWords = Callable[[float | None], str]


SCHEMA = 1
Json = dict[str, object]


def to_json(outcome: PollOutcome, now: datetime, dark_at: DarkAt) -> Json:
    """Return the object of design, section 9: keys always there, null for unknown."""
    match outcome:
        case PollFailed():
            return {
                "schema": SCHEMA,
                "trouble": outcome.trouble.value,
                "message": sentence(outcome),
            }
        case PollSucceeded():
            return _reading(outcome.reading, now, dark_at)


def _reading(measured_reading: Reading, now: datetime, dark_at: DarkAt) -> Json:
    reading = shown_reading(measured_reading, now, dark_at)
    since = age(reading, now)
    power, battery, energy = reading.power, reading.battery, reading.energy
    return {
        "schema": SCHEMA,
        "dialect": reading.dialect.value,
        "state": state_of(reading, now, dark_at).value,
        "trouble": None,
        "stale": list(reading.stale),
        "station": {
            "id": reading.station.id,
            "name": reading.station.name,
            "capacity_kwp": _tidy(reading.station.capacity_kwp),
            "timezone": reading.station.timezone,
        },
        "measured_at": _time(reading.measured_at),
        "age_s": None if since is None else int(since.total_seconds()),
        "power": {
            "pv_w": _tidy(power.pv_w),
            "load_w": _tidy(power.load_w),
            "grid_w": _tidy(power.grid_w),
            "battery_w": _tidy(power.battery_w),
            "ev_w": _tidy(power.ev_w),
        },
        "battery": None
        if battery is None
        else {
            "soc_percent": _tidy(battery.soc_percent),
            "state": None if battery.state is None else battery.state.value,
            "soh_percent": _tidy(battery.soh_percent),
            "temperature_c": _tidy(battery.temperature_c),
        },
        "energy": {
            "today": _sums(energy.today),
            "month": _sums(energy.month),
            "year": _sums(energy.year),
            "total": _sums(energy.total),
        },
        "inverters": [_inverter(it) for it in reading.inverters],
        "alarms": [_alarm(it) for it in reading.alarms],
    }


def _sums(sums: EnergySums) -> Json:
    return {
        "pv_kwh": _tidy(sums.pv_kwh),
        "load_kwh": _tidy(sums.load_kwh),
        "import_kwh": _tidy(sums.import_kwh),
        "export_kwh": _tidy(sums.export_kwh),
        "charge_kwh": _tidy(sums.charge_kwh),
        "discharge_kwh": _tidy(sums.discharge_kwh),
        "income": _tidy(sums.income),
        "currency": sums.currency,
    }


def _inverter(inverter: Inverter) -> Json:
    return {
        "sn": inverter.sn,
        "name": inverter.name,
        "model": inverter.model,
        "state": inverter.state.value,
        "power_w": _tidy(inverter.power_w),
        "today_kwh": _tidy(inverter.today_kwh),
        "total_kwh": _tidy(inverter.total_kwh),
        "temperature_c": _tidy(inverter.temperature_c),
        "strings": [
            {
                "name": string.name,
                "v": _tidy(string.v),
                "a": _tidy(string.a),
                "w": _tidy(string.w),
            }
            for string in inverter.strings
        ],
        "phases": [
            {
                "name": phase.name,
                "v": _tidy(phase.v),
                "a": _tidy(phase.a),
                "hz": _tidy(phase.hz),
            }
            for phase in inverter.phases
        ],
    }


def _alarm(alarm: Alarm) -> Json:
    return {
        "id": alarm.id,
        "name": alarm.name,
        "level": alarm.level.value,
        "device_sn": alarm.device_sn,
        "active": alarm.active,
        "happened_at": _time(alarm.happened_at),
        "recovered_at": _time(alarm.recovered_at),
    }


def _time(at: datetime | None) -> str | None:
    return None if at is None else formatting.utc_text(at)


def _tidy(value: float | None) -> float | int | None:
    """Return 3210 for 3210.0; -0.0 is 0."""
    if value is None:
        return None
    return int(value) if value == int(value) else value


def to_text(outcome: PollOutcome, now: datetime, dark_at: DarkAt) -> str:
    """Return one reading as lines for a terminal."""
    match outcome:
        case PollFailed():
            return sentence(outcome)
        case PollSucceeded():
            return "\n".join(_page(outcome.reading, now, dark_at))


def _page(measured_reading: Reading, now: datetime, dark_at: DarkAt) -> list[str]:
    reading = shown_reading(measured_reading, now, dark_at)
    state = state_of(reading, now, dark_at)
    power = reading.power
    in_unit = formatting.powers(
        *(power.pv_w, power.load_w, power.grid_w, power.battery_w, power.ev_w),
        *(it.power_w for it in reading.inverters),
    )
    rows: list[tuple[str, str]] = [
        (trc("row", "State"), state_words(reading, state, now) or tr("All well")),
        (part_name(Part.SOLAR), in_unit(power.pv_w)),
        *_battery_rows(reading, in_unit),
    ]
    if power.load_w is not None:
        rows.append((part_name(Part.HOUSE), in_unit(power.load_w)))
    if power.grid_w is not None:
        lost = state is StationState.GRID_LOST
        flow = grid_flow(power.grid_w, in_unit)
        rows.append((part_name(Part.GRID), trc("grid", "lost") if lost else flow))
    if power.ev_w is not None:
        rows.append((part_name(Part.CAR), in_unit(power.ev_w)))
    rows += _energy_rows(reading)
    seen = seen_of(reading, now, dark_at)
    signs = [
        inverter_sign(inverter, alarms_of(inverter.sn, reading), seen)
        for inverter in reading.inverters
    ]
    rows += [
        (
            tr("Inverter"),
            formatting.name(device.name or device.sn)
            + f": {_inverter_words(device, sign, in_unit)}",
        )
        for device, sign in zip(reading.inverters, signs, strict=True)
    ]
    rows += [(tr("Alarm"), _alarm_words(it, now)) for it in reading.alarms]
    if reading.stale:
        rows.append((tr("Not renewed"), stale_words(reading)))
    width = max(len(label) for label, _ in rows) + 2
    title = formatting.name(reading.station.name) or formatting.name(reading.station.id)
    return [
        title,
        "─" * max(len(title), 24),
        *(f"{label:<{width}}{text}" for label, text in rows),
        measured(reading, now),
    ]


def _battery_rows(reading: Reading, in_unit: PowerWords) -> list[tuple[str, str]]:
    battery, power_w = reading.battery, reading.power.battery_w
    if battery is None:
        return []
    parts = [formatting.percent(battery.soc_percent)]
    state = direction(power_w, battery.state)  # as in the window
    if state is not None:
        parts.append(_battery_flow(state, power_w, in_unit))
    return [(part_name(Part.BATTERY), ", ".join(parts))]


def _battery_flow(
    state: BatteryState, power_w: float | None, in_unit: PowerWords
) -> str:
    if power_w is None or state is BatteryState.IDLE:
        return battery_word(state)
    charging = state is BatteryState.CHARGING
    text = tr("charging {power}") if charging else tr("discharging {power}")
    return text.format(power=in_unit(power_w))


def _energy_rows(reading: Reading) -> list[tuple[str, str]]:
    today = reading.energy.today
    parts = [
        (today.pv_kwh, tr("{energy} solar")),
        (today.load_kwh, tr("{energy} house")),
        (today.import_kwh, tr("{energy} imported")),
        (today.export_kwh, tr("{energy} exported")),
    ]
    in_unit = formatting.energies(*(kwh for kwh, _ in parts))
    known = [text.format(energy=in_unit(kwh)) for kwh, text in parts if kwh is not None]
    rows = [(trc("energy", "Today"), ", ".join(known) if known else formatting.DASH)]
    if today.income is not None:
        rows.append((trc("money", "Income"), income_words(today)))
    return rows


def _alarm_words(alarm: Alarm, now: datetime) -> str:
    name, over = formatting.one_line(alarm.name), alarm.recovered_at
    if alarm.active:
        return tr("{alarm}, active").format(alarm=name)
    if over is None:
        return name
    # Translators: an alarm that ended: {ago} is "3 min ago".
    text = tr("{alarm}, over {ago}")
    return text.format(alarm=name, ago=formatting.ago(now - over))


def income_words(sums: EnergySums) -> str:
    """Return "4.10 EUR"; the currency only where it is known."""
    if sums.income is None:
        return formatting.DASH
    currency = formatting.name(sums.currency or "")
    return f"{formatting.fixed(sums.income, 2)} {currency}".strip()


def _inverter_words(inverter: Inverter, sign: Sign, in_unit: PowerWords) -> str:
    """Return "GW10K-ET, running, 3.1 kW, 41.2 °C", by the window's word for it."""
    parts = [it for it in (formatting.name(inverter.model or ""), sign.word) if it]
    if inverter.power_w is not None:
        parts.append(in_unit(inverter.power_w))
    if inverter.temperature_c is not None:
        parts.append(formatting.temperature(inverter.temperature_c))
    return ", ".join(parts)
