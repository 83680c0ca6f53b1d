"""The child process that talks to the keyring: one request in, one answer out."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import threading

from .credentials import Answer, KeyringOutcome


def main() -> int:
    """Read a request from standard input, answer on standard output."""
    line = sys.stdin.readline()
    if line.endswith("\n"):
        threading.Thread(target=_end_with_parent, daemon=True).start()
    request = json.loads(line)
    # What a backend prints for people must not spoil the answer.
    with contextlib.redirect_stdout(sys.stderr):
        answer = handle(
            request["action"],
            request["service"],
            request["name"],
            request.get("secret"),
        )
    json.dump({"outcome": answer.outcome, "secret": answer.secret}, sys.stdout)
    return 0


def _end_with_parent() -> None:
    """End when the input does: nobody waits for the answer any more.

    Not read through ``sys.stdin``: Python could not end while that is waited for.
    """
    with contextlib.suppress(OSError):
        while os.read(0, 1):
            pass
    os._exit(1)


def handle(  # noqa: PLR0911 (a return per way to fail)
    action: str, service: str, name: str, secret: str | None
) -> Answer:
    """Do one thing with the keyring and say how it went."""
    import keyring
    import keyring.backends.fail
    from keyring import errors

    if isinstance(keyring.get_keyring(), keyring.backends.fail.Keyring):
        return Answer(KeyringOutcome.NO_BACKEND)
    try:
        return _do(action, service, name, secret)
    except errors.NoKeyringError:
        return Answer(KeyringOutcome.NO_BACKEND)
    except errors.PasswordDeleteError:
        return Answer(KeyringOutcome.ABSENT)
    except (errors.KeyringLocked, errors.InitError):
        return Answer(KeyringOutcome.LOCKED)
    except errors.KeyringError:
        return Answer(KeyringOutcome.DENIED)
    except Exception:  # noqa: BLE001 (a backend may raise anything; none may pass)
        return Answer(KeyringOutcome.BROKEN)


def _do(action: str, service: str, name: str, secret: str | None) -> Answer:
    import keyring

    match action:
        case "get":
            found = keyring.get_password(service, name)
            return Answer(
                KeyringOutcome.ABSENT if found is None else KeyringOutcome.FOUND, found
            )
        case "set":
            keyring.set_password(service, name, secret or "")
        case "delete":
            keyring.delete_password(service, name)
        case _:
            return Answer(KeyringOutcome.BROKEN)
    return Answer(KeyringOutcome.FOUND)


def print_keyring_backend() -> int:
    """Print the name of the keyring's backend: what the child process does."""
    import keyring
    import keyring.backends.fail

    found = keyring.get_keyring()
    kind = type(found)
    parts = getattr(found, "backends", None) or [found]
    names = [f"{type(it).__module__}.{type(it).__name__}" for it in parts]
    nothing = isinstance(found, keyring.backends.fail.Keyring)
    told = "none" if nothing else ", ".join(names) or kind.__name__
    sys.stdout.write(json.dumps({"backend": told}) + "\n")
    return 0
