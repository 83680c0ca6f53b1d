"""The tray, the page "Now", the header and ``status`` in another language.

What is compared, stored or read by programs does not follow the language.
"""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from sems_tray.cli.status_text import to_json, to_text
from sems_tray.domain.battery_forecast import Estimate
from sems_tray.domain.credentials import PasswordStorage
from sems_tray.domain.energy import YearStep
from sems_tray.domain.failures import words as trouble_words
from sems_tray.domain.model import Battery, BatteryState, DeviceState, Powers
from sems_tray.domain.poll_result import PollFailed, PollSucceeded, Trouble
from sems_tray.history.plan import Progress
from sems_tray.notifications.alert_settings import NO_DAY, limit_troubles, quiet_trouble
from sems_tray.polling.snapshot import MonitorSnapshot
from sems_tray.settings.general_page import place_troubles
from sems_tray.storage.settings import AlertSettings, QuietSettings, Settings
from sems_tray.tray.view_model import IconMode
from sems_tray.window.header import header_view
from sems_tray.window.now.view_model import estimate_words, now_view
from sems_tray.window.transfer.view_model import past_words
from tests.kit.readings import NOW, alarm, by_day, inverter, reading, view
from tests.kit.speaking import pseudo  # noqa: F401

pytestmark = pytest.mark.usefixtures("pseudo")


def page(**changes):
    return to_text(PollSucceeded(reading=reading(**changes)), NOW, by_day).splitlines()


def test_the_tray_is_translated_phrase_by_phrase():
    shown = view(reading(), mode=IconMode.PV)
    assert shown.icon.text == "3,2"
    assert shown.tooltip() == (
        "⟦Battery 76 %⟧ ▲ 1,2 kW · ⟦PV 3,2 kW⟧\n"
        "⟦House 0,8 kW⟧ · ⟦exporting 1,2 kW⟧\n"
        "⟦Today 18,4 kWh⟧\n"
        "⟦Measured 11:42 (⟦⟦3 min⟧ ago⟧)⟧"
    )
    unnamed = reading(inverters=(inverter(DeviceState.FAULT, name=""),))
    assert view(unnamed).lines[0] == "⟦Fault: ⟦inverter⟧⟧"


def test_the_battery_says_whole_sentences():
    card = now_view(reading(), NOW, by_day, reserve_percent=20.0).battery
    assert card is not None
    assert (card.title, card.doing, card.reserve) == (
        "⟦Battery 76 %⟧",
        "⟦charging at 1,20 kW⟧",
        "⟦reserve 20 %⟧",
    )


@pytest.mark.parametrize(
    ("hours", "text"),
    [
        (0.05, "⟦Down to 20 % in a few minutes⟧"),
        (14, "⟦Down to 20 % about 01:50⟧"),
        (24, "⟦Down to 20 % about tomorrow 11:50⟧"),
        (47, "⟦Down to 20 % about ⟦Tue⟧ 10:50⟧"),
    ],
)
def test_an_estimate_is_one_text_for_its_day_and_clock(hours, text):
    at = NOW + timedelta(hours=hours)
    found = Estimate(at=at, target_percent=20.0, charging=False)
    assert estimate_words(found, NOW, reading()) == text


def test_a_flow_knows_its_direction_whatever_it_is_called():
    still = reading(power=Powers(pv_w=900.0, grid_w=4.0), battery=Battery())
    spoken = [it.sentence for it in now_view(still, NOW, by_day).flow.nodes]
    assert spoken == [
        "⟦Solar⟧ 0,90 kW",
        "⟦⟦Battery⟧ unknown⟧",
        "⟦⟦House⟧ unknown⟧",
        "⟦⟦Grid⟧ ⟦balanced⟧⟧ 4 W",
    ]


