import pytest
from hypothesis import given
from hypothesis import strategies as st

from sems_tray.widgets.charts.layout import scale


@pytest.mark.parametrize(
    ("low", "high", "steps", "ticks"),
    [
        (0, 8.2, 5, (0, 2, 4, 6, 8, 10)),
        (0, 8.0, 5, (0, 2, 4, 6, 8)),
        (0, 1.0, 5, (0, 0.2, 0.4, 0.6, 0.8, 1.0)),
        (0, 0.3, 3, (0, 0.1, 0.2, 0.3)),
        (0, 58, 6, (0, 10, 20, 30, 40, 50, 60)),
        (0, 12_400, 3, (0, 5_000, 10_000, 15_000)),
        (-2.4, 8.2, 6, (-2, 0, 2, 4, 6, 8, 10)),
        (-0.3, 8.2, 6, (0, 2, 4, 6, 8, 10)),
    ],
)
def test_ticks_are_round_numbers(low, high, steps, ticks):
    assert scale(low, high, steps).ticks == ticks


def test_it_ends_at_a_round_number_above_and_at_the_low_below():
    found = scale(-0.3, 8.2, 6)
    assert (found.low, found.high) == (-0.3, 10)


def test_a_fixed_end_stays_where_it_is():
    found = scale(0, 10.1, 6, fixed=True)
    assert (found.high, found.ticks) == (10.1, (0, 2, 4, 6, 8, 10))
    assert scale(0, 10, 6, fixed=True).ticks == (0, 2, 4, 6, 8, 10)


def test_labels_have_the_digits_of_the_step_and_their_sign():
    assert [scale(0, 0.3, 3).text(it) for it in (0.0, 0.1, 0.3)] == [
        "0.0",
        "0.1",
        "0.3",
    ]
    assert [scale(-2, 8, 6).text(it) for it in (-2.0, 0.0, 8.0)] == ["-2", "0", "8"]


@given(
    low=st.floats(-1e6, 0),
    high=st.floats(1e-3, 1e6),
    steps=st.integers(1, 12),
    fixed=st.booleans(),
)
def test_every_axis_holds_its_values_and_is_not_crowded(low, high, steps, fixed):
    found = scale(low, high, steps, fixed=fixed)
    slack = 1e-6 * (high - low)
    assert found.low == low
    assert found.high >= high - slack
    assert 1 <= len(found.ticks) <= steps + 2
    assert 0 in found.ticks
    assert list(found.ticks) == sorted(set(found.ticks))
    assert all(low - slack <= it <= found.high + slack for it in found.ticks)
