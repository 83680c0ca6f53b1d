"""Strings and phases as tables: a heading with units, and numbers under it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sems_tray.i18n import formatting
from sems_tray.i18n.formatting import labelled
from sems_tray.i18n.language import tr, trc

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .model import Phase, PvString


# EN 50160 allows 10 % above 230 V; above that inverters must give less or disconnect.
# Between phases there are 400 V, and grids of 60 Hz have other limits.
_MOST_V, _BETWEEN_PHASES_V, _MOST_HZ = 253.0, 300.0, 55.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A small table; the first column holds names, the others numbers."""

    name: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def copy_text(self) -> str:
        """The table with its heading, for a spreadsheet."""
        return "\n".join("\t".join(row) for row in (self.head, *self.rows))

    @property
    def named_rows(self) -> tuple[tuple[str, str], ...]:
        """Each row as a name and its values: "String 1", "365.1 V, 4.3 A, 1570 W"."""
        first, *units = self.head
        return tuple(
            (
                # Translators: the name of a row: "String 1" or "Phase L1"
                tr("{kind} {name}").format(kind=first, name=row[0]),
                ", ".join(
                    f"{number} {unit}".strip()
                    for number, unit in zip(row[1:], units, strict=True)
                ),
            )
            for row in self.rows
        )

    @property
    def sentences(self) -> tuple[str, ...]:
        """Each row for a screen reader: "String 1: 365.1 V, 4.3 A, 1570 W"."""
        return tuple(labelled(name, values) for name, values in self.named_rows)


def strings(found: Sequence[PvString]) -> Grid | None:
    """Return the DC inputs; None where nothing is known of them."""
    rows = [(formatting.name(it.name), (it.v, it.a, it.w)) for it in found]
    name, first = trc("solar panels", "Strings"), trc("solar panels", "String")
    return _grid(name, first, rows, (("V", 1), ("A", 1), ("W", 0)))


def phases(found: Sequence[Phase], *, directed: bool = False) -> Grid | None:
    """Return the AC phases; ``directed`` adds a meter's way in words."""
    rows = [(_phase(it.name), (it.v, it.a, it.hz, it.w)) for it in found]
    units = (("V", 1), ("A", 1), ("Hz", 2), ("W", 0))
    table = _grid(
        trc("electricity", "Phases"), trc("electricity", "Phase"), rows, units
    )
    ways = [_way(it.w) for it in found]
    if table is None or not directed or not any(ways):
        return table
    return Grid(
        name=table.name,
        head=(*table.head, ""),
        rows=tuple((*row, way) for row, way in zip(table.rows, ways, strict=True)),
    )


def high_voltage(found: Iterable[Phase]) -> str:
    """Return a sentence where a phase is above what inverters stay connected at."""
    for cell in found:
        slow = cell.hz is None or cell.hz < _MOST_HZ
        if cell.v is not None and _MOST_V < cell.v < _BETWEEN_PHASES_V and slow:
            # Translators: {phase} is a phase of the grid, "L1"
            return tr(
                "{phase} has {voltage} V. Above 253 V an inverter gives less power or"
                " disconnects."
            ).format(phase=_phase(cell.name), voltage=formatting.fixed(cell.v, 1))
    return ""


def _grid(
    name: str,
    first: str,
    rows: Sequence[tuple[str, tuple[float | None, ...]]],
    units: Sequence[tuple[str, int]],
) -> Grid | None:
    """Return the table with the columns of which something is known."""
    known = [
        n for n in range(len(units)) if any(values[n] is not None for _, values in rows)
    ]
    if not known:
        return None
    return Grid(
        name=name,
        head=(first, *(units[n][0] for n in known)),
        rows=tuple(
            (label, *(_number(values[n], units[n][1]) for n in known))
            for label, values in rows
        ),
    )


def _number(value: float | None, digits: int) -> str:
    return formatting.DASH if value is None else formatting.fixed(abs(value), digits)


def _phase(name: str) -> str:
    line = formatting.name(name)
    return f"L{line}" if line.isdigit() else line


def _way(power_w: float | None) -> str:
    if power_w is None or abs(power_w) < formatting.DEAD_BAND_W:
        return ""
    if power_w > 0:
        # Translators: power flows out to the grid
        return trc("direction of power", "out")
    # Translators: power flows in from the grid
    return trc("direction of power", "in")


@dataclass(frozen=True, slots=True)
class Fact:
    """A small figure: what it is, and its value with unit."""

    label: str
    value: str
