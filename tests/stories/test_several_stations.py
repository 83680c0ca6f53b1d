"""The whole program with several stations, without a panel."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtWidgets import QDoubleSpinBox

from sems_tray.settings.window import Tab
from sems_tray.simulator.simulator import Simulator
from sems_tray.storage.paths import profile_paths
from sems_tray.storage.settings import Settings, load, save
from sems_tray.tray.view_model import Badge, tray_view
from tests.kit.program import RunningProgram

pytestmark = pytest.mark.qt_log_ignore("systemTrayWindowChanged")


@pytest.fixture(scope="module")
def fleet():
    with Simulator("multi", limit_per_minute=None) as simulator:
        yield simulator


@pytest.fixture
def portal(fleet, monkeypatch):
    # No minute is waited for; what is spaced is tested elsewhere.
    monkeypatch.setattr("sems_tray.polling.other_stations.SPACING", timedelta())
    monkeypatch.setattr("sems_tray.polling.other_stations.REFRESH_SPACING", timedelta())
    fleet.own()
    ids = fleet.books.station_ids
    fleet.own(ids[:3])
    fleet.override(pv_w=3210, soc_percent=76, battery_w=-1200, load_w=800)
    yield fleet
    fleet.heal()
    for site in fleet.world.sites:
        site.set_events(())


class SeveralStations(RunningProgram):
    """The program, its stations by their places."""

    def __init__(self, *given) -> None:
        super().__init__(*given)
        self.first, self.second, self.third = self.portal.books.station_ids

    def refreshes(self) -> None:
        """Ask for the shown station, and one of the others."""
        self.rests()
        asked = len(self.portal.requests)
        self.poller.refresh()
        self.rests()
        assert len(self.portal.requests) > asked

    def rests(self) -> None:
        super().rests()
        self.until(lambda: self.app.stations.others._polled is None)

    @property
    def view(self):
        return tray_view(self.app.tray.inputs)

    def menu(self) -> dict[str, str]:
        """Return the entries of the stations by their ids."""
        return {it.data(): it.text() for it in self._actions("Station")}

    def marked(self) -> list[str]:
        """Return the ids of the stations that are marked as shown."""
        return [it.data() for it in self._actions("Station") if it.isChecked()]


@pytest.fixture
def start(starts):
    starts.kind = SeveralStations

    def started(**options):
        found = starts(**options)
        found.until(lambda: found.poller.reading is not None)
        found.until(lambda: len(found.menu()) == 3)
        return found

    return started


def test_a_fault_at_the_second_station_is_told_and_over_again(start):
    running = start()
    running.until(lambda: all(": " in it for it in running.menu().values()))
    assert list(running.menu()) == [running.first, running.second, running.third]
    assert running.marked() == [running.first]
    assert running.view.icon.badge in {Badge.NONE, Badge.NIGHT}
    level = running.view.icon.level
    running.portal.trouble("fault", running.second)
    running.until(lambda: running.refreshes() or "fault" in running.view.lines[0])
    assert running.view.lines[0] == "Demo Roof: fault"
    assert running.view.icon.badge is Badge.FAULT
    assert running.view.icon.level == level
    assert running.menu()[running.second] == "⚠ Demo Roof: fault"
    assert [it for it in running.alerts() if it.startswith("Demo Roof: ")]
    running.portal.trouble(None, running.second)
    running.until(
        lambda: running.refreshes() or "fault" not in running.menu()[running.second]
    )
    running.until(lambda: running.refreshes() or not running.alerts())
    assert "Demo Roof: fault" not in running.view.lines


def test_settings_that_lie_open_follow_a_station_chosen_in_the_menu(start, profile):
    running = start()
    desk = running.app.settings
    running.app.services.events.station_chosen.emit(running.third)
    desk.open()
    running.app.services.events.station_chosen.emit(running.second)
    desk._window.made(Tab.POLLING)
    desk._window.findChild(QDoubleSpinBox, "live_minutes").setValue(7)
    kept = load(profile_paths(profile).settings).settings
    assert (kept.station, kept.live_minutes) == (running.second, 7.0)
    assert running.marked() == [running.second]


def test_a_bubble_about_another_station_opens_it_at_the_alarm(start, profile):
    running = start()
    running.until(lambda: all(": " in it for it in running.menu().values()))
    running.portal.trouble("fault", running.second)
    running.until(lambda: running.refreshes() or running.alerts())
    alerts = running.app.notifications.alerts
    (key,) = [it for it in alerts._notifications._open if it.startswith(running.second)]
    wanted: list[str] = []
    alerts.details_wanted.connect(wanted.append)
    alerts._notifications._on_pressed(key, "details")
    assert running.poller.reading.station.id == running.second
    assert running.marked() == [running.second]
    assert wanted[0]
    assert load(profile_paths(profile).settings).settings.station == running.second
    window = running.details
    assert window.isVisible()
    running.until(lambda: not running.poller.in_flight)
    assert key in alerts._notifications._open or alerts.problems()


@pytest.mark.parametrize("by", ["an option", "the settings"])
def test_a_station_that_is_not_to_be_watched_is_not_asked(start, portal, profile, by):
    first, second, third = portal.books.station_ids
    portal._recorded.clear()
    if by == "an option":
        running, asked, left = start(station=second), second, {first, third}
    else:
        save(profile_paths(profile).settings, Settings(unwatched=(second,)))
        running, asked, left = start(), third, {second}
        running.until(lambda: ": " in running.menu()[third])
    running.refreshes()
    flows = " ".join(it.query for it in portal.requests if it.path.endswith("/flow"))
    assert asked in flows
    assert not [it for it in left if it in flows]


def test_what_a_poll_brings_of_the_station_that_was_left_changes_no_alert(start):
    running = start()
    running.until(lambda: all(": " in it for it in running.menu().values()))
    running.portal.trouble("fault", running.second)
    running.until(lambda: running.refreshes() or running.alerts())
    running.until(lambda: not running.poller.in_flight)
    running.poller.refresh()
    running.app.services.events.station_chosen.emit(running.second)
    shown, told = [], []
    alerts = running.app.notifications.alerts
    alerts.changed.connect(lambda: shown.append(alerts.shown))
    alerts.changed.connect(lambda: told.append(running.alerts()))
    running.until(lambda: not running.poller.in_flight)
    assert set(shown) == {running.second}
    assert all(told)


def test_choosing_the_shown_station_again_stops_nothing(start, profile):
    running = start()
    running.until(lambda: len(running.menu()) == 3)
    past = running.app.transfer.backfill
    past.start()
    running.app.services.events.station_chosen.emit(running.first)
    assert past.wanted
    past.leave()
    assert load(profile_paths(profile).settings).settings.station == running.first


def turns_to(program, name: str) -> None:
    (label,) = (it for it in program.labels("Station") if name in it)
    program.click("Station", label)


def test_the_choice_changes_words_and_window_and_holds_at_the_next_start(start):
    program = start()
    program.activate()
    program.window("Demo House - SEMS Tray")
    turns_to(program, "Demo Roof")
    program.until(lambda: program.tooltip.startswith("PV "))
    program.window("Demo Roof - SEMS Tray")
    again = start()
    again.until(lambda: again.tooltip.startswith("PV "))
    again.until(lambda: again.chosen() == ["Demo Roof"])


def test_a_station_chosen_while_a_poll_is_under_way_is_the_one_shown(start):
    program = start()
    program.rests()
    program.middle_click()
    turns_to(program, "Demo Roof")
    program.until(lambda: program.tooltip.startswith("PV "))
    program.rests()
    assert program.tooltip.startswith("PV ")
    assert program.chosen() == ["Demo Roof"]
