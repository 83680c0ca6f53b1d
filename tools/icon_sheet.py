"""Draw every state of the tray icon on one sheet: for judging, and for the README.

python tools/icon_sheet.py OUT.png            every state, with magnified pixels
python tools/icon_sheet.py --brief OUT.png    a dozen states, for the README
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QImage, QPainter

from sems_tray.tray.icon_painter import SIZES, Panel, pixmap
from sems_tray.tray.view_model import Badge, Face, IconSpec, Mark


def battery(level: int | None = 76, **more: object) -> IconSpec:
    return IconSpec(face=Face.BATTERY, level=level, **more)  # type: ignore[arg-type]


def sun(level: int | None, **more: object) -> IconSpec:
    return IconSpec(face=Face.SUN, level=level, **more)  # type: ignore[arg-type]


def number(text: str, **more: object) -> IconSpec:
    return IconSpec(face=Face.NUMBER, text=text, **more)  # type: ignore[arg-type]


UP, DOWN = Mark.CHARGING, Mark.DISCHARGING
GROUPS: tuple[tuple[str, tuple[tuple[str, IconSpec], ...]], ...] = (
    (
        "Battery",
        (
            ("76 %, charging", battery(mark=UP)),
            ("52 %, discharging", battery(52, mark=DOWN)),
            ("76 %, idle", battery()),
            ("full", battery(100)),
            ("empty", battery(0)),
            ("level unknown", battery(None)),
            ("low", battery(12, low=True)),
            ("low, discharging", battery(12, low=True, mark=DOWN)),
            ("low, charging", battery(12, low=True, mark=UP)),
            ("old values", battery(faded=True)),
            ("old, discharging", battery(faded=True, mark=DOWN)),
        ),
    ),
    (
        "Sun",
        (
            ("PV 70 %, no network", sun(70, badge=Badge.OFFLINE)),
            ("no sun", sun(0)),
            ("PV 30 %", sun(30)),
            ("PV 70 %", sun(70)),
            ("PV 100 %", sun(100)),
            ("PV 70 %, charging", sun(70, mark=UP)),
            ("PV 70 %, old", sun(70, faded=True)),
            ("PV, night", sun(0, badge=Badge.NIGHT)),
            ("PV 70 %, fault", sun(70, badge=Badge.FAULT)),
        ),
    ),
    (
        "Number",
        (
            ("76 %", number("76")),
            ("100 %", number("100")),
            ("3.2 kW", number("3.2")),
            ("0.4 kW", number("0.4")),
            ("12 kW", number("12")),
            ("nothing", number("0")),
            ("58 %", number("58")),
            ("94 %", number("94")),
            ("76 %, charging", number("76", mark=UP)),
            ("9 %, low, discharging", number("9", low=True, mark=DOWN)),
            ("12 %, low", number("12", low=True)),
            ("3.2 kW, old", number("3.2", faded=True)),
            ("76 %, fault", number("76", badge=Badge.FAULT)),
            ("3.2 kW, waiting", number("3.2", badge=Badge.WAITING)),
            ("100 %, charging, night", number("100", mark=UP, badge=Badge.NIGHT)),
            ("76 %, no network", number("76", badge=Badge.OFFLINE)),
            (
                "8 %, low, old, silent",
                number("8", low=True, faded=True, badge=Badge.SILENT),
            ),
        ),
    ),
    (
        "Badges",
        (
            ("night", battery(58, badge=Badge.NIGHT)),
            ("night, discharging", battery(58, badge=Badge.NIGHT, mark=DOWN)),
            ("waiting", battery(58, badge=Badge.WAITING)),
            ("station silent", battery(58, badge=Badge.SILENT, faded=True)),
            ("no network", battery(58, badge=Badge.OFFLINE, faded=True)),
            ("no network, charging", battery(58, badge=Badge.OFFLINE, mark=UP)),
            ("GoodWe unreachable", battery(58, badge=Badge.UNREACHABLE)),
            ("GoodWe asks for a pause", battery(58, badge=Badge.THROTTLED)),
            ("sign-in needed", battery(58, badge=Badge.SIGN_IN)),
            ("inverter fault", battery(58, badge=Badge.FAULT)),
            ("fault, charging", battery(58, badge=Badge.FAULT, mark=UP)),
            ("grid lost", battery(58, badge=Badge.GRID_LOST)),
            (
                "grid lost, discharging, low",
                battery(12, badge=Badge.GRID_LOST, mark=DOWN, low=True),
            ),
            ("low, fault", battery(12, badge=Badge.FAULT, low=True)),
        ),
    ),
    (
        "No reading yet",
        (
            ("starting", IconSpec()),
            ("starting, waiting", IconSpec(badge=Badge.WAITING)),
            ("starting, sign-in needed", IconSpec(badge=Badge.SIGN_IN)),
            ("starting, no network", IconSpec(badge=Badge.OFFLINE)),
        ),
    ),
)
BRIEF = (
    ("charging", battery(mark=UP)),
    ("discharging", battery(52, mark=DOWN)),
    ("low", battery(12, low=True, mark=DOWN)),
    ("PV, share of peak", sun(70)),
    ("battery, per cent", number("76")),
    ("PV, kW", number("3.2")),
    ("night", battery(58, badge=Badge.NIGHT)),
    ("old values", battery(faded=True)),
    ("waiting", battery(58, badge=Badge.WAITING)),
    ("silent", battery(58, badge=Badge.SILENT, faded=True)),
    ("no network", battery(58, badge=Badge.OFFLINE, faded=True)),
    ("no answer", battery(58, badge=Badge.UNREACHABLE, faded=True)),
    ("asked for a pause", battery(58, badge=Badge.THROTTLED, faded=True)),
    ("sign-in needed", battery(58, badge=Badge.SIGN_IN)),
    ("inverter fault", battery(58, badge=Badge.FAULT)),
    ("grid lost", battery(58, badge=Badge.GRID_LOST, mark=DOWN)),
)
BACKS = {Panel.LIGHT: "#F3F3F3", Panel.DARK: "#23262A"}
ROW, LABEL, PAD = 156, 210, 24
ZOOMED = (16, 22)
ZOOM = 6


def main() -> None:
    app = QGuiApplication.instance() or QGuiApplication(sys.argv[:1])
    out = next((word for word in sys.argv[1:] if not word.startswith("-")), None)
    if out is None:
        sys.exit(__doc__)
    sheet = draw_brief() if "--brief" in sys.argv else draw()
    if not sheet.save(out):
        sys.exit(f"cannot write {out}")
    del app


def draw_brief() -> QImage:
    """Four across, each state at 22 and 48 px on both panels."""
    cell_w, cell_h, across = 216, 128, 4
    down = -(-len(BRIEF) // across)
    sheet = QImage(
        PAD + across * (cell_w + 12) + PAD - 12,
        PAD + down * cell_h + PAD - 12,
        QImage.Format.Format_RGB32,
    )
    sheet.fill(QColor("#E8ECF1"))
    painter = QPainter(sheet)
    for at, (name, spec) in enumerate(BRIEF):
        x = PAD + at % across * (cell_w + 12)
        y = PAD + at // across * cell_h
        for side, (panel, back) in enumerate(BACKS.items()):
            box = QRect(x + side * cell_w // 2, y, cell_w // 2, 80)
            painter.fillRect(box, QColor(back))
            painter.drawPixmap(box.x() + 12, y + 29, pixmap(spec, 22, panel))
            painter.drawPixmap(box.x() + 46, y + 16, pixmap(spec, 48, panel))
        _words(painter, QRect(x, y + 82, cell_w, 24), name, 13)
    painter.end()
    return sheet


def draw() -> QImage:
    rows = sum(len(states) for _, states in GROUPS)
    ones = sum(SIZES) + 14 * len(SIZES) + PAD
    zooms = sum(ZOOM * size + PAD for size in ZOOMED)
    half = ones + zooms + PAD
    width = LABEL + 2 * half + 3 * PAD
    height = 110 + rows * ROW + len(GROUPS) * 56 + PAD
    sheet = QImage(width, height, QImage.Format.Format_RGB32)
    sheet.fill(QColor("#E8ECF1"))
    painter = QPainter(sheet)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    _words(painter, QRect(PAD, 20, 800, 40), "SEMS Tray, the icon", 24, bold=True)
    caption = "every state at 16, 20, 22, 24, 32, 48 and 64 px, then 16 and 22 px x6"
    _words(painter, QRect(PAD, 56, 900, 24), caption, 13, colour="#59636E")
    y = 100
    for group, states in GROUPS:
        _words(painter, QRect(PAD, y, 400, 48), group, 17, bold=True)
        y += 48
        tall = len(states) * ROW
        lefts = (LABEL, LABEL + half + PAD)
        for left, back in zip(lefts, BACKS.values(), strict=True):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(back))
            painter.drawRoundedRect(QRectF(left, y, half, tall), 10, 10)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        for name, spec in states:
            _words(painter, QRect(PAD, y, LABEL - PAD - 8, ROW), name, 13)
            for left, panel in zip(lefts, BACKS, strict=True):
                _row(painter, left + PAD, y, spec, panel)
            y += ROW
        y += 8
    painter.end()
    return sheet


def _row(painter: QPainter, x: int, y: int, spec: IconSpec, panel: Panel) -> None:
    for size in SIZES:
        painter.drawPixmap(x, y + (ROW - size) // 2, pixmap(spec, size, panel))
        x += size + 14
    x += PAD - 14
    for size in ZOOMED:
        side = size * ZOOM
        big = pixmap(spec, size, panel).scaled(side, side)
        painter.drawPixmap(x, y + (ROW - side) // 2, big)
        x += side + PAD


def _words(
    painter: QPainter,
    box: QRect,
    text: str,
    size: int,
    *,
    bold: bool = False,
    colour: str = "#1B1F24",
) -> None:
    font = QFont("Inter")
    font.setPixelSize(size)
    font.setBold(bold)
    painter.setFont(font)
    painter.setPen(QColor(colour))
    flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
    painter.drawText(box, flags, text)


if __name__ == "__main__":
    main()
