"""SEMS+ alarm list (facts, section 3, "Alarms")."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from sems_tray.domain.model import Alarm, AlarmLevel
from sems_tray.domain.time_zones import to_utc
from sems_tray.i18n.language import mark
from sems_tray.portal.alarm_names import alarm_name
from sems_tray.portal.errors import NoDataError
from sems_tray.portal.wire.envelope import read_if_any
from sems_tray.portal.wire.values import Fields, Leaf, epoch_ms, integer, iso_time, text

from . import calls

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from sems_tray.portal.dialect import Poll, Result
    from sems_tray.portal.station_cache import StationCache


_ACTIVE = 0
# The ends of ``Total_FaultLevel_Prompt``, ``_alarm`` and ``_Fault``.
_LEVELS = {"prompt": AlarmLevel.INFO, "fault": AlarmLevel.FAULT}
_MOST_PAGES = 10
RECENT = timedelta(days=7)


def fetch_alarms(poll: Poll, cache: StationCache) -> Result:
    """Fetch the alarm list, as far back as it can matter.

    Rows come newest first.  The first time all pages are read; later ones only until
    every alarm that was active has been seen again and the rest is old.
    """
    where = cache.zone
    open_before = {it.id for it in cache.alarms if it.active}
    found: dict[str, Alarm] = {}
    for page in range(1, _MOST_PAGES + 1):
        rows, total = parse_alarms(
            poll.ask(calls.alarms(poll.station_id, page)), where, poll.now
        )
        fresh = {row.id: row for row in rows if row.id not in found}
        found |= fresh
        matters = any(
            alarm.active
            or (alarm.happened_at and poll.now - alarm.happened_at < RECENT)
            for alarm in fresh.values()
        )
        done = cache.alarms_seen and not matters and open_before <= found.keys()
        if not fresh or len(found) >= total or done:
            break
    return replace(cache, alarms=tuple(found.values()), alarms_seen=True), None


class _Page(msgspec.Struct):
    dataList: list[Fields] | None = None
    total: Leaf = None


def parse_alarms(
    raw: msgspec.Raw | bytes, where: tzinfo | None, now: datetime
) -> tuple[tuple[Alarm, ...], int]:
    """Read one page of alarms, and how many there are in all.

    Identity is ``warningid``; status 0 is happening, 1 recovered.  ``cause`` and
    ``solution`` are translation keys, not text, and are not read.
    """
    page = read_if_any(raw, _Page)
    if page is None or page.dataList is None:
        raise NoDataError(mark("no data in the alarm list"))
    alarms = tuple(_alarm(row, where, now) for row in page.dataList)
    return alarms, integer(page.total) or len(alarms)


def _alarm(row: Fields, where: tzinfo | None, now: datetime) -> Alarm:
    code = text(row.get("warning_code"))
    happened = _time(row.get("happentime"), row.get("happentimes"), where, now)
    recovered = _time(row.get("recoverytime"), row.get("recoverytimes"), where, now)
    status = integer(row.get("status"))
    # An unknown number is no alarm; no number at all is one until it recovers.
    active = status == _ACTIVE or (status is None and recovered is None)
    sn, level = (
        text(row.get("devicesn")),
        text(row.get("alarmLevel")).rpartition("_")[2],
    )
    return Alarm(
        id=text(row.get("warningid")) or f"{sn}/{code}/{text(row.get('happentime'))}",
        name=alarm_name(code, row.get("warningNameEn"), word=row.get("error_code")),
        level=_LEVELS.get(level.lower(), AlarmLevel.ALARM),
        device_sn=sn or None,
        device_name=text(row.get("deviceName")),
        code=code,
        active=active,
        happened_at=happened,
        recovered_at=None if active else recovered,
    )


def _time(
    stamp: Leaf, words: Leaf, where: tzinfo | None, now: datetime
) -> datetime | None:
    """Read epoch milliseconds; failing these, the local text beside them."""
    local = iso_time(words)
    return epoch_ms(stamp) or (to_utc(local, where, now) if local else None)
