"""A profile of the version before habits were learned opens as if nothing had changed.

``old_profile`` was written by that version: a demo house, a fault that was announced.
"""

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from sems_tray.alerts.model import AlertRules
from sems_tray.domain.model import Energy, Powers
from sems_tray.domain.poll_result import PollSucceeded
from sems_tray.history.local_reader import LocalHistory
from sems_tray.history.recorder import HistoryRecorder
from sems_tray.notifications.alert_store import AlertStore
from sems_tray.runtime.context import AppContext
from sems_tray.runtime.options import Options
from sems_tray.storage.paths import profile_paths
from sems_tray.storage.settings import load
from tests.kit.readings import alarm, inverter, reading
from tests.notifications.test_alert_store import Day, Desk

OLD = Path(__file__).parent / "old_profile"
LATER = datetime(2026, 11, 21, 20, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
FAULTY = "DEMO5000DNS00001"
ALARM = alarm(
    "Isolation Failure",
    id="c1550c34-1795288200",
    device_sn=FAULTY,
    device_name="Garage",
    code="E-G3-0-18",
    happened_at=datetime(2026, 11, 21, 19, 10, tzinfo=UTC),
)


@pytest.fixture
def paths(tmp_path):
    paths = profile_paths(tmp_path)
    shutil.copy(OLD / "settings.json", paths.settings)
    with closing(sqlite3.connect(paths.history)) as con:
        con.executescript((OLD / "history.sql").read_text(encoding="utf-8"))
    return paths


def of(station, at, *, faulty):
    state = "fault" if faulty else "running"
    return reading(
        station=station,
        received_at=at,
        measured_at=at,
        power=Powers(pv_w=4000.0),
        battery=None,
        energy=Energy(),
        inverters=(inverter(state, sn=FAULTY, name="Garage"),),
        alarms=(ALARM,) if faulty else (),
    )


def test_its_settings_are_read_and_a_low_battery_is_told_where_it_matters(paths):
    loaded = load(paths.settings)
    assert not loaded.message
    assert loaded.settings.window == "560x700"
    assert not loaded.settings.alerts.low_each_time


def test_its_history_is_read_and_written_on(paths):
    with closing(HistoryRecorder(paths.history, now=lambda: LATER)) as recorder:
        assert not recorder.blocked
        (station,) = (it for it in recorder.reader.stations() if it.id)
        assert [
            it.sums.pv_kwh for it in recorder.days(station, date.min, date.max)
        ] == [16.51]
        assert recorder.learn_habits(station) is not None
        recorder.record_reading(of(station, LATER, faulty=True))
        assert len(recorder.reader.day(station.id, LATER.date(), UTC)) == 3
        run = AppContext(options=Options(), paths=paths, loaded=load(paths.settings))
        assert run._behind(station.id) == timedelta()
        lifetimes = run._lifetimes(station.id)
        assert lifetimes is not None
        assert not lifetimes.station


def test_its_fault_is_not_told_again_and_its_end_is(paths, qtbot):
    history, desk, at = LocalHistory(paths.history), Desk(), LATER
    (station,) = (it for it in history.reader.stations() if it.id)
    alerts = AlertStore(
        desk,  # type: ignore[arg-type]
        Day(),
        now=lambda: at,
        saved_states=history.alert_states,
        started=LATER - MINUTE,
    )
    alerts.set_rules(AlertRules(), None)
    for faulty in (True, True, True, False, False, False, False, False, False, False):
        at += 4 * MINUTE
        alerts.on_polled(PollSucceeded(reading=of(station, at, faulty=faulty)))
        if faulty:
            assert desk.shown == []
            assert [it.title for it in alerts.problems()] == [
                "Inverter Garage has a fault"
            ]
    history.close()
    assert alerts.problems() == ()
    assert len(desk.shown) == 1
