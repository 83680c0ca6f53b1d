"""What is asked for again: late uploads, partial replies, what damage took."""

from datetime import UTC, date, datetime, timedelta

import pytest

from sems_tray.domain.energy import Period, ValueSource
from sems_tray.domain.model import EnergySums
from sems_tray.storage.history.store import History
from sems_tray.storage.paths import HISTORY
from tests.kit.clock import Clock
from tests.kit.history_data import HOME, MINUTE, NOON, ZONE, filled, point

TODAY = date(2026, 6, 21)
WHOLE = EnergySums(
    pv_kwh=1,
    load_kwh=1,
    import_kwh=1,
    export_kwh=1,
    charge_kwh=1,
    discharge_kwh=1,
    self_use_kwh=1,
)


@pytest.fixture
def clock():
    return Clock(NOON)


@pytest.fixture
def history(tmp_path, clock):
    with History(tmp_path / HISTORY, now=clock) as made:
        yield made


def gap(history, day, now, *, anew=False):
    found = history.reader.gaps(HOME, day, day, ZONE, now=now, anew=anew)
    return (found[0].curve, found[0].totals) if found else None


def curve_of(day, share=1.0):
    start = datetime(day.year, day.month, day.day, tzinfo=ZONE).astimezone(UTC)
    return [point(start + 5 * MINUTE * n) for n in range(round(288 * share))]


def test_an_empty_answer_is_asked_for_again_the_next_day_and_no_sooner(history):
    day = TODAY - timedelta(days=1)
    history.add_curve(HOME, [], day=day)
    history.record_asked(HOME, "totals", day)
    assert gap(history, day, NOON) is None
    assert gap(history, day, NOON + timedelta(hours=8)) is None
    assert gap(history, day, NOON + timedelta(days=1)) == (True, True)


def test_a_partial_answer_is_asked_for_again(history):
    day = TODAY - timedelta(days=1)
    history.add_curve(HOME, curve_of(day, 0.5), day=day)
    history.put_day(HOME, day, EnergySums(pv_kwh=1))
    history.record_asked(HOME, "totals", day)
    assert gap(history, day, NOON) is None
    tomorrow = NOON + timedelta(days=1)
    assert gap(history, day, tomorrow) == (True, True)
    history.add_curve(HOME, curve_of(day), day=day)
    assert gap(history, day, tomorrow) == (False, True)
    history.put_day(HOME, day, WHOLE)
    assert gap(history, day, tomorrow) is None


def test_a_fortnight_later_the_portal_has_had_its_chance(history):
    day = TODAY - timedelta(days=1)
    history.add_curve(HOME, [], day=day)
    history.record_asked(HOME, "totals", day)
    assert gap(history, day, NOON + timedelta(days=13)) == (True, True)
    assert gap(history, day, NOON + timedelta(days=14)) is None


def test_the_owners_wish_asks_once_more_long_after(history):
    day = TODAY - timedelta(days=40)
    history.add_curve(HOME, [point(NOON - timedelta(days=100))])
    history.add_curve(HOME, [], day=day)
    history.record_asked(HOME, "totals", day)
    later = NOON + timedelta(days=31)
    assert gap(history, day, NOON, anew=True) is None
    assert gap(history, day, later) is None
    assert gap(history, day, later, anew=True) == (True, True)
    history.add_curve(HOME, [point(NOON - timedelta(days=40))])
    history.put_day(HOME, day, EnergySums(pv_kwh=1))
    assert gap(history, day, later, anew=True) is None
    before = TODAY - timedelta(days=200)
    history.record_asked(HOME, "curve", before)
    history.record_asked(HOME, "totals", before)
    assert gap(history, before, later, anew=True) is None


def test_after_damage_what_was_lost_is_asked_for_again(tmp_path, clock):
    path = tmp_path / HISTORY
    with History(path, now=clock) as history:
        filled(history, 3000)
        history.record_asked(HOME, "curve", TODAY)
        history.record_asked(HOME, "totals", TODAY)
        assert history.reader.gaps(HOME, TODAY, TODAY, ZONE) == ()
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)
    with History(path, now=clock) as history:
        assert "damaged" in history.message
        assert len(history.reader.gaps(HOME, TODAY, TODAY, ZONE)) == 1


