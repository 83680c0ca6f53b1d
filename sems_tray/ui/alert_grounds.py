"""What a poll is judged by: the owner's rules, the sun, the usual power, a sleep."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sems_tray.core.alerts import Context

if TYPE_CHECKING:
    from datetime import datetime

    from sems_tray.core.alerts import AlertRules
    from sems_tray.core.model import Reading
    from sems_tray.core.records import UsualPower

    from .alert_values import Sky


class Grounds:
    """Collects what is learned, and hands it out as a context for a reading."""

    def __init__(self, sky: Sky, woke_at: datetime | None) -> None:
        self._sky = sky
        self._usual: dict[str, UsualPower] = {}
        self.woke_at = woke_at
        self.rules: AlertRules | None = None
        self.several = False

    def learn(self, station: str, usual: UsualPower) -> None:
        """Take what a station's power usually is by the sun's height."""
        self._usual[station] = usual

    def forget(self) -> None:
        """Forget what was learned: another account follows."""
        self._usual.clear()

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
            usual=self._usual.get(reading.station.id),
        )
