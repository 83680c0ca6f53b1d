"""Bubbles by real daemons on a real bus: by dunst, by one that records, by none."""

from __future__ import annotations

import logging
import os
import signal
import time
from pathlib import Path

import pytest
import shiboken6

from sems_tray.alerts.model import Level
from sems_tray.notifications import dbus_backend
from sems_tray.notifications.notification import Button, Notification
from sems_tray.notifications.notifier import Notifier
from tests.notifications.test_notifier import Icon

from .configuration import BUS_XML
from .daemon import NAME, Dunst, Recorder
from .program import this_python
from .screen import Box
from .tray import BUS
from .waiting import wait_until

# The offscreen platform knows no tray, and says so at the first icon.
pytestmark = pytest.mark.qt_log_ignore("systemTrayWindowChanged")

BY_RECORDER = f"{NAME} (recorder 1.0)"
DETAILS = Button(id="details", label="Details")


class Bubbler:
    """A notifier in this process, and what comes of it."""

    def __init__(self, icon: Icon | None) -> None:
        self.icon = icon
        self.notifier = Notifier(icon)
        self.pressed: list[tuple[str, str]] = []
        self.closed: list[str] = []
        self.notifier.pressed.connect(lambda *it: self.pressed.append(it))
        self.notifier.closed.connect(self.closed.append)

    def show(self, key: str, title: str = "Fault", text: str = "", **more) -> None:
        bubble = {"key": key, "title": title, "text": text, "level": Level.WARNING}
        self.notifier.show(Notification(**{**bubble, **more}))

    def close(self, *keys: str) -> None:
        for key in keys:
            self.notifier.close(key)

    def is_by(self, backend: str) -> None:
        wait_until(lambda: self.notifier.backend == backend)


@pytest.fixture
def bubbler(qapp, desktop, monkeypatch, caplog):
    """Return a notifier on the desktop's bus, with an icon that shows messages."""
    address = desktop.env["DBUS_SESSION_BUS_ADDRESS"]
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    monkeypatch.setenv("XDG_RUNTIME_DIR", desktop.env["XDG_RUNTIME_DIR"])
    monkeypatch.setattr(dbus_backend, "_STALLED_AFTER_MS", 500)
    caplog.set_level(logging.INFO)
    made = Bubbler(Icon())
    yield made
    shiboken6.delete(made.notifier)


@pytest.fixture
def recorder(desktop):
    return Recorder(desktop)


@pytest.fixture
def dunst(desktop):
    return Dunst(desktop)


def titles(recorder: Recorder) -> list[str]:
    return [call["arguments"][3] for call in recorder.calls("Notify")]


def refused(caplog) -> list[str]:
    """Return why daemons showed nothing, as the log has it."""
    said = "the notification daemon shows no bubble: "
    return [it.removeprefix(said) for it in caplog.messages if it.startswith(said)]


# ------------------------------------------------------------ dunst


def test_a_bubble_is_seen_replaced_and_closed(desktop, dunst, bubbler):
    corner = Box(880, 0, 400, 200)
    empty = desktop.look(corner)
    bubbler.show("grid", "Grid power lost", "Battery is at 64 %.")
    wait_until(lambda: dunst.count() == 1)
    wait_until(lambda: desktop.look(corner) != empty)
    bubbler.show("grid", "Grid power is back", "It was gone for 12 min.")
    bubbler.show("battery", "Battery low")
    wait_until(lambda: dunst.count() == 2)
    bubbler.close("battery")
    wait_until(lambda: dunst.count() == 1)
    bubbler.close("grid")
    wait_until(lambda: dunst.count() == 0)
    wait_until(lambda: desktop.look(corner) == empty)
    shown = {entry["summary"] for entry in dunst.history()}
    assert shown == {"Grid power is back", "Battery low"}
    assert bubbler.closed == []  # it knows what it closes itself


def test_the_owners_clicks_and_dismissals_are_heard(dunst, bubbler):
    bubbler.show("a", buttons=(DETAILS,))
    wait_until(lambda: dunst.count() == 1)
    dunst.ctl("action")
    wait_until(lambda: bubbler.pressed == [("a", "")])
    wait_until(lambda: dunst.count() == 0)  # dunst itself would leave it
    bubbler.show("b")
    wait_until(lambda: dunst.count() == 1)
    dunst.ctl("close")
    wait_until(lambda: bubbler.closed == ["b"])
    assert bubbler.pressed == [("a", "")]


