"""Settings as a versioned JSON file; never anything secret."""

from __future__ import annotations

import itertools
import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeVar

import msgspec

from sems_tray.domain.model import Tariffs
from sems_tray.i18n.language import LocalizedText, mark, refusal, said

VERSION = 1


Percent = Annotated[float, msgspec.Meta(ge=0, le=100)]
Price = Annotated[float, msgspec.Meta(ge=0, le=1000)]
Clock = Annotated[str, msgspec.Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Weekday = Annotated[int, msgspec.Meta(ge=0, le=6)]
S = TypeVar("S", bound=msgspec.Struct)


class QuietSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Hours of silence, by this computer's clock; weekdays from Monday, 0."""

    on: bool = False
    start: Clock = "22:00"
    end: Clock = "07:00"
    weekdays: tuple[Weekday, ...] = (0, 1, 2, 3, 4, 5, 6)


class AlertSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Notifications: which rules are switched off, limits, and when to be quiet.

    ``off`` holds names of rules, those of a newer version included.  A low battery is
    told where it matters, or with ``low_each_time`` always.
    """

    off: tuple[str, ...] = ("battery_full",)
    low_percent: Percent = 20.0
    critical_percent: Percent = 10.0
    low_each_time: bool = False
    full_percent: Percent = 100.0
    portal_minutes: Annotated[float, msgspec.Meta(ge=5, le=2880)] = 60.0
    quiet: QuietSettings = QuietSettings()


class Settings(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=False):
    """What the owner chose: the file, and what every part of the program reads.

    ``live_minutes`` is the cadence by daylight; prices are per kWh and serve where the
    portal knows none; ``window`` is the details window's size and place; ``latitude``
    and ``longitude`` stand in where the portal tells none; an empty ``language`` is the
    system's; ``temperature`` is "C" or "F", anything else the system's.
    """

    version: int = VERSION
    account: str | None = None
    station: str | None = None
    unwatched: tuple[str, ...] = ()  # ids of other stations that are left alone
    dialect: str = "auto"
    region: str = ""  # whose SEMS+ signs in; none is GoodWe's address for everybody
    live_minutes: Annotated[float, msgspec.Meta(ge=1, le=30)] = 2.0
    icon: str = "auto"
    import_price: Price | None = None
    export_price: Price | None = None
    currency: str | None = None
    reserve_percent: Percent | None = None
    window: str = ""
    alerts: AlertSettings = AlertSettings()
    latitude: Annotated[float, msgspec.Meta(ge=-90, le=90)] | None = None
    longitude: Annotated[float, msgspec.Meta(ge=-180, le=180)] | None = None
    language: str = ""
    temperature: str = ""
    motion: bool = True
    start_hidden: bool = True
    release_feed: str = ""

    @property
    def tariffs(self) -> Tariffs:
        """The owner's prices."""
        return Tariffs(
            import_price=self.import_price,
            export_price=self.export_price,
            currency=self.currency,
        )


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings, and what to tell the owner about how they were found.

    ``message`` is English, for the log: the language is not known before the settings.
    """

    settings: Settings
    message: str = ""
    writable: bool = True

    @property
    def said(self) -> str:
        """The message in the language spoken."""
        return said(self.message)


def load(path: Path) -> Loaded:
    """Read the settings; a damaged file is set aside, a newer one is left alone."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return Loaded(Settings())
    except OSError as exc:
        text = mark(
            "The settings cannot be read ({reason});"
            " defaults are used and nothing is saved."
        )
        message = LocalizedText(text, reason=refusal(exc))
        return Loaded(Settings(), message, writable=False)
    try:
        found = msgspec.json.decode(raw, type=Settings)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        newer = _version(raw) > VERSION
        if newer:
            return Loaded(Settings(), _newer(), writable=False)
        return _set_aside(path)
    if found.version > VERSION:
        return Loaded(found, _newer(), writable=False)
    return Loaded(found)


def changed(settings: S, **changes: object) -> S:
    """Return settings, or a part of them, with some of them changed."""
    return msgspec.structs.replace(settings, **changes)


def save(path: Path, settings: Settings) -> None:
    """Write the settings whole or not at all; raises OSError if that fails."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    text = msgspec.json.format(msgspec.json.encode(settings), indent=2)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=rest_prefix(path))
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text + b"\n")
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def delete_set_aside(path: Path) -> None:
    """Delete the damaged files that were kept: they name the account, too."""
    with suppress(OSError):
        for aside in path.parent.iterdir():
            if aside.name.startswith(f"{path.name}.damaged-"):
                aside.unlink(missing_ok=True)


def rest_prefix(path: Path) -> str:
    """Return how the names of half-written settings begin."""
    return f".{path.name}."


def _newer() -> LocalizedText:
    return LocalizedText(
        mark("The settings come from a newer version; they are used but not changed.")
    )


def _version(raw: bytes) -> int:
    class _Only(msgspec.Struct):
        version: int = 0

    try:
        return msgspec.json.decode(raw, type=_Only).version
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return 0


def _set_aside(path: Path) -> Loaded:
    """Rename a damaged file, so that nothing in it is lost."""
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    aside = path.with_name(f"{path.name}.damaged-{stamp}")
    for number in itertools.count(2):
        if not aside.exists():
            break
        aside = path.with_name(f"{path.name}.damaged-{stamp}-{number}")
    try:
        path.replace(aside)
    except OSError:
        text = mark("The settings file is damaged and could not be set aside.")
        return Loaded(Settings(), LocalizedText(text), writable=False)
    # Translators: {file} is the name of a file.
    text = mark("The settings file was damaged; it is kept as {file}.")
    return Loaded(Settings(), LocalizedText(text, file=aside.name))
