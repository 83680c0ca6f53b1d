"""The settings' page about how often GoodWe is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sems_tray.i18n import formatting
from sems_tray.i18n.language import tr, trc, trn
from sems_tray.polling.schedule import (
    DARK,
    DARK_WITH_BATTERY,
    THROTTLED,
    WATCHED,
)
from sems_tray.widgets.forms import Ink, WrappedLabel
from sems_tray.widgets.theme import Text

from .form import FieldKind, SettingRow
from .page import SettingsPage

if TYPE_CHECKING:
    from datetime import timedelta

    from sems_tray.runtime.settings_repository import SettingsRepository

    from .page import SettingsEvents, SettingsInfo


class PollingPage(SettingsPage):
    """Lets the owner choose the cadence by daylight, and explains the others."""

    def __init__(self, repository: SettingsRepository, events: SettingsEvents) -> None:
        super().__init__(repository, events)
        self._requests = WrappedLabel(ink=Ink.PLAIN, step=Text.STRONG)
        self._requests.setObjectName("requests")
        self.section(
            tr("How often"),
            SettingRow(
                FieldKind.NUMBER,
                "live_minutes",
                # Translators: a field with a number of minutes follows.
                tr("By daylight, every"),
                tr(
                    "Most inverters report once in one to five minutes: asking more"
                    " often shows nothing new."
                ),
                unit=trc("unit", "min"),
            ),
            WrappedLabel(_other_times()),
        )
        self.section(
            trc("settings section", "Politeness"),
            self._requests,
            WrappedLabel(
                tr(
                    "GoodWe's portal is there for everybody and limits each account."
                    " SEMS Tray sends one request at a time and asks for totals,"
                    " devices and alarms less often than for the power."
                )
            ),
            WrappedLabel(
                tr(
                    "When GoodWe asks for a pause it gets one, {minutes} minutes if it"
                    " names no time; when that happens again, the rest of the day goes"
                    " slower."
                ).format(minutes=formatting.fixed(_minutes(THROTTLED)))
            ),
        )
        self.end()

    def show_info(self, info: SettingsInfo) -> None:
        """Show how often GoodWe was asked."""
        count = info.requests_today
        if count is None:
            self._requests.show_text(tr("Nothing was asked today."))
        else:
            text = trn("{count} request today", "{count} requests today", count)
            self._requests.show_text(text.format(count=count))


def _other_times() -> str:
    """Return how often GoodWe is asked in the dark, and while somebody looks."""
    return tr(
        "In the dark every {dark} minutes, with a battery every {battery}. While the"
        " window is open every {open} seconds."
    ).format(
        dark=formatting.fixed(_minutes(DARK)),
        battery=formatting.fixed(_minutes(DARK_WITH_BATTERY)),
        open=formatting.fixed(WATCHED.total_seconds()),
    )


def _minutes(span: timedelta) -> float:
    return span.total_seconds() / 60
