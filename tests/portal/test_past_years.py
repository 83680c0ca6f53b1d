"""What is believed of a year's months, reply by reply."""

import pytest

from sems_tray.domain.model import EnergySums
from sems_tray.domain.poll_result import PollFailed, Trouble
from tests.portal.scripted import ok
from tests.portal.totals import INCOME, NONE, PV, plus, statistics

FEW = {"2025-11": 3.0, "2025-12": 4.0}
MONTHS = {f"2025-{n:02d}": float(n) for n in range(1, 13)}


def test_a_year_is_what_it_is_told_to_be():
    months, year = statistics(**{PV: MONTHS}), statistics(**{PV: {"2025": 78.4}})
    earned = ok({INCOME: 9.0, "currency": "USD"})
    past = plus({"month": months, "year": year}, earned).year(2025)
    assert [it.sums.pv_kwh for it in past.months] == list(MONTHS.values())
    (whole,) = past.years
    assert whole.sums == EnergySums(pv_kwh=78.4, income=9.0, currency="USD")
    assert whole.final


@pytest.mark.parametrize(
    ("months", "told", "whole"),
    [
        (MONTHS, {"2025": 0}, 78.0),  # less than its months is wrong
        (MONTHS, {"2025": 77.5}, 77.5),  # rounding is not
        (MONTHS, {}, 78.0),
        (MONTHS, {"2024": 500.0}, 78.0),
        (MONTHS, {"2025": 80.0, "2025-01-01": 90.0}, 78.0),
        (FEW, {"2025": 7.0}, 7.0),
        (FEW, {"2025": 0}, None),
        (FEW, {}, None),
        ({}, {"2025": 7.0}, 7.0),
    ],
)
def test_a_year_is_never_less_than_its_months(months, told, whole):
    client = plus(
        {"month": statistics(**{PV: months}), "year": statistics(**{PV: told})}
    )
    past = client.year(2025)
    assert [it.sums.pv_kwh for it in past.years] == ([] if whole is None else [whole])
    assert len(past.months) == len(months)


@pytest.mark.parametrize("only", ["month", "year"])
def test_one_dimension_of_a_year_is_enough(only):
    rows = {"month": MONTHS, "year": {"2025": 78.0}}[only]
    past = plus({only: statistics(**{PV: rows})}).year(2025)
    assert past.years[0].sums.pv_kwh == 78.0
    assert len(past.months) == (12 if only == "month" else 0)


def test_a_year_of_which_both_dimensions_are_refused_is_unreadable():
    failed = plus({}).year(2025)
    assert isinstance(failed, PollFailed)
    assert failed.trouble is Trouble.UNREADABLE


@pytest.mark.parametrize(
    ("words", "known"),
    [
        *((it, True) for it in ("2025-03", "2025-03-01 00:00:00", "2025-03-31")),
        *((it, False) for it in ("2025-03-15", "2025-13", "2024-03", "03", "March")),
    ],
)
def test_only_what_is_clearly_a_month_is_one(words, known):
    client = plus({"month": statistics(**{PV: {words: 5.0}}), "year": NONE})
    assert [it.key for it in client.year(2025).months] == ["2025-03"] * known


def test_a_reply_that_changed_its_mind_about_a_month_is_not_believed():
    rows = MONTHS | {"2025-03-01": 99.0}
    client = plus({"month": statistics(**{PV: rows}), "year": NONE})
    past = client.year(2025)
    assert "2025-03" not in {it.key for it in past.months}
    assert past.years == ()


def test_a_years_first_months_of_zeros_are_set_aside():
    rows = {name: max(kwh - 2, 0.0) for name, kwh in MONTHS.items()}
    past = plus({"month": statistics(**{PV: rows})}).year(2025)
    assert [it.key for it in past.months] == list(rows)[2:]
    zeros = [(it.key, it.sums.pv_kwh, it.final) for it in past.zero_months]
    assert zeros == [("2025-01", 0.0, True), ("2025-02", 0.0, True)]
    past = plus({"month": statistics(**{PV: dict.fromkeys(rows, 0)})}).year(2025)
    assert (past.months, past.years, len(past.zero_months)) == ((), (), 12)
