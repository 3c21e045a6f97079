"""Tells whether two pictures look the same: then the stored one stays.

Chrome rounds the edges of what it paints anew differently from run to run, by one of 255 steps.
"""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image, ImageChops, ImageSequence

ROUNDING = 2  # of 255 steps of a colour


def kept(stored: Path, made: bytes) -> bytes:
    """Return the stored picture, PNG or moving WebP, where nobody could tell the two apart; else the one just made."""
    if not stored.is_file():
        return made
    before = stored.read_bytes()
    return before if _same_to_the_eye(_frames(before), _frames(made)) else made


def _frames(picture: bytes) -> list[Image.Image]:
    with Image.open(io.BytesIO(picture)) as opened:
        return [frame.convert("RGBA") for frame in ImageSequence.Iterator(opened)]


def _same_to_the_eye(before: list[Image.Image], after: list[Image.Image]) -> bool:
    if [frame.size for frame in before] != [frame.size for frame in after]:
        return False
    return all(_largest_step(one, other) <= ROUNDING for one, other in zip(before, after, strict=True))


def _largest_step(one: Image.Image, other: Image.Image) -> int:
    """Return by how much the two differ at most, in steps of a colour."""
    histogram = ImageChops.difference(one, other).histogram()
    return max(number % 256 for number, pixels in enumerate(histogram) if pixels)
