"""The preferences as they stand while the settings window is open."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from sems_tray.core.preferences import Preferences


class Draft(QObject):
    """Holds the preferences that all pages edit; each change is told once."""

    loaded = Signal()  # fill the fields anew
    changed = Signal(object)  # Preferences

    def __init__(self) -> None:
        super().__init__()
        self.value: Preferences = Preferences()
        self._filling = False

    def load(self, preferences: Preferences) -> None:
        """Take preferences from outside; the fields follow and say nothing."""
        self.value = preferences
        self.reload()

    def reload(self) -> None:
        """Let the fields show what holds: what was half entered is dropped."""
        self._filling = True
        try:
            self.loaded.emit()
        finally:
            self._filling = False

    def put(self, **changes: Any) -> None:  # noqa: ANN401 (the fields' own types)
        """Take what a field says; the same as before is no change."""
        if self._filling:
            return
        value = replace(self.value, **changes)
        if value != self.value:
            self.value = value
            self.changed.emit(value)
