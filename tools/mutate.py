"""Small changes of Python code that a good test notices: mutants, by ``ast`` positions.

A mutant has one thing turned round: a condition, a comparison, ``and``, a sign, a
``True``; or a number that is one more, one less, or a tenth more if it has a fraction.
What only types, logs or guards against the impossible is left alone: annotations,
decorators, assertions, messages of errors, ``TYPE_CHECKING``.
"""

from __future__ import annotations

import ast
import hashlib
import re
from dataclasses import dataclass
from itertools import pairwise

COMPARISONS = {
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.Is: ("is", "is not"),
    ast.IsNot: ("is not", "is"),
    ast.In: ("in", "not in"),
    ast.NotIn: ("not in", "in"),
}
ARITHMETIC = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "/"),
    ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "*"),
    ast.Mod: ("%", "*"),
}
BOOLEAN = {ast.And: ("and", "or"), ast.Or: ("or", "and")}
LEFT_ALONE = (ast.Assert, ast.Raise, ast.JoinedStr, ast.Import, ast.ImportFrom)
LOGGERS = {"log", "_log", "logger", "_logger", "warnings"}
NO_RULES = {"strict", "slots", "frozen", "kw_only", "maxsize", "exist_ok", "indent"}
COMMENT = re.compile(rb"#[^\n]*")


@dataclass(frozen=True)
class Mutant:
    """One change of one file: the bytes from ``start`` to ``end`` become ``new``."""

    file: str  # from the root of the tree, with "/"
    line: int  # where the change begins
    lines: tuple[int, int]  # the statement's first and last line
    kind: str
    start: int
    end: int
    old: str
    new: str
    statement: str  # its text, in one line; that of a compound one ends with the colon
    mutated: str  # likewise, after the change
    inside: str | None  # the function that runs it; None if an import does
    names: frozenset[str]  # what it defines, if an import runs it

    def place_in_draw(self, seed: int) -> bytes:
        """Return what a draw sorts by: the text, so that what stays keeps its place."""
        text = f"{seed}\n{self.statement}\n{self.mutated}"
        return hashlib.sha256(text.encode()).digest()

    def apply(self, source: bytes) -> bytes:
        """Return the file with the change in it."""
        return source[: self.start] + self.new.encode() + source[self.end :]


@dataclass(frozen=True)
class Change:
    """Bytes to be replaced, before it is known to which statement they belong."""

    kind: str
    start: int
    end: int
    new: str


