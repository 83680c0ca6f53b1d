"""The whole program without a panel: portal, network thread, history, window."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from sems_tray.domain.credentials import PortalChoice
from sems_tray.domain.energy import Period
from sems_tray.domain.poll_result import PollSucceeded
from sems_tray.history.transfer.export_model import ExportRequest
from sems_tray.simulator.simulator import Simulator
from sems_tray.storage.paths import profile_paths
from sems_tray.storage.settings import load
from sems_tray.window.header import Page

# The offscreen platform knows no tray, and says so at the first icon.
pytestmark = pytest.mark.qt_log_ignore("systemTrayWindowChanged")
TELEMETRY = "/telemetry"


@pytest.fixture(params=["semsplus", "classic"])
def dialect(request):
    return request.param


@pytest.fixture(scope="module")
def plant():
    # Where the day is some hours old: its curve has points.
    by_day = 5 <= datetime.now(UTC).hour < 18
    place = "Europe/Amsterdam" if by_day else "America/Los_Angeles"
    with Simulator(place=place, limit_per_minute=None) as simulator:
        yield simulator


@pytest.fixture
def portal(plant):
    plant.heal()
    plant.override(pv_w=3210, soc_percent=76, battery_w=-1200, load_w=800)
    yield plant
    plant.heal()


@pytest.fixture
def running(starts, dialect):
    found = starts(dialect=dialect)
    found.until(lambda: found.poller.reading is not None)
    found.rests()
    return found


def test_the_page_now_follows_the_portal_and_keeps_its_numbers_in_a_trouble(running):
    page = running.opens()
    for words in ("3.21 kW", "1.20 kW", "Battery 76 %", "exporting 1.21 kW"):
        assert words in page.all_text()
    running.portal.override(pv_w=9000, soc_percent=77, battery_w=0, load_w=100)
    running.poller.refresh()
    running.until(lambda: "9.00 kW" in page.all_text())
    assert "Battery 77 %" in page.all_text()
    running.portal.fail("", "500")
    running.poller.refresh()
    running.until(lambda: running.poller.shown_failure is not None)
    assert "cannot be reached" in running.message()
    assert "9.00 kW" in page.all_text()
    assert not page._view.old


def test_a_forgotten_password_is_kept_nowhere(program):
    program.opens()
    footer = program.details.findChild(QLabel, "footer")
    outcome = PollSucceeded(reading=program.poller.reading)
    program.signs_in("a@b.c", outcome)
    assert "password kept in the system keyring" in footer.text()
    program.app.services.events.sign_out_requested.emit(False)
    program.until(lambda: "password" not in footer.text())


def test_after_a_sign_in_the_list_of_stations_goes_before_the_history(
    program, monkeypatch
):
    network, asked = program.app.services.network, []
    submit = network.submit

    def noting(job, done=None):
        asked.append(job.name)
        return submit(job, done)

    monkeypatch.setattr(network, "submit", noting)
    outcome = PollSucceeded(reading=program.poller.reading)
    program.signs_in("a@b.c", outcome)
    wanted = ["the station list", "keeping a reading"]
    assert [name for name in asked if name in wanted] == wanted


def test_devices_measurements_are_asked_for_only_while_they_are_looked_at(
    running, dialect
):
    def asked():
        return running.portal.count(TELEMETRY)

    before = asked()
    running.opens(Page.NOW)
    running.poller.refresh()
    running.rests()
    assert asked() == before
    page = running.opens(Page.DEVICES)
    running.until(lambda: "365" in page.all_text() or "String" in page.all_text())
    if dialect == "semsplus":
        running.until(lambda: asked() > before)
    running.rests()
    now = asked()
    running.details.close()
    running.poller.refresh()
    running.rests()
    assert asked() == now


def test_today_and_the_day_before_are_fetched_and_shown(running):
    page = running.opens(Page.HISTORY)
    running.until(lambda: page.view is not None and len(page.view.chart.points) > 50)
    today = page.selection
    running.presses(page, Qt.Key.Key_PageUp)
    assert page.selection.day == today.day - timedelta(days=1)
    running.until(lambda: len(page.view.chart.points) > 200)
    true = running.portal.books.day(page.selection.day)
    solar = page.view.table.text.splitlines()[1]
    running.until(lambda: f"{true.pv_kwh:.1f} kWh" in page.view.table.text)
    assert solar.startswith("Solar")
    running.presses(page, Qt.Key.Key_PageDown)
    assert page.selection == today


def test_every_page_of_every_kind_can_be_shown(running):
    for page in Page:
        made = running.opens(page)
        assert made.isVisible()
    history = running.details.made(Page.HISTORY)
    running.details.show_page(Page.HISTORY)
    keys = {
        Qt.Key.Key_M: Period.MONTH,
        Qt.Key.Key_Y: Period.YEAR,
        Qt.Key.Key_L: Period.TOTAL,
        Qt.Key.Key_D: Period.DAY,
    }
    for key, kind in keys.items():
        running.presses(history, key)
        assert history.selection.kind is kind
        running.until(lambda: not history.view.empty, 20)


def test_settings_are_followed_at_once_and_kept(program, profile):
    from sems_tray.tray.view_model import IconMode

    program.app.services.settings.update(
        live_minutes=7.0, icon="pv", reserve_percent=25.0, motion=False
    )
    assert program.poller._live == timedelta(minutes=7)
    assert program.app.tray.inputs.mode is IconMode.PV
    kept = load(profile_paths(profile).settings).settings
    assert (kept.live_minutes, kept.icon, kept.motion) == (7.0, "pv", False)
    program.opens()
    assert program.app.window._settings.reserve_percent == 25.0
    program.details.resize(700, 560)
    program.details.close()
    assert load(profile_paths(profile).settings).settings.window == "700x560"


def test_the_sign_in_window_knows_the_portal_that_the_settings_name(program):
    program.app.services.settings.update(dialect="classic")
    program.app.sign_in.ask()
    assert program.app.sign_in._dialog._form.portal == PortalChoice(dialect="classic")
    program.app.sign_in._dialog.done(0)


def test_diagnostics_are_asked_for_and_shown_beside_everything_else(program):
    desk = program.app.settings
    desk.open()
    desk._window.events.diagnostics_requested.emit()
    assert desk._job is not None
    program.until(lambda: desk._job is None, 20)


def test_an_export_downloads_what_it_lacks_and_then_writes(program, tmp_path):
    archive = program.app.transfer
    archive.open()
    dialog, file = archive._dialog, tmp_path / "days.csv"
    today = datetime.now(UTC).date()
    first, last = today - timedelta(days=75), today - timedelta(days=45)
    dialog.export_wanted.emit(
        ExportRequest(first=first, last=last, every="day", format="csv", path=file)
    )
    program.until(dialog._download.isVisible)
    assert dialog._said.text().startswith("31 days are not downloaded yet: ")
    assert not file.exists()
    dialog._download.click()
    program.until(lambda: dialog._said.text() == "days.csv: 31 rows written.", 20)
    rows = csv.DictReader(file.read_text(encoding="utf-8").splitlines())
    assert all(it["PV (kWh)"] and it["Final"] == "yes" for it in rows)
