"""The catalogues: complete, well formed, and compiled from what is written."""

import ast
import io

import pytest
from babel.messages.mofile import read_mo

from sems_tray.i18n.locale import LANGUAGES
from sems_tray.resources import resource
from tools import translations as tool

FOREIGN = [it for it in LANGUAGES if it != "en"]


@pytest.fixture(scope="module")
def template():
    return tool.extract()


def test_there_is_a_catalogue_for_each_language_that_can_be_chosen():
    assert sorted(tool.LANGUAGES) == sorted(FOREIGN)
    assert {it.stem for it in tool.FOLDER.glob("*.po")} == set(FOREIGN)
    assert {it.stem for it in tool.FOLDER.glob("*.mo")} == set(FOREIGN)


def _asked_for():
    """Return what is asked for in the source, as Python sees it: context and text."""
    for source in tool.SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            texts = [it.value for it in node.args if isinstance(it, ast.Constant)]
            match node.func.id, texts:
                case (("tr" | "mark"), [str(text)]):
                    yield source.name, None, text
                case "trn", [str(one), str(), *_]:
                    yield source.name, None, one
                case (("trc" | "markc"), [str(context), str(text)]):
                    yield source.name, context, text


def test_every_text_of_the_source_is_extracted(template):
    """Babel overlooks calls inside f-strings before Python 3.12."""
    missing = {
        (name, text)
        for name, context, text in _asked_for()
        if text and template.get(text, context) is None
    }
    assert not missing


@pytest.mark.parametrize("language", FOREIGN)
def test_no_text_is_missing_or_malformed(language, template):
    assert tool.faults(tool.merged(language, template)) == []


@pytest.mark.parametrize("language", FOREIGN)
def test_the_catalogue_has_the_texts_of_the_source_and_no_others(language, template):
    written = tool.po_path(language).read_bytes()
    assert written == tool.po_bytes(tool.merged(language, template)), (
        "make translations"
    )


@pytest.mark.parametrize("language", FOREIGN)
def test_what_is_installed_is_what_was_written(language):
    path = resource(f"translations/{language}.mo")
    assert path is not None
    assert path.read_bytes() == tool.mo_bytes(tool.read(language)), "make translations"


@pytest.mark.parametrize("language", FOREIGN)
def test_few_texts_are_the_same_as_in_english(language, template):
    """A catalogue that repeats the English would be complete and useless."""
    words = [
        it
        for it in tool.merged(language, template)
        if isinstance(it.id, str) and sum(c.isalpha() for c in it.id) > 15
    ]
    same = [it.id for it in words if it.string == it.id]
    assert len(same) <= len(words) // 50, same


def test_a_fault_of_each_kind_is_found():
    one = ("{count} day is left.",)
    assert tool.fault_of(one, "{count} Tag bleibt.") == ""
    for wrong in (
        "",
        "Ein Tag bleibt.",
        "{cont} Tag bleibt.",
        "{count Tag bleibt.",
        "{0} Tag bleibt.",
        " {count} Tag bleibt.",
        "{count} Tag bleibt",
        "{count} Tag bleibt!",
        "{count} Tag\nbleibt.",
    ):
        assert tool.fault_of(one, wrong), wrong
    many = ("{count} day", "{count} days")
    assert tool.fault_of(many, "{count} Tage") == ""


def test_a_catalogue_can_be_read_by_others():
    data = tool.mo_bytes(tool.read("pl"))
    assert read_mo(io.BytesIO(data)).num_plurals == 3
