"""The alert state of a run: read when first wanted, shown and kept as it changes."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from sems_tray.core.alerts import Close, Show, Silence
from sems_tray.core.alerts.centre import Centre, kept, later, read, ruled
from sems_tray.core.alerts.silence import snoozed

from .alert_values import Kept

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from sems_tray.core.alerts import AlertRules, QuietHours
    from sems_tray.core.alerts.centre import Outcome

    from .alert_bubbles import Bubbles

log = logging.getLogger(__name__)

# Quiet hours begin and end on the minute; nothing is polled for it, a timer is armed.
_LOOK_AGAIN = timedelta(minutes=1)


class LiveCentre(QObject):
    """Owns the state; ``found`` is what the history keeps of it, None if damaged."""

    to_keep = Signal(object)  # Kept
    changed = Signal()

    def __init__(
        self,
        bubbles: Bubbles,
        *,
        now: Callable[[], datetime],
        found: Callable[[], Mapping[str, object] | None],
    ) -> None:
        super().__init__()
        self._bubbles = bubbles
        self._now = now
        self._found = found
        self._quiet: QuietHours | None = None
        self._centre: Centre | None = None
        self._unread = False  # it lies in a damaged history that is to be mended
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._later)

    @property
    def value(self) -> Centre:
        """The state; read from the history when it is first wanted."""
        if self._centre is None:
            found = self._found()
            self._unread = found is None
            self._centre = self._with_quiet(read(found or {}, Silence()))
        return self._centre

    @property
    def is_read(self) -> bool:
        """Whether it was read, and not wanted in vain; True before it is wanted."""
        return not self._unread

    @property
    def snoozed_until(self) -> datetime | None:
        """Until when notifications are snoozed; None if they are not."""
        return snoozed(self.value.silence, self._now())

    def set_rules(self, rules: AlertRules, quiet: QuietHours | None) -> None:
        """Follow changed settings: what is watched no more is withdrawn at once."""
        self._quiet = quiet
        if self._centre is not None:
            centre = self._with_quiet(self._centre)
            self.take(ruled(centre, rules, self._now()), even_so=False)

    def read_again(self) -> None:
        """Read it from a mended history; what is still not there begins anew."""
        self._centre = None
        self._centre = self.value
        self._unread = False

    def begin_anew(self) -> None:
        """Forget all of it, and what the history keeps of it."""
        before = self.value
        self._unread = False
        self._centre = centre = self._with_quiet(Centre())
        if before != centre:
            self.to_keep.emit(Kept(states=kept(centre)))
        self.changed.emit()
        self.look_later()

    def take(self, outcome: Outcome, *, even_so: bool = True) -> None:
        """Go on from a step: show and keep what it comes to.

        ``even_so`` tells of it even where nothing changed.
        """
        before = self._centre
        self._centre = centre = outcome.centre
        for it in outcome.deliveries:
            match it:
                case Show(notice=notice):
                    self._bubbles.show(notice)
                case Close(station=station, topic=topic):
                    self._bubbles.close(station, topic)
                case _:
                    log.info("a notice was kept silent: %s", it.reason)
        news = centre != before or outcome.notices or outcome.closed
        if news and not self._unread:
            self.to_keep.emit(
                Kept(
                    states=kept(centre), notices=outcome.notices, closed=outcome.closed
                )
            )
        if centre != before or even_so:
            self.changed.emit()
        self.look_later()

    def hush(self, centre: Centre, silence: Silence) -> None:
        """Go on with another silence; what is owed by it is shown."""
        self.take(later(replace(centre, silence=silence), self._now()))

    def look_later(self) -> None:
        """Look again when a silence may be over: often only while something is owed."""
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
        self.take(later(self.value, self._now()))

    def _with_quiet(self, centre: Centre) -> Centre:
        return replace(centre, silence=replace(centre.silence, quiet=self._quiet))
