"""Measure the history: ten years of minutes for two stations with two inverters each.

The shapes are some days of the simulator's plant, repeated; what a live program would
have written row by row is written in the same order, in large transactions.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sems_tray.domain.energy import HistoryRow, InverterSample, Period, ValueSource
from sems_tray.domain.model import (
    Battery,
    Dialect,
    Energy,
    EnergySums,
    Inverter,
    Powers,
    Reading,
    Station,
)
from sems_tray.simulator.simulator import Simulator
from sems_tray.storage.history.database import connect, transaction
from sems_tray.storage.history.reader import HistoryReader
from sems_tray.storage.history.samples import minute_of, of_points, sample
from sems_tray.storage.history.store import History
from sems_tray.storage.history.writer import put_rows, station_number
from sems_tray.storage.paths import HISTORY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sems_tray.storage.history.samples import Sample

STATIONS = ("bench-1", "bench-2")
SERIALS = ("BENCH10KETU000001", "BENCH5000DNS00001")
NUMBERS = {sn: number for number, sn in enumerate(SERIALS)}
SHAPES = 24
DAY_MIN = 24 * 60
Line = tuple[str, float, str, float]


def shapes(end: datetime) -> list[list[Sample]]:
    """Return the minutes of some days spread over a year."""
    sim = Simulator("day", now=lambda: end, place="Europe/Madrid")
    found = []
    for n in range(SHAPES):
        day = (end - timedelta(days=7 + n * 350 // SHAPES)).date()
        rows = [
            HistoryRow(
                at=datetime(2001, 1, 1, tzinfo=UTC) + timedelta(minutes=minute),
                power=Powers(
                    pv_w=it.pv_w,
                    load_w=it.load_w,
                    grid_w=it.grid_w,
                    battery_w=it.battery_w,
                ),
                soc_percent=it.soc_percent,
                inverters=tuple(
                    InverterSample(sn=sn, power_w=w, temperature_c=20 + w / 300)
                    for sn, w in zip(SERIALS, it.pv_w_each, strict=True)
                ),
            )
            for minute, (_, it) in enumerate(sim.books.minutes(day)[:DAY_MIN])
        ]
        found.append([sample(it, NUMBERS) for it in of_points(rows, ValueSource.LIVE)])
    return found


def fill(path: Path, end: datetime, years: int) -> None:
    """Write the years, one day of each station in turn."""
    days = shapes(end)
    start = minute_of(end) // DAY_MIN * DAY_MIN - years * 365 * DAY_MIN
    with History(path) as history:
        for name in STATIONS:
            rows = [
                HistoryRow(
                    at=end, inverters=(InverterSample(sn=sn, power_w=1),), span_min=1
                )
                for sn in SERIALS
            ]
            history.add_curve(name, rows)
        first = end.date() - timedelta(days=years * 365)
        for n in range(years * 365):
            day = first + timedelta(days=n)
            for name in STATIONS:
                totals = EnergySums(pv_kwh=n % 40, load_kwh=12, import_kwh=3)
                history.put_day(name, day, totals)
                history.put_period(name, Period.MONTH, day.isoformat()[:7], totals)
    con = connect(path)
    numbers = [station_number(con, name) for name in STATIONS]
    for n in range(years * 365):
        with transaction(con):
            for hour in range(24):  # both stations grow side by side
                for of in numbers:
                    shape = days[(n + of) % SHAPES]
                    put_rows(con, of, _hour(shape, start + n * DAY_MIN, hour))
    con.close()


def _hour(shape: list[Sample], day: int, hour: int) -> Iterator[Sample]:
    for minute in range(hour * 60, min(hour * 60 + 60, len(shape))):
        yield shape[minute]._replace(minute=day + minute)


def reading(at: datetime) -> Reading:
    """Return a reading as the program gets it."""
    sums = EnergySums(pv_kwh=at.minute + at.hour, load_kwh=9, import_kwh=3)
    return Reading(
        dialect=Dialect.SEMSPLUS,
        station=Station(id=STATIONS[0], name="Bench", timezone="Europe/Madrid"),
        received_at=at,
        measured_at=at,
        power=Powers(pv_w=3000 + at.minute, load_w=800, grid_w=1000, battery_w=-1200),
        battery=Battery(soc_percent=70),
        energy=Energy(today=sums, month=sums, year=sums, total=sums),
        inverters=tuple(Inverter(sn=sn, power_w=1500 + at.minute) for sn in SERIALS),
    )


def ms(ask: Callable[[int], object], rounds: int) -> tuple[float, float]:
    """Return the median and the longest time, ms."""
    took = []
    for n in range(rounds):
        began = time.perf_counter()
        ask(n)
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took), max(took)


def size_mb(path: Path) -> float:
    """Return the file's size with its log, MB."""
    files = (path, path.with_name(f"{path.name}-wal"))
    return sum(it.stat().st_size for it in files if it.exists()) / 1e6


def measure(folder: Path, years: int) -> list[Line]:
    """Return the table: what, how much, its unit, and the budget."""
    path = folder / HISTORY
    end = datetime(2026, 9, 15, 12, tzinfo=UTC)
    fill(path, end, years)
    lines: list[Line] = [(f"{years} years of minutes", size_mb(path), "MB", 700)]
    first = end.date() - timedelta(days=years * 365)

    def any_day(n: int) -> date:
        return first + timedelta(days=n * 997 % (years * 365))

    with HistoryReader(path) as reader:
        middle, longest = ms(lambda n: reader.day(STATIONS[n % 2], any_day(n), UTC), 60)
        lines += [
            ("a day read", middle, "ms", 20),
            ("a day read, the longest", longest, "ms", 20),
        ]

        def year(n: int) -> object:
            start = date(first.year + 1 + n % max(years - 1, 1), 1, 1)
            return reader.days(STATIONS[n % 2], start, start.replace(month=12, day=31))

        lines.append(("a year's days read", ms(year, 30)[0], "ms", 50))
    now = [end]
    with History(path, now=lambda: now[0]) as history:
        middle, longest = ms(
            lambda n: history.add(reading(end + timedelta(minutes=2 * n))), 1000
        )
        lines += [
            ("a reading added", middle, "ms", 5),
            ("a reading added, the longest", longest, "ms", float("inf")),
        ]
        began = time.perf_counter()
        history.check()
        took = time.perf_counter() - began
        lines.append(("the whole file checked", took, "s", float("inf")))
        now[0] = end + timedelta(days=1)
        began = time.perf_counter()
        rows = history.thin()
        took = time.perf_counter() - began
        lines += [
            ("thinned in", took, "s", float("inf")),
            ("thinned a second", rows / max(took, 1e-9) / 1000, "krows", float("inf")),
        ]
    lines.append(("after thinning", size_mb(path), "MB", 700))
    with HistoryReader(path) as reader:
        middle, _ = ms(lambda n: reader.day(STATIONS[n % 2], any_day(n), UTC), 60)
        lines.append(("a day read, thinned", middle, "ms", 20))
    return lines


def main() -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--years", type=int, default=10)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        if shutil.disk_usage(name).free < 2e9:
            raise SystemExit("needs 2 GB of free disk")
        lines = measure(Path(name), wanted.years)
    for what, value, unit, most in lines:
        budget = "" if most == float("inf") else f"{most:9.0f}"
        verdict = "" if not budget else " ok" if value <= most else " OVER"
        print(f"{what:<34}{value:>10.2f} {unit:<6}{budget}{verdict}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
