"""The network thread: whatever happens there, an answer comes back."""

from __future__ import annotations

import ast
import logging
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject, Signal

import sems_tray
from sems_tray.domain.credentials import Credentials, PortalChoice
from sems_tray.domain.energy import YearStep
from sems_tray.domain.poll_result import PollFailed, Trouble
from sems_tray.runtime import jobs
from sems_tray.runtime.network_thread import Job, NetworkThread
from sems_tray.runtime.portal_service import SignInAttempt

if TYPE_CHECKING:
    from collections.abc import Callable

    from sems_tray.runtime.network_thread import Ticket

OURS = SignInAttempt(
    Credentials(account="owner@example.com", password="secret"), PortalChoice()
)


class Services:
    """What jobs work with: hangs until it is aborted, if it is told to."""

    def __init__(self) -> None:
        self.threads: list[int] = []
        self.busy, self.aborted = threading.Event(), threading.Event()
        self.hangs = self.closes_badly = False
        self.is_closed = False

    def work(self) -> str:
        self.threads.append(threading.get_ident())
        self.busy.set()
        if self.hangs:
            self.aborted.wait(30)
        return "done"

    def abort(self) -> None:
        self.aborted.set()

    def close(self) -> None:
        self.is_closed = True
        if self.closes_badly:
            raise ValueError("a bug")


class Gui(QObject):
    """The GUI thread's side."""

    heard = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.services = Services()
        self.network = NetworkThread()
        self.network.start(self.services)  # type: ignore[arg-type]
        self.answers: list[str] = []
        self.threads: list[int] = []

    def submit(self, run: Callable[..., str] = Services.work) -> Ticket:
        return self.network.submit(Job("the work", run, lambda: "failed"), self.hear)

    def hear(self, answer: str) -> None:
        self.threads.append(threading.get_ident())
        self.answers.append(answer)
        self.heard.emit()

    def stop(self) -> bool:
        return self.network.stop(2000)


@pytest.fixture
def gui(qapp):
    made = Gui()
    yield made
    assert made.stop()


def broken(_: object) -> str:
    raise ValueError("a bug")


def test_a_job_runs_off_the_gui_thread_and_is_answered_in_it(gui, qtbot):
    with qtbot.waitSignal(gui.heard, timeout=2000):
        gui.submit()
    assert gui.services.threads != [threading.get_ident()]
    assert gui.threads == [threading.get_ident()]
    assert gui.answers == ["done"]


def test_a_crash_becomes_an_answer_and_does_not_end_the_thread(gui, qtbot, caplog):
    for _ in range(2):
        with qtbot.waitSignal(gui.heard, timeout=2000):
            gui.submit(broken)
    assert gui.answers == ["failed", "failed"]
    assert {(it.levelno, it.getMessage()) for it in caplog.records} == {
        (logging.ERROR, "the work failed")
    }


def test_jobs_are_taken_one_after_the_other(gui, qtbot):
    for number in range(20):
        gui.submit(lambda services, number=number: f"{services.work()} {number}")
    qtbot.waitUntil(lambda: len(gui.answers) == 20, timeout=2000)
    assert gui.answers == [f"done {number}" for number in range(20)]
    assert len(set(gui.services.threads)) == 1


def test_a_cancelled_job_is_not_answered_and_not_begun(gui, qtbot):
    gui.services.hangs = True
    under_way = gui.submit()
    waiting = gui.submit()
    assert gui.services.busy.wait(2)
    under_way.cancel()
    waiting.cancel()
    gui.services.aborted.set()
    with qtbot.waitSignal(gui.heard, timeout=2000):
        gui.submit()
    assert gui.answers == ["done"]
    assert len(gui.services.threads) == 2


def test_the_thread_ends_in_time_while_a_job_hangs(gui):
    gui.services.hangs = True
    gui.submit()
    assert gui.services.busy.wait(2)
    assert gui.answers == []
    started = time.monotonic()
    assert gui.stop()
    assert time.monotonic() - started < 2
    assert gui.services.is_closed
    assert gui.answers == []


def test_the_thread_ends_even_if_closing_fails(gui, caplog):
    gui.services.closes_badly = True
    assert gui.stop()
    assert [it.levelno for it in caplog.records] == [logging.ERROR]


def test_a_thread_that_was_never_started_has_ended(qapp):
    assert NetworkThread().stop(0)


# ---------------------------------------------------------------- the jobs


@pytest.mark.parametrize(
    "job",
    [
        jobs.poll(everything=True, telemetry=True),
        jobs.poll_other("2"),
        jobs.list_stations(),
        jobs.fetch_step(YearStep(2025)),
        jobs.BackfillJobs().step(),
    ],
    ids=lambda job: job.name,
)
def test_a_bug_in_what_asks_the_portal_is_a_failure_of_ours(job):
    answer = job.failed()
    failed = getattr(answer, "failed", answer)
    assert isinstance(failed, PollFailed)
    assert failed.trouble is Trouble.UNREADABLE
    assert failed.detail == "an error in SEMS Tray itself"


def test_a_bug_in_a_sign_in_accepts_nothing_and_tells_no_secret(gui, qtbot, caplog):
    answers: list[object] = []
    gui.network.submit(jobs.sign_in(OURS), answers.append)  # services have no portal
    qtbot.waitUntil(lambda: len(answers) == 1, timeout=2000)
    assert answers == [(jobs.own_error(), None)]
    assert "secret" not in caplog.text


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
