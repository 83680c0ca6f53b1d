"""The GUI's alert centre: bubbles, snooze, acknowledging, what the menu says."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject, Signal

from sems_tray.alerts.delivery import Muting, Snooze, snoozed
from sems_tray.alerts.model import AlertRules, Level, ProblemSummary, Rule
from sems_tray.domain.poll_result import PollFailed, PollSucceeded, Trouble
from sems_tray.domain.time_zones import utc_now
from sems_tray.i18n.formatting import clock
from sems_tray.notifications.alert_store import AlertStore
from sems_tray.notifications.controller import tomorrow
from sems_tray.notifications.topic_notifications import DETAILS, SNOOZE
from sems_tray.runtime.sky import Sky
from sems_tray.storage.settings import Settings
from sems_tray.tray.snooze_menu import SnoozeMenu
from tests.kit.readings import HOME, NOW, alarm, by_day, inverter, reading

if TYPE_CHECKING:
    from sems_tray.alerts.model import AlertHistoryUpdate

MINUTE = timedelta(minutes=1)
FAULT = {
    "inverters": (inverter("fault"),),
    "alarms": (alarm(name="Isolation Failure", id="a1", device_sn="S1"),),
}


NO_FAULTS = AlertRules(off=frozenset({Rule.DEVICE_FAULT, Rule.NEW_ALARM}))


class Desk(QObject):
    """A notifier that notes what it was asked for."""

    pressed = Signal(str, str)
    closed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.bubbles: dict[str, object] = {}
        self.shown: list[str] = []

    def show(self, bubble) -> None:
        self.bubbles[bubble.key] = bubble
        self.shown.append(bubble.title)

    def close(self, key: str) -> None:
        self.bubbles.pop(key, None)

    def close_all(self) -> None:
        self.bubbles.clear()


class Day(Sky):
    """A sky in which it is always day."""

    def __init__(self):
        super().__init__(Settings())

    def dark_at(self, reading):
        return by_day

    def height_at(self, reading):
        return lambda _: 40.0


class Bench:
    """Alerts, and a station that reports every two minutes."""

    def __init__(self) -> None:
        self.at = NOW
        self.desk = Desk()
        self.sky = Day()
        self.found: dict[str, object] = {}
        self.kept: list[AlertHistoryUpdate] = []
        self.wanted: list[str] = []
        self.alerts = self.made()

    def made(self) -> AlertStore:
        alerts = AlertStore(
            self.desk,  # type: ignore[arg-type]
            self.sky,
            now=lambda: self.at,
            saved_states=lambda: self.found,
            started=None,
        )
        alerts.set_rules(AlertRules(), None)
        alerts.to_record.connect(self._keep)
        alerts.details_wanted.connect(self.wanted.append)
        return alerts

    def _keep(self, what: AlertHistoryUpdate) -> None:
        self.kept.append(what)
        self.found |= what.states

    def poll(self, *, times=1, **changes) -> None:
        for _ in range(times):
            self.at += 2 * MINUTE
            measured_at = self.at - MINUTE
            given = reading(received_at=self.at, measured_at=measured_at, **changes)
            self.alerts.on_polled(PollSucceeded(reading=given))

    def fails(self, trouble=Trouble.UNREACHABLE, after=2 * MINUTE) -> None:
        self.at += after
        self.alerts.on_polled(PollFailed(trouble=trouble))


@pytest.fixture
def bench(qapp):
    return Bench()


@pytest.fixture
def broken(bench):
    bench.poll()
    bench.poll(**FAULT)
    return bench


def test_a_fault_has_one_bubble_and_its_end_replaces_it(broken):
    (bubble,) = broken.desk.bubbles.values()
    assert "fault" in bubble.title
    assert "Isolation Failure" in bubble.text
    assert bubble.level is Level.URGENT
    assert [it.id for it in bubble.buttons] == [DETAILS, SNOOZE]
    (problem,) = broken.alerts.problems()
    assert "fault" in problem.title
    assert (problem.station, problem.alarm_id) == ("plant-1", "a1")
    broken.poll(**FAULT)
    assert len(broken.desk.shown) == 1
    assert broken.alerts.unseen() == ""  # it is still there, and told as such
    broken.poll(times=8)
    assert (len(broken.desk.bubbles), len(broken.desk.shown)) == (1, 2)
    assert len([it for what in broken.kept for it in what.notices]) == 2
    assert len([it for what in broken.kept for it in what.closed]) == 1
    assert "fault" in broken.alerts.unseen()
    broken.alerts.record_seen()
    assert broken.alerts.unseen() == ""


def test_a_click_opens_the_details_at_the_alarm(broken):
    (key,) = broken.desk.bubbles
    broken.desk.pressed.emit(key, DETAILS)
    broken.desk.pressed.emit(key, "")
    broken.desk.pressed.emit("unknown/topic", "")
    assert broken.wanted == ["a1", "a1", ""]


def test_snoozing_from_the_bubble_lasts_an_hour(broken):
    (key,) = broken.desk.bubbles
    broken.desk.pressed.emit(key, SNOOZE)
    assert broken.alerts.snoozed_until == broken.at + timedelta(hours=1)
    broken.alerts.snooze(None)
    assert broken.alerts.snoozed_until is None


def test_the_state_in_a_damaged_history_is_not_written_over(bench):
    """The writer saves it from there; what happens meanwhile waits."""
    bench.poll()
    until = bench.at + timedelta(hours=8)
    bench.alerts.snooze(until)
    saved, bench.found = bench.found, None
    bench.alerts = bench.made()
    bench.kept.clear()
    bench.poll(**FAULT)
    assert bench.kept == []
    bench.found = saved
    bench.alerts.on_recorded()
    assert bench.alerts.snoozed_until == until
    assert len(bench.kept) == 1  # what waited was folded in


def test_an_acknowledged_alarm_is_silent_until_it_changes(broken):
    (problem,) = broken.alerts.problems()
    broken.alerts.acknowledge(problem.station, problem.topic)
    broken.alerts.acknowledge("1", "fault:none")
    assert broken.desk.bubbles == {}
    broken.poll(**FAULT)
    assert len(broken.desk.shown) == 1
    second = alarm(name="Fan Failure", id="a2", device_sn="S1")
    broken.poll(inverters=FAULT["inverters"], alarms=(*FAULT["alarms"], second))
    assert len(broken.desk.shown) == 2


def test_what_was_acknowledged_was_seen(broken):
    (problem,) = broken.alerts.problems()
    broken.alerts.acknowledge(problem.station, problem.topic)
    broken.poll(times=8)
    assert broken.alerts.unseen() == ""


def test_a_rule_that_is_switched_off_takes_its_notice_with_it(broken):
    broken.alerts.set_rules(NO_FAULTS, None)
    assert broken.desk.bubbles == {}
    assert broken.alerts.problems() == ()
    assert broken.alerts.unseen() == ""
    assert [it.closed for it in broken.kept][-1][0][1] == "fault:S1"


def test_forgetting_leaves_nothing_of_the_account(broken):
    broken.alerts.snooze(broken.at + timedelta(hours=1))
    broken.alerts.reset()
    assert broken.desk.bubbles == {}
    assert broken.alerts.problems() == ()
    assert broken.alerts.unseen() == ""
    assert broken.alerts.snoozed_until is None
    said = str(broken.kept[-1].states)
    assert "Isolation" not in said
    assert "S1" not in said
    kept = len(broken.kept)
    broken.alerts.reset()
    assert len(broken.kept) == kept
    for _ in range(3):  # nothing is known yet: the sign-in dialog speaks for itself
        broken.fails(Trouble.SIGN_IN)
    assert len(broken.desk.shown) == 1
    assert "Isolation" not in str(broken.kept[-1].states)


@pytest.fixture
def nameless(bench):
    """A fault of which the alarm, and so the name, comes later."""
    bench.poll()
    bench.poll(inverters=FAULT["inverters"])
    return bench


def test_a_name_that_comes_late_is_put_into_the_bubble(nameless):
    (bubble,) = nameless.desk.bubbles.values()
    assert "no name" in bubble.text
    nameless.poll(**FAULT)
    (bubble,) = nameless.desk.bubbles.values()
    assert "Isolation Failure" in bubble.text
    assert len([it for what in nameless.kept for it in what.notices]) == 1
    nameless.desk.pressed.emit(bubble.key, DETAILS)
    assert nameless.wanted == ["a1"]


def test_a_name_that_comes_late_does_not_bring_a_closed_bubble_back(nameless):
    (key,) = nameless.desk.bubbles
    nameless.desk.close(key)
    nameless.desk.closed.emit(key)
    nameless.poll(**FAULT)
    assert nameless.desk.bubbles == {}


def test_a_name_that_comes_late_leaves_the_fault_acknowledged(nameless):
    (problem,) = nameless.alerts.problems()
    nameless.alerts.acknowledge(problem.station, problem.topic)
    nameless.poll(**FAULT)
    ((mark, _),) = nameless.alerts.muted_in_words()
    assert mark.key == "isolation failure"
    assert len(nameless.desk.shown) == 1


def test_another_station_takes_the_bubbles_away_but_says_nothing_of_earlier(broken):
    barn = replace(HOME, id="barn", name="Barn")
    broken.poll(station=barn)
    assert broken.desk.bubbles == {}
    assert broken.alerts.problems() == ()
    assert broken.alerts.unseen() == ""
    broken.poll(**FAULT)
    assert len(broken.alerts.problems()) == 1
    assert len(broken.desk.shown) == 1


def test_a_snooze_ends_by_itself_and_what_is_still_wrong_is_shown(bench):
    bench.poll()
    bench.alerts.snooze(bench.at + timedelta(hours=8))
    assert bench.alerts._timer.remainingTime() > 7 * 3600 * 1000
    bench.poll(**FAULT)
    assert bench.alerts._timer.remainingTime() <= 61 * 1000  # Qt rounds to seconds
    assert bench.desk.shown == []
    changes: list[bool] = []
    bench.alerts.changed.connect(lambda: changes.append(True))
    bench.at += timedelta(hours=9)
    bench.alerts._timer.timeout.emit()
    assert (len(bench.desk.shown), changes) == (1, [True])
    assert not bench.alerts._timer.isActive()
    assert bench.alerts.snoozed_until is None


def test_a_snooze_from_a_clock_that_was_wrong_is_none(bench):
    bench.poll()
    bench.alerts.snooze(tomorrow(bench.at))
    bench.at -= timedelta(days=400)
    assert bench.alerts.snoozed_until is None
    bench.poll(**FAULT)
    assert len(bench.desk.shown) == 1


def test_the_longest_snooze_that_is_offered_holds():
    midnight = datetime(2026, 10, 24).astimezone()
    morning = tomorrow(midnight)
    assert morning.astimezone() == midnight.replace(day=25, hour=7)
    assert snoozed(Muting(snoozed_until=morning), midnight) == morning


def test_the_test_button_shows_a_bubble(bench):
    bench.alerts.show_test()
    assert bench.desk.shown == ["SEMS Tray can reach you"]


# ---------------------------------------------------------------- the menu


@pytest.fixture
def menu(qtbot):
    from PySide6.QtWidgets import QMenu

    menu = QMenu()
    qtbot.addWidget(menu)
    top = menu.addSeparator()
    return menu, SnoozeMenu(menu, top, lambda text: text)


def shown(menu) -> list[str]:
    return [it.text() for it in menu.actions() if it.isVisible() and it.text()]


def test_problems_stand_first_in_the_menu_three_at_most(menu, broken, qtbot):
    whole, quiet = menu
    (problem,) = broken.alerts.problems()
    many = tuple(replace(problem, title=f"Problem {n}") for n in range(5))
    quiet.show(ProblemSummary(problems=many))
    assert shown(whole)[:3] == [f"⚠ Problem {n} …" for n in range(3)]
    with qtbot.waitSignal(quiet.problem_chosen, timeout=0) as chosen:
        whole.actions()[1].trigger()
    assert chosen.args == [many[1]]
    quiet.show(ProblemSummary())
    assert shown(whole) == ["Snooze notifications"]


def test_the_menu_snoozes_and_says_until_when(menu, qtbot):
    whole, quiet = menu
    entries = quiet._snooze.actions()
    assert [it.text() for it in entries] == [
        *("30 minutes", "1 hour", "8 hours", "Until tomorrow, 7:00")
    ]
    with qtbot.waitSignal(quiet.snooze_wanted, timeout=0) as wish:
        entries[1].trigger()
    assert wish.args == [Snooze.HOUR]
    until = utc_now() + timedelta(minutes=30)
    quiet.show(ProblemSummary(snoozed_until=until))
    said = f"Notifications snoozed until {clock(until, utc_now(), None)}"
    assert shown(whole) == [said, "Turn on notifications"]
    with qtbot.waitSignal(quiet.snooze_wanted, timeout=0):
        quiet._wake.trigger()
    quiet.show(ProblemSummary())
    assert shown(whole) == ["Snooze notifications"]


def test_an_alarm_that_the_owner_knows_can_be_told_again(broken):
    assert broken.alerts.muted_by_alarm() == {"a1": False}
    broken.alerts.set_muted("a1", True)
    assert broken.alerts.muted_by_alarm() == {"a1": True}
    ((mark, title),) = broken.alerts.muted_in_words()
    assert "fault" in title
    broken.alerts.unmute(mark)
    assert broken.alerts.muted_by_alarm() == {"a1": False}
    broken.alerts.set_muted("a1", True)
    broken.alerts.set_muted("a1", False)
    assert broken.alerts.muted_in_words() == ()
    broken.alerts.set_muted("nobody", True)


# ---------------------------------------------------------- several stations


FARM = replace(HOME, id="farm", name="Farm")


def poll_aside(bench, **changes) -> None:
    bench.at += 10 * MINUTE
    times = {"received_at": bench.at, "measured_at": bench.at - MINUTE}
    bench.alerts.on_other_station_read(reading(station=FARM, **times, **changes))


@pytest.fixture
def both(bench):
    """Home is shown and well, the farm is watched and has a fault."""
    bench.alerts.set_several(several=True)
    bench.alerts.watch([FARM], shown_id="plant-1")
    bench.poll()
    poll_aside(bench)
    poll_aside(bench, **FAULT)
    return bench


def test_a_fault_at_a_station_that_is_not_shown_names_it(both):
    (bubble,) = both.desk.bubbles.values()
    assert bubble.title.startswith("Farm: ")
    (problem,) = both.alerts.problems()
    assert problem.station == "farm"
    assert problem.title.startswith("Farm: ")
    assert both.alerts.shown == "plant-1"
    both.poll()
    assert len(both.desk.bubbles) == 1
    for _ in range(6):
        poll_aside(both)
    assert both.alerts.problems() == ()


def test_its_bubble_says_whose_it_is_before_it_opens(both):
    whose: list[str] = []
    both.alerts.station_wanted.connect(whose.append)
    (key,) = both.desk.bubbles
    both.desk.pressed.emit(key, DETAILS)
    assert whose == ["farm"]
    assert both.wanted == ["a1"]


def test_turning_to_it_keeps_its_bubble_and_makes_the_problem_its_own(both):
    both.alerts.watch([HOME], shown_id="farm")
    both.alerts.show_station(reading(station=FARM, **FAULT))
    assert len(both.desk.bubbles) == 1
    (problem,) = both.alerts.problems()
    assert (problem.station, problem.title.startswith("Farm")) == ("farm", False)


def test_a_station_that_is_watched_no_more_takes_its_bubbles_along(both):
    both.alerts.watch([], shown_id="plant-1")
    assert both.desk.bubbles == {}
    assert both.alerts.problems() == ()


def test_a_reading_from_elsewhere_is_no_sign_in_again(bench):
    bench.poll()
    for _ in range(12):
        bench.fails(Trouble.NO_STATION, after=10 * MINUTE)
    (before,) = bench.alerts.problems()
    bench.alerts.watch([FARM], shown_id="plant-1")
    poll_aside(bench)
    assert bench.alerts.problems() == (before,)
