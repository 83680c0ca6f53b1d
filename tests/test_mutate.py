"""The changes that ``make mutants`` tries: each is one place, and still Python."""

import ast

import pytest

from tools.mutate import Mutant, mutants


def changes(source: str) -> list[str]:
    """Return what becomes of a source, mutant by mutant."""
    found = mutants("a.py", source.encode())
    return [it.apply(source.encode()).decode() for it in found]


@pytest.mark.parametrize(
    ("source", "mutated"),
    [
        ("x = a < b", ["x = a <= b"]),
        ("x = (a is\n not b)", ["x = (a is b)"]),
        ("x = a not in b", ["x = a in b"]),
        ("x = (a) or (b)", ["x = (a) and (b)"]),
        ("x = not (a)", ["x =  (a)"]),
        ("x = -a", ["x = a"]),
        ("x = a - b", ["x = a + b"]),
        ("x = 7", ["x = 6", "x = 8"]),
        ("x = 0.5", ["x = 0.55"]),
        ("x = True", ["x = False"]),
        ("if a: b()", ["if (not (a)): b()"]),
        ("x = 'é' if a else b", ["x = 'é' if (not (a)) else b"]),
        ("x = [a for a in b if a]", ["x = [a for a in b if (not (a))]"]),
        ("x = a < b < c", ["x = a <= b < c", "x = a < b <= c"]),
        ("x = (a  # one or two\n or b)", ["x = (a  # one or two\n and b)"]),
        ("match a:\n case 1 if b:\n  c()", ["match a:\n case 1 if (not (b)):\n  c()"]),
    ],
)
def test_one_thing_is_turned_round(source, mutated):
    assert changes(source) == mutated
    for changed in mutated:
        ast.parse(changed)


@pytest.mark.parametrize(
    "source",
    [
        "assert a < b",
        "raise Wrong(1)",
        "log.info('%d', 1)",
        "if TYPE_CHECKING:\n    x = 1",
        "x: Literal[1] | None",
        "@cached(1)\ndef f(a: A[1]) -> B[2]: ...",
        "x = zip(a, b, strict=True)",
        "x = f'{a + 1}'",
        "x = a + 'text'",
    ],
)
def test_what_decides_nothing_is_left_alone(source):
    assert changes(source) == []


SOURCE = """\
LIMIT = 5

def over(a, by=1):
    if (
        a > LIMIT
    ):
        return a + by
    return None
"""


def found(old: str) -> Mutant:
    """Return the first mutant of SOURCE that replaces this."""
    return next(it for it in mutants("a.py", SOURCE.encode()) if it.old == old)


def test_it_knows_its_statement():
    mutant = found(">")
    assert mutant.statement == "if ( a > LIMIT ):"
    assert mutant.mutated == "if ( a >= LIMIT ):"
    assert (mutant.line, mutant.lines, mutant.inside) == (5, (4, 6), "over")


def test_what_an_import_runs_is_known_by_its_name():
    assert (found("5").inside, *found("5").names) == (None, "LIMIT")
    assert (found("1").inside, *found("1").names) == (None, "over")


def test_a_statement_keeps_its_place_in_the_draw_wherever_it_goes():
    moved = "\n\nclass Rules:\n    LIMIT = 5\n"
    other = next(iter(mutants("b.py", moved.encode())))
    same = next(it for it in mutants("a.py", SOURCE.encode()) if it.new == other.new)
    assert other.place_in_draw(1) == same.place_in_draw(1)
    assert other.place_in_draw(1) != other.place_in_draw(2)
