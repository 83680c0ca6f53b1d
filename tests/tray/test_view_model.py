import re
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sems_tray.domain.failures import words as trouble_words
from sems_tray.domain.model import (
    Battery,
    BatteryState,
    EnergySums,
    Powers,
    StationState,
)
from sems_tray.domain.poll_result import PollFailed, Trouble
from sems_tray.domain.wording import fault_name, state_words
from sems_tray.i18n.formatting import DASH
from sems_tray.tray.view_model import (
    WINDOWS_TOOLTIP,
    Badge,
    Face,
    IconMode,
    IconSpec,
    TrayView,
    trouble_badge,
)
from tests.kit.readings import (
    MEASURED,
    MINUTE,
    NOW,
    alarm,
    any_darkness,
    any_failures,
    any_readings,
    by_day,
    by_night,
    inverter,
    reading,
    view,
)

POWERS = reading().power
BATTERY = Battery(soc_percent=76.0, state=BatteryState.CHARGING)
# A minus sign before a number, and what a slip of the pen would print.
NO_WORDS = re.compile(r"[-\N{MINUS SIGN}]\s*\d|None|\bnan\b")


def test_the_tooltip_is_the_one_of_the_design():
    assert view(reading()).tooltip() == (
        "Battery 76 % ▲ 1.2 kW · PV 3.2 kW\n"
        "House 0.8 kW · exporting 1.2 kW\n"
        "Today 18.4 kWh\n"
        "Measured 11:42 (3 min ago)"
    )


@pytest.mark.parametrize(
    ("power", "battery", "first"),
    [
        (
            {"battery_w": 900.0},
            {"state": BatteryState.DISCHARGING},
            "Battery 76 % ▼ 0.9 kW · PV 3.2 kW",
        ),
        ({"battery_w": 19.0}, {}, "Battery 76 % · PV 3.2 kW"),
        ({"battery_w": None}, {}, "Battery 76 % ▲ · PV 3.2 kW"),
        ({"battery_w": None}, {"state": None}, "Battery 76 % · PV 3.2 kW"),
        ({"pv_w": None}, {"soc_percent": None}, f"Battery {DASH} ▲ 1.2 kW · PV {DASH}"),
    ],
)
def test_the_first_line_tells_battery_and_sun(power, battery, first):
    shown = reading(power=replace(POWERS, **power), battery=replace(BATTERY, **battery))
    assert view(shown).lines[0] == first


def test_without_a_battery_only_the_sun_is_told():
    assert view(reading(battery=None)).lines[0] == "PV 3.2 kW"


@pytest.mark.parametrize(
    ("power", "line"),
    [
        ({"grid_w": -1300.0}, "House 0.8 kW · importing 1.3 kW"),
        ({"grid_w": 19.9}, "House 0.8 kW · grid balanced"),
        ({"grid_w": -20.0}, "House 0.8 kW · importing 0.02 kW"),
        ({"ev_w": 7200.0}, "House 0.8 kW · exporting 1.2 kW · car 7.2 kW"),
        ({"ev_w": 0.0}, "House 0.8 kW · exporting 1.2 kW"),
        ({"load_w": None}, "exporting 1.2 kW"),
        ({"grid_w": None}, "House 0.8 kW"),
        ({"grid_w": None, "load_w": None}, "Today 18.4 kWh"),
    ],
)
def test_the_second_line_tells_house_and_grid(power, line):
    assert view(reading(power=replace(POWERS, **power))).lines[1] == line


def test_what_is_not_known_of_today_is_left_out():
    unknown = reading(energy=replace(reading().energy, today=EnergySums()))
    assert not any(it.startswith("Today") for it in view(unknown).lines)


def test_a_lost_grid_is_not_called_balanced():
    still = replace(POWERS, grid_w=0.0)
    shown = view(reading(power=still, grid_connected=False)).lines
    assert (shown[0], shown[2]) == ("Grid lost", "House 0.8 kW")


@pytest.mark.parametrize(
    ("changes", "now", "dark", "first", "badge"),
    [
        ({"grid_connected": False}, NOW, by_day, "Grid lost", Badge.GRID_LOST),
        ({"alarms": (alarm(),)}, NOW, by_day, "Fault: Fan Fault", Badge.FAULT),
        (
            {"inverters": (inverter("fault"),)},
            NOW,
            by_day,
            "Fault: Roof",
            Badge.FAULT,
        ),
        (
            {},
            MEASURED + 31 * MINUTE,
            by_day,
            "No report since 11:42",
            Badge.SILENT,
        ),
        (
            {},
            MEASURED + timedelta(days=1),
            by_day,
            "No report since yesterday 11:42",
            Badge.SILENT,
        ),
        (
            {"inverters": (inverter("offline"),)},
            NOW,
            by_day,
            "Inverter does not report",
            Badge.SILENT,
        ),
        (
            {"inverters": (inverter("waiting"),)},
            NOW,
            by_day,
            "Inverter is waiting",
            Badge.WAITING,
        ),
        ({}, MEASURED + 31 * MINUTE, by_night, "Night", Badge.NIGHT),
        ({"power": Powers(), "battery": None}, NOW, by_day, "State unknown", "none"),
    ],
)
def test_every_state_has_words_and_a_badge_of_its_own(changes, now, dark, first, badge):
    shown = view(reading(**changes), now=now, dark_at=dark)
    assert shown.lines[0] == first
    assert shown.icon.badge == badge