def sunny(day, *, until=20.0, **more):
    """Return a roof's curve from half past seven in the morning on."""
    start = datetime(day.year, day.month, day.day, tzinfo=ZONE).astimezone(UTC)
    hours = [7.5 + n / 12 for n in range(150) if 7.5 + n / 12 <= until]
    return [
        point(
            start + timedelta(hours=it),
            pv_w=max(round(4000 * (1 - ((it - 13.75) / 6.25) ** 2)), 5),
            **more,
        )
        for it in hours
    ]


@pytest.mark.parametrize("asked", [True, False])
def test_the_night_of_a_roof_without_a_meter_is_no_gap(history, asked):
    day = TODAY - timedelta(days=1)
    history.add_curve(HOME, sunny(day), day=day if asked else None)
    history.put_day(HOME, day, WHOLE)
    assert gap(history, day, NOON + timedelta(days=1)) is None


def test_a_night_that_the_portal_did_not_tell_is_no_gap_even_with_a_meter(history):
    day = TODAY - timedelta(days=1)
    history.add_curve(HOME, sunny(day, load_w=300))
    history.put_day(HOME, day, WHOLE)
    assert gap(history, day, NOON) == (True, False)
    history.add_curve(HOME, sunny(day, load_w=300), day=day)
    assert gap(history, day, NOON + timedelta(days=1)) is None


def test_a_day_that_ends_in_full_light_is_asked_for_again(history):
    day = TODAY - timedelta(days=1)
    history.add_curve(HOME, sunny(day, until=14), day=day)
    history.put_day(HOME, day, WHOLE)
    assert gap(history, day, NOON + timedelta(days=1)) == (True, False)


def test_a_day_too_dark_for_any_roof_is_asked_for_once(history):
    day = TODAY - timedelta(days=1)
    tomorrow = NOON + timedelta(days=1)

    def gaps(**more):
        return history.reader.gaps(HOME, day, day, ZONE, now=tomorrow, **more)

    history.put_day(HOME, day, WHOLE)
    assert gaps(is_dull=lambda _: True)[0].curve
    history.add_curve(HOME, [], day=day)
    assert gaps(is_dull=lambda _: True) == ()
    assert gaps()[0].curve  # by a higher sun it may come late


def test_the_income_of_a_final_day_is_asked_for_once_and_never_the_last_live_one(
    history,
):
    day = TODAY - timedelta(days=1)
    noon = EnergySums(pv_kwh=20, income=3.42, currency="EUR")
    history.put_day(HOME, day, noon, ValueSource.LIVE)
    (before,) = history.reader.days(HOME, day, day)
    assert (before.sums.income, before.final) == (3.42, False)
    history.put_day(HOME, day, WHOLE)
    (after,) = history.reader.days(HOME, day, day)
    assert (after.sums.income, after.sums.currency, after.final) == (None, None, True)

    def lacks_income():
        return any(it.income for it in history.reader.gaps(HOME, day, day, ZONE))

    assert lacks_income()
    history.put_day(HOME, day, EnergySums(income=11.99, currency="EUR"))
    assert not lacks_income()
    history.put_day(HOME, day, WHOLE)  # fetched again, without a word on money
    (after,) = history.reader.days(HOME, day, day)
    assert (after.sums.income, after.sums.currency) == (11.99, "EUR")


def test_where_nothing_is_ever_earned_no_income_is_asked_for(history):
    day = TODAY - timedelta(days=1)
    history.put_day(HOME, day, WHOLE)
    assert not any(it.income for it in history.reader.gaps(HOME, day, day, ZONE))
    history.put_period(HOME, Period.MONTH, "2026-06", EnergySums(income=40.0))
    assert any(it.income for it in history.reader.gaps(HOME, day, day, ZONE))
    history.record_asked(HOME, "income", day)
    assert not any(it.income for it in history.reader.gaps(HOME, day, day, ZONE))
