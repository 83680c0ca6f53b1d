"""When to poll: the GUI thread's half of the conversation with the network thread.

One single-shot timer is armed from the policy when a poll ends, so there are never two
polls at once.  A coarse tick watches the wall clock: a gap in it was a sleep.
"""

from __future__ import annotations

import logging
import random
from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from sems_tray.domain.failures import is_told_at_once
from sems_tray.domain.poll_result import PollFailed, PollSucceeded, Trouble
from sems_tray.domain.station_state import SILENT_AFTER, may_rest
from sems_tray.runtime import jobs

from .other_stations import ACCOUNT_WIDE
from .schedule import TICK, CadenceInputs, next_delay, slept, throttlings
from .snapshot import MonitorSnapshot, no_sun_known

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sems_tray.domain.model import Reading, Station
    from sems_tray.domain.poll_result import PollOutcome
    from sems_tray.domain.station_state import DarkAt
    from sems_tray.runtime.network_thread import NetworkThread, Ticket


log = logging.getLogger(__name__)

# The network needs a moment after waking.
_AFTER_WAKE = timedelta(seconds=5)
# A window opened again so soon shows what is still fresh.
_FRESH = timedelta(seconds=20)


class Poller(QObject):
    """Owns timers and failure count."""

    polled = Signal(object)  # PollOutcome: after it was applied
    changed = Signal(object)  # MonitorSnapshot: something that is shown may differ
    aged = Signal()  # only the time has gone on
    woke = Signal()
    refreshed = Signal()  # the owner asked for everything

    def __init__(
        self,
        network: NetworkThread,
        *,
        now: Callable[[], datetime],
        dark: Callable[[Station, datetime], bool | None],
        live: timedelta,
        dark_at: Callable[[Reading], DarkAt] = lambda _: no_sun_known,
        jitter: Callable[[], float] = random.random,
        demo: bool = False,
    ) -> None:
        super().__init__()
        self._network = network
        self._now = now
        self._dark = dark
        self._live = live
        self._dark_at = dark_at
        self._jitter = jitter
        self._demo = demo
        self._ticket: Ticket | None = None  # of the poll under way
        self._left_station = False  # while it was under way
        self._stopped = False
        self._watched = False
        self._watched_closely = False
        self._failures = 0
        self._is_trouble = False  # more than one lost reply
        self._throttled: tuple[datetime, ...] = ()
        self._polled_closely = self._asked_by_owner = False
        self._outcome: PollOutcome | None = None
        self._answered_at: datetime | None = None
        self._telemetry_at: datetime | None = None
        self._pause_met_meanwhile: datetime | None = None
        self.reading: Reading | None = None
        self.failed: PollFailed | None = None
        self.requests_today = 0
        self.next_at: datetime | None = None
        self.pause_until: datetime | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._poll)
        self._tick = QTimer(self)
        self._tick.setTimerType(Qt.TimerType.VeryCoarseTimer)
        self._tick.setInterval(round(TICK.total_seconds() * 1000))
        self._tick.timeout.connect(self._on_tick)
        self._ticked_at = now().timestamp()

    @property
    def in_flight(self) -> bool:
        """Whether a poll is under way; after ``stop`` none may begin."""
        return self._stopped or self._ticket is not None

    @property
    def shown_failure(self) -> PollFailed | None:
        """The failure to show: one lost reply is none while the last answer is new."""
        if self.reading is None or self._is_trouble:
            return self.failed
        new = self._now() - self.reading.received_at <= SILENT_AFTER
        return None if new else self.failed

    def snapshot(self) -> MonitorSnapshot:
        """Return what is known now."""
        reading = self.reading
        return MonitorSnapshot(
            now=self._now(),
            dark_at=no_sun_known if reading is None else self._dark_at(reading),
            reading=reading,
            failed=self.shown_failure,
            in_flight=self.in_flight,
            pause_until=self.pause_until,
            next_at=self.next_at,
            requests_today=self.requests_today,
            demo=self._demo,
        )

    @property
    def throttled_today(self) -> int:
        """How often the portal asked for a pause today."""
        return len(self._throttled)

    def set_live(self, live: timedelta) -> None:
        """Poll at another pace from the next poll on."""
        self._live = live

    @Slot()
    def start(self) -> None:
        """Poll at once, and from then on by the policy."""
        self._tick.start()
        self._poll()

    @Slot()
    def refresh(self) -> None:
        """Ask for everything now, unless a poll runs or a pause was asked for."""
        if self.in_flight or self.is_paused():
            return
        self.refreshed.emit()
        self._poll(everything=True)

    def is_paused(self) -> bool:
        """Say whether the portal asked for a pause that is not over."""
        return self.pause() is not None

    def pause(self) -> timedelta | None:
        """Return how much is left of a pause that the portal asked for."""
        until = self.pause_until
        left = None if until is None else until - self._now()
        return left if left is not None and left > timedelta() else None

    def watch(self, watched: bool, *, closely: bool = False) -> None:  # noqa: FBT001
        """Note that the window opened or closed: an open one is kept fresh.

        ``closely`` says that the devices' own measurements are looked at, too.
        """
        closer = closely and not self._watched_closely
        more = closer or (watched and not self._watched)
        self._watched, self._watched_closely = watched, closely
        if not more or self.in_flight or self.is_paused():
            return
        if self._is_fresh(self._telemetry_at if closer else self._answered_at):
            self._hasten()
        else:
            self._poll()

    @Slot(object)
    def record_pause(self, failed: PollFailed) -> None:
        """Keep a pause that the portal asked for when it was asked for the past."""
        wait = failed.retry_after
        if self._stopped or wait is None:
            return
        now = self._now()
        until = now + wait
        if self.pause_until is not None and self.pause_until >= until:
            return
        self._throttled = throttlings(self._throttled, failed, now)
        self.pause_until = until
        if self.in_flight:  # its answer must not end the pause
            self._pause_met_meanwhile = until
        elif self.next_at is not None and self.next_at < until:
            self._arm(until - now)
        self.changed.emit(self.snapshot())

    def reset(self) -> None:
        """Forget the reading, and a poll under way: another account follows."""
        self._cancel()
        self._left_station = False
        self._arm(self.pause())
        self._show(None)

    def _cancel(self) -> None:
        if self._ticket is not None:
            self._ticket.cancel()
            self._ticket = None

    def _show(self, known: Reading | None) -> None:
        """Show what is known of another station, which may be nothing."""
        self.reading = known
        self._outcome = self._answered_at = self._telemetry_at = None
        self.failed = None
        self._failures, self._is_trouble = 0, False
        self.changed.emit(self.snapshot())

    @Slot()
    def start_over(self, known: Reading | None = None) -> None:
        """Ask for another station; what a poll under way brings is the old one's.

        What is ``known`` of it is shown at once.  A pause that the portal asked for
        holds for every station.
        """
        self._show(known)
        self._left_station = self.in_flight
        if self.is_paused():
            self.failed = PollFailed(
                trouble=Trouble.THROTTLED, requests_today=self.requests_today
            )
            self._is_trouble = True
            self.changed.emit(self.snapshot())
        else:
            self._poll(everything=True)

    @Slot()
    def stop(self) -> None:
        """Stop all timers; nothing is polled any more."""
        self._timer.stop()
        self._tick.stop()
        self._stopped = True
        self._cancel()

    def _on_polled(self, outcome: PollOutcome) -> None:
        self._ticket = None
        left, self._left_station = self._left_station, False
        if not left or _is_for_all(outcome):
            self.apply(outcome)
            return
        # It is about the station that was left: only a pause counts.
        asked = outcome.pause if isinstance(outcome, PollSucceeded) else None
        pause, today = asked or self.pause(), outcome.requests_today
        if pause is None:
            self._poll(everything=True)
        else:
            failed = PollFailed(
                trouble=Trouble.THROTTLED, retry_after=pause, requests_today=today
            )
            self.apply(failed)

    def apply(self, outcome: PollOutcome) -> None:
        """Follow the outcome of a poll, or of a sign-in, and arm the next poll."""
        self._record(outcome)
        self._arm(self._delay(outcome))
        self.changed.emit(self.snapshot())
        self.polled.emit(outcome)

    def _delay(self, outcome: PollOutcome) -> timedelta | None:
        delay = next_delay(
            outcome,
            self._cadence_inputs(),
            failures=self._failures,
            jitter=self._jitter(),
        )
        if delay is None or self.pause_until is None:
            return delay
        return max(delay, self.pause_until - self._now())

    def _arm(self, delay: timedelta | None) -> None:
        self.next_at = None if delay is None else self._now() + delay
        if delay is None:
            self._timer.stop()
        else:
            self._timer.start(round(delay.total_seconds() * 1000))

    def _hasten(self) -> None:
        """Poll as soon as one who looks is due, if that is sooner than was meant."""
        delay = self._delay(self._outcome) if self._outcome is not None else None
        at = self.next_at
        if delay is not None and at is not None and self._now() + delay < at:
            self._arm(delay)

    def _is_fresh(self, at: datetime | None) -> bool:
        return at is not None and timedelta() <= self._now() - at < _FRESH

    def _record(self, outcome: PollOutcome) -> None:
        now = self._now()
        self.requests_today = outcome.requests_today
        self._outcome, self._answered_at = outcome, now
        if self._polled_closely:
            self._telemetry_at = now
        self.pause_until, self._pause_met_meanwhile = self._pause_met_meanwhile, None
        self._throttled = throttlings(self._throttled, outcome, now)
        wait: timedelta | None
        match outcome:
            case PollSucceeded(reading=reading, pause=wait):
                self.reading, self.failed, self._failures = reading, None, 0
                self._is_trouble = False
            case PollFailed(trouble=trouble, retry_after=wait):
                self.failed = outcome
                self._failures += 1
                at_once = self._asked_by_owner or is_told_at_once(trouble)
                self._is_trouble |= at_once or self._failures > 1
        if wait is not None:
            self.pause_until = max(now + wait, self.pause_until or now)

    def _cadence_inputs(self) -> CadenceInputs:
        reading, now = self.reading, self._now()
        return CadenceInputs(
            live=self._live,
            dark=None if reading is None else may_rest(reading, now, self._dark),
            has_battery=reading is not None and reading.battery is not None,
            watched=self._watched,
            throttled_today=len(self._throttled),
            demo=self._demo,
        )

    @Slot()
    def _poll(self, *, everything: bool = False) -> None:
        if self.in_flight:
            return
        self._polled_closely, self._asked_by_owner = self._watched_closely, everything
        self._timer.stop()
        job = jobs.poll(everything=everything, telemetry=self._watched_closely)
        self._ticket = self._network.submit(job, self._on_polled)

    @Slot()
    def _on_tick(self) -> None:
        """Let ages grow, and notice a sleep."""
        at = self._now().timestamp()
        if slept(self._ticked_at, at):
            log.info("the computer slept or its clock was set")
            self.woke.emit()
            if not self.in_flight and self._timer.isActive() and not self.is_paused():
                self._timer.start(round(_AFTER_WAKE.total_seconds() * 1000))
        self._ticked_at = at
        self.aged.emit()


def _is_for_all(outcome: PollOutcome) -> bool:
    """Say whether a failure is no matter of one station's."""
    return isinstance(outcome, PollFailed) and (
        outcome.trouble in ACCOUNT_WIDE or bool(outcome.retry_after)
    )
