"""Classic bars and lists of the past."""

import json
from datetime import UTC, date, datetime, timedelta

from sems_tray.domain.model import EnergySums
from sems_tray.portal.classic.statistics import parse_pac_day
from tests.portal.scripted import ok
from tests.portal.totals import JUNE, MAY, WHERE, chart, classic, may


def test_classic_bars_by_all_their_names():
    lines = {"Generation(kWh)": 9.0, "Sell": 4.0, "Buy(kWh)": 2.0, "Consumption": 6.0}
    lines |= {"In-House": 5.0, "Charge": 1.0, "Discharge": 0.5, "Income": 0.25}
    rows = {name: may([value] * 31) for name, value in lines.items()}
    past = classic(chart(**rows)).month(MAY)
    assert past.days[4].sums == EnergySums(
        pv_kwh=9.0,
        export_kwh=4.0,
        import_kwh=2.0,
        load_kwh=6.0,
        self_use_kwh=5.0,
        charge_kwh=1.0,
        discharge_kwh=0.5,
        income=0.25,
        currency="CHF",
    )
    whole = past.months[0].sums
    assert (whole.pv_kwh, whole.income, whole.currency) == (279.0, 7.75, "CHF")


def test_classic_bars_of_0_of_what_is_not_fitted_are_unknown():
    zeros = may([0.0] * 31)
    names = ("Sell", "Buy", "SelfUse", "Charge", "Discharge", "Income")
    lines = {"PVGeneration": may([5.0] * 31), "Consumption": may([5.0] * 31)}
    past = classic(chart(**lines, **dict.fromkeys(names, zeros))).month(MAY)
    assert {it.sums for it in past.days} == {EnergySums(pv_kwh=5.0)}


def test_classic_stations_off_the_grid_have_a_load():
    zeros = may([0.0] * 31)
    lines = {"PVGeneration": may([5.0] * 31), "Consumption": may([4.0] * 31)}
    past = classic(chart(**lines, Sell=zeros, Buy=zeros, Charge=may([2.0] * 31))).month(
        MAY
    )
    assert past.days[0].sums.load_kwh == 4.0
    assert past.days[0].sums.import_kwh == 0.0


def test_a_classic_year_whose_months_are_missing_is_asked_for_as_one():
    few = {"2025-11": 3.0, "2025-12": 4.0}
    years = {"2024": 90.0, "2025": 7.1}

    def answer(request):
        rows = {3: few, 4: years}.get(json.loads(request.body)["range"], {})
        return chart(PVGeneration=rows)

    past = classic(answer).year(2025)
    assert [it.key for it in past.months] == ["2025-11", "2025-12"]
    assert past.years[0].sums.pv_kwh == 7.1


def test_a_classic_year_is_asked_for_up_to_today():
    asked = []

    def answer(request):
        asked.append(json.loads(request.body)["date"])
        return chart()

    client = classic(answer)
    asked.clear()
    client.year(2026)
    client.year(2024)
    client.month(JUNE)
    client.month(date(2024, 2, 1))
    assert asked == ["2026-06-21", "2024-12-31", "2026-06-21", "2024-02-29"]


def test_an_older_curve_without_its_rows_is_empty():
    for raw in (b"null", b"{}", b"[]", b'{"pacs": null}'):
        assert parse_pac_day(raw, WHERE) == ()


def test_an_older_curve_of_another_day_is_not_of_this_one():
    pacs = [
        {"date": f"06/{day}/2026 12:0{n}:00", "pac": 100.0 * n}
        for day in (19, 20, 21)
        for n in (1, 2)
    ]
    client = classic(
        **{"*/GetPowerStationPacByDayForApp": ok({"today_power": 1, "pacs": pacs})}
    )
    points = client.day_curve(date(2026, 6, 20))
    noon = datetime(2026, 6, 20, 10, tzinfo=UTC)
    assert [it.at - noon for it in points] == [timedelta(minutes=n) for n in (1, 2)]
