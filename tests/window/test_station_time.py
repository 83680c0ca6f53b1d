"""Times of a station whose clock is not this computer's say so."""

import time
from dataclasses import replace
from datetime import timedelta

import pytest

from sems_tray.cli.status_text import to_text
from sems_tray.domain.battery_forecast import Estimate
from sems_tray.domain.poll_result import PollSucceeded
from sems_tray.domain.station_state import Tone
from sems_tray.polling.snapshot import MonitorSnapshot
from sems_tray.tray.view_model import WINDOWS_TOOLTIP
from sems_tray.window.header import header_view
from sems_tray.window.now.view_model import estimate_words
from tests.kit.readings import (
    HOME,
    MEASURED,
    MINUTE,
    NOW,
    by_day,
    nobody_knows,
    reading,
    view,
)

TOKYO = reading(station=replace(HOME, timezone="Asia/Tokyo"))


@pytest.fixture
def set_zone(monkeypatch):
    """Set this computer's zone."""

    def set_to(name):
        monkeypatch.setenv("TZ", name)
        time.tzset()

    yield set_to
    monkeypatch.undo()
    time.tzset()


def header(given, now=NOW, dark_at=by_day):
    return header_view(MonitorSnapshot(now=now, dark_at=dark_at, reading=given))


def test_header_tray_and_terminal_name_another_clock():
    said = "Measured 18:42 station time (3 min ago)"
    shown = header(TOKYO)
    assert shown.age == said
    assert "all times are station time" in shown.footer
    assert view(TOKYO).lines[-1] == said
    assert said in to_text(PollSucceeded(reading=TOKYO), NOW, by_day)


def test_since_when_and_until_when_are_told_so_too():
    shown = header(TOKYO, MEASURED + 45 * MINUTE)
    assert "No report since 18:42 station time" in shown.state
    assert "since 18:42 station time." in shown.message
    full = Estimate(at=NOW + timedelta(hours=2), charging=True, target_percent=100)
    assert estimate_words(full, NOW, TOKYO) == "Full about 20:50 station time"


def test_the_same_clock_needs_no_words(set_zone):
    assert "station time" not in str(header(reading()))
    set_zone("Africa/Lagos")  # another zone, an hour behind in summer
    assert "station time" in str(header(reading()))
    winter = MEASURED + timedelta(days=180)
    given = reading(measured_at=winter, received_at=winter)
    assert "station time" not in str(header(given, winter + MINUTE))


def test_the_label_gives_way_in_a_tooltip_without_room():
    given = replace(TOKYO, power=replace(TOKYO.power, ev_w=3200.0))
    tip = view(given).tooltip(WINDOWS_TOOLTIP)
    assert tip.endswith("Measured 18:42 (3 min ago)")
    assert len(tip) <= WINDOWS_TOOLTIP


def test_the_owner_is_asked_for_the_place_where_nothing_tells_it():
    late = MEASURED + 45 * MINUTE
    asked = header(reading(), late, nobody_knows)
    assert "Enter its place in the settings" in asked.message
    assert asked.tone is Tone.CALM
    assert "place" not in header(reading(), NOW, nobody_knows).message  # all is well

    def unsure(at):
        return None if at.hour == late.hour else False

    assert "place" not in header(reading(), late, unsure).message
