"""Live through years on a virtual clock and print what came of them; see tests/year.

Exit code 1 if a promise is broken: a false alarm, a fault that is not told or cleared
once, a duration or a figure that is off, more than two hours a year of false states.
"""

from __future__ import annotations

import argparse
import gc
import logging
import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sems_tray.simulator.station.behaviour import NightFlow
from tests.year.plants import DIALECTS, PLACES, PLANTS, Scene
from tests.year.station_year import HABITS, run
from tests.year.table import broken, printed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.year.judge import Score

NIGHTS = tuple(it.value for it in NightFlow if it is not NightFlow.TOLD)
MAIN_PLACES = tuple(it for it in PLACES if it != "44N")


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    logging.disable(logging.CRITICAL)
    scenes = _scenes(options)
    began = time.monotonic()
    scores: list[Score] = []
    with ProcessPoolExecutor(
        options.jobs, initializer=_collect_seldom, max_tasks_per_child=1
    ) as pool:
        running = {pool.submit(run, it): it for it in scenes}
        for done in as_completed(running):
            scores.append(done.result())
            minutes = (time.monotonic() - began) / 60
            print(
                f"{len(scores)} of {len(scenes)} after {minutes:.1f} min:"
                f" {running[done].name}",
                file=sys.stderr,
                flush=True,
            )
    scores.sort(key=lambda it: it.name)
    print(printed(scores))
    found = broken(scores)
    print("\n" + "\n".join(found or ["every promise is kept"]))
    return 1 if found else 0


def _collect_seldom() -> None:
    """Look seldom for garbage in circles: there is little, and a year to look at."""
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--start", default="2026-01-01", help="a date, in UTC")
    parser.add_argument("--place", nargs="+", choices=[*PLACES], default=MAIN_PLACES)
    parser.add_argument("--plant", nargs="+", choices=PLANTS, default=PLANTS)
    parser.add_argument("--dialect", nargs="+", choices=DIALECTS, default=DIALECTS)
    parser.add_argument(
        "--night", nargs="+", choices=NIGHTS, help="what the flow says at night"
    )
    parser.add_argument("--habit", nargs="+", choices=HABITS, help="the owner's")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2, help="processes at a time")
    parser.add_argument("--quiet", action="store_true", help="plant no faults")
    parser.add_argument("--http", action="store_true", help="over a real loopback")
    return parser.parse_args(arguments)


def _scenes(options: argparse.Namespace) -> list[Scene]:
    """Return every place, plant and dialect; nights and habits take turns unless named.

    All of them with all would be 360 station-years.
    """
    start = datetime.fromisoformat(options.start).replace(tzinfo=UTC)
    found = []
    for (i, place), (j, plant), (k, dialect) in product(
        enumerate(options.place), enumerate(options.plant), enumerate(options.dialect)
    ):
        nights = options.night or [NIGHTS[(i + j) % len(NIGHTS)]]
        habits = options.habit or [HABITS[(i + j + k) % len(HABITS)]]
        found += [
            Scene(
                place=place,
                plant=plant,
                dialect=dialect,
                night=NightFlow(night),
                habit=habit,
                start=start,
                days=options.days,
                seed=options.seed,
                quiet=options.quiet,
                real_http=options.http,
            )
            for night, habit in product(nights, habits)
        ]
    return found


if __name__ == "__main__":
    sys.exit(main())
