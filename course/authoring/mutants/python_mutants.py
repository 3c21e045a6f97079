"""All changes of a Python file: each makes another program, and none makes a syntax error."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator

from course.authoring.mutants import python_expressions as expressions
from course.authoring.mutants import python_statements as statements
from course.authoring.mutants.change import Change
from course.authoring.mutants.python_source import PythonSource

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
    statements.deletions,
    statements.bodies,
    statements.handlers,
    statements.decorators,
    statements.contexts,
)


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


def _meaning(text: str) -> str:
    """Return the program without its layout, and nothing for what is no Python."""
    with warnings.catch_warnings(action="ignore"):  # Python frowns at `5 is x`; a mutant may do that
        try:
            compile(text, "mutant.py", "exec", dont_inherit=True)
            return ast.dump(ast.parse(text))
        except SyntaxError:
            return ""
