"""Neither password nor token is anywhere but in the keyring."""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from sems_tray.store.paths import profile_paths

from .owner import ACCOUNT, PASSWORD, start_demo, wait_for_answer
from .program import this_python

if TYPE_CHECKING:
    from typing import Self

    from .owner import Owner
    from .program import Program

FIRST = "Battery 76 % ▲ 1.2 kW · PV 3.2 kW"


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
    md5 = hashlib.md5(PASSWORD.encode(), usedforsecurity=False).hexdigest()
    forms = {PASSWORD, md5}
    forms |= {base64.b64encode(it.encode()).decode() for it in (PASSWORD, md5)}
    sessions = owner.portal.world.sessions._by_account.values()
    tokens = {session.token for session in sessions}
    assert tokens
    return forms | tokens


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
        for secret in secrets
        if secret.encode() in file.read_bytes()
    ]


def has_no_secret(text: str, secrets: set[str]) -> bool:
    return not any(secret in text for secret in {*secrets, ACCOUNT})


def test_a_typed_password_is_in_the_keyring_and_nowhere_else(owner, desktop, keyring):
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


def test_the_next_start_uses_the_kept_token_without_a_sign_in(owner, desktop, keyring):
    app = owner.starts(account="")
    item = desktop.item(app)
    owner.signs_in(PASSWORD)
    owner.is_in(item, FIRST)
    app.terminate()
    assert app.wait(3) == 0
    again = owner.starts("--verbose", account="")
    wait_for_answer(owner.sees(FIRST, again))
    assert owner.portal.sign_ins == 1
    assert desktop.windows() == []
    assert has_no_secret(again.stderr, forms_of_secrets(owner))


def test_a_kept_password_renews_a_token_that_expired(owner, desktop, keyring):
    app = owner.starts(account="")
    item = desktop.item(app)
    owner.signs_in(PASSWORD)
    owner.is_in(item, FIRST)
    app.terminate()
    assert app.wait(3) == 0
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
