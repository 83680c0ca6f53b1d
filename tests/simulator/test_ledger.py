from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sems_tray.simulator.station.energy import area, split_area
from sems_tray.simulator.station.events import FAULT, GRID_LOST, Event
from sems_tray.simulator.station.ledger import Ledger
from sems_tray.simulator.station.places import MORE_PLACES, PLACES, place_named
from sems_tray.simulator.station.plant import day_start
from sems_tray.simulator.station.specs import house, roof

NOW = datetime(2026, 9, 15, 10, 30, tzinfo=UTC)
FIELDS = ("load_kwh", "import_kwh", "export_kwh", "charge_kwh", "discharge_kwh")
DAYS = st.dates(date(2025, 12, 1), date(2026, 9, 14))


def ledger(zone="Europe/Madrid", seed=1):
    return Ledger(house(place_named(zone), NOW), seed)


@settings(max_examples=25)
@given(DAYS, st.integers(0, 99), st.sampled_from((*PLACES, *MORE_PLACES)))
def test_what_comes_in_goes_out(day, seed, place):
    books = Ledger(house(place, NOW), seed)
    nodes = books.nodes(day)
    battery = books.spec.battery
    assert battery is not None
    assert min(nodes.charge_wh) >= battery.capacity_wh * 0.2 - 1e-6
    assert max(nodes.charge_wh) <= battery.capacity_wh + 1e-6
    assert -battery.charge_w <= min(nodes.battery_w)
    assert max(nodes.battery_w) <= battery.discharge_w
    for watts, inverter in zip(nodes.pv_w_each, books.spec.inverters, strict=True):
        assert 0 <= min(watts) <= max(watts) <= inverter.rated_w
    energy = books.day(day)
    balance = energy.ac_kwh + energy.import_kwh - energy.export_kwh
    assert energy.load_kwh == pytest.approx(balance, abs=1e-6)
    assert 5 < energy.load_kwh < 40
    stored = nodes.charge_wh[-1] - nodes.charge_wh[0]
    gained = energy.charge_kwh * battery.efficiency * 1000
    given_out = energy.discharge_kwh / battery.efficiency * 1000
    assert gained - given_out == pytest.approx(stored, abs=15)


@settings(max_examples=10)
@given(DAYS, st.integers(0, 99))
def test_a_days_energies_are_the_areas_of_its_minutes(day, seed):
    books = ledger(seed=seed)
    at = day_start(books.spec.place, day)
    end = day_start(books.spec.place, day + timedelta(days=1))
    minutes = []
    while at < end:
        minutes.append(books.powers(at))
        at += timedelta(minutes=1)
    energy = books.day(day)
    assert sum(p.pv_w for p in minutes) / 60e3 == pytest.approx(energy.pv_kwh, abs=0.05)
    assert sum(p.load_w for p in minutes) / 60e3 == pytest.approx(
        energy.load_kwh, abs=0.05
    )
    exported = sum(max(p.grid_w, 0) for p in minutes) / 60e3
    assert exported == pytest.approx(energy.export_kwh, abs=0.05)
    bought = sum(max(-p.grid_w, 0) for p in minutes) / 60e3
    assert bought == pytest.approx(energy.import_kwh, abs=0.05)


@given(
    st.datetimes(
        datetime.fromisoformat("2026-03-01"), datetime.fromisoformat("2026-09-01")
    ),
    st.integers(0, 5),
)
def test_powers_are_whole_watts_that_add_up(local, seed):
    powers = ledger(seed=seed).powers(local.replace(tzinfo=UTC))
    assert powers.load_w == powers.pv_w + powers.battery_w - powers.grid_w
    assert isinstance(powers.grid_w, int)


@given(st.integers(1, 24 * 60 - 1))
def test_todays_counter_never_runs_backwards(minute):
    books = ledger()
    start = day_start(books.spec.place, date(2026, 6, 1))
    before = books.today(start + timedelta(minutes=minute - 1))
    after = books.today(start + timedelta(minutes=minute))
    assert after.pv_kwh >= before.pv_kwh
    for field in FIELDS:
        assert getattr(after, field) >= getattr(before, field) - 1e-12


