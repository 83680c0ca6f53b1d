from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from sems_tray.domain.energy import DayTotals
from sems_tray.domain.model import EnergySums
from sems_tray.domain.statistics import Span
from sems_tray.widgets.charts.bar_layout import (
    Amount,
    lay_out_bars,
    lifetime_chart,
    month_chart,
    year_chart,
)
from sems_tray.widgets.charts.layout import Align
from tests.kit.charts import TEXT
from tests.kit.speaking import pseudo  # noqa: F401

JUNE = date(2026, 6, 1)
TODAY = date(2026, 6, 21)
EVERYTHING = frozenset(Amount)


def days(*numbers, final=True):
    return [
        DayTotals(day=date(2026, 6, n), sums=EnergySums(pv_kwh=float(n)), final=final)
        for n in numbers
    ]


def span(first, known=30, **sums):
    last = first.replace(day=28)
    return Span(
        first=first, last=last, sums=EnergySums(**sums), known_days=known, all_days=30
    )


def laid_out(chart, width=400.0, height=232.0):
    return lay_out_bars(chart, width, height, TEXT)


def labels(layout, align):
    return [it.text for it in layout.labels if it.align is align]


def heights(layout):
    return {it.index + 1: it.box.h for it in layout.boxes}


def test_a_month_has_a_bar_for_each_known_date():
    layout = laid_out(month_chart(days(1, 10, 20), JUNE))
    assert len(layout.chart.bars) == 30
    assert heights(layout) == pytest.approx({1: 10, 10: 100, 20: 200})
    assert all(it.box.bottom == layout.zero_y for it in layout.boxes)


def test_unknown_is_no_bar_and_zero_is_a_hairline():
    zero = DayTotals(day=date(2026, 6, 5), sums=EnergySums(pv_kwh=0.0), final=True)
    layout = laid_out(month_chart([*days(4), zero], JUNE))
    assert heights(layout)[5] == 0
    assert set(heights(layout)) == {4, 5}


def test_what_is_not_complete_is_marked_and_says_so():
    chart = month_chart([*days(19), *days(20, 21, final=False)], JUNE, TODAY)
    assert [it.note for it in chart.bars[18:22]] == [
        "",
        "may be incomplete",
        "so far",
        "",
    ]
    assert [it.partial for it in laid_out(chart).boxes] == [False, True, True]


def test_a_year_has_twelve_months():
    months = [
        span(date(2026, 5, 1), known=28, pv_kwh=900.0),
        span(date(2026, 6, 1), pv_kwh=600.0),
    ]
    chart = year_chart(months, 2026, TODAY)
    assert len(chart.bars) == 12
    assert chart.bars[4].note == "28 of 30 days known"
    assert chart.bars[5].note == "so far"
    assert (chart.bars[1].first, chart.bars[1].last) == (
        date(2026, 2, 1),
        date(2026, 2, 28),
    )
    assert set(heights(laid_out(chart))) == {5, 6}


def test_a_lifetime_has_every_year_between_the_first_and_the_last():
    chart = lifetime_chart([span(date(y, 1, 1), pv_kwh=9000.0) for y in (2023, 2020)])
    assert [it.first.year for it in chart.bars] == [2020, 2021, 2022, 2023]
    assert set(heights(laid_out(chart))) == {1, 4}
    nothing = laid_out(lifetime_chart([]))
    assert nothing.empty
    assert nothing.index_at(100) is None


def test_large_energies_are_in_megawatt_hours():
    def shown(pv_kwh):
        layout = laid_out(lifetime_chart([span(date(2025, 1, 1), pv_kwh=pv_kwh)]))
        (bar,) = layout.boxes
        return labels(layout, Align.RIGHT)[::3], bar.box.h / layout.plot.h

    assert shown(12_400.0) == (["MWh", "10"], pytest.approx(12.4 / 15))
    assert shown(9_000.0) == (["kWh", "4,000", "10,000"], pytest.approx(0.9))


def test_several_energies_stand_side_by_side():
    months = [span(date(2026, 5, 1), pv_kwh=900.0, load_kwh=400.0, import_kwh=10.0)]
    chart = year_chart(months, 2026, shown=EVERYTHING)
    assert chart.known == (Amount.PV, Amount.LOAD, Amount.IMPORT)
    boxes = laid_out(chart).boxes
    assert [it.amount for it in boxes] == [Amount.PV, Amount.LOAD, Amount.IMPORT]
    assert all(a.box.right == b.box.x for a, b in pairwise(boxes))
    shown = replace(chart, shown=frozenset({Amount.LOAD}))
    assert [it.amount for it in laid_out(shown).boxes] == [Amount.LOAD]


def test_all_bars_are_of_one_width_and_inside_their_places():
    layout = laid_out(month_chart(days(*range(1, 31)), JUNE), 411)
    assert len({it.box.w for it in layout.boxes}) == 1
    for it in layout.boxes:
        assert layout.index_at(it.box.x) == layout.index_at(it.box.right - 0.1)
        assert layout.index_at(it.box.x) == it.index


@pytest.mark.parametrize("width", [60, 150, 250, 400, 460, 900])
@pytest.mark.parametrize(
    "chart",
    [
        month_chart(days(3), JUNE),
        year_chart([span(date(2026, 5, 1), pv_kwh=1.0)], 2026),
        lifetime_chart([span(date(y, 1, 1), pv_kwh=1.0) for y in (1999, 2026)]),
    ],
)
def test_names_never_overlap(chart, width):
    layout = laid_out(chart, width)
    names = [it for it in layout.labels if it.align is Align.CENTRE]
    assert names
    for a, b in pairwise(names):
        assert b.x - a.x >= TEXT.width(a.text) / 2 + TEXT.width(b.text) / 2


def test_months_are_letters_where_it_is_narrow():
    chart = year_chart([span(date(2026, 5, 1), pv_kwh=1.0)], 2026)
    assert labels(laid_out(chart), Align.CENTRE)[:3] == ["Jan", "Feb", "Mar"]
    assert labels(laid_out(chart, 200), Align.CENTRE)[:3] == ["J", "F", "M"]


def test_a_place_knows_its_bar():
    layout = laid_out(year_chart([span(date(2026, 5, 1), pv_kwh=1.0)], 2026))
    assert [layout.index_at(layout.middle(n)) for n in range(12)] == list(range(12))
    assert layout.index_at(layout.plot.x - 1) is None
    assert layout.index_at(layout.plot.right) is None


@pytest.mark.usefixtures("pseudo")
def test_months_whose_names_have_no_letter_are_not_shortened():
    chart = year_chart([span(date(2026, 5, 1), pv_kwh=900.0)], 2026)
    names = labels(laid_out(chart, 150.0), Align.CENTRE)
    assert names[0] == "⟦Jan⟧"
    assert len(names) < 12