def test_a_daemon_that_is_killed_and_started_again_shows_the_next_one(
    desktop, bubbler, caplog
):
    first = Dunst(desktop)
    bubbler.show("a", text="one")
    bubbler.show("b", text="two")
    wait_until(lambda: first.count() == 2)
    first.program.kill()
    wait_until(lambda: bubbler.closed == ["a", "b"])
    second = Dunst(desktop)
    assert second.count() == 0  # nothing is shown again by itself
    bubbler.show("a", text="three")
    wait_until(lambda: second.count() == 1)
    bubbler.close("a")
    wait_until(lambda: second.count() == 0)
    assert second.history()[0]["body"] == "three"
    assert refused(caplog) == []


# ------------------------------------------------------------ to the letter


def test_notify_has_the_types_of_the_specification(recorder, bubbler):
    assert bubbler.notifier.backend == f"{NAME} (not asked yet)"
    bubbler.close("a")
    assert recorder.calls() == []  # before the first bubble
    bubbler.show(
        "a",
        "Nul\0 & <b>\nline \ud800",  # what the bus would not take is cleaned
        "a < b & c\0\nd",
        level=Level.URGENT,
        buttons=(DETAILS, Button(id="snooze", label="Snooze 1 h")),
    )
    ((app, replaces, icon, title, text, actions, hints, expires),) = recorder.notified(
        1
    )
    (call,) = recorder.calls("Notify")
    assert call["signature"] == "susssasa{sv}i"
    assert (app, replaces, title) == ("SEMS Tray", 0, "Nul & <b> line ?")
    assert text == "a &lt; b &amp; c\nd"
    assert icon.startswith("file:///")
    assert icon.endswith("/resources/sems-tray.png")
    assert actions == ["default", "", "details", "Details", "snooze", "Snooze 1 h"]
    assert hints == {
        "urgency": ["y", 2],
        "desktop-entry": ["s", "sems-tray"],
    }
    assert expires == 0
    bubbler.is_by(BY_RECORDER)


@pytest.mark.parametrize(
    ("level", "urgency", "expires", "transient"),
    [(Level.INFO, 0, -1, ["b", True]), (Level.WARNING, 1, -1, None)],
)
def test_the_level_decides_how_long_it_stays(
    recorder, bubbler, level, urgency, expires, transient
):
    bubbler.show("a", level=level)
    ((*_, hints, told),) = recorder.notified(1)
    assert (hints["urgency"], hints.get("transient")) == (["y", urgency], transient)
    assert told == expires


@pytest.mark.parametrize(
    ("abilities", "title", "text"),
    [((), "T & U: 1 < 2 & 3", ""), (("body",), "T & U", "1 < 2\n& 3")],
)
def test_a_daemon_that_can_little_gets_little(
    recorder, bubbler, abilities, title, text
):
    recorder.can(*abilities)
    bubbler.show("a", "T & U", "1 < 2\n& 3", level=Level.INFO, buttons=(DETAILS,))
    ((_, _, _, *words, actions, hints, _),) = recorder.notified(1)
    assert (words, actions) == ([title, text], [])
    assert hints.keys() == {"urgency", "desktop-entry"}


def test_each_key_has_its_number(recorder, bubbler):
    for title in ("A1", "B1", "A2", "B2", "A3"):
        bubbler.show(title[0], title)
    # Whoever comes while another is on its way waits, and only the newest is sent.
    wait_until(lambda: titles(recorder)[-1] == "A3")
    numbers: dict[str, int] = {}
    for call in recorder.calls("Notify"):
        _, replaces, _, title, *_ = call["arguments"]
        assert replaces == numbers.get(title[0], 0)
        numbers.setdefault(title[0], 2 + len(numbers))
    bubbler.close("B")
    wait_until(lambda: recorder.closed() == [numbers["B"]])
    (call,) = recorder.calls("CloseNotification")
    assert (call["signature"], call["flags"]) == ("u", 3)  # no reply, starts nobody


