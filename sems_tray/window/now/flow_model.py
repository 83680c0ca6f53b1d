"""The flow picture: which parts there are, and what flows between them.

Powers are measured apart and a moment from each other, so they rarely add up.  What
flows from where to where follows what an inverter does: the sun serves the house first,
then the battery, then the grid; the battery the house, then the grid; the grid what is
left.  A wallbox hangs behind the house's meter, so the car is fed by the house.
No link carries more than its ends give and take; what nobody explains is not drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sems_tray.domain.model import DeviceState
from sems_tray.domain.station_state import battery_word, direction, grid_direction
from sems_tray.i18n import formatting
from sems_tray.i18n.language import markc, tr, trc

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sems_tray.domain.model import Powers, Reading


# What a thick line stands for where the installed power is not known.
_USUAL_KWP = 5.0
_FULL_PERCENT = 100.0


class Part(StrEnum):
    """What a ring of the picture stands for."""

    SOLAR = "solar"
    BATTERY = "battery"
    HOUSE = "house"
    GRID = "grid"
    CAR = "car"


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One ring: its place runs from 0, 0 (top left) to 1, 1 (bottom right)."""

    part: Part
    x: float
    y: float
    value: str = formatting.DASH
    word: str = ""
    power_w: float | None = None
    level: float | None = None  # charge, or the share of installed power; 0 to 1
    alert: bool = False
    directed: bool = False  # the word says which way it flows

    @property
    def sentence(self) -> str:
        """Return "Solar 3.21 kW", "Grid exporting 1.21 kW" or "Battery unknown"."""
        said = part_name(self.part)
        if self.part is Part.GRID and self.alert:
            return tr("Grid lost")
        if self.directed:
            # Translators: "Battery charging" or "Grid exporting"; a power follows.
            text = trc("part and direction", "{part} {direction}")
            said = text.format(part=said, direction=self.word)
        if self.power_w is None:
            # Translators: the power of "Solar", "Battery" or "Battery charging".
            return trc("power of a part", "{part} unknown").format(part=said)
        return f"{said} {self.value}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerLink:
    """Power on its way; ``width`` is its share of the installed power, 0 to 1."""

    source: Part
    sink: Part
    power_w: float
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowPicture:
    """Everything the painter needs. ``old`` values are grey and do not move."""

    nodes: tuple[Node, ...] = ()
    links: tuple[PowerLink, ...] = ()
    old: bool = False

    @property
    def in_words(self) -> str:
        """Return the picture for those who hear it."""
        return "; ".join(it.sentence for it in self.nodes)


_NAMES: Mapping[Part, str] = {
    Part.SOLAR: markc("part of the plant", "Solar"),
    Part.BATTERY: markc("part of the plant", "Battery"),
    Part.HOUSE: markc("part of the plant", "House"),
    Part.GRID: markc("part of the plant", "Grid"),
    Part.CAR: markc("part of the plant", "Car"),
}
_TOP, _BOTTOM, _LEFT, _RIGHT = (0.5, 0.0), (0.5, 1.0), (0.0, 0.5), (1.0, 0.5)
_ACROSS = ((0.1, 0.5), (0.9, 0.5))


def part_name(part: Part) -> str:
    """Return "Solar" or "Grid"."""
    return trc("part of the plant", _NAMES[part])


def flow_picture(
    reading: Reading, *, old: bool = False, grid_lost: bool = False
) -> FlowPicture:
    """Return the picture of a reading; only what is fitted is drawn."""
    parts = fitted(reading)
    places = _places(parts)
    return FlowPicture(
        nodes=tuple(
            _node(part, places[part], reading, grid_lost=grid_lost) for part in parts
        ),
        links=tuple(
            link
            for link in _links(reading, parts)
            # What still stands on the meter of a grid that is gone goes nowhere.
            if not (grid_lost and Part.GRID in {link.source, link.sink})
        ),
        old=old,
    )


def empty_picture() -> FlowPicture:
    """Return what stands there until a first reading comes."""
    parts = (Part.SOLAR, Part.HOUSE, Part.GRID)
    places = _places(parts)
    return FlowPicture(
        nodes=tuple(
            Node(part=part, x=places[part][0], y=places[part][1], word=part_name(part))
            for part in parts
        ),
        old=True,
    )


def fitted(reading: Reading) -> tuple[Part, ...]:
    """Return the parts that the station has, as far as its numbers tell."""
    power, today = reading.power, reading.energy.today
    stores = reading.battery is not None or power.battery_w is not None
    metered = power.grid_w is not None or bool(reading.meters)
    has = {
        Part.SOLAR: True,
        Part.BATTERY: stores,
        Part.HOUSE: stores or power.load_w is not None or today.load_kwh is not None,
        Part.GRID: stores or metered or today.export_kwh is not None,
        Part.CAR: power.ev_w is not None,
    }
    has[Part.HOUSE] |= has[Part.CAR]
    return tuple(part for part in Part if has[part])


