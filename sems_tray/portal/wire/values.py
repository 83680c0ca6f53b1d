"""The portal's numbers and texts, made safe: units, sentinels, odd characters.

A unit that is told is honoured, whether it stands in the text ("2337(W)", or with a
label: "Power:0.381(kW)") or in a field beside it; a quantity in a unit of another kind
is unknown.  Facts, section 5.1: absent hardware is reported as 6553.5 V, 655.35 Hz,
536 % and the like.  Such values become ``None`` here and are never seen again.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sems_tray.domain.energy import month_end
from sems_tray.domain.model import CurvePoint, Powers
from sems_tray.domain.time_zones import POSSIBLE_YEARS, in_order
from sems_tray.i18n.formatting import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import tzinfo


# What a leaf of the portal's JSON may turn out to be; only this module looks inside.
Leaf = Any
# An object of leaves, read by its names.
Fields = dict[str, Any]

# A number with at most one label before it and one unit behind it; no "1,234", "--" or
# "12:30".
_NUMBER = re.compile(
    r"\s*(?:[^\W\d_][^\d:]*:)?\s*([-+]?[0-9]+(?:\.[0-9]+)?)"
    r"\s*\(?\s*((?:(?:[^\W\d_]|[%°€$£¥₹])[^\d\s,:;()+/-]*)?)\s*\)?\s*"
)
# Full-width forms, as in the colon that is recorded, and signs of one character.
_PLAIN = str.maketrans(
    {0xFF01 + n: 0x21 + n for n in range(94)} | {"\u2212": "-", "℃": "°C", "℉": "°F"}
)

# Words of the wire format that mean "65535 in some unit" (facts, section 5.1).
_SENTINELS = (6553.5, 65535.0, 655.35, 6553.7, 6554.3, 4294967.295, 4294901.76)
_SENTINELS_W = (*_SENTINELS, 429483622.5, 429483622.0)
_SENTINELS_KWH = (4294967.295, 4294901.76, 429483622.5)

_MOST_W = 50e6
_MOST_KWH = 1e9
_MOST_KWP = 1e6
_MOST_MONEY = 1e9

# "m" is no prefix of W and Wh: no portal counts in milliwatts, and whether one that
# writes "mw" means mega nobody knows.
_LARGE = {"": 1.0, "k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9}
_SMALL = {"": 1.0, "k": 1e3, "K": 1e3, "m": 1e-3}
_ALONE = {"": 1.0}

_LETTERS = re.compile(r"[A-Za-z]{3}")
_SIGN = re.compile(r"[€$£¥₹₽₺₴₪₩₫₱฿]|zł|Kč|kr\.?|Ft|лв|R|(?:R|A|C|S|NZ|US|HK)\$")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Quantity:
    """A kind of measured value, which reads leaves: unit, range and sentinels.

    ``bare`` is the unit of a number without one, ``read`` that of the result, both as
    multiples of the symbol's.  ``low`` and ``high`` bound what can be true.
    """

    symbol: str
    prefixes: Mapping[str, float]
    bare: float = 1.0
    read: float = 1.0
    low: float = 0.0
    high: float
    sentinels: tuple[float, ...] = _SENTINELS
    digits: int = 3  # of a converted value

    def __call__(self, leaf: Leaf, unit: Leaf = None) -> float | None:
        """Return the value; the unit in its own text goes before the one beside it."""
        found = _split(leaf)
        if found is None or round(abs(found[0]), 3) in self.sentinels:
            return None
        value, own = found
        named = own or text(unit)
        factor = self.bare if not named else _factor(named, self)
        if factor is None:
            return None
        if factor != self.read:
            value = round(value * (factor / self.read), self.digits)
        return value if self.low <= value <= self.high else None


# Powers, in W where no unit is told and in kW; both give W, to the mW for sums.
watts = Quantity(
    symbol="W", prefixes=_LARGE, low=-_MOST_W, high=_MOST_W, sentinels=_SENTINELS_W
)
kilowatts = Quantity(symbol="W", prefixes=_LARGE, bare=1e3, low=-_MOST_W, high=_MOST_W)
# An energy; a negative one is none.
kwh = Quantity(
    symbol="Wh",
    prefixes=_LARGE,
    bare=1e3,
    read=1e3,
    high=_MOST_KWH,
    sentinels=_SENTINELS_KWH,
    digits=6,
)
_kwp = Quantity(
    symbol="W", prefixes=_LARGE, bare=1e3, read=1e3, high=_MOST_KWP, sentinels=()
)
# 400 % and 536 % come from stations without a battery.
percent = Quantity(symbol="%", prefixes=_ALONE, high=100.0, sentinels=())
volts = Quantity(symbol="V", prefixes=_SMALL, high=2000.0)
# A cell's voltage, as mV.
millivolts = Quantity(symbol="V", prefixes=_SMALL, bare=1e-3, read=1e-3, high=10_000.0)
# Batteries' currents may be negative.
amperes = Quantity(symbol="A", prefixes=_SMALL, low=-2000.0, high=2000.0)
hertz = Quantity(symbol="Hz", prefixes=_LARGE, high=100.0)
_celsius = Quantity(symbol="C", prefixes=_ALONE, low=-60.0, high=200.0)


def number(leaf: Leaf) -> float | None:
    """Return a finite number from 12.4, "12.4", "2337(W)" or "76%"; else ``None``."""
    found = _split(leaf)
    return None if found is None else found[0]


def _split(leaf: Leaf) -> tuple[float, str] | None:
    """Return a leaf's finite number and the unit behind it ("" for none)."""
    unit = ""
    if isinstance(leaf, str):
        found = _NUMBER.fullmatch(leaf.translate(_PLAIN))
        if found is None:
            return None
        leaf, unit = found.groups()
    elif isinstance(leaf, bool) or not isinstance(leaf, int | float):
        return None
    try:
        value = float(leaf)
    except OverflowError:  # an integer of more than 308 digits
        return None
    return (value, unit) if math.isfinite(value) else None


