"""Neither password nor token is anywhere but in the keyring."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import random
import resource
import signal
import subprocess
import threading
import time
import urllib.parse
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sems_tray.storage.paths import profile_paths

from .owner import ACCOUNT, DIALOG, FIRST, PASSWORD, start_demo, wait_for_answer
from .program import this_python
from .waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Self

    from .owner import Owner
    from .program import Program

TORTURE = (pytest.mark.torture, pytest.mark.timeout(1800))


class Onlooker:
    """Runs ``ps`` all the time while a program works."""

    def __init__(self, app: Program) -> None:
        self._app = app
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self.seen: set[str] = set()

    def _look(self) -> None:
        while not self._over.wait(0.005):
            self.seen |= self._app.command_lines()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()


def kept(owner: Owner, what: str) -> str | None:
    """Return what the keyring holds for this profile and account."""
    question = {
        "action": "get",
        "service": f"{profile_paths(owner.profile).key} {what}",
        "name": ACCOUNT,
    }
    done = subprocess.run(
        this_python("-m", "sems_tray", "--keyring-child"),
        input=json.dumps(question).encode(),
        capture_output=True,
        env=owner.desktop.env,
        cwd=Path(__file__).parents[2],
        timeout=10,
        check=True,
    )
    answer = json.loads(done.stdout)
    secret = answer["secret"]
    assert secret is None or isinstance(secret, str)
    return secret


def forms_of_secrets(owner: Owner) -> set[str]:
    """Return the password in every form that is sent, and all tokens."""
    tokens = tokens_of(owner)
    assert tokens
    return forms_of_password() | tokens


def forms_of_password() -> set[str]:
    md5 = hashlib.md5(PASSWORD.encode(), usedforsecurity=False).hexdigest()
    forms = {PASSWORD, md5}
    return forms | {base64.b64encode(it.encode()).decode() for it in forms}


def tokens_of(owner: Owner) -> set[str]:
    """Return the tokens that the portal has given, as they are sent."""
    sessions = owner.portal.world.sessions._by_account.values()
    return {session.token for session in sessions}


def disguises(secret: str) -> Iterator[bytes]:
    """Return the bytes by which a secret may lie in a file."""
    raw = secret.encode()
    yield raw
    yield secret.encode("utf-16-le")  # as Qt keeps text
    yield urllib.parse.quote(secret, safe="").encode()
    if len(raw) < 12:  # the inside of its base64 would be found anywhere
        yield base64.b64encode(raw)
        return
    yield hashlib.md5(raw, usedforsecurity=False).hexdigest().encode()
    for shift in range(3):  # inside a longer text, a token's header for one
        inside = base64.b64encode(bytes(shift) + raw)
        yield inside[4 if shift else 0 : -4]


def finds_in_files(owner: Owner, secrets: set[str]) -> list[str]:
    """Search the profile, the home and all usual folders."""
    desktop = owner.desktop
    names = ("home", "config", "data", "cache", "state", "run", "tmp")
    files = [
        file
        for folder in (owner.profile, *(desktop.folder / name for name in names))
        for file in folder.rglob("*")
        if file.is_file() and not file.is_symlink()
    ]
    assert files
    return [
        f"{secret} in {file}"
        for file in files
        for raw in [file.read_bytes()]
        for secret in secrets
        if any(form in raw for form in disguises(secret))
    ]


def wait_until_gone(app: Program) -> None:
    """Wait for the keyring's child, too, which outlives a kill for a moment."""
    wait_until(lambda: not app.family())


def has_no_secret(text: str, secrets: set[str]) -> bool:
    return not any(secret in text for secret in {*secrets, ACCOUNT})


def test_a_typed_password_is_in_the_keyring_and_nowhere_else(owner, desktop, keyring):
    """The next start uses the token that was kept, and after it the password."""
    app = owner.starts("--verbose", account="")
    item = desktop.item(app)
    with Onlooker(app) as onlooker:
        owner.signs_in(PASSWORD)
        owner.is_in(item, FIRST)
    assert kept(owner, "password") == PASSWORD, app.stderr
    token = kept(owner, "token")
    secrets = forms_of_secrets(owner)
    assert token is not None
    assert any(secret in token for secret in secrets)
    assert finds_in_files(owner, secrets) == []
    assert "signed in" in app.stderr
    assert has_no_secret(app.stderr + app.stdout, secrets)
    # The keyring's child process was seen, and its arguments say nothing.
    assert any("--keyring-child" in line for line in onlooker.seen)
    assert has_no_secret(" ".join(onlooker.seen), secrets)
    for pid in app.family():
        environment = Path(f"/proc/{pid}/environ").read_text()
        assert has_no_secret(environment, secrets)
    app.terminate()
    assert app.wait(3) == 0
    again = owner.starts("--verbose", account="")
    wait_for_answer(owner.sees(FIRST, again))
    assert owner.portal.sign_ins == 1
    assert desktop.windows() == []
    assert has_no_secret(again.stderr, secrets)
    again.terminate()
    assert again.wait(3) == 0
    owner.portal.expire_tokens()
    owner.sees(FIRST, owner.starts(account=""))
    assert owner.portal.sign_ins == 2


