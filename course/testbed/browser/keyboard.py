"""What keys are to a browser."""

from __future__ import annotations

from typing import Any

Command = tuple[str, dict[str, Any]]
KEYS = {  # name, which is its code too: (Windows' number, what it types)
    "Enter": (13, "\r"),
    "Tab": (9, ""),
    "Escape": (27, ""),
    "Backspace": (8, ""),
    "Delete": (46, ""),
    "Space": (32, " "),
    "ArrowUp": (38, ""),
    "ArrowDown": (40, ""),
    "ArrowLeft": (37, ""),
    "ArrowRight": (39, ""),
    "Home": (36, ""),
    "End": (35, ""),
    "PageUp": (33, ""),
    "PageDown": (34, ""),
}
MODIFIERS = {"Alt": 1, "Control": 2, "Meta": 4, "Shift": 8}
MOST_KEYS = 200  # what is longer comes in as if it were pasted


def stroke(key: str) -> list[Command]:
    """Return the commands that press a key and let it go: "Enter", "a", "Shift+Tab"."""
    *held, name = key.split("+") if len(key) > 1 else [key]
    modifiers = sum(MODIFIERS[modifier] for modifier in held)
    if name in KEYS:
        number, text = KEYS[name]
        facts = {"key": text if name == "Space" else name, "code": name, "windowsVirtualKeyCode": number}
    else:
        text, facts = name, {"key": name}
        if name.isascii() and name.isalnum():  # where a letter or a digit is on the keyboard
            code = f"Digit{name}" if name.isdigit() else f"Key{name.upper()}"
            facts |= {"code": code, "windowsVirtualKeyCode": ord(name.upper())}
    facts["modifiers"] = modifiers
    types = text if not modifiers & ~MODIFIERS["Shift"] else ""
    down = {"type": "keyDown", "text": types} if types else {"type": "rawKeyDown"}
    return [
        ("Input.dispatchKeyEvent", {**down, **facts}),
        ("Input.dispatchKeyEvent", {"type": "keyUp", **facts}),
    ]


def strokes(text: str) -> list[Command]:
    """Return the commands that type a text; characters that no key has come in as from an input method."""
    if len(text) > MOST_KEYS:
        return [("Input.insertText", {"text": text})]
    commands: list[Command] = []
    for character in text:
        if character == "\n":
            commands += stroke("Enter")
        elif " " <= character <= "~":
            commands += stroke("Space" if character == " " else character)
        else:
            commands.append(("Input.insertText", {"text": character}))
    return commands


def click(x: float, y: float) -> list[Command]:
    """Return the commands that move the mouse to a place and click there."""
    place = {"x": x, "y": y}
    button = {**place, "button": "left", "clickCount": 1}
    return [
        ("Input.dispatchMouseEvent", {"type": "mouseMoved", **place}),
        ("Input.dispatchMouseEvent", {"type": "mousePressed", **button}),
        ("Input.dispatchMouseEvent", {"type": "mouseReleased", **button}),
    ]
