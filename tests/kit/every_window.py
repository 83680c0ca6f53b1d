"""Every window that the program has, filled as in a demo."""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QAbstractButton, QApplication

from sems_tray.daylight.sun import is_dark
from sems_tray.domain.credentials import PasswordStorage
from sems_tray.domain.energy import NotificationRecord, Period, YearStep, days_between
from sems_tray.domain.model import DeviceState, Station
from sems_tray.domain.poll_result import PollFailed, Trouble
from sems_tray.domain.wording import zone_of
from sems_tray.history.local_reader import LocalHistory
from sems_tray.history.plan import Progress
from sems_tray.history.query import ChartStation
from sems_tray.history.transfer.missing import not_fetched_words
from sems_tray.i18n.language import tr
from sems_tray.polling.snapshot import MonitorSnapshot
from sems_tray.settings.window import SettingsWindow, Tab
from sems_tray.sign_in.advice import advice
from sems_tray.sign_in.dialog import SignIn
from sems_tray.simulator.simulator import Simulator
from sems_tray.storage.history.store import History
from sems_tray.storage.settings import AlertSettings, QuietSettings, Settings
from sems_tray.tray.controller import about
from sems_tray.window.alarms.page import AlarmsPage
from sems_tray.window.alarms.view_model import alarms_view
from sems_tray.window.devices.page import DevicesPage
from sems_tray.window.devices.view_model import devices_view
from sems_tray.window.header import Page, header_view
from sems_tray.window.history.page import HistoryPage
from sems_tray.window.main_window import DetailsWindow
from sems_tray.window.now.page import NowPage
from sems_tray.window.now.view_model import now_view
from sems_tray.window.transfer.dialog import HistoryDialog, TransferView
from sems_tray.window.transfer.view_model import past_words
from tests.kit.clock import Clock
from tests.kit.local_history import put_curve, put_days, put_months
from tests.kit.scenes import AT, scene
from tests.kit.settings import in_force
from tests.settings.test_pages import INFO

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

TODAY = AT.date()
TOLD = NotificationRecord(
    station="p", topic="low", at=AT, title="", text="18 %.", closed_at=None
)
TROUBLES = (
    *(PollFailed(trouble=it) for it in Trouble),
    PollFailed(trouble=Trouble.CLOCK, detail="it is 3 h behind"),
    PollFailed(trouble=Trouble.UNREACHABLE, detail="no answer in time"),
    PollFailed(trouble=Trouble.UNREACHABLE, detail="the proxy does not answer"),
    PollFailed(trouble=Trouble.UNREACHABLE, detail="a web page instead of data"),
    PollFailed(trouble=Trouble.UNREADABLE, detail="broken JSON"),
    PollFailed(trouble=Trouble.PORTAL_CHANGED, detail="the path is gone"),
    PollFailed(trouble=Trouble.REFUSED, detail="4011"),
    PollFailed(trouble=Trouble.THROTTLED, retry_after=timedelta(minutes=5)),
)
STATIONS = (
    Station(id="1", name="South", capacity_kwp=9.9, state=DeviceState.RUNNING),
    Station(id="2", name="East", capacity_kwp=4.0, state=DeviceState.WAITING),
    Station(id="3", name="Barn", state=DeviceState.FAULT),
)


@contextmanager
def filled_history(folder: Path) -> Iterator[LocalHistory]:
    """A history as a demo has it."""
    path = folder / "history.sqlite"
    with (
        Simulator("day", now=Clock(AT), place="Europe/Madrid") as portal,
        History(path) as history,
        closing(LocalHistory(path)) as local,
    ):
        put_days(history, portal, TODAY - timedelta(days=40), TODAY)
        put_months(history, portal, date(TODAY.year - 1, 1, 1))
        for days in range(2):
            put_curve(history, portal, TODAY - timedelta(days=days))
        yield local


def details(
    page: Page, inner: QWidget, name: str, failed: PollFailed | None = None
) -> DetailsWindow:
    """Return the window of details with a page and the header of a scenario."""
    window = DetailsWindow({page: lambda: inner})
    given = scene(name)
    snapshot = MonitorSnapshot(
        now=AT,
        dark_at=lambda at: is_dark(given.station, at),
        reading=given,
        failed=failed,
        requests_today=117,
        next_at=AT + timedelta(minutes=2),
    )
    storage = PasswordStorage.KEYRING
    window.show_header(header_view(snapshot, password_storage=storage))
    window.show_page(page)
    return window


