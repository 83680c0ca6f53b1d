"""One instance per user and profile, and what it can be told."""

from __future__ import annotations

import os
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing, contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QDir, QObject, QTimer
from PySide6.QtGui import QIcon

from sems_tray.app import startup
from sems_tray.desktop import instance_socket
from sems_tray.desktop.instance_socket import SilentError, instance_address, send
from sems_tray.desktop.qt_application import OsSignals
from sems_tray.desktop.single_instance import Instance

posix = pytest.mark.skipif(sys.platform == "win32", reason="sockets are POSIX's")


@pytest.fixture
def runtime(monkeypatch):
    # Short: the path of a socket has 107 characters at most.
    folder = Path(tempfile.mkdtemp(prefix="st-"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    yield folder
    shutil.rmtree(folder)


class Served(Instance):
    """Notes what it is told to do."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.heard: list[str] = []
        self.pause: timedelta | None = None
        raise_, refresh, quit_ = (
            partial(self.heard.append, it) for it in ("raise", "refresh", "quit")
        )
        self.serve(raise_, refresh, lambda: self.pause, quit_)


@pytest.fixture
def start(qapp, runtime):
    started: list[Served] = []

    def start(key: str = "sems-tray") -> Served:
        started.append(Served(key))
        return started[-1]

    yield start
    for one in started:
        one.close()
        one.release()


@pytest.fixture
def told(qtbot):
    """Say something to an instance from another thread; return its answer."""

    def tell(word, key="sems-tray", within_s=5.0):
        answers: list[object] = []

        def say():
            try:
                answers.append(send(instance_address(key), word, within_s))
            except SilentError as exc:
                answers.append(exc)

        threading.Thread(target=say).start()
        qtbot.waitUntil(lambda: bool(answers), timeout=10_000)
        return answers[0]

    return tell


@contextmanager
def line_to(instance: Instance):
    with closing(socket.socket(socket.AF_UNIX)) as line:
        assert instance._address is not None
        line.connect(instance._address.name)
        line.settimeout(5)
        yield line


@posix
def test_when_the_first_has_gone_the_next_one_is_it(start, runtime):
    first = start()
    assert first.is_first()
    first.close()
    first.release()
    assert list(runtime.iterdir()) == []
    assert start().is_first()


@pytest.mark.parametrize("word", ["raise", "quit", "refresh"])
def test_it_hears_what_later_starts_want_again_and_again(start, told, qtbot, word):
    first = start()
    assert first.is_first()
    assert start("another profile").is_first()
    for times in (1, 2):
        assert told(word) == "ok"
        qtbot.waitUntil(lambda times=times: first.heard == [word] * times)
    assert told("a word of another version") == "unknown"
    qtbot.wait(50)
    assert first.heard == [word] * 2


@pytest.mark.parametrize(("seconds", "said"), [(299.6, 300), (0.2, 1)])
def test_a_pause_that_the_portal_asked_for_is_told(start, told, qtbot, seconds, said):
    first = start()
    assert first.is_first()
    first.pause = timedelta(seconds=seconds)
    assert told("refresh") == f"paused {said}"
    qtbot.wait(50)
    assert first.heard == []


def test_nobody_is_reached_where_none_runs(qapp, runtime):
    began = time.monotonic()
    assert send(instance_address("sems-tray"), "quit") is None
    assert time.monotonic() - began < 1
    assert list(runtime.iterdir()) == []


@posix
def test_what_a_killed_one_left_is_in_nobodys_way(start, runtime):
    address = instance_address("sems-tray")
    Path(address.name).touch()
    # Even where its process has a namesake now: this one, for example.
    Path(f"{address.name}.lock").write_text(f"{os.getpid()}\n")
    assert send(address, "quit") is None
    first = start()
    assert first.is_first()
    assert address.lock.is_held()
    assert address.lock.owner == os.getpid()


HOLDER = """
import sys
from pathlib import Path
from sems_tray.desktop.instance_socket import InstanceLock
assert InstanceLock(Path(sys.argv[1])).acquire()
print("taken", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def silent(start):
    """Let another process have the lock and say nothing."""
    lock = f"{instance_address('sems-tray').name}.lock"
    command = [sys.executable, "-c", HOLDER, lock]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == b"taken"
        yield process
        process.kill()


@posix
def test_a_first_that_does_not_answer_is_named_and_can_be_ended(
    start, silent, monkeypatch
):
    monkeypatch.setattr(instance_socket, "WITHIN_S", 0.2)
    second = start()
    with pytest.raises(SilentError, match=rf"running \(process {silent.pid}\) but"):
        second.is_first()
    assert silent.poll() is None
    with pytest.raises(SilentError):
        send(instance_address("sems-tray"), "quit", 0.2)
    assert second.end_first()
    assert silent.wait(5) < 0
    assert second.is_first()


class Interrupts(OsSignals):
    """Hears no signals of the system; this process has its own."""

    def __init__(self) -> None:
        QObject.__init__(self)


@posix
@pytest.mark.parametrize("button", ["End it and start", "Cancel", "^C"])
def test_the_owner_is_asked_about_one_that_is_silent(
    start, silent, monkeypatch, qapp, caplog, button
):
    monkeypatch.setattr(instance_socket, "WITHIN_S", 0.1)
    interrupts = Interrupts()

    def answer():
        box = qapp.activeModalWidget()
        named = [it for it in box.buttons() if it.text().replace("&", "") == button]
        named[0].click() if named else interrupts.came.emit()

    QTimer.singleShot(300, answer)
    ended = button == "End it and start"
    assert startup._other(start(), interrupts, qapp) == (None if ended else 1)
    assert (silent.poll() is not None) == ended
    assert f"(process {silent.pid}) but does not answer" in caplog.text
    qapp.setWindowIcon(QIcon())


@posix
def test_a_start_waits_for_the_end_of_the_one_before(start, silent):
    threading.Timer(0.3, silent.stdin.close).start()
    assert start().is_first()


@posix
def test_one_that_takes_calls_and_does_not_answer_is_silent(start, silent):
    address = instance_address("sems-tray")
    with closing(socket.socket(socket.AF_UNIX)) as line:
        line.bind(address.name)
        line.listen()
        with pytest.raises(SilentError):
            send(address, "quit", 0.2)
        assert Path(address.name).exists()


@posix
def test_one_that_hangs_up_and_has_ended_is_none(start, runtime):
    address = instance_address("sems-tray")
    with closing(socket.socket(socket.AF_UNIX)) as line:
        line.bind(address.name)
        line.listen()

        def hang_up():
            line.accept()[0].close()

        threading.Thread(target=hang_up).start()
        assert send(address, "quit", 5) is None


@posix
@pytest.mark.parametrize(
    "garbage",
    [b"x" * 1_000_000, b"\0\xff" * 200, b"raise" * 100 + b"\n"],
)
def test_garbage_is_hung_up_on(start, told, qtbot, garbage):
    first = start()
    assert first.is_first()
    with line_to(first) as line:
        line.setblocking(False)
        with pytest.raises((BlockingIOError, BrokenPipeError)):  # noqa: PT012
            while True:
                line.sendall(garbage)
                garbage = b"\n"
        qtbot.waitUntil(lambda: not first._callers(), timeout=5000)
    assert first.heard == []
    assert told("raise") == "ok"


@posix
def test_one_that_calls_and_leaves_at_once_is_heard_and_forgotten(start, qtbot):
    first = start()
    assert first.is_first()
    with line_to(first) as line:
        line.send(b"raise\n")
    qtbot.waitUntil(lambda: first.heard == ["raise"])
    qtbot.waitUntil(lambda: not first._callers(), timeout=5000)


@posix
class TestTheAddress:
    def test_is_the_users_alone(self, start, runtime):
        assert start().is_first()
        found = {it.name: it.stat() for it in runtime.iterdir()}
        assert len(found) == 2
        assert {it.st_mode & 0o077 for it in found.values()} == {0}

    def test_says_nothing_about_the_user(self, qapp, runtime):
        name = Path(instance_address("a profile of somebody").name).name
        assert name.startswith("sems-tray-")
        assert "somebody" not in name

    @pytest.fixture
    def elsewhere(self, monkeypatch, tmp_path):
        """Give a user without a session a temporary folder."""
        monkeypatch.setattr(os, "getuid", lambda: 12345)
        monkeypatch.setattr(instance_socket, "_is_ours", self.by_owner)
        monkeypatch.setattr(QDir, "tempPath", staticmethod(lambda: self.folder))
        self.folder = tempfile.mkdtemp(prefix="st-")
        yield Path(self.folder)
        shutil.rmtree(self.folder)

    def by_owner(self, folder: Path) -> bool:
        """Judge by the mode only: the files are those of the tests' own user."""
        found = folder.lstat() if folder.exists() else None
        return found is not None and stat.S_IMODE(found.st_mode) == 0o700

    @pytest.mark.parametrize("session", ["", "relative", "/nonexistent/folder"])
    def test_without_a_session_is_a_folder_of_the_users_own(
        self, elsewhere, monkeypatch, session
    ):
        monkeypatch.setenv("XDG_RUNTIME_DIR", session)
        address = instance_address("sems-tray")
        assert Path(address.name).parent == elsewhere / "sems-tray-12345"
        assert stat.S_IMODE(Path(address.name).parent.stat().st_mode) == 0o700

    def test_is_not_taken_where_somebody_else_prepared_it(
        self, elsewhere, monkeypatch, caplog
    ):
        monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
        (elsewhere / "sems-tray-12345").mkdir(mode=0o755)
        with pytest.raises(PermissionError):
            instance_address("sems-tray")
        # It runs all the same.
        instance = Instance("sems-tray")
        assert instance.is_first()
        assert not instance.end_first()
        instance.close()
        instance.release()
        assert "is not this user's alone" in caplog.text

    def test_is_another_one_where_the_path_is_too_long(self, monkeypatch, tmp_path):
        long = tmp_path / ("x" * 90)
        long.mkdir(mode=0o700)
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(long))
        assert long not in Path(instance_address("sems-tray").name).parents

    def test_may_not_be_a_link_or_open_to_others(self, tmp_path):
        mine = Path(tempfile.mkdtemp(prefix="st-"))
        assert instance_socket._is_ours(mine)
        link = Path(f"{mine}l")
        link.symlink_to(mine)
        assert not instance_socket._is_ours(link)
        mine.chmod(0o770)
        assert not instance_socket._is_ours(mine)
        link.unlink()
        mine.rmdir()
