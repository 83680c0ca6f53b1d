"""The network thread: whatever happens there, an outcome comes back."""

from __future__ import annotations

import ast
import logging
import threading
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject, Qt, QThread, Signal, Slot

import sems_tray
from sems_tray.daylight.habits import Habits
from sems_tray.domain.credentials import Credentials, PasswordStorage
from sems_tray.domain.energy import YearStep
from sems_tray.domain.model import Station
from sems_tray.domain.poll_result import PollFailed, PollSucceeded, Trouble
from sems_tray.history.plan import PastPart, Progress
from sems_tray.runtime.network_thread import Worker
from tests.kit.history_data import reading as reading_of_store

if TYPE_CHECKING:
    from sems_tray.domain.credentials import PortalChoice
    from sems_tray.domain.energy import Step
    from sems_tray.domain.model import Reading

OUTCOME = PollFailed(trouble=Trouble.OFFLINE)
DAY = date(2026, 6, 21)
OURS = Credentials(account="owner@example.com", password="secret")


class Link:
    """A portal that notes in which thread it is asked, or fails, or hangs."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.threads: list[int] = []
        self.chosen: list[str] = []
        self.released = threading.Event()
        self.hangs = False
        self.busy = threading.Event()
        self.kept: list[object] = []
        self.recorded: list[object] = []
        self.message = ""
        self.past_wanted = False
        self.aside: PollSucceeded | PollFailed = OUTCOME
        self.outcome: PollSucceeded | PollFailed = OUTCOME
        self.known_habits: dict[str, Habits] = {}
        self.stations_found: tuple[Station, ...] | PollFailed = (Station(id="1"),)

    def _note(self) -> None:
        self.threads.append(threading.get_ident())
        self.busy.set()
        if self.hangs:
            self.released.wait(30)
        if self.error is not None:
            raise self.error

    def fetch(self, *, everything: bool, telemetry: bool) -> PollSucceeded | PollFailed:
        self._note()
        return self.outcome

    def stations(self) -> tuple[Station, ...] | PollFailed:
        self._note()
        return self.stations_found

    def choose(self, station_id: str) -> None:
        self._note()
        self.chosen.append(station_id)

    def fetch_aside(self, station_id: str) -> PollSucceeded | PollFailed:
        self._note()
        return self.aside

    def keep_aside(self, reading: Reading) -> None:
        self._note()
        self.kept.append(reading)

    def sign_in(
        self, credentials: Credentials, choice: PortalChoice | None = None
    ) -> tuple[PollFailed, PasswordStorage]:
        self._note()
        return OUTCOME, PasswordStorage.KEYRING

    def keep(self, outcome: object) -> str:
        self.kept.append(outcome)
        return self.message

    def record(self, what: object) -> None:
        self.recorded.append(what)

    def news(self):
        return None

    def habits(self, station: Station) -> Habits | None:
        return self.known_habits.get(station.id)

    def use(self, run: object) -> None:
        self._note()

    def forget(self, *, everything: bool) -> None:
        self._note()

    def bring(self, step: Step) -> PollFailed | None:
        self._note()
        return None

    def wants_past(self) -> bool:
        return self.past_wanted

    def fetch_past(self, *, wanted: bool) -> Progress | None:
        self._note()
        return Progress(done=1) if wanted else None

    def fetch_part(self, part: PastPart | None) -> Progress | None:
        self._note()
        return None if part is None else Progress(done=1)

    def import_file(self, path: Path) -> str:
        self._note()
        return str(path)

    def abort(self) -> None:
        self.released.set()

    def close(self) -> None:
        self._note()


class Gui(QObject):
    """The GUI thread's side, connected as the app connects it."""

    poll_wanted = Signal(bool, bool)
    closing = Signal()
    heard = Signal()

    def __init__(self, link: Link) -> None:
        super().__init__()
        self.link = link
        self.outcomes: list[object] = []
        self.threads: list[int] = []
        self.thread_ = QThread()
        self.worker = Worker(link)
        self.worker.moveToThread(self.thread_)
        self.poll_wanted.connect(self.worker.poll)
        self.closing.connect(self.worker.close)
        self.worker.polled.connect(self.on_polled)
        self.worker.closed.connect(
            self.thread_.quit, Qt.ConnectionType.DirectConnection
        )
        self.thread_.start()

    @Slot(object)
    def on_polled(self, outcome: object) -> None:
        self.threads.append(threading.get_ident())
        self.outcomes.append(outcome)
        self.heard.emit()

    def stop(self) -> bool:
        self.link.abort()
        self.closing.emit()
        return self.thread_.wait(2000)


@pytest.fixture
def gui(qapp):
    gui = Gui(Link())
    yield gui
    assert gui.stop()


# ---------------------------------------------------------------- without a thread


