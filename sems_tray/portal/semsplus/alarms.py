"""SEMS+ alarm list (facts, section 3, "Alarms")."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from sems_tray.domain.model import Alarm, AlarmLevel
from sems_tray.domain.time_zones import POSSIBLE_YEARS, to_utc
from sems_tray.i18n.language import mark
from sems_tray.portal.alarm_names import alarm_name
from sems_tray.portal.errors import NoDataError
from sems_tray.portal.wire.envelope import read_or_none
from sems_tray.portal.wire.values import Leaf, integer, number, text

if TYPE_CHECKING:
    from datetime import tzinfo


_ACTIVE = 0


class _Row(msgspec.Struct):
    warningid: Leaf = None
    warning_code: Leaf = None
    error_code: Leaf = None
    warningNameEn: Leaf = None
    alarmLevel: Leaf = None
    status: Leaf = None
    devicesn: Leaf = None
    deviceName: Leaf = None
    happentime: Leaf = None
    happentimes: Leaf = None
    recoverytime: Leaf = None
    recoverytimes: Leaf = None


class _Page(msgspec.Struct):
    dataList: list[_Row] | None = None
    total: Leaf = None


def parse_alarms(
    raw: msgspec.Raw | bytes, zone: tzinfo | None, now: datetime
) -> tuple[tuple[Alarm, ...], int]:
    """Read one page of alarms, and how many there are in all.

    Identity is ``warningid``; status 0 is happening, 1 recovered.  ``cause`` and
    ``solution`` are translation keys, not text, and are not read.
    """
    page = read_or_none(raw, _Page)
    if page is None or page.dataList is None:
        raise NoDataError(mark("no data in the alarm list"))
    alarms = tuple(_alarm(row, zone, now) for row in page.dataList)
    return alarms, integer(page.total) or len(alarms)


def _alarm(row: _Row, zone: tzinfo | None, now: datetime) -> Alarm:
    code = text(row.warning_code)
    happened = _time(row.happentime, row.happentimes, zone, now)
    recovered = _time(row.recoverytime, row.recoverytimes, zone, now)
    status = integer(row.status)
    # An unknown number is no alarm; no number at all is one until it recovers.
    active = status == _ACTIVE or (status is None and recovered is None)
    sn = text(row.devicesn)
    return Alarm(
        id=text(row.warningid) or f"{sn}/{code}/{text(row.happentime)}",
        name=alarm_name(code, row.warningNameEn, word=row.error_code),
        level=_level(text(row.alarmLevel)),
        device_sn=sn or None,
        device_name=text(row.deviceName),
        code=code,
        active=active,
        happened_at=happened,
        recovered_at=None if active else recovered,
    )


def _level(word: str) -> AlarmLevel:
    """Read ``Total_FaultLevel_Prompt``, ``_alarm`` or ``_Fault``."""
    match word.lower().rpartition("_")[2]:
        case "prompt":
            return AlarmLevel.INFO
        case "fault":
            return AlarmLevel.FAULT
        case _:
            return AlarmLevel.ALARM


def _time(
    stamp: Leaf, words: Leaf, zone: tzinfo | None, now: datetime
) -> datetime | None:
    """Read epoch milliseconds; failing these, the local text beside them."""
    millis = number(stamp)
    try:
        if millis:
            found = datetime.fromtimestamp(millis / 1000, UTC)
            return found if found.year in POSSIBLE_YEARS else None
        return to_utc(datetime.fromisoformat(text(words)), zone, now)
    except (ValueError, OverflowError, OSError):
        return None