class Finder(ast.NodeVisitor):
    """Walks one module, and collects its mutants."""

    def __init__(self, file: str, source: bytes) -> None:
        self.found: list[Mutant] = []
        self._file, self._source = file, source
        self._starts = [0]  # of each line, in bytes
        for line in source.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))
        self._functions: list[str] = []
        self._lines = (1, 1)
        self._names: frozenset[str] = frozenset()

    def visit(self, node: ast.AST) -> None:
        """Go into a node, unless it is one of those that are left alone."""
        if isinstance(node, LEFT_ALONE) or _is_log(node) or _is_typing(node):
            return
        if isinstance(node, ast.stmt | ast.match_case):
            before = self._lines, self._names
            self._lines, self._names = _header(node), _defined(node)
            super().visit(node)
            self._lines, self._names = before
        else:
            super().visit(node)

    def _function(self, node: ast.FunctionDef) -> None:
        self.visit(node.args)
        self._functions.append(node.name)
        for statement in node.body:
            self.visit(statement)
        self._functions.pop()

    visit_FunctionDef = _function  # noqa: N815 - ast calls it so

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """Leave bases and decorators alone."""
        for statement in node.body:
            self.visit(statement)

    def visit_arguments(self, node: ast.arguments) -> None:
        """Take the default values alone."""
        for default in (*node.defaults, *node.kw_defaults):
            if default is not None:
                self.visit(default)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        """Take the value alone."""
        if node.value is not None:
            self.visit(node.value)

    def visit_keyword(self, node: ast.keyword) -> None:
        """Leave out what decides nothing."""
        if node.arg not in NO_RULES:
            self.visit(node.value)

    def _condition(self, node: ast.If | ast.While | ast.IfExp) -> None:
        self._negate(node.test)
        self.generic_visit(node)

    visit_If = visit_While = visit_IfExp = _condition  # noqa: N815

    def visit_comprehension(self, node: ast.comprehension) -> None:
        """Turn round what is left out."""
        for test in node.ifs:
            self._negate(test)
        self.generic_visit(node)

    def visit_match_case(self, node: ast.match_case) -> None:
        """Turn round the guard; a pattern's constants are names of things."""
        if node.guard is not None:
            self._negate(node.guard)
            self.visit(node.guard)
        for statement in node.body:
            self.visit(statement)

    def visit_Compare(self, node: ast.Compare) -> None:
        """Move a bound to its other side, or turn an equality round."""
        operands = pairwise([node.left, *node.comparators])
        for operator, (left, right) in zip(node.ops, operands, strict=True):
            self._swap("comparison", COMPARISONS[type(operator)], left, right)
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        """Take "and" for "or"."""
        for left, right in pairwise(node.values):
            self._swap("boolean", BOOLEAN[type(node.op)], left, right)
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        """Turn a sign round; texts and unions of types have none."""
        words = any(
            isinstance(side, ast.JoinedStr)
            or (isinstance(side, ast.Constant) and isinstance(side.value, str))
            for side in (node.left, node.right)
        )
        operator = ARITHMETIC.get(type(node.op))
        if operator is not None and not words:
            self._swap("sign", operator, node.left, node.right)
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        """Leave "-" or "not" out."""
        start, _ = self._at(node)
        match node.op:
            case ast.USub():
                self._take(Change("sign", start, start + len("-"), ""))
            case ast.Not():
                self._take(Change("condition", start, start + len("not"), ""))
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        """Take a number for its neighbour, True for False."""
        start, end = self._at(node)
        match node.value:
            case bool():
                self._take(Change("constant", start, end, str(not node.value)))
            case int():
                self._take(Change("bound", start, end, str(node.value + 1)))
                self._take(Change("bound", start, end, str(node.value - 1)))
            case float() if node.value:
                self._take(Change("bound", start, end, f"{node.value * 1.1:.6g}"))

    def _negate(self, test: ast.expr) -> None:
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            return  # visit_UnaryOp does that
        if isinstance(test, ast.Constant):
            return  # while True
        start, end = self._at(test)
        text = self._source[start:end].decode()
        self._take(Change("condition", start, end, f"(not ({text}))"))

    def _swap(
        self, kind: str, swap: tuple[str, str], left: ast.expr, right: ast.expr
    ) -> None:
        """Replace the operator that stands between two expressions."""
        old, new = swap
        start, end = self._at(left)[1], self._at(right)[0]
        gap = COMMENT.sub(lambda it: b" " * len(it[0]), self._source[start:end])
        place = re.search(rb"\s+".join(map(re.escape, old.encode().split())), gap)
        assert place is not None
        self._take(Change(kind, start + place.start(), start + place.end(), new))

    def _at(self, node: ast.expr) -> tuple[int, int]:
        """Return where an expression begins and ends, in bytes of the file."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return (
            self._starts[node.lineno - 1] + node.col_offset,
            self._starts[node.end_lineno - 1] + node.end_col_offset,
        )

    def _take(self, change: Change) -> None:
        first, last = self._lines
        begin, end = self._starts[first - 1], self._starts[last]
        before, after = (
            self._source[begin : change.start],
            self._source[change.end : end],
        )
        old = self._source[change.start : change.end]
        self.found.append(
            Mutant(
                file=self._file,
                line=self._source.count(b"\n", 0, change.start) + 1,
                lines=self._lines,
                kind=change.kind,
                start=change.start,
                end=change.end,
                old=old.decode(),
                new=change.new,
                statement=_one_line(before + old + after),
                mutated=_one_line(before + change.new.encode() + after),
                inside=self._functions[-1] if self._functions else None,
                names=self._names,
            )
        )


def mutants(file: str, source: bytes) -> list[Mutant]:
    """Return the mutants of a module, in the order of the file."""
    finder = Finder(file, source)
    finder.visit(ast.parse(source))
    return sorted(finder.found, key=lambda it: (it.start, it.new))


def _header(node: ast.stmt | ast.match_case) -> tuple[int, int]:
    """Return the lines of a statement; of a compound one those before its body."""
    first = node.pattern.lineno if isinstance(node, ast.match_case) else node.lineno
    body = getattr(node, "body", None)
    if body:
        return first, max(first, body[0].lineno - 1)
    assert isinstance(node, ast.stmt)
    return first, node.end_lineno or first


def _defined(node: ast.stmt | ast.match_case) -> frozenset[str]:
    """Return the names that a statement gives a value."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return frozenset({node.name})
    return frozenset(
        part.id
        for part in ast.walk(node)
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
    )


def _is_log(node: ast.AST) -> bool:
    """Return whether a statement only writes to the log, or is a bare text."""
    if not isinstance(node, ast.Expr):
        return False
    call = node.value
    return isinstance(call, ast.Constant) or (
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id in LOGGERS
    )


def _is_typing(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.If)
        and isinstance(node.test, ast.Name)
        and node.test.id == "TYPE_CHECKING"
    )


def _one_line(text: bytes) -> str:
    return " ".join(text.decode().split())
