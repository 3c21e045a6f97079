"""The little Markdown that generated pages are made of."""

from __future__ import annotations

import re

TOKEN = re.compile(
    r"""(?:(?:async\ def|def|class|raise|await)\ (?=[\w.]+[(:]))?   # a keyword belongs to the call behind it
        (?:"[^"\s]+" | \w+://\S+ | /?[\w.-]+(?:/[\w.<>:-]*)+ | [A-Za-z_][\w.]*(?::[A-Za-z_]\w*)?
        | /[\w-]+/ | \{ | \[(?="))""",
    re.VERBOSE,
)
CODE = re.compile(
    r"""[_(\[{"]                        # a call, a key, a dictionary, a name_with_underscores
        | :// | ^/ | /$ | \.\w{2,4}$    # an address, a path, a file
        | ^[a-z]\w+\.\w\w+              # channels.consumer, websocket.accept
        | [a-z][A-Z] | [A-Z]{2}[a-z]{3} # EchoConsumer, URLRouter""",
    re.VERBOSE,
)
PROPER_NAMES = {"WebSocket", "WebSockets", "JavaScript", "TypeScript", "RxJS", "GitHub"}
SPELLINGS = {word.lower(): word for word in ("ASGI", "Daphne", "Django", "HTTP", "JSON", "Redis", "URL", "WebSocket")}
ENTITIES = str.maketrans({"<": "&lt;", ">": "&gt;", "*": "&#42;", "|": "&#124;"})
CLOSES = {"(": ")", "[": "]", "{": "}"}


def prose(text: str) -> str:
    """Return plain text as Markdown: code set as code, everything else shown as it is written.

    Text with backticks says itself what is code; in text without any, code is told by its looks.
    """
    pieces = re.split(r"(`[^`]+`)", text if "`" in text else _with_code(text))
    return "".join(piece if piece.startswith("`") else piece.translate(ENTITIES) for piece in pieces)


def code(text: str) -> str:
    """Return text as inline code, whatever backticks it holds."""
    ticks = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    pad = " " if "`" in text else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def fence(text: str, language: str = "text") -> str:
    """Return text as a fenced block."""
    ticks = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"{ticks} {language}\n{text.rstrip()}\n{ticks}"


def folded(title: str, body: str, kind: str = "tip") -> str:
    """Return a block that the reader opens with a click."""
    indented = "\n".join(f"    {line}".rstrip() for line in body.splitlines())
    return f'??? {kind} "{title}"\n\n{indented}\n'


def sentence(name: str) -> str:
    """Return a name-with-hyphens as words, names among them spelt as they are."""
    first, *others = (SPELLINGS.get(word, word) for word in re.split("[-_]", name))
    return " ".join([first[0].upper() + first[1:], *others])


def _with_code(text: str) -> str:
    parts, at = [], 0
    while match := TOKEN.search(text, at):
        end = _end(text, match)
        token = text[match.start() : end].rstrip(".,;:!?…")
        end = match.start() + len(token)
        is_code = CODE.search(token) and token not in PROPER_NAMES and token not in CLOSES
        parts += [text[at : match.start()], f"`{token}`" if is_code else token]
        at = max(end, match.start() + 1)
        if end < at:  # a token of punctuation only
            parts.append(text[match.start()])
    joined = "".join([*parts, text[at:]])
    return joined.replace("` = `", " = ").replace('"`: `', '": ')  # an assignment, an entry of a dictionary


def _end(text: str, match: re.Match[str]) -> int:
    """Return where a token ends, with the brackets that hang on it: self.send({...}).encode()."""
    at = match.start() if match.group() in CLOSES else match.end()
    while at < len(text):
        if text[at] in CLOSES and (after := _after_bracket(text, at)):
            at = after
        elif tail := re.compile(r"\.\w+").match(text, at):
            at = tail.end()
        else:
            break
    return max(at, match.end())


def _after_bracket(text: str, start: int) -> int | None:
    """Return the place behind the bracket that closes the one at `start`, or None."""
    open_ones: list[str] = []
    quote = ""
    for at in range(start, len(text)):
        char = text[at]
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char in CLOSES:
            open_ones.append(CLOSES[char])
        elif open_ones and char == open_ones[-1]:
            open_ones.pop()
            if not open_ones:
                return at + 1
    return None
