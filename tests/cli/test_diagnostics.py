"""``diagnostics`` and the log as whole programs, without a display."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time

import pytest

from .conftest import PASSWORD, at_once

needs_bus = pytest.mark.skipif(
    shutil.which("dbus-daemon") is None, reason="needs dbus-daemon"
)


@pytest.fixture
def bus(tmp_path):
    """Start a session bus of our own that can start nobody."""
    config = tmp_path / "bus.conf"
    config.write_text(
        "<busconfig><type>session</type>"
        f"<listen>unix:path={tmp_path}/bus</listen>"
        '<policy context="default"><allow send_destination="*"/>'
        '<allow receive_sender="*"/><allow own="*"/></policy></busconfig>'
    )
    command = ["dbus-daemon", "--nofork", "--print-address", f"--config-file={config}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as daemon:
        assert daemon.stdout is not None
        yield daemon.stdout.readline().strip()
        daemon.terminate()


def secrets_of(portal, account):
    """Return all that may not be in a log: of the owner, the plant and the session."""
    found = {account, PASSWORD, *portal.world.sessions._by_account}
    found |= {it.token for it in portal.world.sessions._by_account.values()}
    for site in portal.world.sites:
        spec = site.spec
        found |= {spec.station_id, spec.name}
        found |= set(re.findall(r"DEMO[0-9A-Z]{12}", repr(spec)))
    return found


def test_a_watch_keeps_a_log_that_tells_everything_but_secrets(program, portal):
    profile = program.folder / "p"
    account = "the-lindens@example.com"
    portal.expire_tokens()
    child = program.popen(
        *("status", "--watch", "--json", "--verbose", "--profile", profile),
        portal=portal,
        SEMS_TRAY_ACCOUNT=account,
    )
    with child:
        try:
            assert child.stdout.readline()
        finally:
            child.send_signal(signal.SIGTERM)
            _, err = child.communicate(timeout=20)
    log = profile / "sems-tray.log"
    text = log.read_text(encoding="utf-8")
    assert "SEMS Tray" in text
    assert "signed in (semsplus)" in text
    assert "requests today: " in text
    secrets = secrets_of(portal, account)
    assert any(it.startswith("DEMO10KETU") for it in secrets)
    assert [it for it in secrets if it in text] == []
    assert [it for it in secrets if it in err] == []
    if sys.platform != "win32":
        assert log.stat().st_mode & 0o777 == 0o600
    done = program.run("diagnostics", "--profile", profile, SEMS_TRAY_ACCOUNT=account)
    assert (done.code, done.err) == (0, "")
    assert [it for it in secrets if it in done.out] == []
    assert "signed in (semsplus)" in done.out
    assert re.search(r"requests today: \d+\n", done.out)


def test_without_a_display_a_bus_or_a_home_folder_there_is_still_an_answer(program):
    began = time.monotonic()
    plain, demo, homeless = at_once(
        [
            lambda: program.run("diagnostics"),
            lambda: program.run("--demo", "diagnostics"),
            lambda: program.run("diagnostics", "--profile", "mine", HOME="unset"),
        ]
    )
    assert time.monotonic() - began < 30
    assert [it.code for it in (plain, demo, homeless)] == [0, 0, 0]
    assert [it.err for it in (plain, demo, homeless)] == ["", "", ""]
    assert "Display:       none" in plain.out
    assert "Keyring backend: " in plain.out
    assert "unknown (its process failed)" not in plain.out
    assert program.traces() == []


def test_without_qt_there_is_still_an_answer(program):
    nothing = program.folder / "without" / "PySide6"
    nothing.mkdir(parents=True)
    (nothing / "__init__.py").write_text("raise ImportError('libEGL.so.1 is missing')")
    path = f"{nothing.parent}{os.pathsep}{program.environment()['PYTHONPATH']}"
    done = program.run("diagnostics", "--json", PYTHONPATH=path)
    assert done.code == 0
    assert done.json["program"]["qt"] == "cannot be loaded (libEGL.so.1 is missing)"


@needs_bus
def test_a_bare_bus_has_nobody_on_it_and_nobody_is_started(program, bus):
    done = program.run("diagnostics", "--json", DBUS_SESSION_BUS_ADDRESS=bus)
    assert done.json["desktop"]["tray"] == "no StatusNotifier watcher on the bus"
    daemon = "no daemon runs (the first bubble may start one)"
    assert done.json["desktop"]["notifications"] == daemon
    assert done.json["secrets"]["keyring"] == "no Secret Service runs"


@needs_bus
@pytest.mark.skipif(
    shutil.which("gnome-keyring-daemon") is None, reason="needs gnome-keyring"
)
def test_a_real_keyring_says_whether_it_is_locked_and_stays_so(program, bus):
    environment = {
        **program.environment(DBUS_SESSION_BUS_ADDRESS=bus),
        "XDG_RUNTIME_DIR": str(program.folder),
    }
    command = ["gnome-keyring-daemon", "--foreground", "--components=secrets"]
    keyring = subprocess.Popen(
        [*command, "--unlock"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
    )
    secrets: dict[str, str] = {}
    with keyring:
        assert keyring.stdin is not None
        keyring.stdin.write(b"pass")
        keyring.stdin.close()
        try:
            for _ in range(20):
                done = program.run(
                    "diagnostics", "--json", DBUS_SESSION_BUS_ADDRESS=bus
                )
                secrets = done.json["secrets"]
                if secrets["keyring"] == "unlocked":
                    break
                time.sleep(0.2)
            else:
                pytest.fail(f"not unlocked: {secrets}")
        finally:
            keyring.terminate()
    assert "SecretService" in secrets["keyring_backend"]