def integer(leaf: Leaf) -> int | None:
    """Return a whole number from 5, 5.0 or "5"; else ``None``."""
    value = number(leaf)
    return int(value) if value is not None and value.is_integer() else None


def flag(leaf: Leaf) -> bool | None:
    """Return a yes or no that is told as one."""
    return leaf if isinstance(leaf, bool) else None


def text(leaf: Leaf) -> str:
    """Return a text as one clean line; numbers become text, everything else is empty.

    Controls, marks of direction and characters of no width end here: no name, serial,
    alarm or message of the portal's may command a terminal or turn a line around.
    """
    return one_line(exact(leaf))


def exact(leaf: Leaf) -> str:
    """Return a text as it came, for what goes back to the portal: tokens, addresses."""
    if isinstance(leaf, str):
        return leaf.strip()
    is_number = isinstance(leaf, int) and not isinstance(leaf, bool)
    return str(leaf) if is_number else ""


def currency(leaf: Leaf) -> str | None:
    """Return a currency's three letters, or its sign where that is a known one."""
    word = text(leaf)
    if _LETTERS.fullmatch(word) and _factor(word, kwh) is None:
        return word.upper()
    return word if _SIGN.fullmatch(word) else None


def known_or(first: float | None, second: float | None) -> float | None:
    """Return the first value if it is known (0 is), else the second."""
    return second if first is None else first


@lru_cache(maxsize=256)
def _factor(unit: str, what: Quantity) -> float | None:
    """Return a unit as a multiple of the symbol's: 1000 for "kW"; None for others."""
    plain = re.sub(r"[\s().·°]", "", unit.translate(_PLAIN))
    if what.symbol == "W":
        plain = plain.removesuffix("p")  # the panels' "kWp"
    head, tail = plain[: -len(what.symbol)], plain[-len(what.symbol) :]
    return what.prefixes.get(head) if tail.lower() == what.symbol.lower() else None


def capacity_kwp(leaf: Leaf) -> float | None:
    """Return what is installed; 0 means that nobody filled it in."""
    return _kwp(leaf) or None


def capacity_kwh(leaf: Leaf) -> float | None:
    """Return what a battery holds; 0 means that nobody filled it in."""
    return kwh(leaf) or None


def money(leaf: Leaf) -> float | None:
    """Return an amount of money, bare or in a currency; losses may be negative."""
    found = _split(leaf)
    if found is None or abs(found[0]) > _MOST_MONEY:
        return None
    return found[0] if not found[1] or currency(found[1]) else None


def health(leaf: Leaf, unit: Leaf = None) -> float | None:
    """Return a state of health; 0 and -0.1 mean that nobody measured it."""
    return percent(leaf, unit) or None


