"""One instance per user and profile."""

from __future__ import annotations

import shutil
import socket
import sys
import tempfile
from pathlib import Path

import pytest

from sems_tray.ui import instance as module
from sems_tray.ui.instance import Instance


@pytest.fixture
def runtime(monkeypatch):
    # Short: the path of a socket has 107 characters at most.
    folder = Path(tempfile.mkdtemp(prefix="st-"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def start(qapp, runtime):
    started: list[Instance] = []

    def start(key: str = "sems-tray") -> Instance:
        started.append(Instance(key))
        return started[-1]

    yield start
    for one in started:
        one.close()


def test_the_second_raises_the_first(start, qtbot):
    first = start()
    assert first.is_first()
    for _ in range(2):
        with qtbot.waitSignal(first.raised, timeout=2000):
            assert not start().is_first()


def test_another_profile_has_a_first_of_its_own(start):
    assert start("one").is_first()
    assert start("two").is_first()


def test_when_the_first_has_gone_the_next_one_is_it(start, runtime):
    first = start()
    assert first.is_first()
    first.close()
    assert list(runtime.iterdir()) == []
    assert start().is_first()


@pytest.mark.skipif(sys.platform == "win32", reason="a pipe of Windows leaves nothing")
def test_what_a_killed_one_left_is_in_nobodys_way(start, runtime):
    first = start()
    Path(first._name).touch()
    # A lock names its owner's process; this number is never given.
    lock = f"4194305\nsems-tray\n{socket.gethostname()}\n"
    Path(f"{first._name}.lock").write_text(lock)
    assert first.is_first()
    assert first._lock.isLocked()


def test_a_first_that_does_not_answer_is_done_without(start, monkeypatch):
    monkeypatch.setattr(module, "_WITHIN_S", 0.05)
    silent = start()
    assert silent._lock.tryLock(0)
    assert start().is_first()


def test_without_a_runtime_folder_the_temporary_one_serves(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_RUNTIME_DIR", "relative")
    assert module._folder().is_absolute()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "missing"))
    assert module._folder().is_dir()


def test_the_name_says_nothing_about_the_user(start):
    name = Path(start("a profile of somebody")._name).name
    assert name.startswith("sems-tray-")
    assert "somebody" not in name
