"""An account, its password, and which of GoodWe's servers it is for."""

from __future__ import annotations

from dataclasses import dataclass, field

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
