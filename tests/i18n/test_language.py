"""Words are asked for where they are shown, in the language of the moment."""

import errno
from gettext import NullTranslations

import pytest

from sems_tray.i18n.language import (
    ENGLISH,
    Locale,
    LocalizedText,
    NumberFormat,
    current_locale,
    mark,
    markc,
    reason,
    reason_inside,
    refusal,
    said,
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
    assert tr("") == ""


def test_another_language_is_spoken_from_the_next_word_on():
    before = current_locale()
    set_locale(Locale("en", NullTranslations(), NumberFormat(decimal=",", group=".")))
    try:
        assert current_locale().forms.decimal == ","
    finally:
        set_locale(before)
    assert current_locale() is before


FULL = OSError(errno.ENOSPC, "what the system calls it")


def test_a_saying_is_english_text_and_told_in_the_language_spoken(request):
    saying = LocalizedText("not saved ({reason}).", reason=refusal(FULL))
    assert saying == "not saved (No space left on device)."
    assert saying.said == saying
    request.getfixturevalue("pseudo")
    assert saying == "not saved (No space left on device)."
    assert said(saying) == "⟦not saved (⟦No space left on device⟧).⟧"
    assert said("plain") == "plain"


def test_the_disk_refuses_in_words_of_ours(request):
    assert reason(FULL) == "No space left on device"
    assert reason_inside(FULL) == "no space left on device"
    assert reason(OSError(errno.ELOOP, "Too many links")) == "Too many links"
    assert reason(OSError()) == "the disk reports an error"
    request.getfixturevalue("pseudo")
    assert reason_inside(FULL) == "⟦No space left on device⟧"
