"""The alert state of a run: read when first wanted, shown and kept as it changes."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from sems_tray.alerts.alert_center import AlertCenter, later, ruled
from sems_tray.alerts.codec import from_json, to_json
from sems_tray.alerts.model import AlertHistoryUpdate, Kind, Level
from sems_tray.alerts.muting import Muting, snoozed
from sems_tray.alerts.outbox import CloseNotification, ShowNotification
from sems_tray.i18n.language import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from sems_tray.alerts.alert_center import AlertUpdate
    from sems_tray.alerts.model import AlertRules, Notice
    from sems_tray.alerts.muting import QuietHours

    from .notifier import Notifier


log = logging.getLogger(__name__)

# Quiet hours begin and end on the minute; nothing is polled for it, a timer is armed.
_LOOK_AGAIN = timedelta(minutes=1)


class LiveAlertCenter(QObject):
    """Owns the state; ``found`` is what the history keeps of it, None if damaged."""

    to_keep = Signal(object)  # Kept
    changed = Signal()

    def __init__(
        self,
        bubbles: TopicNotifications,
        *,
        now: Callable[[], datetime],
        found: Callable[[], Mapping[str, object] | None],
    ) -> None:
        super().__init__()
        self._bubbles = bubbles
        self._now = now
        self._found = found
        self._quiet: QuietHours | None = None
        self._centre: AlertCenter | None = None
        self._unread = False  # it lies in a damaged history that is to be mended
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._later)

    @property
    def value(self) -> AlertCenter:
        """The state; read from the history when it is first wanted."""
        if self._centre is None:
            found = self._found()
            self._unread = found is None
            self._centre = self._with_quiet(from_json(found or {}, Muting()))
        return self._centre

    @property
    def is_read(self) -> bool:
        """Whether it was read, and not wanted in vain; True before it is wanted."""
        return not self._unread

    @property
    def snoozed_until(self) -> datetime | None:
        """Until when notifications are snoozed; None if they are not."""
        return snoozed(self.value.muting, self._now())

    def set_rules(self, rules: AlertRules, quiet: QuietHours | None) -> None:
        """Follow changed settings: what is watched no more is withdrawn at once."""
        self._quiet = quiet
        if self._centre is not None:
            centre = self._with_quiet(self._centre)
            self.apply(ruled(centre, rules, self._now()), notify_unchanged=False)

    def reload(self) -> None:
        """Read it from a mended history; what is still not there begins anew."""
        self._centre = None
        self._centre = self.value
        self._unread = False

    def reset(self) -> None:
        """Forget all of it, and what the history keeps of it."""
        before = self.value
        self._unread = False
        self._centre = centre = self._with_quiet(AlertCenter())
        if before != centre:
            self.to_keep.emit(AlertHistoryUpdate(states=to_json(centre)))
        self.changed.emit()
        self.schedule_recheck()

    def apply(self, outcome: AlertUpdate, *, notify_unchanged: bool = True) -> None:
        """Go on from a step: show and keep what it comes to.

        ``notify_unchanged`` tells of it even where nothing changed.
        """
        before = self._centre
        self._centre = centre = outcome.centre
        for delivery in outcome.deliveries:
            match delivery:
                case ShowNotification(notice=notice):
                    self._bubbles.show(notice)
                case CloseNotification(station=station, topic=topic):
                    self._bubbles.close(station, topic)
                case _:
                    log.info("a notice was kept silent: %s", delivery.reason)
        news = centre != before or outcome.notices or outcome.closed
        if news and not self._unread:
            self.to_keep.emit(
                AlertHistoryUpdate(
                    states=to_json(centre),
                    notices=outcome.notices,
                    closed=outcome.closed,
                )
            )
        if centre != before or notify_unchanged:
            self.changed.emit()
        self.schedule_recheck()

    def apply_muting(self, centre: AlertCenter, muting: Muting) -> None:
        """Go on with another muting; what is owed by it is shown."""
        self.apply(later(replace(centre, muting=muting), self._now()))

    def schedule_recheck(self) -> None:
        """Look again when a muting may be over: often only while something is owed."""
        centre = self._centre
        until = None if centre is None else self.snoozed_until
        if centre is not None and centre.outbox.owed:
            wait = _LOOK_AGAIN
        elif until is not None:
            wait = until - self._now()
        else:
            self._timer.stop()
            return
        ms = ceil(wait / timedelta(milliseconds=1))
        if not self._timer.isActive() or self._timer.remainingTime() > ms:
            self._timer.start(ms)

    @Slot()
    def _later(self) -> None:
        self.apply(later(self.value, self._now()))

    def _with_quiet(self, centre: AlertCenter) -> AlertCenter:
        return replace(centre, muting=replace(centre.muting, quiet=self._quiet))


# The notices on the desktop: which are open, and what a press on one means.


DETAILS, SNOOZE = "details", "snooze"
_TEST = "test"


class TopicNotifications(QObject):
    """Shows notices, one bubble for each topic of a station."""

    details_wanted = Signal(object)  # Notice, or None for a bubble that is not known
    snooze_wanted = Signal()

    def __init__(self, notifier: Notifier) -> None:
        super().__init__()
        self._notifier = notifier
        self._told: dict[str, Notice] = {}
        self._open: set[str] = set()
        notifier.pressed.connect(self._on_pressed)
        notifier.closed.connect(self._on_closed)

    def show(self, notice: Notice) -> None:
        """Show a notice; one that only got its name where its bubble is still open."""
        from .notification import Button, Notification

        key = _key(notice.station, notice.topic)
        if notice.kind is Kind.NAMED and key not in self._open:
            return
        self._told[key] = notice
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

    def test(self) -> None:
        """Show what a notification looks like here."""
        from .notification import Notification

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

    def forget(self) -> None:
        """Close them all."""
        self._notifier.close_all()
        self._told.clear()
        self._open.clear()

    @Slot(str, str)
    def _on_pressed(self, key: str, button: str) -> None:
        self._open.discard(key)
        if button == SNOOZE:
            self.snooze_wanted.emit()
        else:
            self.details_wanted.emit(self._told.get(key))

    @Slot(str)
    def _on_closed(self, key: str) -> None:
        self._open.discard(key)


def _key(station: str, topic: str) -> str:
    return f"{station}/{topic}"
