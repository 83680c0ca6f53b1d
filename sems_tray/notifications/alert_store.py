"""The GUI thread's alert centre: folds polls in and answers the owner."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from sems_tray.alerts.alert_center import later, noted, polled, seen
from sems_tray.alerts.model import ACCOUNT, AlertRules, Context
from sems_tray.alerts.muting import acknowledge, reminded
from sems_tray.domain.poll_result import PollSucceeded

from .records import alarm_of, ended_unseen, known_by_alarm, known_in_words, listed
from .state import LiveAlertCenter, TopicNotifications

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from sems_tray.alerts.model import Notice, Problem
    from sems_tray.alerts.muting import Acknowledged, QuietHours
    from sems_tray.domain.model import Reading, Station
    from sems_tray.domain.poll_result import PollOutcome
    from sems_tray.runtime.sky import Sky

    from .notifier import Notifier


_SNOOZE = timedelta(hours=1)


class AlertStore(QObject):
    """Owns the alert state. ``to_keep`` says what the history must keep of it."""

    to_keep = Signal(object)  # Kept
    changed = Signal()  # problems, unseen or muting
    details_wanted = Signal(str)  # alarm id, or ""
    station_wanted = Signal(str)  # before that: whose alarm it is

    def __init__(
        self,
        notifier: Notifier,
        sky: Sky,
        *,
        now: Callable[[], datetime],
        found: Callable[[], Mapping[str, object] | None],
        started: datetime | None,
    ) -> None:
        super().__init__()
        self._bubbles = TopicNotifications(notifier)
        self._bubbles.details_wanted.connect(self._on_details)
        self._bubbles.snooze_wanted.connect(self._on_snooze)
        self._centre = LiveAlertCenter(self._bubbles, now=now, found=found)
        self._centre.to_keep.connect(self.to_keep)
        self._centre.changed.connect(self.changed)
        self._sky = sky
        self._grounds = AlertGrounds(sky, started)
        self._now = now
        self._held: PollOutcome | None = None
        self._reading: Reading | None = None
        self._aside: dict[str, Station] = {}  # watched beside the shown one
        self._chosen: str | None = None

    # -- settings --------------------------------------------------------------

    def set_rules(self, rules: AlertRules, quiet: QuietHours | None) -> None:
        """Judge by other rules; what is watched no more is withdrawn at once."""
        self._grounds.rules = rules
        self._centre.set_rules(rules, quiet)

    def set_several(self, *, several: bool) -> None:
        """Put the station's name into every notice, if the account has several."""
        self._grounds.several = several

    # -- what happens ----------------------------------------------------------

    @Slot()
    def on_woke(self) -> None:
        """Give the network a moment: what failed in the sleep is no evidence."""
        self._grounds.woke_at = self._now()
        self._centre.schedule_recheck()  # a timer may stand still in a sleep

    @Slot(object)
    def on_polled(self, outcome: PollOutcome) -> None:
        """Fold the outcome of a poll in."""
        centre = self._centre.value
        if not self._centre.is_read:
            self._held = outcome
            return
        event = outcome.reading if isinstance(outcome, PollSucceeded) else outcome
        if isinstance(outcome, PollSucceeded):
            station = outcome.reading.station.id
            if station != (self._chosen or station):
                # The owner turned to another one while this one was asked.
                if station in self._aside:
                    self.on_aside(outcome.reading)
                return
            self.show_station(outcome.reading)
        context = self._grounds.context(self._reading)
        self._centre.apply(polled(centre, event, self._now(), context))

    def on_aside(self, reading: Reading) -> None:
        """Fold in a reading of a station beside the shown one."""
        context = self._grounds.context(reading, aside=True)
        outcome = polled(self._centre.value, reading, self._now(), context)
        self._centre.apply(outcome)

    def watch(self, aside: Iterable[Station], shown: str | None) -> None:
        """Take which stations beside the shown one are watched."""
        before, self._aside = self._aside, {it.id: it for it in aside}
        self._chosen = shown
        for station in before.keys() - self._aside.keys() - {shown}:
            self._close_all(station)
        if before != self._aside:
            self.changed.emit()

    def show_station(self, reading: Reading) -> None:
        """Take what is known of the station that is shown from now on."""
        self._leave(reading.station.id)
        self._reading = reading

    @Slot()
    def on_kept(self) -> None:
        """Read the state again if the history was damaged: it is mended by now."""
        if self._centre.is_read:
            return
        self._centre.reload()
        held, self._held = self._held, None
        if held is not None:
            self.on_polled(held)

    def forget(self) -> None:
        """Begin anew, as for an account of which nothing is known."""
        self._held = None
        self._bubbles.forget()
        self._reading = self._chosen = None
        self._aside = {}
        self._centre.reset()

    def _leave(self, station: str) -> None:
        """Close the bubbles of another station than the one that is shown now."""
        if self._reading is None or self._reading.station.id == station:
            return
        for memory in self._centre.value.alerts.memories:
            if memory.station not in {station, ACCOUNT, *self._aside}:
                self._close_all(memory.station)

    def _close_all(self, station: str) -> None:
        for topic in self._centre.value.alerts.memory(station).topics:
            self._bubbles.close(station, topic.id)

    # -- what the owner does ---------------------------------------------------

    @property
    def snoozed_until(self) -> datetime | None:
        """Until when notifications are snoozed; None if they are not."""
        return self._centre.snoozed_until

    def snooze(self, until: datetime | None) -> None:
        """Be silent until then; None ends it. What needs the owner passes."""
        centre = self._centre.value
        muting = replace(centre.muting, snoozed_until=until)
        self._centre.apply_muting(centre, muting)

    def acknowledge(self, station: str, topic_id: str) -> None:
        """Be silent about one thing until it changes."""
        centre = self._centre.value
        topic = centre.alerts.memory(station).topic(topic_id)
        if topic is None:
            return
        muting = acknowledge(centre.muting, station, topic)
        centre = noted(centre, station, topic_id)
        self._bubbles.close(station, topic_id)
        self._centre.apply_muting(centre, muting)

    @Slot(str, bool)
    def know(self, alarm_id: str, silent: bool) -> None:  # noqa: FBT001 (a slot)
        """Be silent about an alarm until it changes, or tell of it again."""
        for problem in self.problems():
            if problem.alarm_id != alarm_id or not self._is_here(problem):
                continue
            if silent:
                self.acknowledge(problem.station, problem.topic)
            else:
                self._remind(problem.station, problem.topic)

    @Slot(object)
    def remind(self, mark: Acknowledged) -> None:
        """Tell of something again that was acknowledged."""
        self._remind(mark.station, mark.topic)

    def _remind(self, station: str, topic: str) -> None:
        centre = self._centre.value
        self._centre.apply_muting(centre, reminded(centre.muting, station, topic))

    def known(self) -> dict[str, bool]:
        """Return the shown station's alarms that are told of, by id, and if known."""
        here = [it for it in self.problems() if self._is_here(it)]
        return known_by_alarm(self._centre.value.muting, here)

    def _is_here(self, problem: Problem) -> bool:
        """Say whether it is the shown station's: ids are each station's own."""
        return problem.station in {self.shown, ACCOUNT}

    def known_alarms(self) -> tuple[tuple[Acknowledged, str], ...]:
        """Return what was acknowledged and is still there, in words."""
        return known_in_words(self._centre.value.muting, self.problems())

    def note_seen(self) -> None:
        """Note that the owner looked at the window."""
        centre = self._centre.value
        if centre.unseen:
            self._centre.apply(later(seen(centre), self._now()))

    @property
    def shown(self) -> str:
        """The id of the station that is shown; empty before its first reading."""
        return self._reading.station.id if self._reading else ACCOUNT

    def problems(self) -> tuple[Problem, ...]:
        """Return what is wrong now, the worst first, and then what is elsewhere."""
        aside = self._aside.values()
        return listed(self._centre.value.alerts, self._reading, aside, self._now())

    def unseen(self) -> str:
        """Return what ended before anybody looked; empty if nothing did."""
        return ended_unseen(self._centre.value, self.problems())

    def test(self) -> None:
        """Show what a notification looks like here."""
        self._bubbles.test()

    @Slot()
    def _on_snooze(self) -> None:
        self.snooze(self._now() + _SNOOZE)

    @Slot(object)
    def _on_details(self, notice: Notice | None) -> None:
        """Open what a bubble is about: its alarm's id may change, or come late."""
        if notice is None:
            self.details_wanted.emit("")
            return
        if notice.station in self._aside:
            self.station_wanted.emit(notice.station)
        alarm = alarm_of(self._centre.value.alerts, notice.station, notice.topic)
        self.details_wanted.emit(alarm or notice.alarm_id or "")


# What a poll is judged by: rules, sun, the station's habits, a sleep.


class AlertGrounds:
    """Gives the context that a reading is judged by."""

    def __init__(self, sky: Sky, woke_at: datetime | None) -> None:
        self._sky = sky
        self.woke_at = woke_at
        self.rules = AlertRules()
        self.several = False

    def context(self, reading: Reading | None, *, aside: bool = False) -> Context:
        """Return what a reading, or a failure after it, is judged by."""
        known = Context(
            rules=self.rules,
            woke_at=self.woke_at,
            several=self.several,
            aside=aside,
        )
        if reading is None:
            return known
        return replace(
            known,
            dark_at=self._sky.dark_at(reading),
            height_at=self._sky.height_at(reading),
            habits=self._sky.habits(reading.station.id),
        )
