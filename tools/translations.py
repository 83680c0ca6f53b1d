"""Bring the catalogues up to date: texts from the source, .po merged, .mo written.

``make translations`` runs it; ``--check`` changes nothing and says what is missing.
Translators edit resources/translations/LANGUAGE.po and run it again.
"""

from __future__ import annotations

import argparse
import io
import re
import string
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "sems_tray"
FOLDER = ROOT / "resources" / "translations"
LANGUAGES = ("de", "nl", "pt", "es", "pl", "it", "fr", "cs")
KEYWORDS = {
    "tr": None,
    "trn": (1, 2),
    "trc": ((1, "c"), 2),
    "mark": None,
    "markc": ((1, "c"), 2),
}


class Texts(Catalog):
    """A catalogue whose head has neither dates nor names: it changes with its texts."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        heads = {"Content-Type": "text/plain; charset=utf-8"}
        if self.locale is not None:
            heads["Language"] = str(self.locale)
            heads["Plural-Forms"] = self.plural_forms
        return list(heads.items())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    template = extract()
    found = 0
    for language in LANGUAGES:
        catalogue = merged(language, template)
        for fault in faults(catalogue):
            found += 1
            print(f"{language}: {fault}")
        if not check:
            write(language, catalogue)
    print(f"{len(template)} texts, {len(LANGUAGES)} languages, {found} faults")
    return 1 if found else 0


def extract() -> Catalog:
    """Return all texts of the source."""
    template = Catalog(charset="utf-8")
    rows = extract_from_dir(
        SOURCE,
        method_map=[("**.py", "python")],
        keywords=KEYWORDS,
        comment_tags=("Translators:",),
        strip_comment_tags=True,
    )
    for name, _, message, comments, context in sorted(rows, key=lambda it: it[:2]):
        template.add(
            message,
            locations=[(f"sems_tray/{name}", 0)],
            auto_comments=comments,
            context=context,
        )
    return template


def po_path(language: str) -> Path:
    return FOLDER / f"{language}.po"


def read(language: str) -> Texts:
    path = po_path(language)
    if not path.exists():
        return Texts(locale=language, charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return texts_of(read_po(file, locale=language, abort_invalid=True))


def texts_of(found: Catalog) -> Texts:
    catalogue = Texts(locale=found.locale, charset="utf-8", fuzzy=False)
    catalogue.header_comment = ""
    for message in found:
        if message.id:
            catalogue[message.id] = message
    return catalogue


def merged(language: str, template: Catalog) -> Texts:
    """Return a language's catalogue with the texts of the source, and no others."""
    catalogue = read(language)
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    for message in catalogue:
        # The same file is named once, however often it says the text.
        message.locations = sorted(set(message.locations))
        message.flags.discard("python-format")  # "76 %" is none
    return catalogue


def faults(catalogue: Catalog) -> list[str]:
    """Return what is missing or malformed, a line each."""
    found = []
    for message in catalogue:
        if not message.id:
            continue
        ids, texts = _all(message.id), _all(message.string)
        if len(ids) > 1 and len(texts) != catalogue.num_plurals:
            found.append(f"{ids[0]!r}: {catalogue.num_plurals} forms are needed")
            continue
        for text in texts:
            fault = fault_of(ids, text)
            if message.fuzzy:
                fault = "it is marked as fuzzy"
            if fault:
                found.append(f"{ids[-1]!r} -> {text!r}: {fault}")
    return found


def _all(text: object) -> tuple[str, ...]:
    """Return the forms of a message: one, or one for each count."""
    forms = text if isinstance(text, list | tuple) else (text,)
    return tuple(str(it or "") for it in forms)


def fault_of(ids: tuple[str, ...], text: str) -> str:
    """Return what is wrong with one translation; "" if nothing is."""
    model = ids[-1]
    if not text:
        return "not translated"
    try:
        named, wanted = fields(text), fields(model)
    except ValueError as exc:
        return f"malformed: {exc}"
    # "1 day" may leave its number out in a language that says "one day".
    if named != wanted and not (len(ids) > 1 and named == fields(ids[0])):
        return f"has {named}, not {wanted}"
    return fault_of_marks(model, text)


def fault_of_marks(model: str, text: str) -> str:
    for mark in ("\n", "…", "&", "·"):
        if model.count(mark) != text.count(mark):
            return f"{mark!r} is not there as often as in the text"
    if model.strip() == model and text.strip() != text:
        return "begins or ends with a space"
    end, here = model[-1], text[-1]
    if end != here and (end in ".:?!" or here in ".:?!"):
        # "d." and "ore." are abbreviations, "24." a number in some languages.
        return f"ends with {here!r}, not with {end!r}"
    return ""


def fields(text: str) -> dict[str, int]:
    """Return the placeholders of a text, and how often each is there."""
    parsed = string.Formatter().parse(text)
    names = [name for _, name, _, _ in parsed if name is not None]
    if any(not re.fullmatch(r"[a-z_]+", name) for name in names):
        raise ValueError(f"a placeholder is no plain name: {names}")
    return {name: names.count(name) for name in sorted(set(names))}


def po_bytes(catalogue: Catalog) -> bytes:
    file = io.BytesIO()
    write_po(file, catalogue, width=88, include_lineno=False, ignore_obsolete=True)
    return file.getvalue()


def mo_bytes(catalogue: Catalog) -> bytes:
    file = io.BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def write(language: str, catalogue: Catalog) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    data = po_bytes(catalogue)
    po_path(language).write_bytes(data)
    # From the written file: what is compiled is what is kept.
    po_path(language).with_suffix(".mo").write_bytes(mo_bytes(read(language)))


if __name__ == "__main__":
    sys.exit(main())
