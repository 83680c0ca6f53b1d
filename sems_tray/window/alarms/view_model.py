"""What the "Alarms" page shows: what holds now, what is over, and what was told.

The reading knows the last seven days, the history everything that was ever seen; where
both know an alarm, the reading is right.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sems_tray.domain import device_tables
from sems_tray.domain.alarm_advice import explanation, title
from sems_tray.domain.model import AlarmLevel
from sems_tray.domain.station_state import Shape, Sign, Tone, portal_time
from sems_tray.domain.wording import state_word
from sems_tray.i18n import formatting
from sems_tray.i18n.formatting import labelled
from sems_tray.i18n.language import markc, tr, trc, trn

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime, tzinfo

    from sems_tray.domain.energy import AlarmRecord, NotificationRecord
    from sems_tray.domain.model import Alarm, Inverter, Reading


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
    seen: tuple[AlarmRecord, ...],
    notices: tuple[NotificationRecord, ...],
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
    told = sorted(notices, key=lambda notice: notice.at, reverse=True)
    return AlarmsView(
        active=active,
        history=tuple(over[:_MOST]),
        notices=tuple(_notice(it, now, where) for it in told[:_MOST]),
        message="" if active else _message(reading, any_over=bool(over)),
        note=_note(reading, len(over) - _MOST),
    )


def _merged(reading: Reading | None, seen: Iterable[AlarmRecord]) -> list[_Known]:
    told = {it.id: _Known(alarm=it) for it in (reading.alarms if reading else ())}
    # A reading with a new alarm list names all that holds; the rest is over.
    complete = reading is not None and "alarms" not in reading.stale
    for record in seen:
        if record.alarm.id not in told:
            gone = record.alarm.active and complete
            told[record.alarm.id] = _Known(
                alarm=record.alarm, last_seen=record.last_seen if gone else None
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
        title=formatting.name(title(alarm.name, alarm.code)),
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
        since = tr("since {clock}").format(clock=formatting.clock(begun, now, where))
        return f"{since} · {_lasted(begun, now)}"
    if known.last_seen is not None and over is None:
        seen = formatting.clock(known.last_seen, now, where)
        # Translators: an alarm that the portal does not list any more
        end = tr("last reported {clock}").format(clock=seen)
        if begun is None:
            return end
        return f"{formatting.clock(begun, now, where)}, {end}"
    if begun is None or over is None:
        at = begun or over
        if at is None:
            # Translators: an alarm that has ended
            return trc("alarm", "over")
        # Translators: when an alarm began, and that it has ended
        text = tr("{clock}, over") if begun else tr("{clock}, ended")
        return text.format(clock=formatting.clock(at, now, where))
    lasted = tr("lasted {length}").format(length=_lasted(begun, over))
    return f"{_span(begun, over, now, where)} · {lasted}"


def _span(begun: datetime, over: datetime, now: datetime, where: tzinfo | None) -> str:
    """Return from when to when it was; one time where both are the same minute."""
    first, last = begun.astimezone(where), over.astimezone(where)
    start = formatting.clock(begun, now, where)
    if first.date() != last.date():
        return f"{start}{formatting.DASH}{formatting.clock(over, now, where)}"
    ends = f"{first:%H:%M}", f"{last:%H:%M}"
    return start if ends[0] == ends[1] else f"{start}{formatting.DASH}{ends[1]}"


def _lasted(begun: datetime, end: datetime) -> str:
    length = end - begun
    return (
        formatting.wait(length)
        if length.total_seconds() < 60
        else formatting.duration(length)
    )


def _device(alarm: Alarm, reading: Reading | None) -> str:
    """Return the device's name; the one inverter of a station needs none."""
    found = _inverter_of(alarm, reading)
    named = formatting.name(found.name) if found else ""
    if reading and found and named in {"", formatting.name(found.sn)}:
        if len(reading.inverters) == 1:
            return tr("Inverter")
        place = reading.inverters.index(found) + 1
        return tr("{device} {number}").format(device=tr("Inverter"), number=place)
    return (
        named
        or formatting.name(alarm.device_name)
        or formatting.name(alarm.device_sn or "")
    )


def _inverter_of(alarm: Alarm, reading: Reading | None) -> Inverter | None:
    """Return the inverter that an alarm is of, if it is listed."""
    listed = () if reading is None else reading.inverters
    return next((it for it in listed if it.sn and it.sn == alarm.device_sn), None)


