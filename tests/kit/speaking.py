"""A language in which every translated text stands in brackets."""

from gettext import NullTranslations

import pytest

from sems_tray.i18n.language import Locale, NumberFormat, current_locale, set_locale

LEFT, RIGHT = "⟦", "⟧"


class Brackets(NullTranslations):
    """A catalogue that shows what was asked of it."""

    def gettext(self, message, /):
        return f"{LEFT}{message}{RIGHT}"

    def ngettext(self, one, many, count, /):
        return self.gettext(one if count == 1 else many)

    def pgettext(self, _context, message, /):
        return self.gettext(message)


@pytest.fixture
def pseudo():
    before = current_locale()
    set_locale(
        Locale("xx", Brackets(), NumberFormat(decimal=",", group=".", fahrenheit=True))
    )
    yield
    set_locale(before)