def shared_out(power: Powers) -> dict[tuple[Part, Part], float]:
    """Return the power from each source to each sink, in W; see the module's rule."""
    pv_w = max(power.pv_w or 0.0, 0.0)
    grid_w, battery_w = power.grid_w or 0.0, power.battery_w or 0.0
    left = {
        Part.SOLAR: pv_w,
        Part.BATTERY: max(battery_w, 0.0),
        Part.GRID: max(-grid_w, 0.0),
    }
    wanted = {
        Part.HOUSE: _through_house(power),
        Part.BATTERY: max(-battery_w, 0.0),
        Part.GRID: max(grid_w, 0.0),
    }
    flows: dict[tuple[Part, Part], float] = {}
    for source in tuple(left):
        for sink in tuple(wanted):
            given = min(left[source], wanted[sink])
            if given > 0:
                flows[source, sink] = given
                left[source] -= given
                wanted[sink] -= given
    if power.ev_w is not None and power.ev_w > 0:
        flows[Part.HOUSE, Part.CAR] = power.ev_w
    return flows


def _through_house(power: Powers) -> float:
    """Return what flows into the house, the car's share with it.

    Some portals count the car within the load and some beside it: the balance tells.
    """
    load_w, ev_w = max(power.load_w or 0.0, 0.0), max(power.ev_w or 0.0, 0.0)
    given = (power.pv_w or 0.0) + (power.battery_w or 0.0) - (power.grid_w or 0.0)
    within = abs(given - load_w) <= abs(given - load_w - ev_w)
    return max(load_w, ev_w) if within else load_w + ev_w


def _links(reading: Reading, parts: tuple[Part, ...]) -> tuple[PowerLink, ...]:
    most_w = (reading.station.capacity_kwp or _USUAL_KWP) * 1000
    return tuple(
        PowerLink(source=source, sink=sink, power_w=part, width=min(part / most_w, 1.0))
        for (source, sink), part in shared_out(reading.power).items()
        if part >= formatting.DEAD_BAND_W and source in parts and sink in parts
    )


def _places(parts: tuple[Part, ...]) -> dict[Part, tuple[float, float]]:
    """Return where the rings stand: a triangle, a diamond, a pentagon."""
    match len(parts), Part.BATTERY in parts:
        case 1, _:
            return {parts[0]: (0.5, 0.5)}
        case 2, _:
            return dict(zip(parts, _ACROSS, strict=True))
        case 3, False:
            rest = [it for it in (Part.GRID, Part.HOUSE, Part.CAR) if it in parts]
            return {Part.SOLAR: _TOP, rest[0]: (0.0, 1.0), rest[1]: (1.0, 1.0)}
        case 5, _:
            return {
                Part.SOLAR: _TOP,
                Part.GRID: (0.0, 0.34),
                Part.HOUSE: (1.0, 0.34),
                Part.BATTERY: (0.2, 1.0),
                Part.CAR: (0.8, 1.0),
            }
        case _:
            below = Part.BATTERY if Part.BATTERY in parts else Part.CAR
            return {
                Part.SOLAR: _TOP,
                Part.GRID: _LEFT,
                Part.HOUSE: _RIGHT,
                below: _BOTTOM,
            }


def _node(
    part: Part, place: tuple[float, float], reading: Reading, *, grid_lost: bool
) -> Node:
    power = reading.power
    power_w = {
        Part.SOLAR: power.pv_w,
        Part.BATTERY: power.battery_w,
        Part.HOUSE: power.load_w,
        Part.GRID: power.grid_w,
        Part.CAR: power.ev_w,
    }[part]
    broken = any(it.state is DeviceState.FAULT for it in reading.inverters)
    word = _word(part, power_w, reading, grid_lost=grid_lost)
    return Node(
        part=part,
        x=place[0],
        y=place[1],
        value=formatting.fine_power(power_w),
        word=word,
        power_w=power_w,
        directed=part in {Part.BATTERY, Part.GRID} and word != part_name(part),
        level=_level(part, reading),
        alert=(part is Part.GRID and grid_lost) or (part is Part.SOLAR and broken),
    )


def _level(part: Part, reading: Reading) -> float | None:
    """Return how full a ring is: of charge, or of what the roof can give."""
    if part is Part.BATTERY and reading.battery is not None:
        soc = reading.battery.soc_percent
        return None if soc is None else soc / _FULL_PERCENT
    pv_w, kwp = reading.power.pv_w, reading.station.capacity_kwp
    if part is Part.SOLAR and pv_w is not None and kwp:
        return min(max(pv_w / kwp / 1000, 0.0), 1.0)
    return None


def _word(
    part: Part, power_w: float | None, reading: Reading, *, grid_lost: bool
) -> str:
    if part is Part.GRID and grid_lost:
        return trc("grid", "lost")
    if part is Part.BATTERY:
        told = reading.battery.state if reading.battery else None
        known = direction(power_w, told)
        return part_name(part) if known is None else battery_word(known)
    kwp = reading.station.capacity_kwp
    if part is Part.SOLAR and kwp and fitted(reading) == (Part.SOLAR,):
        # Translators: below what the panels give now: "2.1 kW", "of 10.1 kWp".
        return tr("of {size} kWp").format(size=formatting.plain(kwp))
    if part is not Part.GRID or power_w is None:
        return part_name(part)
    return grid_direction(power_w)