def _notice(
    record: NotificationRecord, now: datetime, where: tzinfo | None
) -> AlarmRow:
    parts = [formatting.clock(record.at, now, where)]
    if record.silenced:
        # Translators: a notification that was not shown, as its owner wished
        parts.append(trc("notice", "silenced"))
    if record.closed_at is not None and record.closed_at > record.at:
        over = formatting.clock(record.closed_at, now, where)
        # Translators: what a notification was about ended at that time
        parts.append(tr("over {clock}").format(clock=over))
    word, shape = _NOTICE_SIGNS.get(record.level, _NOTE)
    return AlarmRow(
        id=f"{record.station}/{record.topic}/{record.at.timestamp():.0f}",
        title=formatting.one_line(record.title) or tr("Notification"),
        sign=Sign(word=trc("notice level", word), shape=shape),
        when=" · ".join(parts),
        explanation=formatting.one_line(record.text),
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


# All that an installer wants to know of an alarm, as text to send.


_LEVELS = {
    AlarmLevel.INFO: markc("alarm level", "info"),
    AlarmLevel.ALARM: markc("alarm level", "alarm"),
    AlarmLevel.FAULT: markc("alarm level", "fault"),
}


def installer_text(
    alarm: Alarm,
    reading: Reading | None,
    where: tzinfo | None,
    *,
    last_seen: datetime | None = None,
) -> str:
    """Return the alarm, its device and its station as lines.

    Here serial numbers are whole and times have dates: it leaves the program only when
    its owner pastes it somewhere.
    """
    device = _inverter_of(alarm, reading)
    rows = [
        (tr("Alarm"), title(alarm.name, alarm.code)),
        (trc("alarm", "Code"), formatting.one_line(alarm.code)),
        (trc("alarm", "Level"), trc("alarm level", _LEVELS[alarm.level])),
        (trc("alarm", "Began"), _time(alarm.happened_at, where)),
        (trc("alarm", "Ended"), _ended(alarm, where, last_seen)),
        (
            tr("Device"),
            formatting.one_line(device.name if device else alarm.device_name),
        ),
        (
            trc("device", "Model"),
            formatting.one_line(device.model or "") if device else "",
        ),
        (tr("Serial number"), formatting.one_line(alarm.device_sn or "")),
    ]
    if device is not None:
        rows += _device_line(device)
    if reading is not None:
        rows += _station(reading, where)
    return "\n".join(labelled(label, value) for label, value in rows if value)


def _ended(alarm: Alarm, where: tzinfo | None, last_seen: datetime | None) -> str:
    if alarm.recovered_at is not None:
        return _time(alarm.recovered_at, where)
    if last_seen is not None:
        # Translators: when an alarm ended
        text = tr("not told, last reported {time}")
        return text.format(time=_time(last_seen, where))
    if alarm.active:
        # Translators: when an alarm ended
        return trc("end of an alarm", "still active")
    return trc("end of an alarm", "not told")


def _device_line(inverter: Inverter) -> list[tuple[str, str]]:
    state = state_word(inverter.state) + (
        f" ({inverter.status})" if inverter.status is not None else ""
    )
    power_w, heat = inverter.power_w, inverter.temperature_c
    rows = [
        (tr("Firmware"), formatting.one_line(inverter.firmware or "")),
        (trc("device", "State"), state),
        (
            trc("electricity", "Power"),
            "" if power_w is None else formatting.power(power_w),
        ),
        (tr("Temperature"), "" if heat is None else formatting.temperature(heat)),
    ]
    for grid in (
        device_tables.strings(inverter.strings),
        device_tables.phases(inverter.phases),
    ):
        rows += grid.named_rows if grid else ()
    return rows


def _station(reading: Reading, where: tzinfo | None) -> list[tuple[str, str]]:
    station = reading.station
    kwp = station.capacity_kwp
    return [
        (tr("Station"), formatting.one_line(station.name)),
        (tr("Station id"), formatting.one_line(station.id)),
        # Translators: the power that was installed: "Installed: 10.1 kWp"
        (
            trc("power", "Installed"),
            "" if kwp is None else f"{formatting.plain(kwp)} kWp",
        ),
        # Translators: when the values were measured
        (trc("time", "Measured"), _time(reading.measured_at, where)),
    ]


def _time(at: datetime | None, where: tzinfo | None) -> str:
    if at is None:
        return ""
    local = at.astimezone(where)
    offset = f"{local:%z}"
    return f"{local:%Y-%m-%d %H:%M:%S} UTC{offset[:3]}:{offset[3:5]}"
