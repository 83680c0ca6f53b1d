"""The flow picture on screen: its rings, its motion, and its rest."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPalette

from sems_tray.domain.model import Powers
from sems_tray.window.now import flow_view as module
from sems_tray.window.now.flow_layout import layout, least_size, ring_shape
from sems_tray.window.now.flow_model import Part, empty_picture, flow_picture
from sems_tray.window.now.flow_view import FlowView
from tests.kit.readings import reading

DAY = flow_picture(reading())
CAR = flow_picture(reading(power=replace(reading().power, ev_w=300.0)))
ROOF = flow_picture(reading(battery=None, power=Powers(pv_w=900.0)))


@pytest.fixture
def view(qtbot):
    view = FlowView()
    qtbot.addWidget(view)
    view.show_picture(DAY)
    view.resize(430, 290)
    return view


@pytest.fixture
def seen(view, qtbot):
    view.show()
    qtbot.waitExposed(view)
    qtbot.waitUntil(lambda: view.moving)
    return view


def picture(view):
    return view.grab().toImage()


@pytest.mark.parametrize("shown", [DAY, CAR, ROOF, empty_picture()])
@pytest.mark.parametrize("points", [6.0, 9.0, 27.0])
def test_rings_neither_touch_nor_leave_the_picture_at_any_font_size(
    qapp, shown, points
):
    font = QFont(qapp.font())
    font.setPointSizeF(points)
    room = QRectF(QPointF(), least_size(font, shown))
    made = layout(shown, room, font)
    radius = made.ring.radius
    for centre in made.centres.values():
        away = QPointF(radius, radius)
        assert room.contains(QRectF(centre - away, centre + away))
    for one, other in combinations(made.centres.values(), 2):
        away = one - other
        assert QPointF.dotProduct(away, away) > (2 * radius + 8) ** 2
    assert all(it.length > radius / 4 for it in made.tracks)


@pytest.mark.parametrize("points", [6.0, 9.0, 18.0])
def test_the_longest_word_fits_into_a_ring(qapp, points):
    font = QFont(qapp.font())
    font.setPointSizeF(points)
    ring = ring_shape(font)
    half = QFontMetricsF(ring.word).horizontalAdvance("discharging") / 2
    assert half**2 + ring.word_base**2 < ring.radius**2


def test_more_power_is_a_wider_link_and_ends_at_the_sink(qapp):
    made = layout(DAY, QRectF(0, 0, 430, 290), qapp.font())
    widths = {it.link.sink: it.width for it in made.tracks}
    assert widths[Part.GRID] > widths[Part.HOUSE]
    for track in made.tracks:
        away = track.points[-1] - made.centres[track.link.sink]
        gap = QPointF.dotProduct(away, away) ** 0.5 - made.ring.radius
        assert 0 < gap < 25


def test_dots_move_on_with_time(qapp):
    track = layout(DAY, QRectF(0, 0, 430, 290), qapp.font()).tracks[0]
    assert track.dots(0.0) != track.dots(5.0)
    for travelled in (0.0, 3.3, 1e6):
        assert all(0 <= grown <= 1 for _, grown in track.dots(travelled))


def test_the_dots_run_while_somebody_looks(seen, qtbot):
    before = picture(seen)
    qtbot.waitUntil(lambda: picture(seen) != before)
    seen.hide()
    assert not seen.moving
    seen.show()
    qtbot.waitUntil(lambda: seen.moving)


def test_a_window_that_nobody_can_see_comes_to_rest(seen, qtbot):
    seen.showMinimized()
    seen.windowHandle().setVisible(False)
    qtbot.waitUntil(lambda: not seen.moving)


def test_old_values_and_still_ones_do_not_move(seen, qtbot):
    seen.show_picture(replace(DAY, old=True))
    qtbot.waitUntil(lambda: not seen.moving)
    seen.show_picture(DAY)
    qtbot.waitUntil(lambda: seen.moving)
    seen.show_picture(flow_picture(reading(power=Powers(pv_w=0.0))))
    qtbot.waitUntil(lambda: not seen.moving)


def test_who_wants_no_motion_has_none(view, qtbot, monkeypatch):
    monkeypatch.setattr(module, "wants_motion", lambda _: False)
    view.show()
    qtbot.waitExposed(view)
    picture(view)
    assert not view.moving


def test_the_owner_can_have_it_still(seen, qtbot):
    seen.allow_motion(False)
    qtbot.waitUntil(lambda: not seen.moving)
    seen.allow_motion(True)
    qtbot.waitUntil(lambda: seen.moving)


def test_an_equal_picture_is_not_painted_again(view, monkeypatch):
    painted = []
    monkeypatch.setattr(view, "update", lambda: painted.append(1))
    view.show_picture(flow_picture(reading()))
    assert not painted
    view.show_picture(CAR)
    assert painted
    assert view.accessibleDescription() == CAR.in_words


def test_old_values_are_grey(view):
    view.show_picture(replace(DAY, old=True))
    image = picture(view)
    colours = {
        image.pixelColor(x, y).hsvSaturation()
        for x in range(0, image.width(), 3)
        for y in range(0, image.height(), 3)
    }
    assert max(colours) < 40


def test_it_follows_the_palette(view):
    light = picture(view)
    view.setPalette(QPalette(QColor("#1a1d22")))
    assert picture(view) != light


def test_a_ring_can_be_found_under_the_mouse(view):
    picture(view)
    top = view.node_at(QPointF(view.width() / 2, 50))
    assert top is not None
    assert top.part is Part.SOLAR
    assert view.node_at(QPointF(2, 2)) is None


def test_it_asks_for_as_much_room_as_its_font_needs(view):
    before = view.minimumSizeHint()
    font = view.font()
    font.setPointSizeF(font.pointSizeF() * 2)
    view.setFont(font)
    assert view.minimumSizeHint().width() > 1.7 * before.width()
    assert view.sizeHint().height() >= view.minimumSizeHint().height()


def test_where_nothing_flows_now_there_is_a_wire(qapp):
    room = QRectF(0, 0, 430, 290)
    empty = layout(empty_picture(), room, qapp.font())
    assert not empty.tracks
    assert len(empty.wires) == 3
    flowing = layout(DAY, room, qapp.font())
    assert len(flowing.wires) + len(flowing.tracks) == 5


def test_a_larger_room_makes_links_longer_before_rings_larger(qapp):
    small, wide, large = (
        layout(DAY, QRectF(0, 0, *size), qapp.font())
        for size in ((400, 240), (460, 280), (900, 700))
    )
    assert small.ring.radius == wide.ring.radius < large.ring.radius
    assert sum(it.length for it in wide.tracks) > sum(it.length for it in small.tracks)
