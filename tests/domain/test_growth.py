"""Totals that are older than the powers beside them."""

from datetime import UTC, datetime, timedelta

import pytest

from sems_tray.domain.energy import AMOUNTS, energy_between, plus
from sems_tray.domain.model import EnergySums, Powers

NOON = datetime(2026, 6, 21, 12, tzinfo=UTC)
FULL = Powers(pv_w=6000.0, load_w=1000.0, grid_w=2000.0, battery_w=-3000.0)
DARK = Powers(pv_w=0.0, load_w=600.0, grid_w=-200.0, battery_w=400.0)


def minutes(count):
    return timedelta(minutes=count)


def rounded(sums):
    values = {it: getattr(sums, it) for it in AMOUNTS}
    return EnergySums(
        **{it: None if v is None else round(v, 6) for it, v in values.items()}
    )


def test_powers_that_change_evenly_make_the_energy_between():
    found = energy_between((NOON, FULL), (NOON + minutes(6), DARK))
    assert rounded(found) == EnergySums(
        pv_kwh=0.3,
        load_kwh=0.08,
        export_kwh=0.1,
        import_kwh=0.01,
        charge_kwh=0.15,
        discharge_kwh=0.02,
        self_use_kwh=0.07,
    )


@pytest.mark.parametrize("after", [None, NOON, NOON - minutes(2), NOON + minutes(11)])
def test_nothing_is_known_of_no_time_or_a_long_one(after):
    assert energy_between((NOON, FULL), (after, FULL)) == EnergySums()
    assert energy_between((None, FULL), (NOON, FULL)) == EnergySums()


def test_what_is_not_measured_makes_nothing_and_what_is_unknown_stays_so():
    roof = Powers(pv_w=3000.0)
    more = energy_between((NOON, roof), (NOON + minutes(2), roof))
    assert rounded(more) == EnergySums(pv_kwh=0.1)
    before = EnergySums(pv_kwh=5.0, load_kwh=2.0, income=1.0, currency="EUR")
    after = EnergySums(pv_kwh=5.1, load_kwh=2.0, income=1.0, currency="EUR")
    assert plus(before, more) == after
    assert plus(EnergySums(), more) == EnergySums()
