"""The settings' page about notifications: rules, limits, silence, and a test."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QPushButton

from sems_tray.alerts.model import Rule
from sems_tray.i18n.language import tr, trc
from sems_tray.notifications.alert_settings import (
    limit_troubles,
    quiet_trouble,
    quiet_words,
)
from sems_tray.widgets.forms import Row, StackedRows, WrappedLabel, flow

from .form import FieldKind, SettingRow
from .page import SettingsPage

if TYPE_CHECKING:
    from sems_tray.runtime.settings_repository import SettingsRepository
    from sems_tray.storage.settings import Settings

    from .page import KnownAlarm, SettingsEvents, SettingsInfo


class AlertsPage(SettingsPage):
    """Lets the owner choose what is told, and when it is not."""

    def __init__(self, repository: SettingsRepository, events: SettingsEvents) -> None:
        super().__init__(repository, events)
        self._known: dict[QPushButton, KnownAlarm] = {}
        self._known_rows = StackedRows()
        self._quiet = WrappedLabel()
        self.section(trc("settings section", "Station"), *_station_rules())
        self.section(trc("settings section", "Battery"), *_battery_rules())
        self.section(trc("settings section", "Portal and account"), *_portal_rules())
        self.section(tr("Quiet hours"), *_quiet_hours(), self._quiet)
        test = QPushButton(tr("Send a test"))
        test.setObjectName("test")
        test.clicked.connect(events.test_requested)
        self.section(
            tr("Try it"),
            WrappedLabel(tr("A bubble should appear, even in quiet hours.")),
            flow(test),
        )
        self._known_section = self.section(
            tr("Alarms that you know of"),
            self._known_rows,
            about=tr("They are not told again until they change."),
        )
        self._known_section.hide()
        self.end()

    def show_settings(self, settings: Settings) -> None:
        """Say how long the quiet lasts."""
        self._quiet.show_text(quiet_words(settings.alerts.quiet))

    def show_info(self, info: SettingsInfo) -> None:
        """Show the alarms that the owner acknowledged."""
        if info.known_alarms == tuple(self._known.values()):
            return
        self._known = {QPushButton(tr("Tell again")): it for it in info.known_alarms}
        self._known_rows.fill(
            self._known_row(button, it.text) for button, it in self._known.items()
        )
        self._known_section.setVisible(bool(self._known))

    def _known_row(self, button: QPushButton, alarm: str) -> Row:
        row = Row(alarm, button)
        button.setAccessibleName(tr("Tell again: {alarm}").format(alarm=alarm))
        button.clicked.connect(self._on_remind)
        return row

    @Slot()
    def _on_remind(self) -> None:
        alarm = next(it for by, it in self._known.items() if by is self.sender())
        self._events.reminder_requested.emit(alarm.mark)


def _rule(
    rule: Rule, label: str, about: str, limit: SettingRow | None = None
) -> SettingRow:
    """Return the switch of a rule, which is named after it, and its limit below."""
    return SettingRow(
        FieldKind.MEMBER,
        "alerts.off",
        label,
        about,
        name=rule.value,
        value=rule.value,
        below=limit,
    )


def _station_rules() -> tuple[SettingRow, ...]:
    return (
        _rule(
            Rule.DEVICE_FAULT,
            trc("alert rule", "Device fault"),
            tr("An inverter or another device reports a fault."),
        ),
        _rule(
            Rule.NEW_ALARM,
            trc("alert rule", "New alarm"),
            tr("The portal lists an alarm that is active."),
        ),
        _rule(
            Rule.GRID_LOST,
            trc("alert rule", "Grid lost"),
            tr("The station is cut off from the grid. It passes quiet hours."),
        ),
        _rule(
            Rule.SILENT,
            trc("alert rule", "Station silent"),
            tr("By daylight no new figures come, while GoodWe can be reached."),
        ),
        _rule(
            Rule.NO_PRODUCTION,
            trc("alert rule", "No production"),
            tr("In good daylight the panels give nothing."),
        ),
    )


def _battery_rules() -> tuple[SettingRow, ...]:
    return (
        SettingRow(
            FieldKind.CHOICE,
            "alerts.low_each_time",
            tr("A low battery is told"),
            tr(
                "It matters in a power cut, or when the charge is lower than usual at"
                " this hour. Then it is told once a day at most."
            ),
            options=(
                # Translators: when a low battery is told.
                (tr("Only when it matters"), False),
                # Translators: when a low battery is told.
                (tr("Each time"), True),
            ),
        ),
        _rule(
            Rule.BATTERY_LOW,
            trc("alert rule", "Battery low"),
            tr("The charge falls below a limit."),
            _percent("alerts.low_percent", trc("limit", "Low below")),
        ),
        _rule(
            Rule.BATTERY_CRITICAL,
            trc("alert rule", "Battery critical"),
            tr("The charge falls so far that little is left for the night."),
            _percent("alerts.critical_percent", trc("limit", "Critical below")),
        ),
        _rule(
            Rule.BATTERY_FULL,
            trc("alert rule", "Battery full"),
            tr("The charge reaches a limit: a good time for the washing machine."),
            _percent("alerts.full_percent", trc("limit", "Full from")),
        ),
        _rule(
            Rule.BATTERY_STUCK,
            trc("alert rule", "Battery not moving"),
            tr("The battery does nothing for hours, although it could."),
        ),
    )


def _portal_rules() -> tuple[SettingRow, ...]:
    return (
        _rule(
            Rule.PORTAL,
            trc("alert rule", "GoodWe out of reach"),
            tr("For a long time no answer comes from the portal."),
            SettingRow(
                FieldKind.NUMBER,
                "alerts.portal_minutes",
                trc("limit", "Tell after"),
                unit=trc("unit", "min"),
            ),
        ),
        _rule(
            Rule.SIGN_IN,
            trc("alert rule", "Sign-in needed"),
            tr("GoodWe does not accept the account any more."),
        ),
    )


def _percent(setting: str, label: str) -> SettingRow:
    return SettingRow(FieldKind.NUMBER, setting, label, unit="%", check=_limits)


def _limits(settings: Settings) -> dict[str, str]:
    troubles = limit_troubles(settings.alerts)
    return {f"alerts.{limit}": trouble for limit, trouble in troubles.items()}


def _quiet_hours() -> tuple[SettingRow, ...]:
    on = "alerts.quiet.on"
    return (
        SettingRow(
            FieldKind.SWITCH,
            on,
            tr("Use quiet hours"),
            tr("What is not urgent is kept in the history and not shown."),
            name="quiet",
            check=_quiet,
        ),
        SettingRow(
            FieldKind.TIME,
            "alerts.quiet.start",
            trc("settings field, a time", "From"),
            name="quiet_start",
            needs=on,
        ),
        SettingRow(
            FieldKind.TIME,
            "alerts.quiet.end",
            trc("settings field, a time", "To"),
            name="quiet_end",
            needs=on,
        ),
        SettingRow(
            FieldKind.WEEKDAYS,
            "alerts.quiet.weekdays",
            # Translators: "it" is the quiet; the seven days of the week follow.
            tr("It begins on"),
            needs=on,
            check=_quiet,
        ),
    )


def _quiet(settings: Settings) -> dict[str, str]:
    trouble = quiet_trouble(settings.alerts.quiet)
    return {"alerts.quiet.weekdays": trouble} if trouble else {}
