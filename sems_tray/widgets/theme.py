"""Colours and type of the window: the series' own hues, the rest by the palette.

Nothing is a fixed colour but the hues: each is moved along its own lightness until it
stands out from the card that it lies on, so light, dark and high-contrast palettes are
one case.  Sizes follow the system's font, spaces a rhythm of eight pixels.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QGuiApplication, QPainter, QPalette
from PySide6.QtWidgets import QStyle

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QFocusEvent
    from PySide6.QtWidgets import QWidget


# Only who comes by keyboard needs to see where the focus is.
KEYED = frozenset(
    {
        Qt.FocusReason.TabFocusReason,
        Qt.FocusReason.BacktabFocusReason,
        Qt.FocusReason.ShortcutFocusReason,
    }
)

# A class that is mixed into widgets of several kinds: Qt has no common base for that.
if TYPE_CHECKING:
    WidgetMixin = QWidget
else:
    WidgetMixin = object


class KeyFocus(WidgetMixin):
    """Mixed into a widget that shows its focus only to those who came by keyboard."""

    _keyed = False

    @property
    def focus_shown(self) -> bool:
        """Whether the focus is here and to be seen."""
        return self._keyed and self.hasFocus()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Learn how the focus came; Qt paints the widget anew."""
        self._keyed = event.reason() in KEYED
        super().focusInEvent(event)


# A look is one for all widgets, whether they are enabled and in front or not.
_ACTIVE = QPalette.ColorGroup.Active
STEP = 8  # the rhythm: spaces are multiples or halves of this
RADIUS = 8.0

# Contrast that WCAG 2.1 asks for: of shapes, of text, and of both where the system
# asks for more.
_SHAPE, _TEXT, _MORE = 3.0, 4.5, 7.0
# Black on white has 21; the usual themes have 18 at most.
_HIGH_CONTRAST = 20.5
_MOST_LOOKS = 8
_SPI_GETCLIENTAREAANIMATION = 0x1042


class ColourRole(StrEnum):
    """What a colour stands for, in the flow, the charts and the tables alike."""

    SOLAR = "solar"
    BATTERY = "battery"
    HOUSE = "house"
    GRID = "grid"
    CAR = "car"
    ALARM = "alarm"


# Told apart by colour-blind people; the car's is the sky blue of the same family.
HUES: Mapping[ColourRole, str] = {
    ColourRole.SOLAR: "#E69F00",
    ColourRole.BATTERY: "#009E73",
    ColourRole.HOUSE: "#3B8EDB",
    ColourRole.GRID: "#B86FC6",
    ColourRole.CAR: "#5BB8C4",
    ColourRole.ALARM: "#D55E00",
}


class Text(StrEnum):
    """The steps of the type scale."""

    CAPTION = "caption"  # labels and ages
    BODY = "body"
    STRONG = "strong"  # values in a line
    RING = "ring"  # the number in a ring
    FIGURE = "figure"  # the number of a tile
    TITLE = "title"


_SCALE: Mapping[Text, tuple[float, bool]] = {
    Text.CAPTION: (0.92, False),
    Text.BODY: (1.0, False),
    Text.STRONG: (1.0, True),
    Text.RING: (1.12, True),
    Text.FIGURE: (1.3, True),
    Text.TITLE: (1.35, True),
}


@dataclass(frozen=True, slots=True)
class Theme:
    """Every colour of one look. Compare two to learn whether the look changed."""

    dark: bool
    high_contrast: bool
    window: QColor
    card: QColor
    border: QColor
    grid_line: QColor
    track: QColor
    text: QColor
    muted: QColor
    accent: QColor
    series: Mapping[ColourRole, QColor]

    def colour(self, series: ColourRole) -> QColor:
        """Return the colour of lines and shapes."""
        return QColor(self.series[series])

    def ink(self, series: ColourRole) -> QColor:
        """Return the same hue, dark or light enough for words."""
        least = _MORE if self.high_contrast else _TEXT
        return readable(self.series[series], self.card, least)

    def wash(self, series: ColourRole) -> QColor:
        """Return a pale ground in this hue, for chips and filled areas."""
        return mix(self.card, self.series[series], 0.2 if self.dark else 0.13)