def celsius(leaf: Leaf, unit: Leaf = None) -> float | None:
    """Return a temperature, in degrees Celsius where no unit is told."""
    found = _split(leaf)
    told = (found[1] if found else "") or text(unit)
    if found is None or told.translate(_PLAIN).strip(" ()°").upper() != "F":
        return _celsius(leaf, unit)
    return _celsius(round((found[0] - 32) * 5 / 9, 3))


# The dates of a portal's totals; what is not clearly one is none.
#
# Both dialects' periods are named by their first date here.  Known ways of writing
# are "2026-09-24", "2026-09", "2026" and the US order of the classic lists,
# "09/24/2026" (facts, sections 3 and 5).


# A time other than midnight may be of another zone, and so of another date.
_MIDNIGHT = r"(?:[T ]00:00(?::00)?)?"
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})" + _MIDNIGHT)
_US = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})" + _MIDNIGHT)
_MONTH = re.compile(r"([0-9]{4})-([0-9]{1,2})")
_YEAR = re.compile(r"[0-9]{4}")


def day_of(words: str) -> date | None:
    """Read one date."""
    if found := _ISO.fullmatch(words):
        return _date(found[1], found[2], found[3])
    if found := _US.fullmatch(words):
        return _date(found[3], found[1], found[2])
    return None


def month_of(words: str) -> date | None:
    """Read a month, named alone or by its first or last date."""
    if found := _MONTH.fullmatch(words):
        return _date(found[1], found[2], "1")
    day = day_of(words)
    if day is None or day.day not in {1, month_end(day).day}:
        return None
    return day.replace(day=1)


def year_of(words: str) -> date | None:
    """Read a year, named alone or by its first or last date."""
    if _YEAR.fullmatch(words):
        return _date(words, "1", "1")
    day = day_of(words)
    if day is None or (day.month, day.day) not in {(1, 1), (12, 31)}:
        return None
    return day.replace(month=1, day=1)


def rows_by_date(
    columns: Mapping[str, Iterable[tuple[date | None, float | None]]],
) -> dict[date, dict[str, float]]:
    """Return each date's known values by name; two different values are none."""
    rows: dict[date, dict[str, float]] = {}
    for name, cells in columns.items():
        unsure: set[date] = set()
        for day, value in cells:
            if day is None or value is None:
                continue
            if rows.setdefault(day, {}).setdefault(name, value) != value:
                unsure.add(day)
        for day in unsure:
            del rows[day][name]
    return {day: row for day, row in rows.items() if row}


def _date(year: str, month: str, day: str) -> date | None:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if found.year in POSSIBLE_YEARS else None


# Times of single measurements and events.


def epoch_ms(leaf: Leaf) -> datetime | None:
    """Read epoch milliseconds; 0 is no time."""
    millis = number(leaf)
    if not millis or millis < 0:
        return None
    try:
        found = datetime.fromtimestamp(millis / 1000, UTC)
    except (OverflowError, ValueError, OSError):
        return None
    return found if found.year in POSSIBLE_YEARS else None


def iso_time(leaf: Leaf) -> datetime | None:
    """Read an ISO time; without a zone in it, it is the station's local time."""
    words = exact(leaf)
    if "-" not in words:  # "20260924" is a number
        return None
    try:
        found = datetime.fromisoformat(words)
    except ValueError:
        return None
    return found if found.year in POSSIBLE_YEARS else None


def curve_points(
    lines: Iterable[tuple[str, Leaf, Iterable[tuple[datetime | None, Leaf]]]],
    powers: Quantity,
    where: tzinfo,
) -> tuple[CurvePoint, ...]:
    """Join the lines of a day's chart: our name, unit, and values by local times.

    The name is "soc_percent" or a power's.  A value without a time is left out.
    """
    table: dict[datetime, dict[str, float | None]] = {}
    in_utc: dict[tuple[datetime, ...], list[datetime]] = {}  # the lines share them
    for name, unit, cells in lines:
        quantity = percent if name == "soc_percent" else powers
        points = [(at, leaf) for at, leaf in cells if at is not None]
        times = tuple(at for at, _ in points)
        if times not in in_utc:
            in_utc[times] = in_order(times, where)
        for at, (_, leaf) in zip(in_utc[times], points, strict=True):
            table.setdefault(at, {})[name] = quantity(leaf, unit)
    return tuple(
        CurvePoint(at=at, soc_percent=row.pop("soc_percent", None), power=Powers(**row))
        for at, row in sorted(table.items())
    )
