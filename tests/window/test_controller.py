"""The details window's filler: what the history meets reaches the polls."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, cast

import pytest
from PySide6.QtCore import QRect

from sems_tray.domain.energy import CurveStep
from sems_tray.domain.poll_result import PollFailed, Trouble
from sems_tray.polling.poller import Poller
from sems_tray.polling.snapshot import MonitorSnapshot
from sems_tray.window.controller import WindowController
from sems_tray.window.header import Page
from tests.kit.network import QueuedNetwork
from tests.kit.readings import NOW, by_night, reading
from tests.kit.services import services_in

if TYPE_CHECKING:
    from sems_tray.window.history.page import HistoryPage

NOON = datetime(2026, 6, 21, 10, 42, tzinfo=UTC)
STEP = CurveStep(date(2026, 6, 20))


@pytest.fixture
def poller(qapp):
    poller = Poller(
        QueuedNetwork(),
        now=lambda: NOON,
        dark=lambda _, __: False,
        live=timedelta(minutes=2),
    )
    yield poller
    poller.stop()


@pytest.fixture
def details(poller, tmp_path):
    return WindowController(
        services_in(tmp_path), poller, icon_geometry=QRect, now=lambda: NOON
    )


def test_a_pause_that_the_history_met_holds_for_the_polls(details, poller):
    wait = timedelta(minutes=9)
    failed = PollFailed(trouble=Trouble.THROTTLED, retry_after=wait)
    details.on_step_fetched(STEP, failed)
    assert poller.pause_until == NOON + wait


def test_what_was_brought_or_failed_otherwise_is_no_pause(details, poller):
    details.on_step_fetched(STEP, PollFailed(trouble=Trouble.UNREACHABLE))
    details.on_step_fetched(STEP, None)
    assert not poller.is_paused()


class _Page:
    """What the history page is told."""

    def show_station(self, plant):
        self.energy = plant.energy


def test_the_history_is_told_what_every_other_page_shows(details):
    """Before dawn that is nothing yet, not the 18.4 kWh of yesterday."""
    page = _Page()
    for now, kwh in ((NOW, 18.4), (NOW + timedelta(hours=14), 0.0)):
        snapshot = MonitorSnapshot(now=now, dark_at=by_night, reading=reading())
        details._fill_history(cast("HistoryPage", page), snapshot)
        assert page.energy.today.pv_kwh == kwh


def test_a_press_on_a_notification_fills_one_page_once(details, monkeypatch):
    filled = []
    fill = details._fill

    def noted(window):
        filled.append(window.page())
        fill(window)

    monkeypatch.setattr(details, "_fill", noted)
    details._events.alarm_chosen.emit("an alarm")
    assert filled == [Page.ALARMS]
    details._made().close()
    details._events.details_requested.emit(QRect())
    assert filled == [Page.ALARMS] * 2
    details._made().close()
