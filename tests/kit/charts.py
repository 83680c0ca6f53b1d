"""Days and measures that the tests of charts share."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from sems_tray.domain.energy import day_span
from sems_tray.domain.model import CurvePoint, Powers
from sems_tray.widgets.charts.layout import TextSize

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
