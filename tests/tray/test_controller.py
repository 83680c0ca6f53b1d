"""The tray follows the poller: once for each poll, and once a minute for the ages."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QDesktopServices

from sems_tray.domain.model import Station
from sems_tray.domain.poll_result import PollSucceeded
from sems_tray.polling.other_stations import AccountStations
from sems_tray.polling.poller import Poller
from sems_tray.tray.controller import TrayController
from tests.kit.readings import NOW, by_day, reading
from tests.kit.services import services_in

if TYPE_CHECKING:
    from sems_tray.tray.view_model import TrayView

# Offscreen there is no window of a tray to hear of.
pytestmark = pytest.mark.qt_log_ignore("systemTrayWindowChanged")


class Bench:
    """A tray whose views are counted, on a clock set by hand."""

    def __init__(self, folder, monkeypatch) -> None:
        self.at = NOW
        self.services = services_in(folder)
        self.poller = Poller(
            self.services.network,
            now=lambda: self.at,
            dark=lambda _, __: False,
            dark_at=lambda _: by_day,
            live=timedelta(minutes=2),
        )
        self.controller = TrayController(self.services, self.poller)
        self.menu = self.controller.tray.actions
        self.views: list[object] = []
        self._show = self.controller.tray.show
        monkeypatch.setattr(self.controller.tray, "show", self._count)

    def _count(self, view: TrayView) -> None:
        self.views.append(view)
        self._show(view)

    def polls(self) -> None:
        self.poller.apply(
            PollSucceeded(reading=replace(reading(), received_at=self.at))
        )

    def ticks_after(self, seconds: int) -> None:
        self.at += timedelta(seconds=seconds)
        self.poller._on_tick()


@pytest.fixture
def bench(qapp, tmp_path, monkeypatch):
    made = Bench(tmp_path, monkeypatch)
    yield made
    made.poller.stop()
    made.services.events.quitting.emit()


def test_a_poll_makes_one_view(bench):
    bench.polls()
    assert len(bench.views) == 1


def test_ages_grow_each_minute_and_not_in_between(bench):
    bench.polls()
    bench.ticks_after(30)
    assert len(bench.views) == 1
    bench.ticks_after(30)
    assert len(bench.views) == 2
    assert bench.views[0] != bench.views[1]


def test_a_clock_set_back_is_followed_at_once(bench):
    bench.polls()
    bench.ticks_after(-3600)
    assert len(bench.views) == 2


@pytest.mark.parametrize(
    ("entry", "event"),
    [
        ("details", "details_toggled"),
        ("history", "transfer_requested"),
        ("portal", "portal_page_requested"),
        ("sign_in", "sign_in_requested"),
        ("settings", "settings_requested"),
        ("quit", "quit_requested"),
    ],
)
def test_an_entry_of_the_menu_is_asked_of_its_controller(
    bench, qtbot, monkeypatch, entry, event
):
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _: True)
    with qtbot.waitSignal(getattr(bench.services.events, event), timeout=0):
        bench.menu[entry].trigger()


def test_about_says_whose_it_is_not_and_leaves_the_stations_in_the_menu(bench, qtbot):
    both = (Station(id="1"), Station(id="2"))
    account = AccountStations(stations=both, shown_id="1")
    bench.services.events.stations_changed.emit(account)
    bench.menu["about"].trigger()
    box = bench.controller._about_box
    qtbot.addWidget(box)
    assert box.isVisible()
    assert "<p>Shows your GoodWe solar station in the system tray.</p>" in box.text()
    assert "not a product of GoodWe" in box.text()
    bench.polls()
    assert bench.controller.tray._stations_action.isVisible()