def test_status_lines_up_its_longer_labels_and_tells_states_in_words():
    lines = page(
        stale=("alarms", "weather"),
        inverters=(inverter("unknown", status=7, temperature_c=40.0),),
        battery=Battery(soc_percent=50.0, state=BatteryState.IDLE),
        power=Powers(grid_w=-5.0, battery_w=0.0),
    )
    label = "⟦Not renewed⟧"
    assert f"{label}  ⟦alarms⟧, weather" in lines
    assert all(it[len(label) : len(label) + 2] == "  " for it in lines[2:-1])
    text = "\n".join(lines)
    assert "⟦unknown (7)⟧, 104,0 °F" in text
    assert "50 %, ⟦idle⟧" in text
    assert any(it.split() == ["⟦Grid⟧", "⟦balanced⟧"] for it in lines)


def test_json_is_for_programs_and_stays_as_it_is():
    got = to_json(
        PollSucceeded(reading=reading(inverters=(inverter("fault"),))), NOW, by_day
    )
    assert "⟦" not in json.dumps(got, ensure_ascii=False)
    assert got["state"] == "fault"
    failed = to_json(PollFailed(trouble=Trouble.OFFLINE), NOW, by_day)
    assert failed["trouble"] == "offline"


@pytest.mark.parametrize("trouble", Trouble)
def test_a_trouble_is_translated(trouble):
    assert trouble_words(trouble).title.startswith("⟦")
    assert trouble_words(trouble).sentence.startswith("⟦")


@pytest.mark.parametrize(
    ("changes", "state", "message"),
    [
        (
            {"alarms": (alarm(name="Fan Fault"),)},
            "⟦Fault: Fan Fault⟧",
            "⟦Look whether something blocks the fan.⟧",
        ),
        (
            {"grid_connected": False},
            "⟦Grid lost⟧",
            "⟦It clears by itself when the grid is back.⟧",
        ),
    ],
)
def test_a_trouble_of_the_plant_is_told_with_its_first_advice(changes, state, message):
    broken = reading(**changes)
    shown = header_view(MonitorSnapshot(now=NOW, dark_at=by_day, reading=broken))
    assert (shown.state, shown.message) == (state, message)
    assert shown.refresh == "⟦Refresh now⟧"


def test_the_small_print_is_a_list_of_phrases():
    shown = header_view(
        MonitorSnapshot(
            now=NOW,
            dark_at=by_day,
            reading=reading(stale=("alarms",)),
            requests_today=1,
            next_at=NOW + timedelta(minutes=2),
            demo=True,
        ),
        password_storage=PasswordStorage.KEYRING,
    )
    assert shown.footer == (
        "⟦1 request today⟧ · ⟦next reading in ⟦2 min⟧⟧ · "
        "⟦not renewed: ⟦alarms⟧⟧ · ⟦password kept ⟦in the system keyring⟧⟧"
    )
    assert shown.title.endswith(" · ⟦DEMO⟧")


def test_a_back_fill_is_told():
    under_way = Progress(done=2, total=9, at=YearStep(2024))
    assert past_words(under_way, wanted=True, wait=None) == (
        "⟦Fetching 2024: 2 of 9 steps.⟧"
    )
    failed = replace(under_way, failed=PollFailed(trouble=Trouble.OFFLINE))
    assert past_words(failed, wanted=True, wait=timedelta(minutes=5)).endswith(
        "⟧ ⟦Goes on in ⟦5 min⟧.⟧"
    )


def test_settings_that_cannot_be_are_explained():
    troubles = limit_troubles(AlertSettings(low_percent=10.5, critical_percent=20.0))
    assert troubles == {
        "low_percent": "⟦Low must not be less than critical, 20 %.⟧",
        "critical_percent": "⟦Critical must not be more than low, 10,5 %.⟧",
    }
    never = QuietSettings(on=True, weekdays=())
    assert quiet_trouble(never) == f"⟦{NO_DAY}⟧"
    half = place_troubles(Settings(longitude=4.9))
    assert half == {"latitude": "⟦A place needs both: the latitude is missing.⟧"}
