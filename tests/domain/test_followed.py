"""Nights are no holes; a day that begins or ends in full light is one."""

from __future__ import annotations

import pytest

from sems_tray.domain.energy import Quarter, is_followed, sun_is_followed

DAY = 96
LIGHT = range(32, 64)  # eight in the morning to four in the afternoon


def sun(number: int) -> float:
    """Return the power of a roof that makes 4 kW at noon, and 9 W at first and last."""
    return 9.0 + 4000.0 * (1 - ((number - 47.5) / 16) ** 2)


def roof(numbers=LIGHT, *, beside_pv=False):
    return {it: Quarter(pv_w=max(sun(it), 0.0), beside_pv=beside_pv) for it in numbers}


def test_the_night_of_a_roof_without_a_meter_is_no_hole():
    assert is_followed(roof(), DAY)


def test_the_night_of_a_house_with_a_meter_is_one_until_the_portal_was_asked():
    assert not is_followed(roof(beside_pv=True), DAY)
    assert sun_is_followed(roof(beside_pv=True), DAY)
    assert is_followed(roof(range(96), beside_pv=True), DAY)


@pytest.mark.parametrize(
    "held",
    [
        range(32, 48),  # the computer was off from noon on
        range(44, 64),  # or until eleven
        [*range(32, 40), *range(52, 64)],  # or in between
        [],
    ],
)
def test_a_day_that_was_followed_in_part_has_holes(held):
    assert not is_followed(roof(held), DAY)


def test_zeros_beside_the_light_show_that_the_roof_slept():
    held = roof(range(40, 56)) | {
        it: Quarter(pv_w=0.0, beside_pv=False) for it in (39, 56)
    }
    assert is_followed(held, DAY)


def test_a_day_under_way_ends_now():
    assert is_followed(roof(range(32, 48)), 48)
    assert is_followed(roof(range(32, 47)), 48)
    assert not is_followed(roof(range(32, 40)), 48)


def test_a_dull_day_has_its_own_measure():
    held = {it: Quarter(pv_w=sun(it) / 40, beside_pv=False) for it in LIGHT}
    assert is_followed(held, DAY)


def test_nothing_but_zeros_tells_nothing():
    nothing = {it: Quarter(pv_w=0.0, beside_pv=False) for it in range(20)}
    assert not is_followed(nothing, DAY)
