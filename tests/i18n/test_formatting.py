from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sems_tray.i18n import formatting
from tests.kit.speaking import pseudo  # noqa: F401

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@pytest.mark.parametrize(
    ("watts", "text"),
    [
        (None, formatting.DASH),
        (-0.4, "0 W"),
        (94.9, "95 W"),
        (95, "0.1 kW"),
        (-1210, "1.2 kW"),
        (99_949, "99.9 kW"),
        (99_950, "100 kW"),
        (1_250_000, "1,250 kW"),
    ],
)
def test_power_is_said_in_watts_or_kilowatts_without_a_sign(watts, text):
    assert formatting.power(watts) == text


@pytest.mark.parametrize(
    ("kwh", "text"),
    [
        (None, formatting.DASH),
        (0.0, "0.0 kWh"),
        (-0.0, "0.0 kWh"),
        (18.4, "18.4 kWh"),
        (16_851.1, "16.9 MWh"),
        (9_999.94, "9,999.9 kWh"),
        (9_999.96, "10.0 MWh"),
    ],
)
def test_energy_is_said_in_kilowatt_hours_or_megawatt_hours(kwh, text):
    assert formatting.energy(kwh) == text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (formatting.percent(None), formatting.DASH),
        (formatting.percent(76.0), "76 %"),
        (formatting.percent(-0.0), "0 %"),
        (formatting.percent(99.6), "100 %"),
        # All and nothing are said only of what is exactly so.
        (formatting.share(None), formatting.DASH),
        (formatting.share(1.0), "100 %"),
        (formatting.share(0.9999), "99 %"),
        (formatting.share(0.764), "76 %"),
        (formatting.share(0.004), "1 %"),
        (formatting.share(0.0), "0 %"),
        (formatting.fixed(-0.04, 1), "0.0"),
        (formatting.fixed(-0.06, 1), "-0.1"),
        (formatting.fixed(4.1, 2), "4.10"),
        (formatting.fixed(999.9, 1), "999.9"),
        (formatting.fixed(-1_234.5, 1), "-1,234.5"),
        (formatting.fixed(1_234_567), "1,234,567"),
        (formatting.plain(10.1), "10.1"),
        (formatting.plain(10.0), "10"),
        (formatting.temperature(41.24), "41.2 °C"),
        (formatting.temperature(None), formatting.DASH),
        (formatting.megawatt_hours(40.0), "0.04 MWh"),
    ],
)
def test_other_figures_are_told_in_english(text, told):
    assert text == told


@pytest.mark.parametrize(
    ("seconds", "ago", "length"),
    [
        (-5, "just now", "0 min"),
        (59, "just now", "0 min"),
        (60, "1 min ago", "1 min"),
        (185, "3 min ago", "3 min"),
        (3_600, "1 h ago", "1 h"),
        (7_800, "2 h 10 min ago", "2 h 10 min"),
        (86_399, "23 h 59 min ago", "23 h 59 min"),
        (86_400, "1 day ago", "1 day"),
        (3 * 86_400 + 7_200, "3 days ago", "3 days"),
        (35 * 3_600, "1 day ago", "1 day"),
        (36 * 3_600, "2 days ago", "2 days"),
    ],
)
def test_lengths_of_time_are_said_shortly(seconds, ago, length):
    since = timedelta(seconds=seconds)
    assert formatting.ago(since) == ago
    assert formatting.duration(since) == length


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-3, "0 s"),
        (0.2, "1 s"),
        (59.5, "1 min"),
        (61, "2 min"),
        (300, "5 min"),
        (301, "6 min"),
        (7_200, "2 h"),
    ],
)
def test_a_wait_is_rounded_up(seconds, text):
    assert formatting.wait(timedelta(seconds=seconds)) == text


