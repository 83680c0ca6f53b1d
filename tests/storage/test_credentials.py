import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from sems_tray.domain.credentials import Credentials
from sems_tray.storage import credentials
from sems_tray.storage.credentials import (
    Answer,
    KeyringOutcome,
    KeyringVault,
    MemoryVault,
    ask_keyring,
    child_command,
)

PASSWORD = "hunter2 屋\n\"'\\ ü"
posix = pytest.mark.skipif(os.name == "nt", reason="signals are POSIX's")
TOKEN = '{"dialect": "semsplus", "login": {"token": "t0ken"}}'


@pytest.fixture
def keyring(tmp_path, monkeypatch):
    """Give the child a keyring of ours; return what it keeps and how to spoil it."""
    file = tmp_path / "keyring.json"
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "fake_keyring.Keyring")
    monkeypatch.setenv("FAKE_KEYRING_FILE", str(file))
    # keyring reads a configuration file of the owner's; and a core dump is a trace.
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))

    class Kept:
        @staticmethod
        def entries():
            return json.loads(file.read_text()) if file.exists() else {}

        @staticmethod
        def child():
            return json.loads(file.with_suffix(".child").read_text())

        @staticmethod
        def does(what):
            monkeypatch.setenv("FAKE_KEYRING_DOES", what)

    return Kept


def test_a_listing_of_processes_shows_no_secret(keyring, monkeypatch):
    monkeypatch.setenv("SEMS_TRAY_PASSWORD", "hunter2")
    monkeypatch.setenv("SEMS_TRAY_ACCOUNT", "me@example.com")
    ask_keyring("set", "service", "me@example.com", "hunter2")
    shown = json.dumps(keyring.child())
    assert "hunter2" not in shown
    assert "me@example.com" not in shown
    assert "SEMS_TRAY_" not in shown


@pytest.mark.parametrize(
    ("does", "outcome"),
    [
        ("locked", KeyringOutcome.LOCKED),
        ("init", KeyringOutcome.LOCKED),
        ("denied", KeyringOutcome.DENIED),
        ("no-backend", KeyringOutcome.NO_BACKEND),
        ("broken", KeyringOutcome.BROKEN),
        ("crash", KeyringOutcome.BROKEN),
        ("quit", KeyringOutcome.BROKEN),
        pytest.param("abort", KeyringOutcome.BROKEN, marks=posix),
    ],
)
@pytest.mark.parametrize("action", ["get", "set"])
def test_every_way_to_fail_has_a_name(keyring, does, outcome, action):
    keyring.does(does)
    assert ask_keyring(action, "service", "me", "pw") == Answer(outcome)


def test_a_backend_that_talks_does_not_spoil_the_answer(keyring):
    ask_keyring("set", "service", "me", "pw")
    keyring.does("chatty")
    assert ask_keyring("get", "service", "me") == Answer(KeyringOutcome.FOUND, "pw")


def test_a_system_without_a_keyring_is_known(keyring, monkeypatch):
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    assert ask_keyring("get", "service", "me") == Answer(KeyringOutcome.NO_BACKEND)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "nothing.of.the.kind")
    assert ask_keyring("get", "service", "me").outcome is KeyringOutcome.BROKEN


def test_an_unlock_prompt_that_nobody_answers_is_a_locked_keyring(keyring, monkeypatch):
    monkeypatch.setattr(credentials, "_WITHIN_S", 1.0)
    keyring.does("hang")
    assert ask_keyring("get", "service", "me") == Answer(KeyringOutcome.LOCKED)


def wait_for(child):
    """Wait until the child is at its keyring."""
    until = time.monotonic() + 20
    while not child.exists() and time.monotonic() < until:
        time.sleep(0.01)


def test_a_call_under_way_can_be_ended_from_another_thread(keyring, tmp_path):
    keyring.does("hang")
    began = time.monotonic()

    vault = KeyringVault("key", "me")

    def end():
        wait_for(tmp_path / "keyring.child")
        vault.end()

    ending = threading.Thread(target=end)
    ending.start()
    assert vault.token() is None
    ending.join()
    assert vault.credentials() is None
    assert vault.outcome is KeyringOutcome.BROKEN
    # What is to be kept at the end still is.
    keyring.does("")
    assert vault.save_password("pw")
    assert "pw" in keyring.entries().values()
    assert time.monotonic() - began < 20
    assert not credentials._asking


