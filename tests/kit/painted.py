"""What is painted: every text with its place, whoever paints it.

It is painted into an SVG document, in which texts stay texts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from PySide6.QtCore import QBuffer, QRectF
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QTransform
from PySide6.QtSvg import QSvgGenerator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtWidgets import QWidget

_MATRIX = re.compile(r"matrix\(([^)]*)\)")
_SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True, slots=True)
class Painted:
    """A text, and the box of its letters in the window."""

    text: str
    box: QRectF


def painted(widget: QWidget) -> list[Painted]:
    """Return the texts that a widget and what is in it paint, in their order."""
    return _read(widget, widget.render)


def painted_by(widget: QWidget, paint: Callable[[QPainter], None]) -> list[Painted]:
    """Return the texts of what is painted as if on a widget."""

    def begin(generator: QSvgGenerator) -> None:
        painter = QPainter(generator)
        paint(painter)
        painter.end()

    return _read(widget, begin)


def _read(widget: QWidget, paint: Callable[[QSvgGenerator], None]) -> list[Painted]:
    buffer = QBuffer()
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(widget.size())
    generator.setViewBox(widget.rect())
    generator.setResolution(widget.logicalDpiX())
    paint(generator)
    root = ET.fromstring(bytes(buffer.data().data()))  # noqa: S314 (our own)
    return list(_texts(root, QTransform()))


def _texts(node: ET.Element, above: QTransform) -> Iterator[Painted]:
    here = _transform(node) * above
    if node.tag == f"{_SVG}text":
        text = "".join(node.itertext()).strip()
        if text:
            yield Painted(text, here.mapRect(_box(node, text)))
    for below in node:
        yield from _texts(below, here)


def _transform(node: ET.Element) -> QTransform:
    found = _MATRIX.search(node.get("transform", ""))
    if found is None:
        return QTransform()
    a, b, c, d, x, y = (float(it) for it in found[1].split(","))
    return QTransform(a, b, c, d, x, y)


def _box(node: ET.Element, text: str) -> QRectF:
    font = QFont(node.get("font-family", ""))
    font.setPixelSize(round(float(node.get("font-size", "12"))))
    font.setWeight(QFont.Weight(int(node.get("font-weight", "400"))))
    metrics = QFontMetricsF(font)
    x, y = float(node.get("x", "0")), float(node.get("y", "0"))
    high = metrics.capHeight()  # lines may stand close: tails are no overlap
    return QRectF(x, y - high, metrics.horizontalAdvance(text), high)
