"""Password and token: in the system's keyring, or in memory for this run only.

The keyring lives in a short-lived child process: its libraries would cost every run
14 MiB, and a keyring that waits to be unlocked cannot hold up a poll for ever.  Secrets
go through pipes, never through arguments or the environment.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import sems_tray
from sems_tray.domain.credentials import Credentials

log = logging.getLogger(__name__)

# ``-m`` looks into the working folder first: not into one of strangers.
CHILD_FOLDER = Path(sems_tray.__file__).resolve().parent.parent
CHILD_FLAG = "--keyring-child"
# Long enough for a person to type the password of a locked keyring.
_WITHIN_S = 120.0
_asking: set[subprocess.Popen[bytes]] = set()


class KeyringOutcome(StrEnum):
    """How the keyring answered."""

    FOUND = "found"
    ABSENT = "absent"
    LOCKED = "locked"
    DENIED = "denied"
    NO_BACKEND = "no_backend"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the keyring answered; ``secret`` only with FOUND."""

    outcome: KeyringOutcome
    secret: str | None = None


def ask_keyring(
    action: str, service: str, name: str, secret: str | None = None
) -> Answer:
    """Do ``get``, ``set`` or ``delete`` in a child process."""
    request = {"action": action, "service": service, "name": name, "secret": secret}
    try:
        reply = json.loads(_ask_child(request))
        return Answer(KeyringOutcome(reply["outcome"]), reply.get("secret"))
    except subprocess.TimeoutExpired:
        return Answer(KeyringOutcome.LOCKED)
    except (OSError, ValueError, KeyError, TypeError):
        return Answer(KeyringOutcome.BROKEN)


def _ask_child(request: dict[str, str | None]) -> bytes:
    """Return what the child writes; its input stays open while this process lives.

    Raises TimeoutExpired, and OSError where no child can be started.
    """
    with subprocess.Popen(  # noqa: S603 (our own interpreter and module)
        child_command(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=child_environment(),
        cwd=CHILD_FOLDER,
    ) as child:
        if child.stdin is None or child.stdout is None:  # they are pipes
            raise OSError
        if request["action"] == "get":
            _asking.add(child)
        try:
            with suppress(BrokenPipeError):
                child.stdin.write(f"{json.dumps(request)}\n".encode())
                child.stdin.flush()
            child.wait(_WITHIN_S)  # a pipe holds the whole answer: it is short
            return child.stdout.read()
        finally:
            _asking.discard(child)
            child.kill()
            with suppress(BrokenPipeError):
                child.stdin.close()


def _end_questions() -> None:
    """End questions under way, from any thread; they change nothing."""
    for child in [*_asking]:
        child.kill()


def child_command() -> list[str]:
    """Return the command of the child: ourselves, frozen or not."""
    if getattr(sys, "frozen", False):
        return [sys.executable, CHILD_FLAG]
    return [sys.executable, "-m", "sems_tray", CHILD_FLAG]


def child_environment() -> dict[str, str]:
    """Return the environment without what the owner gave to this run in it."""
    ours = "SEMS_TRAY_"
    return {key: it for key, it in os.environ.items() if not key.startswith(ours)}


class MemoryVault:
    """Secrets of this run only, given by the environment, a dialog or the demo."""

    def __init__(self, credentials: Credentials | None) -> None:
        self._credentials = credentials
        self._token: str | None = None

    def credentials(self) -> Credentials | None:
        """Return what was given."""
        return self._credentials

    def token(self) -> str | None:
        """Return the token of this run."""
        return self._token

    def save_token(self, dumped: str) -> None:
        """Keep it for this run."""
        self._token = dumped


class KeyringVault:
    """Secrets in the keyring, an entry per profile and account.

    What the keyring would not take is kept in memory for this run.
    """

    def __init__(self, key: str, account: str | None) -> None:
        self._key = key
        self._account = account
        self._token: str | None = None
        self._ended = False
        self.outcome = KeyringOutcome.ABSENT

    def credentials(self) -> Credentials | None:
        """Return the kept account and password; None if there are none to be had."""
        if self._account is None:
            return None
        answer = self._ask("get", "password")
        if answer.secret is None:
            return None
        return Credentials(account=self._account, password=answer.secret)

    def token(self) -> str | None:
        """Return the kept token."""
        if self._token is None and self._account is not None:
            self._token = self._ask("get", "token").secret
        return self._token

    def save_token(self, dumped: str) -> None:
        """Keep the token for the next start; an empty one forgets the kept one."""
        self._token = dumped
        if self._account is None:
            return
        if dumped:
            self._ask("set", "token", dumped)
        else:
            self._ask("delete", "token")

    def save_password(self, password: str) -> bool:
        """Keep the password; False if the keyring does not take it."""
        return self._ask("set", "password", password).outcome is KeyringOutcome.FOUND

    def forget(self) -> None:
        """Delete both."""
        self._token = None
        for what in ("password", "token"):
            self._ask("delete", what)

    def end(self) -> None:
        """End questions under way and ask no more, from any thread.

        A locked keyring may never answer.  What is to be kept still is, if that is
        done soon.
        """
        self._ended = True
        _end_questions()

    def _ask(self, action: str, what: str, secret: str | None = None) -> Answer:
        if self._ended and action == "get":
            return Answer(KeyringOutcome.BROKEN)
        answer = ask_keyring(action, f"{self._key} {what}", self._account or "", secret)
        self.outcome = answer.outcome
        if answer.outcome not in {KeyringOutcome.FOUND, KeyringOutcome.ABSENT}:
            log.info("keyring: %s", answer.outcome)
        return answer
