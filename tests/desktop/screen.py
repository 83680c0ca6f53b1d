"""Look at the X screen through the file in which Xvfb keeps its picture.

``Xvfb -fbdir`` maps the frame buffer to a file in XWD format, so no program and no
package is needed to take a screenshot, and one takes a few milliseconds.
"""

from __future__ import annotations

import struct
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtGui import QImage

if TYPE_CHECKING:
    from pathlib import Path

PIXEL = 4  # bytes: blue, green, red, unused (depth 24 on a little-endian machine)


class Box(NamedTuple):
    """A rectangle on the screen."""

    x: int
    y: int
    width: int
    height: int

    @property
    def centre(self) -> tuple[int, int]:
        return self.x + self.width // 2, self.y + self.height // 2


class Picture(NamedTuple):
    """A part of the screen at one moment, three bytes (RGB) a pixel."""

    width: int
    height: int
    rgb: bytes

    def pixel(self, x: int, y: int) -> tuple[int, int, int]:
        at = 3 * (y * self.width + x)
        return self.rgb[at], self.rgb[at + 1], self.rgb[at + 2]

    def colours(self) -> Counter[tuple[int, int, int]]:
        """Count how often each colour occurs."""
        bytes_ = iter(self.rgb)
        return Counter(zip(bytes_, bytes_, bytes_, strict=True))

    def outline(self) -> Box | None:
        """Return what is not black: the windows on the bare desktop."""
        found = []
        for y in range(self.height):
            row = self.rgb[3 * y * self.width : 3 * (y + 1) * self.width]
            if row.strip(b"\0"):
                left = (len(row) - len(row.lstrip(b"\0"))) // 3
                found.append((y, left, (len(row.rstrip(b"\0")) + 2) // 3))
        if not found:
            return None
        top, left = found[0][0], min(it[1] for it in found)
        right, bottom = max(it[2] for it in found), found[-1][0] + 1
        return Box(left, top, right - left, bottom - top)

    def crop(self, box: Box) -> Picture:
        rows = (
            self.rgb[3 * (y * self.width + box.x) :][: 3 * box.width]
            for y in range(box.y, box.y + box.height)
        )
        return Picture(box.width, box.height, b"".join(rows))

    def save(self, path: Path) -> None:
        """Write a PNG."""
        row, kind = 3 * self.width, QImage.Format.Format_RGB888
        QImage(self.rgb, self.width, self.height, row, kind).save(str(path))


def look(framebuffer: Path) -> Picture:
    """Return what the whole screen shows now."""
    data = framebuffer.read_bytes()
    header = struct.unpack(">25I", data[:100])
    header_size, width, height, stride, ncolours = (
        header[0],
        header[4],
        header[5],
        header[12],
        header[19],
    )
    start = header_size + 12 * ncolours  # a colour map follows the header
    rgb = bytearray(3 * width * height)
    pixels = b"".join(
        data[start + y * stride : start + y * stride + PIXEL * width]
        for y in range(height)
    )
    rgb[0::3], rgb[1::3], rgb[2::3] = pixels[2::4], pixels[1::4], pixels[0::4]
    return Picture(width, height, bytes(rgb))


def patches(picture: Picture, *, gap: int = 3) -> list[Box]:
    """Return what stands out from the commonest colour, left to right.

    Columns that are empty for ``gap`` pixels part one patch from the next.
    """
    (ground, _), *_ = picture.colours().most_common(1)
    columns = {
        x: rows
        for x in range(picture.width)
        if (rows := [y for y in range(picture.height) if picture.pixel(x, y) != ground])
    }
    groups: list[list[int]] = []
    for x in columns:
        if groups and x - groups[-1][-1] <= gap:
            groups[-1].append(x)
        else:
            groups.append([x])
    found = []
    for xs in groups:
        ys = [y for x in xs for y in columns[x]]
        found.append(Box(xs[0], min(ys), xs[-1] - xs[0] + 1, max(ys) - min(ys) + 1))
    return found
