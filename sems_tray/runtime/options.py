"""What the command line and the environment ask for, checked.

Option before environment before settings (design, section 9).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sems_tray.domain.credentials import Credentials
from sems_tray.domain.model import Dialect
from sems_tray.simulator.scenarios import SCENARIOS

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping
    from pathlib import Path


AUTO = "auto"
DIALECTS = (AUTO, *(it.value for it in Dialect))


class UsageError(Exception):
    """A wrong option or environment variable, in one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """One run's wishes; None leaves a choice to the settings."""

    demo: str | None = None
    portal: str | None = None
    dialect: str | None = None
    station: str | None = None
    profile: Path | None = None
    verbose: bool = False
    account: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)

    @property
    def credentials(self) -> Credentials | None:
        """What the environment gives to sign in with, if it gives both."""
        if self.account and self.password:
            return Credentials(account=self.account, password=self.password)
        return None


def read_options(args: argparse.Namespace, environment: Mapping[str, str]) -> Options:
    """Check and join both sources; raises UsageError."""

    def wish(option: str | None, variable: str) -> tuple[str | None, str]:
        given = environment.get(variable) or None
        return (option, "option") if option is not None else (given, variable)

    demo = args.demo
    if demo is not None and demo not in SCENARIOS:
        known = ", ".join(SCENARIOS)
        raise UsageError(f"no demo scenario {demo!r}; there are: {known}")
    if demo is not None and args.portal is not None:
        raise UsageError("--demo brings its own portal; leave --portal out")
    portal, source = wish(args.portal, "SEMS_TRAY_PORTAL")
    if demo is not None:
        portal = None
    dialect, dialect_source = wish(args.dialect, "SEMS_TRAY_DIALECT")
    if dialect is not None and dialect not in DIALECTS:
        name = "--dialect" if dialect_source == "option" else dialect_source
        raise UsageError(f"{name}: {dialect!r} is none of {', '.join(DIALECTS)}")
    # The demo has a station and an account of its own.
    alone = demo is not None
    station, _ = wish(args.station, "SEMS_TRAY_STATION")
    return Options(
        demo=demo,
        portal=None if portal is None else _portal(portal, source),
        dialect=dialect,
        station=args.station if alone else station,
        profile=args.profile,
        verbose=args.verbose,
        account=None if alone else environment.get("SEMS_TRAY_ACCOUNT") or None,
        password=None if alone else environment.get("SEMS_TRAY_PASSWORD") or None,
    )


def _portal(url: str, source: str) -> str:
    from sems_tray.portal.http.trusted_hosts import check_portal

    try:
        return check_portal(url)
    except ValueError as exc:
        name = "--portal" if source == "option" else source
        raise UsageError(f"{name}: {exc}") from exc
