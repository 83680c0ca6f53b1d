"""Numbers and times as people read them."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

DASH = "\N{EN DASH}"
# Below this a flow is noise: it gets no arrow and no direction.
DEAD_BAND_W = 20.0
_KW_FROM_W = 95.0
_PLAIN_KW = 99.95
_MINUTE_S = 60
_HOUR_MIN = 60
_DAY_MIN = 24 * 60


def power(value_w: float | None) -> str:
    """Return "40 W", "0.8 kW" or "3.2 kW"; words, not signs, tell directions."""
    if value_w is None:
        return DASH
    size = abs(value_w)
    if size < _KW_FROM_W:
        return f"{size:.0f} W"
    kilo = size / 1000
    return f"{kilo:.1f} kW" if kilo < _PLAIN_KW else f"{kilo:.0f} kW"


def energy(value_kwh: float | None) -> str:
    """Return "18.4 kWh" or "16.9 MWh"."""
    if value_kwh is None:
        return DASH
    if value_kwh >= 10_000:  # noqa: PLR2004 (five digits before the point)
        return f"{value_kwh / 1000:.1f} MWh"
    return f"{value_kwh:.1f} kWh"


def percent(value: float | None) -> str:
    """Return "76 %"."""
    return DASH if value is None else f"{value:.0f} %"


def ago(since: timedelta) -> str:
    """Return "just now", "3 min ago", "2 h 10 min ago" or "3 days ago"."""
    minutes = int(since.total_seconds() // _MINUTE_S)
    return "just now" if minutes < 1 else f"{duration(since)} ago"


def duration(length: timedelta) -> str:
    """Return "3 min", "2 h 10 min", "1 day" or "3 days"."""
    minutes = max(int(length.total_seconds() // _MINUTE_S), 0)
    if minutes < _HOUR_MIN:
        return f"{minutes} min"
    if minutes < _DAY_MIN:
        hours, rest = divmod(minutes, _HOUR_MIN)
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    days = minutes // _DAY_MIN
    return "1 day" if days == 1 else f"{days} days"


def wait(length: timedelta) -> str:
    """Return "40 s" or "5 min", rounded up: what is promised must have come true."""
    seconds = max(int(-(-length.total_seconds() // 1)), 0)
    if seconds < _MINUTE_S:
        return f"{seconds} s"
    return duration(timedelta(minutes=-(-seconds // _MINUTE_S)))


def clock(at: datetime, now: datetime, where: tzinfo | None) -> str:
    """Return "11:42", with the day where it is not today's, in the station's time."""
    local, today = at.astimezone(where), now.astimezone(where)
    text = f"{local:%H:%M}"
    days = (today.date() - local.date()).days
    if days == 0:
        return text
    return f"yesterday {text}" if days == 1 else f"{local.day} {local:%b} {text}"


def utc_text(at: datetime) -> str:
    """Return "2026-06-21T10:42:00Z"."""
    return at.astimezone(UTC).replace(microsecond=0).strftime("%Y-%m-%dT%H:%M:%SZ")
