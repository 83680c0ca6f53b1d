"""A small tray program that shows that the harness itself works."""

import signal
import sys

from PySide6.QtCore import QTimer
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QSystemTrayIcon


def plain(colour: str) -> QIcon:
    icon = QIcon()
    for size in (16, 22, 24, 32):
        pixmap = QPixmap(size, size)
        pixmap.fill(QColor(colour))
        icon.addPixmap(pixmap)
    return icon


app = QApplication(sys.argv)
app.setApplicationName("blinker")
app.setQuitOnLastWindowClosed(False)
window = QLabel("Hello")
window.setWindowTitle("Blinker's window")
tray = QSystemTrayIcon(plain("#ff0000"))
tray.setToolTip("First line & more <b>\nSecond line")
menu = QMenu()
shown = menu.addAction("Never shown")
menu.aboutToShow.connect(lambda: shown.setText("Shown && ready"))
menu.addAction("Turn green", lambda: tray.setIcon(plain("#00ff00")))
menu.addSeparator()
check = menu.addAction("Check_me")
check.setCheckable(True)
check.setChecked(True)
menu.addAction("Grey").setEnabled(False)
menu.addAction("Hidden").setVisible(False)
more = menu.addMenu("More")
more.addAction("Say hello", lambda: print("hello from the menu"))
menu.addAction("Quit", app.quit)
tray.setContextMenu(menu)
tray.activated.connect(lambda reason: print("activated", reason.name))
tray.activated.connect(lambda _: window.show())
tray.show()
print("tray available:", QSystemTrayIcon.isSystemTrayAvailable())
signal.signal(signal.SIGTERM, lambda *_: app.quit())
awake = QTimer()  # lets Python see the signal
awake.timeout.connect(lambda: None)
awake.start(50)
sys.exit(app.exec())
