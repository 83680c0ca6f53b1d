"""A plant that is well is never spoken of; a fault is one notice and one all-clear.

Months and years of the whole program, with a network that stumbles, restarts, nights
without the portal, pauses of the logger and snow.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.year.plants import DIALECTS, PLANTS, Scene
from tests.year.promises import broken
from tests.year.station_year import run

pytestmark = [pytest.mark.torture, pytest.mark.timeout(3600)]
BOTH = pytest.mark.parametrize("dialect", DIALECTS)
DECEMBER = datetime(2026, 12, 1, tzinfo=UTC)
JUNE = datetime(2026, 6, 1, tzinfo=UTC)


@BOTH
@pytest.mark.parametrize("plant", PLANTS)
def test_a_month_without_trouble_is_silent(plant, dialect):
    scene = Scene(plant=plant, dialect=dialect, start=DECEMBER, days=31, quiet=True)
    assert broken([run(scene)]) == []


@BOTH
def test_in_two_months_every_fault_is_told_once_and_cleared_once(dialect):
    score = run(Scene(dialect=dialect, start=JUNE, days=60))
    assert len(score.told) >= 6
    assert broken([score]) == []


@BOTH
@pytest.mark.parametrize("habit", ["sleeps", "away"])
def test_a_year_keeps_every_promise(habit, dialect):
    scene = Scene(place="65N", plant="meter", dialect=dialect, habit=habit)
    assert broken([run(scene)]) == []
