from hypothesis import given
from hypothesis import strategies as st

from sems_tray.widgets.charts.day_layout import columns, gaps, polyline, runs, thinned

MINUTE = 60.0


def seconds(*minutes):
    return [it * MINUTE for it in minutes]


def test_an_even_curve_has_no_gap():
    assert gaps(seconds(*range(60))) == []
    assert gaps(seconds(*range(0, 60, 5))) == []
    assert gaps(seconds(*range(0, 600, 15))) == []


def test_two_and_a_half_steps_are_no_gap_and_more_is_one():
    assert gaps(seconds(0, 2, 4, 6, 11, 13, 15, 17)) == []
    assert gaps(seconds(0, 2, 4, 6, 12, 14, 16, 18)) == [4]


def test_thinned_quarters_connect_beside_minutes():
    quarters = range(0, 120, 15)
    assert gaps(seconds(*quarters, *range(120, 180))) == []
    assert gaps(seconds(*range(120), *range(120, 240, 15))) == []


def test_a_hole_in_the_minutes_is_seen_beside_quarters():
    assert gaps(seconds(*range(0, 120, 15), *range(120, 150), *range(190, 220))) == [38]


def test_a_lone_point_in_a_hole_stays_alone():
    times = seconds(*range(30), 90, *range(150, 180))
    assert gaps(times) == [30, 31]


def test_points_hours_apart_are_no_curve():
    assert gaps(seconds(0, 240, 480, 720)) == [1, 2, 3]
    assert gaps(seconds(0, 60)) == [1]
    assert gaps(seconds(0, 15)) == []
    assert gaps(seconds(7)) == gaps([]) == []


def test_unknown_values_break_a_curve():
    assert runs([1, 2, None, None, 3, 4], []) == [(0, 2), (4, 6)]
    assert runs([None, 1, 2, 3, None], [2]) == [(1, 2), (2, 4)]
    assert runs([None, None], []) == runs([], []) == []


def test_a_line_is_x_and_y_in_turn():
    assert list(polyline([0, 10, 20], [0, 1, 2], 100, 10)) == [0, 100, 10, 90, 20, 80]


def test_a_lone_point_is_a_short_dash():
    assert list(polyline([10], [1], 100, 10)) == [8.5, 90, 11.5, 90]


def test_columns_begin_where_the_pixel_changes():
    assert columns([0.1, 0.5, 0.9, 1.2, 3.0]) == [0, 3, 4, 5]


@given(
    st.lists(
        st.tuples(st.floats(0, 30), st.integers(-9000, 9000)), min_size=1, max_size=300
    )
)
def test_thinning_hides_no_peak_and_keeps_the_order(rows):
    rows.sort()
    xs, values = [x for x, _ in rows], [v for _, v in rows]
    places, kept = thinned(xs, values, columns(xs), 1e-9)
    assert places == sorted(places)
    assert (max(kept), min(kept)) == (max(values), min(values))
    assert set(kept) <= set(values)
    assert (places[0], places[-1]) == (xs[0], xs[-1])
    for column in {int(x) for x in xs}:
        before = [v for x, v in rows if int(x) == column]
        after = [v for x, v in zip(places, kept, strict=True) if int(x) == column]
        # Nothing is kept from the middle of a level stretch.
        assert not after or (max(before), min(before)) == (max(after), min(after))
        assert after or len(set(before)) == 1


def test_what_cannot_be_seen_is_thinned_to_one():
    xs, values = [0.1, 0.4, 0.8, 1.1, 1.5], [1.0, 1.1, 1.2, 5.0, 9.0]
    places, kept = thinned(xs, values, columns(xs), 0.5)
    assert list(zip(places, kept, strict=True)) == [
        (0.1, 1.0),
        (0.8, 1.2),
        (1.1, 5.0),
        (1.5, 9.0),
    ]


def test_a_level_stretch_is_kept_by_its_ends():
    xs, values = [n / 2 for n in range(40)], [0.0] * 30 + [5.0] * 10
    places, kept = thinned(xs, values, columns(xs), 0.5)
    assert list(zip(places, kept, strict=True)) == [
        (0.0, 0.0),
        (14.5, 0.0),
        (15.5, 5.0),
        (19.5, 5.0),
    ]
