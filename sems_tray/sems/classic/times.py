"""The classic portal's local times (facts, section 5.1): they lie in three ways.

``info.time`` and the inverter's ``last_refresh_time`` are always in US order, ``d``'s
follows the account's ``date_format``, ``creationDate`` is in China's time (not read).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sems_tray.core.zones import YEARS, by_clock, to_utc
from sems_tray.sems.numbers import number, text

if TYPE_CHECKING:
    from datetime import tzinfo

    from sems_tray.sems.numbers import Leaf

US_ORDER = "MM/dd/yyyy"
# Some replies hold blanks: "06/22/2025 17: 06: 27".
_STAMP = re.compile(
    r"(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})[ T]+(\d{1,2}): *(\d{2})(?:: *(\d{2}))?"
)
_FIELDS = re.compile(r"[Yy]+|M+|[Dd]+")


def local_time(words: str, date_format: str = US_ORDER) -> datetime | None:
    """Read a time without zone in the given order of day, month and year."""
    found = _STAMP.match(words.strip())
    if not found:
        return None
    order = [field[0].lower() for field in _FIELDS.findall(date_format)]
    if sorted(order) != ["d", "m", "y"]:
        order = ["m", "d", "y"]
    parts = dict(zip(order, (int(it) for it in found.groups()[:3]), strict=True))
    hour, minute, second = (int(it or 0) for it in found.groups()[3:])
    if parts["y"] not in YEARS:
        return None
    try:
        return datetime(parts["y"], parts["m"], parts["d"], hour, minute, second)  # noqa: DTZ001 (the zone is the caller's)
    except ValueError:
        return None


def station_time(
    leaf: Leaf, date_format: str, zone: tzinfo | None, now: datetime
) -> datetime | None:
    """Read a station's local time as UTC."""
    local = local_time(text(leaf), date_format)
    return None if local is None else to_utc(local, zone, now)


def logger_time(
    leaf: Leaf, date_format: str, zone: tzinfo | None, now: datetime
) -> datetime | None:
    """Read a local time as UTC by the logger's clock, which may run ahead."""
    local = local_time(text(leaf), date_format)
    return None if local is None else by_clock(local, zone, now)


def epoch_ms(leaf: Leaf) -> datetime | None:
    """Read epoch milliseconds; 0 is no time."""
    millis = number(leaf)
    if not millis or millis < 0:
        return None
    try:
        found = datetime.fromtimestamp(millis / 1000, UTC)
    except (OverflowError, ValueError, OSError):
        return None
    return found if found.year in YEARS else None
