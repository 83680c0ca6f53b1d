"""What the "Alarms" page shows: what holds now, what is over, and what was told.

The reading knows the last seven days, the history everything that was ever seen; where
both know an alarm, the reading is right.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from . import words
from .alarm_help import explanation, title
from .installer import installer_text
from .language import markc, tr, trc, trn
from .model import AlarmLevel
from .signs import Shape, Sign, Tone
from .verdict import portal_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime, tzinfo

    from .history import GivenNotice, SeenAlarm
    from .model import Alarm, Reading

_MOST = 60
_SIGNS = {
    AlarmLevel.INFO: (markc("alarm level", "hint"), Shape.DOT),
    AlarmLevel.ALARM: (markc("alarm level", "alarm"), Shape.TRIANGLE),
    AlarmLevel.FAULT: (markc("alarm level", "fault"), Shape.DIAMOND),
}
# By the words that the history holds: those are English in every language.
_NOTICE_SIGNS = {
    "warning": (markc("notice level", "warning"), Shape.TRIANGLE),
    "urgent": (markc("notice level", "urgent"), Shape.DIAMOND),
}
_NOTE = (markc("notice level", "note"), Shape.DOT)

NOTHING_KNOWN: Mapping[str, bool] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmRow:
    """One alarm, or one notice; only alarms have an ``installer_text``.

    ``known`` says whether the owner wants no more notices of it; None where there
    would be none anyway.
    """

    id: str
    title: str
    sign: Sign
    when: str = ""
    device: str = ""
    explanation: str = ""
    installer_text: str = ""
    active: bool = False
    known: bool | None = None

    @property
    def line(self) -> str:
        """What stands below the title: "Roof south · since 11:58 · 12 min"."""
        return " · ".join(it for it in (self.device, self.when) if it)

    @property
    def sentence(self) -> str:
        """The row for a screen reader."""
        parts = (self.title, self.sign.word, self.device, self.when)
        return f"{', '.join(it for it in parts if it)}. {self.explanation}".strip()

    @property
    def copy_text(self) -> str:
        """The row as lines."""
        head = f"{self.title} ({self.sign.word})" if self.sign.word else self.title
        lines = (head, self.line, self.explanation)
        return "\n".join(it for it in lines if it)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmsView:
    """The page as a value; ``message`` stands above where there is no alarm."""

    active: tuple[AlarmRow, ...] = ()
    history: tuple[AlarmRow, ...] = ()
    notices: tuple[AlarmRow, ...] = ()
    message: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """An alarm; ``last_seen`` where its end is not told but it is listed no more."""

    alarm: Alarm
    last_seen: datetime | None = None


def alarms_view(
    reading: Reading | None,
    seen: tuple[SeenAlarm, ...],
    notices: tuple[GivenNotice, ...],
    now: datetime,
    where: tzinfo | None,
    known: Mapping[str, bool] = NOTHING_KNOWN,
) -> AlarmsView:
    """Return the page; times are those of the station, ``where`` is its zone.

    ``known`` holds the alarms of which there are notices, by id, and whether the owner
    wants no more of them.
    """
    at = now if reading is None else portal_time(reading, now)
    found = sorted(_merged(reading, seen), key=lambda it: _order(it.alarm))
    made = (_row(it, reading, at, where) for it in found)
    rows = [replace(it, known=known.get(it.id)) if it.active else it for it in made]
    active = tuple(row for row in rows if row.active)
    over = [row for row in rows if not row.active]
    told = sorted(notices, key=lambda it: it.at, reverse=True)
    return AlarmsView(
        active=active,
        history=tuple(over[:_MOST]),
        notices=tuple(_notice(it, now, where) for it in told[:_MOST]),
        message="" if active else _message(reading, any_over=bool(over)),
        note=_note(reading, len(over) - _MOST),
    )


def _merged(reading: Reading | None, seen: Iterable[SeenAlarm]) -> list[_Known]:
    told = {it.id: _Known(alarm=it) for it in (reading.alarms if reading else ())}
    # A reading with a new alarm list names all that holds; the rest is over.
    complete = reading is not None and "alarms" not in reading.stale
    for it in seen:
        if it.alarm.id not in told:
            gone = it.alarm.active and complete
            told[it.alarm.id] = _Known(
                alarm=it.alarm, last_seen=it.last_seen if gone else None
            )
    return list(told.values())


def _order(alarm: Alarm) -> tuple[bool, float, str]:
    """Sort what holds first, then the newest; one without a time is new if it holds."""
    when = alarm.happened_at or alarm.recovered_at
    if when is None:
        return not alarm.active, -1e12 if alarm.active else 1e12, alarm.id
    return not alarm.active, -when.timestamp(), alarm.id


def _row(
    known: _Known, reading: Reading | None, now: datetime, where: tzinfo | None
) -> AlarmRow:
    alarm = known.alarm
    active = alarm.active and known.last_seen is None
    word, shape = _SIGNS[alarm.level]
    return AlarmRow(
        id=alarm.id,
        title=words.name(title(alarm.name, alarm.code)),
        sign=Sign(
            word=trc("alarm level", word),
            shape=shape,
            tone=Tone.BAD
            if active and alarm.level is not AlarmLevel.INFO
            else Tone.CALM,
        ),
        when=_when(known, now, where, active=active),
        device=_device(alarm, reading),
        explanation=explanation(alarm.name, alarm.code),
        installer_text=installer_text(alarm, reading, where, last_seen=known.last_seen),
        active=active,
    )


def _when(  # noqa: PLR0911 (a return per case)
    known: _Known, now: datetime, where: tzinfo | None, *, active: bool
) -> str:
    """Return "since 11:58 · 12 min", or "yesterday 09:12, lasted 3 min"."""
    begun, over = known.alarm.happened_at, known.alarm.recovered_at
    if active:
        if begun is None:
            # Translators: an alarm that holds; when it began is not known
            return trc("alarm", "now")
        since = tr("since {clock}").format(clock=words.clock(begun, now, where))
        return f"{since} · {_lasted(begun, now)}"
    if known.last_seen is not None and over is None:
        seen = words.clock(known.last_seen, now, where)
        # Translators: an alarm that the portal does not list any more
        end = tr("last reported {clock}").format(clock=seen)
        if begun is None:
            return end
        return f"{words.clock(begun, now, where)}, {end}"
    if begun is None or over is None:
        at = begun or over
        if at is None:
            # Translators: an alarm that has ended
            return trc("alarm", "over")
        # Translators: when an alarm began, and that it has ended
        text = tr("{clock}, over") if begun else tr("{clock}, ended")
        return text.format(clock=words.clock(at, now, where))
    lasted = tr("lasted {length}").format(length=_lasted(begun, over))
    return f"{_span(begun, over, now, where)} · {lasted}"


def _span(begun: datetime, over: datetime, now: datetime, where: tzinfo | None) -> str:
    """Return from when to when it was; one time where both are the same minute."""
    first, last = begun.astimezone(where), over.astimezone(where)
    start = words.clock(begun, now, where)
    if first.date() != last.date():
        return f"{start}{words.DASH}{words.clock(over, now, where)}"
    ends = f"{first:%H:%M}", f"{last:%H:%M}"
    return start if ends[0] == ends[1] else f"{start}{words.DASH}{ends[1]}"


def _lasted(begun: datetime, end: datetime) -> str:
    length = end - begun
    return words.wait(length) if length.total_seconds() < 60 else words.duration(length)  # noqa: PLR2004


def _device(alarm: Alarm, reading: Reading | None) -> str:
    """Return the device's name; the one inverter of a station needs none."""
    listed = () if reading is None else reading.inverters
    found = next((it for it in listed if it.sn and it.sn == alarm.device_sn), None)
    named = words.name(found.name) if found else ""
    if found is not None and named in {"", words.name(found.sn)}:
        place = listed.index(found) + 1
        if len(listed) == 1:
            return tr("Inverter")
        return tr("{device} {number}").format(device=tr("Inverter"), number=place)
    return named or words.name(alarm.device_name) or words.name(alarm.device_sn or "")


