"""What the tray says of the stations that it does not show."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sems_tray.domain.model import StationState
from sems_tray.domain.poll_result import PollFailed, Trouble
from sems_tray.polling.other_stations import StationSummary, elsewhere_line, worst_first
from sems_tray.tray.view_model import Badge
from tests.kit.readings import NOW, alarm, inverter, reading, view
from tests.kit.speaking import pseudo  # noqa: F401

WRONG = {
    StationState.GRID_LOST: Badge.GRID_LOST,
    StationState.FAULT: Badge.FAULT,
    StationState.SILENT: Badge.SILENT,
}
CALM = [it for it in StationState if it not in WRONG]
FAULT = {"inverters": (inverter("fault"),), "alarms": (alarm(),)}


def at(name: str, state: StationState, since=timedelta()) -> StationSummary:
    return StationSummary(name=name, state=state, at=NOW - since)


FARM = at("Farm", StationState.FAULT)
BARN = at("Barn", StationState.SILENT)
SHOP = at("Shop", StationState.GRID_LOST)


@pytest.mark.parametrize("state", CALM)
def test_what_is_calm_elsewhere_changes_nothing(state):
    assert view(reading(), other_stations=(at("Farm", state),)) == view(reading())


@pytest.mark.parametrize("state", WRONG)
def test_a_trouble_elsewhere_is_the_badge_and_the_first_line(state):
    plain, shown = view(reading()), view(reading(), other_stations=(at("Farm", state),))
    assert shown.icon.badge is WRONG[state]
    assert shown.icon.level == plain.icon.level
    assert shown.lines[0].startswith("Farm: ")
    assert shown.lines[1:] == plain.lines


def test_the_worst_of_all_is_the_badge_and_the_own_fault_is_named_first():
    shown = view(reading(**FAULT), other_stations=(BARN,))
    assert shown.icon.badge is Badge.FAULT
    assert shown.lines[:2] == ("Fault: Fan Fault", "Barn: does not report")
    assert (
        view(reading(**FAULT), other_stations=(BARN, SHOP)).icon.badge
        is Badge.GRID_LOST
    )


def test_a_trouble_with_the_portal_goes_before_what_was_wrong_elsewhere():
    offline = PollFailed(trouble=Trouble.OFFLINE)
    shown = view(reading(), failed=offline, other_stations=(FARM,))
    assert shown.icon.badge is Badge.OFFLINE
    assert shown.lines[1] == "Farm: fault"


def test_a_station_without_a_reading_still_shows_what_is_wrong_elsewhere():
    shown = view(other_stations=(FARM,))
    assert shown.icon.badge is Badge.FAULT
    assert shown.lines[-1] == "Farm: fault"


def test_the_line_names_two_and_counts_the_rest():
    wrong = worst_first((BARN, at("Home", StationState.OK), FARM, SHOP))
    assert [it.name for it in wrong] == ["Shop", "Farm", "Barn"]
    line = elsewhere_line(wrong, NOW)
    assert line == "Shop: grid lost · Farm: fault · 1 more station"
    assert elsewhere_line((), NOW) == ""


def test_what_was_found_long_ago_is_told_with_its_age():
    old = at("Farm", StationState.FAULT, timedelta(hours=2))
    assert elsewhere_line((old,), NOW) == "Farm: fault (2 h ago)"


@pytest.mark.usefixtures("pseudo")
def test_each_part_is_translated():
    assert elsewhere_line((FARM,), NOW) == "⟦Farm: ⟦fault⟧⟧"
