"""Bubbles by real daemons on a real bus: by dunst, by one that records, by none."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from .configuration import BUS_XML
from .daemon import NAME, Bubbler, Dunst, Recorder
from .program import this_python
from .screen import Box
from .tray import BUS
from .waiting import wait_until

SHOWN_BY = "bubbles are shown by: "
BY_RECORDER = f"{SHOWN_BY}{NAME} (recorder 1.0)"
NO_BUBBLE = "the notification daemon shows no bubble: "


@pytest.fixture
def recorder(desktop):
    return Recorder(desktop)


@pytest.fixture
def dunst(desktop):
    return Dunst(desktop)


@pytest.fixture
def bubbler(desktop):
    return Bubbler(desktop)


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
    bubbler.order("close battery")
    wait_until(lambda: dunst.count() == 1)
    bubbler.order("close grid")
    wait_until(lambda: dunst.count() == 0)
    wait_until(lambda: desktop.look(corner) == empty)
    titles = {entry["summary"] for entry in dunst.history()}
    assert titles == {"Grid power is back", "Battery low"}
    assert bubbler.answers("closed") == []  # it knows what it closes itself
    bubbler.end()


def test_the_owners_clicks_and_dismissals_are_heard(dunst, bubbler):
    bubbler.show("a", "Fault", buttons=[("details", "Details"), ("snooze", "Snooze")])
    wait_until(lambda: dunst.count() == 1)
    dunst.ctl("action")
    bubbler.says("pressed a ''")
    wait_until(lambda: dunst.count() == 0)  # dunst itself would leave it
    bubbler.show("b", "Another")
    wait_until(lambda: dunst.count() == 1)
    dunst.ctl("close")
    bubbler.says("closed b")
    assert bubbler.answers("pressed") == ["a ''"]
    assert bubbler.answers("closed") == ["b"]
    bubbler.end()


def test_dunst_shows_the_text_as_it_is_and_the_level_it_has(dunst, bubbler):
    bubbler.show("a", "Tom & <b>Jerry</b>", "1 < 2 & 3 > 2\nline two", level="URGENT")
    wait_until(lambda: dunst.count() == 1)
    bubbler.order("close a")
    entry = wait_until(dunst.history)[0]
    assert entry["summary"] == "Tom & <b>Jerry</b>"
    # dunst keeps markup in its history as it came.
    assert entry["body"] == "1 &lt; 2 &amp; 3 &gt; 2\nline two"
    assert entry["timeout"] == 0
    assert entry["appname"] == "SEMS Tray"
    assert entry["icon_path"].endswith("/resources/sems-tray.png")
    bubbler.end()


def test_a_daemon_that_is_killed_and_started_again_shows_the_next_one(desktop, bubbler):
    first = Dunst(desktop)
    bubbler.show("a", "Fault", "one")
    bubbler.show("b", "Other", "two")
    wait_until(lambda: first.count() == 2)
    first.program.kill()
    bubbler.says("closed a")
    bubbler.says("closed b")
    second = Dunst(desktop)
    assert second.count() == 0  # nothing is shown again by itself
    bubbler.show("a", "Fault", "three")
    wait_until(lambda: second.count() == 1)
    bubbler.order("close a")
    wait_until(lambda: second.count() == 0)
    assert second.history()[0]["body"] == "three"
    assert not any(NO_BUBBLE in line for line in bubbler.logged())
    bubbler.end()


# ------------------------------------------------------------ to the letter


def test_notify_has_the_types_of_the_specification(recorder, bubbler):
    buttons = [("details", "Details"), ("snooze", "Snooze 1 h")]
    bubbler.show(
        "a",
        "Fault",
        "a < b & c",
        level="URGENT",
        buttons=buttons,
        category="device.error",
    )
    ((app, replaces, icon, title, text, actions, hints, expires),) = recorder.notified(
        1
    )
    (call,) = recorder.calls("Notify")
    assert call["signature"] == "susssasa{sv}i"
    assert (app, replaces, title, text) == ("SEMS Tray", 0, "Fault", "a &lt; b &amp; c")
    assert icon.startswith("file:///")
    assert icon.endswith("/resources/sems-tray.png")
    assert actions == ["default", "", "details", "Details", "snooze", "Snooze 1 h"]
    assert hints == {
        "urgency": ["y", 2],
        "desktop-entry": ["s", "sems-tray"],
        "category": ["s", "device.error"],
    }
    assert expires == 0
    bubbler.says(f"log {BY_RECORDER}")
    assert bubbler.asks("backend") == f"{NAME} (recorder 1.0)"
    bubbler.end()


def test_the_level_decides_how_long_it_stays(recorder, bubbler):
    levels = {"INFO": (0, -1, True), "WARNING": (1, -1, False), "URGENT": (2, 0, False)}
    for number, (level, told) in enumerate(levels.items(), start=1):
        urgency, expires, transient = told
        bubbler.show(level, "Title", level=level)
        arguments = recorder.notified(number)[-1]
        assert arguments[6]["urgency"] == ["y", urgency]
        assert arguments[6].get("transient") == (["b", True] if transient else None)
        assert arguments[7] == expires


def test_a_daemon_that_can_little_gets_little(recorder, bubbler):
    recorder.can()
    bubbler.show("a", "Low", "9 % <left>\nof it", level="INFO", buttons=[("x", "X")])
    ((_, _, _, title, text, actions, hints, _),) = recorder.notified(1)
    assert (title, text, actions) == ("Low: 9 % <left> of it", "", [])
    assert hints.keys() == {"urgency", "desktop-entry"}


def test_without_markup_the_text_is_not_escaped(recorder, bubbler):
    recorder.can("body")
    bubbler.show("a", "T & U", "1 < 2\n& 3")
    ((_, _, _, title, text, _, _, _),) = recorder.notified(1)
    assert (title, text) == ("T & U", "1 < 2\n& 3")


def test_a_text_that_the_bus_would_not_take_is_cleaned(recorder, bubbler):
    bubbler.show("a", "Nul\0 and\nline \ud800", "b\0c\ud800")
    ((_, _, _, title, text, _, _, _),) = recorder.notified(1)
    assert (title, text) == ("Nul and line ?", "bc?")
    bubbler.show("a", "Still here")
    assert recorder.notified(2)[1][3] == "Still here"


def test_each_key_has_its_number(recorder, bubbler):
    bubbler.show("a", "A1")
    bubbler.show("b", "B1")
    bubbler.show("a", "A2")
    bubbler.show("b", "B2")
    # Whoever comes while another is on its way waits, and only the newest is sent.
    wait_until(lambda: recorder.calls("Notify")[-1]["arguments"][3] == "B2")
    bubbler.show("a", "A3")
    wait_until(lambda: recorder.calls("Notify")[-1]["arguments"][3] == "A3")
    numbers: dict[str, int] = {}
    for call in recorder.calls("Notify"):
        _, replaces, _, title, *_ = call["arguments"]
        assert replaces == numbers.get(title[0], 0)
        numbers.setdefault(title[0], 2 + len(numbers))
    bubbler.order("close b")
    wait_until(lambda: recorder.closed() == [3])


def test_only_its_own_bubbles_concern_it(recorder, bubbler):
    bubbler.show("a", "Fault", buttons=[("details", "Details")])
    bubbler.says(f"log {BY_RECORDER}")
    recorder.emit("ActionInvoked", "us", 99, "details")
    recorder.emit("NotificationClosed", "uu", 99, 2)
    recorder.emit("ActionInvoked", "ss", "2", "details")
    recorder.emit("ActionInvoked", "", *())
    recorder.emit("SomethingNew", "us", 2, "details")
    recorder.emit("ActionInvoked", "us", 2, "details")
    bubbler.says("pressed a 'details'")
    wait_until(lambda: recorder.closed() == [2])
    bubbler.show("b", "Next")
    recorder.notified(2)
    # Some daemons send the reason with another type.
    recorder.emit("NotificationClosed", "ui", 3, 2)
    bubbler.says("closed b")
    # What is gone is nobody's.
    recorder.emit("ActionInvoked", "us", 2, "details")
    recorder.emit("NotificationClosed", "uu", 3, 2)
    bubbler.show("c", "Last")
    recorder.notified(3)
    assert bubbler.answers("pressed") == ["a 'details'"]
    assert bubbler.answers("closed") == ["b"]


def test_a_stranger_cannot_press_a_button(desktop, recorder, bubbler):
    bubbler.show("a", "Fault")
    bubbler.says(f"log {BY_RECORDER}")
    # Sent to it alone: the bus would not give it a stranger's broadcast.
    to = recorder.calls("Notify")[0]["sender"]
    what = ["/org/freedesktop/Notifications", f"{NAME}.ActionInvoked"]
    desktop._output(
        *("dbus-send", "--session", "--type=signal", f"--dest={to}"),
        *(*what, "uint32:2", "string:default"),
    )
    recorder.emit("NotificationClosed", "uu", 2, 2)
    bubbler.says("closed a")
    assert bubbler.answers("pressed") == []


# ------------------------------------------------------------ daemons that fail


def test_without_a_daemon_the_tray_shows_it_and_the_next_finds_a_new_one(desktop):
    bubbler = Bubbler(desktop, icon=True)
    bubbler.show("a", "Fault")
    bubbler.says("tray shows Fault")
    assert bubbler.logged() == [
        f"{NO_BUBBLE}org.freedesktop.DBus.Error.ServiceUnknown",
        f"{SHOWN_BY}tray",
    ]
    assert bubbler.asks("backend") == "tray"
    recorder = Recorder(desktop)
    bubbler.show("a", "Fault again")
    wait_until(lambda: "Fault again" in titles(recorder))
    bubbler.says(f"log {BY_RECORDER}")
    assert bubbler.answers("tray shows") == ["Fault"]
    bubbler.end()


def test_without_a_daemon_and_a_tray_nothing_is_shown_and_nothing_breaks(bubbler):
    bubbler.show("a", "Fault")
    bubbler.says(f"log {SHOWN_BY}none")
    assert bubbler.asks("backend") == "none"
    bubbler.end()


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
def test_without_a_bus_it_does_without(desktop, address):
    env = {"DBUS_SESSION_BUS_ADDRESS": address, "XDG_RUNTIME_DIR": "/nowhere"}
    bubbler = Bubbler(desktop, env=env)
    bubbler.show("a", "Fault")
    bubbler.says(f"log {NO_BUBBLE}no session bus")
    bubbler.says(f"log {SHOWN_BY}none")
    bubbler.order("close a", "close_all", "quit")
    assert bubbler.program.wait(5) == 0
    assert "Traceback" not in bubbler.program.stderr


def test_the_bus_is_found_in_the_sessions_folder(desktop, recorder):
    bubbler = Bubbler(desktop, env={"DBUS_SESSION_BUS_ADDRESS": ""})
    bubbler.show("a", "Fault")
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
    desktop, recorder, mode, why
):
    bubbler = Bubbler(desktop, icon=True)
    recorder.behaves(mode)
    bubbler.show("a", "Fault")
    bubbler.says("tray shows Fault")
    assert bubbler.logged() == [f"{NO_BUBBLE}{why}", f"{SHOWN_BY}tray"]
    bubbler.end()


@pytest.mark.parametrize("mode", ["hang", "hang at Notify"])
def test_a_daemon_that_hangs_never_holds_the_program_up(desktop, recorder, mode):
    bubbler = Bubbler(desktop, icon=True)
    recorder.behaves(mode)
    bubbler.asks("stall")
    bubbler.show("b", "Fault")
    bubbler.show("c", "Bad")
    bubbler.show("c", "Worse")
    bubbler.show("d", "Over before it was seen")
    bubbler.order("close d")
    bubbler.says(f"log {SHOWN_BY}{NAME} (does not answer)", 6)
    # The tray would ask the same daemon, and wait for it.
    assert bubbler.answers("tray shows") == []
    assert float(bubbler.asks("stall")) < 0.5
    recorder.release()
    wait_until(lambda: titles(recorder) == ["Fault", "Worse"])
    bubbler.says(f"log {BY_RECORDER}")
    bubbler.order("close b", "close c")
    wait_until(lambda: recorder.closed() == [2, 3])
    bubbler.end()


def test_what_waited_for_a_daemon_that_is_killed_is_shown_by_the_tray(
    desktop, recorder
):
    bubbler = Bubbler(desktop, icon=True)
    recorder.behaves("hang at Notify")
    bubbler.show("a", "Fault")
    bubbler.show("b", "Over")
    recorder.notified(1)
    bubbler.order("close b")
    bubbler.asks("backend")  # by now the order before it is obeyed
    recorder.program.kill()
    bubbler.says("tray shows Fault")
    assert bubbler.logged() == [
        f"{NO_BUBBLE}org.freedesktop.DBus.Error.NoReply",
        f"{SHOWN_BY}tray",
    ]
    bubbler.end()
    assert bubbler.answers("tray shows") == ["Fault"]


def test_a_bubble_withdrawn_on_its_way_is_closed_when_it_arrives(recorder, bubbler):
    bubbler.show("z", "First")
    bubbler.says(f"log {BY_RECORDER}")
    recorder.behaves("hang at Notify")
    bubbler.show("a", "Fault")
    recorder.notified(2)
    bubbler.order("close a")
    recorder.release()
    wait_until(lambda: recorder.closed() == [3])
    bubbler.show("a", "Fault again")
    assert recorder.notified(3)[2][1] == 0


def test_a_daemon_that_does_not_replace_has_the_old_one_closed(recorder, bubbler):
    recorder.behaves("never the same")
    bubbler.show("a", "One")
    bubbler.says(f"log {BY_RECORDER}")
    bubbler.show("a", "Two")
    wait_until(lambda: recorder.closed() == [2])
    bubbler.order("close a")
    wait_until(lambda: recorder.closed() == [2, 3])


@pytest.mark.parametrize("number", [0, 7])
def test_a_daemon_that_gives_one_number_to_all_confuses_nobody(
    recorder, bubbler, number
):
    recorder.behaves(f"always {number}")
    bubbler.show("a", "One")
    bubbler.says(f"log {BY_RECORDER}")
    bubbler.show("b", "Two")
    recorder.notified(2)
    wait_until(lambda: titles(recorder) == ["One", "Two"])
    recorder.emit("ActionInvoked", "us", number, "default")
    bubbler.show("c", "Three")
    recorder.notified(3)
    assert bubbler.answers("pressed") == (["b ''"] if number else [])
    bubbler.end()


def test_another_daemon_may_take_over(desktop, recorder, bubbler):
    bubbler.show("a", "Fault")
    bubbler.says(f"log {BY_RECORDER}")
    second = Recorder(desktop)
    bubbler.says("closed a")
    bubbler.show("a", "Fault again")
    (arguments,) = second.notified(1)
    assert arguments[1] == 0
    assert [call["method"] for call in second.calls()] == [
        "GetServerInformation",
        "GetCapabilities",
        "Notify",
    ]
    bubbler.end()


def test_closing_starts_no_daemon(recorder, bubbler):
    bubbler.show("a", "Fault")
    bubbler.says(f"log {BY_RECORDER}")
    bubbler.order("close a")
    (call,) = wait_until(lambda: recorder.calls("CloseNotification"))
    assert call["signature"] == "u"
    assert call["flags"] == 3  # wants no reply, starts nothing


def test_the_bus_may_start_the_daemon(desktop, bubbler, startable):
    bubbler.show("a", "Fault")
    bubbler.says(f"log {BY_RECORDER}", 10)
    assert startable() > 0
    assert len(bubbler.logged()) == 1


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


def test_a_bus_without_a_file_will_do_and_may_end(desktop):
    config = desktop.folder / "abstract.conf"
    services = desktop.folder / "data"  # which has none
    text = BUS_XML.format(socket="SOCKET", services=services)
    where = f"unix:abstract=sems-tray-tests-{os.getpid()}"
    config.write_text(text.replace("unix:path=SOCKET", where))
    command = ["dbus-daemon", "--nofork", f"--config-file={config}"]
    bus = desktop.run_app([*command, "--print-address"])
    address = wait_until(lambda: bus.stdout.splitlines()[:1])[0]
    assert address.startswith(where)
    bubbler = Bubbler(desktop, env={"DBUS_SESSION_BUS_ADDRESS": address})
    bubbler.show("a", "Fault")
    bubbler.says(f"log {NO_BUBBLE}org.freedesktop.DBus.Error.ServiceUnknown")
    bus.kill()
    bubbler.show("a", "Fault")
    bubbler.says(f"log {NO_BUBBLE}no session bus")
    bubbler.order("close a", "close_all", "quit")
    assert bubbler.program.wait(5) == 0


# ------------------------------------------------------------ cost


def test_nothing_is_loaded_before_the_first_bubble(recorder, bubbler):
    assert "jeepney" not in bubbler.asks("modules")
    assert bubbler.asks("backend") == f"{NAME} (not asked yet)"
    bubbler.order("close a", "close_all")
    assert recorder.calls() == []
    bubbler.show("a", "Fault")
    bubbler.says(f"log {BY_RECORDER}")
    assert "jeepney" in bubbler.asks("modules")


def titles(recorder: Recorder) -> list[str]:
    return [call["arguments"][3] for call in recorder.calls("Notify")]
