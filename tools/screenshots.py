"""Take the pictures of the README: the tray on a real panel, the window, the icons.

Runs the program with ``--demo`` on a virtual desktop (Xvfb, xfce4-panel) and writes
docs/pictures/*.png.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# A demo goes by the computer's clock: the pictures are of an early afternoon somewhere.
os.environ["TZ"] = f"Etc/GMT{datetime.now(UTC).hour - 13:+d}"
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QGuiApplication,
    QImage,
    QPainter,
)

from tests.desktop.host import Desktop
from tests.desktop.program import this_python
from tests.desktop.waiting import wait_until

PICTURES = ROOT / "docs" / "pictures"
SCENARIOS = ("day", "night", "fault", "silent")
_PAPER, _INK = QColor("#1d1f24"), QColor("#e8e8e6")
_SCALE = 2


def main() -> int:
    """Take all pictures."""
    app = QGuiApplication(sys.argv)
    PICTURES.mkdir(parents=True, exist_ok=True)
    status = _answer("status", "--demo")
    _terminal("$ sems-tray status", status).save(str(PICTURES / "status.png"))
    with Desktop() as desktop:
        strips = [_tray(desktop, name) for name in SCENARIOS]
    _stack(strips).save(str(PICTURES / "tray.png"))
    sheet = ROOT / "tools" / "icon_sheet.py"
    subprocess.run(
        [sys.executable, str(sheet), "--brief", str(PICTURES / "icons.png")], check=True
    )
    del app
    window = ROOT / "tools" / "screenshots_window.py"
    subprocess.run([sys.executable, str(window)], check=True)
    return 0


def _answer(*args: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "sems_tray", *args],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return done.stdout


def _terminal(prompt: str, text: str) -> QImage:
    """Paint a command and its output as a terminal shows them."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setStyleHint(QFont.StyleHint.Monospace)
    font.setPixelSize(14 * _SCALE)
    lines = [prompt, *text.splitlines()]
    probe = QImage(1, 1, QImage.Format.Format_ARGB32)
    painter = QPainter(probe)
    painter.setFont(font)
    metrics = painter.fontMetrics()
    step, margin = round(metrics.height() * 1.15), 20 * _SCALE
    width = max(metrics.horizontalAdvance(line) for line in lines) + 2 * margin
    painter.end()
    image = QImage(width, step * len(lines) + 2 * margin, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(_PAPER)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawRoundedRect(QRectF(image.rect()), 10 * _SCALE, 10 * _SCALE)
    painter.setFont(font)
    painter.setPen(_INK)
    for number, line in enumerate(lines):
        painter.drawText(margin, margin + step * number + metrics.ascent(), line)
    painter.end()
    return image


def _tray(desktop: Desktop, scenario: str) -> QImage:
    """Return the panel's corner with the icon and its tooltip."""
    app = desktop.run_app(this_python("-m", "sems_tray", "--demo", scenario))
    item = desktop.item(app)
    wait_until(lambda: "Measured" in item.tooltip)
    wait_until(lambda: bool(desktop.icons_on_panel()))
    time.sleep(1)
    x, y = desktop.icon_on_panel().centre
    desktop.hover(x + 14, y + 13)  # beside the picture, still on its button
    time.sleep(1.5)
    path = PICTURES / "screen.png"
    desktop.screenshot(path)
    image = QImage(str(path))
    path.unlink()
    desktop.hover(640, 300)
    desktop.stop_apps()
    wait_until(lambda: not desktop.items() and not desktop.icons_on_panel())
    corner = QRect(0, 0, 320, 150)
    corner.moveBottomRight(QPoint(image.width() - 1, image.height() - 1))
    return image.copy(corner)


def _stack(strips: list[QImage]) -> QImage:
    """Put pictures into a grid of two columns, twice as large."""
    gap, columns = 8, 2
    width, height = strips[0].width(), strips[0].height()
    rows = -(-len(strips) // columns)
    image = QImage(
        columns * (width + gap) - gap,
        rows * (height + gap) - gap,
        QImage.Format.Format_ARGB32,
    )
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    for number, strip in enumerate(strips):
        row, column = divmod(number, columns)
        painter.drawImage(column * (width + gap), row * (height + gap), strip)
    painter.end()
    return image.scaled(image.size() * _SCALE)


if __name__ == "__main__":
    sys.exit(main())
