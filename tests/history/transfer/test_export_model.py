"""Rows as CSV and JSON, and back: nothing is lost, nothing is made up."""

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sems_tray.domain.energy import (
    AMOUNTS,
    DayTotals,
    HistoryRow,
    InverterSample,
    PeriodTotals,
)
from sems_tray.domain.model import EnergySums, Powers, Station
from sems_tray.domain.time_zones import zone
from sems_tray.history.transfer.export_formats import (
    curve_json,
    curve_lines,
    lines,
    number,
    totals_lines,
)
from sems_tray.history.transfer.export_model import (
    Every,
    ExportRange,
    TotalsRow,
    believed,
    believed_row,
    day_rows,
    month_rows,
)
from sems_tray.history.transfer.import_format import read_export

NOON = datetime(2026, 6, 21, 10, 40, tzinfo=UTC)
SERIALS = ("9010KETU123W4567", "=CMD()", '50 kW, "roof"')
ZONES = ["Europe/Amsterdam", "Asia/Kathmandu", "Australia/Adelaide", "UTC-03:30"]
SOME = st.none() | st.integers(-9999, 99_999)
TENTHS = st.none() | st.integers(0, 1000).map(lambda n: n / 10)


def where(name="Europe/Amsterdam"):
    found = zone(name)
    assert found is not None
    return found


def selected(every=Every.MINUTES, name="Europe/Amsterdam"):
    day = date(2026, 6, 21)
    return ExportRange(
        station=Station(id="plant-1", name="Höme\x1b", timezone=name, capacity_kwp=10),
        where=where(name),
        every=every,
        first=day,
        last=day,
        today=day,
    )


@st.composite
def curves(draw):
    """Rows in order, each of which says something."""
    steps = draw(st.lists(st.integers(1, 400), min_size=1, max_size=12))
    rows, at = [], draw(st.sampled_from([NOON, NOON.replace(month=3, day=28)]))
    for step in steps:
        at += timedelta(minutes=5 * step)
        heard = [
            InverterSample(sn=sn, power_w=draw(SOME), temperature_c=draw(TENTHS))
            for sn in draw(st.sets(st.sampled_from(SERIALS)))
        ]
        powers = [draw(SOME) for _ in range(4)]
        row = HistoryRow(
            at=at,
            span_min=5,
            power=Powers(
                pv_w=draw(st.integers(0, 9000)),
                load_w=powers[0],
                grid_w=powers[1],
                battery_w=powers[2],
                ev_w=powers[3],
            ),
            soc_percent=draw(TENTHS),
            inverters=tuple(heard),
        )
        rows.append(believed_row(row))
    return rows


@st.composite
def totals(draw):
    days = sorted(draw(st.sets(st.dates(date(1991, 1, 1), date(2198, 1, 1)))))
    kwh = st.none() | st.integers(0, 10**9).map(lambda n: n / 1000)
    rows = []
    for day in days:
        values = {name: draw(kwh) for name in AMOUNTS}
        values["income"] = draw(st.none() | st.floats(-1e9, 1e9))
        currency = draw(st.none() | st.sampled_from(["EUR", "=1+1", "'", "-€", "@a"]))
        sums = EnergySums(**values | {"pv_kwh": 1.5}, currency=currency)
        rows.append(DayTotals(day=day, sums=sums, final=draw(st.booleans())))
    return day_rows(rows)


def as_csv(rows, name="Europe/Amsterdam"):
    return list(curve_lines(rows, where(name), sorted(SERIALS)))


def read(text):
    return read_export(text.encode().splitlines(keepends=True))


@given(curves(), st.sampled_from(ZONES))
def test_powers_come_back_from_json(rows, name):
    told = (curve_json(it, where(name)) for it in rows)
    text = "".join(lines(selected(name=name), [("rows", told)]))
    found = read(text)
    assert list(found.items) == rows
    assert found.station == selected(name=name).station
    assert json.loads(text)["rows"] == [curve_json(it, where(name)) for it in rows]


@given(curves(), totals())
def test_csv_is_a_clean_rectangle_that_no_spreadsheet_runs(powers, days):
    for made in (as_csv(powers), list(totals_lines(days, Every.DAY))):
        table = list(csv.reader(io.StringIO("".join(made)), strict=True))
        assert {len(it) for it in table} == {len(table[0])}
        assert all(it.endswith("\n") and "\r" not in it for it in made)
        for cell in (cell for row in table for cell in row):
            assert not cell.startswith(("=", "+", "@", "\t"))
            assert not cell.startswith("-") or float(cell) < 0


