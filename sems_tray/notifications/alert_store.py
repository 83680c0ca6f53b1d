"""The alerts of one run: their state, what is shown of it, and what the owner answers.

The state is read from the history when it is first wanted; every step of the rules goes
through ``_apply``, which shows, closes and records what it comes to.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from sems_tray.alerts.alert_center import (
    AlertCenter,
    from_json,
    later,
    noted,
    polled,
    ruled,
    seen,
    to_json,
)
from sems_tray.alerts.delivery import (
    Muting,
    ShowNotification,
    acknowledge,
    reminded,
    snoozed,
)
from sems_tray.alerts.model import (
    ACCOUNT,
    AlertHistoryUpdate,
    AlertRules,
    Context,
    Problem,
    Withdrawal,
)
from sems_tray.alerts.topics import announced, problems
from sems_tray.alerts.wording import described
from sems_tray.domain.poll_result import PollSucceeded
from sems_tray.i18n import formatting
from sems_tray.i18n.language import tr

from .topic_notifications import TopicNotifications

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from sems_tray.alerts.alert_center import AlertUpdate
    from sems_tray.alerts.delivery import Acknowledged, QuietHours
    from sems_tray.alerts.model import Notice, Topic
    from sems_tray.domain.model import Reading, Station
    from sems_tray.domain.poll_result import PollOutcome
    from sems_tray.runtime.sky import Sky

    from .notifier import Notifier


log = logging.getLogger(__name__)

_SNOOZE = timedelta(hours=1)
# Quiet hours begin and end on the minute; nothing is polled for it, a timer is armed.
_RECHECK_OWED = timedelta(minutes=1)


class AlertStore(QObject):
    """Owns the alert state.

    ``saved_states`` returns what the history holds of it, by name; None if the history
    is damaged and may be mended by its next writing.  ``started`` is when the program
    was started by an owner: failures of the first minutes are no evidence.
    """

    to_record = Signal(object)  # AlertHistoryUpdate
    changed = Signal()  # problems, unseen or muting
    details_wanted = Signal(str)  # alarm id, or ""
    station_wanted = Signal(str)  # before that: whose alarm it is

    def __init__(
        self,
        notifier: Notifier,
        sky: Sky,
        *,
        now: Callable[[], datetime],
        saved_states: Callable[[], Mapping[str, object] | None],
        started: datetime | None,
    ) -> None:
        super().__init__()
        self._notifications = TopicNotifications(notifier)
        self._notifications.details_wanted.connect(self._on_details)
        self._notifications.snooze_wanted.connect(self._on_snooze)
        self._sky = sky
        self._now = now
        self._saved_states = saved_states
        self._state: AlertCenter | None = None
        self._is_unread = False  # it lies in a damaged history that is to be mended
        self._unread_outcome: PollOutcome | None = None
        self._rules = AlertRules()
        self._quiet: QuietHours | None = None
        self._woke_at = started
        self._is_several = False
        self._reading: Reading | None = None
        self._watched: dict[str, Station] = {}  # beside the shown one
        self._shown_id: str | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_recheck)

    @property
    def state(self) -> AlertCenter:
        """The state; read from the history when it is first wanted."""
        if self._state is None:
            saved = self._saved_states()
            self._is_unread = saved is None
            self._state = self._with_quiet(from_json(saved or {}, Muting()))
        return self._state

    # -- settings --------------------------------------------------------------

    def set_rules(self, rules: AlertRules, quiet: QuietHours | None) -> None:
        """Judge by other rules; what is watched no more is withdrawn at once."""
        self._rules, self._quiet = rules, quiet
        if self._state is None:
            return
        before = self._state
        self._apply(ruled(self._with_quiet(before), rules, self._now()))
        if self._state != before:
            self.changed.emit()

    def set_several(self, *, several: bool) -> None:
        """Put the station's name into every notice, if the account has several."""
        self._is_several = several

    # -- what happens ----------------------------------------------------------

    @Slot()
    def on_woke(self) -> None:
        """Give the network a moment: what failed in the sleep is no evidence."""
        self._woke_at = self._now()
        self._schedule_recheck()  # a timer may stand still in a sleep

    @Slot(object)
    def on_polled(self, outcome: PollOutcome) -> None:
        """Fold the outcome of a poll in."""
        state = self.state
        if self._is_unread:
            self._unread_outcome = outcome
            return
        event = outcome.reading if isinstance(outcome, PollSucceeded) else outcome
        if isinstance(outcome, PollSucceeded):
            station = outcome.reading.station.id
            if station != (self._shown_id or station):
                # The owner turned to another one while this one was asked.
                if station in self._watched:
                    self.on_other_station_read(outcome.reading)
                return
            self.show_station(outcome.reading)
        context = self._context(self._reading)
        self._apply_and_notify(polled(state, event, self._now(), context))

    @Slot(object)
    def on_other_station_read(self, reading: Reading) -> None:
        """Fold in a reading of a station beside the shown one."""
        context = self._context(reading, is_other=True)
        self._apply_and_notify(polled(self.state, reading, self._now(), context))

    def watch(self, stations: Iterable[Station], shown_id: str | None) -> None:
        """Take which stations beside the shown one are watched."""
        before, self._watched = self._watched, {it.id: it for it in stations}
        self._shown_id = shown_id
        for station in before.keys() - self._watched.keys() - {shown_id}:
            self._close_all(station)
        if before != self._watched:
            self.changed.emit()

    def show_station(self, reading: Reading) -> None:
        """Take what is known of the station that is shown from now on."""
        self._close_left(reading.station.id)
        self._reading = reading

    @Slot()
    def on_recorded(self) -> None:
        """Read the state again if the history was damaged: it is mended by now."""
        if not self._is_unread:
            return
        self._state = None
        self._state = self.state
        self._is_unread = False  # what is still not there begins anew
        outcome, self._unread_outcome = self._unread_outcome, None
        if outcome is not None:
            self.on_polled(outcome)

    @Slot()
    def reset(self) -> None:
        """Begin anew, as for an account of which nothing is known."""
        self._unread_outcome = None
        self._notifications.reset()
        self._reading = self._shown_id = None
        self._watched = {}
        before = self.state
        self._is_unread = False
        self._state = state = self._with_quiet(AlertCenter())
        if before != state:
            self.to_record.emit(AlertHistoryUpdate(states=to_json(state)))
        self.changed.emit()
        self._schedule_recheck()

    def _close_left(self, shown: str) -> None:
        """Close the notifications of a station that is neither shown nor watched."""
        if self._reading is None or self._reading.station.id == shown:
            return
        for memory in self.state.alerts.memories:
            if memory.station not in {shown, ACCOUNT, *self._watched}:
                self._close_all(memory.station)

    def _close_all(self, station: str) -> None:
        for topic in self.state.alerts.memory(station).topics:
            self._notifications.close(station, topic.id)

    # -- what the owner does ---------------------------------------------------

    @property
    def snoozed_until(self) -> datetime | None:
        """Until when notifications are snoozed; None if they are not."""
        return snoozed(self.state.muting, self._now())

    def snooze(self, until: datetime | None) -> None:
        """Be silent until then; None ends it. What needs the owner passes."""
        self._mute(self.state, replace(self.state.muting, snoozed_until=until))

    def acknowledge(self, station: str, topic_id: str) -> None:
        """Be silent about one thing until it changes."""
        topic = self.state.alerts.memory(station).topic(topic_id)
        if topic is None:
            return
        self._notifications.close(station, topic_id)
        muting = acknowledge(self.state.muting, station, topic)
        self._mute(noted(self.state, station, topic_id), muting)

    @Slot(str, bool)
    def set_muted(self, alarm_id: str, muted: bool) -> None:  # noqa: FBT001 (a slot)
        """Be silent about an alarm until it changes, or tell of it again."""
        for problem in self.problems():
            if problem.alarm_id != alarm_id or not self._is_here(problem):
                continue
            if muted:
                self.acknowledge(problem.station, problem.topic)
            else:
                self._unmute(problem.station, problem.topic)

    @Slot(object)
    def unmute(self, mark: Acknowledged) -> None:
        """Tell of something again that was acknowledged."""
        self._unmute(mark.station, mark.topic)

    def _unmute(self, station: str, topic: str) -> None:
        self._mute(self.state, reminded(self.state.muting, station, topic))

    def _mute(self, state: AlertCenter, muting: Muting) -> None:
        """Go on with another muting; what is owed by it is shown."""
        self._apply_and_notify(later(replace(state, muting=muting), self._now()))

    def record_seen(self) -> None:
        """Record that the owner looked at the window."""
        if self.state.unseen:
            self._apply_and_notify(later(seen(self.state), self._now()))

    def show_test(self) -> None:
        """Show what a notification looks like here."""
        self._notifications.show_test()

    @Slot()
    def _on_snooze(self) -> None:
        self.snooze(self._now() + _SNOOZE)

    @Slot(object)
    def _on_details(self, notice: Notice | None) -> None:
        """Open what a notice is about: its alarm's id may change, or come late."""
        if notice is None:
            self.details_wanted.emit("")
            return
        if notice.station in self._watched:
            self.station_wanted.emit(notice.station)
        topic = self.state.alerts.memory(notice.station).topic(notice.topic)
        alarm_id = topic.alarm_id if topic is not None and topic.raised else None
        self.details_wanted.emit(alarm_id or notice.alarm_id or "")

    # -- what menus and lists say ----------------------------------------------

    @property
    def shown(self) -> str:
        """The id of the station that is shown; empty before its first reading."""
        return self._reading.station.id if self._reading else ACCOUNT

    def problems(self) -> tuple[Problem, ...]:
        """Return what is wrong now, the worst first, and then what is elsewhere."""
        alerts, here = self.state.alerts, self.shown
        zone = self._reading.station.timezone if self._reading else None
        own = alerts.memory(here)
        found = [
            # The rest is the account's.
            self._problem(it, ACCOUNT if own.topic(it.id) is None else here, zone)
            for it in problems(alerts, here)
        ]
        for other in self._watched.values():
            name = formatting.name(other.name) or other.id
            if other.id != here:
                found += [
                    self._problem(it, other.id, other.timezone, name)
                    for it in announced(alerts.memory(other.id).topics)
                ]
        return tuple(found)

    def _problem(
        self, topic: Topic, station: str, zone: str | None, name: str = ""
    ) -> Problem:
        title, _ = described(topic, self._now(), zone)
        if name:
            # Translators: a station's name and what is wrong there.
            title = tr("{station}: {title}").format(station=name, title=title)
        return Problem(
            station=station,
            topic=topic.id,
            title=title,
            level=topic.level,
            alarm_id=topic.alarm_id,
        )

    def unseen(self) -> str:
        """Return what ended before anybody looked; empty if nothing did."""
        alerts, titles = self.state.alerts, {it.title for it in self.problems()}
        ended = [
            title
            for station, topic, title in self.state.unseen
            if not alerts.memory(station).raised(topic) and title not in titles
        ]
        return ended[-1] if ended else ""

    def muted_by_alarm(self) -> dict[str, bool]:
        """Return the shown station's alarms that are told of, by id, and if muted."""
        muted = {(it.station, it.topic) for it in self.state.muting.acknowledged}
        return {
            it.alarm_id: (it.station, it.topic) in muted
            for it in self.problems()
            if it.alarm_id is not None and self._is_here(it)
        }

    def muted_in_words(self) -> tuple[tuple[Acknowledged, str], ...]:
        """Return what was acknowledged and is still there, in words."""
        titles = {(it.station, it.topic): it.title for it in self.problems()}
        marks = sorted(
            self.state.muting.acknowledged,
            key=lambda mark: (mark.station, mark.topic, mark.key),
        )
        return tuple(
            (mark, titles[place])
            for mark in marks
            if (place := (mark.station, mark.topic)) in titles
        )

    def _is_here(self, problem: Problem) -> bool:
        """Say whether it is the shown station's: ids are each station's own."""
        return problem.station in {self.shown, ACCOUNT}

    # -- one step --------------------------------------------------------------

    def _context(self, reading: Reading | None, *, is_other: bool = False) -> Context:
        """Return what a reading, or a failure after it, is judged by."""
        known = Context(
            rules=self._rules,
            woke_at=self._woke_at,
            several=self._is_several,
            is_other_station=is_other,
        )
        if reading is None:
            return known
        return replace(
            known,
            dark_at=self._sky.dark_at(reading),
            height_at=self._sky.height_at(reading),
            habits=self._sky.habits(reading.station.id),
        )

    def _apply_and_notify(self, update: AlertUpdate) -> None:
        self._apply(update)
        self.changed.emit()

    def _apply(self, update: AlertUpdate) -> None:
        """Go on from a step: show, close and record what it comes to."""
        before, self._state = self._state, update.centre
        for delivery in update.deliveries:
            match delivery:
                case ShowNotification(notice=notice):
                    self._notifications.show(notice)
                case Withdrawal(station=station, topic=topic):
                    self._notifications.close(station, topic)
                case _:
                    log.info("a notice was kept silent: %s", delivery.reason)
        is_news = self._state != before or update.notices or update.closed
        if is_news and not self._is_unread:
            self.to_record.emit(
                AlertHistoryUpdate(
                    states=to_json(self._state),
                    notices=update.notices,
                    closed=update.closed,
                )
            )
        self._schedule_recheck()

    def _schedule_recheck(self) -> None:
        """Look again when a muting may be over: often only while something is owed."""
        state = self._state
        until = None if state is None else self.snoozed_until
        if state is not None and state.outbox.owed:
            wait = _RECHECK_OWED
        elif until is not None:
            wait = until - self._now()
        else:
            self._timer.stop()
            return
        ms = ceil(wait / timedelta(milliseconds=1))
        if not self._timer.isActive() or self._timer.remainingTime() > ms:
            self._timer.start(ms)

    @Slot()
    def _on_recheck(self) -> None:
        self._apply_and_notify(later(self.state, self._now()))

    def _with_quiet(self, state: AlertCenter) -> AlertCenter:
        return replace(state, muting=replace(state.muting, quiet=self._quiet))
