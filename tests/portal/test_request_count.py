"""Requests of a date, of this run and of others."""

from __future__ import annotations

from datetime import date

import pytest

from sems_tray.portal.request_queue import RequestCount

TODAY, TOMORROW = date(2026, 6, 21), date(2026, 6, 22)


def sent(count: int, day: date = TODAY) -> RequestCount:
    requests = RequestCount()
    for _ in range(count):
        requests.add(day)
    return requests


def test_requests_are_counted_by_the_date():
    requests = sent(3)
    assert (requests.on(TODAY), requests.on(TOMORROW)) == (3, 0)
    requests.add(TOMORROW)
    assert (requests.on(TODAY), requests.on(TOMORROW)) == (0, 1)


def test_a_later_run_goes_on_where_the_earlier_one_was():
    kept = sent(12).joined(None, TODAY)
    later = RequestCount()
    assert later.joined(kept, TODAY) is None
    assert later.on(TODAY) == 12
    later.add(TODAY)
    assert later.joined(kept, TODAY) == {"day": "2026-06-21", "count": 13}


def test_two_runs_at_a_time_add_up():
    one, other = sent(3), sent(5)
    kept = other.joined(one.joined(None, TODAY), TODAY)
    assert kept == {"day": "2026-06-21", "count": 8}
    assert one.joined(kept, TODAY) is None
    assert one.on(TODAY) == 8


def test_what_could_not_be_kept_is_counted_all_the_same():
    requests = sent(3)
    requests.joined(None, TODAY)  # and the disk is full
    requests.add(TODAY)
    assert requests.joined(None, TODAY) == {"day": "2026-06-21", "count": 4}


@pytest.mark.parametrize(
    "kept",
    [
        None,
        7,
        [],
        {},
        {"day": "2026-06-20", "count": 99},
        {"day": "2026-06-21", "count": "many"},
        {"day": "2026-06-21", "count": -5},
    ],
)
def test_yesterdays_count_and_nonsense_are_nothing(kept):
    requests = sent(2)
    assert requests.joined(kept, TODAY) == {"day": "2026-06-21", "count": 2}
