"""The words of notices: the state first, then what to do; no bare codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sems_tray.core import words
from sems_tray.core.zones import zone

from .codes import UNKNOWN, advice
from .values import Kind, Level, Notice, Rule

if TYPE_CHECKING:
    from datetime import datetime

    from .fold import Turn
    from .state import Topic

MOST_TITLE = 59
_MOST_SUBJECT = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Whose notice it is; ``name`` only where several stations are told apart."""

    station: str
    at: datetime
    name: str = ""
    zone: str | None = None


@dataclass(frozen=True, slots=True)
class _Words:
    """What is said of a rule's topic when it is raised, and when it is over.

    Filled in are {subject}, {detail}, {since} (a time) and {lasted} (a duration).
    """

    title: str
    text: str
    over_title: str
    over_text: str


_FAULT = _Words(
    "{subject} has a fault",
    "",  # see _fault
    "{subject} is well again",
    "{name} is over, it lasted {lasted}.",
)
_LOW_OVER = ("Battery is back at {detail}", "It was low for {lasted}.")
_TABLE: dict[Rule, _Words] = {
    Rule.DEVICE_FAULT: _FAULT,
    Rule.NEW_ALARM: _FAULT,
    Rule.GRID_LOST: _Words(
        "Grid lost",
        "No power from the grid since {since}.{battery} "
        "It clears by itself when the grid is back.",
        "Grid is back",
        "It was lost for {lasted}.",
    ),
    Rule.SILENT: _Words(
        "{subject} does not report",
        "Nothing was heard since {since}. Look whether it is on and the data logger "
        "has its network. The figures shown are old.",
        "{subject} reports again",
        "It was silent for {lasted}.",
    ),
    Rule.NO_PRODUCTION: _Words(
        "No solar power by daylight",
        "The panels have given nothing since {since}, although the sun is up. "
        "Snow on them, a tripped switch or a limit may be the cause.",
        "Solar power is back",
        "There was none for {lasted}.",
    ),
    Rule.BATTERY_LOW: _Words(
        "Battery low: {detail}",
        "Soon the house has to do without it.",
        *_LOW_OVER,
    ),
    Rule.BATTERY_CRITICAL: _Words(
        "Battery nearly empty: {detail}",
        "Use less power if it has to last.",
        *_LOW_OVER,
    ),
    Rule.BATTERY_FULL: _Words(
        "Battery full: {detail}", "Surplus power goes to the grid.", *_LOW_OVER
    ),
    Rule.BATTERY_STUCK: _Words(
        "Battery does not move",
        "It has stayed at {detail} since {since} although there was work for it. Look "
        "at its switch and its schedule. If these are right, call your installer.",
        "Battery works again",
        "It stood still for {lasted}.",
    ),
    Rule.PORTAL: _Words(
        "{name}",
        "{detail}",
        "GoodWe answers again",
        "It was out of reach for {lasted}.",
    ),
    Rule.SIGN_IN: _Words(
        "{name}", "{detail}", "Signed in again", "There were no figures for {lasted}."
    ),
}
_NAMELESS = {Rule.DEVICE_FAULT: "The fault", Rule.NEW_ALARM: "The alarm"}
_SOMETHING = {Rule.SILENT: "Inverter"}


def notice(topic: Topic, turn: Turn, place: Place) -> Notice:
    """Return the notice of a topic that was raised, changed or cleared."""
    kind = Kind(turn.value)
    title, text = (
        _over(topic, place) if kind is Kind.CLEARED else _wrong(topic, kind, place)
    )
    name = words.name(place.name)
    return Notice(
        station=place.station,
        topic=topic.id,
        rule=topic.rule,
        kind=kind,
        level=Level.INFO if kind is Kind.CLEARED else topic.level,
        title=_cut(f"{name}: {title}" if name else title, MOST_TITLE),
        text=text,
        at=place.at,
        since=topic.since,
        key=topic.key,
        needs_owner=topic.rule is Rule.SIGN_IN and kind is not Kind.CLEARED,
        alarm_id=topic.alarm_id,
    )


def described(topic: Topic, now: datetime, zone_name: str | None) -> tuple[str, str]:
    """Return title and text of what is wrong, as of now: for a menu or a list."""
    place = Place(station="", at=now, zone=zone_name)
    title, text = _wrong(topic, Kind.RAISED, place)
    return _cut(title, MOST_TITLE), text


def _wrong(topic: Topic, kind: Kind, place: Place) -> tuple[str, str]:
    filled = _filled(topic, place)
    if topic.rule in _NAMELESS:
        return _fault(topic, kind, filled)
    said = _TABLE[topic.rule]
    return said.title.format_map(filled), said.text.format_map(filled)


def _fault(topic: Topic, kind: Kind, filled: dict[str, str]) -> tuple[str, str]:
    a, what = ("a", "fault") if topic.level is Level.URGENT else ("an", "alarm")
    article = "another" if kind is Kind.CHANGED else a
    title = f"{filled['subject']} has {article} {what}"
    if topic.name:
        return title, f"{topic.name}, since {filled['since']}. {advice(topic.name)}"
    text = f"The portal gives no name for it; it began at {filled['since']}."
    return title, f"{text} {UNKNOWN}"


def _over(topic: Topic, place: Place) -> tuple[str, str]:
    said, filled = _TABLE[topic.rule], _filled(topic, place)
    return said.over_title.format_map(filled), said.over_text.format_map(filled)


def _filled(topic: Topic, place: Place) -> dict[str, str]:
    lasted = (topic.calm_since or topic.since) - topic.since
    subject = _cut(topic.subject, _MOST_SUBJECT) or _SOMETHING.get(topic.rule, "Device")
    return {
        "subject": subject[0].upper() + subject[1:],
        "name": topic.name or _NAMELESS.get(topic.rule, "GoodWe does not answer"),
        "detail": topic.detail,
        "battery": f" The battery is at {topic.detail}." if topic.detail else "",
        "since": words.clock(topic.since, place.at, zone(place.zone)),
        "lasted": words.duration(lasted),
    }


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
