"""Nothing secret or personal gets past a handler, and the file has what helps."""

import logging
import os
import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sems_tray.domain.poll_result import PollFailed, PollSucceeded, Trouble
from sems_tray.i18n.formatting import UNSAFE
from sems_tray.log import handlers
from sems_tray.log.handlers import (
    log_path,
    log_to_file,
    log_to_stderr,
    redact_from_now_on,
)
from sems_tray.polling.poll_log import PollLog
from sems_tray.storage.paths import profile_paths
from tests.kit.readings import reading

LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ [A-Z]+ \[\d+\] sems_tray[\w.]*: .+")
SECRET = "Rooftop of the Lindens"


@pytest.fixture(autouse=True)
def logger(monkeypatch):
    """Put everything back: the other tests listen to the same loggers."""
    monkeypatch.setattr(handlers, "_hidden", set())
    ours = logging.getLogger("sems_tray")
    before = (ours.level, ours.propagate, ours.handlers)
    yield ours
    ours.setLevel(before[0])
    ours.propagate, ours.handlers = before[1:]


@pytest.fixture
def paths(tmp_path):
    return profile_paths(tmp_path / "profile")


@pytest.fixture
def terminal(capsys):
    """Return what was written to standard error so far, when called."""
    return lambda: capsys.readouterr().err


def written(paths):
    return log_path(paths.log).read_text(encoding="utf-8")


def fail(words):
    """Fail with a cause."""
    try:
        int(f"{words} x")
    except ValueError as exc:
        raise RuntimeError(f"no, {words}") from exc


def test_the_file_tells_what_the_terminal_is_not_told(paths, terminal):
    log_to_stderr(verbose=False)
    log_to_file(paths.log)
    child = logging.getLogger("sems_tray.polling.poller")
    child.debug("too much")
    child.info("no reading: %s", Trouble.OFFLINE)
    child.warning("look out")
    lines = written(paths).splitlines()
    assert [LINE.fullmatch(it) is not None for it in lines] == [True] * 3
    assert "begins" in lines[0]
    said = "sems_tray.polling.poller: no reading: offline"
    assert lines[1].endswith(f"Z INFO [{os.getpid()}] {said}")
    assert terminal() == "sems-tray: look out\n"


def test_verbose_tells_both_everything(paths, terminal):
    log_to_stderr(verbose=True)
    log_to_file(paths.log)
    logging.getLogger("sems_tray.portal").debug("a detail")
    assert "DEBUG" in written(paths)
    assert "DEBUG sems_tray.portal: a detail" in terminal()


def test_the_times_are_in_utc(paths, logger):
    log_to_stderr(verbose=False)
    log_to_file(paths.log)
    record = logger.makeRecord("sems_tray", logging.INFO, "x.py", 1, "hello", (), None)
    record.created = 1_782_038_520.9
    logger.handle(record)
    assert "\n2026-06-21T10:42:00Z INFO" in written(paths)


def test_asking_for_the_file_twice_does_not_write_twice(paths, terminal):
    log_to_stderr(verbose=False)
    log_to_file(paths.log)
    log_to_file(paths.log)
    logging.getLogger("sems_tray").info("once")
    assert written(paths).count("once") == 1
    assert terminal() == ""


def test_secrets_are_masked_by_value_everywhere(paths, terminal):
    log_to_stderr(verbose=True)
    log_to_file(paths.log, "linden", "hunter2", None, "")
    redact_from_now_on(SECRET)
    log = logging.getLogger("sems_tray.somewhere")
    log.info("%s and %s at %s", "linden", "hunter2", SECRET)
    try:
        fail(f"linden, hunter2, {SECRET}")
    except RuntimeError:
        log.exception("as %s", "linden", stack_info=True)
    for text in (written(paths), terminal()):
        assert "RuntimeError: no, •••, •••, •••" in text
        assert "base 10: '•••, •••, ••• x'" in text
        assert all(it not in text for it in ("linden", "hunter2", SECRET))
        assert "in fail" in text


@given(st.text(max_size=200))
def test_any_text_is_one_record_that_commands_no_terminal(tmp_path_factory, text):
    paths = profile_paths(tmp_path_factory.mktemp("log"))
    log_to_stderr(verbose=False)
    log_to_file(paths.log)
    logging.getLogger("sems_tray").info("%s", text)
    logging.getLogger("sems_tray").info("next")
    lines = written(paths).split("\n")
    assert lines.pop() == ""
    assert not any(UNSAFE.search(it) for it in lines)
    starts = [it for it in lines if LINE.fullmatch(it.rstrip() + " .")]
    assert len(starts) == 3  # begins, the text, next
    assert all(it.startswith("  ") for it in lines if it not in starts)


def test_an_odd_argument_does_not_stop_the_program(paths):
    log_to_stderr(verbose=False)
    log_to_file(paths.log)
    logging.getLogger("sems_tray").info("%d of linden", "hunter2")
    assert "a line of sems_tray cannot be written" in written(paths)
    assert "hunter2" not in written(paths)


def test_a_log_that_cannot_be_written_does_not_stop_the_program(tmp_path, terminal):
    (tmp_path / "file").write_text("mine")
    log_to_stderr(verbose=False)
    log_to_file(profile_paths(tmp_path / "file").log)
    logging.getLogger("sems_tray").warning("look out")
    assert terminal() == "sems-tray: look out\n"
    assert (tmp_path / "file").read_text() == "mine"


def test_polls_are_told_when_they_are_news(paths, monkeypatch):
    log_to_stderr(verbose=False)
    log_to_file(paths.log)
    now = 1_000.0
    monkeypatch.setattr("sems_tray.polling.poll_log.time.monotonic", lambda: now)
    polls = PollLog()
    for trouble, requests, minutes in (
        (Trouble.OFFLINE, 1, 0),
        (Trouble.OFFLINE, 2, 2),
        (Trouble.THROTTLED, 3, 14),
        (Trouble.THROTTLED, 3, 20),
        (Trouble.THROTTLED, 1, 1),
    ):
        now += timedelta(minutes=minutes).total_seconds()
        polls.record(PollFailed(trouble=trouble, requests_today=requests))
    polls.record(PollSucceeded(reading=reading(), requests_today=1))
    said = [it.rpartition("poll_log: ")[2] for it in written(paths).splitlines()[1:]]
    assert said == [
        "no reading: offline",
        "requests today: 1",
        "no reading: throttled",
        "requests today: 3",
        "requests today: 1",
        "readings come again",
    ]
