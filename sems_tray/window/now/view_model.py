"""What the "Now" page shows, made anew from the whole situation each time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sems_tray.domain.model import BatteryState, StationState, Tariffs
from sems_tray.domain.shown_reading import shown_reading
from sems_tray.domain.station_state import (
    battery_word,
    direction,
    is_old,
    portal_time,
    state_of,
)
from sems_tray.domain.statistics import savings, self_sufficiency
from sems_tray.domain.wording import zone_of
from sems_tray.i18n import formatting
from sems_tray.i18n.formatting import weekday_short
from sems_tray.i18n.language import mark, tr, trc

from .flow_model import Part, empty_picture, fitted, flow_picture

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from sems_tray.domain.battery_forecast import Estimate
    from sems_tray.domain.model import EnergySums, Reading
    from sems_tray.domain.station_state import DarkAt

    from .flow_model import FlowPicture


_NO_TARIFFS = Tariffs()
_LOW_SOC = 20.0
_FULL = 100.0
# In these the totals of the day stand still by right.
_CALM = frozenset({StationState.NIGHT, StationState.WAITING})
_FINE = timedelta(hours=1)
# Within so many hours "02:30" can only be the next one.
_UNMISTAKABLE = timedelta(hours=20)
_SOON = timedelta(minutes=5)


# The sentences of an estimate: soon, today, tomorrow, later.
_FILLS = (
    mark("Full in a few minutes"),
    mark("Full about {clock}"),
    mark("Full about tomorrow {clock}"),
    mark("Full about {weekday} {clock}"),
)
_DRAINS = (
    mark("Down to {percent} in a few minutes"),
    mark("Down to {percent} about {clock}"),
    mark("Down to {percent} about tomorrow {clock}"),
    mark("Down to {percent} about {weekday} {clock}"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BatteryCard:
    """The battery in one look. Percents run from 0 to 100."""

    title: str
    doing: str
    soc_percent: float | None = None
    reserve_percent: float | None = None
    estimate: str = ""
    reserve: str = ""
    low: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NowView:
    """The page as a value; ``message`` stands there while nothing is known."""

    flow: FlowPicture
    battery: BatteryCard | None = None
    tiles: tuple[Tile, ...] = ()
    message: str = ""
    old: bool = False


def now_view(
    reading: Reading | None,
    now: datetime,
    dark_at: DarkAt,
    *,
    estimate: Estimate | None = None,
    tariffs: Tariffs = _NO_TARIFFS,
    reserve_percent: float | None = None,
    failed: bool = False,
) -> NowView:
    """Return the page; after a ``failed`` first poll there is nothing to wait for."""
    if reading is None:
        message = "" if failed else tr("Waiting for the first reading …")
        return NowView(flow=empty_picture(), message=message, old=True)
    shown = shown_reading(reading, now, dark_at)
    state = state_of(shown, now, dark_at)
    old = is_old(shown, now)
    lost = state is StationState.GRID_LOST
    return NowView(
        flow=flow_picture(shown, old=old, grid_lost=lost),
        battery=_battery(
            shown,
            reserve_percent,
            "" if old else estimate_words(estimate, now, shown),
        ),
        tiles=tiles(shown, tariffs, old=old and state not in _CALM),
        old=old,
    )


def estimate_words(estimate: Estimate | None, now: datetime, reading: Reading) -> str:
    """Return "Full about 14:10" or "20 % about 02:30"; "" if there is nothing to say.

    The time is rounded to what an estimate is worth: five minutes, later on ten.
    """
    at_now = portal_time(reading, now)
    if estimate is None or estimate.at <= at_now:
        return ""
    fills = estimate.charging and estimate.target_percent >= _FULL
    at = _rounded(estimate.at, at_now, zone_of(reading))
    sentences = _FILLS if fills else _DRAINS
    return tr(sentences[_how_far(estimate.at - at_now, at, at_now)]).format(
        percent=formatting.percent(estimate.target_percent),
        clock=formatting.at_station(f"{at:%H:%M}", at, at.tzinfo),
        weekday=weekday_short(at.weekday()),
    )


def _how_far(ahead: timedelta, at: datetime, now: datetime) -> int:
    """Return 0 for soon, 1 for today, 2 for tomorrow, 3 for later."""
    if ahead < _SOON:
        return 0
    if ahead < _UNMISTAKABLE:
        return 1
    days = (at.date() - now.astimezone(at.tzinfo).date()).days
    return 2 if days == 1 else 3


def _rounded(at: datetime, now: datetime, where: tzinfo | None) -> datetime:
    """Return the local time, as exact as an estimate is so far ahead."""
    ahead = at - now
    step_s = 300 if ahead < _FINE else 600
    local = at.astimezone(where)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    into_day = (local - midnight).total_seconds()
    return local + timedelta(seconds=(into_day / step_s + 0.5) // 1 * step_s - into_day)


def _battery(
    reading: Reading, reserve_percent: float | None, estimate: str
) -> BatteryCard | None:
    battery, power_w = reading.battery, reading.power.battery_w
    if battery is None:
        return None
    soc = battery.soc_percent
    return BatteryCard(
        title=tr("Battery {percent}").format(percent=formatting.percent(soc)),
        doing=_doing(soc, power_w, battery.state),
        soc_percent=soc,
        reserve_percent=reserve_percent,
        estimate=estimate,
        reserve=""
        if reserve_percent is None
        # Translators: the charge that the battery keeps back.
        else tr("reserve {percent}").format(
            percent=formatting.percent(reserve_percent)
        ),
        low=soc is not None and soc <= _LOW_SOC,
    )


def _doing(soc: float | None, power_w: float | None, state: BatteryState | None) -> str:
    """Return "charging at 1.20 kW", "full" or "idle"; "" where nobody knows."""
    known = direction(power_w, state)
    if known is None:
        return ""
    if power_w is not None and known is not BatteryState.IDLE:
        text = (
            trc("battery state", "charging at {power}")
            if known is BatteryState.CHARGING
            else trc("battery state", "discharging at {power}")
        )
        return text.format(power=formatting.fine_power(power_w))
    full = soc is not None and soc >= _FULL
    return trc("battery state", "full") if full else battery_word(known)


# The tiles of the day: a few figures, each with its unit set apart.
#
# A plant has the tiles that it can fill: without a battery nothing is charged,
# without a meter nothing is exported.  What it has but does not tell today is a dash,
# never 0.

_SIGNS = {"EUR": "€", "GBP": "£", "USD": "$", "JPY": "¥", "CNY": "¥", "INR": "₹"}
# Fewer tiles than this leave room for the longer periods.
_A_ROW = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One figure: "Solar today", "18.4", "kWh"; ``old`` ones are grey."""

    label: str
    number: str = formatting.DASH
    unit: str = ""
    old: bool = False

    @property
    def text(self) -> str:
        """Return "18.4 kWh"."""
        return f"{self.number} {self.unit}".strip()


