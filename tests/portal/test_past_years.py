"""What is believed of a year's months, reply by reply."""

import pytest

from sems_tray.domain.model import EnergySums
from sems_tray.domain.poll_result import PollFailed, Trouble
from tests.portal.scripted import ok
from tests.portal.totals import INCOME, NONE, PV, plus, statistics

MONTHS = {f"2025-{n:02d}": float(n) for n in range(1, 13)}


def test_a_year_is_what_it_is_told_to_be():
    client = plus(
        {
            "month": statistics(**{PV: MONTHS}),
            "year": statistics(**{PV: {"2025": 78.4}}),
        },
        ok({INCOME: 9.0, "currency": "USD"}),
    )
    past = client.year(2025)
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
        ({"2025-11": 3.0, "2025-12": 4.0}, {"2025": 7.0}, 7.0),
        ({"2025-11": 3.0, "2025-12": 4.0}, {"2025": 0}, None),
        ({"2025-11": 3.0, "2025-12": 4.0}, {}, None),
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
        ("2025-03", True),
        ("2025-03-01", True),
        ("2025-03-01 00:00:00", True),
        ("2025-03-31", True),
        ("2025-03-15", False),
        ("2025-13", False),
        ("2024-03", False),
        ("03", False),
        ("March", False),
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
    rows = {f"2025-{n:02d}": float(max(n - 2, 0)) for n in range(1, 13)}
    past = plus({"month": statistics(**{PV: rows})}).year(2025)
    assert [it.key for it in past.months] == [f"2025-{n:02d}" for n in range(3, 13)]
    assert [(it.key, it.sums.pv_kwh, it.final) for it in past.zero_months] == [
        ("2025-01", 0.0, True),
        ("2025-02", 0.0, True),
    ]
    nothing = dict.fromkeys(rows, 0)
    past = plus({"month": statistics(**{PV: nothing})}).year(2025)
    assert (past.months, past.years, len(past.zero_months)) == ((), (), 12)
