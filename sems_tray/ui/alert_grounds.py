"""What a poll is judged by: rules, sun, the station's habits, a sleep."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sems_tray.core.alerts import Context

if TYPE_CHECKING:
    from datetime import datetime

    from sems_tray.core.alerts import AlertRules
    from sems_tray.core.model import Reading

    from .alert_values import Sky


class Grounds:
    """Gives the context that a reading is judged by."""

    def __init__(self, sky: Sky, woke_at: datetime | None) -> None:
        self._sky = sky
        self.woke_at = woke_at
        self.rules: AlertRules | None = None
        self.several = False

    def context(self, reading: Reading | None, *, aside: bool = False) -> Context:
        """Return what a reading, or a failure after it, is judged by."""
        context = Context(woke_at=self.woke_at, several=self.several, aside=aside)
        if self.rules is not None:
            context = replace(context, rules=self.rules)
        if reading is None:
            return context
        return replace(
            context,
            dark_at=self._sky.dark_at(reading),
            height_at=self._sky.height_at(reading),
            habits=self._sky.habits(reading.station.id),
        )
