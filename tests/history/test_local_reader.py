"""What the history page is told of a store that cannot be read."""

from __future__ import annotations

from datetime import UTC

from sems_tray.domain.model import Station
from sems_tray.history.local_reader import LocalHistory, station_zone
from sems_tray.history.query import HistoryQuery


def test_a_damaged_store_is_told_in_its_own_words_without_the_pages(tmp_path):
    path = tmp_path / "history.sqlite"
    path.write_bytes(b"no database at all " * 100)
    history = LocalHistory(path)
    held = history.read("home", UTC, HistoryQuery())
    history.close()
    assert held.trouble
    assert "The history cannot be read" not in held.trouble


def test_a_zone_that_becomes_known_later_counts_from_then_on():
    known = Station(id="home", timezone="Pacific/Auckland")
    assert str(station_zone(Station(id="home"))) == "UTC"
    assert str(station_zone(known)) == "Pacific/Auckland"