def test_only_its_own_bubbles_concern_it(desktop, recorder, bubbler):
    bubbler.show("a", buttons=(DETAILS,))
    bubbler.is_by(BY_RECORDER)
    recorder.emit("ActionInvoked", "us", 99, "details")
    recorder.emit("NotificationClosed", "uu", 99, 2)
    recorder.emit("ActionInvoked", "ss", "2", "details")
    recorder.emit("ActionInvoked", "", *())
    recorder.emit("SomethingNew", "us", 2, "details")
    # A stranger's, sent to it alone: the bus would not give it a broadcast.
    to = recorder.calls("Notify")[0]["sender"]
    what = ["/org/freedesktop/Notifications", f"{NAME}.ActionInvoked"]
    desktop._output(
        *("dbus-send", "--session", "--type=signal", f"--dest={to}"),
        *(*what, "uint32:2", "string:default"),
    )
    recorder.emit("ActionInvoked", "us", 2, "details")
    wait_until(lambda: bubbler.pressed == [("a", "details")])
    wait_until(lambda: recorder.closed() == [2])
    bubbler.show("b")
    recorder.notified(2)
    # Some daemons send the reason with another type.
    recorder.emit("NotificationClosed", "ui", 3, 2)
    wait_until(lambda: bubbler.closed == ["b"])
    # What is gone is nobody's.
    recorder.emit("ActionInvoked", "us", 2, "details")
    recorder.emit("NotificationClosed", "uu", 3, 2)
    bubbler.show("c")
    recorder.notified(3)
    assert bubbler.pressed == [("a", "details")]
    assert bubbler.closed == ["b"]


# ------------------------------------------------------------ daemons that fail


def test_without_a_daemon_the_tray_shows_it_and_the_next_finds_a_new_one(
    desktop, bubbler, caplog
):
    bubbler.show("a")
    bubbler.is_by("tray")
    assert refused(caplog) == ["org.freedesktop.DBus.Error.ServiceUnknown"]
    assert caplog.messages[-1] == "bubbles are shown by: tray"
    recorder = Recorder(desktop)
    bubbler.show("a", "Fault again")
    wait_until(lambda: titles(recorder) == ["Fault again"])
    bubbler.is_by(BY_RECORDER)
    assert bubbler.icon.titles == ["Fault"]


@pytest.mark.parametrize(
    "address",
    [
        "unix:path=/nowhere/bus",
        "tcp:host=127.0.0.1,port=9",
        "autolaunch:",
        "rubbish",
        "",
    ],
)
def test_without_a_bus_it_does_without(bubbler, monkeypatch, caplog, address):
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/nowhere")
    bubbler.notifier.set_tray(None)
    bubbler.show("a")
    bubbler.is_by("none")
    assert refused(caplog) == ["no session bus"]
    bubbler.close("a")
    bubbler.notifier.close_all()


def test_the_bus_is_found_in_the_sessions_folder(recorder, bubbler, monkeypatch):
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "")
    bubbler.show("a")
    recorder.notified(1)


@pytest.mark.parametrize(
    ("mode", "why"),
    [
        ("refuse", "tests.Error.Refused"),
        ("refuse Notify", "tests.Error.Refused"),
        ("die", "org.freedesktop.DBus.Error.NoReply"),
        ("die at Notify", "org.freedesktop.DBus.Error.NoReply"),
    ],
)
def test_a_daemon_that_fails_leaves_the_bubble_to_the_tray(
    recorder, bubbler, caplog, mode, why
):
    recorder.behaves(mode)
    bubbler.show("a")
    bubbler.is_by("tray")
    assert bubbler.icon.titles == ["Fault"]
    assert refused(caplog) == [why]


@pytest.mark.parametrize("mode", ["hang", "hang at Notify"])
def test_a_daemon_that_hangs_never_holds_the_program_up(recorder, bubbler, mode):
    recorder.behaves(mode)
    began = time.monotonic()
    bubbler.show("b")
    bubbler.show("c", "Bad")
    bubbler.show("c", "Worse")
    bubbler.show("d", "Over before it was seen")
    bubbler.close("d")
    assert time.monotonic() - began < 2
    bubbler.is_by(f"{NAME} (does not answer)")
    # The tray would ask the same daemon, and wait for it.
    assert bubbler.icon.titles == []
    recorder.release()
    wait_until(lambda: titles(recorder) == ["Fault", "Worse"])
    bubbler.is_by(BY_RECORDER)
    bubbler.close("b", "c")
    wait_until(lambda: recorder.closed() == [2, 3])