def now(name: str, failed: PollFailed | None = None) -> QWidget:
    page, given = NowPage(), scene(name)
    page.allow_motion(False)
    shown = now_view(
        given, AT, lambda at: is_dark(given.station, at), reserve_percent=20.0
    )
    page.show_view(shown)
    return details(Page.NOW, page, name, failed)


def devices() -> QWidget:
    page, given = DevicesPage(), scene("day")
    page.show_view(devices_view(given, AT, lambda at: is_dark(given.station, at)))
    return details(Page.DEVICES, page, "day")


def alarms() -> QWidget:
    page, given = AlarmsPage(), scene("fault")
    told = replace(TOLD, title=tr("Grid is back"))
    page.show_view(alarms_view(given, (), (told,), AT, zone_of(given)))
    return details(Page.ALARMS, page, "fault")


def history(local: LocalHistory, kind: Period) -> QWidget:
    page = HistoryPage(local, lambda: AT)
    given = scene("day").station
    zone = zone_of(scene("day"))
    assert zone is not None
    window = details(Page.HISTORY, page, "day")
    window.show()
    page.show_station(
        ChartStation(
            id=given.id, where=zone, name=given.name, capacity_kwp=given.capacity_kwp
        )
    )
    page._on_kind(kind)
    QApplication.processEvents()
    assert page.view is not None
    assert not page.view.empty
    return window


def settings(tab: Tab) -> SettingsWindow:
    quiet = QuietSettings(on=True)
    window = SettingsWindow(in_force(Settings(alerts=AlertSettings(quiet=quiet))))
    window.show_info(replace(INFO, files=(), known_alarms=()))
    window.open(tab)
    return window


def _settings(_: LocalHistory, tab: Tab) -> QWidget:
    return settings(tab)


def sign_in(failed: PollFailed | None = None) -> SignIn:
    window = SignIn("owner@example.com" if failed else None)
    window.show()
    if failed is not None:
        window.show_trouble(advice(failed))
    return window


def folded_out() -> SignIn:
    window = sign_in()
    for it in window.findChildren(QAbstractButton):
        if it.objectName() in {"how", "advanced"}:
            it.click()
    return window


def stations() -> SignIn:
    window = sign_in()
    window.show_stations(STATIONS, "1")
    return window


def done(password_storage: PasswordStorage) -> SignIn:
    window = sign_in()
    window.show_done(password_storage)
    return window


def export(*, busy: bool) -> QWidget:
    window = HistoryDialog(date(2026, 6, 1), date(2026, 6, 21), "South")
    past = Progress(done=2, total=9, at=YearStep(2024))
    window.show_view(
        TransferView(
            kept=tr("Nothing is kept yet."),
            past=past_words(past, wanted=busy, wait=None),
            fetching=busy,
            done=2,
            total=9,
            busy=busy,
            can_cancel=busy,
        )
    )
    return window


def exporting(*, lacking: bool) -> QWidget:
    window = HistoryDialog(date(2026, 6, 1), date(2026, 6, 21), "South")
    past = Progress(done=2, total=9, at=YearStep(2024))
    days = tuple(days_between(date(2026, 1, 1), date(2026, 10, 31)))
    window.show_view(
        TransferView(
            kept=tr("Nothing is kept yet."),
            past=past_words(Progress(), wanted=False, wait=None),
            said=f"{not_fetched_words(days)}."
            if lacking
            else past_words(past, wanted=True, wait=None),
            busy=True,
            can_cancel=True,
            lacking=lacking,
            downloading=not lacking,
            steps=(2, 9),
        )
    )
    return window


WINDOWS: dict[str, Callable[[LocalHistory], QWidget]] = {
    "now": lambda _: now("day"),
    "now, a fault": lambda _: now("fault"),
    "now, the grid lost": lambda _: now("grid-lost"),
    "now, silent": lambda _: now("silent"),
    "now, at night": lambda _: now("night"),
    "now, unreachable": lambda _: now("day", TROUBLES[4]),
    "devices": lambda _: devices(),
    "alarms": lambda _: alarms(),
    **{f"history, {it.name.lower()}": partial(history, kind=it) for it in Period},
    **{f"settings, {it}": partial(_settings, tab=it) for it in Tab},
    "sign-in": lambda _: sign_in(),
    "sign-in, folded out": lambda _: folded_out(),
    "stations": lambda _: stations(),
    "signed in": lambda _: done(PasswordStorage.KEYRING),
    "signed in, locked": lambda _: done(PasswordStorage.LOCKED),
    "export": lambda _: export(busy=False),
    "export, busy": lambda _: export(busy=True),
    "export, days are missing": lambda _: exporting(lacking=True),
    "export, downloading": lambda _: exporting(lacking=False),
    "about": lambda _: about(),
}
