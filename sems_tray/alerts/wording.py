"""The words of notices: the state first, then what to do; no bare codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sems_tray.domain.alarm_advice import advice
from sems_tray.domain.failures import sentence
from sems_tray.domain.failures import words as words_of
from sems_tray.domain.poll_result import PollFailed, Trouble
from sems_tray.domain.time_zones import zone
from sems_tray.i18n import formatting
from sems_tray.i18n.language import mark, tr, trc

from .model import INVERTER, STATION, Kind, Level, Notice, Rule
from .rules_production import SINCE_YESTERDAY, SNOW

if TYPE_CHECKING:
    from datetime import datetime

    from .model import Topic


MOST_TITLE = 59
_MOST_SUBJECT = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeSubject:
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
    "",  # see _fault
    "",
    # Translators: {subject} is "Inverter", "Inverter 2" or a device's own name.
    mark("{subject} is well again"),
    # Translators: {name} is a fault, in the portal's English; {lasted} "2 h 10 min".
    mark("{name} is over, it lasted {lasted}."),
)
# Translators: {detail} is "24 %".
_LOW_OVER = (mark("Battery is back at {detail}"), mark("It was low for {lasted}."))
_TABLE: dict[Rule, _Words] = {
    Rule.DEVICE_FAULT: _FAULT,
    Rule.NEW_ALARM: _FAULT,
    Rule.GRID_LOST: _Words(
        mark("Grid lost"),
        # Translators: {since} is "11:42", "yesterday 11:42" or "21 Jun 11:42".
        mark(
            "No power from the grid since {since}. It clears by itself when the grid "
            "is back."
        ),
        mark("Grid is back"),
        mark("It was lost for {lasted}."),
    ),
    Rule.SILENT: _Words(
        mark("{subject} does not report"),
        mark(
            "Nothing was heard since {since}. Look whether it is on and the data "
            "logger has its network. The figures shown are old."
        ),
        mark("{subject} reports again"),
        mark("It was silent for {lasted}."),
    ),
    Rule.NO_PRODUCTION: _Words(
        mark("No solar power by daylight"),
        mark(
            "The panels have given nothing since {since}, although the sun is up. "
            "Snow on them, a tripped switch or a limit may be the cause."
        ),
        mark("Solar power is back"),
        # Translators: no solar power.
        mark("There was none for {lasted}."),
    ),
    Rule.BATTERY_LOW: _Words(
        mark("Battery low: {detail}"),
        mark("Soon the house has to do without it."),
        *_LOW_OVER,
    ),
    Rule.BATTERY_CRITICAL: _Words(
        mark("Battery nearly empty: {detail}"),
        mark("Use less power if it has to last."),
        *_LOW_OVER,
    ),
    Rule.BATTERY_FULL: _Words(
        mark("Battery full: {detail}"),
        mark("Surplus power goes to the grid."),
        *_LOW_OVER,
    ),
    Rule.BATTERY_STUCK: _Words(
        mark("Battery does not move"),
        # Translators: {detail} is "60 %".
        mark(
            "It has stayed at {detail} since {since} although there was work for it. "
            "Look at its switch and its schedule. If these are right, call your "
            "installer."
        ),
        mark("Battery works again"),
        mark("It stood still for {lasted}."),
    ),
    Rule.PORTAL: _Words(
        "",  # see _portal
        "",
        mark("GoodWe answers again"),
        mark("It was out of reach for {lasted}."),
    ),
    Rule.SIGN_IN: _Words(
        "",
        "",
        mark("Signed in again"),
        # Translators: figures are the measured values.
        mark("There were no figures for {lasted}."),
    ),
}
_DARK_SINCE_YESTERDAY = mark("No production since yesterday")
# Translators: {since} is "yesterday 11:42" or "21 Jun 11:42".
_DARK_SINCE = mark("No production since {since}")
# By what is likely, where the plant worked yesterday and did not begin today.
_DARK_TEXTS = {
    SNOW: mark("Snow on the panels? It clears by itself when they are free."),
    SINCE_YESTERDAY: mark(
        "The panels have not begun to give power, although the sun is up. A tripped "
        "switch or a limit may be the cause."
    ),
}
_OFF_GRID_ON_BATTERY = mark(
    "No power from the grid since {since}. The battery is at {detail}. It clears by "
    "itself when the grid is back."
)
_NAMELESS_OVER = {
    Rule.DEVICE_FAULT: mark("The fault is over, it lasted {lasted}."),
    Rule.NEW_ALARM: mark("The alarm is over, it lasted {lasted}."),
}
# By whether it is urgent, and whether there was one before.
_FAULT_TITLES = {
    (True, False): mark("{subject} has a fault"),
    (True, True): mark("{subject} has another fault"),
    (False, False): mark("{subject} has an alarm"),
    (False, True): mark("{subject} has another alarm"),
}


def notice(topic: Topic, kind: Kind, place: NoticeSubject) -> Notice:
    """Return the notice of a topic that was raised, changed or cleared."""
    title, text = (
        _over(topic, place) if kind is Kind.CLEARED else _wrong(topic, kind, place)
    )
    name = formatting.name(place.name)
    if name:
        # Translators: a station's name and what is wrong there.
        title = tr("{station}: {title}").format(station=name, title=title)
    return Notice(
        station=place.station,
        topic=topic.id,
        rule=topic.rule,
        kind=kind,
        level=Level.INFO if kind is Kind.CLEARED else topic.level,
        title=_cut(title, MOST_TITLE),
        text=text,
        at=place.at,
        since=topic.since,
        key=topic.key,
        needs_owner=topic.rule is Rule.SIGN_IN and kind is not Kind.CLEARED,
        alarm_id=topic.alarm_id,
    )


def described(topic: Topic, now: datetime, zone_name: str | None) -> tuple[str, str]:
    """Return title and text of what is wrong, as of now: for a menu or a list."""
    place = NoticeSubject(station="", at=now, zone=zone_name)
    title, text = _wrong(topic, Kind.RAISED, place)
    return _cut(title, MOST_TITLE), text


def _wrong(topic: Topic, kind: Kind, place: NoticeSubject) -> tuple[str, str]:
    filled = _filled(topic, place)
    if topic.rule in _NAMELESS_OVER:
        return _fault(topic, kind, filled)
    if topic.rule in {Rule.PORTAL, Rule.SIGN_IN}:
        return _portal(topic)
    said = _TABLE[topic.rule]
    if topic.rule is Rule.NO_PRODUCTION and topic.name in _DARK_TEXTS:
        title = tr(_dark_title(topic, place)).format_map(filled)
        return title, tr(_DARK_TEXTS[topic.name])
    on_battery = topic.rule is Rule.GRID_LOST and topic.detail
    text = _OFF_GRID_ON_BATTERY if on_battery else said.text
    return tr(said.title).format_map(filled), tr(text).format_map(filled)


def _fault(topic: Topic, kind: Kind, filled: dict[str, str]) -> tuple[str, str]:
    urgent = topic.level is Level.URGENT
    title = tr(_FAULT_TITLES[urgent, kind is Kind.CHANGED]).format_map(filled)
    advised = filled | {"advice": advice(topic.name)}
    if topic.name:
        # Translators: {name} is the name of a fault in English, {advice} are sentences.
        return title, tr("{name}, since {since}. {advice}").format_map(advised)
    # Translators: no name for a fault or an alarm; {advice} are sentences.
    text = tr("The portal gives no name for it; it began at {since}. {advice}")
    return title, text.format_map(advised)


def _dark_title(topic: Topic, place: NoticeSubject) -> str:
    """Return the title of a morning on which the plant did not begin."""
    where = zone(place.zone)
    today = place.at.astimezone(where).date() == topic.since.astimezone(where).date()
    return _DARK_SINCE_YESTERDAY if today else _DARK_SINCE


def _portal(topic: Topic) -> tuple[str, str]:
    """Return the words for the trouble that the topic names.

    Earlier versions kept the words themselves, in English.
    """
    try:
        trouble = Trouble(topic.name)
    except ValueError:
        return topic.name or words_of(Trouble.UNREACHABLE).title, topic.detail
    cause = "" if topic.detail == trouble.value else topic.detail
    said = sentence(PollFailed(trouble=trouble, detail=cause))
    return words_of(trouble).title, said


def _over(topic: Topic, place: NoticeSubject) -> tuple[str, str]:
    said, filled = _TABLE[topic.rule], _filled(topic, place)
    text = said.over_text
    if not topic.name:
        text = _NAMELESS_OVER.get(topic.rule, text)
    return tr(said.over_title).format_map(filled), tr(text).format_map(filled)


def _filled(topic: Topic, place: NoticeSubject) -> dict[str, str]:
    lasted = (topic.calm_since or topic.since) - topic.since
    return {
        "subject": _subject(topic),
        "name": topic.name,
        "detail": topic.detail,
        "since": formatting.station_clock(topic.since, place.at, zone(place.zone)),
        "lasted": formatting.duration(lasted),
    }


def _subject(topic: Topic) -> str:
    """Return whom a title speaks of; it begins with it, so with a capital."""
    given = _cut(topic.subject, _MOST_SUBJECT)
    given = given[:1].upper() + given[1:]
    if topic.device == STATION:
        return trc("device", "Station")
    if topic.device != INVERTER:
        other = topic.rule is not Rule.SILENT
        return given or (
            trc("device", "Device") if other else trc("device", "Inverter")
        )
    inverter = trc("device", "Inverter")
    if not given:
        return inverter
    told = topic.subject.casefold()
    if "inverter" in told or inverter.casefold() in told:
        return given
    # Translators: {name} is an inverter's number ("2") or its name ("Garage").
    named = trc("device", "Inverter {name}").format(name=topic.subject)
    return _cut(named, _MOST_SUBJECT)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
