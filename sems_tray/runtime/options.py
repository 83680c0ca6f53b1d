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

    def wish(name: str, variable: str) -> tuple[str | None, str]:
        option = getattr(args, name)
        if option is not None:
            return option, f"--{name}"
        return environment.get(variable) or None, variable

    dialect, source = wish("dialect", "SEMS_TRAY_DIALECT")
    if dialect is not None and dialect not in DIALECTS:
        raise UsageError(f"{source}: {dialect!r} is none of {', '.join(DIALECTS)}")
    demo = args.demo
    if demo is not None and demo not in SCENARIOS:
        known = ", ".join(SCENARIOS)
        raise UsageError(f"no demo scenario {demo!r}; there are: {known}")
    if demo is not None and args.portal is not None:
        raise UsageError("--demo brings its own portal; leave --portal out")
    if demo is not None:  # it has a portal, a station and an account of its own
        environment = {}
    portal, source = wish("portal", "SEMS_TRAY_PORTAL")
    station, _ = wish("station", "SEMS_TRAY_STATION")
    return Options(
        demo=demo,
        portal=None if portal is None else _portal(portal, source),
        dialect=dialect,
        station=station,
        profile=args.profile,
        verbose=args.verbose,
        account=environment.get("SEMS_TRAY_ACCOUNT") or None,
        password=environment.get("SEMS_TRAY_PASSWORD") or None,
    )


def _portal(url: str, source: str) -> str:
    from sems_tray.portal.http.trusted_hosts import check_portal

    try:
        return check_portal(url)
    except ValueError as exc:
        raise UsageError(f"{source}: {exc}") from exc
