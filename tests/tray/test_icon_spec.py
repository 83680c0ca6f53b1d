from dataclasses import replace

import pytest

from sems_tray.domain.model import Battery, BatteryState, Powers
from sems_tray.i18n.formatting import DASH
from sems_tray.tray.view_model import Face, IconMode, Mark
from tests.kit.readings import HOME, MEASURED, MINUTE, NOW, by_night, reading, view

POWERS = reading().power
BATTERY = Battery(soc_percent=76.0, state=BatteryState.CHARGING)


@pytest.mark.parametrize(
    ("age_min", "faded"), [(0, False), (15, False), (16, True), (31, True)]
)
def test_old_numbers_fade(age_min, faded):
    assert view(reading(), now=MEASURED + age_min * MINUTE).icon.faded is faded


def test_night_does_not_fade():
    assert not view(reading(), now=NOW + 90 * MINUTE, dark_at=by_night).icon.faded


@pytest.mark.parametrize(
    ("mode", "battery", "face", "level", "text"),
    [
        (IconMode.AUTO, True, Face.BATTERY, 76, ""),
        (IconMode.AUTO, False, Face.SUN, 32, ""),
        (IconMode.BATTERY, True, Face.BATTERY, 76, ""),
        (IconMode.BATTERY, False, Face.SUN, 32, ""),
        (IconMode.SOC, True, Face.NUMBER, None, "76"),
        (IconMode.SOC, False, Face.SUN, 32, ""),
        (IconMode.PV, True, Face.NUMBER, None, "3.2"),
        (IconMode.PV, False, Face.NUMBER, None, "3.2"),
        (IconMode.SHARE, True, Face.SUN, 32, ""),
        (IconMode.SHARE, False, Face.SUN, 32, ""),
    ],
)
def test_the_icon_shows_what_its_mode_says(mode, battery, face, level, text):
    shown = reading() if battery else reading(battery=None)
    icon = view(shown, mode=mode).icon
    assert (icon.face, icon.level, icon.text) == (face, level, text)
    on_gauge = face is Face.BATTERY
    assert icon.mark is (Mark.CHARGING if on_gauge else Mark.NONE)


@pytest.mark.parametrize(
    ("pv_w", "kwp", "text", "share"),
    [
        (0.0, 10.0, "0.0", 0),
        (-0.0, 10.0, "0.0", 0),
        (-40.0, 10.0, "0.0", 0),
        (9_940.0, 10.0, "9.9", 99),
        (9_960.0, 10.0, "10", 100),
        (12_000.0, 10.0, "12", 100),
        (50e6, 10.0, "999", 100),
        (None, 10.0, DASH, None),
        (400.0, None, "0.4", None),
        (400.0, 0.0, "0.4", None),
    ],
)
def test_numbers_fit_into_an_icon(pv_w, kwp, text, share):
    shown = reading(
        power=Powers(pv_w=pv_w), station=replace(HOME, capacity_kwp=kwp), battery=None
    )
    assert view(shown, mode=IconMode.PV).icon.text == text
    assert view(shown, mode=IconMode.SHARE).icon.level == share


@pytest.mark.parametrize(("soc", "low"), [(20.0, True), (20.5, False), (None, False)])
def test_a_low_battery_is_painted_so(soc, low):
    assert view(reading(battery=Battery(soc_percent=soc))).icon.low is low


@pytest.mark.parametrize(
    ("battery_w", "mark"),
    [
        (-20.0, Mark.CHARGING),
        (-19.0, Mark.NONE),
        (0.0, Mark.NONE),
        (19.0, Mark.NONE),
        (20.0, Mark.DISCHARGING),
    ],
)
def test_noise_gets_no_mark(battery_w, mark):
    shown = reading(power=replace(POWERS, battery_w=battery_w))
    assert view(shown).icon.mark is mark


def test_equal_situations_paint_equal_icons():
    # The minute, the SoC's decimals and the exact powers may change without a repaint.
    assert view(reading()) == view(reading())
    other = reading(
        measured_at=MEASURED + MINUTE,
        battery=replace(BATTERY, soc_percent=76.4),
        power=replace(POWERS, battery_w=-1900.0, pv_w=4000.0),
    )
    assert view(other, now=NOW + 5 * MINUTE).icon == view(reading()).icon
    assert view(other).lines != view(reading()).lines