def test_every_state_but_ok_has_words():
    spoken = {it: state_words(reading(), it, NOW) for it in StationState}
    assert spoken.pop(StationState.OK) is None
    assert all(spoken.values())
    assert len(set(spoken.values())) == len(spoken)


@pytest.mark.parametrize("trouble", Trouble)
def test_every_trouble_has_words_and_a_badge(trouble):
    failed = PollFailed(trouble=trouble, detail="the portal's words")
    for known in (None, reading()):
        shown = view(known, failed=failed)
        assert shown.lines[0] == trouble_words(trouble).title
        assert shown.icon.badge is trouble_badge(trouble) is not Badge.NONE
    assert view(None, failed=failed).icon.face is Face.EMPTY


def test_the_causes_have_shapes_of_their_own():
    shapes = [
        {trouble_badge(it) for it in group}
        for group in (
            (Trouble.OFFLINE,),
            (Trouble.UNREACHABLE, Trouble.PORTAL_CHANGED, Trouble.UNREADABLE),
            (Trouble.THROTTLED,),
            (Trouble.REFUSED, Trouble.SIGN_IN, Trouble.AGREEMENT, Trouble.MFA),
        )
    ]
    assert [len(it) for it in shapes] == [1, 1, 1, 1]
    assert len(set.union(*shapes)) == 4


def test_old_numbers_stay_beside_a_trouble_and_fade_when_they_are_old():
    failed = PollFailed(trouble=Trouble.OFFLINE)
    later = view(reading(), now=NOW + timedelta(minutes=15), failed=failed)
    shown = view(reading(), failed=failed)
    assert (shown.icon.faded, later.icon.faded) == (False, True)
    assert shown.lines[1] == "Battery 76 % ▲ 1.2 kW · PV 3.2 kW"
    assert shown.lines[-1] == "Measured 11:42 (3 min ago)"
    assert shown.icon.level == 76


def test_a_pause_tells_when_the_next_try_is():
    failed = PollFailed(trouble=Trouble.THROTTLED)
    shown = view(None, failed=failed, pause_until=NOW + timedelta(minutes=4, seconds=1))
    assert shown.lines == ("GoodWe asks for a pause, next try in 5 min",)
    over = view(None, failed=failed, pause_until=NOW)
    assert over.lines == ("GoodWe asks for a pause",)


def test_a_demo_says_so_in_every_case():
    for known, failed, first in (
        (reading(), None, "Battery 76 % ▲ 1.2 kW · PV 3.2 kW"),
        (None, None, "SEMS Tray: asking GoodWe …"),
        (None, PollFailed(trouble=Trouble.REFUSED), "Sign-in refused"),
    ):
        assert view(known, failed=failed).lines[0] == first
        assert view(known, failed=failed, demo=True).lines[0] == f"DEMO · {first}"
    assert view(None).icon == IconSpec()


def test_a_fault_is_named_after_its_alarm():
    broken = inverter("fault", name="")
    assert fault_name(reading(inverters=(broken,), alarms=(alarm(),))) == "Fan Fault"
    assert fault_name(reading(inverters=(broken,))) == "inverter"
    assert fault_name(reading(inverters=())) == "station"
    assert fault_name(reading(alarms=(alarm(name=""),))) == "alarm"
    hint = alarm(level="info", name="Hint")
    assert fault_name(reading(alarms=(hint, alarm()))) == "Fan Fault"


def test_an_alarms_name_stays_one_short_line():
    shown = view(reading(alarms=(alarm(name="a\nb\x1b[2J" + "c" * 900),)))
    assert "\n" not in shown.lines[0]
    assert "\x1b" not in shown.lines[0]
    assert len(shown.lines[0]) < 80


def test_the_last_lines_go_where_there_is_no_room():
    shown = TrayView(icon=IconSpec(), lines=("a" * 100, "b" * 26, "c"))
    assert shown.tooltip() == "\n".join(shown.lines)
    assert shown.tooltip(WINDOWS_TOOLTIP) == "a" * 100 + "\n" + "b" * 26
    long = TrayView(icon=IconSpec(), lines=("a" * 200,))
    assert shown.tooltip(100) == "a" * 100
    assert len(long.tooltip(WINDOWS_TOOLTIP)) == 127


@given(
    given=st.none() | any_readings,
    failed=st.none() | any_failures,
    dark=any_darkness,
    mode=st.sampled_from(IconMode),
    pause=st.none() | st.timedeltas(timedelta(days=-1), timedelta(days=9)),
)
def test_any_situation_gives_a_view(given, failed, dark, mode, pause):
    # Names are cleaned elsewhere; here only our own words are looked at.
    if given is not None:
        given = replace(given, alarms=(), inverters=())
    shown = view(
        given,
        failed=failed,
        dark_at=dark,
        mode=mode,
        pause_until=None if pause is None else NOW + pause,
    )
    assert shown.lines
    assert all(it.strip() and "\n" not in it for it in shown.lines)
    assert not NO_WORDS.search("\n".join(shown.lines))
    assert len(shown.tooltip(WINDOWS_TOOLTIP)) <= WINDOWS_TOOLTIP
    assert shown.icon.level is None or 0 <= shown.icon.level <= 100
    assert len(shown.icon.text) <= 3


@given(any_readings, any_darkness)
def test_no_name_breaks_a_line(given, dark):
    shown = view(given, dark_at=dark)
    assert all("\n" not in it and it == it.strip() for it in shown.lines)
