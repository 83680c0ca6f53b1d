"""What the owner is told of the alerts in menus and lists, from their state."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from sems_tray.alerts.model import Problem
from sems_tray.alerts.topics import announced, problems
from sems_tray.alerts.wording import described
from sems_tray.i18n import formatting
from sems_tray.i18n.language import tr

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sems_tray.alerts.alert_center import AlertCenter
    from sems_tray.alerts.delivery import Acknowledged, Muting
    from sems_tray.alerts.model import AlertState, Topic
    from sems_tray.domain.model import Reading, Station


def listed(
    alerts: AlertState,
    shown: Reading | None,
    other_stations: Iterable[Station],
    now: datetime,
) -> tuple[Problem, ...]:
    """Return what is wrong now, the worst first, and then what is elsewhere."""
    station = shown.station.id if shown else ""
    where = shown.station.timezone if shown else None
    memory = alerts.memory(station)
    own = (
        # The rest is the account's.
        _problem(
            problem, station if memory.topic(problem.id) is not None else "", where, now
        )
        for problem in problems(alerts, station)
    )
    elsewhere = (
        _problem(
            topic,
            other.id,
            other.timezone,
            now,
            formatting.name(other.name) or other.id,
        )
        for other in other_stations
        if other.id != station
        for topic in announced(alerts.memory(other.id).topics)
    )
    return (*own, *elsewhere)


def _problem(
    topic: Topic, station: str, where: str | None, now: datetime, name: str = ""
) -> Problem:
    title, _ = described(topic, now, where)
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


def ended_unseen(centre: AlertCenter, there: Iterable[Problem]) -> str:
    """Return what ended before anybody looked; empty if nothing did."""
    raised = {
        (memory.station, topic.id)
        for memory in centre.alerts.memories
        for topic in announced(memory.topics)
    }
    titles = {it.title for it in there}
    rows = [
        title
        for station, topic, title in centre.unseen
        if (station, topic) not in raised and title not in titles
    ]
    return rows[-1] if rows else ""


def muted_by_alarm(muting: Muting, there: Iterable[Problem]) -> dict[str, bool]:
    """Return the alarms that are told of, by id, and whether the owner knows."""
    marks = {(it.station, it.topic) for it in muting.acknowledged}
    return {
        alarm.alarm_id: (alarm.station, alarm.topic) in marks
        for alarm in there
        if alarm.alarm_id is not None
    }


def muted_in_words(
    muting: Muting, there: Iterable[Problem]
) -> tuple[tuple[Acknowledged, str], ...]:
    """Return what was acknowledged and is still there, in words."""
    titles = {(it.station, it.topic): it.title for it in there}
    marks = sorted(
        muting.acknowledged, key=lambda mark: (mark.station, mark.topic, mark.key)
    )
    return tuple(
        (mark, titles[mark.station, mark.topic])
        for mark in marks
        if (mark.station, mark.topic) in titles
    )


def alarm_of(alerts: AlertState, station: str, topic_id: str) -> str:
    """Return the alarm that a topic is about now; empty if it is none, or over."""
    topics = announced(alerts.memory(station).topics)
    return next((it.alarm_id or "" for it in topics if it.id == topic_id), "")


# What the alert centre gives to the tray and the store, and asks of the sky.


def tomorrow(now: datetime) -> datetime:
    """Return seven o'clock tomorrow by this computer's clock."""
    local = now.astimezone()
    morning = local.replace(hour=7, minute=0, second=0, microsecond=0)
    return (morning + timedelta(days=1)).astimezone(UTC)
