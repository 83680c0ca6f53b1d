"""The way back into a station's past: what is asked for, in which order, how fast."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from sems_tray.domain.energy import (
    CurveStep,
    MissingDay,
    MonthStep,
    PeriodStatistics,
    PeriodTotals,
    YearStep,
    settled_until,
)
from sems_tray.domain.model import EnergySums
from sems_tray.domain.poll_result import PollFailed, Trouble
from sems_tray.domain.time_zones import zone
from sems_tray.history.plan import (
    LOCAL_PACE,
    PACE,
    Progress,
    Search,
    pause_after,
    steps,
)
from sems_tray.history.query import HistorySummary
from sems_tray.window.transfer.view_model import past_words, summary_words
from tests.kit.history_data import NOON, ZONE

SOME = EnergySums(pv_kwh=100.0)
NOTHING = EnergySums(pv_kwh=0.0, load_kwh=0.0)


def months(*keys: str, sums: EnergySums = SOME) -> PeriodStatistics:
    return PeriodStatistics(
        months=tuple(PeriodTotals(key=it, sums=sums) for it in keys)
    )


def gap(day: date, *, curve: bool = True, totals: bool = True) -> MissingDay:
    return MissingDay(day=day, curve=curve, totals=totals)


def test_the_search_goes_back_until_a_year_has_nothing():
    search = Search(year=2026).after(months("2026-01", "2026-06"))
    assert search == Search(year=2025, first=date(2026, 1, 1))
    search = search.after(months("2025-05", "2025-12"))
    assert search == Search(year=2024, first=date(2025, 5, 1))
    search = search.after(PeriodStatistics())
    assert (search.year, search.first) == (None, date(2025, 5, 1))


def test_months_of_zeros_were_before_the_station():
    found = PeriodStatistics(
        months=(
            PeriodTotals(key="2025-01", sums=NOTHING),
            PeriodTotals(key="2025-04", sums=SOME),
        )
    )
    assert Search(year=2025).after(found).first == date(2025, 4, 1)


def test_a_year_without_months_counts_from_january():
    found = PeriodStatistics(years=(PeriodTotals(key="2025", sums=SOME),))
    assert Search(year=2025).after(found).first == date(2025, 1, 1)


def test_an_empty_young_year_does_not_end_the_search():
    search = Search(year=2026).after(PeriodStatistics())
    assert search.year == 2025
    assert search.after(months("2025-11")).first == date(2025, 11, 1)
    assert search.after(PeriodStatistics()).year is None


def test_no_station_is_older_than_a_quarter_of_a_century():
    today = date(2026, 6, 21)
    assert not Search(year=2001).given_up(today)
    assert Search(year=2000).given_up(today)
    assert not Search(year=None).given_up(today)


def test_totals_come_before_curves_and_the_newest_first():
    gaps = [
        gap(date(2026, 5, 31)),
        gap(date(2026, 6, 1), totals=False),
        gap(date(2026, 6, 2), curve=False),
    ]
    assert steps(gaps) == (
        MonthStep(date(2026, 6, 1)),
        MonthStep(date(2026, 5, 1)),
        CurveStep(date(2026, 6, 1)),
        CurveStep(date(2026, 5, 31)),
    )


@pytest.mark.parametrize("pace", [PACE, LOCAL_PACE])
def test_steps_are_paced(pace):
    assert pause_after(Progress(), pace) == pace


@pytest.mark.parametrize("trouble", list(Trouble))
def test_only_what_passes_by_itself_is_waited_out(trouble):
    wait = pause_after(Progress(failed=PollFailed(trouble=trouble)), PACE)
    passes = trouble in {Trouble.THROTTLED, Trouble.OFFLINE, Trouble.UNREACHABLE}
    assert (wait is not None) is passes
    assert wait is None or wait >= timedelta(minutes=5)


def test_the_portals_own_wish_for_a_pause_holds():
    failed = PollFailed(trouble=Trouble.THROTTLED, retry_after=timedelta(hours=1))
    assert pause_after(Progress(failed=failed), PACE) == timedelta(hours=1)


def test_a_day_is_settled_an_hour_after_midnight():
    half_past_midnight = NOON.replace(hour=22, minute=30)  # 00:30 in Amsterdam
    assert settled_until(half_past_midnight, ZONE) == date(2026, 6, 21)
    later = half_past_midnight + timedelta(minutes=31)
    assert settled_until(later, ZONE) == date(2026, 6, 22)
    island = zone("Pacific/Kiritimati")
    assert island is not None
    assert settled_until(NOON, island) == date(2026, 6, 21)


def test_what_is_kept_is_told_in_words():
    kept = HistorySummary(first=date(2026, 3, 3), newest=NOON, size_bytes=12_345_678)
    assert summary_words(kept) == (
        "Kept on this computer since 3 March 2026 (12.3 MB)."
    )
    assert summary_words(HistorySummary()) == "Nothing is kept yet."
    assert "locked" in summary_words(HistorySummary(trouble="locked"))


@pytest.mark.parametrize(
    ("progress", "wanted", "words"),
    [
        (Progress(), False, "Fetches every day"),
        (Progress(), True, "Looking for the beginning …"),
        (Progress(at=YearStep(2024)), True, "Looking for the beginning: 2024 …"),
        (
            Progress(done=3, total=40, at=MonthStep(date(2025, 6, 1))),
            True,
            "Fetching June 2025: 3 of 40 steps.",
        ),
        (Progress(done=40, total=40, finished=True), False, "The whole past is kept."),
        (
            Progress(failed=PollFailed(trouble=Trouble.REFUSED)),
            False,
            "GoodWe does not",
        ),
    ],
)
def test_a_back_fill_is_told_in_words(progress, wanted, words):
    assert past_words(progress, wanted=wanted, wait=None).startswith(words)


def test_a_pause_says_how_long_it_is():
    progress = Progress(failed=PollFailed(trouble=Trouble.OFFLINE))
    said = past_words(progress, wanted=True, wait=timedelta(minutes=5))
    assert said.endswith("Goes on in 5 min.")
