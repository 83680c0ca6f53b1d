"""A keyring backend for the child process: obedient, or as FAKE_KEYRING_DOES says."""

import json
import os
import sys
import time
from pathlib import Path

from keyring import backend, errors

ERRORS = {
    "locked": errors.KeyringLocked("locked"),
    "init": errors.InitError("no bus"),
    "denied": errors.KeyringError("denied"),
    "no-backend": errors.NoKeyringError("none"),
    "broken": ZeroDivisionError("broken with hunter2 in hand"),
    "quit": SystemExit(0),
}


class Keyring(backend.KeyringBackend):
    """Keeps passwords in FAKE_KEYRING_FILE, where tests look."""

    priority = 1

    def __init__(self):
        super().__init__()
        self._file = Path(os.environ["FAKE_KEYRING_FILE"])
        # What a process listing would show of this very process.
        self._file.with_suffix(".child").write_text(
            json.dumps({"argv": sys.argv, "environment": dict(os.environ)}),
            encoding="utf-8",
        )

    def get_password(self, service, username):
        self._misbehave()
        return self._all().get(f"{service}/{username}")

    def set_password(self, service, username, password):
        self._misbehave()
        self._keep(self._all() | {f"{service}/{username}": password})

    def delete_password(self, service, username):
        self._misbehave()
        kept = self._all()
        if kept.pop(f"{service}/{username}", None) is None:
            raise errors.PasswordDeleteError("nothing there")
        self._keep(kept)

    def _all(self):
        try:
            return json.loads(self._file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}

    def _keep(self, kept):
        self._file.write_text(json.dumps(kept), encoding="utf-8")

    def _misbehave(self):
        does = os.environ.get("FAKE_KEYRING_DOES", "")
        if does in ERRORS:
            raise ERRORS[does]
        match does:
            case "chatty":
                print("Unlocking the keyring...")
            case "crash":
                os._exit(9)
            case "abort":
                os.abort()
            case "hang":
                time.sleep(60)
