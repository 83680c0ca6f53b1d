"""What the frozen program does before it starts."""

from __future__ import annotations

from tools.frozen import give_back, read_utf8

PYINSTALLERS = {
    "LD_LIBRARY_PATH": "/opt/sems-tray/_internal",
    "QT_PLUGIN_PATH": "/opt/sems-tray/_internal/PySide6/Qt/plugins",
    "QML2_IMPORT_PATH": "/opt/sems-tray/_internal/PySide6/Qt/qml",
    "_PYI_ARCHIVE_FILE": "/opt/sems-tray/sems-tray",
    "_PYI_PARENT_PROCESS_LEVEL": "1",
}


def test_programs_that_are_started_hear_nothing_of_the_bundle():
    environment = {"PATH": "/usr/bin", **PYINSTALLERS}
    give_back(environment)
    assert environment == {"PATH": "/usr/bin"}


def test_the_owners_own_libraries_are_where_they_were():
    environment = {**PYINSTALLERS, "LD_LIBRARY_PATH_ORIG": "/home/owner/lib"}
    give_back(environment)
    assert environment == {"LD_LIBRARY_PATH": "/home/owner/lib"}


def test_without_a_locale_letters_are_utf8():
    for plain in ({}, {"LANG": "C"}, {"LANG": "", "LC_CTYPE": "POSIX"}):
        environment = dict(plain)
        read_utf8(environment)
        assert environment == plain | {"LC_CTYPE": "C.UTF-8"}


def test_a_locale_that_was_chosen_stays():
    chosen = {"LANG": "de_DE.UTF-8"}
    read_utf8(chosen)
    assert chosen == {"LANG": "de_DE.UTF-8"}
