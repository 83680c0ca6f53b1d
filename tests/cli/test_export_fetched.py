"""An export that is fetched from the portal equals the portal's own books."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from sems_tray.domain.energy import days_between
from sems_tray.simulator.simulator import Simulator

from .test_export import table

PLACE = "Europe/Amsterdam"
NOW = datetime(2026, 7, 3, 11, tzinfo=UTC)


@pytest.fixture(params=["semsplus", "classic"])
def dialect(request):
    return request.param


@pytest.fixture(scope="module")
def plant():
    """Return a house whose clock stands still."""
    with Simulator(now=lambda: NOW, place=PLACE, limit_per_minute=None) as simulator:
        yield simulator


@pytest.fixture
def clock(monkeypatch):
    """Let the program live at the plant's time."""
    for module in ("runtime.context", "cli.history_commands"):
        monkeypatch.setattr(f"sems_tray.{module}.utc_now", lambda: NOW)
    monkeypatch.setattr("sems_tray.cli.history_commands.time.sleep", lambda _: None)


def test_a_terminal_shows_how_far_it_is(
    here, plant, clock, dialect, tmp_path, monkeypatch
):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    made = here(
        *("export", "--from", "2026-04-01", "--to", "2026-05-31", "--every", "day"),
        *("--dialect", dialect, "--profile", str(tmp_path)),
        portal=plant,
    )
    assert made.code == 0
    assert made.err.split("\r\x1b[K") == [
        "",
        "Fetching May 2026: 1 of 2 steps.",
        "Fetching April 2026: 2 of 2 steps.",
        "",
    ]


def test_five_minutes_of_a_week_equal_the_books(here, plant, clock, dialect, tmp_path):
    made = here(
        *("export", "--from", "2026-06-15", "--to", "2026-06-21", "--every", "5min"),
        *("--dialect", dialect, "--profile", str(tmp_path)),
        portal=plant,
    )
    assert made.code == 0, made.err
    rows = table(made.out)
    assert len(rows) > 7 * 200
    kwh = dict.fromkeys(days_between(date(2026, 6, 15), date(2026, 6, 21)), 0.0)
    for row in rows:
        at = datetime.fromisoformat(row["Time"])
        assert at.utcoffset() == timedelta(hours=2)
        kwh[at.date()] += float(row["PV (W)"] or 0) / 12 / 1000
    for day, total in kwh.items():
        assert total == pytest.approx(plant.books.day(day).pv_kwh, abs=0.35)
