from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from sems_tray.widgets.charts.day_layout import (
    DayChart,
    Series,
    lay_out_day,
)
from sems_tray.widgets.charts.layout import Align, Box
from tests.kit.charts import MADRID, TEXT, points

JUNE = date(2026, 6, 21)
NOON = 12 * 60
PV = frozenset({Series.PV})
# The plot of a chart with digits like "0.5" and without SoC is 474 x 200.
WIDTH, HEIGHT = 24 + 474 + 18, 16 + 200 + 16


def chart(minutes=(NOON, NOON + 5), day=JUNE, shown=PV, **values):
    known = values or {"pv_w": [1000.0] * len(minutes)}
    found = points(day, minutes, **known)
    return DayChart(day=day, where=MADRID, points=found, shown=shown)


def laid_out(shown, width=WIDTH, height=HEIGHT):
    return lay_out_day(shown, width, height, TEXT)


def line(layout, series=Series.PV):
    (curve,) = [it for it in layout.curves if it.series is series]
    return [list(it) for it in curve.lines]


def labels(layout, align):
    return [it.text for it in layout.labels if it.align is align]


def test_a_curve_is_where_its_times_and_powers_are():
    layout = laid_out(chart(pv_w=[1000.0, 500.0]))
    assert layout.plot == Box(24.0, 16.0, 474.0, 200.0)
    x, y, to_x, to_y = line(layout)[0]
    assert (x, y) == (24 + 474 / 2, 16)
    assert (to_x, to_y) == (pytest.approx(24 + 474 * 725 / 1440), 116)


def test_ticks_are_labelled_in_kilowatts():
    layout = laid_out(chart(pv_w=[8200.0, 0.0]))
    assert labels(layout, Align.RIGHT) == ["kW", "0", "2", "4", "6", "8", "10"]
    assert layout.rules == (216, 176, 136, 96, 56, 16)
    assert layout.zero_y == 216


def test_below_zero_are_import_and_charging_in_words():
    layout = laid_out(
        chart(
            shown=frozenset(Series),
            pv_w=[8000.0, 8000.0],
            grid_w=[2000.0, -2000.0],
            battery_w=[-1000.0, 0.0],
        )
    )
    assert labels(layout, Align.RIGHT) == ["kW", "-2", "0", "2", "4", "6", "8"]
    assert (layout.zero_y, layout.plot.bottom) == (176, 216)
    assert line(layout, Series.GRID)[0][1::2] == [136, 216]
    assert layout.caption is not None
    assert layout.caption.text == "below 0: importing · charging"
    assert layout.caption.y < layout.plot.y  # no curve can cross it


def test_a_negative_solar_power_is_no_reason_for_room_below():
    assert laid_out(chart(pv_w=[-3.0, 500.0])).zero_y == 216


def test_the_charge_has_an_axis_of_its_own():
    layout = laid_out(chart(shown=frozenset({Series.SOC}), soc_percent=[0, 100]))
    assert line(layout, Series.SOC)[0][1::2] == [216, 16]
    assert labels(layout, Align.LEFT) == ["%", "0", "50", "100"]


def test_a_series_that_is_not_shown_takes_no_room():
    both = chart(shown=frozenset(Series), pv_w=[500.0] * 2, load_w=[9000.0] * 2)
    assert laid_out(both).rules[-1] == laid_out(replace(both, shown=PV)).rules[-1]
    assert len(laid_out(both).rules) == 6
    assert [it.series for it in laid_out(replace(both, shown=PV)).curves] == [Series.PV]


def test_a_fixed_scale_is_the_same_on_every_day():
    dull = replace(chart(pv_w=[300.0] * 2), capacity_kwp=10.0)
    bright = replace(chart(pv_w=[9000.0] * 2), capacity_kwp=10.0)
    assert laid_out(dull).rules == laid_out(bright).rules
    above = replace(chart(pv_w=[12_000.0] * 2), capacity_kwp=10.0)
    assert min(line(laid_out(above))[0][1::2]) == 16


