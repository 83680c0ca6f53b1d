"""The tray icon, judged by its pixels."""

from __future__ import annotations

import itertools
from dataclasses import replace
from functools import cache

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from sems_tray.tray.icon_digits import text_path
from sems_tray.tray.icon_painter import PALETTES, SIZES, Panel, icon, pixmap
from sems_tray.tray.view_model import Badge, Face, IconSpec, Mark
from sems_tray.widgets.theme import contrast, luminance

BACKS = {Panel.LIGHT: "#F3F3F3", Panel.DARK: "#23262A", Panel.MASK: "#E4E6E9"}
BATTERY = IconSpec(face=Face.BATTERY, level=58)
SUN = IconSpec(face=Face.SUN, level=58)
NUMBER = IconSpec(face=Face.NUMBER, text="76")
EMPTY = IconSpec()
BODIES = (BATTERY, SUN, NUMBER)
STATES = [
    replace(body, mark=mark, badge=badge, low=low, faded=faded)
    for body in BODIES
    for mark, badge, low, faded in itertools.product(
        Mark, Badge, (False, True), (False, True)
    )
] + [replace(EMPTY, badge=badge) for badge in Badge]
TEXTS = (
    *("0", "7", "12", "76", "58", "-5", "\N{EN DASH}", "9k", "100"),
    *("3.2", "0.4", "8,8", "120", "888", "76%", "-12", "12k", ".50"),
)

# pytest-qt's application: one of another kind would stand in its way.
pytestmark = pytest.mark.usefixtures("qapp")


def pixels(spec, size, panel):
    picture = pixmap(spec, size, panel).toImage()
    return {(x, y): picture.pixelColor(x, y) for x in range(size) for y in range(size)}


def seen(spec, size, panel, back=None):
    """Return the colours of the pixels, as numbers, as they are seen on a ground."""
    ground = QImage(size, size, QImage.Format.Format_RGB32)
    ground.fill(QColor(back or BACKS[panel]))
    painter = QPainter(ground)
    painter.drawPixmap(0, 0, pixmap(spec, size, panel))
    painter.end()
    return [ground.pixel(x, y) for y in range(size) for x in range(size)]


@cache
def lightness(rgb):
    return 116 * luminance(QColor(rgb)) ** (1 / 3) - 16


@cache
def contrast_to(rgb, back):
    return contrast(QColor(rgb), QColor(back))


def greys(spec, size, panel):
    """What a person without colour vision has: the lightness of each pixel."""
    return [lightness(it) for it in seen(spec, size, panel)]


def different(one, other, least=12):
    """How many pixels differ by a lightness that is seen at once."""
    return sum(abs(a - b) > least for a, b in zip(one, other, strict=True))


# ---- the contract


def test_equal_specs_share_one_icon():
    twin = IconSpec(face=Face.BATTERY, level=58)
    assert icon(BATTERY, Panel.DARK) is icon(twin, Panel.DARK)
    assert icon(BATTERY, Panel.DARK) is not icon(BATTERY, Panel.LIGHT)


@pytest.mark.parametrize("panel", Panel)
def test_all_sizes_are_there_unscaled(panel):
    made = icon(BATTERY, panel)
    sizes = {size.width() for size in made.availableSizes()}
    assert set(SIZES) <= sizes
    for size in SIZES:
        assert made.pixmap(size, size).width() == size


def test_only_the_mask_is_tinted_by_the_desktop():
    assert icon(BATTERY, Panel.MASK).isMask()
    assert not icon(BATTERY, Panel.LIGHT).isMask()


@pytest.mark.parametrize("spec", [BATTERY, SUN, NUMBER, EMPTY])
def test_the_mask_is_black_with_alpha(spec):
    for state in (spec, replace(spec, badge=Badge.FAULT, low=True)):
        colours = pixels(state, 32, Panel.MASK).values()
        assert {c.rgb() & 0xFFFFFF for c in colours if c.alpha()} == {0}
        assert {c.alpha() for c in colours} >= {0, 255}


def test_a_dense_screen_gets_more_pixels():
    picture = pixmap(BATTERY, 22, Panel.DARK, 2.0)
    assert (picture.width(), picture.devicePixelRatio()) == (44, 2.0)
    assert picture.deviceIndependentSize().width() == 22


@pytest.mark.parametrize("ratio", [1.25, 1.5, 3.0])
def test_every_state_can_be_painted_at_every_scale(ratio):
    for spec in STATES:
        for size in (16, 22):
            assert not pixmap(spec, size, Panel.DARK, ratio).isNull()


# ---- shapes


@pytest.mark.parametrize("panel", Panel)
@pytest.mark.parametrize("body", BODIES, ids=lambda body: body.face.value)
def test_states_differ_by_lightness_at_sixteen_pixels(body, panel):
    states = [spec for spec in STATES if spec.face is body.face]
    drawn = [greys(spec, 16, panel) for spec in states]
    for (a, one), (b, other) in itertools.combinations(
        zip(states, drawn, strict=True), 2
    ):
        assert different(one, other) >= 4, (a, b)


@pytest.mark.parametrize("panel", Panel)
@pytest.mark.parametrize("body", [*BODIES, EMPTY], ids=lambda body: body.face.value)
def test_a_badge_is_a_silhouette_of_its_own(body, panel):
    drawn = {b: greys(replace(body, badge=b), 16, panel) for b in Badge}
    for one, other in itertools.combinations(Badge, 2):
        assert different(drawn[one], drawn[other]) >= 10, (one, other)


