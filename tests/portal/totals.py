"""Replies that hold totals of the past, and clients that get them."""

import json
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sems_tray.domain.model import Dialect
from sems_tray.portal.poll_plan import PollRequest
from tests.portal.scripted import Desk, classic_portal, ok, plus_portal

NOW = datetime(2026, 6, 21, 10, tzinfo=UTC)
WHERE = ZoneInfo("Europe/Amsterdam")
JUNE, MAY = date(2026, 6, 1), date(2026, 5, 1)
PV, LOAD, INCOME = "proSystemTotalStats", "proConsumStats", "profitProStats"
STATISTICS, PRODUCTION = "*/stations/statistics", "*/stations/production"
NONE = ok({})


def statistics(**items):
    """Return rows by item, each a mapping from date texts to values."""
    return ok(
        {
            "dataList": [
                {
                    "item": item,
                    "statisticsList": [{"date": d, "val": v} for d, v in rows.items()],
                }
                for item, rows in items.items()
            ]
        }
    )


def plus(by_dimension, production=NONE, **more):
    def answer(request):
        dimension = json.loads(request.body)["dimension"]
        return by_dimension.get(dimension, {"code": "S0327", "description": "no"})

    parts = {STATISTICS: answer, PRODUCTION: production}
    return Desk(plus_portal(**(parts | more))).client


def chart(**lines):
    return ok(
        {
            "lines": [
                {
                    "key": key,
                    "unit": "CHF" if key == "Income" else "kWh",
                    "xy": [{"x": x, "y": y} for x, y in rows.items()],
                }
                for key, rows in lines.items()
            ]
        }
    )


def classic(bars=None, **more):
    parts = {"*/GetChartByPlant": bars} if bars else {}
    client = Desk(classic_portal(**(parts | more)), dialect=Dialect.CLASSIC).client
    client.fetch(PollRequest())  # which tells the zone
    return client


def may(values):
    return {f"2026-05-{n:02d}": v for n, v in enumerate(values, 1)}
