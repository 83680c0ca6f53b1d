"""A counter that starts again is told alike by the tray and by a fresh status."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from sems_tray.domain.energy import Period
from sems_tray.domain.lifetime_counters import LIFETIMES, from_json
from sems_tray.domain.model import Dialect
from sems_tray.storage.history.reader import HistoryReader
from sems_tray.storage.history.store import History
from sems_tray.storage.paths import HISTORY
from tests.portal.scripted import (
    NOON,
    STATION,
    Desk,
    classic_portal,
    factors,
    flow,
    monitor,
    plus_portal,
    reading,
)


def classic(kwh, at):
    full = {"last_time": at.timestamp() * 1000}
    entry = {"sn": "INV", "status": 1, "out_pac": 0, "eday": 1.0, "etotal": kwh}
    told = monitor(
        kpi={"power": 1.0, "total_power": kwh},
        inverter=[entry | {"invert_full": full}],
    )
    return {"*/GetMonitorDetailByPowerstationId": told}


def plus(kwh, at):
    here = at.astimezone(ZoneInfo("Europe/Amsterdam")).replace(tzinfo=None)
    return {
        "*/telecounting": factors(proPvStatsTotal=str(kwh)),
        "*/stations/flow": flow(refreshTime=here.isoformat()),
    }


PORTALS = {
    Dialect.SEMSPLUS: (plus_portal, plus),
    Dialect.CLASSIC: (classic_portal, classic),
}


def recall(path):
    def recalled(station):
        with HistoryReader(path) as reader:
            return from_json(reader.state(station, LIFETIMES))

    return recalled


@pytest.mark.parametrize("dialect", Dialect)
def test_every_process_says_the_same(tmp_path, dialect):
    path = tmp_path / HISTORY
    portal, counted = PORTALS[dialect]
    tray = Desk(portal(), dialect=dialect, recall=recall(path))
    told = []
    with History(path) as history:
        for hours, kwh in ((0, 900.0), (1, 0.5), (20, 8.0), (26, 11.0), (27, 13.0)):
            at = NOON + timedelta(hours=hours)
            desks = [tray, Desk(portal(), dialect=dialect, recall=recall(path))]
            found = []
            for desk in reversed(desks):  # the status only reads
                desk.script.answers |= counted(kwh, at)
                desk.clock.at = at
                found.append(reading(desk.fetch()))
            shown = [
                (it.energy.total.pv_kwh, it.inverters[0].total_kwh) for it in found
            ]
            assert shown[0] == shown[1]
            told.append(shown[1])
            history.add(found[1])
        (total,) = history.reader.periods(STATION, Period.TOTAL)
        assert total.sums.pv_kwh == 913.0
    held = (900.0, 900.0)
    assert told == [held, held, held, (911.0, 11.0), (913.0, 13.0)]


def test_without_a_history_the_portals_value_stands(tmp_path):
    desk = Desk(plus_portal(), recall=recall(tmp_path / HISTORY))
    desk.script.answers |= plus(0.5, NOON)
    assert reading(desk.fetch()).energy.total.pv_kwh == 0.5
    assert not (tmp_path / HISTORY).exists()


def test_while_the_history_cannot_be_read_nothing_kept_is_lost():
    kept = [None, from_json({})]
    desk = Desk(plus_portal(), recall=lambda _: kept.pop(0))
    assert reading(desk.fetch()).lifetimes is None
    desk.clock.add(minutes=1)
    assert reading(desk.fetch()).lifetimes is not None
