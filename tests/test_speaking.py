"""Which language is spoken, and how its numbers are written."""

import pytest
from babel import Locale
from babel.localedata import locale_identifiers

from sems_tray import speaking
from sems_tray.core import words
from sems_tray.core.language import speak, speech, tr
from sems_tray.speaking import LANGUAGES, speak_as, speech_for, system_locales
from sems_tray.store.settings import Settings

VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LC_NUMERIC", "LANG")


@pytest.fixture(autouse=True)
def english_afterwards():
    before = speech()
    yield
    speak(before)


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
    found = speech_for(choice, wanted, numbers)
    assert (found.language, found.forms.decimal) == (language, decimal)


def test_decimal_marks_are_those_of_the_unicode_locale_data():
    for name in locale_identifiers():
        locale = Locale.parse(name)
        if locale.language in LANGUAGES:
            mark = locale.number_symbols["latn"]["decimal"]
            assert speech_for("", (name,), name).forms.decimal == mark, name


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
    speak(speech_for("en", (), numbers, temperature))
    assert words.temperature(41.2) == text


def test_numbers_and_ages_follow_the_language():
    speak_as(Settings(language="de"))
    assert words.power(3210) == "3,2 kW"
    assert words.energy(18.44) == "18,4 kWh"
    assert tr("just now") == "gerade eben"
    speak_as(Settings(language="en"))
    assert words.power(3210) == "3.2 kW"
    assert tr("just now") == "just now"


def test_a_catalogue_that_cannot_be_read_leaves_english(tmp_path, monkeypatch, caplog):
    for data in (b"", b"garbage", b"\xde\x12\x04\x95" + b"\xff" * 40):
        broken = tmp_path / "de.mo"
        broken.write_bytes(data)
        monkeypatch.setattr(speaking, "resource", lambda _, path=broken: path)
        assert speech_for("de", (), "").language == "en"
    monkeypatch.setattr(speaking, "resource", lambda _: None)
    assert speech_for("de", (), "").language == "en"
    assert len(caplog.records) == 4
