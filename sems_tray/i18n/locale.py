"""Which language to speak: the owner's choice, else the system's; and its catalogue.

The catalogues are ``resources/translations/LANGUAGE.mo``, made from the .po files
beside them (``make translations``).
"""

from __future__ import annotations

import logging
import sys
from gettext import GNUTranslations, NullTranslations
from typing import TYPE_CHECKING

from sems_tray.resources import resource

from .language import ENGLISH, Locale, NumberFormat

if TYPE_CHECKING:
    from collections.abc import Mapping


log = logging.getLogger(__name__)

LANGUAGES = (ENGLISH, "de", "nl", "pt", "es", "pl", "it", "fr", "cs")
# Where a point is the decimal mark, else a comma (CLDR, symbols of numbers): some
# languages; some lands, whatever is spoken there; and places that differ from both.
_POINT_LANGUAGES = frozenset(
    {"en", "zh", "ja", "ko", "th", "he", "hi", "bn", "ta", "ga", "cy", "ms"}
)
_POINT_LANDS = frozenset(
    {"CH", "LI", "MX", "US", "GB", "IE", "PR", "GT", "HN", "NI", "PA", "PE", "SV"}
    | {"DO", "CU", "419", "BZ"}
)
_COMMA_PLACES = frozenset(
    {"fr_CH", "pt_CH"}
    | {f"en_{land}" for land in ("AT", "BE", "CZ", "DE", "DK", "ES", "FI")}
    | {f"en_{land}" for land in ("FR", "HU", "ID", "IT", "NL", "NO", "PL", "PT")}
    | {f"en_{land}" for land in ("RO", "SE", "SI", "SK", "ZA")}
)
_POINT_PLACES = frozenset({"es_BR"})
# What stands between thousands (CLDR, the same symbols): where a point is the decimal
# mark a comma or, in the Alps, an apostrophe; where a comma is, a point or a space.
_COMMA, _POINT, _APOSTROPHE = ",", ".", "\N{RIGHT SINGLE QUOTATION MARK}"
_SPACE, _NARROW_SPACE = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"
_APOSTROPHE_LANDS = frozenset({"CH", "LI"})
_SPACE_LANGUAGES = frozenset(
    {"pl", "cs", "sk", "sv", "nb", "nn", "no", "fi", "hu", "bg", "uk", "ru", "et"}
    | {"lv", "lt", "af"}
)
_SPACE_PLACES = frozenset(
    {"fr_CA", "es_CR"}
    | {f"en_{land}" for land in ("CZ", "FI", "HU", "NO", "PT", "SE", "SK", "ZA")}
)
_NARROW_SPACE_PLACES = frozenset({"en_FR"})
_POINT_GROUP_PLACES = frozenset({"fr_LU"})
# Where four digits stay together (CLDR, minimum grouping digits): some languages;
# Spanish but in America, Portuguese but in Brazil.
_FOUR_TOGETHER = frozenset({"it", "pl", "hu", "bg", "et", "lv", "sl"})
_SPANISH_TOGETHER = frozenset({"", "ES", "EA", "IC", "GQ", "PH"})
_PORTUGUESE_APART = frozenset({"", "BR"})
# Where the weather is told in degrees Fahrenheit (CLDR, unit preferences).
_FAHRENHEIT_LANDS = frozenset(
    {"US", "BS", "BZ", "KY", "PW", "PR", "GU", "VI", "AS", "MP", "UM"}
)


def locale_for(
    choice: str, words: tuple[str, ...], numbers: str, temperature: str = ""
) -> Locale:
    """Return the language to speak and its forms of numbers.

    ``choice`` is the owner's language, "" for the system's; ``words`` are the system's
    locales for words, best first ("de_CH"), ``numbers`` that for numbers;
    ``temperature`` is "C", "F" or "" for what is usual where the computer is.
    """
    wanted = (choice,) if choice else words
    known = (_language(it) for it in wanted)
    language = next((it for it in known if it in LANGUAGES), ENGLISH)
    # A Swiss who reads German in Zurich writes a point; who reads it in English, too.
    # But who chose German on an English computer wants German numbers.
    place = numbers if not choice or _language(numbers) == language else language
    catalogue, spoken = _catalogue(language)
    land = _land(numbers)
    usual = "F" if land in _FAHRENHEIT_LANDS else "C"
    fahrenheit = (temperature if temperature in {"C", "F"} else usual) == "F"
    forms = NumberFormat(
        decimal=_decimal(place or spoken),
        group=_group(place or spoken),
        group_from=5 if _groups_from_five_digits(place or spoken) else 4,
        fahrenheit=fahrenheit,
    )
    return Locale(spoken, catalogue, forms)


