"""All changes of a JavaScript or TypeScript file."""

from __future__ import annotations

from collections.abc import Iterator

from course.authoring.mutants.change import Change
from course.authoring.mutants.javascript_tokens import JavaScriptSource, template_values

SWAPS = {
    "===": "!==",
    "!==": "===",
    "==": "!=",
    "!=": "==",
    "<=": "<",
    ">=": ">",
    "&&": "||",
    "||": "&&",
    "??": "&&",
    "??=": "=",
    "++": "--",
    "--": "++",
    "+=": "-=",
    "-=": "+=",
    "**": "*",
    "?.": ".",
}
BETWEEN_BLANKS = {"<": "<=", ">": ">=", "+": "-", "-": "+", "*": "/", "/": "*"}  # else a list of types, or a sign
DECLARES = {"const", "let", "var", "import", "export", "class", "function", "async", "type", "interface", "declare"}
NO_CALL = {"if", "for", "while", "switch", "catch", "function", "return", "typeof", "await", "constructor"}


def javascript_changes(text: str) -> Iterator[Change]:
    """Yield the changes; two that come to the same text are one."""
    source = JavaScriptSource(text)
    seen = {text}
    for operator in (_operators, _values, _conditions, _statements, _bodies, _calls, _parts):
        for change in operator(source):
            if (made := change.apply(text)) not in seen:
                seen.add(made)
                yield change


def _operators(source: JavaScriptSource) -> Iterator[Change]:
    for index, token in enumerate(source.tokens):
        blanks = (
            source.text[token.start - 1 : token.start].isspace() and source.text[token.end : token.end + 1].isspace()
        )
        other = SWAPS.get(token.text) or (BETWEEN_BLANKS.get(token.text) if blanks else None)
        if token.kind == "mark" and other and source.at(index + 1).text != "(" * (token.text == "?."):
            yield Change(token.start, token.end, other, f"`{token.text}` became `{other}`")
        if token.text == "!" and source.at(index - 1).kind == "mark" and source.at(index - 1).text not in (")", "]"):
            yield Change(token.start, token.end, "", "a `!` removed")
        if token.text == "...":
            yield Change(token.start, token.end, "", "a spread removed")
        if token.text == "await":
            yield Change(token.start, source.at(index + 1).start, "", "an `await` removed")


def _values(source: JavaScriptSource) -> Iterator[Change]:
    for index, token in enumerate(source.tokens):
        if token.kind == "number" and token.text.isdigit():
            yield Change(token.start, token.end, f"{int(token.text) + 1}", "a number raised by one")
            lower = f"{int(token.text) - 1}" if int(token.text) else "(-1)"
            yield Change(token.start, token.end, lower, "a number lowered by one")
        elif token.text in ("true", "false"):
            yield Change(token.start, token.end, "false" if token.text == "true" else "true", "true and false swapped")
        elif token.kind in ("string", "template") and source.at(index - 1).text not in ("from", "import"):
            yield Change(token.end - 1, token.end - 1, "x", "a string changed")
            yield Change(token.start + 1, token.end - 1, "", "a string emptied")
            if token.kind == "template":
                for start, end in template_values(source.text, token.start, token.end):
                    yield Change(start, end, "", "a value left out of a string")


def _conditions(source: JavaScriptSource) -> Iterator[Change]:
    for index, token in enumerate(source.tokens):
        if token.text in ("if", "while") and index + 1 in source.pairs:
            start, end = source.span(index + 1, source.pairs[index + 1])
            yield Change(start, end, f"(!{source.text[start:end]})", "a condition negated")


def _statements(source: JavaScriptSource) -> Iterator[Change]:
    for first, last in source.statements:
        if source.tokens[first].text not in DECLARES:
            word = source.tokens[first].text
            what = f"{word} deleted" if word in ("if", "return", "throw", "while", "for") else "a statement deleted"
            yield Change(*source.span(first, last), "", what)


def _bodies(source: JavaScriptSource) -> Iterator[Change]:
    for index, token in enumerate(source.tokens):
        before = source.at(index - 1).text
        if token.text == "{" and source.kinds.get(index) == "block" and source.pairs[index] > index + 1:
            yield Change(*source.span(index, source.pairs[index]), "{}", "a block emptied")
        elif before == "=>" and token.text != "{":
            yield Change(token.start, _expression_end(source, index), "{}", "what a function does removed")


def _calls(source: JavaScriptSource) -> Iterator[Change]:
    """Leave a call out of a chain, `.slice(-20)`; where nothing else is left of a statement, it is deleted already."""
    for index, token in enumerate(source.tokens):
        if token.text in (".", "?.") and source.at(index + 1).kind == "name" and index + 2 in source.pairs:
            closed = source.pairs[index + 2]
            if source.at(closed + 1).text in (".", "?.") or not source.stands_alone(index):
                yield Change(token.start, source.tokens[closed].end, "", "a call left out")


def _parts(source: JavaScriptSource) -> Iterator[Change]:
    """Leave out the last argument, an element of a list, a key of an object."""
    for opened in source.pairs:
        parts = list(source.parts(opened))
        if source.kinds[opened] == "round":
            parts, wanted = (parts, parts[-1:]) if _is_call(source, opened) else ([], [])
        elif source.kinds[opened] == "square":
            wanted = parts if source.at(opened - 1).kind == "mark" and source.at(opened - 1).text != ")" else []
        else:
            wanted = parts if source.kinds[opened] == "object" and not source.is_imported(opened) else []
        for first, last in wanted:
            number = parts.index((first, last))
            start, end = source.span(first, last)
            if number:
                start = source.tokens[parts[number - 1][1]].end
            elif len(parts) > 1:
                end = source.tokens[parts[1][0]].start
            yield Change(start, end, "", "a part left out")


def _is_call(source: JavaScriptSource, opened: int) -> bool:
    before, behind = source.at(opened - 1), source.at(source.pairs[opened] + 1)
    called = before.kind == "name" and before.text not in NO_CALL and source.at(opened - 2).text != "function"
    return called and behind.text not in ("{", ":", "=>")


def _expression_end(source: JavaScriptSource, index: int) -> int:
    """Return where an expression ends that begins with a token: before a comma, a semicolon or a closing bracket."""
    while source.at(index).text not in (",", ";", ")", "]", "}"):
        index = source.pairs.get(index, index) + 1
    return source.at(index - 1).end
