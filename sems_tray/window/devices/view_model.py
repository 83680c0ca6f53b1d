"""What the "Devices" page shows: a card for each device, with what is known of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from sems_tray.domain import device_tables
from sems_tray.domain.alarm_advice import explanation, title
from sems_tray.domain.device_tables import Fact
from sems_tray.domain.model import BatteryPack
from sems_tray.domain.shown_reading import shown_reading
from sems_tray.domain.station_state import age, darkness, is_fault, is_old, portal_time
from sems_tray.domain.wording import (
    Seen,
    accessory_kind,
    accessory_sign,
    battery_flow,
    battery_sign,
    grid_flow,
    inverter_sign,
    meter_sign,
    span,
    volts,
    zone_of,
)
from sems_tray.i18n import formatting
from sems_tray.i18n.formatting import labelled
from sems_tray.i18n.language import mark, tr, trc

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sems_tray.domain.device_tables import Grid
    from sems_tray.domain.model import (
        Accessory,
        Alarm,
        Inverter,
        Meter,
        Reading,
    )
    from sems_tray.domain.station_state import DarkAt, Sign


T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class DevicesView:
    """The page as a value; ``message`` stands there while there is no card."""

    cards: tuple[DeviceCard, ...] = ()
    message: str = ""


def devices_view(
    measured: Reading | None,
    now: datetime,
    dark_at: DarkAt,
    *,
    fetching: bool = False,
) -> DevicesView:
    """Return the page; ``fetching`` says that details were asked for and are due."""
    if measured is None:
        return DevicesView(message=tr("Waiting for the first reading …"))
    reading = shown_reading(measured, now, dark_at)
    seen = seen_of(reading, now, dark_at)
    cards = [
        *(_inverter(it, reading, seen) for it in reading.inverters),
        *(_pack(it, seen) for it in _packs(reading)),
        *(_meter(it, seen) for it in reading.meters),
        *(_accessory(it, seen) for it in reading.accessories),
    ]
    if not cards:
        return DevicesView(message=tr("The portal has not named the devices yet."))
    kept = _named(cards)
    return DevicesView(
        cards=tuple(_with_notes(it, reading, fetching=fetching) for it in kept)
    )


def seen_of(reading: Reading, now: datetime, dark_at: DarkAt) -> Seen:
    """Return by what the devices of a reading are judged."""
    at = portal_time(reading, now)
    dark = darkness(at, dark_at)
    old, measured_at = is_old(reading, now), reading.measured_at
    as_of = ""
    if old and measured_at is not None:
        as_of = formatting.clock(measured_at, at, zone_of(reading))
    return Seen(
        now=at, where=zone_of(reading), dark=dark, as_of=as_of, since=age(reading, now)
    )


def alarms_of(sn: str, reading: Reading) -> tuple[Alarm, ...]:
    """Return the active alarms of an inverter; those without a device are the one's."""
    alone = len(reading.inverters) == 1
    return tuple(
        alarm
        for alarm in reading.alarms
        if is_fault(alarm)
        and (alarm.device_sn == sn or (alone and not alarm.device_sn))
    )


def _inverter(inverter: Inverter, reading: Reading, seen: Seen) -> DeviceCard:
    alarms, kind = alarms_of(inverter.sn, reading), tr("Inverter")
    energy = formatting.energies(inverter.today_kwh, inverter.total_kwh)
    facts = [
        _fact(trc("electricity", "Power"), inverter.power_w, formatting.fine_power),
        _fact(trc("energy", "Today"), inverter.today_kwh, energy),
        # Translators: the energy since the device was installed
        _fact(trc("energy", "In all"), inverter.total_kwh, energy),
        # Translators: the temperature inside an inverter
        _fact(
            trc("temperature", "Inside"), inverter.temperature_c, formatting.temperature
        ),
    ]
    grids = (
        device_tables.strings(inverter.strings),
        device_tables.phases(inverter.phases),
    )
    firmware = formatting.name(inverter.firmware or "")
    notes = (
        _as_of(seen),
        device_tables.high_voltage(inverter.phases),
        tr("Firmware {version}").format(version=firmware) if firmware else "",
    )
    sign = inverter_sign(inverter, alarms, seen)
    card = _card("inverter", inverter, kind, seen, sign, facts, grids, notes)
    return replace(
        card,
        model=formatting.name(inverter.model or "") or card.model,
        trouble="\n".join(dict.fromkeys(_trouble(a) for a in alarms)),
    )


