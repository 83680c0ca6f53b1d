"""The menu's part about notifications: what is wrong, and snoozing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from sems_tray.alerts.delivery import Snooze
from sems_tray.domain.time_zones import utc_now
from sems_tray.i18n.formatting import clock
from sems_tray.i18n.language import mark, tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from sems_tray.alerts.model import Problem, ProblemSummary


_MOST = 3


_LABELS = {
    # Translators: for how long notifications are snoozed.
    Snooze.HALF_HOUR: mark("30 minutes"),
    Snooze.HOUR: mark("1 hour"),
    Snooze.EIGHT_HOURS: mark("8 hours"),
    Snooze.TOMORROW: mark("Until tomorrow, 7:00"),
}


class SnoozeMenu(QObject):
    """Adds its entries to a menu: problems before ``top``, snoozing where it stands."""

    problem_chosen = Signal(object)  # Problem
    snooze_wanted = Signal(object)  # Snooze; None ends it

    def __init__(self, menu: QMenu, top: QAction, plain: Callable[[str], str]) -> None:
        super().__init__(menu)
        self._menu, self._top, self._plain = menu, top, plain
        self._problems: tuple[Problem, ...] = ()
        self._actions: list[QAction] = []
        self._snooze = QMenu(menu)
        self._snooze.setObjectName("snooze")
        self._snooze.triggered.connect(self._on_snooze)
        for length in _LABELS:
            self._snooze.addAction("").setData(length)
        self._snooze_action = menu.addMenu(self._snooze)
        self._until = QAction(menu)
        self._until.setEnabled(False)
        self._wake = QAction(menu)
        self._wake.setObjectName("wake")
        self._wake.triggered.connect(self._on_wake)
        for action in (self._until, self._wake):
            menu.addAction(action)
        self.retranslate()
        self._show_snoozed("")

    def retranslate(self) -> None:
        """Label the entries in the language that is spoken now."""
        self._snooze.setTitle(tr("Snooze notifications"))
        for action in self._snooze.actions():
            action.setText(tr(_LABELS[action.data()]))
        self._wake.setText(tr("Turn on notifications"))

    def show(self, summary: ProblemSummary) -> None:
        """Show what is wrong, and until when notifications are snoozed."""
        self._show_problems(summary.problems)
        until = summary.snoozed_until
        self._show_snoozed("" if until is None else clock(until, utc_now(), None))

    def _show_problems(self, problems: tuple[Problem, ...]) -> None:
        """Show what is wrong; choosing one opens the details there."""
        if problems == self._problems:
            return
        self._problems = problems
        for action in self._actions:
            self._menu.removeAction(action)
            action.deleteLater()
        self._actions = [self._entry(it) for it in problems[:_MOST]]

    def _show_snoozed(self, until: str) -> None:
        """Say until when it is quiet, or offer to be quiet."""
        self._snooze_action.setVisible(not until)
        self._until.setVisible(bool(until))
        # Translators: {clock} is "11:42", or "22 Jun 07:00" on another day.
        said = tr("Notifications snoozed until {clock}")
        self._until.setText(said.format(clock=until))
        self._wake.setVisible(bool(until))

    def _entry(self, problem: Problem) -> QAction:
        action = QAction(self._plain(f"⚠ {problem.title} …"), self._menu)
        action.setObjectName("problem")
        action.setData(problem)
        action.triggered.connect(self._on_problem)
        self._menu.insertAction(self._top, action)
        return action

    @Slot()
    def _on_problem(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.problem_chosen.emit(action.data())

    @Slot(QAction)
    def _on_snooze(self, action: QAction) -> None:
        self.snooze_wanted.emit(action.data())

    @Slot()
    def _on_wake(self) -> None:
        self.snooze_wanted.emit(None)