def utc(year, month, day, hour=0, minute=0):
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "now", "text"),
    [
        (utc(2026, 6, 21, 9, 42), utc(2026, 6, 21, 9, 45), "11:42"),
        # 23:50 the evening before, station time; the same day in UTC.
        (utc(2026, 6, 20, 21, 50), utc(2026, 6, 20, 22, 10), "yesterday 23:50"),
        (utc(2026, 6, 18, 10, 0), utc(2026, 6, 21, 9, 0), "18 Jun 12:00"),
        (utc(2025, 12, 31, 22, 59), utc(2026, 1, 2, 9, 0), "31 Dec 23:59"),
        # A station ahead of its portal by a few minutes at midnight.
        (utc(2026, 6, 21, 22, 1), utc(2026, 6, 21, 21, 59), "22 Jun 00:01"),
        # The clock goes back at 03:00: both hours are called 02:30.
        (utc(2026, 10, 25, 0, 30), utc(2026, 10, 25, 9, 0), "02:30"),
        (utc(2026, 10, 25, 1, 30), utc(2026, 10, 25, 9, 0), "02:30"),
        (utc(2026, 3, 29, 1, 0), utc(2026, 3, 29, 9, 0), "03:00"),
    ],
)
def test_the_clock_is_the_stations(at, now, text):
    assert formatting.clock(at, now, AMSTERDAM) == text


def test_times_for_programs_are_in_utc_and_end_in_z():
    local = datetime(2026, 6, 21, 12, 42, 0, 999, tzinfo=AMSTERDAM)
    assert formatting.utc_text(local) == "2026-06-21T10:42:00Z"


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ("Home", "Home"),
        ("  a \n b\t\r\nc ", "a b c"),
        ("\x1b[2J\x1b]0;owned\x07x", "[2J ]0;owned x"),
        ("a\x9b31mb", "a 31mb"),
        ("user\u202etxt.exe", "user txt.exe"),
        ("half \ud83d", "half"),
        ("屋顶 ☀ Ünï", "屋顶 ☀ Ünï"),
        ("\x00\x7f\u2028", ""),
    ],
)
def test_names_command_no_terminal(given, line):
    assert formatting.one_line(given) == line


@given(st.text(st.characters(exclude_categories=[])))
def test_no_line_holds_a_control_character_or_half_a_character(text):
    line = formatting.one_line(text)
    assert "\n" not in line
    assert all(ord(char) >= 32 for char in line)
    line.encode()


def test_a_name_that_is_a_novel_is_cut():
    assert len(formatting.name("x" * 5_000)) == 60
    assert formatting.name("x" * 60) == "x" * 60


@pytest.mark.usefixtures("pseudo")
def test_another_language_has_its_marks_degrees_and_phrases():
    assert formatting.plain(10.1) == "10,1"
    assert formatting.fixed(4.1, 2) == "4,10"
    assert formatting.power(3210.0) == "3,2 kW"
    assert formatting.temperature(41.2) == "106,2 °F"
    assert formatting.temperature(-40.0, 0) == "-40 °F"
    assert formatting.ago(timedelta(days=3)) == "⟦3 days ago⟧"
    assert formatting.ago(timedelta(hours=2)) == "⟦⟦2 h⟧ ago⟧"


@pytest.mark.parametrize(
    ("watts", "texts"),
    [
        ((40, 3.4, None), ["40 W", "3 W", formatting.DASH]),
        ((40, 1210), ["0.04 kW", "1.2 kW"]),
        ((3.4, 0, -950), ["0 kW", "0 kW", "0.9 kW"]),
        ((60, 123_456), ["0.06 kW", "123 kW"]),
    ],
)
def test_powers_that_stand_together_have_one_unit(watts, texts):
    assert [formatting.powers(*watts)(it) for it in watts] == texts


@pytest.mark.parametrize(
    ("kwh", "texts"),
    [
        ((18.4, 0.0, None), ["18.4 kWh", "0.0 kWh", formatting.DASH]),
        ((900.0, 9_400.0), ["900.0 kWh", "9,400.0 kWh"]),
        ((18.4, 16_851.1), ["18.4 kWh", "16,851 kWh"]),
        ((1_200.0, 16_851.1, 0.0), ["1.2 MWh", "16.9 MWh", "0 MWh"]),
    ],
)
def test_energies_that_stand_together_have_one_unit(kwh, texts):
    assert [formatting.energies(*kwh)(it) for it in kwh] == texts