def test_the_child_ends_when_nobody_waits_for_its_answer(keyring, tmp_path):
    keyring.does("hang")
    question = {"action": "get", "service": "service", "name": "me"}
    with subprocess.Popen(
        child_command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdin is not None
        child.stdin.write(f"{json.dumps(question)}\n".encode())
        child.stdin.flush()
        wait_for(tmp_path / "keyring.child")
        assert child.poll() is None
        child.stdin.close()  # as a parent that is killed does
        assert child.wait(10) == 1


@pytest.mark.parametrize(
    "program",
    [
        "",
        "print('hello')",
        'print(\'{"outcome": "attic"}\')',
        "import sys; sys.stdout.buffer.write(b'\\xff\\xfe')",
        "raise SystemExit(7)",
        "import sys; sys.stdin.close()",
    ],
)
def test_a_child_that_speaks_nonsense_is_a_broken_keyring(program, monkeypatch):
    monkeypatch.setattr(
        credentials, "child_command", lambda: [sys.executable, "-c", program]
    )
    assert ask_keyring("get", "service", "me") == Answer(KeyringOutcome.BROKEN)


def test_a_child_that_cannot_start_is_a_broken_keyring(monkeypatch):
    monkeypatch.setattr(credentials, "child_command", lambda: ["/nonexistent/program"])
    assert ask_keyring("get", "service", "me") == Answer(KeyringOutcome.BROKEN)


def test_strangers_modules_in_the_working_folder_are_not_run(
    keyring, tmp_path, monkeypatch
):
    ask_keyring("set", "service", "me", "pw")
    downloads = tmp_path / "downloads"
    downloads.mkdir()
    for name in ("keyring.py", "sems_tray.py", "json.py"):
        (downloads / name).write_text("raise SystemExit('owned')")
    monkeypatch.chdir(downloads)
    assert ask_keyring("get", "service", "me") == Answer(KeyringOutcome.FOUND, "pw")


def test_the_frozen_program_is_its_own_child(monkeypatch):
    assert child_command() == [sys.executable, "-m", "sems_tray", "--keyring-child"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert child_command() == [sys.executable, "--keyring-child"]


def test_the_vault_keeps_an_entry_per_profile_account_and_kind(keyring):
    vault = KeyringVault("sems-tray", "me")
    assert vault.credentials() is None
    assert vault.token() is None
    assert vault.save_password(PASSWORD)
    vault.save_token(TOKEN)
    assert keyring.entries() == {
        "sems-tray password/me": PASSWORD,
        "sems-tray token/me": TOKEN,
    }
    later = KeyringVault("sems-tray", "me")
    assert later.credentials() == Credentials(account="me", password=PASSWORD)
    assert later.token() == TOKEN
    assert KeyringVault("sems-tray", "you").credentials() is None
    assert KeyringVault("sems-tray profile x", "me").credentials() is None


def test_forgetting_deletes_both(keyring):
    vault = KeyringVault("sems-tray", "me")
    vault.save_password("pw")
    vault.save_token(TOKEN)
    vault.forget()
    assert keyring.entries() == {}
    assert vault.token() is None
    vault.forget()
    assert vault.outcome is KeyringOutcome.ABSENT


def test_what_the_keyring_does_not_take_is_kept_for_this_run(keyring, caplog):
    keyring.does("locked")
    vault = KeyringVault("sems-tray", "me")
    assert not vault.save_password("pw")
    assert vault.outcome is KeyringOutcome.LOCKED
    vault.save_token(TOKEN)
    assert vault.token() == TOKEN
    assert "t0ken" not in caplog.text


def test_without_an_account_the_keyring_is_not_asked(monkeypatch):
    def never(*_):
        pytest.fail("asked the keyring")

    monkeypatch.setattr(credentials, "ask_keyring", never)
    vault = KeyringVault("sems-tray", None)
    assert vault.credentials() is None
    assert vault.token() is None
    vault.save_token(TOKEN)
    assert vault.token() == TOKEN


def test_memory_keeps_for_this_run_only():
    assert MemoryVault(None).credentials() is None
    given = Credentials(account="me", password="pw")
    vault = MemoryVault(given)
    assert vault.credentials() is given
    assert vault.token() is None
    vault.save_token(TOKEN)
    assert vault.token() == TOKEN
    assert "pw" not in repr(vault.credentials())
