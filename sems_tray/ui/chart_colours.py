"""The colours of charts: one per series, and neutrals that follow the theme."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QColor, QPalette

from sems_tray.core.chart_bars import Amount
from sems_tray.core.chart_curves import Series

SOLAR, BATTERY, HOUSE, GRID = "#E69F00", "#009E73", "#3B8EDB", "#B86FC6"
_READABLE = 4.5  # WCAG 2.2, 1.4.3: text and its background
_STEP = 0.04
_PALE = 0.38  # the way back of a pair: bought and sold, charged and discharged
_NAMES: dict[object, str] = {
    Series.PV: "solar",
    Series.LOAD: "house",
    Series.GRID: "grid",
    Series.BATTERY: "battery",
    Series.SOC: "battery",
    Amount.PV: "solar",
    Amount.LOAD: "house",
    Amount.IMPORT: "grid",
    Amount.EXPORT: "grid",
    Amount.CHARGE: "battery",
    Amount.DISCHARGE: "battery",
}
_OUTWARD = frozenset({Amount.EXPORT, Amount.DISCHARGE})


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartColours:
    """What a chart is painted with."""

    back: QColor
    text: QColor
    muted: QColor
    rule: QColor
    axis: QColor
    box: QColor
    solar: QColor
    battery: QColor
    house: QColor
    grid: QColor
    strong: bool = False

    def of(self, key: object) -> QColor:
        """Return the colour of a series or an amount."""
        colour: QColor = getattr(self, _NAMES.get(key, "text"))
        return mixed(colour, self.back, _PALE) if key in _OUTWARD else colour


def chart_colours(palette: QPalette, *, strong: bool = False) -> ChartColours:
    """Return the colours on a theme; ``strong`` ones suit a high-contrast theme."""
    back = palette.color(QPalette.ColorRole.Base)
    text = palette.color(QPalette.ColorRole.Text)
    series = [QColor(it) for it in (SOLAR, BATTERY, HOUSE, GRID)]
    if strong:
        series = [readable(it, back) for it in series]
    solar, battery, house, grid = series
    return ChartColours(
        back=back,
        text=text,
        muted=text if strong else readable(mixed(text, back, 0.38), back),
        rule=mixed(text, back, 0.6 if strong else 0.87),
        axis=mixed(text, back, 0.2 if strong else 0.6),
        box=palette.color(QPalette.ColorRole.ToolTipBase)
        if strong
        else mixed(text, back, 0.97),
        solar=solar,
        battery=battery,
        house=house,
        grid=grid,
        strong=strong,
    )


def mixed(one: QColor, other: QColor, share: float) -> QColor:
    """Return a colour on the way from one to the other."""
    return QColor.fromRgbF(
        one.redF() + (other.redF() - one.redF()) * share,
        one.greenF() + (other.greenF() - one.greenF()) * share,
        one.blueF() + (other.blueF() - one.blueF()) * share,
    )


def contrast(one: QColor, other: QColor) -> float:
    """Return the contrast of two colours, 1 to 21 (WCAG 2.2)."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def readable(colour: QColor, back: QColor) -> QColor:
    """Return the colour, darker or lighter until it can be read on a background."""
    away = QColor("black" if _luminance(back) > 0.18 else "white")
    share = 0.0
    while contrast(mixed(colour, away, share), back) < _READABLE and share < 1:
        share = min(share + _STEP, 1.0)
    return mixed(colour, away, share)


def _luminance(colour: QColor) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = map(linear, (colour.redF(), colour.greenF(), colour.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
