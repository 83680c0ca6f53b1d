"""The settings' page about notifications: rules, limits, silence, and a test."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QPushButton

from sems_tray.alerts.model import Rule
from sems_tray.alerts.settings import (
    LEAST_PORTAL_MINUTES,
    MOST_PORTAL_MINUTES,
    Limit,
    limit_troubles,
)
from sems_tray.i18n.language import mark, markc, tr, trc
from sems_tray.widgets.fields import Choice, Spin
from sems_tray.widgets.forms import Row, StackedRows, Switch, WrappedLabel, flow

from .page import SettingsPage
from .quiet_hours import QuietFields

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtWidgets import QWidget

    from .model import Draft, KnownAlarm, PreferencesInfo


K = TypeVar("K")
_WHERE_IT_MATTERS, _EACH_TIME = "matters", "each"


class AlertsPage(SettingsPage):
    """Lets the owner choose what is told, and when it is not."""

    test_wanted = Signal()
    remind_wanted = Signal(object)  # Acknowledged, to be told again

    def __init__(self, draft: Draft) -> None:
        super().__init__(draft)
        self._switches: dict[Rule, Switch] = {}
        self._spins: dict[Limit, Spin] = {}
        self._limits: dict[Limit, Row] = {}
        self._known: tuple[KnownAlarm, ...] = ()
        self._undone: dict[KnownAlarm, QPushButton] = {}
        self._low = Choice("low_each_time", _low_choices())
        self._low.chosen.connect(self._on_low)
        for title, rules in GROUPS:
            rows = [self._rule(it) for it in rules]
            if Rule.BATTERY_LOW in {it.rule for it in rules}:
                rows.insert(0, self._low_row())
            self.section(trc("settings section", title), *rows)
        self._quiet = QuietFields(draft)
        self.section(tr("Quiet hours"), self._quiet)
        test = QPushButton(tr("Send a test"))
        test.setObjectName("test")
        test.clicked.connect(self.test_wanted)
        self.section(
            tr("Try it"),
            WrappedLabel(tr("A bubble should appear, even in quiet hours.")),
            flow(test),
        )
        self._rows = StackedRows()
        self._known_part = self.section(
            tr("Alarms that you know of"),
            self._rows,
            about=tr("They are not told again until they change."),
        )
        self._known_part.hide()
        self.end()
        self.fill()

    def _rule(self, words: RuleWords) -> QWidget:
        name = trc("alert rule", words.name)
        switch = Switch(words.rule.value, name, tr(words.about))
        switch.switched.connect(self._on_switched)
        self._switches[words.rule] = switch
        if words.limit is not None:
            switch.add_below(self._limit(words.limit))
        return switch

    def _low_row(self) -> Row:
        about = tr(
            "It matters in a power cut, or when the charge is lower than usual at this"
            " hour. Then it is told once a day at most."
        )
        return Row(tr("A low battery is told"), self._low, about)

    def _limit(self, words: LimitWords) -> Row:
        unit = trc("unit", words.unit)
        spin = Spin(words.limit.value, words.least, words.most, unit)
        spin.valueChanged.connect(self._on_limit)
        self._spins[words.limit] = spin
        row = self._limits[words.limit] = Row(trc("limit", words.name), spin)
        return row

    def fill(self) -> None:
        """Show what is chosen."""
        chosen = self._draft.value
        for rule, switch in self._switches.items():
            switch.fill(rule.value not in chosen.rules_off)
        self._low.fill(_EACH_TIME if chosen.low_each_time else _WHERE_IT_MATTERS)
        for limit, spin in self._spins.items():
            spin.blockSignals(True)
            spin.setValue(getattr(chosen.limits, limit.value))
            spin.blockSignals(False)
        # A file that was edited by hand may hold what cannot be.
        troubles = limit_troubles(chosen.limits)
        for limit, row in self._limits.items():
            row.say(troubles.get(limit, ""))

    def show_info(self, info: PreferencesInfo) -> None:
        """Show the alarms that the owner acknowledged."""
        if info.known_alarms == self._known:
            return
        self._known = info.known_alarms
        self._undone.clear()
        self._rows.fill(self._row(it) for it in self._known)
        self._known_part.setVisible(bool(self._known))

    def _row(self, alarm: KnownAlarm) -> Row:
        undo = QPushButton(tr("Tell again"))
        row = Row(alarm.text, undo)
        undo.setAccessibleName(tr("Tell again: {alarm}").format(alarm=alarm.text))
        undo.clicked.connect(self._on_undo)
        self._undone[alarm] = undo
        return row

    @Slot(bool)
    def _on_switched(self, on: bool) -> None:  # noqa: FBT001 (a value)
        rule = _key_of(self._switches, self.sender())
        off = self._draft.value.rules_off
        self._draft.put(rules_off=off - {rule.value} if on else off | {rule.value})

    @Slot(str)
    def _on_low(self, value: str) -> None:
        self._draft.put(low_each_time=value == _EACH_TIME)

    @Slot(float)
    def _on_limit(self, _: float) -> None:
        """Take all limits together: one may make another possible."""
        edited = _key_of(self._spins, self.sender())
        values = {it.value: spin.value() for it, spin in self._spins.items()}
        limits = replace(self._draft.value.limits, **values)
        troubles = limit_troubles(limits)
        for limit, row in self._limits.items():
            if limit is edited or row.trouble:
                row.say(troubles.get(limit, ""))
        if not troubles:
            self._draft.put(limits=limits)

    @Slot()
    def _on_undo(self) -> None:
        alarm = _key_of(self._undone, self.sender())
        self.remind_wanted.emit(alarm.mark)


def _low_choices() -> tuple[tuple[str, str], ...]:
    """Return when a low battery is told: words and value."""
    return (
        # Translators: when a low battery is told.
        (tr("Only when it matters"), _WHERE_IT_MATTERS),
        # Translators: when a low battery is told.
        (tr("Each time"), _EACH_TIME),
    )


def _key_of(table: Mapping[K, object], sender: object) -> K:
    """Return whose widget sent a signal."""
    return next(key for key, widget in table.items() if widget is sender)


# The alert rules in words: what each watches, and the limit that belongs to it.


@dataclass(frozen=True, slots=True)
class LimitWords:
    """A limit's name, its bounds and its unit."""

    limit: Limit
    name: str
    least: float
    most: float
    unit: str


