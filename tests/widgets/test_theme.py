"""The look: readable on every palette, following the system's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QWidget

from sems_tray.widgets.buttons import FlatButton
from sems_tray.widgets.theme import (
    HUES,
    KEYED,
    ColourRole,
    Text,
    contrast,
    font_of,
    readable,
    theme_for,
    theme_of,
    wants_contrast,
    wants_motion,
)

LIGHT = QPalette(QColor("#f5f6f8"))
DARK = QPalette(QColor("#1a1d22"))
WHITE, BLACK = QColor("#ffffff"), QColor("#000000")


def stark():
    palette = QPalette(BLACK)
    palette.setColor(QPalette.ColorRole.WindowText, WHITE)
    return palette


colours = st.builds(
    QColor, st.integers(0, 255), st.integers(0, 255), st.integers(0, 255)
)


@pytest.mark.parametrize("palette", [LIGHT, DARK, stark()], ids=["light", "dark", "hc"])
@pytest.mark.parametrize("series", ColourRole)
def test_shapes_and_words_stand_out_from_their_card(qapp, palette, series):
    theme = theme_of(palette)
    shapes, text = (7.0, 7.0) if theme.high_contrast else (3.0, 4.5)
    assert contrast(theme.colour(series), theme.card) >= shapes
    assert contrast(theme.ink(series), theme.card) >= text
    assert contrast(theme.muted, theme.card) >= 4.5


def test_on_a_dark_ground_the_hues_are_those_of_the_design(qapp):
    theme = theme_of(DARK)
    assert theme.dark
    for series in (
        ColourRole.SOLAR,
        ColourRole.BATTERY,
        ColourRole.HOUSE,
        ColourRole.GRID,
    ):
        assert theme.colour(series).name().upper() == HUES[series]


def test_the_series_stay_apart(qapp):
    for palette in (LIGHT, DARK, stark()):
        names = [it.name() for it in theme_of(palette).series.values()]
        assert len(set(names)) == len(names)


def test_black_and_white_is_high_contrast_and_the_usual_themes_are_not(qapp):
    assert wants_contrast(stark())
    assert not wants_contrast(LIGHT)
    assert not wants_contrast(DARK)
    assert not wants_contrast(qapp.palette())


@given(colours, colours, st.sampled_from([3.0, 4.5]))
def test_any_colour_can_be_made_readable(colour, ground, least):
    assert contrast(readable(colour, ground, least), ground) >= least


def test_contrast_is_that_of_the_standard():
    assert contrast(BLACK, WHITE) == pytest.approx(21)
    assert contrast(QColor("#777777"), WHITE) == pytest.approx(4.48, abs=0.01)


def test_what_is_readable_already_is_left_alone():
    assert readable(BLACK, WHITE, 7.0) == BLACK


def test_type_follows_the_systems_size(qapp):
    small, large = QFont("Sans Serif"), QFont("Sans Serif")
    small.setPointSizeF(9)
    large.setPointSizeF(18)
    figure = font_of(Text.FIGURE, large)
    assert figure.pointSizeF() == pytest.approx(
        2 * font_of(Text.FIGURE, small).pointSizeF()
    )
    assert figure.isFeatureSet(QFont.Tag("tnum"))
    pixels = QFont("Sans Serif")
    pixels.setPixelSize(20)
    assert font_of(Text.BODY, pixels).pixelSize() == 20


def test_a_widget_follows_its_palette(qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.setPalette(LIGHT)
    light = theme_for(widget)
    assert theme_for(widget) is light
    widget.setPalette(DARK)
    assert theme_for(widget).dark
    assert not light.dark


def test_motion_ends_where_the_system_wants_none(qtbot, monkeypatch):
    widget = QWidget()
    qtbot.addWidget(widget)
    assert wants_motion(widget)
    monkeypatch.setattr(type(widget.style()), "styleHint", lambda *_: 0)
    assert not wants_motion(widget)


def test_the_focus_is_shown_to_those_who_came_by_key(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    button, other = FlatButton("One", window), FlatButton("Two", window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    for reason in Qt.FocusReason:
        other.setFocus()
        button.setFocus(reason)
        assert button.hasFocus()
        assert button.focus_shown is (reason in KEYED)
        assert not other.focus_shown
