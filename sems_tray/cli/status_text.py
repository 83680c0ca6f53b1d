"""A reading as ``status`` prints it: the JSON contract, and a page for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sems_tray.domain.energy import AMOUNTS, POWERS
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
from sems_tray.history.transfer.export_formats import json_fields
from sems_tray.i18n import formatting
from sems_tray.i18n.language import tr, trc
from sems_tray.window.devices.view_model import alarms_of, seen_of
from sems_tray.window.now.flow_model import Part, part_name

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sems_tray.domain.model import Alarm, Inverter, Reading
    from sems_tray.domain.poll_result import PollOutcome
    from sems_tray.domain.station_state import DarkAt, Sign
    from sems_tray.history.transfer.export_formats import Json

    PowerWords = Callable[[float | None], str]


SCHEMA = 1
# The keys of the contract (design, section 9), each named as in the reading.
_STATION = ("id", "name", "capacity_kwp", "timezone")
_BATTERY = ("soc_percent", "state", "soh_percent", "temperature_c")
_ENERGIES = (*(it for it in AMOUNTS if it != "self_use_kwh"), "currency")
_INVERTER = (
    *("sn", "name", "model", "state"),
    *("power_w", "today_kwh", "total_kwh", "temperature_c"),
)
_ALARM = (
    *("id", "name", "level", "device_sn", "active"),
    *("happened_at", "recovered_at"),
)


def to_json(outcome: PollOutcome, now: datetime, dark_at: DarkAt) -> Json:
    """Return the object of design, section 9: keys always there, null for unknown."""
    match outcome:
        case PollFailed():
            return {
                "schema": SCHEMA,
                "trouble": outcome.trouble,
                "message": sentence(outcome),
            }
        case PollSucceeded():
            return _reading(outcome.reading, now, dark_at)


def _reading(measured_reading: Reading, now: datetime, dark_at: DarkAt) -> Json:
    reading = shown_reading(measured_reading, now, dark_at)
    since, battery = age(reading, now), reading.battery
    return {
        "schema": SCHEMA,
        "dialect": reading.dialect,
        "state": state_of(reading, now, dark_at),
        "trouble": None,
        "stale": list(reading.stale),
        "station": json_fields(reading.station, *_STATION),
        **json_fields(reading, "measured_at"),
        "age_s": None if since is None else int(since.total_seconds()),
        "power": json_fields(reading.power, *POWERS),
        "battery": None if battery is None else json_fields(battery, *_BATTERY),
        "energy": {
            name: json_fields(getattr(reading.energy, name), *_ENERGIES)
            for name in ("today", "month", "year", "total")
        },
        "inverters": [_inverter(it) for it in reading.inverters],
        "alarms": [json_fields(it, *_ALARM) for it in reading.alarms],
    }


def _inverter(inverter: Inverter) -> Json:
    return {
        **json_fields(inverter, *_INVERTER),
        "strings": [json_fields(it, "name", "v", "a", "w") for it in inverter.strings],
        "phases": [json_fields(it, "name", "v", "a", "hz") for it in inverter.phases],
    }


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
    for inverter in reading.inverters:
        sign = inverter_sign(inverter, alarms_of(inverter.sn, reading), seen)
        words = _inverter_words(inverter, sign, in_unit)
        name = formatting.name(inverter.name or inverter.sn)
        rows.append((tr("Inverter"), f"{name}: {words}"))
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
        currency = formatting.name(today.currency or "")
        income = f"{formatting.fixed(today.income, 2)} {currency}".strip()
        rows.append((trc("money", "Income"), income))
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


def _inverter_words(inverter: Inverter, sign: Sign, in_unit: PowerWords) -> str:
    """Return "GW10K-ET, running, 3.1 kW, 41.2 °C", by the window's word for it."""
    parts = [it for it in (formatting.name(inverter.model or ""), sign.word) if it]
    if inverter.power_w is not None:
        parts.append(in_unit(inverter.power_w))
    if inverter.temperature_c is not None:
        parts.append(formatting.temperature(inverter.temperature_c))
    return ", ".join(parts)
