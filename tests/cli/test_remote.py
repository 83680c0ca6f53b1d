"""``--quit`` and ``--refresh``, where there is no desktop at all."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from .conftest import at_once

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the tests' tray is POSIX's")
NONE = "sems-tray: SEMS Tray is not running\n"
TRAY = {"QT_QPA_PLATFORM": "offscreen"}
# A slot that fails, in the program itself.
FAILING = """
import sys
from sems_tray.cli.main import main
from sems_tray.app.app import App
def fail(self):
    raise ValueError("the password of owner@example.com is secret")
App.open = fail
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture
def run_folder():
    # Short: the path of a socket has 107 characters at most.
    with tempfile.TemporaryDirectory(prefix="st-") as folder:
        yield Path(folder)


@pytest.fixture
def tell(program, run_folder):
    """Run the command line with a profile; the folder of sockets is the tray's."""

    def run(*argv, **changes):
        profile = ("--profile", program.folder / "profile")
        return program.run(*argv, *profile, XDG_RUNTIME_DIR=run_folder, **changes)

    return run


@pytest.fixture
def tray(program, run_folder, portal):
    """Start the tray, without a screen, and wait until it is reached."""

    @contextmanager
    def run(*start):
        command = [sys.executable, *(start or ("-m", "sems_tray"))]
        profile = program.folder / "profile"
        with subprocess.Popen(
            [*command, "--profile", profile, "--portal", portal.url],
            env=program.environment(XDG_RUNTIME_DIR=run_folder, **TRAY),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as child:
            try:
                until = time.monotonic() + 30
                while not (portal.count("/alarm/page") and [*run_folder.iterdir()]):
                    assert child.poll() is None, child.communicate()
                    assert time.monotonic() < until
                    time.sleep(0.02)
                yield child
            finally:
                child.kill()

    return run


def test_nobody_to_reach_is_told_in_a_line_and_leaves_no_trace(tell, program):
    quit_, refresh = at_once([lambda: tell("--quit"), lambda: tell("--refresh")])
    assert (quit_.code, quit_.out, quit_.err) == (0, "", NONE)
    assert (refresh.code, refresh.out, refresh.err) == (1, "", NONE)
    assert program.traces() == []
    assert not (program.folder / "profile").exists()


def test_without_qt_it_says_so_in_one_line(tell, program):
    stub = program.folder / "stub" / "PySide6"
    stub.mkdir(parents=True)
    (stub / "__init__.py").write_text("raise ImportError('libEGL.so.1:\\nnot there')")
    path = os.pathsep.join([str(stub.parent), str(Path(__file__).parents[2])])
    done = tell("--quit", PYTHONPATH=path)
    assert (done.code, done.out) == (1, "")
    assert done.err == "sems-tray: Qt cannot be loaded (libEGL.so.1: not there)\n"


def test_quit_returns_when_the_process_has_ended(tell, tray, run_folder):
    with tray() as child:
        done = tell("--quit")
        assert (done.code, done.out, done.err) == (0, "", "")
        assert child.wait(1) == 0
        assert child.stderr.read() == ""
    assert [*run_folder.iterdir()] == []


def test_refresh_makes_it_poll_unless_the_portal_wants_a_pause(tell, tray, portal):
    with tray():
        before = portal.count("/stations/flow")
        until = time.monotonic() + 20
        # While it still polls, there is nothing to ask for.
        while portal.count("/stations/flow") == before and time.monotonic() < until:
            done = tell("--refresh")
            assert (done.code, done.out, done.err) == (0, "", "")
        assert portal.count("/stations/flow") > before
        portal.fail("", "429", retry_after=600)
        while tell("--refresh").code == 0 and time.monotonic() < until + 20:
            pass
        paused = tell("--refresh")
        words = "sems-tray: the portal asked for a pause of 10 min\n"
        assert (paused.code, paused.out, paused.err) == (6, "", words)
        assert tell("--quit").code == 0


def test_an_error_in_a_slot_is_logged_masked_and_ends_nothing(tell, tray, program):
    with tray("-c", FAILING) as child:
        assert tell(**TRAY).code == 0  # a second start
        assert tell("--quit").code == 0
        said = child.communicate(timeout=5)[1]
        assert child.returncode == 0
    line = "an error in SEMS Tray itself (ValueError; --verbose tells more)"
    assert said == f"sems-tray: {line}\n"
    log = (program.folder / "profile" / "sems-tray.log").read_text()
    assert "Traceback" in log
    assert "ValueError: the password of" in log
    assert "owner@example.com" not in log
