"""What the history page is told of a store that cannot be read."""

from __future__ import annotations

from sems_tray.domain.model import Station
from sems_tray.history.local_reader import LocalHistory
from sems_tray.history.query import HistoryQuery


def test_a_damaged_store_is_told_in_its_own_words_without_the_pages(tmp_path):
    path = tmp_path / "history.sqlite"
    path.write_bytes(b"no database at all " * 100)
    shelf = LocalHistory(path)
    held = shelf.source(Station(id="home")).read(HistoryQuery())
    shelf.close()
    assert held.trouble
    assert "The history cannot be read" not in held.trouble


def test_a_zone_that_becomes_known_later_counts_from_then_on(tmp_path):
    shelf = LocalHistory(tmp_path / "history.sqlite")
    unknown = shelf.source(Station(id="home"))
    known = shelf.source(Station(id="home", timezone="Pacific/Auckland"))
    assert (str(unknown.where), str(known.where)) == ("UTC", "Pacific/Auckland")
    assert shelf.source(Station(id="home", timezone="Pacific/Auckland")) is known
    shelf.close()
