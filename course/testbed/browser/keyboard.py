"""What keys are to a browser."""

from __future__ import annotations

from typing import Any

Command = tuple[str, dict[str, Any]]
KEYS = {  # name: (code, Windows' number, what it types)
    "Enter": ("Enter", 13, "\r"),
    "Tab": ("Tab", 9, ""),
    "Escape": ("Escape", 27, ""),
    "Backspace": ("Backspace", 8, ""),
    "Delete": ("Delete", 46, ""),
    "Space": ("Space", 32, " "),
    "ArrowUp": ("ArrowUp", 38, ""),
    "ArrowDown": ("ArrowDown", 40, ""),
    "ArrowLeft": ("ArrowLeft", 37, ""),
    "ArrowRight": ("ArrowRight", 39, ""),
    "Home": ("Home", 36, ""),
    "End": ("End", 35, ""),
    "PageUp": ("PageUp", 33, ""),
    "PageDown": ("PageDown", 34, ""),
}
MODIFIERS = {"Alt": 1, "Control": 2, "Meta": 4, "Shift": 8}
MOST_KEYS = 200  # what is longer comes in as if it were pasted


def stroke(key: str) -> list[Command]:
    """Return the commands that press a key and let it go: "Enter", "a", "Shift+Tab"."""
    *held, name = key.split("+") if len(key) > 1 else [key]
    modifiers = sum(MODIFIERS[modifier] for modifier in held)
    if name in KEYS:
        code, number, text = KEYS[name]
        facts = {"key": text if name == "Space" else name, "code": code, "windowsVirtualKeyCode": number}
    else:
        text, facts = name, {"key": name, **_place(name)}
    facts["modifiers"] = modifiers
    types = text if not modifiers & ~MODIFIERS["Shift"] else ""
    down = {"type": "keyDown" if types else "rawKeyDown", "text": types} if types else {"type": "rawKeyDown"}
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


def _place(character: str) -> dict[str, Any]:
    """Return where a letter or a digit is on the keyboard."""
    if character.isascii() and character.isalpha():
        return {"code": f"Key{character.upper()}", "windowsVirtualKeyCode": ord(character.upper())}
    if character.isascii() and character.isdigit():
        return {"code": f"Digit{character}", "windowsVirtualKeyCode": ord(character)}
    return {}
