"""A plant that is well is never spoken of; ten faults are ten notices.

The default rules are on, battery low and critical included: the simulator's battery
rests at its reserve of 20 %, which is no trouble.
"""

from datetime import UTC, datetime

import pytest

from sems_tray.core.alerts import Rule
from sems_tray.core.model import Dialect
from sems_tray.simulator.events import FAULT, GRID_LOST
from tests.core.alerts.year import Plant, lived, ten_events

JUNE = datetime(2026, 6, 1, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 1, tzinfo=UTC)
BOTH = pytest.mark.parametrize("dialect", list(Dialect))


def _nothing_was_said(dialect: Dialect, start: datetime, days: int) -> None:
    told = lived(Plant(dialect, start, seed=days), days)
    assert told.readings > days * 24 * 20
    assert told.readings < told.polls
    assert [f"{it.since} {it.title}" for it in told.raised] == []
    assert told.cleared == []
    assert told.others == []


def _ten_were_told(dialect: Dialect, start: datetime, days: int) -> None:
    plant = Plant(dialect, start, seed=days)
    events = ten_events(plant, days)
    plant.site.set_events(events)
    told = lived(plant, days)
    said = [f"{it.at} {it.title}" for it in told.raised]
    rules = {FAULT: Rule.DEVICE_FAULT, GRID_LOST: Rule.GRID_LOST}
    assert len(said) == 10, said
    for event, notice in zip(events, told.raised, strict=True):
        assert notice.rule is rules.get(event.kind, Rule.SILENT)
        assert event.until is not None
        assert event.since <= notice.at < event.until
    assert len(told.cleared) == 10
    for event, notice in zip(events, told.cleared, strict=True):
        assert notice.rule is rules.get(event.kind, Rule.SILENT)
        assert event.until is not None
        assert notice.at >= event.until
    assert told.others == []


@BOTH
def test_a_month_without_trouble_is_silent(dialect: Dialect) -> None:
    _nothing_was_said(dialect, DECEMBER, 31)


@BOTH
def test_ten_faults_in_a_month_are_ten_notices_and_ten_all_clears(
    dialect: Dialect,
) -> None:
    _ten_were_told(dialect, JUNE, 30)


@pytest.mark.torture
@BOTH
def test_a_year_without_trouble_is_silent(dialect: Dialect) -> None:
    _nothing_was_said(dialect, datetime(2026, 1, 1, tzinfo=UTC), 365)


@pytest.mark.torture
@BOTH
def test_ten_faults_in_a_year_are_ten_notices_and_ten_all_clears(
    dialect: Dialect,
) -> None:
    _ten_were_told(dialect, datetime(2026, 1, 1, tzinfo=UTC), 365)
