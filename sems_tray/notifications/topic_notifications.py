"""The notices on the desktop: which are open, and what a press on one means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from sems_tray.alerts.model import Kind, Level
from sems_tray.i18n.language import tr

from .notification import Button, Notification

if TYPE_CHECKING:
    from sems_tray.alerts.model import Notice

    from .notifier import Notifier


DETAILS, SNOOZE = "details", "snooze"
_TEST = "test"


class TopicNotifications(QObject):
    """Shows notices, one bubble for each topic of a station."""

    details_wanted = Signal(object)  # Notice, or None for a bubble that is not known
    snooze_wanted = Signal()

    def __init__(self, notifier: Notifier) -> None:
        super().__init__()
        self._notifier = notifier
        self._notices: dict[str, Notice] = {}
        self._open: set[str] = set()
        notifier.pressed.connect(self._on_pressed)
        notifier.closed.connect(self._on_closed)

    def show(self, notice: Notice) -> None:
        """Show a notice; one that only got its name where its bubble is still open."""
        key = _key(notice.station, notice.topic)
        if notice.kind is Kind.NAMED and key not in self._open:
            return
        self._notices[key] = notice
        self._open.add(key)
        self._notifier.show(
            Notification(
                key=key,
                title=notice.title,
                text=notice.text,
                level=notice.level,
                buttons=(
                    Button(id=DETAILS, label=tr("Details")),
                    Button(id=SNOOZE, label=tr("Snooze 1 h")),
                ),
            )
        )

    def show_test(self) -> None:
        """Show what a notification looks like here."""
        self._notifier.show(
            Notification(
                key=_TEST,
                title=tr("SEMS Tray can reach you"),
                text=tr("This is a test. Notices about your station look like this."),
                level=Level.INFO,
            )
        )

    def close(self, station: str, topic: str) -> None:
        """Close the bubble of a topic, if there is one."""
        key = _key(station, topic)
        self._open.discard(key)
        self._notifier.close(key)

    def reset(self) -> None:
        """Close them all."""
        self._notifier.close_all()
        self._notices.clear()
        self._open.clear()

    @Slot(str, str)
    def _on_pressed(self, key: str, button: str) -> None:
        self._open.discard(key)
        if button == SNOOZE:
            self.snooze_wanted.emit()
        else:
            self.details_wanted.emit(self._notices.get(key))

    @Slot(str)
    def _on_closed(self, key: str) -> None:
        self._open.discard(key)


def _key(station: str, topic: str) -> str:
    return f"{station}/{topic}"
