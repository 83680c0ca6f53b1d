"""A language in which every translated text stands in brackets."""

import pytest

from sems_tray.i18n.language import Forms, Speech, speak, speech

LEFT, RIGHT = "⟦", "⟧"


class Brackets:
    """A catalogue that shows what was asked of it."""

    def gettext(self, message, /):
        return f"{LEFT}{message}{RIGHT}"

    def ngettext(self, one, many, count, /):
        return self.gettext(one if count == 1 else many)

    def pgettext(self, _context, message, /):
        return self.gettext(message)


@pytest.fixture
def pseudo():
    before = speech()
    speak(Speech("xx", Brackets(), Forms(decimal=",", group=".", fahrenheit=True)))
    yield
    speak(before)
