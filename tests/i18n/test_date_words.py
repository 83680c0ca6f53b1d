"""Dates in words, in the order and the case that a language wants."""

from calendar import day_abbr, day_name, month_abbr
from calendar import month_name as calendar_months
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
    assert date_short(DAY) == "21 Jun"
    assert month_title(DAY) == "June 2026"


def test_weekdays_run_from_monday_and_months_from_january():
    assert [weekday(it) for it in range(7)] == list(day_name)
    assert [weekday_short(it) for it in range(7)] == list(day_abbr)
    assert [month_name(it) for it in range(1, 13)] == list(calendar_months)[1:]
    assert [month_short(it) for it in range(1, 13)] == list(month_abbr)[1:]
    days = [date(2026, it, 9) for it in range(1, 13)]
    assert [date_text(it) for it in days] == [
        f"9 {month_name(it.month)}" for it in days
    ]


def test_a_month_may_be_declined_and_words_stand_between_day_month_and_year(spoken):
    spoken(POLISH)
    assert day_title(DAY) == "niedziela, 21 czerwca 2026"
    assert month_title(DAY) == "czerwiec 2026"
    spoken(SPANISH)
    assert date_with_year(DAY) == "21 de junio de 2026"
    assert month_title(DAY) == "junio de 2026"