def theme_of(palette: QPalette) -> Theme:
    """Return the look for a palette."""
    window = palette.color(_ACTIVE, QPalette.ColorRole.Window)
    text = palette.color(_ACTIVE, QPalette.ColorRole.WindowText)
    dark = luminance(window) < luminance(text)
    stark = wants_contrast(palette)
    base = palette.color(_ACTIVE, QPalette.ColorRole.Base)
    if stark:
        card = window
    elif dark:
        card = mix(window, text, 0.045)
    else:
        card = base if luminance(base) > luminance(window) else window
    least = _MORE if stark else _SHAPE
    series = {name: readable(QColor(hue), card, least) for name, hue in HUES.items()}
    return Theme(
        dark=dark,
        high_contrast=stark,
        window=window,
        card=card,
        border=text if stark else mix(card, text, 0.13),
        grid_line=mix(card, text, 0.5 if stark else 0.12),
        track=mix(card, text, 0.25 if stark else 0.12),
        text=text,
        muted=text if stark else readable(mix(card, text, 0.62), card, _TEXT),
        accent=series[ColourRole.SOLAR],
        series=series,
    )


_looks: dict[tuple[int, bool], Theme] = {}


def theme_for(widget: QWidget) -> Theme:
    """Return the look of a widget; made once for each palette."""
    palette = widget.palette()
    key = palette.cacheKey(), wants_contrast(palette)
    found = _looks.get(key)
    if found is None:
        if len(_looks) >= _MOST_LOOKS:
            _looks.clear()
        found = _looks[key] = theme_of(palette)
    return found


def wants_motion(widget: QWidget) -> bool:
    """Say whether the system lets pictures move."""
    hint = QStyle.StyleHint.SH_Widget_Animation_Duration
    if widget.style().styleHint(hint, None, widget) <= 0:
        return False
    if sys.platform == "win32":
        # "Show animations in Windows", of which the style hint knows nothing.
        import ctypes

        shown = ctypes.c_int(1)
        ctypes.windll.user32.SystemParametersInfoW(
            _SPI_GETCLIENTAREAANIMATION, 0, ctypes.byref(shown), 0
        )
        return bool(shown.value)
    return True


def wants_contrast(palette: QPalette) -> bool:
    """Say whether system or palette ask for high contrast."""
    app = QGuiApplication.instance()
    if isinstance(app, QGuiApplication):
        hints = app.styleHints()
        # Since Qt 6.10; the settings of GNOME, Windows and macOS.
        ask = getattr(hints, "accessibility", None)
        accessibility = ask() if ask is not None else None
        if accessibility is not None:
            wish = accessibility.contrastPreference()
            if getattr(wish, "name", "") == "HighContrast":
                return True
    window = palette.color(_ACTIVE, QPalette.ColorRole.Window)
    text = palette.color(_ACTIVE, QPalette.ColorRole.WindowText)
    return contrast(window, text) >= _HIGH_CONTRAST


def smooth_painter(widget: QWidget) -> QPainter:
    """Return a painter on a widget that paints smooth edges."""
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    return painter


def font_of(step: Text, base: QFont, scale: float = 1.0) -> QFont:
    """Return the system's font at one step of the scale, with tabular figures."""
    size, bold = _SCALE[step]
    font = QFont(base)
    points = base.pointSizeF()
    if points > 0:
        font.setPointSizeF(points * size * scale)
    else:  # a font that was set in pixels
        font.setPixelSize(max(round(QFontInfo(base).pixelSize() * size * scale), 1))
    if bold:
        font.setWeight(QFont.Weight.DemiBold)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def mix(ground: QColor, colour: QColor, share: float) -> QColor:
    """Return the colour laid over the ground with so much of its own."""
    return QColor.fromRgbF(
        *(
            below + (above - below) * share
            for below, above in (
                (ground.redF(), colour.redF()),
                (ground.greenF(), colour.greenF()),
                (ground.blueF(), colour.blueF()),
            )
        )
    )


def luminance(colour: QColor) -> float:
    """Return the relative luminance of WCAG 2.1, 0 to 1."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (colour.redF(), colour.greenF(), colour.blueF())
    )
    return float(0.2126 * red + 0.7152 * green + 0.0722 * blue)


def contrast(one: QColor, other: QColor) -> float:
    """Return the contrast of WCAG 2.1, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def readable(colour: QColor, ground: QColor, least: float) -> QColor:
    """Return the colour, its lightness moved only as far as the contrast needs."""
    if contrast(colour, ground) >= least:
        return QColor(colour)
    # Away from the ground: to the side on which black or white stands out more.
    black, white = QColor(0, 0, 0), QColor(255, 255, 255)
    goal = max((black, white), key=lambda ink: contrast(ink, ground))
    for percent in range(4, 101, 4):
        moved = mix(colour, goal, percent / 100)
        if contrast(moved, ground) >= least:
            return moved
    return goal
