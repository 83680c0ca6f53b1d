"""Dates in words, in the order and the case that a language wants."""

from datetime import date
from gettext import NullTranslations

import pytest

from sems_tray.i18n.formatting import (
    date_short,
    date_text,
    date_with_year,
    day_title,
    month_name,
    month_short,
    month_title,
    weekday,
    weekday_short,
)
from sems_tray.i18n.language import (
    Locale,
    NumberFormat,
    current_locale,
    set_locale,
)

DAY = date(2026, 6, 21)  # a Sunday
POLISH = {
    ("month alone", "June"): "czerwiec",
    ("month of a date", "June"): "czerwca",
    ("weekday", "Sunday"): "niedziela",
}
SPANISH = {
    ("date", "{day} {month}"): "{day} de {month}",
    (None, "{date} {year}"): "{date} de {year}",
    ("month and year", "{month} {year}"): "{month} de {year}",
    ("month of a date", "June"): "junio",
    ("month alone", "June"): "junio",
}


class Book(NullTranslations):
    """A catalogue of a few texts."""

    def __init__(self, texts):
        self._texts = texts

    def gettext(self, message, /):
        return self._texts.get((None, message), message)

    def pgettext(self, context, message, /):
        return self._texts.get((context, message), message)


@pytest.fixture
def spoken():
    before = current_locale()
    yield lambda texts: set_locale(Locale("xx", Book(texts), NumberFormat()))
    set_locale(before)


def test_a_date_in_english():
    assert day_title(DAY) == "Sunday, 21 June 2026"
    assert date_with_year(DAY) == "21 June 2026"
    assert date_text(DAY) == "21 June"
    assert date_short(DAY) == "21 Jun"
    assert month_title(DAY) == "June 2026"


def test_weekdays_run_from_monday():
    assert [weekday(it)[:3] for it in range(7)] == [
        weekday_short(it) for it in range(7)
    ]
    assert (weekday(0), weekday(6)) == ("Monday", "Sunday")


def test_months_run_from_january():
    assert [month_name(it)[:3] for it in range(1, 13)] == [
        month_short(it) for it in range(1, 13)
    ]
    assert (month_name(1), month_name(12)) == ("January", "December")


@pytest.mark.parametrize("month", range(1, 13))
def test_a_month_has_one_name_alone_and_in_a_date(month):
    day = date(2026, month, 9)
    assert date_text(day) == f"9 {month_name(month)}"
    assert date_short(day) == f"9 {month_short(month)}"


def test_a_month_may_be_declined_beside_a_day(spoken):
    spoken(POLISH)
    assert day_title(DAY) == "niedziela, 21 czerwca 2026"
    assert month_title(DAY) == "czerwiec 2026"
    assert month_name(6) == "czerwiec"


def test_words_may_stand_between_day_month_and_year(spoken):
    spoken(SPANISH)
    assert date_with_year(DAY) == "21 de junio de 2026"
    assert month_title(DAY) == "junio de 2026"
