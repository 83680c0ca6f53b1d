"""Write the program icon's PNG, ICO and ICNS from resources/sems-tray.svg.

    python tools/program_icon.py

Windows and macOS both take PNG files in a wrapper, so a few lines write either.
"""

from __future__ import annotations

import os
import struct
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

RESOURCES = Path(__file__).resolve().parent.parent / "resources"
ICO_SIZES = (16, 20, 24, 32, 40, 48, 64, 128, 256)
# The four-letter names by which macOS knows the sizes (PNG since 10.7).
ICNS_SIZES = {
    b"icp4": 16,
    b"icp5": 32,
    b"ic11": 32,
    b"ic12": 64,
    b"ic07": 128,
    b"ic08": 256,
    b"ic09": 512,
}


def png(svg: QSvgRenderer, size: int) -> bytes:
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    svg.render(painter)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stub wants bytes
    return bytes(buffer.data().data())


def ico(pictures: dict[int, bytes]) -> bytes:
    head = struct.pack("<HHH", 0, 1, len(pictures))
    at = len(head) + 16 * len(pictures)
    for size, data in pictures.items():
        side = size % 256  # 256 is written as 0
        head += struct.pack("<BBBBHHII", side, side, 0, 0, 1, 32, len(data), at)
        at += len(data)
    return head + b"".join(pictures.values())


def icns(pictures: dict[bytes, bytes]) -> bytes:
    body = b"".join(
        name + struct.pack(">I", 8 + len(data)) + data
        for name, data in pictures.items()
    )
    return b"icns" + struct.pack(">I", 8 + len(body)) + body


def main() -> None:
    app = QGuiApplication(sys.argv[:1])
    svg = QSvgRenderer(str(RESOURCES / "sems-tray.svg"))
    if not svg.isValid():
        sys.exit("cannot read the SVG")
    (RESOURCES / "sems-tray.png").write_bytes(png(svg, 256))
    windows = ico({size: png(svg, size) for size in ICO_SIZES})
    (RESOURCES / "sems-tray.ico").write_bytes(windows)
    mac = icns({name: png(svg, size) for name, size in ICNS_SIZES.items()})
    (RESOURCES / "sems-tray.icns").write_bytes(mac)
    del app


if __name__ == "__main__":
    main()
