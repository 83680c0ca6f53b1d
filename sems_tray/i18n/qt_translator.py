"""Qt's own words (buttons, menus of text fields) in the language spoken."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from .language import ENGLISH, current_locale

_translator: QTranslator | None = None


def follow_speech() -> None:
    """Let Qt speak as the program does; called again when that changes."""
    global _translator  # noqa: PLW0603 (Qt keeps no reference)
    language = current_locale().language
    system = QLocale.system()
    same = system.name().partition("_")[0] == language
    QLocale.setDefault(system if same else QLocale(language))
    if _translator is not None:
        QCoreApplication.removeTranslator(_translator)
        _translator = None
    if language == ENGLISH:
        return
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    translator = QTranslator()
    # Qt brings pt_BR and no pt: its short words are the same.
    if any(translator.load(f"qtbase_{it}", folder) for it in (language, "pt_BR")):
        QCoreApplication.installTranslator(translator)
        _translator = translator
