"""A device as a card: head, figures, tables and notes, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .language import mark, tr
from .words import labelled

if TYPE_CHECKING:
    from .device_tables import Grid
    from .signs import Sign

FETCHING = mark("Fetching details …")
_SHOWN_SERIAL = 10
_END = 4


@dataclass(frozen=True, slots=True)
class Fact:
    """A small figure: what it is, and its value with unit."""

    label: str
    value: str


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
