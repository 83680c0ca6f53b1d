"""``status`` judges dusk as the tray does: by the owner's place, and by the history."""

from datetime import UTC, datetime, timedelta

import pytest

from sems_tray.cli.status import _learn, status
from sems_tray.domain.model import Dialect, LastAwake, Powers, Reading, Station
from sems_tray.domain.time_zones import utc_now
from sems_tray.runtime.context import AppContext
from sems_tray.runtime.options import Options
from sems_tray.runtime.sky import Sky
from sems_tray.simulator.simulator import Simulator
from sems_tray.storage.history.store import History
from sems_tray.storage.paths import profile_paths
from sems_tray.storage.settings import Settings, load, save

ROOF = Station(id="roof", timezone="Europe/Amsterdam")
DUSK = datetime(2026, 1, 5, 14, 47, tzinfo=UTC)


@pytest.fixture
def run(tmp_path):
    paths = profile_paths(tmp_path)
    return AppContext(options=Options(), paths=paths, loaded=load(paths.settings))


def test_status_learns_from_the_history_that_the_tray_left(run, monkeypatch):
    monkeypatch.setattr(
        "sems_tray.cli.status.utc_now", lambda: DUSK + timedelta(hours=9)
    )
    with History(run.paths.history, now=utc_now) as history:
        for minutes in range(60):
            at = DUSK - timedelta(minutes=minutes)
            history.add(
                Reading(
                    dialect=Dialect.SEMSPLUS,
                    station=ROOF,
                    received_at=at,
                    measured_at=at,
                    power=Powers(pv_w=20.0),
                )
            )
    sky = Sky(run.settings)
    _learn(sky, run, ROOF)
    waking = sky.habits(ROOF.id).waking
    assert waking is not None
    last = DUSK + timedelta(minutes=3)  # of its five minutes
    assert waking.last_awake == LastAwake(at=last, pv_w=20.0)


@pytest.mark.parametrize("content", [None, b"", b"this is no history"])
def test_status_learns_nothing_from_a_file_that_cannot_be_read(run, content):
    if content is not None:
        run.paths.history.parent.mkdir(parents=True, exist_ok=True)
        run.paths.history.write_bytes(content)
    sky = Sky(run.settings)
    _learn(sky, run, ROOF)
    assert sky.habits(ROOF.id).waking is None
    if content is not None:
        assert run.paths.history.read_bytes() == content


def test_status_knows_where_the_owner_says_that_the_roof_is(tmp_path, capsys):
    with Simulator("night", limit_per_minute=None) as portal:
        place = portal.world.sites[0].spec.place
        other_side = Settings(
            latitude=-place.latitude_deg,
            longitude=(place.longitude_deg + 360) % 360 - 180,
        )
        save(profile_paths(tmp_path).settings, other_side)
        options = Options(
            portal=portal.url,
            profile=tmp_path,
            account="sky@example.com",
            password="demo",
        )
        assert status(options, as_json=True) == 0
    assert '"state": "ok"' in capsys.readouterr().out
