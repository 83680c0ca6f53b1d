"""From the first start to a polling tray, by keyboard and mouse, whatever goes wrong.

The profile is empty, the keyring is real, the portal is the simulator.  What the
window shows is told by the window itself (teller.py); what is kept is looked up in
the keyring and on the disk.
"""

from __future__ import annotations

import shutil
import subprocess

import pytest

from .newcomer import Newcomer
from .owner import ACCOUNT, DIALOG, PASSWORD, wait_for_answer
from .test_secrets import finds_in_files, forms_of_password, forms_of_secrets

SIGNED_IN = "Signed in - SEMS Tray"
READING = [
    "Battery 76 % ▲ 1.2 kW · PV 3.2 kW",
    "House 0.8 kW · exporting 1.2 kW",
]
HINT = (
    "Look in the panel, near the clock; if it is not there, behind the panel's"
    " small arrow. A click opens the window."
)
KEPT = "The password is kept in the system keyring."


@pytest.fixture
def newcomer(desktop, portal, keyring, tmp_path) -> Newcomer:
    return Newcomer(desktop, portal, tmp_path / "profile")


def has_kept_nothing(newcomer: Newcomer) -> None:
    assert newcomer.keyring_holds() == {}
    assert "account" not in newcomer.settings
    assert finds_in_files(newcomer, forms_of_password()) == []
    assert ACCOUNT not in (newcomer.app.stderr if newcomer.app else "")


def is_told_where_the_icon_is(newcomer: Newcomer) -> None:
    """Read the last page, and end it with Enter; the tray has the values."""
    newcomer.reads(HINT)
    shown = newcomer.reads(KEPT)
    assert shown["title"] == SIGNED_IN
    assert shown["focus"] == "ok"
    assert list(shown["buttons"]) == ["ok"]
    assert shown["fields"] == {}
    newcomer.keys("Return")
    newcomer.is_left_alone()


def is_signed_in(newcomer: Newcomer) -> None:
    """The tray polls; the secrets are in the keyring, and nowhere else."""
    item = newcomer.sees(READING[0])
    wait_for_answer(item)
    assert item.tooltip.splitlines()[:2] == READING
    newcomer.refreshes(item)  # with the token, without another sign-in
    assert item.tooltip.splitlines()[:2] == READING
    secrets = forms_of_secrets(newcomer)
    assert newcomer.has_kept("password") == PASSWORD
    token = newcomer.has_kept("token")
    assert token is not None
    assert any(it in token for it in secrets - forms_of_password())
    assert len(newcomer.keyring_holds()) == 2
    assert newcomer.settings["account"] == ACCOUNT
    assert finds_in_files(newcomer, secrets) == []
    assert newcomer.app is not None
    assert newcomer.app.stderr == ""


# ---------------------------------------------------------------- all is well


def test_the_first_start_asks_and_ends_with_a_polling_tray(newcomer, desktop):
    newcomer.comes()
    assert desktop.windows() == [DIALOG]
    shown = newcomer.reads("Welcome to SEMS Tray")
    assert not shown["buttons"]["ok"]["enabled"]
    newcomer.fills_in()
    shown = newcomer.waits(lambda it: it["buttons"]["ok"]["enabled"])
    assert shown["fields"]["password"]["masked"]
    newcomer.keys("Return")
    is_told_where_the_icon_is(newcomer)
    is_signed_in(newcomer)
    assert desktop.windows() == []
    assert newcomer.portal.sign_ins == 1


def test_by_mouse_it_goes_as_well(newcomer):
    newcomer.comes()
    newcomer.clicks("password")
    newcomer.writes("password", PASSWORD)
    newcomer.clicks("show_password")
    newcomer.waits(lambda it: not it["fields"]["password"]["masked"])
    newcomer.clicks("account")
    newcomer.writes("account", ACCOUNT)
    newcomer.clicks("ok")
    newcomer.reads(HINT)
    newcomer.clicks("ok")
    newcomer.is_left_alone()
    is_signed_in(newcomer)


# ---------------------------------------------------------------- what goes wrong


def is_told(newcomer: Newcomer, title: str, text: str) -> None:
    """The trouble is told in its own words, and no other; all can be tried again."""
    shown = newcomer.reads(title)
    texts = shown["texts"]
    assert texts[texts.index(title) + 1] == text
    assert shown["title"] == DIALOG
    assert shown["focus"] == "password"
    assert shown["fields"]["account"]["text"] == ACCOUNT
    assert shown["fields"]["password"]["selected"]  # to type over, or to send again
    assert shown["fields"]["password"]["masked"]
    assert not shown["busy"]
    has_kept_nothing(newcomer)


def test_a_wrong_password_is_told_in_the_portals_words_and_typed_over(newcomer):
    newcomer.comes()
    newcomer.fills_in("wrong")
    newcomer.keys("Return")
    shown = newcomer.reads("Sign-in refused")
    (said,) = (it for it in shown["texts"] if it.startswith("GoodWe says: “"))
    assert said == (
        "GoodWe says: “The account or password is incorrect.” Check account and"
        " password for typing mistakes, or try them on GoodWe's own page."
    )
    is_told(newcomer, "Sign-in refused", said)
    assert newcomer.portal.sign_ins == 1
    newcomer.writes("password", PASSWORD)
    newcomer.keys("Return")
    is_told_where_the_icon_is(newcomer)
    is_signed_in(newcomer)
    assert newcomer.portal.sign_ins == 2


def test_a_computer_without_a_network_is_told_to_connect_it(newcomer, monkeypatch):
    """A network namespace of its own, with nothing in it; the account stays typed."""
    alone = [shutil.which("unshare") or "unshare", "--map-current-user", "--net"]
    try:
        can = subprocess.run([*alone, "true"], check=False, capture_output=True)
    except FileNotFoundError:
        pytest.skip("unshare is missing")
    if can.returncode:
        pytest.skip("network namespaces are not allowed here")
    run = newcomer.desktop.run_app
    monkeypatch.setattr(newcomer.desktop, "run_app", lambda args: run([*alone, *args]))
    newcomer.comes(portal="https://192.0.2.1")
    newcomer.fills_in()
    for _ in range(2):
        newcomer.keys("Return")
        is_told(
            newcomer,
            "No network",
            "This computer has no network connection. Connect it, then try again.",
        )
