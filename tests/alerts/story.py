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
import re
import shlex
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sems_tray.alerts.alert_center import AlertCenter, from_json, polled, to_json
from sems_tray.alerts.delivery import (
    Muting,
    RecordOnly,
    ShowNotification,
    acknowledge,
)
from sems_tray.alerts.model import Context, Kind, Withdrawal
from sems_tray.alerts.topics import problems, restored
from sems_tray.daylight.sun import is_dark
from sems_tray.daylight.waking import Waking, may_sleep
from sems_tray.domain.poll_result import PollFailed
from sems_tray.domain.statistics import Usual, UsualPower
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

POLL = timedelta(minutes=2)


_TIME = re.compile(r"(next day )?(\d\d:\d\d)(?: (.*))?")
_EXPECTED = re.compile(r"-> (?:(\d\d:\d\d) )?(.+)")
_TRAY = re.compile(r'tray: "(.+)"')
_ABOUT = re.compile(r"(date|place|inverters|battery|usual|charge): (.+)")
_STORY = re.compile(r"story: (.+)")


@dataclass
class Line:
    """One line of a story and what is expected below it."""

    number: int
    next_day: bool
    clock: time
    what: str
    expected: list[tuple[int, str | None, list[str]]] = field(default_factory=list)
    tray: str | None = None


@dataclass
class Story:
    title: str
    about: dict[str, str] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)


def parse(text: str) -> list[Story]:
    """Return the stories of a file; ValueError names a line that is none."""
    stories: list[Story] = []
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.partition("#")[0].strip()
        if line:
            try:
                _put(stories, number, line)
            except (ValueError, IndexError) as exc:
                raise ValueError(f"line {number}: {raw!r}: {exc}") from exc
    return stories


def _put(stories: list[Story], number: int, line: str) -> None:
    if found := _STORY.fullmatch(line):
        stories.append(Story(found[1]))
    elif found := _ABOUT.fullmatch(line):
        if stories[-1].lines:
            raise ValueError("this belongs before the first time")
        stories[-1].about[found[1]] = found[2]
    elif found := _TIME.fullmatch(line):
        clock = time.fromisoformat(found[2])
        told = Line(number, bool(found[1]), clock, found[3] or "ok")
        stories[-1].lines.append(told)
    elif found := _EXPECTED.fullmatch(line):
        words = shlex.split(found[2], posix=True)
        stories[-1].lines[-1].expected.append((number, found[1], words))
    elif found := _TRAY.fullmatch(line):
        stories[-1].lines[-1].tray = found[1]
    else:
        raise ValueError("neither a time, an expectation nor a heading")


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
        self.centre = AlertCenter(muting=Muting(where=self.zone))
        self.saved: dict[str, object] = {}
        self.running = self.awake = True
        self.reading: Reading | None = None
        self.failed: PollFailed | None = None
        self.context = Context(height_at=self._height)
        if "usual" in about:
            watts = [float(it) for it in about["usual"].split()]
            low, middle, high = (
                watts if len(watts) > 1 else (it * watts[0] for it in (1, 2, 3))
            )
            usual = Usual(low_w=low, middle_w=middle, high_w=high)
            everywhere = UsualPower(dict.fromkeys(range(40), usual))
            self.habits_with(power=everywhere)
        if "charge" in about:
            low = float(about["charge"])
            self.habits_with(charge=dict.fromkeys(range(24), low))

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
            self._check_saved()

    # -- what clauses do -------------------------------------------------------

    @property
    def rules(self) -> AlertRules:
        return self.context.rules

    def check_name(self, name: str) -> None:
        if name not in self.house.names:
            raise ValueError(f"no such inverter: {name}")

    def set_inverter(self, name: str, state: DeviceState) -> None:
        self.check_name(name)
        self.house.states[name] = state

    def set_stale(self, part: str, *, stale: bool) -> None:
        (self.house.stale.add if stale else self.house.stale.discard)(part)

    def rest(self, *, off: bool) -> None:
        self.awake = False
        if off:
            self.running = False
            self.saved = json.loads(json.dumps(to_json(self.centre)))
            self.mute_with(snoozed_until=None, acknowledged=frozenset())
            self.centre = AlertCenter(muting=self.centre.muting)

    def wake(self) -> None:
        self.awake = True
        self.context = replace(self.context, woke_at=self.now)

    def start(self) -> None:
        self.running = True
        self.centre = from_json(self.saved, self.centre.muting)
        self.wake()

    def mute_with(self, **changes: Any) -> None:
        muting = replace(self.centre.muting, **changes)
        self.centre = replace(self.centre, muting=muting)

    def rules_with(self, **changes: Any) -> None:
        self.context = replace(self.context, rules=replace(self.rules, **changes))

    def habits_with(self, **changes: Any) -> None:
        habits = replace(self.context.habits, **changes)
        self.context = replace(self.context, habits=habits)

    def set_sun_known(self, *, known: bool) -> None:
        height_at = self._height if known else Context().height_at
        self.context = replace(self.context, height_at=height_at)

    def acknowledge(self, topic_id: str) -> None:
        for topic in problems(self.centre.alerts, "home"):
            if topic.id == topic_id:
                muting = acknowledge(self.centre.muting, "home", topic)
                self.centre = replace(self.centre, muting=muting)
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
        update = polled(self.centre, outcome, self.now, self.context)
        self.centre = update.centre
        cleared = {
            it.notice.topic
            for it in update.deliveries
            if not isinstance(it, Withdrawal) and it.notice.kind is Kind.CLEARED
        }
        withdrawn = {topic for _, topic, _ in update.closed} - cleared
        events = [self._event("withdrawn", topic) for topic in sorted(withdrawn)]
        for it in update.deliveries:
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
                case Withdrawal(topic=topic) if topic not in withdrawn:
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

    def _check_saved(self) -> None:
        saved = json.loads(json.dumps(to_json(self.centre)))
        known = replace(self.centre, alerts=restored(self.centre.alerts))
        assert from_json(saved, self.centre.muting) == known

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
