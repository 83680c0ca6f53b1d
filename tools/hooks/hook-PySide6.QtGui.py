"""PyInstaller: Qt's plug-ins for windows, those that a desktop can need.

Left out are screens and input devices without a desktop, and pictures that nobody
shows.  GTK's theme would bring the GTK of this computer along, which then loads the
modules of another computer's, made for another version.
"""

from pathlib import PurePath

from PyInstaller.utils.hooks.qt import add_qt6_dependencies

UNUSED = {
    *("eglfs", "linuxfb", "minimal", "minimalegl", "vkkhrdisplay", "vnc"),
    "gtk3",
    *("icns", "jpeg", "tga", "tiff", "wbmp", "webp"),
}
UNUSED_FOLDERS = {"egldeviceintegrations", "generic"}


def is_used(source: str) -> bool:
    path = PurePath(source)
    if "plugins" not in path.parts:
        return True
    name = path.stem.removeprefix("lib").removeprefix("q")
    return name not in UNUSED and path.parent.name not in UNUSED_FOLDERS


hiddenimports, binaries, datas = add_qt6_dependencies(__file__)
binaries = [it for it in binaries if is_used(it[0])]