def tiles(
    reading: Reading, tariffs: Tariffs = _NO_TARIFFS, *, old: bool = False
) -> tuple[Tile, ...]:
    """Return the tiles of a station, most wanted first."""
    parts, sums = fitted(reading), reading.energy.today
    old = old or "energy" in reading.stale
    today = [(tr("Solar today"), sums.pv_kwh)]
    if Part.HOUSE in parts:
        today.append((trc("part of the plant", "House"), sums.load_kwh))
    if Part.GRID in parts:
        today.append((trc("energy", "Exported"), sums.export_kwh))
        today.append((trc("energy", "Imported"), sums.import_kwh))
    if Part.BATTERY in parts:
        today.append((trc("energy", "Charged"), sums.charge_kwh))
        today.append((trc("energy", "Discharged"), sums.discharge_kwh))
    worth = _money(sums, tariffs)
    if sums.income is not None and "income" in reading.stale:
        worth = [replace(it, old=True) for it in worth]
    if Part.HOUSE in parts and Part.GRID in parts:
        worth = [
            _share(tr("Self-powered"), self_sufficiency(sums)),
            _share(tr("Self-used"), self_used(sums)),
            *worth,
        ]
    longer = _longer(reading) if len(today) + len(worth) < _A_ROW else []
    energy = formatting.energies(*(kwh for _, kwh in (*today, *longer)))
    found = [
        *(_tile(label, energy(kwh)) for label, kwh in today),
        *worth,
        *(_tile(label, energy(kwh)) for label, kwh in longer),
    ]
    return tuple(replace(it, old=True) for it in found) if old else tuple(found)


def self_used(sums: EnergySums) -> float | None:
    """Return the share of the solar energy that was not sold, 0 to 1.

    It goes by the solar energy and the export that stand beside it.  The portal's own
    self-use is the inverter's AC output less the export (facts, section 3), so with a
    battery it is no part of the solar energy: 8134 of 6791 kWh in a recorded year.
    """
    if sums.pv_kwh is None or sums.pv_kwh <= 0:
        return None
    stores = sums.charge_kwh is not None or sums.discharge_kwh is not None
    if sums.export_kwh is not None:
        used = sums.pv_kwh - sums.export_kwh
    elif sums.self_use_kwh is not None and not stores:
        used = sums.self_use_kwh
    else:
        return None
    return min(max(used / sums.pv_kwh, 0.0), 1.0)


def _tile(label: str, text: str) -> Tile:
    """Return the tile of "18.4 kWh", or of a dash."""
    number, _, unit = text.partition(" ")
    return Tile(label=label, number=number, unit=unit)


def _share(label: str, share: float | None) -> Tile:
    return _tile(label, formatting.share(share))


def _money(sums: EnergySums, tariffs: Tariffs) -> list[Tile]:
    """Return what the portal says was earned, else what the tariffs say was saved."""
    worth = savings(sums, tariffs)
    if worth.total is not None:
        told = sums.income is not None
        label = trc("money", "Income") if told else trc("money", "Saved")
        return [_amount(label, worth.total, worth.currency)]
    if worth.saved is not None:
        return [_amount(trc("money", "Saved"), worth.saved, worth.currency)]
    if worth.earned is not None:
        return [_amount(trc("money", "Earned"), worth.earned, worth.currency)]
    # The owner gave prices; the energies are not known yet.
    known = tariffs.import_price is not None or tariffs.export_price is not None
    return [Tile(label=trc("money", "Saved"))] if known else []


def _amount(label: str, amount: float, currency: str | None) -> Tile:
    code = formatting.name(currency or "")
    return Tile(
        label=label,
        number=formatting.fixed(amount, 2),
        unit=_SIGNS.get(code.upper(), code),
    )


def _longer(reading: Reading) -> list[tuple[str, float | None]]:
    energy = reading.energy
    periods = (
        (tr("This month"), energy.month),
        (tr("This year"), energy.year),
        (trc("energy", "In all"), energy.total),
    )
    return [(label, it.pv_kwh) for label, it in periods if it.pv_kwh is not None]