def _trouble(alarm: Alarm) -> str:
    named = _stop(formatting.name(title(alarm.name, alarm.code)))
    return f"{named} {explanation(alarm.name, alarm.code)}"


def _pack(pack: BatteryPack, seen: Seen) -> DeviceCard:
    cells = (
        (tr("Cell voltage"), span(pack.cell_min_mv, pack.cell_max_mv, volts)),
        (tr("Cell temperature"), span(pack.cell_min_c, pack.cell_max_c)),
    )
    kind = trc("device", "Battery")
    facts = [
        _fact(trc("state of charge", "Charge"), pack.soc_percent, formatting.percent),
        _fact(trc("electricity", "Power"), pack.power_w, battery_flow),
        # Translators: how much of its first capacity a battery still has
        _fact(trc("battery", "Health"), pack.soh_percent, formatting.percent),
        _fact(
            trc("electricity", "Voltage"),
            pack.v,
            lambda v: f"{formatting.fixed(v, 1)} V",
        ),
        _fact(
            trc("electricity", "Current"),
            pack.a,
            lambda a: f"{formatting.fixed(abs(a), 1)} A",
        ),
        _fact(tr("Temperature"), pack.temperature_c, formatting.temperature),
        *(Fact(label, text) for label, text in cells if text),
    ]
    sign = battery_sign(pack.state, pack.power_w, seen)
    return _card("battery", pack, kind, seen, sign, facts, (), (_as_of(seen),))


def _packs(reading: Reading) -> tuple[BatteryPack, ...]:
    """Return the batteries; of an only one the station's own values are known too."""
    station, power_w = reading.battery, reading.power.battery_w
    match reading.packs:
        case () if station is not None:
            pack = BatteryPack(
                sn="",
                state=station.state,
                soc_percent=station.soc_percent,
                soh_percent=station.soh_percent,
                power_w=power_w,
                temperature_c=station.temperature_c,
            )
            return (pack,)
        case (pack,) if pack.power_w is None:
            return (replace(pack, power_w=power_w),)
        case packs:
            return packs


def _meter(meter: Meter, seen: Seen) -> DeviceCard:
    kind = tr("Grid meter")
    power = _fact(trc("power of the grid", "Grid"), meter.power_w, grid_flow)
    grid = device_tables.phases(meter.phases, directed=True)
    note = device_tables.high_voltage(meter.phases)
    sign, notes = meter_sign(meter.state, seen), (_as_of(seen), note)
    return _card("meter", meter, kind, seen, sign, (power,), (grid,), notes)


def _accessory(accessory: Accessory, seen: Seen) -> DeviceCard:
    kind = accessory_kind(formatting.name(accessory.kind))
    power = _fact(trc("electricity", "Power"), accessory.power_w, formatting.fine_power)
    sign = accessory_sign(accessory, seen)
    return _card("other", accessory, kind, seen, sign, (power,))


def _card(
    key: str,
    device: Inverter | BatteryPack | Meter | Accessory,
    kind: str,
    seen: Seen,
    sign: Sign | None,
    facts: Sequence[Fact | None],
    grids: Sequence[Grid | None] = (),
    notes: Sequence[str] = (),
) -> DeviceCard:
    """Return the card of a device, without what is not known of it."""
    return DeviceCard(
        key=f"{key} {device.sn}",
        title=_title(device.name, device.sn, kind),
        model=_kind(kind, device.name, device.sn),
        serial=formatting.one_line(device.sn),
        sign=sign,
        facts=tuple(it for it in facts if it is not None),
        grids=tuple(it for it in grids if it is not None),
        notes=tuple(it for it in notes if it),
        old=bool(seen.as_of) and not seen.dark,
    )


