"""All changes of a JavaScript or TypeScript file, told from its syntax tree.

A template is a text: what stands in its values is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import tree_sitter_typescript
from tree_sitter import Language, Node, Parser

from course.authoring.mutants.change import Change

SWAPS = {
    "===": "!==",
    "!==": "===",
    "==": "!=",
    "!=": "==",
    "<": "<=",
    "<=": "<",
    ">": ">=",
    ">=": ">",
    "&&": "||",
    "||": "&&",
    "??": "&&",
    "??=": "=",
    "++": "--",
    "--": "++",
    "+": "-",
    "-": "+",
    "+=": "-=",
    "-=": "+=",
    "*": "/",
    "/": "*",
    "**": "*",
}
OPERATIONS = {"binary_expression", "augmented_assignment_expression", "update_expression"}
DECLARES = {"import_statement", "export_statement"}  # and all that is called a declaration
PARSER = Parser(Language(tree_sitter_typescript.language_typescript()))


def javascript_changes(text: str) -> Iterator[Change]:
    """Yield the changes; two that come to the same text are one."""
    source = text.encode()
    seen = {text}
    for node in _nodes(PARSER.parse(source).root_node):
        for start, end, new, what in _changes(node):
            change = Change(len(source[:start].decode()), len(source[:end].decode()), new, what)
            if (made := change.apply(text)) not in seen:
                seen.add(made)
                yield change


RawChange = tuple[int, int, str, str]  # as `Change`, with its places in bytes


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    if node.type != "template_string":
        for child in node.children:
            if child.type != "comment":
                yield from _nodes(child)


def _changes(node: Node) -> Iterator[RawChange]:
    for operator in (_operators, _values, _conditions, _statements, _bodies, _calls, _parts):
        yield from operator(node)


def _text(node: Node) -> str:
    return (node.text or b"").decode()


def _parent(node: Node) -> str:
    return node.parent.type if node.parent else ""


def _operators(node: Node) -> Iterator[RawChange]:
    parent = _parent(node)
    if node.type in SWAPS and parent in OPERATIONS:
        other = SWAPS[node.type]
        yield node.start_byte, node.end_byte, other, f"`{node.type}` became `{other}`"
    elif node.type == "optional_chain" and parent == "member_expression":
        yield node.start_byte, node.end_byte, ".", "`?.` became `.`"
    elif node.type == "!" and parent == "unary_expression":
        yield node.start_byte, node.end_byte, "", "a `!` removed"
    elif node.type == "...":
        yield node.start_byte, node.end_byte, "", "a spread removed"
    elif node.type == "await_expression":
        yield node.start_byte, node.children[1].start_byte, "", "an `await` removed"


def _values(node: Node) -> Iterator[RawChange]:
    start, end, text = node.start_byte, node.end_byte, _text(node)
    if node.type == "number" and text.isdigit():
        yield start, end, f"{int(text) + 1}", "a number raised by one"
        yield start, end, f"{int(text) - 1}" if int(text) else "(-1)", "a number lowered by one"
    elif node.type in ("true", "false"):
        yield start, end, "false" if node.type == "true" else "true", "true and false swapped"
    elif node.is_named and node.type in ("string", "template_string") and _parent(node) not in DECLARES:
        yield end - 1, end - 1, "x", "a string changed"
        yield start + 1, end - 1, "", "a string emptied"
        for value in node.named_children:
            if value.type == "template_substitution":
                yield value.start_byte, value.end_byte, "", "a value left out of a string"


def _conditions(node: Node) -> Iterator[RawChange]:
    condition = node.child_by_field_name("condition")
    if condition and condition.type == "parenthesized_expression":
        yield condition.start_byte, condition.end_byte, f"(!{_text(condition)})", "a condition negated"


def _statements(node: Node) -> Iterator[RawChange]:
    declares = node.type in DECLARES or node.type.endswith("_declaration")
    if node.is_named and not declares and _parent(node) in ("program", "statement_block"):
        word = node.children[0].type
        told = f"{word} deleted" if word in ("if", "return", "throw", "while", "for") else "a statement deleted"
        yield node.start_byte, node.end_byte, "", told


def _bodies(node: Node) -> Iterator[RawChange]:
    body = node.child_by_field_name("body")
    if node.type == "statement_block" and node.named_children:
        yield node.start_byte, node.end_byte, "{}", "a block emptied"
    elif node.type == "arrow_function" and body and body.type != "statement_block":
        yield body.start_byte, body.end_byte, "{}", "what a function does removed"


def _calls(node: Node) -> Iterator[RawChange]:
    """Leave a call out of a chain, `.slice(-20)`; where nothing else is left of a statement, it is deleted already."""
    called = node.child_by_field_name("function")
    if node.type == "call_expression" and called and called.type == "member_expression" and not _stands_alone(node):
        yield called.children[1].start_byte, node.end_byte, "", "a call left out"


def _stands_alone(node: Node) -> bool:
    while node.parent and _parent(node) == "await_expression":
        node = node.parent
    return _parent(node) in ("expression_statement", "return_statement", "arrow_function")


def _parts(node: Node) -> Iterator[RawChange]:
    """Leave out the last argument, an element of a list, a key of an object."""
    parts = [part for part in node.named_children if part.type != "comment"]
    if node.type == "arguments":
        yield from _without(parts, parts[-1:])
    elif node.type in ("array", "object"):
        yield from _without(parts, parts)


def _without(parts: Sequence[Node], wanted: Sequence[Node]) -> Iterator[RawChange]:
    for part in wanted:
        number = parts.index(part)
        start = parts[number - 1].end_byte if number else part.start_byte
        end = parts[1].start_byte if number == 0 and len(parts) > 1 else part.end_byte
        yield start, end, "", "a part left out"