def test_a_password_of_the_environment_is_kept_nowhere(owner, keyring):
    app = owner.starts("--verbose")
    with Onlooker(app) as onlooker:
        wait_for_answer(owner.sees(FIRST))
    secrets = forms_of_secrets(owner)
    assert finds_in_files(owner, secrets) == []
    assert "signed in" in app.stderr
    assert has_no_secret(app.stderr + app.stdout, secrets)
    assert has_no_secret(" ".join(onlooker.seen), secrets)
    assert kept(owner, "password") is None
    assert kept(owner, "token") is None


def test_a_demo_never_touches_the_keyring(owner, desktop, keyring):
    app = start_demo(desktop, "day")
    item = owner.sees("Battery", app)
    with Onlooker(app) as onlooker:
        item.click_menu("Sign in …")
        owner.signs_in(PASSWORD)
        owner.is_in(item, "Battery")
    assert not any("--keyring-child" in line for line in onlooker.seen)


def test_the_search_would_find_them(owner, desktop):
    """A secret in any disguise is found: the searches above are worth something."""
    owner.profile.mkdir()
    token = "0123456789abcdef0123456789abcdef"
    whole = {"uid": "u", "token": token}
    for disguise in (
        token.encode(),
        token.encode("utf-16-le"),
        base64.b64encode(json.dumps(whole).encode()),
        hashlib.md5(token.encode(), usedforsecurity=False).hexdigest().encode(),
        b"%00" + base64.b64encode(token.encode()),
    ):
        file = owner.profile / "found"
        file.write_bytes(b"\0\1" + disguise + b"\2")
        assert finds_in_files(owner, {token}) == [f"{token} in {file}"]
        file.unlink()


@pytest.mark.parametrize(
    "kills", [pytest.param(3, id="3"), pytest.param(40, id="40", marks=TORTURE)]
)
def test_a_kill_during_sign_in_or_polls_leaves_no_secret(
    owner, desktop, keyring, kills
):
    dice, signed_in = random.Random(kills), 0
    owner.portal.world.limit_per_minute = None
    for _ in range(kills):
        app = owner.starts("--verbose", account="")
        item = desktop.item(app)

        def asks_or_shows(item=item):
            return DIALOG in desktop.windows() or FIRST in item.tooltip

        wait_until(asks_or_shows, 8)
        if FIRST in item.tooltip:
            signed_in += 1
            item.secondary_activate()
        else:
            owner.signs_in(PASSWORD)
        time.sleep(dice.uniform(0, 0.8))
        app.kill()
        wait_until_gone(app)
        secrets = forms_of_password() | tokens_of(owner)
        assert finds_in_files(owner, secrets) == []
        assert has_no_secret(app.stderr + app.stdout, secrets)
    app = owner.starts("--verbose", account="")
    item = desktop.item(app)
    if not signed_in:
        owner.signs_in(PASSWORD)
        owner.is_in(item, FIRST)
    wait_for_answer(owner.sees(FIRST, app))
    assert kept(owner, "password") == PASSWORD
    assert kept(owner, "token") is not None
    assert finds_in_files(owner, forms_of_secrets(owner)) == []


@pytest.fixture
def dumps_allowed() -> Iterator[None]:
    """Let programs that are started now write a picture of their memory."""
    before = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (before[1], before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_CORE, before)


def test_a_crash_leaves_no_secret(owner, desktop, keyring, dumps_allowed):
    app = owner.starts(account="")
    item = desktop.item(app)
    owner.signs_in(PASSWORD)
    owner.is_in(item, FIRST)
    limits = Path(f"/proc/{app.pid}/limits").read_text()
    (line,) = (it for it in limits.splitlines() if it.startswith("Max core file size"))
    assert line.split()[4] == "0"
    folder = Path(f"/proc/{app.pid}/cwd").resolve()
    before = {*folder.iterdir()}
    os.kill(app.pid, signal.SIGSEGV)
    assert app.wait(5) == -signal.SIGSEGV
    assert {*folder.iterdir()} == before
    assert finds_in_files(owner, forms_of_secrets(owner)) == []
    assert kept(owner, "password") == PASSWORD
    # The token is taken up again.
    again = owner.starts("--verbose", account="")
    wait_for_answer(owner.sees(FIRST, again))
    assert owner.portal.sign_ins == 1