def _with_notes(card: DeviceCard, reading: Reading, *, fetching: bool) -> DeviceCard:
    kind = card.key.partition(" ")[0]
    notes = list(card.notes)
    if "devices" in reading.stale and kind != "battery":
        notes.append(tr("State could not be renewed; this is the last known."))
    has_details = bool(card.grids) or len(card.facts) > 3
    if "telemetry" in reading.stale and has_details and kind != "other":
        notes.append(tr("Details could not be renewed; these are the last known."))
    asked = kind in {"inverter", "meter"} and not card.grids
    if fetching and asked:
        notes.append(tr(FETCHING))
    elif not (card.facts or card.grids or card.sign or notes):
        notes.append(tr("Nothing more is known yet."))
    return replace(card, notes=tuple(notes))


def _named(cards: list[DeviceCard]) -> list[DeviceCard]:
    """Number the cards that would have the same title; keys stay unlike each other."""
    titles = [it.title for it in cards]
    places: dict[str, int] = {}
    found, keys = [], set()
    for card in cards:
        places[card.title] = place = places.get(card.title, 0) + 1
        several = titles.count(card.title) > 1
        key = card.key if card.key not in keys else f"{card.key} #{place}"
        keys.add(key)
        # Translators: one of several devices: "Inverter 2"
        numbered = tr("{device} {number}").format(device=card.title, number=place)
        found.append(replace(card, title=numbered if several else card.title, key=key))
    return found


def _title(name: str, sn: str, kind: str) -> str:
    """Return the given name; where there is none the portal repeats the number."""
    line = formatting.name(name)
    return kind if not line or line == formatting.name(sn) else line


def _kind(kind: str, name: str, sn: str) -> str:
    """Return what a device is, where its title does not say so."""
    return "" if kind.casefold() in _title(name, sn, kind).casefold() else kind


def _fact(label: str, value: T | None, text: Callable[[T], str]) -> Fact | None:
    return None if value is None else Fact(label, text(value))


def _as_of(seen: Seen) -> str:
    if not seen.as_of or seen.since is None or seen.dark:
        return ""
    # Translators: {clock} "11:42", {ago} "12 min ago"
    text = tr("As of {clock}, {ago}.")
    return text.format(clock=seen.as_of, ago=formatting.ago(seen.since))


def _stop(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


# A device as a card: head, figures, tables and notes, as a value.


FETCHING = mark("Fetching details …")
_SHOWN_SERIAL = 10
_END = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceCard:
    """One device. ``key`` stays the same while the device is there.

    ``serial`` is whole and for copying, ``short_serial`` for the screen.
    """

    key: str
    title: str
    model: str = ""
    serial: str = ""
    sign: Sign | None = None
    trouble: str = ""
    facts: tuple[Fact, ...] = ()
    grids: tuple[Grid, ...] = ()
    notes: tuple[str, ...] = ()
    old: bool = False

    @property
    def short_serial(self) -> str:
        """The serial number with its middle left out: "9010…0001"."""
        if len(self.serial) <= _SHOWN_SERIAL:
            return self.serial
        return f"{self.serial[:_END]}…{self.serial[-_END:]}"

    @property
    def sentence(self) -> str:
        """The card for a screen reader, tables apart."""
        parts = [self.title, self.model, self.sign.word if self.sign else ""]
        parts += [f"{it.label} {it.value}" for it in self.facts]
        return ", ".join(it for it in parts if it) + "."

    @property
    def copy_text(self) -> str:
        """Everything on the card as lines, the serial number whole."""
        head = [self.title, self.model, self.serial]
        lines = [" · ".join(dict.fromkeys(it for it in head if it))]
        if self.sign:
            lines.append(tr("State: {state}").format(state=self.sign.word))
        lines += [self.trouble] if self.trouble else []
        lines += [labelled(it.label, it.value) for it in self.facts]
        lines += [it.copy_text for it in self.grids]
        lines += [it for it in self.notes if it != tr(FETCHING)]
        return "\n".join(lines)
