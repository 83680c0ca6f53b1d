"""The settings in another language: numbers, days, choices, and words everywhere."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QLineEdit,
)

from sems_tray.i18n.language import Locale, NumberFormat, current_locale, set_locale
from sems_tray.settings.window import Tab
from sems_tray.storage.settings import changed
from sems_tray.widgets.fields import number_text, read_number
from sems_tray.widgets.time_fields import day_signs
from tests.kit.speaking import LEFT, Brackets, pseudo  # noqa: F401
from tests.settings.test_pages import (
    USUAL,
    Told,
    field,
    opened,
    type_in,
)

PORTUGUESE = {
    "Mon": "seg",
    "Tue": "ter",
    "Wed": "qua",
    "Thu": "qui",
    "Fri": "sex",
    "Sat": "sáb",
    "Sun": "dom",
}


class Portuguese(Brackets):
    """Knows the days of the week."""

    def pgettext(self, _context, message, /):
        return PORTUGUESE.get(message, message)


@pytest.fixture(params=[".", ","])
def mark(request):
    """Write numbers with a point, then with a comma; the words stay English."""
    before = current_locale()
    set_locale(
        Locale("en", before.catalogue, NumberFormat(decimal=request.param, group=""))
    )
    yield request.param
    set_locale(before)


def made(qtbot):
    return opened(qtbot, USUAL, *Tab)


@pytest.mark.parametrize("value", [0.0, 0.285, -33.8688, 151.209296, 1000.0, 12.5])
def test_a_number_is_read_as_it_was_written(mark, value):
    text = number_text(value)
    assert read_number(text) == value
    assert ({".", ","} - {mark}).isdisjoint(text)
    assert read_number("0,5") == read_number("0.5") == 0.5


@pytest.mark.parametrize("text", ["1.000,5", "1,000.5", "1,0,0", "1 000", "x"])
def test_what_could_be_two_numbers_is_none(mark, text):
    assert read_number(text) is None


@pytest.mark.parametrize("typed", ["12.5", "12,5"])
def test_a_point_and_a_comma_are_taken_by_every_field(qtbot, mark, typed):
    window = made(qtbot)
    told = Told(window)
    type_in(qtbot, window, "live_minutes", typed, QDoubleSpinBox)
    type_in(qtbot, window, "reserve_percent", typed)
    type_in(qtbot, window, "import_price", typed)
    wanted = {"live_minutes": 12.5, "reserve_percent": 12.5, "import_price": 12.5}
    assert told.values[-1] == changed(USUAL, **wanted)
    spin = field(window, QDoubleSpinBox, "live_minutes")
    assert spin.text() == f"12{mark}5 min"


def test_numbers_are_shown_with_the_mark_that_is_spoken(qtbot, mark):
    window = made(qtbot)
    full = changed(USUAL, latitude=52.1234, longitude=-4.5, live_minutes=2.5)
    told = Told(window)
    told.from_outside(full)
    assert field(window, QLineEdit, "latitude").text() == f"52{mark}1234"
    assert field(window, QDoubleSpinBox, "live_minutes").text() == f"2{mark}5 min"
    type_in(qtbot, window, "longitude", "5")
    assert told.once == changed(full, longitude=5.0)


def test_two_letters_that_stand_for_two_days_become_three():
    assert day_signs() == ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
    before = current_locale()
    set_locale(Locale("pt", Portuguese(), NumberFormat()))
    try:
        assert day_signs() == tuple(PORTUGUESE.values())
    finally:
        set_locale(before)
