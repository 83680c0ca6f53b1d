"""Stories of a house in plain text, and the one who tells them.

A story is lines of what happens, each with its time, and below each line what is
expected of it until the next::

    story: an inverter fails and comes back
    10:00 pv 3000, soc 60
    10:02 inverter A fault "Grid Waveform Abnormal"
      -> notice urgent fault:A "Inverter A has a fault"
      tray: "Fault: Grid Waveform Abnormal"
    10:30 inverter A ok
      -> clear fault:A "Inverter A is well again" "28 min"

Between lines the program polls every two minutes.  Every notice must be expected, at
its minute where one is given (``-> 10:02 notice ...``).  Words in quotes after the
title are parts of the text.  ``clauses`` lists what may happen.  An expectation is one
of: notice, more (another alarm joins), named (the bubble gets its name), late (shown
when muting ends), clear, kept (in the history only, with the reason), close (the
bubble only), withdrawn (no all-clear).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sems_tray.alerts.codec import (
    alerts_from_json,
    alerts_to_json,
    muting_from_json,
    muting_to_json,
    outbox_from_json,
    outbox_to_json,
)
from sems_tray.alerts.engine import step
from sems_tray.alerts.model import AlertState, Context, Kind
from sems_tray.alerts.muting import (
    Muting,
    acknowledge,
    renewed,
)
from sems_tray.alerts.outbox import (
    CloseNotification,
    Outbox,
    RecordOnly,
    ShowNotification,
    deliver,
)
from sems_tray.alerts.topics import problems, restored
from sems_tray.daylight.sun import is_dark
from sems_tray.daylight.waking import Waking, may_sleep
from sems_tray.domain.poll_result import PollFailed
from sems_tray.domain.statistics import Usual, UsualCharge, UsualPower
from sems_tray.polling.snapshot import MonitorSnapshot
from sems_tray.simulator.station.places import place_named
from sems_tray.simulator.station.sun import elevation_deg
from sems_tray.tray.view_model import TrayInputs, tray_view
from tests.alerts.house import House

from . import clauses

if TYPE_CHECKING:
    from sems_tray.alerts.model import AlertRules
    from sems_tray.domain.model import DeviceState, Reading
    from sems_tray.domain.station_state import DarkAt
    from tests.alerts.parsing import Line, Story

POLL = timedelta(minutes=2)


@dataclass(frozen=True)
class Event:
    """What was shown, kept or closed, as a story expects it."""

    at: datetime
    words: tuple[str, ...]
    title: str = ""
    text: str = ""

    def __str__(self) -> str:
        said = f' "{self.title}" "{self.text}"' if self.title else ""
        return f"{self.at:%H:%M} {' '.join(self.words)}{said}"


class Teller:
    """Tells one story: lets it happen and compares."""

    def __init__(self, story: Story) -> None:
        about = story.about
        self._story = story
        zone = about.get("place", "Europe/Amsterdam")
        self.place = place_named(zone)
        self.house = House(zone=zone, battery=about.get("battery", "yes") == "yes")
        self.house.names = tuple(about.get("inverters", "A").split())
        self.zone = ZoneInfo(zone)
        self.day = date.fromisoformat(about.get("date", "2026-06-21"))
        self.at = datetime.min.replace(tzinfo=UTC)
        self.ahead = timedelta()
        self.state, self.outbox = AlertState(), Outbox()
        self.muting = Muting(where=self.zone)
        self.kept: object = None
        self._told: list[object] = [None, None]
        self.running = self.awake = True
        self.reading: Reading | None = None
        self.failed: PollFailed | None = None
        self.context = Context(height_at=self._height)
        if "usual" in about:
            watts = [float(it) for it in about["usual"].split()]
            low, middle, high = (
                watts if len(watts) > 1 else (it * watts[0] for it in (1, 2, 3))
            )
            usual = Usual(low_w=low, middle_w=middle, high_w=high, samples=99)
            everywhere = UsualPower(dict.fromkeys(range(40), usual))
            self.habits_with(power=everywhere)
        if "charge" in about:
            low = float(about["charge"])
            self.habits_with(charge=UsualCharge(dict.fromkeys(range(24), low)))

    @property
    def now(self) -> datetime:
        """The time by the computer's clock."""
        return self.at + self.ahead

    def tell(self) -> None:
        """Let the story happen; AssertionError where it goes differently."""
        lines = self._story.lines
        times = self._times(lines)
        for place, line in enumerate(lines):
            self.at = times[place]
            for text in line.what.split(", "):
                try:
                    clauses.do(self, text)
                except (ValueError, KeyError) as exc:
                    raise ValueError(f"line {line.number}: {exc}") from exc
            events = self._polled()
            self._check_tray(line)
            end = times[place + 1] if place + 1 < len(lines) else self.at
            while self.at + POLL < end:
                self.at += POLL
                events += self._polled()
            self._check(line, events)

    # -- what clauses do -------------------------------------------------------

    def known(self, name: str) -> None:
        if name not in self.house.names:
            raise ValueError(f"no such inverter: {name}")

    def inverter(self, name: str, state: DeviceState) -> None:
        self.known(name)
        self.house.states[name] = state

    def part(self, name: str, *, stale: bool) -> None:
        (self.house.stale.add if stale else self.house.stale.discard)(name)

    def rest(self, *, off: bool) -> None:
        self.awake = False
        if off:
            self.running = False
            self.kept = json.loads(json.dumps(alerts_to_json(self.state)))
            told = outbox_to_json(self.outbox), muting_to_json(self.muting)
            self._told = json.loads(json.dumps(told))
            self.state, self.outbox = AlertState(), Outbox()
            self.silence_with(snoozed_until=None, acknowledged=frozenset())

    def wake(self) -> None:
        self.awake = True
        self.context = replace(self.context, woke_at=self.now)

    def start(self) -> None:
        self.running = True
        self.state = restored(alerts_from_json(self.kept))
        self.outbox = outbox_from_json(self._told[0])
        self.muting = muting_from_json(self._told[1], self.muting)
        self.wake()

    def silence_with(self, **changes: Any) -> None:
        self.muting = replace(self.muting, **changes)

    def rules_with(self, **changes: Any) -> None:
        rules: AlertRules = replace(self.context.rules, **changes)
        self.context = replace(self.context, rules=rules)

    def habits_with(self, **changes: Any) -> None:
        habits = replace(self.context.habits, **changes)
        self.context = replace(self.context, habits=habits)

    def know_sun(self, *, known: bool) -> None:
        height_at = self._height if known else Context().height_at
        self.context = replace(self.context, height_at=height_at)

    def acknowledge(self, topic_id: str) -> None:
        for topic in problems(self.state, "home"):
            if topic.id == topic_id:
                self.muting = acknowledge(self.muting, "home", topic)
                return
        raise ValueError(f"nothing to acknowledge: {topic_id}")

    # -- what happens ----------------------------------------------------------

    def _times(self, lines: list[Line]) -> list[datetime]:
        found: list[datetime] = []
        day = self.day
        for line in lines:
            day += timedelta(days=line.next_day)
            local = datetime.combine(day, line.clock, self.zone)
            both = [local.replace(fold=n).astimezone(UTC) for n in (0, 1)]
            # In the hour that autumn repeats the second is meant if the first is past.
            later = [at for at in both if not found or at > found[-1]]
            if not later:
                raise ValueError(f"line {line.number}: time runs backwards")
            found.append(later[0])
        return found

    def _dark_at(self, reading: Reading) -> DarkAt:
        station = reading.station
        return may_sleep(
            reading, lambda at, degrees: is_dark(station, at, degrees), Waking()
        )

    def _height(self, at: datetime) -> float:
        place = self.place
        return elevation_deg(place.latitude_deg, place.longitude_deg, at)

    def _polled(self) -> list[Event]:
        if not (self.awake and self.running):
            return []
        outcome = self.house.answer(self.at, self.ahead)
        if isinstance(outcome, PollFailed):
            self.failed = outcome
        else:
            self.reading, self.failed = outcome, None
            self.context = replace(self.context, dark_at=self._dark_at(outcome))
        state, notices, gone = step(self.state, outcome, self.now, self.context)
        assert alerts_from_json(json.loads(json.dumps(alerts_to_json(state)))) == state
        self.state = state
        self.muting = renewed(self.muting, (*notices, *gone))
        before = self.outbox
        self.outbox, deliveries = deliver(before, notices, gone, self.muting, self.now)
        assert outbox_from_json(outbox_to_json(self.outbox)) == self.outbox
        withdrawn = {it.topic for it in gone}
        events = [self._event("withdrawn", topic) for topic in sorted(withdrawn)]
        for it in deliveries:
            match it:
                case ShowNotification(notice=notice):
                    late = it.late and notice.kind is not Kind.NAMED
                    word = "late" if late else _WORDS[notice.kind]
                    about: tuple[str, ...] = (notice.topic,)
                    if notice.kind is not Kind.CLEARED:
                        about = (notice.level.word, notice.topic)
                    events.append(
                        self._event(word, *about, title=notice.title, text=notice.text)
                    )
                case RecordOnly(notice=notice, reason=reason):
                    word = _WORDS[notice.kind]
                    events.append(self._event("kept", word, notice.topic, reason.value))
                case CloseNotification(topic=topic) if topic not in withdrawn:
                    events.append(self._event("close", topic))
        return events

    def _event(self, *words: str, title: str = "", text: str = "") -> Event:
        return Event(self.at.astimezone(self.zone), words, title, text)

    # -- comparing -------------------------------------------------------------

    def _check(self, line: Line, events: list[Event]) -> None:
        happened = "\n".join(f"  {it}" for it in events) or "  nothing"
        left = list(events)
        for number, clock, words in line.expected:
            match = next((it for it in left if _fits(it, clock, words)), None)
            assert match is not None, (
                f"line {number}: expected {clock or ''} {words}, but:\n{happened}"
            )
            left.remove(match)
        assert not left, f"line {line.number}: not expected:\n" + "\n".join(
            f"  {it}" for it in left
        )

    def _check_tray(self, line: Line) -> None:
        if line.tray is None:
            return
        snapshot = MonitorSnapshot(
            now=self.now,
            dark_at=self.context.dark_at,
            reading=self.reading,
            failed=self.failed,
        )
        shown = tray_view(TrayInputs(snapshot=snapshot)).lines[0]
        assert shown == line.tray, f"line {line.number}: the tray says {shown!r}"


_WORDS = {
    Kind.RAISED: "notice",
    Kind.CHANGED: "more",
    Kind.NAMED: "named",
    Kind.CLEARED: "clear",
}


def _fits(event: Event, clock: str | None, words: list[str]) -> bool:
    count = len(event.words)
    if clock is not None and f"{event.at:%H:%M}" != clock:
        return False
    if tuple(words[:count]) != event.words:
        return False
    rest = words[count:]
    if not rest:
        return not event.title
    title, *parts = rest
    return title == event.title and all(it in event.text for it in parts)
