"""Small PNG files: no more colours than an index of one byte holds."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage, QImageWriter, qRgb

_COLOURS = 256


def small_png(image: QImage) -> bytes:
    """Return a picture as PNG, its rarest shades put with their neighbours."""
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    pixels = memoryview(image.constBits()).cast("I")
    counts: dict[int, int] = {}
    for pixel in pixels:
        counts[pixel] = counts.get(pixel, 0) + 1
    by_use = sorted(counts, key=lambda it: -counts[it])
    table = by_use[:_COLOURS]
    nearest = {colour: number for number, colour in enumerate(table)}
    for colour in by_use[_COLOURS:]:
        nearest[colour] = min(
            range(len(table)), key=lambda it: _apart(table[it], colour)
        )
    indexed = QImage(image.size(), QImage.Format.Format_Indexed8)
    indexed.setColorTable([qRgb(*_parts(it)) for it in table])
    wide, step = image.width(), indexed.bytesPerLine()
    rows = memoryview(indexed.bits()).cast("B")
    for row in range(image.height()):
        line = bytes(nearest[it] for it in pixels[row * wide : (row + 1) * wide])
        rows[row * step : row * step + wide] = line
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(b"png"))
    writer.setCompression(100)
    writer.write(indexed)
    buffer.close()
    return bytes(data.data())


def _parts(colour: int) -> tuple[int, int, int]:
    return colour >> 16 & 255, colour >> 8 & 255, colour & 255


def _apart(one: int, other: int) -> int:
    pairs = zip(_parts(one), _parts(other), strict=True)
    return sum((a - b) ** 2 for a, b in pairs)
