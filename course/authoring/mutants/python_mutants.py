"""All changes of a Python file: each makes another program, and none makes a syntax error.

Those of statements are here: one deleted, a body emptied, an `except` that lets go, a decorator or a `with` removed.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator

from course.authoring.mutants import python_expressions as expressions
from course.authoring.mutants.change import Change
from course.authoring.mutants.python_source import PythonSource, is_docstring

Function = ast.FunctionDef | ast.AsyncFunctionDef
ALWAYS = (ast.Expr, ast.AugAssign, ast.Return, ast.Raise, ast.Delete, ast.Assert, ast.Break, ast.Continue)
KINDS = {ast.Return: "a return deleted", ast.Raise: "a raise deleted", ast.Assert: "an assert deleted"}


def python_changes(text: str) -> Iterator[Change]:
    """Yield the changes in the order of the tree; two that come to the same program are one."""
    source = PythonSource(text)
    seen = {_meaning(text)}
    for node in source.nodes():
        for operator in OPERATORS:
            for change in operator(source, node):
                meaning = _meaning(change.apply(text))
                if meaning and meaning not in seen:
                    seen.add(meaning)
                    yield change


def deletions(source: PythonSource, node: ast.AST) -> Iterator[Change]:
    """Delete a statement, where the program is one without it too."""
    if (isinstance(node, ALWAYS) and not is_docstring(node)) or _is_assignment_to_spare(source, node):
        yield Change(*source.span(node), "pass", KINDS.get(type(node), "a statement deleted"))


def bodies(source: PythonSource, node: ast.AST) -> Iterator[Change]:
    """Empty the body of a function."""
    if isinstance(node, Function):
        body = [statement for statement in node.body if not is_docstring(statement)]
        if len(body) > 1 or (body and not isinstance(body[0], ALWAYS)):
            start, end = source.span(body[0])[0], source.span(body[-1])[1]
            yield Change(start, end, "pass", f"the body of {node.name} emptied")


def handlers(source: PythonSource, node: ast.AST) -> Iterator[Change]:
    """Let an exception through that was caught: all of them, or those of one kind."""
    if not isinstance(node, ast.ExceptHandler):
        return
    start, end = source.span(node.body[0])[0], source.span(node.body[-1])[1]
    yield Change(start, end, "raise", "what an except does became a raise")
    if isinstance(node.type, ast.Tuple) and len(node.type.elts) > 1:
        for kind in node.type.elts:
            rest = [source.of(kept) for kept in node.type.elts if kept is not kind]
            text = rest[0] if len(rest) == 1 else f"({', '.join(rest)})"
            yield Change(*source.span(node.type), text, "an except narrowed")


def decorators(source: PythonSource, node: ast.AST) -> Iterator[Change]:
    """Remove a decorator."""
    if isinstance(node, Function | ast.ClassDef):
        for decorator in node.decorator_list:
            start, end = source.span(decorator)
            yield Change(source.line_start(start), source.text.index("\n", end) + 1, "", "a decorator removed")


def contexts(source: PythonSource, node: ast.AST) -> Iterator[Change]:
    """Do without a `with` that binds no name: a lock, a transaction."""
    if isinstance(node, ast.With | ast.AsyncWith) and not any(item.optional_vars for item in node.items):
        last = source.span(node.items[-1].context_expr)[1]
        yield Change(source.span(node)[0], source.text.index(":", last), "if True", "a with removed")


OPERATORS = (
    expressions.comparisons,
    expressions.sums,
    expressions.constants,
    expressions.conditions,
    expressions.awaits,
    expressions.slices,
    expressions.arguments,
    expressions.elements,
    expressions.calls,
    deletions,
    bodies,
    handlers,
    decorators,
    contexts,
)


def _is_assignment_to_spare(source: PythonSource, node: ast.AST) -> bool:
    """Tell whether what is assigned has another value without it: an attribute, a setting, a name bound elsewhere."""
    if not isinstance(node, ast.Assign | ast.AnnAssign):
        return False
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    home = _home(source, node)
    if not isinstance(home, Function):
        return True
    bound = [part.id for part in ast.walk(home) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)]
    bound += [part.arg for part in ast.walk(home.args) if isinstance(part, ast.arg)]
    return all(bound.count(target.id) > 1 if isinstance(target, ast.Name) else True for target in targets)


def _home(source: PythonSource, node: ast.AST) -> ast.AST:
    """Return the function, class or module that a statement stands in."""
    while not isinstance(node := source.parents[node], Function | ast.ClassDef | ast.Module):
        pass
    return node


def _meaning(text: str) -> str:
    """Return the program without its layout, and nothing for what is no Python."""
    with warnings.catch_warnings(action="ignore"):  # Python frowns at `5 is x`; a mutant may do that
        try:
            compile(text, "mutant.py", "exec", dont_inherit=True)
            return ast.dump(ast.parse(text))
        except SyntaxError:
            return ""