@pytest.fixture
def broken():
    return Worker(Link(ValueError("a bug")))


def test_a_crash_becomes_an_outcome(broken, qtbot, caplog):
    with qtbot.waitSignal(broken.polled, timeout=0) as told:
        broken.poll(True, True)
    assert told.args is not None
    (outcome,) = told.args
    assert outcome.trouble is Trouble.UNREADABLE
    assert "a bug" not in outcome.detail
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


def test_the_list_of_stations_goes_before_the_history(qapp):
    link = Link()
    worker = Worker(link)
    listed: list[object] = []
    worker.listed.connect(listed.append)
    worker.sign_in(OURS)
    assert link.kept == []
    worker.list_stations()
    assert len(listed) == 1
    assert link.kept == [OUTCOME]
    worker.sign_in(OURS)
    worker.poll(False, False)
    assert len(link.kept) == 3, "a poll keeps what the sign-in brought, too"


def test_a_crash_while_signing_in_is_told_too(broken, qtbot, caplog):
    with qtbot.waitSignal(broken.signed_in, timeout=0) as told:
        broken.sign_in(OURS)
    assert told.args is not None
    outcome, kept = told.args
    assert (outcome.trouble, kept) == (Trouble.UNREADABLE, None)
    assert "secret" not in caplog.text


def test_a_station_list_that_fails_is_not_told(broken, qtbot, caplog):
    with qtbot.assertNotEmitted(broken.listed):
        broken.list_stations()
    link = Link()
    link.stations_found = OUTCOME
    worker = Worker(link)
    with qtbot.assertNotEmitted(worker.listed):
        worker.list_stations()


def test_the_stations_are_told(qtbot):
    worker = Worker(Link())
    with qtbot.waitSignal(worker.listed, timeout=0) as told:
        worker.list_stations()
    assert told.args == [(Station(id="1"),)]


def test_a_station_beside_the_shown_one_is_told_of_and_its_reading_kept(qtbot):
    link = Link()
    worker = Worker(link)
    with qtbot.waitSignal(worker.polled_aside, timeout=0) as told:
        worker.poll_aside("2")
    assert told.args == ["2", OUTCOME]
    assert link.kept == []
    link.aside = PollSucceeded(reading=reading_of_store())
    worker.poll_aside("2")
    assert link.kept == [link.aside.reading]


def test_a_crash_beside_the_shown_station_is_told_too(broken, qtbot, caplog):
    with qtbot.waitSignal(broken.polled_aside, timeout=0) as told:
        broken.poll_aside("2")
    assert told.args is not None
    station, outcome = told.args
    assert (station, outcome.trouble) == ("2", Trouble.UNREADABLE)


def test_a_station_that_cannot_be_chosen_breaks_nothing(broken, caplog):
    broken.choose("2")
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


def test_closing_says_so_even_if_it_fails(broken, qtbot, caplog):
    with qtbot.waitSignal(broken.closed, timeout=0):
        broken.close()


def test_what_a_poll_brought_is_kept_after_it_was_told(qtbot):
    link = Link()
    worker = Worker(link)
    told: list[int] = []
    worker.polled.connect(lambda _: told.append(len(link.kept)))
    worker.poll(False, False)
    assert (told, link.kept) == ([0], [OUTCOME])


def test_a_stations_habits_are_told_with_its_first_reading(qtbot):
    link = Link()
    link.outcome = PollSucceeded(reading=reading_of_store())
    station, habits = link.outcome.reading.station.id, Habits()
    link.known_habits[station] = habits
    worker = Worker(link)
    with qtbot.waitSignal(worker.learned, timeout=0) as told:
        worker.poll(False, False)
    assert told.args == [station, habits]
    link.known_habits.clear()
    with qtbot.assertNotEmitted(worker.learned):
        worker.poll(False, False)


def test_what_the_owner_should_know_of_the_history_is_told_once(qtbot):
    link = Link()
    worker = Worker(link)
    said: list[str] = []
    worker.noted.connect(said.append)
    for link.message in ("", "The disk is full.", "The disk is full.", ""):
        worker.poll(False, False)
    assert said == ["The disk is full.", ""]


def test_a_history_that_crashes_disturbs_no_poll(qtbot, caplog, monkeypatch):
    worker = Worker(link := Link())
    monkeypatch.setattr(link, "keep", lambda _: 1 / 0)
    with qtbot.waitSignal(worker.polled, timeout=0):
        worker.poll(False, False)
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


def test_a_past_that_an_earlier_run_was_told_to_fetch_is_told_once(qtbot):
    worker = Worker(link := Link())
    link.past_wanted = True
    reading = PollSucceeded(reading=reading_of_store())
    link.fetch = lambda **_: reading  # type: ignore[method-assign]
    told: list[bool] = []
    worker.past_wanted.connect(lambda: told.append(True))
    worker.poll(False, False)
    worker.poll(False, False)
    assert told == [True]