def test_the_heads_and_cells_are_as_promised():
    row = HistoryRow(
        at=NOON,
        span_min=5,
        power=Powers(pv_w=3210.0, load_w=0, grid_w=-1210),
        soc_percent=76.4,
        inverters=(InverterSample(sn="SN1", temperature_c=41.2),),
    )
    assert "".join(curve_lines([row], where(), ["SN1"])) == (
        "Time,Local time,PV (W),House (W),Grid export (W),Battery discharge (W),"
        "EV charger (W),Battery (%),Inverter SN1 power (W),"
        "Inverter SN1 temperature (°C)\n"
        "2026-06-21T12:40:00+02:00,2026-06-21 12:40,3210,0,-1210,,,76.4,,41.2\n"
    )
    amounts = dict(zip(AMOUNTS, (18.4, 9.1, 0.3, 6.2, 5, 1.4, 12.2, 4.1), strict=True))
    sums = EnergySums(**amounts, currency="EUR")
    day = TotalsRow(key="2026-06-21", sums=sums, final=True)
    assert "".join(totals_lines([day], Every.DAY)) == (
        "Date,PV (kWh),House (kWh),Import (kWh),Export (kWh),Charge (kWh),"
        "Discharge (kWh),Self-use (kWh),Income,Currency,Final\n"
        "2026-06-21,18.4,9.1,0.3,6.2,5,1.4,12.2,4.1,EUR,yes\n"
    )


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25)]
)
def test_each_hour_of_a_day_that_the_clock_changes_is_told_apart(day, hours):
    start = datetime(day.year, day.month, day.day, tzinfo=where()).astimezone(UTC)
    rows = [
        HistoryRow(at=start + timedelta(hours=n), span_min=5, power=Powers(pv_w=n))
        for n in range(hours)
    ]
    made = list(csv.DictReader(as_csv(rows)))
    assert {it["Time"][:10] for it in made} == {day.isoformat()}
    assert len({it["Time"] for it in made}) == hours
    assert len({it["Local time"] for it in made}) == min(hours, 24)


def test_a_partial_month_says_how_many_days_it_knows():
    days = [
        DayTotals(day=date(2026, 6, n), sums=EnergySums(pv_kwh=n)) for n in range(1, 13)
    ]
    months = [PeriodTotals(key="2026-05", sums=EnergySums(pv_kwh=400), final=True)]
    rows = month_rows(days, months, date(2026, 6, 20))
    made = list(csv.DictReader(totals_lines(rows, Every.MONTH)))
    assert [
        (it["Month"], it["PV (kWh)"], it["Final"], it["Days known"]) for it in made
    ] == [
        ("2026-05", "400", "yes", "31"),
        ("2026-06", "78", "no", "12"),
    ]


def test_a_month_in_which_the_station_began_counts_its_days():
    days = [
        DayTotals(day=date(2026, 5, n), sums=EnergySums(pv_kwh=n), final=True)
        for n in range(15, 32)
    ]
    months = [
        PeriodTotals(key=key, sums=EnergySums(pv_kwh=400), final=True)
        for key in ("2026-05", "2026-06")
    ]
    rows = month_rows(days, months, date(2026, 7, 20))
    assert [(it.key, it.known_days) for it in rows] == [
        ("2026-05", 17),
        ("2026-06", 30),
    ]


def test_a_currency_is_told_only_beside_an_amount():
    sums = EnergySums(pv_kwh=1, currency="AUD")
    rows = day_rows([DayTotals(day=date(2026, 6, 1), sums=sums)])
    (made,) = csv.DictReader(totals_lines(rows, Every.DAY))
    assert made["Currency"] == ""


def test_what_cannot_be_true_leaves_as_unknown():
    strange = EnergySums(pv_kwh=-1.0, load_kwh=float("nan"), income=float("inf"))
    assert believed(strange) == EnergySums()
    row = HistoryRow(at=NOON, span_min=7, power=Powers(pv_w=1e10), soc_percent=536)
    assert believed_row(row) == HistoryRow(at=NOON)


@given(st.floats(-1e9, 1e9))
def test_a_number_has_all_its_digits_and_no_exponent(value):
    assert float(number(value)) == value
    assert "e" not in number(value).lower()


def test_json_commands_no_terminal():
    text = "".join(lines(selected(), [("rows", [])]))
    assert "\x1b" not in text
    assert json.loads(text)["station"]["name"] == "Höme\x1b"
