"""PyInstaller: Qt's plug-ins for the network; nothing here asks it for its state."""

from pathlib import PurePath

from PyInstaller.utils.hooks.qt import add_qt6_dependencies

hiddenimports, binaries, datas = add_qt6_dependencies(__file__)
binaries = [it for it in binaries if "networkinformation" not in PurePath(it[0]).parts]
