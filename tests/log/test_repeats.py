"""One kind of event does not fill a log."""

from __future__ import annotations

from sems_tray.log.handlers import Repeats


def test_the_first_and_every_tenfold_is_told():
    repeats = Repeats()
    told = [it for it in (repeats.count("kind") for _ in range(10_000)) if it]
    assert told == [1, 10, 100, 1000, 10_000]
    assert repeats.count("other") == 1


def test_ever_new_kinds_take_no_room_without_end():
    repeats = Repeats()
    assert {repeats.count(number) for number in range(5000)} == {1}
    assert len(repeats._counts) <= 500
