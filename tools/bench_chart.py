"""Measure the day chart: 1440 minutes and five curves, laid out and painted."""

from __future__ import annotations

import os
import statistics
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from PySide6.QtGui import QGuiApplication, QImage, QPainter

from sems_tray.domain.model import CurvePoint, Powers
from sems_tray.simulator.simulator import Simulator
from sems_tray.widgets.charts.day_layout import DayChart
from sems_tray.widgets.charts.painter import (
    chart_font,
    lay_out,
    paint_chart,
)
from sems_tray.widgets.charts.readout import readout_of
from sems_tray.widgets.theme import theme_of

if TYPE_CHECKING:
    from collections.abc import Callable

WIDTH, HEIGHT, SCALE = 460, 260, 2
ZONE = "Europe/Madrid"
DAY = date(2026, 6, 21)
Line = tuple[str, float, str, float]


def chart() -> DayChart:
    """Return a whole day of the simulator's plant."""
    end = datetime(2026, 6, 23, tzinfo=UTC)
    sim = Simulator("day", now=lambda: end, place=ZONE)
    points = tuple(
        CurvePoint(
            at=at.astimezone(UTC),
            power=Powers(
                pv_w=it.pv_w,
                load_w=it.load_w,
                grid_w=it.grid_w,
                battery_w=it.battery_w,
            ),
            soc_percent=it.soc_percent,
        )
        for at, it in sim.books.minutes(DAY)
    )
    return DayChart(day=DAY, where=ZoneInfo(ZONE), points=points, capacity_kwp=10.1)


def ms(do: Callable[[], object], rounds: int = 60) -> float:
    """Return the median time, ms."""
    took = []
    for _ in range(rounds):
        began = time.perf_counter()
        do()
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)


def measure() -> list[Line]:
    """Return the table: what, how much, its unit, and the budget."""
    application = QGuiApplication.instance() or QGuiApplication([])
    shown, theme = chart(), theme_of(QGuiApplication.palette())
    font = chart_font(QGuiApplication.font())
    image = QImage(
        WIDTH * SCALE, HEIGHT * SCALE, QImage.Format.Format_ARGB32_Premultiplied
    )
    image.setDevicePixelRatio(SCALE)

    def laid_out() -> object:
        return lay_out(shown, WIDTH, HEIGHT, font)

    layout = lay_out(shown, WIDTH, HEIGHT, font)

    def read() -> None:
        index = layout.index_at(200)
        assert index is not None
        readout_of(layout, index)

    def painted() -> None:
        image.fill(theme.card)
        painter = QPainter(image)
        painter.setFont(font)
        paint_chart(painter, layout, theme)
        painter.end()

    def both() -> None:
        laid_out()
        painted()

    lines: list[Line] = [
        ("a day of minutes laid out", ms(laid_out), "ms", float("inf")),
        ("a day of minutes painted", ms(painted), "ms", float("inf")),
        ("laid out and painted", ms(both), "ms", 10),
        ("a readout", ms(read), "ms", float("inf")),
    ]
    del application
    return lines


def main() -> int:
    """Measure and print the table."""
    for what, value, unit, most in measure():
        budget = "" if most == float("inf") else f"{most:9.0f}"
        verdict = "" if not budget else " ok" if value <= most else " OVER"
        print(f"{what:<34}{value:>10.2f} {unit:<6}{budget}{verdict}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
