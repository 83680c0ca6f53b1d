"""The names below the bars of a chart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .chart import GAP, Label
from .date_words import month_short
from .history import Period

if TYPE_CHECKING:
    from datetime import date

    from .chart import Box, TextSize
    from .chart_bars import BarChart

_EVERY = (1, 2, 5, 10, 20, 50)


def bar_names(chart: BarChart, plot: Box, text: TextSize) -> list[Label]:
    """Return the names that have room; letters for months where it is narrow."""
    names = [_name(chart.period, it.first) for it in chart.bars]
    if not names:
        return []
    place = plot.w / len(names)
    widest = max(map(text.width, names)) + GAP
    letters = all(it[:1].isalpha() for it in names)  # not "1" for "10th"
    if chart.period is Period.YEAR and widest > place and letters:
        names = [it[:1] for it in names]
        widest = max(map(text.width, names))
    every = next((it for it in _EVERY if it * place >= widest), len(names))
    y = plot.bottom + GAP + text.height / 2
    return [
        Label(name, plot.x + (n + 0.5) * place, y)
        for n, name in enumerate(names)
        if n % every == 0
    ]


def _name(period: Period, first: date) -> str:
    match period:
        case Period.MONTH:
            return str(first.day)
        case Period.YEAR:
            return month_short(first.month)
        case _:
            return str(first.year)
