"""The same event has the same name in both dialects, and none that is a guess."""

import pytest

from sems_tray.domain.alarm_advice import advice, explanation, is_bare
from sems_tray.domain.model import Dialect
from sems_tray.portal.alarm_names import alarm_name, bits_of
from tests.portal.scripted import (
    EVERYTHING,
    Desk,
    classic_portal,
    monitor,
    ok,
    plus_portal,
    reading,
)

WAVEFORM = "Grid Waveform Abnormal"


def plus(code, word, name=None):
    """Return the one alarm of a SEMS+ portal."""
    row = {"warningid": "1", "warning_code": code, "error_code": word, "status": 0}
    page = ok({"dataList": [row | {"warningNameEn": name, "devicesn": "INV"}]})
    (found,) = reading(Desk(plus_portal(**{"*/alarm/page": page})).fetch()).alarms
    return found


def classic_desk(word=0, rows=(), message="", **warning):
    """Return a classic portal whose inverter tells of one event in some way."""
    full = {"fault_messge": word, "errors": [{"error_code": it} for it in rows]}
    entry = {"sn": "INV", "status": 1, "fault_message": message, "invert_full": full}
    listed = [{"sn": "INV", "warning": [warning]}] if warning else []
    script = classic_portal(
        **{
            "*/GetMonitorDetailByPowerstationId": monitor(inverter=[entry]),
            "*/PowerstationWarningsQuery": {"code": 0, "data": listed},
        }
    )
    return Desk(script, dialect=Dialect.CLASSIC)


def classic(**told):
    (found,) = reading(classic_desk(**told).fetch(EVERYTHING)).alarms
    return found


@pytest.mark.parametrize(
    "told",
    [
        {"word": 4096},
        {"word": "4096", "rows": ["E-G3-0-12"]},
        {"message": "e-G3-0-12_warning"},
        {"warning_code": "E-G3-0-12", "error_code": "4096"},
        {"warning_code": "4711", "error_code": "4096"},
    ],
)
def test_the_word_4096_is_no_fan(told):
    found = classic(**told)
    assert found.name == plus("E-G3-0-12", "4096", WAVEFORM).name == WAVEFORM
    assert "fan" not in explanation(found.name, found.code).casefold()
    assert "when the grid is steady" in advice(found.name)


def test_a_code_that_is_known_for_sure_needs_no_text():
    assert plus("E-G3-0-12", "4096").name == WAVEFORM
    assert plus("", 1 << 9).name == classic(word=1 << 9).name == "Utility Loss"


@pytest.mark.parametrize("bit", [0, 8, 10, 11, 13, 18, 31])
def test_a_bit_that_nobody_has_named_is_a_code_without_advice(bit):
    found = classic(word=1 << bit)
    assert (found.code, found.name) == (f"bit {bit}", f"Alarm bit {bit}")
    assert is_bare(found.name, found.code)
    assert advice(found.name) == advice("")
    assert str(bit) in found.name


@pytest.mark.parametrize("key", ["warning_name", "warningNameEn"])
def test_the_portals_own_text_goes_before_every_table(key):
    row = {"warning_code": "E-G3-0-18", "error_code": "262144", key: "Isolation Fault"}
    assert classic(**row).name == "Isolation Fault"
    assert classic(word=1 << 18, **row).name == "Isolation Fault"
    assert classic(word=1 << 18, rows=["E-G3-0-18"], **row).name == "Isolation Fault"
    assert plus("E-G3-0-12", "4096", "Something Else").name == "Something Else"
    assert classic(message="Isolation Failure").name == "Isolation Failure"


@pytest.mark.parametrize("key", ["warning_name_262144", "E_G3_0_18", "", None, 5.0])
def test_the_key_of_a_translation_is_no_name(key):
    assert alarm_name("E-G3-0-18", key) == "Alarm E-G3-0-18"


def test_another_word_of_the_same_family_has_other_bits():
    assert alarm_name("E-G3-12-9") == "Alarm E-G3-12-9"
    assert alarm_name("E-G3-12-9", word=1 << 12) == WAVEFORM


@pytest.mark.parametrize("word", [0, -1, None, "", 65535, 4294967295, "x", 1.5])
def test_a_word_of_all_bits_or_none_reports_nothing(word):
    assert bits_of(word) == frozenset()


def test_a_new_alarm_asks_for_its_name_at_once():
    desk = classic_desk()
    assert reading(desk.fetch()).alarms == ()
    desk.script.answers |= classic_desk(
        word=1 << 18, warning_code="E-G3-0-18", warning_name="Isolation Fault"
    ).script.answers
    desk.clock.add(minutes=1)
    (found,) = reading(desk.fetch()).alarms
    assert found.name == "Isolation Fault"
    desk.script.names()
    desk.clock.add(minutes=1)
    desk.fetch()
    assert "PowerstationWarningsQuery" not in desk.script.names()
