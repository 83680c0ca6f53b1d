"""What nobody catches is in the log, masked, and ends nothing."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading

import pytest

from sems_tray.log import crashes, handlers
from sems_tray.log.crashes import log_uncaught
from sems_tray.log.handlers import Repeats, log_path, log_to_file
from sems_tray.storage.paths import profile_paths


@pytest.fixture
def log(monkeypatch, tmp_path, caplog):
    """Install the hooks for one test; return what is in the log's file."""
    monkeypatch.setattr(handlers, "_hidden", set())
    monkeypatch.setattr(crashes, "_repeats", Repeats())
    for module, name in (
        (sys, "excepthook"),
        (threading, "excepthook"),
        (sys, "unraisablehook"),
    ):
        monkeypatch.setattr(module, name, getattr(module, name))
    ours = logging.getLogger("sems_tray")
    before = (ours.level, ours.propagate, ours.handlers)
    paths = profile_paths(tmp_path)
    log_to_file(paths.log, "owner@example.com")
    log_uncaught()
    yield lambda: log_path(paths.log).read_text(encoding="utf-8")
    ours.setLevel(before[0])
    ours.propagate, ours.handlers = before[1:]


def fail(words="no"):
    raise ValueError(words)


def hit(words="no"):
    """Let Python hand an error to the hook, as PySide does."""
    try:
        fail(words)
    except ValueError:
        sys.excepthook(*sys.exc_info())


def test_the_log_has_the_traceback_and_no_secret(log):
    hit("of owner@example.com or me@example.net, Bearer abcdef0123456789abcdef")
    written = log()
    assert "CRITICAL" in written
    assert "an error in SEMS Tray itself" in written
    assert "raise ValueError(words)" in written
    assert "ValueError: of" in written
    for secret in ("owner@", "me@example.net", "abcdef0123456789"):
        assert secret not in written


def test_one_that_comes_again_and_again_does_not_fill_the_log(log):
    for _ in range(1234):
        hit()
    written = log()
    assert written.count("Traceback") == 1
    told = [it.split(", ")[1] for it in written.splitlines() if "times by now" in it]
    assert told == [f"{n} times by now: ValueError" for n in (10, 100, 1000)]


def test_another_place_is_another_error(log):
    hit()
    try:
        int("x")
    except ValueError:
        sys.excepthook(*sys.exc_info())
    assert log().count("Traceback") == 2


def test_a_threads_error_is_logged(log):
    thread = threading.Thread(target=fail, args=("in a thread",))
    thread.start()
    thread.join()
    assert "ValueError: in a thread" in log()
    ending = threading.Thread(target=sys.exit)
    ending.start()
    ending.join()
    assert "SystemExit" not in log()


def test_an_error_that_python_cannot_raise_is_logged(log):
    class Odd:
        def __del__(self):
            fail("at the end")

    Odd().__class__  # noqa: B018 (made and let go)
    assert "ValueError: at the end" in log()


def test_an_interrupt_is_no_error(log, capsys):
    error = KeyboardInterrupt()
    sys.excepthook(KeyboardInterrupt, error, None)
    assert "KeyboardInterrupt" in capsys.readouterr().err
    assert "KeyboardInterrupt" not in log()


def test_ever_new_kinds_take_no_room_without_end():
    repeats = Repeats()
    assert {repeats.count(number) for number in range(5000)} == {1}
    assert len(repeats._counts) <= 500


CHILD = """
import resource
from sems_tray.log.crashes import forbid_dumps
most = resource.getrlimit(resource.RLIMIT_CORE)[1]
forbid_dumps()
assert resource.getrlimit(resource.RLIMIT_CORE) == (0, most)
forbid_dumps()
assert resource.getrlimit(resource.RLIMIT_CORE) == (0, most)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no core files")
def test_a_program_that_forbids_them_writes_no_core_file():
    subprocess.run([sys.executable, "-c", CHILD], check=True, timeout=20)
