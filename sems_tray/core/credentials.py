"""An account and its password."""

from __future__ import annotations

from dataclasses import dataclass, field

AUTO_DIALECT = "auto"  # find out which one the portal speaks


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What the owner signs in with; neither part is ever printed."""

    account: str = field(repr=False)
    password: str = field(repr=False)