@pytest.mark.parametrize("panel", Panel)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("body", [BATTERY, SUN], ids=["battery", "sun"])
def test_a_higher_level_fills_more_rows(body, size, panel):
    none = greys(replace(body, level=None), size, panel)

    def rows(level):
        full = greys(replace(body, level=level), size, panel)
        return sum(
            different(full[y * size : (y + 1) * size], none[y * size : (y + 1) * size])
            > 0
            for y in range(size)
        )

    filled = [rows(level) for level in (0, 25, 50, 75, 100)]
    assert filled[0] == 0
    assert filled == sorted(set(filled))


def test_little_is_not_nothing_and_much_is_not_full():
    drawn = [greys(replace(BATTERY, level=n), 16, Panel.DARK) for n in (0, 1, 99, 100)]
    assert all(different(a, b) >= 6 for a, b in itertools.pairwise(drawn))


def test_the_gauge_fills_the_square_and_snaps_to_pixels():
    body = pixels(replace(BATTERY, level=50), 16, Panel.MASK)
    inked = [(x, y) for (x, y), colour in body.items() if colour.alpha()]
    assert {y for _, y in inked} == set(range(16))
    assert min(x for x, _ in inked) == 15 - max(x for x, _ in inked)
    half = QColor.fromRgbF(0, 0, 0, 0.5).alpha()
    corners = 14  # the rounding of body and terminal, nothing else
    blurred = [c for c in body.values() if c.alpha() not in (0, half, 255)]
    assert len(blurred) <= corners


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("body", [BATTERY, SUN, EMPTY], ids=["battery", "sun", "empty"])
def test_bodies_are_symmetrical(body, size):
    picture = pixels(body, size, Panel.MASK)
    for (x, y), colour in picture.items():
        twin = picture[size - 1 - x, y]
        assert abs(colour.alpha() - twin.alpha()) <= 24, (x, y)


def test_a_badge_stands_in_a_clear_gap():
    def drawn(face):
        spec = IconSpec(face=face, level=100, badge=Badge.FAULT)
        return pixels(spec, 16, Panel.MASK)

    # The triangle's left edge on the last row is column 7: 6 is clear on any body.
    for face in (Face.BATTERY, Face.SUN):
        assert drawn(face)[7, 15].alpha() == 255
        assert drawn(face)[6, 15].alpha() == 0


# ---- numbers


@pytest.mark.parametrize("text", TEXTS)
def test_numbers_fit(text):
    for size in (*SIZES, 18, 28, 33, 40, 44):
        for height in (size // 2, round(size * 0.78), size):
            box = text_path(text, size, height).boundingRect()
            room = QRectF(0, 0, size, height).adjusted(-0.001, -0.001, 0.001, 0.001)
            assert room.contains(box), size


@pytest.mark.parametrize("text", ["76", "58", "3.2", "0.4", "100"])
def test_usual_numbers_use_the_width(text):
    assert text_path(text, 16, 12).boundingRect().width() >= 14


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("badge", [Badge.NONE, Badge.FAULT])
def test_each_digit_has_a_shape_of_its_own(count, badge):
    drawn = [
        greys(replace(NUMBER, text=digit * count, badge=badge), 16, Panel.LIGHT)
        for digit in "0123456789"
    ]
    for one, other in itertools.combinations(drawn, 2):
        assert different(one, other) >= 2 * count


@pytest.mark.parametrize("text", ["", "1234", "abc", " "])
def test_what_cannot_be_drawn_is_refused(text):
    with pytest.raises(ValueError, match="no icon text"):
        pixmap(replace(NUMBER, text=text), 16, Panel.LIGHT)


def test_a_missing_value_is_a_dash_and_not_an_error():
    dash = greys(replace(NUMBER, text="\N{EN DASH}"), 16, Panel.LIGHT)
    blank = [dash[0]] * len(dash)
    assert 10 <= different(dash, blank) <= 60


# ---- contrast


@pytest.mark.parametrize("panel", [Panel.LIGHT, Panel.DARK])
@pytest.mark.parametrize("role", ["ink", "solar", "battery", "grid", "alarm", "blue"])
def test_every_colour_stands_out_from_its_panel(panel, role):
    colour = QColor(getattr(PALETTES[panel], role))
    assert contrast(colour, QColor(BACKS[panel])) >= 3


@pytest.mark.parametrize("panel", [Panel.LIGHT, Panel.DARK])
def test_the_arrow_stands_out_from_the_gauge(panel):
    ink = QColor(PALETTES[panel].ink)
    assert contrast(ink, QColor(PALETTES[panel].battery)) >= 3
    assert contrast(ink, QColor(PALETTES[panel].alarm)) >= 3


@pytest.mark.parametrize("panel", [Panel.LIGHT, Panel.DARK])
def test_every_state_can_be_seen_on_both_panels(panel):
    for spec in STATES:
        for back in (BACKS[Panel.LIGHT], BACKS[Panel.DARK]):
            drawn = seen(spec, 16, panel, back)
            clear = sum(contrast_to(it, back) >= 3 for it in drawn)
            # An old number has a pale halo on the wrong panel, all else more.
            assert clear >= 20, (spec, back)


@pytest.mark.parametrize("panel", [Panel.LIGHT, Panel.DARK])
def test_old_values_are_pale_yet_readable(panel):
    fresh, old = (
        [contrast_to(it, BACKS[panel]) for it in seen(spec, 16, panel)]
        for spec in (NUMBER, replace(NUMBER, faded=True))
    )
    assert 3 <= max(old) < max(fresh) / 1.5