def test_a_gap_is_a_gap():
    layout = laid_out(chart((0, 5, 10, 15, 60, 65, 70, 75)))
    assert [len(it) // 2 for it in line(layout)] == [4, 4]


def test_an_unknown_value_breaks_only_its_own_curve():
    layout = laid_out(
        chart(
            (0, 5, 10, 15, 20),
            shown=frozenset(Series),
            pv_w=[1.0, 1.0, None, 1.0, 1.0],
            load_w=[1.0] * 5,
        )
    )
    assert [len(it) // 2 for it in line(layout)] == [2, 2]
    assert [len(it) // 2 for it in line(layout, Series.LOAD)] == [5]


def test_a_peak_of_one_minute_is_not_hidden():
    powers = [1000.0] * 1440
    powers[777] = 5000.0
    layout = laid_out(chart(range(1440), pv_w=powers))
    (found,) = line(layout)
    assert len(found) // 2 < 1440 // 2
    assert min(found[1::2]) == 16
    assert (found[0], found[-2]) == (layout.xs[0], layout.xs[-1])


def test_other_days_points_are_left_out_and_the_order_does_not_matter():
    mine = chart((0, 5, 10))
    other = points(JUNE - timedelta(days=1), (1435,), pv_w=[9000.0])
    mixed = replace(mine, points=(*mine.points[::-1], *other))
    assert line(laid_out(mixed)) == line(laid_out(mine))


@pytest.mark.parametrize(
    ("day", "hours", "ticks"),
    [
        (JUNE, 24, [0, 3, 6, 9, 12, 15, 18, 21, 24]),
        (date(2026, 10, 25), 25, [0, 4, 7, 10, 13, 16, 19, 22, 25]),
        (date(2026, 3, 29), 23, [0, 2, 5, 8, 11, 14, 17, 20, 23]),
    ],
)
def test_hours_are_at_their_true_places(day, hours, ticks):
    layout = laid_out(chart(day=day), 24 + 360 + 18)
    assert layout.hours == pytest.approx([24 + 360 * it / hours for it in ticks])
    assert " ".join(labels(layout, Align.CENTRE)) == "00 03 06 09 12 15 18 21 24"


@pytest.mark.parametrize(
    ("width", "texts"),
    [
        (1000, "00 01 02 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20 21"),
        (700, "00 02 02 04 06 08 10 12 14 16 18 20 22"),
        (300, "00 04 08 12 16 20"),
        (140, "00 12"),
    ],
)
def test_a_narrow_chart_has_fewer_hours(width, texts):
    layout = laid_out(chart(day=date(2026, 10, 25)), width)
    centred = [it for it in layout.labels if it.align is Align.CENTRE]
    assert " ".join(it.text for it in centred).startswith(texts)
    assert all(b.x - a.x >= 12 for a, b in pairwise(centred))


def test_now_is_marked_on_its_own_day_only():
    now = datetime(2026, 6, 21, 10, tzinfo=UTC)  # noon in Madrid
    assert laid_out(replace(chart(), now=now)).now_x == 24 + 474 / 2
    assert laid_out(replace(chart(), now=now + timedelta(days=1))).now_x is None


def test_the_nearest_instant_within_reach_is_found():
    layout = laid_out(chart((0, 10, 720, 1435)))
    assert list(layout.xs) == pytest.approx([24, 27.3, 261, 496.4], abs=0.1)
    found = [layout.index_at(x) for x in (7, 9, 24, 25.6, 25.7, 43, 44, 246, 512, 513)]
    assert found == [None, 0, 0, 0, 1, 1, None, 2, 3, None]
    assert laid_out(chart(())).index_at(100) is None


def test_only_instants_with_a_known_value_can_be_read():
    layout = laid_out(chart((0, 5, 10), pv_w=[1.0, None, 3.0]))
    assert [it.power.pv_w for it in layout.points] == [1.0, 3.0]


def test_a_day_of_which_nothing_is_known_is_empty():
    for nothing in (chart(()), chart((0,), pv_w=[None])):
        assert laid_out(nothing).empty
        assert nothing.known == ()
    assert not laid_out(chart()).empty
    assert chart().known == (Series.PV,)


@pytest.mark.parametrize(("width", "height"), [(0, 0), (30, 20), (90, 4000)])
def test_the_smallest_window_is_laid_out_too(width, height):
    layout = laid_out(chart(), width, height)
    assert layout.plot.w >= 1
    assert layout.plot.h >= 1
