"""The whole program with a witness in it, who says on standard output what happens.

Started like the program itself: ``python -m tests.desktop.witness [--hurry] OPTIONS``.
``--hurry`` adds an owner who never rests: settings change, polls follow each other,
notices are given and the whole past is fetched.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Slot

import sems_tray.app.startup
from sems_tray.alerts.model import AlertHistoryUpdate
from sems_tray.app.app import App
from sems_tray.cli.main import main
from sems_tray.domain.energy import NotificationRecord

if TYPE_CHECKING:
    from sems_tray.desktop.single_instance import Instance
    from sems_tray.runtime.context import AppContext

HURRY = "--hurry"
EVERY_MS = 15
POLL_EVERY = 20
STEPS = 2900  # of a hundredth of a minute, from one minute on
# A choice that only a test makes: what a person would never type in.
MARK = "witness"
ORDERS_MS = 20


def say(**what: object) -> None:
    sys.stdout.write(f"{json.dumps(what)}\n")
    sys.stdout.flush()


class Witnessed(App):
    """Says what is shown, and takes orders from standard input's file."""

    hurried = False

    def __init__(self, run: AppContext, instance: Instance | None) -> None:
        super().__init__(run, instance)
        self._said: list[str] | None = None
        self._number = 0
        self._heard = 0
        self.services.events.poll_recorded.connect(self._on_kept)
        self.poller.changed.connect(self._tell)
        self._tell()
        self._orders = QTimer(self)
        self._orders.timeout.connect(self._listen)
        self._orders.start(ORDERS_MS)
        self._owner = QTimer(self)
        self._owner.timeout.connect(self._hurry)
        say(up=True)

    @Slot()
    def _on_kept(self) -> None:
        if self.poller.reading is None:
            return
        say(reading=self.poller.reading.power.pv_w)
        self._tell()
        if self.hurried and not self._owner.isActive():
            self.transfer.backfill.start()
            self._owner.start(EVERY_MS)

    @Slot()
    def _tell(self) -> None:
        shown = self.window.notes()
        # Offscreen there is no tray, which the window says, too.
        notes = [it for it in shown if not it.startswith("This desktop shows no")]
        if notes != self._said:
            self._said = notes
            say(notes=notes)

    @Slot()
    def _hurry(self) -> None:
        self._number += 1
        self.change(1 + self._number % STEPS / 100)
        if self._number % POLL_EVERY == 0:
            self.poller.refresh()
        notice = NotificationRecord(
            station="",
            at=datetime.now(UTC),
            topic=f"{MARK}-{os.getpid()}-{self._number}",
            level="info",
            title="hurry",
            text="",
            silenced=True,
        )
        self.notifications.alerts.to_record.emit(
            AlertHistoryUpdate(states={MARK: self._number}, notices=(notice,))
        )

    @Slot()
    def _listen(self) -> None:
        """Do what was written since: ``live MINUTES``, ``refresh``."""
        sys.stdin.seek(self._heard)
        for line in iter(sys.stdin.readline, ""):
            order, _, value = line.strip().partition(" ")
            match order:
                case "live":
                    self.change(float(value))
                case "refresh":
                    self.poller.refresh()
                case _:
                    raise ValueError(order)
        self._heard = sys.stdin.tell()

    def change(self, minutes: float) -> None:
        """Do what the settings window does when the owner turns a knob."""
        self.services.settings.update(live_minutes=minutes)
        say(live=minutes)
        self._tell()


if __name__ == "__main__":
    Witnessed.hurried = HURRY in sys.argv
    sys.argv = [it for it in sys.argv if it != HURRY]
    setattr(sems_tray.app.startup, "App", Witnessed)  # noqa: B010 (no export of its)
    sys.exit(main())
