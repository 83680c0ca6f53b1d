"""What an export lacks is named: in the file, and in words."""

from __future__ import annotations

from datetime import UTC, date, timedelta

import pytest

from sems_tray.domain.energy import HistoryRow, day_span, days_between
from sems_tray.domain.model import EnergySums, Powers, Station
from sems_tray.history.transfer.export_model import Every, ExportRange, TotalsRow
from sems_tray.history.transfer.missing import (
    dates_words,
    missing_totals,
    missing_words,
    not_fetched_words,
    part_of,
    with_empty_days,
    with_empty_totals,
)

DAY = timedelta(days=1)
JUNE = date(2026, 6, 1)


def selected(every=Every.DAY, not_fetched=(), **more):
    given = {"first": JUNE, "last": date(2026, 6, 10), "today": date(2026, 6, 21)}
    return ExportRange(
        station=Station(id="1"),
        where=UTC,
        every=every,
        not_fetched=tuple(not_fetched),
        **(given | more),
    )


def row(key):
    return TotalsRow(key=key, sums=EnergySums(pv_kwh=1.0))


def powers(day):
    at, _ = day_span(day, UTC)
    return HistoryRow(at=at + timedelta(hours=9), span_min=5, power=Powers(pv_w=1.0))


def june(*days):
    return tuple(date(2026, 6, it) for it in days)


def test_days_without_a_row_are_missing_from_the_first_known_one_on():
    rows = [row("2026-06-03"), row("2026-06-05"), row("2026-06-10")]
    assert missing_totals(rows, selected()) == june(4, 6, 7, 8, 9)
    assert missing_totals(rows, selected(today=date(2026, 6, 7))) == june(4, 6)


def test_days_before_it_are_missing_if_nobody_asked_for_them():
    rows = [row(f"2026-06-{n:02d}") for n in range(3, 11)]
    assert missing_totals(rows, selected()) == ()
    asked = selected(not_fetched=june(1, 2, 5))
    assert missing_totals(rows, asked) == june(1, 2)  # of the fifth there is something
    assert missing_totals([], asked) == june(1, 2, 5)


@pytest.mark.parametrize(
    ("lived_since", "missing"),
    [(date(2025, 3, 9), (1, 2)), (june(2)[0], (2,)), (june(9)[0], ()), (None, ())],
)
def test_days_before_it_are_missing_if_the_station_was_there(lived_since, missing):
    selection = selected(lived_since=lived_since)
    rows = [row(f"2026-06-{n:02d}") for n in range(3, 11)]
    assert missing_totals(rows, selection) == june(*missing)
    assert missing_totals([], selection) == ()
    noted: list[date] = []
    powered = map(powers, june(*range(3, 11)))
    assert len(list(with_empty_days(powered, selection, noted))) == 8 + len(missing)
    assert tuple(noted) == june(*missing)


def test_a_month_without_a_row_lacks_all_its_days():
    selection = selected(Every.MONTH, first=date(2026, 3, 5), last=date(2026, 5, 2))
    missing = missing_totals([row("2026-03"), row("2026-05")], selection)
    assert missing == tuple(days_between(date(2026, 4, 1), date(2026, 4, 30)))


def test_an_empty_row_stands_for_what_is_missing():
    rows = with_empty_totals([row("2026-06-02")], june(1, 3), Every.DAY)
    assert [it.key for it in rows] == ["2026-06-01", "2026-06-02", "2026-06-03"]
    assert [it.sums.pv_kwh for it in rows] == [None, 1.0, None]
    months = with_empty_totals([row("2026-05")], june(1, 2, 3), Every.MONTH)
    assert [(it.key, it.known_days) for it in months] == [
        ("2026-05", None),
        ("2026-06", 0),
    ]
    assert with_empty_totals([], june(1), Every.DAY) == []


@pytest.mark.parametrize(
    ("days", "not_fetched", "missing"),
    [
        ((3, 4, 5, 6, 7, 8, 9, 10), (), ()),
        ((3, 6, 10), (), (4, 5, 7, 8, 9)),
        ((3, 4, 5, 6, 7, 8), (1, 4), (1, 9, 10)),
        ((), (1, 2), (1, 2)),
    ],
)
def test_days_of_powers_have_an_empty_row_where_there_is_none(
    days, not_fetched, missing
):
    noted: list[date] = []
    selection = selected(Every.MINUTES, june(*not_fetched))
    rows = list(with_empty_days(map(powers, june(*days)), selection, noted))
    assert tuple(noted) == june(*missing)
    empty = [it.at.date() for it in rows if it.power.pv_w is None]
    assert tuple(empty) == (june(*missing) if days else ())
    assert [it.at for it in rows] == sorted(it.at for it in rows)


def test_a_month_needs_all_its_days_and_an_export_of_powers_no_totals():
    part = part_of(Every.MONTH, date(2026, 6, 5), date(2026, 6, 7))
    assert (part.first, part.last) == (JUNE, date(2026, 6, 30))
    assert (part.curves, part.totals, part.months) == (False, True, 1)
    assert part_of(Every.MINUTES, JUNE, JUNE).totals is False
    assert part_of(Every.EVERYTHING, JUNE, JUNE).curves


def test_what_is_missing_is_told_in_stretches():
    assert missing_words(()) == ""
    assert missing_words(june(4)) == "1 day is missing: 4 June 2026"
    ten_months = tuple(days_between(date(2026, 1, 1), date(2026, 10, 31)))
    assert not_fetched_words(ten_months) == (
        "304 days are not downloaded yet: 1 January 2026 to 31 October 2026"
    )
    assert dates_words(june(1, 2, 4, 6, 8)) == (
        "1 June 2026 to 2 June 2026, 4 June 2026, 6 June 2026, …"
    )
