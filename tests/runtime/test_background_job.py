"""Work in a thread of its own: its result, its progress, its end."""

from __future__ import annotations

import threading

import pytest

from sems_tray.runtime import background_job
from sems_tray.runtime.background_job import BackgroundJob


@pytest.fixture
def run(qtbot):
    """Run a job to its end; return what it emitted: progress, then the result."""
    jobs = []

    def run(work):
        job = BackgroundJob(work, failed="failed")
        jobs.append(job)
        emitted: list[object] = []
        job.progressed.connect(emitted.append)
        job.done.connect(emitted.append)
        with qtbot.waitSignal(job.finished, timeout=5000):
            job.start()
        return emitted

    yield run
    for job in jobs:
        assert job.wait(5000)


def test_what_the_work_returns_is_told(run):
    assert run(lambda _: ("any", "value")) == [("any", "value")]


def test_work_that_raises_has_failed(run, caplog):
    assert run(lambda _: 1 / 0) == ["failed"]
    assert "a background job failed" in caplog.text
    caplog.clear()


def test_progress_is_told_seldom(run, monkeypatch):
    def work(report):
        return [report(number) for number in range(1000)]

    emitted = run(work)
    assert emitted[0] == 0
    assert len(emitted) < 20
    assert all(emitted[-1])


def test_work_ends_when_it_asks_and_one_that_hangs_does_not(qtbot, monkeypatch):
    monkeypatch.setattr(background_job, "_END_WITHIN_MS", 50)
    release = threading.Event()
    answers = []

    def work(report):
        release.wait(5)
        answers.append(report("late"))

    job = BackgroundJob(work, failed=None)
    job.start()
    assert not job.end()
    release.set()
    assert job.wait(5000)
    assert answers == [False]
    assert job.end()
