"""Which language is spoken, and how its numbers are written."""

from datetime import timedelta

import pytest
from babel import Locale
from babel.localedata import locale_identifiers
from PySide6.QtCore import QLocale

from sems_tray.i18n import formatting
from sems_tray.i18n import locale as speaking
from sems_tray.i18n.language import current_locale, set_locale, tr
from sems_tray.i18n.locale import LANGUAGES, locale_for, system_locales
from sems_tray.runtime.context import apply_locale
from sems_tray.storage.settings import Settings

VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LC_NUMERIC", "LANG")


@pytest.fixture(autouse=True)
def english_afterwards():
    before = current_locale()
    yield
    set_locale(before)


@pytest.mark.parametrize(
    ("environment", "wanted", "numbers"),
    [
        ({}, (), ""),
        ({"LANG": "C"}, ("C",), "C"),
        ({"LANG": "C.UTF-8", "LANGUAGE": "de"}, ("C",), "C"),
        ({"LANG": "de_CH.UTF-8"}, ("de_CH",), "de_CH"),
        ({"LANG": "de_DE@euro"}, ("de_DE",), "de_DE"),
        ({"LANG": "en_GB.UTF-8", "LANGUAGE": "nl:fr"}, ("nl", "fr", "en_GB"), "en_GB"),
        ({"LANG": "en_US", "LC_NUMERIC": "nl_NL"}, ("en_US",), "nl_NL"),
        ({"LANG": "en_US", "LC_MESSAGES": "fr_FR"}, ("fr_FR",), "en_US"),
        ({"LANG": "en_US", "LC_ALL": "pl_PL.UTF-8"}, ("pl_PL",), "pl_PL"),
        ({"LANG": "pt-BR"}, ("pt_BR",), "pt_BR"),
    ],
)
def test_the_system_says_its_locales(environment, wanted, numbers, monkeypatch):
    monkeypatch.setattr(speaking, "_foreign_locale", str)
    assert system_locales(environment) == (wanted, numbers)


@pytest.mark.parametrize(
    ("choice", "wanted", "numbers", "language", "decimal"),
    [
        ("", (), "", "en", "."),
        ("", ("C",), "C", "en", "."),
        ("", ("de_DE",), "de_DE", "de", ","),
        ("", ("de_CH",), "de_CH", "de", "."),
        ("", ("sv_SE",), "sv_SE", "en", ","),
        ("", ("sv", "nl", "en"), "nl_BE", "nl", ","),
        ("", ("en_US",), "nl_NL", "en", ","),
        ("de", ("en_US",), "en_US", "de", ","),
        ("de", ("de_CH",), "de_CH", "de", "."),
        ("en", ("de_DE",), "de_DE", "en", "."),
        ("xx", ("de_DE",), "de_DE", "en", "."),
        ("", ("../../etc/passwd",), "\x00", "en", ","),
    ],
)
def test_the_owners_choice_goes_first(choice, wanted, numbers, language, decimal):
    found = locale_for(choice, wanted, numbers)
    assert (found.language, found.forms.decimal) == (language, decimal)


def test_numbers_are_written_as_the_unicode_locale_data_say():
    for name in locale_identifiers():
        locale = Locale.parse(name)
        if locale.language in LANGUAGES:
            forms, marks = locale_for("", (name,), name).forms, locale.number_symbols
            assert forms.decimal == marks["latn"]["decimal"], name
            assert forms.group == marks["latn"]["group"], name
            together = QLocale(name).toString(1234) == "1234"
            if name != "pt_AO":  # where Qt does not follow Portugal's
                assert forms.group_from == (5 if together else 4), name


def test_thousands_are_grouped_from_so_many_digits_on():
    set_locale(locale_for("cs", (), ""))
    assert formatting.fixed(1234.5, 1) == "1\xa0234,5"
    set_locale(locale_for("es", (), ""))
    assert (formatting.fixed(1234.5, 1), formatting.plain(12345.6)) == (
        "1234,5",
        "12.345,6",
    )


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("en", ("1 day", "2 days", "5 days")),
        ("de", ("1 Tag", "2 Tage", "5 Tage")),
        ("nl", ("1 dag", "2 dagen", "5 dagen")),
        ("pt", ("1 dia", "2 dias", "5 dias")),
        ("es", ("1 día", "2 días", "5 días")),
        ("pl", ("1 dzień", "2 dni", "5 dni")),
        ("it", ("1 giorno", "2 giorni", "5 giorni")),
        ("fr", ("1 jour", "2 jours", "5 jours")),
        ("cs", ("1 den", "2 dny", "5 dní")),
    ],
)
def test_each_language_has_its_forms_for_a_count(language, texts):
    set_locale(locale_for(language, (), ""))
    hours = (35, 47, 119)
    assert tuple(formatting.duration(timedelta(hours=it)) for it in hours) == texts


@pytest.mark.parametrize(
    ("temperature", "numbers", "text"),
    [
        ("", "de_DE", "41.2 °C"),
        ("", "en_US", "106.2 °F"),
        ("", "en_GB", "41.2 °C"),
        ("C", "en_US", "41.2 °C"),
        ("F", "de_DE", "106.2 °F"),
        ("K", "en_US", "106.2 °F"),
    ],
)
def test_temperatures_are_told_as_is_usual_or_wished(temperature, numbers, text):
    set_locale(locale_for("en", (), numbers, temperature))
    assert formatting.temperature(41.2) == text


def test_numbers_and_ages_follow_the_language():
    apply_locale(Settings(language="de"))
    assert formatting.power(3210) == "3,2 kW"
    assert formatting.energy(18.44) == "18,4 kWh"
    assert tr("just now") == "gerade eben"
    apply_locale(Settings(language="en"))
    assert formatting.power(3210) == "3.2 kW"
    assert tr("just now") == "just now"


def test_a_catalogue_that_cannot_be_read_leaves_english(tmp_path, monkeypatch, caplog):
    for data in (b"", b"garbage", b"\xde\x12\x04\x95" + b"\xff" * 40):
        broken = tmp_path / "de.mo"
        broken.write_bytes(data)
        monkeypatch.setattr(speaking, "resource", lambda _, path=broken: path)
        assert locale_for("de", (), "").language == "en"
    monkeypatch.setattr(speaking, "resource", lambda _: None)
    assert locale_for("de", (), "").language == "en"
    assert len(caplog.records) == 4
