"""Who starts the program for the first time: sees its window, types, clicks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from jeepney import DBusAddress

from sems_tray.storage.paths import profile_paths

from .owner import ACCOUNT, PASSWORD, Owner
from .program import this_python
from .waiting import wait_until

if TYPE_CHECKING:
    from pathlib import Path

    from sems_tray.simulator.simulator import Simulator

    from .host import Desktop
    from .program import Program

_SECRETS = "org.freedesktop.secrets"
_SERVICE = "org.freedesktop.Secret.Service"
_ITEM = "org.freedesktop.Secret.Item"
_PATH = "/org/freedesktop/secrets"


class Newcomer(Owner):
    """An owner with nothing but an account, who sees what the window shows."""

    def __init__(self, desktop: Desktop, portal: Simulator, profile: Path) -> None:
        super().__init__(desktop, portal, profile)
        self.app: Program | None = None

    def comes(self, *options: str, portal: str = "") -> Program:
        """Start the program, and wait until its window asks for the account."""
        words = this_python(
            *("-m", "tests.desktop.teller", "--portal", portal or self.portal.url),
            "--profile",
            self.profile,
            *options,
        )
        self.app = self.desktop.run_app(words)
        self.waits(lambda it: it["active"] and it["focus"] == "account")
        self.desktop.wait_for_rest()
        return self.app

    # ------------------------------------------------------------ eyes

    def looks(self) -> dict[str, Any] | None:
        """Return what the window shows now, None if there is none."""
        assert self.app is not None
        whole = self.app.stdout.rpartition("\n")[0]
        shown: dict[str, Any] | None = json.loads(whole.rpartition("\n")[2])
        return shown

    def waits(self, until: Any, timeout: float = 30) -> dict[str, Any]:
        """Wait until the window shows what is wanted; return what it shows."""
        last: dict[str, Any] | None = None

        def is_shown() -> dict[str, Any] | None:
            nonlocal last
            last = self.looks()
            return last if last is not None and until(last) else None

        try:
            found = wait_until(is_shown, timeout)
        except AssertionError as exc:
            raise AssertionError(f"the window shows {last}") from exc
        assert found is not None
        return found

    def reads(self, words: str) -> dict[str, Any]:
        """Wait until the window says so, all of it in sight."""
        return self.waits(
            lambda it: any(words in text for text in it["texts"]) and not it["cut"]
        )

    def is_left_alone(self) -> None:
        """Wait until the window is gone."""
        wait_until(lambda: self.looks() is None)

    # ------------------------------------------------------------ hands

    def writes(self, name: str, words: str) -> None:
        """Type into the field that has the keyboard."""
        self.waits(lambda it: it["active"] and it["focus"] == name)
        self.desktop.xdotool("type", "--delay", "2", words)
        self.waits(lambda it: it["fields"][name]["length"] == len(words))

    def keys(self, *names: str) -> None:
        self.desktop.xdotool("key", *names)

    def goes_to(self, name: str) -> None:
        """Press Tab, and see where that leads."""
        self.keys("Tab")
        self.waits(lambda it: it["focus"] == name)

    def fills_in(self, password: str = PASSWORD) -> None:
        """Type account and password, nothing more."""
        self.writes("account", ACCOUNT)
        self.goes_to("password")
        self.writes("password", password)

    def clicks(self, name: str) -> None:
        """Click on a button or a field with the mouse."""
        shown = self.waits(lambda it: name in it["buttons"] or name in it["fields"])
        where = {**shown["buttons"], **shown["fields"]}[name]["at"]
        self.desktop.click(*where)

    # ------------------------------------------------------------ what is kept

    @property
    def settings(self) -> dict[str, Any]:
        """What the settings file holds."""
        file = profile_paths(self.profile).settings
        if not file.exists():
            return {}
        found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        return found

    def keyring_holds(self) -> dict[str, str]:
        """Return the keyring's secrets by service, as any program may ask for them."""
        bus = self.desktop.bus
        service = DBusAddress(_PATH, _SECRETS, _SERVICE)
        _, session = bus.call(service, "OpenSession", "sv", "plain", ("s", ""))
        items, locked = bus.call(service, "SearchItems", "a{ss}", {})
        assert locked == []
        (secrets,) = bus.call(service, "GetSecrets", "aoo", items, session)
        found = {}
        for path, (_, _, secret, _) in secrets.items():
            about = bus.get(DBusAddress(path, _SECRETS, _ITEM), "Attributes")
            assert about["username"] == ACCOUNT
            found[about["service"]] = bytes(secret).decode()
        return found

    def has_kept(self, what: str) -> str | None:
        """Return this profile's ``password`` or ``token`` in the keyring."""
        return self.keyring_holds().get(f"{profile_paths(self.profile).key} {what}")
