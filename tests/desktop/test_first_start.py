"""From the first start to a polling tray, by keyboard and mouse, whatever goes wrong.

The profile is empty, the keyring is real, the portal is the simulator.  What the
window shows is told by the window itself (teller.py); what is kept is looked up in
the keyring and on the disk.
"""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import pytest

from sems_tray.simulator.simulator import Simulator

from .newcomer import Newcomer
from .owner import ACCOUNT, DIALOG, PASSWORD, labels, wait_for_answer
from .test_secrets import finds_in_files, forms_of_password, forms_of_secrets
from .waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sems_tray.simulator.station.site import Site

SIGNED_IN = "Signed in - SEMS Tray"
READING = [
    "Battery 76 % ▲ 1.2 kW · PV 3.2 kW",
    "House 0.8 kW · exporting 1.2 kW",
]
HINT = (
    "Look at the bottom right of the screen, in the panel; if it is not there, behind"
    " the panel's small arrow. A click opens the window."
)
KEPT = "The password is kept in the system keyring."
AGAIN = "Try again in "
NOW = "You can try again now."
OFF = timedelta(hours=3)


class Clock:
    """The portal's clock, which is the right one."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def portal(house: tuple[Site, ...], clock: Clock) -> Iterator[Simulator]:
    with Simulator(now=clock, clock_tolerance_s=300) as simulator:
        simulator.world.sites = house
        simulator.override(pv_w=3210, soc_percent=76, battery_w=-1200, load_w=800)
        yield simulator
        for site in house:
            site.set_events(())


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


def is_signed_in(newcomer: Newcomer, dialect: str = "auto") -> None:
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
    assert newcomer.settings.get("dialect", "auto") == dialect
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


def test_tab_goes_through_the_window_in_the_order_it_is_read(newcomer):
    newcomer.comes()
    for name in ("password", "show_password", "how", "advanced", "demo", "cancel"):
        newcomer.goes_to(name)
    newcomer.goes_to("account")  # nothing to sign in with yet
    newcomer.writes("account", ACCOUNT)
    newcomer.goes_to("password")
    newcomer.writes("password", PASSWORD)
    newcomer.goes_to("show_password")
    newcomer.goes_to("how")
    newcomer.keys("Return")  # folds out, and does not sign in
    newcomer.reads("choose a password there and accept the user agreement")
    newcomer.goes_to("advanced")
    for name in ("demo", "cancel", "ok", "account"):
        newcomer.goes_to(name)
    assert newcomer.portal.sign_ins == 0
    has_kept_nothing(newcomer)


@pytest.mark.parametrize(
    ("steps", "words", "dialect"),
    [(1, "SEMS+", "semsplus"), (2, "SEMS classic", "classic")],
)
def test_portal_and_region_can_be_chosen_by_keyboard(newcomer, steps, words, dialect):
    newcomer.comes()
    newcomer.fills_in()
    for name in ("show_password", "how", "advanced"):
        newcomer.goes_to(name)
    newcomer.keys("space")
    newcomer.waits(lambda it: "dialect" in it["choices"])
    newcomer.goes_to("dialect")
    newcomer.keys(*["Down"] * steps)
    newcomer.waits(lambda it: it["choices"]["dialect"] == words)
    newcomer.goes_to("region")
    newcomer.keys("Down")
    newcomer.waits(lambda it: it["choices"]["region"] == "Europe")
    for name in ("demo", "cancel", "ok"):  # Enter here may open the list, by theme
        newcomer.goes_to(name)
    newcomer.keys("Return")
    is_told_where_the_icon_is(newcomer)
    is_signed_in(newcomer, dialect)
    asked = {it.dialect for it in newcomer.portal.requests}
    assert asked == {dialect}
    # Kept for later: another portal was asked, and no region of GoodWe's.
    assert newcomer.settings["region"] == "eu"


def test_in_german_nothing_is_cut_either(newcomer, portal):
    def is_whole(title: str = "Anmelden - SEMS Tray") -> None:
        newcomer.desktop.wait_for_rest()
        newcomer.waits(lambda it: it["title"] == title and not it["cut"])

    newcomer.comes(lang="de_DE.UTF-8")
    is_whole()
    newcomer.fills_in("wrong")
    newcomer.goes_to("show_password")
    newcomer.goes_to("how")
    for _ in range(2):  # out, and in again
        newcomer.keys("space")
        is_whole()
    newcomer.clicks("password")
    newcomer.keys("Return")
    newcomer.reads("Anmeldung abgelehnt")
    is_whole()
    newcomer.writes("password", PASSWORD)
    sites, portal.world.sites = portal.world.sites, ()
    newcomer.keys("Return")
    newcomer.reads("Dieses Konto sieht keine Anlage.")
    is_whole("Angemeldet - SEMS Tray")
    portal.world.sites = sites
    newcomer.keys("Return")
    newcomer.is_left_alone()


# ---------------------------------------------------------------- what goes wrong


class Woe(NamedTuple):
    """A trouble: what the portal does, and what the window says."""

    title: str
    text: str
    how: str = ""  # for every path
    login: str = "ok"


INNOCENT = "Your password is not the cause."
WOES = {
    "agreement": Woe(
        "User agreement not accepted",
        "GoodWe answered without a key. Sign in once on the SEMS portal or app, accept"
        " the user agreement (or change a weak password there), then try again.",
        login="no-token",
    ),
    "mfa": Woe(
        "Two-step verification",
        "This account asks for a second step at sign-in, which a program in the tray"
        " cannot do. Use a visitor account without it.",
        login="mfa",
    ),
    "unreachable": Woe(
        "GoodWe does not answer",
        "GoodWe's service cannot be reached right now (HTTP 500). Try again in some"
        f" minutes. {INNOCENT}",
        "500",
    ),
    "web_page": Woe(
        "GoodWe does not answer",
        "A web page came back instead of GoodWe's answer. A guest Wi-Fi or company"
        " network may want you to sign in first: open any page in your web browser, do"
        " what it asks, then try again.",
        "html",
    ),
    "portal_changed": Woe(
        "GoodWe changed its service",
        "It answers differently than this version knows (the path is gone). Look for a"
        f" newer version of SEMS Tray. {INNOCENT}",
        "404",
    ),
    "unreadable": Woe(
        "Reply not understood",
        "GoodWe's service sent something that cannot be read (broken JSON). Try again"
        f" later. {INNOCENT}",
        "broken-json",
    ),
}


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


@pytest.mark.parametrize("name", WOES)
def test_a_trouble_is_told_and_the_same_window_can_try_again(newcomer, portal, name):
    woe = WOES[name]
    portal.login_reply = woe.login
    if woe.how:
        portal.fail("", woe.how)
    newcomer.comes()
    newcomer.fills_in()
    newcomer.keys("Return")
    is_told(newcomer, woe.title, woe.text)
    portal.heal()
    portal.login_reply = "ok"
    newcomer.keys("Return")
    is_told_where_the_icon_is(newcomer)
    is_signed_in(newcomer)


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


def test_a_wrong_clock_is_told_with_how_wrong_it_is(newcomer, clock):
    clock.ahead = OFF
    newcomer.comes()
    newcomer.fills_in()
    newcomer.keys("Return")
    shown = newcomer.reads("Computer clock is wrong")
    (said,) = (it for it in shown["texts"] if "clock is far" in it)
    assert said.replace("2 h 59 min", "3 h") == (
        "This computer's clock is far from GoodWe's: it is 3 h behind. Set its date,"
        f" time and time zone right, then try again. {INNOCENT}"
    )
    is_told(newcomer, "Computer clock is wrong", said)
    clock.ahead = timedelta()
    newcomer.keys("Return")
    is_told_where_the_icon_is(newcomer)
    is_signed_in(newcomer)


def test_a_pause_is_counted_down_and_nobody_is_asked_meanwhile(newcomer, portal):
    portal.fail("", "429", retry_after=4)
    newcomer.comes()
    newcomer.fills_in()
    newcomer.keys("Return")
    is_told(
        newcomer,
        "GoodWe asks for a pause",
        f"GoodWe's service says it was asked too often. {INNOCENT}",
    )
    shown = newcomer.reads(AGAIN)
    assert not shown["buttons"]["ok"]["enabled"]
    asked = len(portal.requests)
    portal.heal()
    newcomer.keys("Return")
    newcomer.reads(NOW)
    assert len(portal.requests) == asked
    newcomer.keys("Return")
    is_told_where_the_icon_is(newcomer)
    is_signed_in(newcomer)


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
    monkeypatch.setattr(
        newcomer.desktop, "run_app", lambda args, env: run([*alone, *args], env)
    )
    newcomer.comes(portal="https://192.0.2.1")
    newcomer.fills_in()
    for _ in range(2):
        newcomer.keys("Return")
        is_told(
            newcomer,
            "No network",
            "This computer has no network connection. Connect it, then try again.",
        )


def test_an_account_without_a_station_is_told_and_waits_for_one(newcomer, portal):
    sites, portal.world.sites = portal.world.sites, ()
    newcomer.comes()
    newcomer.fills_in()
    newcomer.keys("Return")
    newcomer.reads(
        "This account sees no station. In the SEMS app or portal, add it to your"
        " station as a visitor."
    )
    is_told_where_the_icon_is(newcomer)
    item = newcomer.sees("No such station")
    portal.world.sites = sites
    newcomer.refreshes(item)
    is_signed_in(newcomer)
    assert portal.sign_ins == 1


# ---------------------------------------------------------------- other ways


def test_one_of_several_stations_is_chosen_by_keyboard(newcomer):
    with Simulator("multi") as portal:
        newcomer.portal = portal
        app = newcomer.comes()
        newcomer.fills_in()
        newcomer.keys("Return")
        shown = newcomer.waits(lambda it: it["rows"] and it["focus"] == "stations")
        assert shown["rows"][0][:2] == ["Demo House", "Demo Roof"]
        assert shown["row"] == [0]
        assert list(shown["buttons"]) == ["ok"]
        newcomer.keys("Down")
        newcomer.waits(lambda it: it["row"] == [1])
        newcomer.keys("Return")
        is_told_where_the_icon_is(newcomer)
        item = newcomer.desktop.item(app)
        wait_until(lambda: item.tooltip.startswith("PV "), 8)  # no battery: the roof
        station = portal.books.station_ids[1]
        wait_until(lambda: newcomer.settings.get("station") == station)
        assert newcomer.has_kept("password") == PASSWORD
        app.terminate()
        assert app.wait(3) == 0
        assert app.stderr == ""


def test_escape_stops_the_asking_and_then_closes(newcomer, portal, desktop):
    portal.fail("/cross-login", "hang")
    app = newcomer.comes()
    newcomer.fills_in()
    newcomer.keys("Return")
    newcomer.reads("Asking GoodWe …")
    wait_until(lambda: portal.sign_ins == 1)
    newcomer.keys("Escape")
    shown = newcomer.reads("Stopped. Nothing was kept.")
    assert shown["fields"]["account"]["text"] == ACCOUNT
    has_kept_nothing(newcomer)
    newcomer.keys("Escape")
    newcomer.is_left_alone()
    item = desktop.item(app)
    assert item.tooltip.startswith("Sign-in needed")
    # The menu leads back to an empty window, which signs in.
    portal.heal()
    item.click_menu("Sign in …")
    shown = newcomer.waits(lambda it: it["active"] and it["focus"] == "account")
    assert shown["fields"]["password"]["length"] == 0
    newcomer.fills_in()
    newcomer.keys("Return")
    is_told_where_the_icon_is(newcomer)
    is_signed_in(newcomer)


def test_cancel_leaves_a_tray_that_says_what_is_needed(newcomer, desktop):
    app = newcomer.comes()
    newcomer.fills_in()
    newcomer.clicks("cancel")
    newcomer.is_left_alone()
    item = desktop.item(app)
    assert item.tooltip.startswith("Sign-in needed")
    assert "Sign in …" in labels(item)
    assert newcomer.portal.sign_ins == 0
    has_kept_nothing(newcomer)


def test_the_demo_can_be_tried_from_the_window(newcomer, desktop):
    app = newcomer.comes()
    newcomer.clicks("demo")
    newcomer.reads("The demo is starting: look for a second icon in the tray.")
    mine = desktop.item(app).pid
    wait_until(lambda: len(desktop.items()) > 1, 10)
    (demo,) = (it for it in desktop.items() if it.pid != mine)
    wait_until(lambda: demo.tooltip.startswith("DEMO"), 10)
    assert newcomer.portal.requests == []
    demo.click_menu("Quit")
    wait_until(lambda: len(desktop.items()) == 1)
    has_kept_nothing(newcomer)
