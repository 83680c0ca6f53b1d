"""The rows of the details window: labels and values of one reading."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import words
from .present import grid_words, measured, sleeping, state_words
from .verdict import state_of

if TYPE_CHECKING:
    from datetime import datetime

    from .model import EnergySums, Inverter, Reading
    from .verdict import DarkAt


@dataclass(frozen=True, slots=True)
class Row:
    """One line: what it is, and its value in words."""

    label: str
    value: str


def rows(measured_reading: Reading, now: datetime, dark_at: DarkAt) -> tuple[Row, ...]:
    """Return every known value of a reading; only what is fitted has a row."""
    reading = sleeping(measured_reading, now, dark_at)
    state = state_of(reading, now, dark_at)
    power, battery = reading.power, reading.battery
    found = [
        Row("State", state_words(reading, state, now) or "All well"),
        Row("Measured", measured(reading, now).removeprefix("Measured ")),
        Row("Solar", words.power(power.pv_w)),
    ]
    if battery is not None:
        found.append(Row("Battery", _battery(reading)))
    if power.load_w is not None:
        found.append(Row("House", words.power(power.load_w)))
    if power.grid_w is not None:
        found.append(Row("Grid", grid_words(power.grid_w).removeprefix("grid ")))
    if power.ev_w is not None:
        found.append(Row("Car", words.power(power.ev_w)))
    found += _energy("Today", reading.energy.today)
    found += [
        Row(f"Solar {name}", words.energy(sums.pv_kwh))
        for name, sums in (
            ("this month", reading.energy.month),
            ("this year", reading.energy.year),
            ("in all", reading.energy.total),
        )
        if sums.pv_kwh is not None
    ]
    found += [
        Row(words.name(it.name or it.sn), inverter_words(it))
        for it in reading.inverters
    ]
    found += [
        Row("Alarm", words.one_line(it.name)) for it in reading.alarms if it.active
    ]
    if reading.stale:
        found.append(Row("Not renewed", ", ".join(reading.stale)))
    return tuple(found)


def _battery(reading: Reading) -> str:
    battery, power_w = reading.battery, reading.power.battery_w
    if battery is None:
        return words.DASH
    parts = [words.percent(battery.soc_percent)]
    if battery.state is not None:
        parts.append(battery.state.value)
    if power_w:
        parts.append(words.power(power_w))
    return ", ".join(parts)


def _energy(name: str, sums: EnergySums) -> list[Row]:
    values = (
        ("solar", sums.pv_kwh),
        ("house", sums.load_kwh),
        ("imported", sums.import_kwh),
        ("exported", sums.export_kwh),
        ("charged", sums.charge_kwh),
        ("discharged", sums.discharge_kwh),
    )
    found = [
        Row(f"{name}, {what}", words.energy(kwh))
        for what, kwh in values
        if kwh is not None
    ]
    if sums.income is not None:
        found.append(Row(f"{name}, income", income_words(sums)))
    return found


def income_words(sums: EnergySums) -> str:
    """Return "4.10 EUR"; the currency only where it is known."""
    if sums.income is None:
        return words.DASH
    return f"{words.fixed(sums.income, 2)} {words.name(sums.currency or '')}".strip()


def inverter_words(inverter: Inverter) -> str:
    """Return "GW10K-ET, running, 3.1 kW, 41.2 °C"; unknown numbers are told as such."""
    state = inverter.state.value
    if state == "unknown" and inverter.status is not None:
        state = f"unknown ({inverter.status})"
    parts = [it for it in (words.name(inverter.model or ""), state) if it]
    if inverter.power_w is not None:
        parts.append(words.power(inverter.power_w))
    if inverter.temperature_c is not None:
        parts.append(f"{words.fixed(inverter.temperature_c, 1)} °C")
    return ", ".join(parts)
