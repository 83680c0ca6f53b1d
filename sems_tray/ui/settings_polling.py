"""The settings' page about how often GoodWe is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot

from sems_tray.core.schedule import (
    DARK,
    DARK_WITH_BATTERY,
    LEAST_LIVE,
    MOST_LIVE,
    THROTTLED,
    WATCHED,
)

from .settings_fields import Spin
from .settings_page import SettingsPage
from .settings_parts import Ink, Row, Words
from .theme import Text

if TYPE_CHECKING:
    from datetime import timedelta

    from sems_tray.core.preferences import PreferencesInfo

    from .settings_draft import Draft


class PollingPage(SettingsPage):
    """Lets the owner choose the cadence by daylight, and explains the others."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(draft)
        least, most = _minutes(LEAST_LIVE), _minutes(MOST_LIVE)
        self._live = Spin("live_minutes", least, most, "min")
        self._live.valueChanged.connect(self._on_live)
        self._requests = Words(ink=Ink.PLAIN, step=Text.STRONG)
        self._requests.setObjectName("requests")
        self.section(
            "How often",
            Row(
                "By daylight, every",
                self._live,
                "Most inverters report once in one to five minutes: asking more often"
                " shows nothing new.",
            ),
            Words(
                f"In the dark every {_minutes(DARK):.0f} minutes, with a battery every"
                f" {_minutes(DARK_WITH_BATTERY):.0f}. While the window is open every"
                f" {WATCHED.total_seconds():.0f} seconds."
            ),
        )
        self.section(
            "Politeness",
            self._requests,
            Words(
                "GoodWe's portal is there for everybody and limits each account. SEMS"
                " Tray sends one request at a time and asks for totals, devices and"
                " alarms less often than for the power."
            ),
            Words(
                "When GoodWe asks for a pause it gets one,"
                f" {_minutes(THROTTLED):.0f} minutes if it names no time; when that"
                " happens again, the rest of the day goes slower."
            ),
        )
        self.end()
        self.fill()

    def fill(self) -> None:
        """Show what is chosen."""
        self._live.blockSignals(True)
        self._live.setValue(self._draft.value.live_minutes)
        self._live.blockSignals(False)

    def show_info(self, info: PreferencesInfo) -> None:
        """Show how often GoodWe was asked."""
        count = info.requests_today
        if count is None:
            self._requests.say("Nothing was asked today.")
        else:
            plural = "" if count == 1 else "s"
            self._requests.say(f"{count} request{plural} today")

    @Slot(float)
    def _on_live(self, minutes: float) -> None:
        self._draft.put(live_minutes=minutes)


def _minutes(span: timedelta) -> float:
    return span.total_seconds() / 60
