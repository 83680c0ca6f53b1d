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
from sems_tray.domain.failures import Action, FailureCause, sentence
from sems_tray.domain.failures import words as trouble_words
from sems_tray.domain.model import Alarm, Battery, BatteryState, DeviceState, Powers
from sems_tray.domain.poll_result import PollFailed, PollSucceeded, Trouble
from sems_tray.domain.station_state import is_grid_loss
from sems_tray.domain.wording import grid_words
from sems_tray.history.plan import Progress
from sems_tray.notifications.alert_settings import NO_DAY, limit_troubles, quiet_trouble
from sems_tray.polling.snapshot import MonitorSnapshot
from sems_tray.settings.general_page import place_troubles
from sems_tray.storage.settings import AlertSettings, QuietSettings, Settings
from sems_tray.tray.view_model import IconMode
from sems_tray.window.header import HeaderView, header_view
from sems_tray.window.now.view_model import estimate_words, now_view, tiles
from sems_tray.window.transfer.view_model import past_words
from tests.kit.readings import NOW, alarm, by_day, inverter, reading, view
from tests.kit.speaking import pseudo  # noqa: F401

pytestmark = pytest.mark.usefixtures("pseudo")


def page(**changes):
    return to_text(PollSucceeded(reading=reading(**changes)), NOW, by_day).splitlines()


def test_the_tooltip_is_translated_phrase_by_phrase():
    assert view(reading()).tooltip() == (
        "⟦Battery 76 %⟧ ▲ 1,2 kW · ⟦PV 3,2 kW⟧\n"
        "⟦House 0,8 kW⟧ · ⟦exporting 1,2 kW⟧\n"
        "⟦Today 18,4 kWh⟧\n"
        "⟦Measured 11:42 (⟦⟦3 min⟧ ago⟧)⟧"
    )


def test_the_icons_number_has_the_decimal_mark_of_the_language():
    assert view(reading(), mode=IconMode.PV).icon.text == "3,2"


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


def test_a_tile_keeps_its_unit_apart():
    first = tiles(reading())[0]
    assert (first.label, first.number, first.unit) == ("⟦Solar today⟧", "18,4", "kWh")


def test_status_names_the_grid_once():
    lines = page(power=Powers(grid_w=-5.0))
    assert any(it.split() == ["⟦Grid⟧", "⟦balanced⟧"] for it in lines)
    assert grid_words(-5.0, str) == "⟦grid balanced⟧"


def test_status_lines_up_its_longer_labels():
    lines = page(stale=("alarms", "weather"))[2:-1]
    label = "⟦Not renewed⟧"
    assert f"{label}  ⟦alarms⟧, weather" in lines
    assert all(it[len(label) : len(label) + 2] == "  " for it in lines)


def test_status_tells_states_in_words():
    warm = inverter("unknown", status=7, temperature_c=40.0)
    idle = Battery(soc_percent=50.0, state=BatteryState.IDLE)
    still = Powers(battery_w=0.0)
    text = "\n".join(page(inverters=(warm,), battery=idle, power=still))
    assert "⟦unknown (7)⟧, 104,0 °F" in text
    assert "50 %, ⟦idle⟧" in text


def test_json_is_for_programs_and_stays_as_it_is():
    got = to_json(
        PollSucceeded(reading=reading(inverters=(inverter("fault"),))), NOW, by_day
    )
    assert "⟦" not in json.dumps(got, ensure_ascii=False)
    assert got["state"] == "fault"
    failed = to_json(PollFailed(trouble=Trouble.OFFLINE), NOW, by_day)
    assert failed["trouble"] == "offline"


@pytest.mark.parametrize("trouble", Trouble)
def test_a_trouble_is_translated_and_keeps_its_action(trouble):
    told = trouble_words(trouble)
    assert told.title.startswith("⟦")
    assert told.sentence.startswith("⟦")
    assert told.action is None or isinstance(told.action, Action)


def test_a_cause_is_known_by_its_english_name():
    failed = PollFailed(
        trouble=Trouble.UNREACHABLE,
        detail=f"{FailureCause.CERTIFICATES}: SSL_CERT_FILE",
    )
    assert sentence(failed).startswith("⟦The trusted certificates")
    assert sentence(failed).endswith("⟧ (SSL_CERT_FILE)")


def test_advice_is_the_first_sentence_without_cutting_a_text():
    broken = reading(alarms=(alarm(name="Fan Fault"),))
    shown = header_view(MonitorSnapshot(now=NOW, dark_at=by_day, reading=broken))
    assert shown.message == "⟦Look whether something blocks the fan.⟧"


def test_a_lost_grid_is_known_without_the_portals_alarm():
    lost = reading(grid_connected=False)
    shown = header_view(MonitorSnapshot(now=NOW, dark_at=by_day, reading=lost))
    assert shown.state == "⟦Grid lost⟧"
    assert shown.message == "⟦It clears by itself when the grid is back.⟧"
    assert is_grid_loss(Alarm(id="1", name="Utility Loss"))


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


def test_a_default_is_asked_for_when_it_is_needed():
    assert HeaderView(title="Home").refresh == "⟦Refresh now⟧"


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


def test_a_fault_without_a_name_is_one_of_something():
    unnamed = reading(inverters=(inverter(DeviceState.FAULT, name=""),))
    assert view(unnamed).lines[0] == "⟦Fault: ⟦inverter⟧⟧"