def test_a_day_counted_to_its_end_is_the_whole_day():
    books = ledger()
    day = date(2026, 6, 1)
    last = day_start(books.spec.place, date(2026, 6, 2)) - timedelta(microseconds=1)
    assert books.today(last).pv_kwh == pytest.approx(books.day(day).pv_kwh)
    assert books.today(last).import_kwh == pytest.approx(books.day(day).import_kwh)


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Madrid", date(2026, 3, 29), 23),
        ("Europe/Madrid", date(2025, 10, 26), 25),
        ("Atlantic/Azores", date(2026, 3, 29), 23),
        ("Atlantic/Azores", date(2025, 10, 26), 25),
        ("America/Santiago", date(2026, 4, 4), 25),
        ("America/Santiago", date(2025, 9, 7), 23),
        ("Africa/Cairo", date(2026, 4, 24), 23),
        ("Africa/Cairo", date(2025, 10, 30), 25),
        ("Asia/Tokyo", date(2026, 3, 29), 24),
    ],
)
def test_days_are_as_long_as_the_clock_makes_them(zone, day, hours):
    books = ledger(zone)
    assert len(books.nodes(day).load_w) == hours * 12 + 1
    start = day_start(books.spec.place, day)
    for minute in (0, 1, hours * 60 - 1):
        assert books.local_day(start + timedelta(minutes=minute)) == day
    assert books.powers(start + timedelta(hours=hours, minutes=-1)).load_w > 0


def test_the_sums_of_days_months_and_years_agree():
    books = ledger()
    first = date(2025, 9, 1)
    days = [first + timedelta(days=n) for n in range((NOW.date() - first).days)]
    by_day = sum(books.day(day).pv_kwh for day in days) + books.today(NOW).pv_kwh
    assert books.lifetime(NOW).pv_kwh == pytest.approx(by_day)
    year = books.span(date(2026, 1, 1), date(2026, 12, 31), NOW).pv_kwh
    before = books.span(date(2025, 1, 1), date(2025, 12, 31), NOW).pv_kwh
    assert year + before == pytest.approx(by_day)


def test_a_date_is_the_same_however_one_gets_there():
    straight = ledger().day(date(2026, 6, 10))
    walked = ledger()
    for back in range(30):
        walked.day(date(2026, 6, 25) - timedelta(days=back))
    assert walked.day(date(2026, 6, 10)) == straight


def test_seeds_make_different_days():
    day = date(2026, 6, 10)
    assert ledger(seed=1).day(day) != ledger(seed=2).day(day)


def test_a_fault_stops_one_inverter_and_leaves_the_past_alone():
    books, healthy = ledger(), ledger()
    since = datetime(2026, 9, 15, 10, 0, tzinfo=UTC)
    books.day(date(2026, 9, 14))
    books.set_events((Event(kind=FAULT, since=since),))
    assert books.day(date(2026, 9, 14)) == healthy.day(date(2026, 9, 14))
    before = since - timedelta(minutes=6)
    assert books.powers(before) == healthy.powers(before)
    assert books.powers(NOW).pv_w_each[1] == 0
    assert books.powers(NOW).pv_w_each[0] == healthy.powers(NOW).pv_w_each[0]


@settings(max_examples=20)
@given(st.integers(0, 30), st.integers(0, 23), st.integers(0, 59))
def test_without_the_grid_nothing_flows_through_the_meter(seed, hour, minute):
    books = ledger(seed=seed)
    since = datetime(2026, 9, 15, hour, 0, tzinfo=UTC)
    books.set_events((Event(kind=GRID_LOST, since=since),))
    powers = books.powers(since + timedelta(minutes=minute))
    assert powers.grid_w == 0
    assert powers.pv_w_each[1] == 0
    assert min(powers.pv_w_each) >= 0
    assert powers.load_w >= 0


def test_while_the_grid_is_lost_nothing_flows_even_if_it_comes_back_between_nodes():
    books = ledger()
    since = datetime(2026, 9, 15, 10, 0, tzinfo=UTC)
    until = since + timedelta(minutes=8)
    books.set_events((Event(kind=GRID_LOST, since=since, until=until),))
    lost = {books.powers(since + timedelta(seconds=s)).grid_w for s in range(0, 480, 7)}
    assert lost == {0}
    assert books.powers(until + timedelta(minutes=1)).grid_w != 0


def test_a_broken_inverter_gives_nothing_until_the_fault_is_over():
    books = ledger()
    since = datetime(2026, 9, 15, 10, 0, tzinfo=UTC)
    until = since + timedelta(minutes=8)
    books.set_events((Event(kind=FAULT, since=since, until=until),))
    assert books.powers(until - timedelta(seconds=1)).pv_w_each[1] == 0
    assert books.powers(until + timedelta(minutes=2)).pv_w_each[1] > 0


def test_a_station_without_meter_and_battery_only_feeds():
    books = Ledger(roof(place_named("Asia/Tokyo"), NOW, no=2, name="Roof"), 1)
    energy = books.day(date(2026, 9, 1))
    assert energy.export_kwh == pytest.approx(energy.pv_kwh)
    assert energy.load_kwh == energy.import_kwh == energy.charge_kwh == 0


@given(st.lists(st.integers(-9000, 9000), min_size=1, max_size=20))
def test_the_areas_above_and_below_zero_make_the_whole(nodes):
    above, below = split_area(nodes)
    assert above >= 0
    assert below >= 0
    assert above - below == pytest.approx(area(nodes), abs=1e-6)
