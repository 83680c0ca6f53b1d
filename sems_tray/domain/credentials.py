"""An account, its password, and which of GoodWe's servers it is for."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto

from sems_tray.i18n.language import mark, tr

AUTO_DIALECT = "auto"  # find out which one the portal speaks
ANY_REGION = ""  # GoodWe's address for everybody
REGIONS = ("eu", "au", "us", "cn", "hk")  # facts, section 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What the owner signs in with; neither part is ever printed."""

    account: str = field(repr=False)
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalChoice:
    """Where the owner wants to sign in: the fields are named as the settings' are."""

    dialect: str = AUTO_DIALECT
    region: str = ANY_REGION


def known_region(code: str) -> str:
    """Return a region's code; one that this version does not know is none."""
    return code if code in REGIONS else ANY_REGION


# Where the password is after a sign-in: in the keyring, or why for this run only.


class PasswordStorage(Enum):
    """Where the password is; everywhere but in the keyring it ends with the run."""

    KEYRING = auto()
    DEMO = auto()
    NOT_KEPT = auto()
    LOCKED = auto()
    REFUSED = auto()
    NO_KEYRING = auto()
    BROKEN = auto()

    @property
    def lasts(self) -> bool:
        """Whether the password is still known at the next start."""
        return self is PasswordStorage.KEYRING

    @property
    def where(self) -> str:
        """Where it is, as part of a sentence: "in the system keyring"."""
        return tr(_WHERE[self])

    @property
    def sentence(self) -> str:
        """Where it is, as a sentence."""
        return tr("The password is kept {where}.").format(where=self.where)

    @property
    def line(self) -> str:
        """Where it is and why, and what that means for the next start."""
        if self.lasts:
            return self.sentence
        again = tr("You will be asked for it at the next start.")
        return f"{tr(_BECAUSE[self])} {again}"


# Translators: completes "The password is kept {where}."
_WHERE = {
    PasswordStorage.KEYRING: mark("in the system keyring"),
    PasswordStorage.DEMO: mark("for this run only (a demo leaves no trace)"),
    PasswordStorage.NOT_KEPT: mark("for this run only (the keyring did not keep it)"),
    PasswordStorage.LOCKED: mark("for this run only (the keyring is locked)"),
    PasswordStorage.REFUSED: mark("for this run only (the keyring refused it)"),
    PasswordStorage.NO_KEYRING: mark("for this run only (this system has no keyring)"),
    PasswordStorage.BROKEN: mark("for this run only (the keyring does not work)"),
}
_BECAUSE = {
    PasswordStorage.DEMO: mark(
        "The password is kept for this run only, because a demo leaves no trace."
    ),
    PasswordStorage.NOT_KEPT: mark(
        "The password is kept for this run only, because the keyring did not keep it."
    ),
    PasswordStorage.LOCKED: mark(
        "The password is kept for this run only, because the keyring is locked."
    ),
    PasswordStorage.REFUSED: mark(
        "The password is kept for this run only, because the keyring refused it."
    ),
    PasswordStorage.NO_KEYRING: mark(
        "The password is kept for this run only, because this system has no keyring."
    ),
    PasswordStorage.BROKEN: mark(
        "The password is kept for this run only, because the keyring does not work."
    ),
}