def system_locales(environment: Mapping[str, str]) -> tuple[tuple[str, ...], str]:
    """Return this computer's locales for words, best first, and that for numbers."""

    def first(*names: str) -> str:
        return next((environment[it] for it in names if environment.get(it)), "")

    words = first("LC_ALL", "LC_MESSAGES", "LANG")
    numbers = first("LC_ALL", "LC_NUMERIC", "LANG")
    if not words and not numbers:
        words = numbers = _foreign_locale()
    # gettext's rule: a list of languages, unless the locale is C.
    listed = environment.get("LANGUAGE", "")
    several = () if _plain(words) in {"", "C", "POSIX"} else tuple(listed.split(":"))
    found = (*several, words)
    return tuple(_plain(it) for it in found if it), _plain(numbers)


def _plain(locale: str) -> str:
    """Return "de_CH" for "de-CH", "de_CH.UTF-8" or "de_CH@euro"."""
    return locale.partition(".")[0].partition("@")[0].replace("-", "_").strip()


def _language(locale: str) -> str:
    return _plain(locale).partition("_")[0].lower()


def _land(locale: str) -> str:
    """Return "CH" of "de_CH", and of "zh_Hans_CN" the last part."""
    return _plain(locale).rpartition("_")[2].upper() if "_" in locale else ""


def _decimal(locale: str) -> str:
    place = _plain(locale)
    if place in _COMMA_PLACES:
        return ","
    if place in {"", "C", "POSIX", *_POINT_PLACES}:
        return "."
    point = _language(locale) in _POINT_LANGUAGES or _land(locale) in _POINT_LANDS
    return "." if point else ","


def _group(locale: str) -> str:
    place, language, land = _plain(locale), _language(locale), _land(locale)
    if _decimal(locale) == ".":
        return _APOSTROPHE if land in _APOSTROPHE_LANDS else _COMMA
    if place in _POINT_GROUP_PLACES:
        return _POINT
    if place in _SPACE_PLACES or language in _SPACE_LANGUAGES:
        return _SPACE
    if language == "pt" and land not in _PORTUGUESE_APART:
        return _SPACE
    if place in _NARROW_SPACE_PLACES or language == "fr":
        return _NARROW_SPACE
    return _POINT


def _groups_from_five_digits(locale: str) -> bool:
    language, land = _language(locale), _land(locale)
    if language == "es":
        return land in _SPANISH_TOGETHER
    if language == "pt":
        return land not in _PORTUGUESE_APART
    return language in _FOUR_TOGETHER


def _catalogue(language: str) -> tuple[NullTranslations, str]:
    """Return a language's catalogue; where it cannot be read, English and its name."""
    if language == ENGLISH:
        return NullTranslations(), ENGLISH
    import struct

    path = resource(f"translations/{language}.mo")
    try:
        if path is None:
            raise FileNotFoundError(f"no catalogue for {language}")
        with path.open("rb") as file:
            return GNUTranslations(file), language
    except (OSError, ValueError, EOFError, IndexError, struct.error) as exc:
        log.warning("the language %s cannot be spoken: %s", language, exc)
        return NullTranslations(), ENGLISH


def _foreign_locale() -> str:
    """Ask Windows or macOS, whose desktop programs have no LANG; "" elsewhere."""
    if sys.platform == "win32":
        import ctypes

        name = ctypes.create_unicode_buffer(85)  # LOCALE_NAME_MAX_LENGTH
        found = ctypes.windll.kernel32.GetUserDefaultLocaleName(name, len(name))
        return name.value if found else ""
    if sys.platform == "darwin":
        import subprocess

        try:
            return subprocess.run(
                ("/usr/bin/defaults", "read", "-g", "AppleLocale"),
                capture_output=True,
                check=False,
                text=True,
                timeout=2,
            ).stdout.strip()
        except (OSError, subprocess.SubprocessError):
            return ""
    return ""
