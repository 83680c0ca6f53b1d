"""Time zones as the portal writes them, and local times in them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import tzinfo


_OFFSET = re.compile(r"(?:UTC|GMT)?\s*([+-])\s*(\d{1,2})(?::?(\d{2}))?")
_MOST_OFFSET = timedelta(hours=15)
# Portal and computer clocks differ by seconds to minutes; a reading "from the future"
# beyond this was stamped in another zone than the portal says.
FUTURE_SLACK = timedelta(minutes=15)
# No inverter measured before or after; also keeps arithmetic away from the years 1 and
# 9999, where changing the zone overflows.
POSSIBLE_YEARS = range(1990, 2200)


@lru_cache(maxsize=64)
def zone(name: str | None) -> tzinfo | None:
    """Return the zone called "Europe/Amsterdam", "UTC" or "UTC+02:00", or None."""
    if not name:
        return None
    found = _OFFSET.fullmatch(name.strip())
    if found:
        sign, hours, minutes = found.groups()
        offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
        if offset > _MOST_OFFSET:
            return None
        return timezone(-offset if sign == "-" else offset)
    if name.strip().upper() in {"UTC", "GMT", "Z"}:
        return UTC
    try:
        return ZoneInfo(name.strip())
    except (KeyError, ValueError, OSError):  # unknown, malformed, a folder's name
        return None


def offset_name(hours: float) -> str | None:
    """Return "UTC+05:30" for 5.5; None for what is no offset on Earth."""
    minutes = round(hours * 60) if abs(hours) < 24 else 10_000  # noqa: PLR2004
    if abs(minutes) > _MOST_OFFSET.total_seconds() / 60:
        return None
    sign = "-" if minutes < 0 else "+"
    return f"UTC{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def to_utc(local: datetime, where: tzinfo | None, now: datetime) -> datetime | None:
    """Return a station's local time as UTC, or None where it cannot be told.

    A time too far in the future lies (facts, section 5.1).
    """
    found = by_clock(local, where, now)
    return found if found is not None and is_past(found, now) else None


def by_clock(local: datetime, where: tzinfo | None, now: datetime) -> datetime | None:
    """Return a station's local time as UTC by its own clock, which may run ahead.

    In the hour that the clock repeats in autumn the later reading that is not in the
    future wins.
    """
    try:
        if local.tzinfo is not None:
            found = [local.astimezone(UTC)]
        elif where is None:
            return None
        else:
            found = [
                local.replace(tzinfo=where, fold=fold).astimezone(UTC)
                for fold in (1, 0)
            ]
    except (OverflowError, ValueError):
        return None
    if any(at.year not in POSSIBLE_YEARS for at in found):
        return None
    return next((at for at in found if is_past(at, now)), found[-1])


def newest(stamps: Iterable[datetime | None], now: datetime) -> datetime | None:
    """Return the newest time that is not in the future, if one is not."""
    found = [it for it in stamps if it is not None]
    return max(
        (it for it in found if is_past(it, now)), default=max(found, default=None)
    )


def is_past(at: datetime, now: datetime) -> bool:
    """Say whether a time is none of the future, as far as clocks agree."""
    return at <= now + FUTURE_SLACK


def in_order(locals_: Iterable[datetime], where: tzinfo) -> list[datetime]:
    """Return a day's local times as UTC; a repeated hour (autumn) goes on, not back.

    The years of the times are in ``YEARS``.
    """
    result: list[datetime] = []
    for local in locals_:
        first, second = (
            local.replace(tzinfo=where, fold=fold).astimezone(UTC) for fold in (0, 1)
        )
        late = bool(result) and first <= result[-1] < second
        result.append(second if late else first)
    return result


# The portal's midnight: its counters do not roll over cleanly (facts, section 3).


_FROM = time(23, 58)
_UNTIL = time(0, 20)
# A logger that says nothing for longer sleeps.
_PAUSES_FOR = timedelta(hours=2)


def counters_are_unsure(now: datetime, where: tzinfo | None) -> bool:
    """Say whether energy counters must be held: 23:58 to 00:20, station time."""
    if where is None:
        return False
    clock = now.astimezone(where).time()
    return clock >= _FROM or clock < _UNTIL


def counters_are_held(
    now: datetime, measured_at: datetime | None, where: tzinfo | None
) -> bool:
    """Say whether energy counters must be held, now or for as long as a logger pauses.

    Until it reports again they are as they were at its last report.
    """
    if counters_are_unsure(now, where):
        return True
    return (
        measured_at is not None
        and timedelta() <= now - measured_at < _PAUSES_FOR
        and counters_are_unsure(measured_at, where)
    )


def utc_now() -> datetime:
    """Return the time by this computer's clock."""
    return datetime.now(UTC)