@dataclass(frozen=True, slots=True)
class RuleWords:
    """A rule's name, one sentence, and its limit."""

    rule: Rule
    name: str
    about: str
    limit: LimitWords | None = None


def _percent(limit: Limit, name: str) -> LimitWords:
    return LimitWords(limit, name, 0, 100, "%")


GROUPS: tuple[tuple[str, tuple[RuleWords, ...]], ...] = (
    (
        markc("settings section", "Station"),
        (
            RuleWords(
                Rule.DEVICE_FAULT,
                markc("alert rule", "Device fault"),
                mark("An inverter or another device reports a fault."),
            ),
            RuleWords(
                Rule.NEW_ALARM,
                markc("alert rule", "New alarm"),
                mark("The portal lists an alarm that is active."),
            ),
            RuleWords(
                Rule.GRID_LOST,
                markc("alert rule", "Grid lost"),
                mark("The station is cut off from the grid. It passes quiet hours."),
            ),
            RuleWords(
                Rule.SILENT,
                markc("alert rule", "Station silent"),
                mark("By daylight no new figures come, while GoodWe can be reached."),
            ),
            RuleWords(
                Rule.NO_PRODUCTION,
                markc("alert rule", "No production"),
                mark("In good daylight the panels give nothing."),
            ),
        ),
    ),
    (
        markc("settings section", "Battery"),
        (
            RuleWords(
                Rule.BATTERY_LOW,
                markc("alert rule", "Battery low"),
                mark("The charge falls below a limit."),
                _percent(Limit.LOW, markc("limit", "Low below")),
            ),
            RuleWords(
                Rule.BATTERY_CRITICAL,
                markc("alert rule", "Battery critical"),
                mark("The charge falls so far that little is left for the night."),
                _percent(Limit.CRITICAL, markc("limit", "Critical below")),
            ),
            RuleWords(
                Rule.BATTERY_FULL,
                markc("alert rule", "Battery full"),
                mark(
                    "The charge reaches a limit: a good time for the washing machine."
                ),
                _percent(Limit.FULL, markc("limit", "Full from")),
            ),
            RuleWords(
                Rule.BATTERY_STUCK,
                markc("alert rule", "Battery not moving"),
                mark("The battery does nothing for hours, although it could."),
            ),
        ),
    ),
    (
        markc("settings section", "Portal and account"),
        (
            RuleWords(
                Rule.PORTAL,
                markc("alert rule", "GoodWe out of reach"),
                mark("For a long time no answer comes from the portal."),
                LimitWords(
                    Limit.PORTAL,
                    markc("limit", "Tell after"),
                    LEAST_PORTAL_MINUTES,
                    MOST_PORTAL_MINUTES,
                    markc("unit", "min"),
                ),
            ),
            RuleWords(
                Rule.SIGN_IN,
                markc("alert rule", "Sign-in needed"),
                mark("GoodWe does not accept the account any more."),
            ),
        ),
    ),
)
