"""Which stations are watched beside the one that is shown: a switch for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot

from sems_tray.core.language import tr

from .settings_parts import Column, Switch

if TYPE_CHECKING:
    from collections.abc import Sequence


class Watched(Column):
    """Switches by stations. What is switched off is told by its id."""

    chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[tuple[str, str], ...] = ()
        self._off: frozenset[str] = frozenset()
        self._switches: dict[str, Switch] = {}

    @property
    def off(self) -> frozenset[str]:
        """The ids of those that are left alone, unknown ones among them."""
        return self._off

    def offer(self, rows: Sequence[tuple[str, str]]) -> None:
        """Take names and ids of the stations that are not shown."""
        if tuple(rows) == self._rows:
            return
        self._rows = tuple(rows)
        self._switches = {}
        for name, station in rows:
            # Translators: a switch; {station} is a station's name.
            title = tr("Watch {station}, too").format(station=name)
            switch = Switch(f"watch_{station}", title)
            switch.switched.connect(self._on_switched)
            self._switches[station] = switch
        Column.fill(self, self._switches.values())
        self.mark(self._off)

    def mark(self, off: frozenset[str]) -> None:
        """Show which are left alone."""
        self._off = off
        for station, switch in self._switches.items():
            switch.fill(station not in off)

    @Slot(bool)
    def _on_switched(self, _: bool) -> None:  # noqa: FBT001 (Qt's signal)
        shown = self._switches
        off = {it for it, switch in shown.items() if not switch.button.isChecked()}
        self._off = frozenset(off | (self._off - shown.keys()))
        self.chosen.emit()
