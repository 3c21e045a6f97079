"""Changes of expressions: operators, constants, conditions, arguments, calls."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from course.authoring.mutants.change import Change
from course.authoring.mutants.python_source import PythonSource, Span

COMPARISONS: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.In: ("in", "not in"),
    ast.NotIn: ("not in", "in"),
    ast.Is: ("is", "is not"),
    ast.IsNot: ("is not", "is"),
}
REVERSED = (ast.Eq, ast.NotEq, ast.In, ast.NotIn, ast.Is, ast.IsNot)  # where another operator negates the condition
SUMS: dict[type[ast.operator], tuple[str, str]] = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "//"),
    ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "*"),
    ast.Pow: ("**", "*"),
    ast.BitOr: ("|", "&"),
    ast.BitAnd: ("&", "|"),
}
LOOSE = (ast.BoolOp, ast.IfExp, ast.Lambda, ast.NamedExpr)  # they need brackets in the middle of something else


def comparisons(source: PythonSource, node: ast.AST) -> Iterator[Change]:
    """Let the limit itself fall to the other side, or turn the comparison round."""
    if isinstance(node, ast.Compare):
        for operator, left, right in zip(node.ops, [node.left, *node.comparators], node.comparators, strict=False):
            yield from _swapped(source, source.gap(left, right), *COMPARISONS[type(operator)], "a comparison changed")


def sums(source: PythonSource, node: ast.AST) -> Iterator[Change]:
    """Swap + and - and their like."""
    if isinstance(node, ast.BinOp) and type(node.op) in SUMS:
        yield from _swapped(source, source.gap(node.left, node.right), *SUMS[type(node.op)], "an operator swapped")
    if isinstance(node, ast.AugAssign) and type(node.op) in SUMS:
        yield from _swapped(source, source.gap(node.target, node.value), *SUMS[type(node.op)], "an operator swapped")


def constants(source: PythonSource, node: ast.AST) -> Iterator[Change]:
    """Change a number by one, a string by a letter or to the empty one, True to False."""
    if isinstance(node, ast.JoinedStr):
        yield from _text(source, node, "")
        for value in node.values:
            if isinstance(value, ast.FormattedValue):
                rest = ast.unparse(ast.JoinedStr([part for part in node.values if part is not value]))
                yield Change(*source.span(node), _double_quoted(rest), "a value left out of a string")
    if not isinstance(node, ast.Constant) or isinstance(source.parents[node], ast.Expr):
        return
    if isinstance(node.value, bool):
        yield Change(*source.span(node), str(not node.value), "True and False swapped")
    elif isinstance(node.value, int | float):
        yield Change(*source.span(node), repr(node.value + 1), "a number raised by one")
        yield Change(*source.span(node), repr(node.value - 1), "a number lowered by one")
    elif isinstance(node.value, str | bytes):
        yield from _text(source, node, "b" if isinstance(node.value, bytes) else "")


def conditions(source: PythonSource, node: ast.AST) -> Iterator[Change]:
    """Negate a condition, swap `and` and `or`, leave one side out."""
    tests = [node.test] if isinstance(node, ast.If | ast.While | ast.IfExp | ast.Assert) else []
    for test in [*tests, *(node.ifs if isinstance(node, ast.comprehension) else [])]:
        if not _has_a_reverse(test):
            plain = isinstance(test, ast.Name | ast.Attribute | ast.Call | ast.Subscript)
            text = f"not {source.of(test)}" if plain else f"not ({source.of(test)})"
            yield Change(*source.span(test), text, "a condition negated")
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield Change(*source.span(node), _whole(source, node.operand), "a `not` removed")
    if isinstance(node, ast.BoolOp):
        word, other = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        for left, right in zip(node.values, node.values[1:], strict=False):
            yield from _swapped(source, source.gap(left, right), word, other, f"`{word}` became `{other}`")
        for value in node.values:
            rest = f" {word} ".join(_whole(source, kept) for kept in node.values if kept is not value)
            yield Change(*source.span(node), rest, "a part of a condition left out")


def awaits(source: PythonSource, node: ast.AST) -> Iterator[Change]:
    """Forget an `await`."""
    if isinstance(node, ast.Await):
        yield Change(*source.span(node), source.of(node.value), "an `await` removed")


def slices(source: PythonSource, node: ast.AST) -> Iterator[Change]:
    """Cut one place off, or not at all."""
    if isinstance(node, ast.Slice):
        for bound in filter(None, (node.lower, node.upper)):
            yield Change(*source.span(bound), "", "a bound of a slice removed")
            if not isinstance(bound, ast.Constant):
                yield Change(*source.span(bound), f"{source.of(bound)} + 1", "a slice off by one")
                yield Change(*source.span(bound), f"{source.of(bound)} - 1", "a slice off by one")


def arguments(source: PythonSource, node: ast.AST) -> Iterator[Change]:
    """Swap two arguments; leave out one that has a name, or the last."""
    if not isinstance(node, ast.Call):
        return
    spans = sorted(source.span(part) for part in [*node.args, *node.keywords])
    for left, right in zip(node.args, node.args[1:], strict=False):
        (start, _), (_, end) = source.span(left), source.span(right)
        between = source.text[slice(*source.gap(left, right))]
        yield Change(start, end, f"{source.of(right)}{between}{source.of(left)}", "two arguments swapped")
    for part in [*node.keywords, *(node.args[-1:] if len(spans) > 1 else [])]:
        yield Change(*_with_comma(spans, source.span(part)), "", "an argument left out")


def elements(source: PythonSource, node: ast.AST) -> Iterator[Change]:
    """Leave out an element of a list, a key of a dictionary, a base class."""
    parts: Sequence[Span] = ()
    if isinstance(node, ast.List | ast.Tuple | ast.Set) and isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
        parts = [source.span(part) for part in node.elts]
    elif isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        parts = [(source.span(key)[0], source.span(value)[1]) for key, value in pairs if key]
    elif isinstance(node, ast.ClassDef) and len(node.bases) > 1:
        parts = [source.span(part) for part in node.bases]
    for part in parts:
        yield Change(*_with_comma(parts, part), "", "an element left out")


def calls(source: PythonSource, node: ast.AST) -> Iterator[Change]:
    """Leave a call out: take what it is given, or what it is called on."""
    if not isinstance(node, ast.Call) or isinstance(source.parents[node], ast.Expr | ast.Await | ast.Raise):
        return
    given = node.args[0] if len(node.args) == 1 and not node.keywords else None
    if given and not isinstance(given, ast.Starred):
        yield Change(*source.span(node), _whole(source, given), "a call left out")
    if isinstance(node.func, ast.Attribute):
        receiver = node.func.value
        if not isinstance(receiver, ast.Name) or not (node.args or node.keywords):
            yield Change(*source.span(node), source.of(receiver), "a call left out")


def _text(source: PythonSource, node: ast.AST, prefix: str) -> Iterator[Change]:
    start, end = source.span(node)
    quote = 3 if source.text[start:end].endswith(('"""', "'''")) else 1
    yield Change(end - quote, end - quote, "x", "a string changed")
    parent = source.parents[node]
    is_key = isinstance(parent, ast.Subscript) or (isinstance(parent, ast.Dict) and node in parent.keys)
    if not is_key:  # no key is as wrong as another one
        yield Change(start, end, f'{prefix}""', "a string emptied")


def _swapped(source: PythonSource, gap: Span, word: str, other: str, what: str) -> Iterator[Change]:
    at = source.text.find(word, *gap)
    if at >= 0:
        yield Change(at, at + len(word), other, what)


def _whole(source: PythonSource, node: ast.expr) -> str:
    return f"({source.of(node)})" if isinstance(node, LOOSE) else source.of(node)


def _has_a_reverse(test: ast.expr) -> bool:
    """Tell whether another change says the opposite of a condition already."""
    if isinstance(test, ast.Compare):
        return len(test.ops) == 1 and isinstance(test.ops[0], REVERSED)
    return isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)


def _with_comma(parts: Sequence[Span], part: Span) -> Span:
    at = parts.index(part)
    if at:
        return parts[at - 1][1], part[1]
    return part[0], parts[1][0] if len(parts) > 1 else part[1]


def _double_quoted(text: str) -> str:
    return f'f"{text[2:-1]}"' if text.startswith("f'") and '"' not in text else text
