"""Python source as text and tree at once: where in the text each node stands."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property
from itertools import accumulate

Span = tuple[int, int]


class PythonSource:
    """The text of a Python file, its tree, and each node's parent."""

    def __init__(self, text: str) -> None:
        """Read the text; raises SyntaxError where it is no Python."""
        self.text = text
        self.tree = ast.parse(text)
        self._lines = text.split("\n")
        self._starts = [0, *accumulate(len(line) + 1 for line in self._lines)]

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        """Return the node that each node is a part of."""
        return {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}

    def nodes(self) -> Iterator[ast.AST]:
        """Yield all nodes but those inside of an f-string: before Python 3.12 nobody knows where they stand."""
        waiting: list[ast.AST] = [self.tree]
        while waiting:
            node = waiting.pop()
            yield node
            if not isinstance(node, ast.JoinedStr):
                waiting += reversed(list(ast.iter_child_nodes(node)))

    def span(self, node: ast.AST) -> Span:
        """Return where a node's text begins and ends."""
        assert isinstance(node, ast.expr | ast.stmt | ast.keyword | ast.ExceptHandler)
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self._offset(node.lineno, node.col_offset), self._offset(node.end_lineno, node.end_col_offset)

    def of(self, node: ast.AST) -> str:
        """Return a node's text."""
        start, end = self.span(node)
        return self.text[start:end]

    def gap(self, left: ast.AST, right: ast.AST) -> Span:
        """Return where the text between two nodes begins and ends: that of their operator, for one."""
        return self.span(left)[1], self.span(right)[0]

    def line_start(self, offset: int) -> int:
        """Return where the line begins that a character stands in."""
        return self.text.rfind("\n", 0, offset) + 1

    def _offset(self, line: int, column: int) -> int:
        before = self._lines[line - 1].encode()[:column]  # the tree counts in bytes
        return self._starts[line - 1] + len(before.decode())


def is_docstring(node: ast.AST) -> bool:
    """Tell whether a statement is a text that nobody uses."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