def test_what_waited_for_a_daemon_that_is_killed_is_shown_by_the_tray(
    recorder, bubbler, caplog
):
    recorder.behaves("hang at Notify")
    bubbler.show("a")
    bubbler.show("b", "Over")
    recorder.notified(1)
    bubbler.close("b")
    recorder.program.kill()
    bubbler.is_by("tray")
    assert refused(caplog) == ["org.freedesktop.DBus.Error.NoReply"]
    assert bubbler.icon.titles == ["Fault"]


def test_a_bubble_withdrawn_on_its_way_is_closed_when_it_arrives(recorder, bubbler):
    bubbler.show("z")
    bubbler.is_by(BY_RECORDER)
    recorder.behaves("hang at Notify")
    bubbler.show("a")
    recorder.notified(2)
    bubbler.close("a")
    recorder.release()
    wait_until(lambda: recorder.closed() == [3])
    bubbler.show("a")
    assert recorder.notified(3)[2][1] == 0


def test_a_daemon_that_does_not_replace_has_the_old_one_closed(recorder, bubbler):
    recorder.behaves("never the same")
    bubbler.show("a")
    bubbler.is_by(BY_RECORDER)
    bubbler.show("a")
    wait_until(lambda: recorder.closed() == [2])
    bubbler.close("a")
    wait_until(lambda: recorder.closed() == [2, 3])


@pytest.mark.parametrize("number", [0, 7])
def test_a_daemon_that_gives_one_number_to_all_confuses_nobody(
    recorder, bubbler, number
):
    recorder.behaves(f"always {number}")
    bubbler.show("a")
    bubbler.is_by(BY_RECORDER)
    bubbler.show("b")
    recorder.notified(2)
    recorder.emit("ActionInvoked", "us", number, "default")
    bubbler.show("c")
    recorder.notified(3)
    assert bubbler.pressed == ([("b", "")] if number else [])


def test_another_daemon_may_take_over(desktop, recorder, bubbler):
    bubbler.show("a")
    bubbler.is_by(BY_RECORDER)
    second = Recorder(desktop)
    wait_until(lambda: bubbler.closed == ["a"])
    bubbler.show("a")
    ((_, replaces, *_),) = second.notified(1)
    assert replaces == 0
    asked = [call["method"] for call in second.calls()]
    assert asked == ["GetServerInformation", "GetCapabilities", "Notify"]


def test_the_bus_may_start_the_daemon(desktop, bubbler, caplog, startable):
    bubbler.show("a")
    bubbler.is_by(BY_RECORDER)
    assert startable() > 0
    assert refused(caplog) == []


@pytest.fixture
def startable(desktop):
    """Let the bus start the recorder, and return its process if it did."""
    file = desktop.folder / "services" / f"{NAME}.service"
    command = " ".join(this_python(Path(__file__).with_name("recorder.py")))
    file.write_text(f"[D-BUS Service]\nName={NAME}\nExec={command}\n")
    desktop.bus.call(BUS, "ReloadConfig")
    yield lambda: desktop.bus.owner_pid(NAME)
    file.unlink()
    desktop.bus.call(BUS, "ReloadConfig")
    pid = desktop.bus.owner_pid(NAME)
    if pid is not None:
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: desktop.bus.owner_pid(NAME) is None)


def test_a_bus_without_a_file_will_do_and_may_end(
    desktop, bubbler, monkeypatch, caplog
):
    config = desktop.folder / "abstract.conf"
    services = desktop.folder / "data"  # which has none
    text = BUS_XML.format(socket="SOCKET", services=services)
    where = f"unix:abstract=sems-tray-tests-{os.getpid()}"
    config.write_text(text.replace("unix:path=SOCKET", where))
    command = ["dbus-daemon", "--nofork", f"--config-file={config}"]
    bus = desktop.run_app([*command, "--print-address"])
    address = wait_until(lambda: bus.stdout.splitlines()[:1])[0]
    assert address.startswith(where)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    bubbler.show("a")
    unknown = "org.freedesktop.DBus.Error.ServiceUnknown"
    wait_until(lambda: refused(caplog) == [unknown])
    bus.kill()
    # The end of the connection is heard before the next bubble, or by its call.
    wait_until(lambda: not bubbler.notifier._by_daemon._bus.is_open)
    bubbler.show("a")
    wait_until(lambda: refused(caplog) == [unknown, "no session bus"])
