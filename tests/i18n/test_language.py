"""Words are asked for where they are shown, in the language of the moment."""

from gettext import NullTranslations

import pytest

from sems_tray.i18n.language import (
    ENGLISH,
    Locale,
    NumberFormat,
    current_locale,
    mark,
    markc,
    set_locale,
    tr,
    trc,
    trn,
)
from tests.kit.speaking import pseudo  # noqa: F401

_SET = mark("Refresh now")
_FULL = markc("battery state", "full")


def test_without_a_choice_english_is_spoken():
    assert current_locale().language == ENGLISH
    assert current_locale().forms == NumberFormat(decimal=".", fahrenheit=False)
    assert (tr(_SET), trc("battery state", _FULL)) == ("Refresh now", "full")


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 rows"), (1, "1 row"), (2, "2 rows")]
)
def test_english_has_two_forms_for_a_count(count, text):
    assert trn("{count} row", "{count} rows", count).format(count=count) == text


@pytest.mark.usefixtures("pseudo")
def test_a_marked_constant_is_translated_where_it_is_used():
    assert (_SET, _FULL) == ("Refresh now", "full")
    assert (tr(_SET), trc("battery state", _FULL)) == ("⟦Refresh now⟧", "⟦full⟧")
    assert trn("{count} row", "{count} rows", 3) == "⟦{count} rows⟧"


@pytest.mark.usefixtures("pseudo")
def test_no_text_stays_no_text():
    assert tr("") == ""


def test_gettexts_own_catalogues_can_be_spoken():
    before = current_locale()
    set_locale(Locale("xx", NullTranslations(), NumberFormat()))
    try:
        assert (tr("Night"), trc("station state", "Night")) == ("Night", "Night")
        assert trn("{count} row", "{count} rows", 1) == "{count} row"
    finally:
        set_locale(before)


def test_another_language_is_spoken_from_the_next_word_on():
    before = current_locale()
    set_locale(Locale("en", NullTranslations(), NumberFormat(decimal=",", group=".")))
    try:
        assert current_locale().forms.decimal == ","
    finally:
        set_locale(before)
    assert current_locale() is before
