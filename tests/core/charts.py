"""Days and measures that the tests of charts share."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from sems_tray.core.chart import TextSize
from sems_tray.core.history import day_span
from sems_tray.core.model import CurvePoint, Powers

MADRID = ZoneInfo("Europe/Madrid")
TEXT = TextSize(width=lambda text: 6.0 * len(text), height=10.0)


def points(day, minutes, where=MADRID, **values):
    """Return points so many minutes after the start of the day; values are lists."""
    start = day_span(day, where)[0]
    soc = values.pop("soc_percent", [None] * len(minutes))
    rows = zip(*values.values(), strict=True) if values else [()] * len(minutes)
    return tuple(
        CurvePoint(
            at=start + timedelta(minutes=minute),
            power=Powers(**dict(zip(values, row, strict=True))),
            soc_percent=percent,
        )
        for minute, row, percent in zip(minutes, rows, soc, strict=True)
    )
