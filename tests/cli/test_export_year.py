"""A year's export, fetched from the portal, equals the portal's own books."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from sems_tray.domain.energy import days_between

from .test_export import table

PLACE = "Europe/Amsterdam"
NOW = datetime(2027, 2, 3, 11, tzinfo=UTC)
YEAR = (date(2026, 1, 1), date(2026, 12, 31))
COLUMNS = {
    "PV (kWh)": "pv_kwh",
    "House (kWh)": "load_kwh",
    "Import (kWh)": "import_kwh",
    "Export (kWh)": "export_kwh",
    "Charge (kWh)": "charge_kwh",
    "Discharge (kWh)": "discharge_kwh",
}


@pytest.fixture(params=["semsplus", "classic"])
def dialect(request):
    return request.param


@pytest.fixture(scope="module")
def plant():
    """Return a house that is older than the year, and whose clock stands still."""
    from dataclasses import replace

    from sems_tray.simulator.simulator import Simulator

    made = Simulator(now=lambda: NOW, place=PLACE, limit_per_minute=None)
    with made as simulator:
        site = simulator.world.sites[0]
        site.spec = replace(site.spec, created=site.spec.created - timedelta(days=365))
        site.ledger.spec = site.spec
        yield simulator


@pytest.fixture
def clock(monkeypatch):
    """Let the program live at the plant's time."""
    for module in ("runtime.context", "cli.history_commands"):
        monkeypatch.setattr(f"sems_tray.{module}.utc_now", lambda: NOW)
    monkeypatch.setattr("sems_tray.cli.history_commands.time.sleep", lambda _: None)


def test_every_day_of_a_year_equals_the_books(here, plant, clock, dialect, tmp_path):
    made = here(
        *("export", "--from", str(YEAR[0]), "--to", str(YEAR[1]), "--every", "day"),
        *("--dialect", dialect, "--profile", str(tmp_path)),
        portal=plant,
    )
    assert made.code == 0, made.err
    rows = {date.fromisoformat(it["Date"]): it for it in table(made.out)}
    assert list(rows) == list(days_between(*YEAR))
    for day, row in rows.items():
        true = plant.books.day(day)
        for column, name in COLUMNS.items():
            said = float(row[column])
            assert said == pytest.approx(getattr(true, name), abs=0.1), (day, column)
        assert row["Final"] == "yes"


def test_every_month_of_a_year_equals_the_books(here, plant, clock, dialect, tmp_path):
    made = here(
        *("export", "--from", str(YEAR[0]), "--to", str(YEAR[1]), "--every", "month"),
        *("--dialect", dialect, "--profile", str(tmp_path)),
        portal=plant,
    )
    assert made.code == 0, made.err
    rows = table(made.out)
    assert [it["Month"] for it in rows] == [f"2026-{n:02d}" for n in range(1, 13)]
    for month, row in enumerate(rows, 1):
        first = date(2026, month, 1)
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        true = plant.books.between(first, last)
        for column, name in COLUMNS.items():
            # A month of days that are rounded to 0.01 or 0.1 kWh.
            assert float(row[column]) == pytest.approx(getattr(true, name), abs=1.6)


def test_a_terminal_shows_how_far_it_is(
    here, plant, clock, dialect, tmp_path, monkeypatch
):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    made = here(
        *("export", "--from", "2026-05-01", "--to", "2026-06-30", "--every", "day"),
        *("--dialect", dialect, "--profile", str(tmp_path)),
        portal=plant,
    )
    assert made.code == 0
    assert made.err.split("\r\x1b[K") == [
        "",
        "Fetching June 2026: 1 of 2 steps.",
        "Fetching May 2026: 2 of 2 steps.",
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