def _notice(it: GivenNotice, now: datetime, where: tzinfo | None) -> AlarmRow:
    parts = [words.clock(it.at, now, where)]
    if it.silenced:
        # Translators: a notification that was not shown, as its owner wished
        parts.append(trc("notice", "silenced"))
    if it.closed_at is not None and it.closed_at > it.at:
        over = words.clock(it.closed_at, now, where)
        # Translators: what a notification was about ended at that time
        parts.append(tr("over {clock}").format(clock=over))
    word, shape = _NOTICE_SIGNS.get(it.level, _NOTE)
    return AlarmRow(
        id=f"{it.station}/{it.topic}/{it.at.timestamp():.0f}",
        title=words.one_line(it.title) or tr("Notification"),
        sign=Sign(word=trc("notice level", word), shape=shape),
        when=" · ".join(parts),
        explanation=words.one_line(it.text),
    )


def _message(reading: Reading | None, *, any_over: bool) -> str:
    if reading is None:
        return tr("Waiting for the first reading …")
    if "alarms" in reading.stale:
        return tr("Whether there are alarms could not be asked.")
    if any_over:
        return tr("No alarms now. What is over is listed below.")
    return tr("No alarms. When the portal reports one, it stands here with what to do.")


def _note(reading: Reading | None, left_out: int) -> str:
    parts = []
    if reading is not None and "alarms" in reading.stale:
        parts.append(tr("The list could not be renewed; this is the last known."))
    if left_out > 0:
        text = trn(
            "{count} older one is not listed.",
            "{count} older ones are not listed.",
            left_out,
        )
        parts.append(text.format(count=left_out))
    return " ".join(parts)
