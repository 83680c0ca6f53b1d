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
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sems_tray.simulator.station.behaviour import NightFlow
from tests.year.plants import DIALECTS, PLACES, PLANTS, Scene
from tests.year.promises import broken
from tests.year.station_year import HABITS, run

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tests.year.judge import Score, Told

NIGHTS = tuple(it.value for it in NightFlow if it is not NightFlow.TOLD)
_EXAMPLES = 4
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


# -- the table ---------------------------------------------------------------------


def printed(scores: Sequence[Score]) -> str:
    """Return the whole table."""
    years = sum(it.days for it in scores) / 365
    restarts = sum(it.starts for it in scores)
    lines = [
        f"{len(scores)} stations, {years:.1f} station-years, {restarts} restarts",
        "",
        *_faults(scores),
        "",
        *_false_alarms(scores, years),
        "",
        *_states(scores),
        "",
        *_figures(scores),
        "",
        *_requests(scores),
    ]
    return "\n".join(lines)


def _faults(scores: Iterable[Score]) -> list[str]:
    by_kind: dict[str, list[Told]] = defaultdict(list)
    for score in scores:
        for it in score.told:
            by_kind[it.fault.kind].append(it)
    rows = [("fault", "times", "once", "cleared", "late", "at most", "off by at most")]
    for kind, told in sorted(by_kind.items()):
        late = sorted(it.late for it in told if it.late is not None)
        off = max((it.off for it in told if it.off is not None), default=None)
        rows.append(
            (
                kind,
                str(len(told)),
                str(sum(it.once for it in told)),
                str(sum(len(it.cleared) == 1 for it in told)),
                _minutes(late[len(late) // 2]) if late else "-",
                _minutes(late[-1]) if late else "-",
                "-" if off is None else _minutes(off),
            )
        )
    lines = _columns(rows)
    for kind, told in sorted(by_kind.items()):
        wrong = [it for it in told if not it.once or len(it.cleared) != 1]
        lines += [f"  {kind}: {_said(it)}" for it in wrong[:_EXAMPLES]]
    return lines


def _said(it: Told) -> str:
    fault = it.fault
    return (
        f"{fault.since:%Y-%m-%d %H:%M} to {fault.until:%m-%d %H:%M} UTC"
        f" told {len(it.raised)}, changed {it.changed}, cleared {len(it.cleared)}"
    )


def _false_alarms(scores: Sequence[Score], years: float) -> list[str]:
    kinds: Counter[str] = Counter()
    for score in scores:
        kinds.update(it.split()[2] for it in score.false_alarms)
    rows = [("false alarms", "times", "a station-year")]
    rows += [(k, str(n), f"{n / years:.1f}") for k, n in kinds.most_common()]
    if not kinds:
        rows.append(("none", "0", "0.0"))
    lines = _columns(rows)
    for score in scores:
        lines += [f"  {score.name}: {it}" for it in score.false_alarms[:_EXAMPLES]]
        lines += [f"  {score.name}: (snow) {it}" for it in score.snow[:1]]
        lines += [f"  {score.name}: (odd charge) {it}" for it in score.odd_charge[:1]]
    return lines


def _states(scores: Iterable[Score]) -> list[str]:
    rows = [("false states by day", "h a year", "what, and when first")]
    for it in scores:
        what = ", ".join(
            f"{name} {hours:.1f} h ({'; '.join(it.false_when[name][:3])})"
            for name, hours in it.false_h.most_common(3)
        )
        rows.append((it.name, f"{sum(it.false_h.values()) * 365 / it.days:.1f}", what))
    return _columns(rows)


def _figures(scores: Iterable[Score]) -> list[str]:
    rows = [("figures off the books", "compared", "days", "off", "the worst")]
    for it in scores:
        worst = ", ".join(
            f"{name} {count}x, {it.worst[name]}"
            for name, count in it.wrong.most_common(3)
        )
        off = str(sum(it.wrong.values()))
        rows.append((it.name, str(it.compared), str(it.kept_days), off, worst))
    return _columns(rows)


def _requests(scores: Iterable[Score]) -> list[str]:
    rows = [("asked", "requests a day", "sign-ins a day")]
    rows += [
        (it.name, f"{it.requests / it.days:.0f}", f"{it.sign_ins / it.days:.1f}")
        for it in scores
    ]
    return _columns(rows)


def _minutes(span: timedelta) -> str:
    minutes = round(span / timedelta(minutes=1))
    return f"{minutes} min" if minutes < 120 else f"{minutes / 60:.1f} h"


def _columns(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    return [
        "  ".join(
            text.ljust(width) if n in (0, len(row) - 1) else text.rjust(width)
            for n, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


if __name__ == "__main__":
    sys.exit(main())
