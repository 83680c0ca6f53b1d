"""The GUI thread's alert centre: folds polls in, shows bubbles, answers the owner.

Longer than most: it is one state, and every door to it is here.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from sems_tray.core import words
from sems_tray.core.alerts import (
    ACCOUNT,
    Close,
    Context,
    Kind,
    Level,
    Show,
    Silence,
    acknowledge,
    described,
    problems,
)
from sems_tray.core.alerts.centre import (
    Centre,
    kept,
    later,
    noted,
    polled,
    read,
    ruled,
    seen,
)
from sems_tray.core.alerts.silence import snoozed
from sems_tray.core.language import tr
from sems_tray.core.outcome import Fresh

from .alert_values import Kept, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from sems_tray.core.alerts import (
        Acknowledged,
        AlertRules,
        Notice,
        QuietHours,
        Topic,
    )
    from sems_tray.core.alerts.centre import Outcome
    from sems_tray.core.alerts.state import Memory
    from sems_tray.core.model import Reading, Station
    from sems_tray.core.outcome import PollOutcome
    from sems_tray.core.records import UsualPower

    from .alert_values import Sky
    from .notifier import Notifier

log = logging.getLogger(__name__)

DETAILS, SNOOZE = "details", "snooze"
_SNOOZE = timedelta(hours=1)
# Quiet hours begin and end on the minute; nothing is polled for it, a timer is armed.
_LOOK_AGAIN = timedelta(minutes=1)
_TEST = "test"


class Alerts(QObject):
    """Owns the alert state. ``to_keep`` says what the history must keep of it."""

    to_keep = Signal(object)  # Kept
    changed = Signal()  # problems, unseen or silence
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
        self._notifier = notifier
        self._sky = sky
        self._now = now
        self._found = found
        self._woke_at = started
        self._rules: AlertRules | None = None
        self._quiet: QuietHours | None = None
        self._usual: dict[str, UsualPower] = {}
        self._centre: Centre | None = None
        self._unread = False  # it lies in a damaged history that is to be mended
        self._held: PollOutcome | None = None
        self._reading: Reading | None = None
        self._aside: dict[str, Station] = {}  # watched beside the shown one
        self._told: dict[str, str | None] = {}
        self._open: set[str] = set()
        self.several = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._later)
        notifier.pressed.connect(self._on_pressed)
        notifier.closed.connect(self._on_closed)

    # -- settings --------------------------------------------------------------

    def set_rules(self, rules: AlertRules, quiet: QuietHours | None) -> None:
        """Judge by other rules; what is watched no more is withdrawn at once."""
        self._rules, self._quiet = rules, quiet
        if self._centre is not None:
            centre = self._with_quiet(self._centre)
            self._take(ruled(centre, rules, self._now()), even_so=False)

    @Slot(str, object)
    def set_usual(self, station: str, usual: UsualPower) -> None:
        """Take what a station's power usually is by the sun's height."""
        self._usual[station] = usual

    # -- what happens ----------------------------------------------------------

    @Slot()
    def on_woke(self) -> None:
        """Give the network a moment: what failed in the sleep is no evidence."""
        self._woke_at = self._now()
        self._arm()  # a timer may stand still in a sleep

    @Slot(object)
    def on_polled(self, outcome: PollOutcome) -> None:
        """Fold the outcome of a poll in."""
        self._ready()
        if self._unread:
            self._held = outcome
            return
        event = outcome.reading if isinstance(outcome, Fresh) else outcome
        if isinstance(outcome, Fresh):
            self.show_station(outcome.reading)
        context = self._context(self._reading)
        self._take(polled(self._ready(), event, self._now(), context))

    def on_aside(self, reading: Reading) -> None:
        """Fold in a reading of a station beside the shown one."""
        context = replace(self._context(reading), aside=True)
        self._take(polled(self._ready(), reading, self._now(), context))

    def watch(self, aside: Iterable[Station], shown: str | None) -> None:
        """Take which stations beside the shown one are watched."""
        before, self._aside = self._aside, {it.id: it for it in aside}
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
        if not self._unread:
            return
        self._centre = None
        self._ready()
        self._unread = False  # what cannot be read even now begins anew
        held, self._held = self._held, None
        if held is not None:
            self.on_polled(held)

    def forget(self) -> None:
        """Begin anew, as for an account of which nothing is known."""
        before = self._ready()
        self._unread, self._held = False, None
        self._notifier.close_all()
        self._reading = None
        self._aside = {}
        self._usual.clear()
        self._told.clear()
        self._open.clear()
        self._centre = centre = self._with_quiet(Centre())
        if before != centre:
            self.to_keep.emit(Kept(states=kept(centre)))
        self.changed.emit()
        self._arm()

    def _leave(self, station: str) -> None:
        """Close the bubbles of another station than the one that is shown now."""
        if self._reading is None or self._reading.station.id == station:
            return
        for memory in self._ready().alerts.memories:
            if memory.station not in {station, ACCOUNT, *self._aside}:
                self._close_all(memory.station)

    def _close_all(self, station: str) -> None:
        for topic in self._ready().alerts.memory(station).topics:
            self._close(_key(station, topic.id))

    def _close(self, key: str) -> None:
        self._open.discard(key)
        self._notifier.close(key)

    @Slot()
    def _later(self) -> None:
        self._take(later(self._ready(), self._now()))

    def _ready(self) -> Centre:
        """Return the state; read from the history when it is first wanted."""
        if self._centre is None:
            found = self._found()
            self._unread = found is None
            self._centre = self._with_quiet(read(found or {}, Silence()))
        return self._centre

    def _with_quiet(self, centre: Centre) -> Centre:
        return replace(centre, silence=replace(centre.silence, quiet=self._quiet))

    def _context(self, reading: Reading | None) -> Context:
        context = Context(woke_at=self._woke_at, several=self.several)
        if self._rules is not None:
            context = replace(context, rules=self._rules)
        if reading is None:
            return context
        return replace(
            context,
            dark_at=self._sky.dark_at(reading),
            height_at=self._sky.height_at(reading),
            usual=self._usual.get(reading.station.id),
        )

    def _take(self, outcome: Outcome, *, even_so: bool = True) -> None:
        before = self._centre
        self._centre = centre = outcome.centre
        for it in outcome.deliveries:
            match it:
                case Show(notice=notice):
                    named = notice.kind is Kind.NAMED
                    if not named or _key(notice.station, notice.topic) in self._open:
                        self._show(notice)
                case Close(station=station, topic=topic):
                    self._close(_key(station, topic))
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
        self._arm()

    def _show(self, notice: Notice) -> None:
        from .notifier import Bubble, Button

        buttons = (
            Button(id=DETAILS, label=tr("Details")),
            Button(id=SNOOZE, label=tr("Snooze 1 h")),
        )
        key = _key(notice.station, notice.topic)
        self._told[key] = notice.alarm_id
        self._open.add(key)
        self._notifier.show(
            Bubble(
                key=key,
                title=notice.title,
                text=notice.text,
                level=notice.level,
                buttons=buttons,
            )
        )

    def _arm(self) -> None:
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

    # -- what the owner does ---------------------------------------------------

    @property
    def snoozed_until(self) -> datetime | None:
        """Until when notifications are snoozed; None if they are not."""
        return snoozed(self._ready().silence, self._now())

    def snooze(self, until: datetime | None) -> None:
        """Be silent until then; None ends it. What needs the owner passes."""
        centre = self._ready()
        silence = replace(centre.silence, snoozed_until=until)
        self._hush(centre, silence)

    def acknowledge(self, station: str, topic_id: str) -> None:
        """Be silent about one thing until it changes."""
        centre = self._ready()
        topic = centre.alerts.memory(station).topic(topic_id)
        if topic is None:
            return
        silence = acknowledge(centre.silence, station, topic)
        centre = noted(centre, station, topic_id)
        self._close(_key(station, topic_id))
        self._hush(centre, silence)

    def _hush(self, centre: Centre, silence: Silence) -> None:
        """Go on with another silence; what is owed by it is shown."""
        self._take(later(replace(centre, silence=silence), self._now()))

    @Slot(str, bool)
    def know(self, alarm_id: str, silent: bool) -> None:  # noqa: FBT001 (a slot)
        """Be silent about an alarm until it changes, or tell of it again."""
        for it in self.problems():
            if it.alarm_id != alarm_id:
                continue
            if silent:
                self.acknowledge(it.station, it.topic)
            else:
                self._remind(it.station, it.topic)

    @Slot(object)
    def remind(self, mark: Acknowledged) -> None:
        """Tell of something again that was acknowledged."""
        self._remind(mark.station, mark.topic)

    def _remind(self, station: str, topic: str) -> None:
        centre = self._ready()
        kept = frozenset(
            it
            for it in centre.silence.acknowledged
            if (it.station, it.topic) != (station, topic)
        )
        silence = replace(centre.silence, acknowledged=kept)
        self._hush(centre, silence)

    def known(self) -> dict[str, bool]:
        """Return the alarms that are told of, by id, and whether the owner knows."""
        marks = {(it.station, it.topic) for it in self._acknowledged()}
        return {
            it.alarm_id: (it.station, it.topic) in marks
            for it in self.problems()
            if it.alarm_id is not None
        }

    def known_alarms(self) -> tuple[tuple[Acknowledged, str], ...]:
        """Return what was acknowledged and is still there, in words."""
        titles = {(it.station, it.topic): it.title for it in self.problems()}
        return tuple(
            (it, titles[it.station, it.topic])
            for it in self._acknowledged()
            if (it.station, it.topic) in titles
        )

    def _acknowledged(self) -> tuple[Acknowledged, ...]:
        marks = self._ready().silence.acknowledged
        return tuple(sorted(marks, key=lambda it: (it.station, it.topic, it.key)))

    def note_seen(self) -> None:
        """Note that the owner looked at the window."""
        centre = self._ready()
        if centre.unseen:
            self._take(later(seen(centre), self._now()))

    @property
    def shown(self) -> str:
        """The id of the station that is shown; empty before its first reading."""
        return self._reading.station.id if self._reading else ACCOUNT

    def problems(self) -> tuple[Problem, ...]:
        """Return what is wrong now, the worst first, and then what is elsewhere."""
        reading = self._reading
        station = reading.station.id if reading else ""
        where = reading.station.timezone if reading else None
        alerts = self._ready().alerts
        own = [self._problem(it, station, where) for it in problems(alerts, station)]
        aside = [
            self._problem(topic, other.id, other.timezone, words.name(other.name))
            for other in self._aside.values()
            if other.id != station
            for topic in sorted(_raised(alerts.memory(other.id)), key=_worst_first)
        ]
        return (*own, *aside)

    def unseen(self) -> str:
        """Return what ended before anybody looked; empty if nothing did."""
        centre = self._ready()
        memories = centre.alerts.memories
        there = {(it.station, topic.id) for it in memories for topic in _raised(it)}
        active = {it.title for it in self.problems()}
        rows = [
            title
            for station, topic, title in centre.unseen
            if (station, topic) not in there and title not in active
        ]
        return rows[-1] if rows else ""

    def has_unseen(self) -> bool:
        """Say whether anything that mattered was not looked at yet."""
        return bool(self._ready().unseen)

    def test(self) -> None:
        """Show what a notification looks like here."""
        from .notifier import Bubble

        self._notifier.show(
            Bubble(
                key=_TEST,
                title=tr("SEMS Tray can reach you"),
                text=tr("This is a test. Notices about your station look like this."),
                level=Level.INFO,
            )
        )

    def _problem(
        self, topic: Topic, station: str, where: str | None, name: str = ""
    ) -> Problem:
        title, _ = described(topic, self._now(), where)
        if name:
            # Translators: a station's name and what is wrong there.
            title = tr("{station}: {title}").format(station=name, title=title)
        memory = self._ready().alerts.memory(station)
        of = station if memory.topic(topic.id) is not None else ""
        return Problem(
            station=of,
            topic=topic.id,
            title=title,
            level=topic.level,
            alarm_id=topic.alarm_id,
        )

    @Slot(str, str)
    def _on_pressed(self, key: str, button: str) -> None:
        self._open.discard(key)
        if button == SNOOZE:
            self.snooze(self._now() + _SNOOZE)
            return
        station = next((it for it in self._aside if key.startswith(_key(it, ""))), "")
        if station:
            self.station_wanted.emit(station)
        self.details_wanted.emit(self._alarm_of(key))

    @Slot(str)
    def _on_closed(self, key: str) -> None:
        self._open.discard(key)

    def _alarm_of(self, key: str) -> str:
        """Return the alarm a bubble is about: its id may change, or come late."""
        for memory in self._ready().alerts.memories:
            for topic in _raised(memory):
                if _key(memory.station, topic.id) == key and topic.alarm_id:
                    return topic.alarm_id
        return self._told.get(key) or ""


def _raised(memory: Memory) -> tuple[Topic, ...]:
    return tuple(it for it in memory.topics if it.raised)


def _worst_first(topic: Topic) -> tuple[int, datetime, str]:
    return -topic.level, topic.since, topic.id


def _key(station: str, topic: str) -> str:
    return f"{station}/{topic}"