def test_steps_into_the_past_are_told(qtbot):
    worker = Worker(Link())
    step = YearStep(2025)
    with qtbot.waitSignal(worker.brought, timeout=0) as told:
        worker.bring(step)
    assert told.args == [step, None]
    with qtbot.waitSignal(worker.went_back, timeout=0) as told:
        worker.fetch_past(True)
    assert told.args == [Progress(done=1)]
    with qtbot.waitSignal(worker.part_fetched, timeout=0) as told:
        worker.fetch_part(PastPart(first=DAY, last=DAY))
    assert told.args == [Progress(done=1)]
    with qtbot.waitSignal(worker.imported, timeout=0) as told:
        worker.import_file(Path("a.json"))
    assert told.args == ["a.json"]


def test_steps_into_the_past_that_crash_are_told_too(broken, qtbot, caplog):
    with qtbot.waitSignal(broken.brought, timeout=0) as told:
        broken.bring(YearStep(2025))
    assert told.args is not None
    assert told.args[1].trouble is Trouble.UNREADABLE
    with qtbot.waitSignal(broken.went_back, timeout=0) as told:
        broken.fetch_past(True)
    assert told.args is not None
    assert told.args[0].failed.trouble is Trouble.UNREADABLE
    with qtbot.waitSignal(broken.part_fetched, timeout=0) as told:
        broken.fetch_part(PastPart(first=DAY, last=DAY))
    assert told.args is not None
    assert told.args[0].failed.trouble is Trouble.UNREADABLE
    with qtbot.waitSignal(broken.imported, timeout=0):
        broken.import_file(Path("a.json"))


# ---------------------------------------------------------------- with a real thread


def test_the_portal_is_asked_off_the_gui_thread_and_heard_in_it(gui, qtbot):
    with qtbot.waitSignal(gui.heard, timeout=2000):
        gui.poll_wanted.emit(False, False)
    assert gui.link.threads != [threading.get_ident()]
    assert gui.threads == [threading.get_ident()]
    assert gui.outcomes[0] is OUTCOME


def test_the_gui_thread_is_free_while_a_poll_hangs(gui, qtbot):
    gui.link.hangs = True
    started = time.monotonic()
    gui.poll_wanted.emit(False, False)
    assert time.monotonic() - started < 0.5
    assert gui.link.busy.wait(2)
    assert gui.outcomes == []


def test_polls_are_taken_one_after_the_other(gui, qtbot):
    for _ in range(20):
        gui.poll_wanted.emit(False, False)
    qtbot.waitUntil(lambda: len(gui.outcomes) == 20, timeout=2000)
    assert len(set(gui.link.threads)) == 1


def test_the_thread_ends_in_time_while_a_poll_hangs(gui, qtbot):
    gui.link.hangs = True
    gui.poll_wanted.emit(False, False)
    assert gui.link.busy.wait(2)
    started = time.monotonic()
    assert gui.stop()
    assert time.monotonic() - started < 2
    assert gui.thread_.isFinished()


def test_a_crash_in_the_thread_does_not_end_it(qtbot, caplog):
    gui = Gui(Link(ValueError("a bug")))
    for _ in range(2):
        with qtbot.waitSignal(gui.heard, timeout=2000):
            gui.poll_wanted.emit(False, False)
    gui.link.error = None
    assert gui.stop()
    assert len(gui.outcomes) == 2


# ---------------------------------------------------------------- in the source


def _connected_to_functions(source: Path) -> list[int]:
    """Return the lines that connect a signal to a lambda or a partial.

    Those run in the emitter's thread, not in the receiver's (style, section 4.5).
    """
    return [
        node.lineno
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"connect", "singleShot", "callOnTimeout"}
        and any(
            isinstance(it, ast.Lambda)
            or (isinstance(it, ast.Call) and "partial" in ast.unparse(it.func))
            for it in node.args
        )
    ]


def test_no_signal_is_connected_to_a_lambda_or_a_partial():
    package = Path(sems_tray.__file__).parent
    found = {
        f"{source.relative_to(package)}:{line}"
        for source in package.rglob("*.py")
        for line in _connected_to_functions(source)
    }
    assert found == set()


def test_the_search_finds_what_it_looks_for(tmp_path):
    source = tmp_path / "bad.py"
    source.write_text(
        "a.b.connect(lambda: 1)\n"
        "a.b.connect(functools.partial(f, 1))\n"
        "QTimer.singleShot(5, lambda: 2)\n"
        "a.b.connect(self.slot)\n"
    )
    assert _connected_to_functions(source) == [1, 2, 3]
