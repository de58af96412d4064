"""Pictures to share: the words of a headline or a quote, large, with where they come from. 1200 by 630 pixels, PNG.

The words are set as large as they fit, and cut where they would not fit at the smallest size. Latin letters are set in the
faces of the site, lines with others in DejaVu 2.37, which has Greek, Cyrillic, Armenian and Georgian letters, and, upright
without serifs, Hebrew and Arabic ones (``fonts/LICENSE``).
"""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
from dataclasses import astuple, dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1200, 630
DESIGN = 2  # goes into the address: another look is another picture
_FONTS = Path(__file__).with_name("fonts")
_MARGIN = 80
_WORDS_HEIGHT = 360
_SIZES = (84, 76, 68, 60, 54, 48, 42, 37, 33)
_LEADING = 1.2
# What both faces of the site have.
_LATIN = re.compile(
    "[ -~\u00a0-\u012b\u012e-\u0131\u0134-\u0165\u0168-\u017f\u01a0\u01a1\u01af\u01b0\u0218-\u021b\u1ea0-\u1ef9"
    "–—‘’‚“”„•…‹›€™]*"
)
_LONGEST = 700
_PAPER, _INK, _SOFT, _PENCIL, _MARKER = "#ffffff", "#15171a", "#54575c", "#1c3fc4", "#ffe45c"
_SCRIPTS = {"LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "GEORGIAN", "HEBREW", "ARABIC", "MODIFIER", "FEMININE",
            "MASCULINE", "MICRO"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Card:
    """What the picture shows, in plain text: ``words`` large, then who or whose, then a line on the source."""

    words: str
    by: str
    source: str
    site: str

    @property
    def digest(self) -> str:
        """16 hex digits: the same for the same picture."""
        return hashlib.sha256("\x1f".join((str(DESIGN), *astuple(self))).encode()).hexdigest()[:16]

    @property
    def is_drawable(self) -> bool:
        """Whether the fonts have all its letters: no picture is better than one of empty boxes."""
        letters = {char for text in astuple(self) for char in text if unicodedata.category(char)[0] == "L"}
        return all(unicodedata.name(char, "?").split()[0] in _SCRIPTS for char in letters)


def draw(card: Card) -> bytes:
    """The picture as PNG."""
    image = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    canvas = ImageDraw.Draw(image)
    canvas.rectangle((0, 0, WIDTH, 14), fill=_PENCIL)
    words = _plain(card.words)[:_LONGEST]
    font, lines = _fitted(words)
    place = 70.0
    for line in lines:
        _line(canvas, place, line, font, _INK, rtl=_is_rtl(words))
        place += font.size * _LEADING
    canvas.rectangle((_MARGIN, 452, _MARGIN + 120, 460), fill=_MARKER)
    for text, top, size, colour in (
        (card.by, 476, 36, _INK),
        (card.source, 523, 28, _SOFT),
        (card.site, 565, 28, _PENCIL),
    ):
        text = _plain(text)
        face = _font("NewsroomSans.ttf" if _LATIN.fullmatch(text) else "DejaVuSans.ttf", size)
        _line(canvas, top, _cut(text, face), face, colour)
    buffer = io.BytesIO()
    image.quantize(64).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


@lru_cache(maxsize=32)
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONTS / name, size)


def _plain(text: str) -> str:
    """One line without what cannot be drawn: control and formatting characters, pictures, unassigned ones."""
    kept = (char for char in unicodedata.normalize("NFC", " ".join(text.split())) if ord(char) < 0x1F000)
    return "".join(char for char in kept if unicodedata.category(char)[0] != "C")


def _is_rtl(text: str) -> bool:
    """By the first letter that has a direction, as the Unicode bidirectional algorithm has it."""
    strong = (unicodedata.bidirectional(char) for char in text)
    return next((direction for direction in strong if direction in ("L", "R", "AL")), "L") != "L"


def _fitted(words: str) -> tuple[ImageFont.FreeTypeFont, list[str]]:
    """The largest font in which the words fit, and their lines; cut with an ellipsis if none is small enough."""
    has_serifs = all(unicodedata.bidirectional(char) not in ("R", "AL") for char in words)
    name = "NewsroomDisplay.ttf" if _LATIN.fullmatch(words) else "DejaVuSerif.ttf" if has_serifs else "DejaVuSans.ttf"
    for size in _SIZES:
        font = _font(name, size)
        lines = _wrapped(words, font)
        fit = int(_WORDS_HEIGHT // (size * _LEADING))
        if len(lines) <= fit:
            return font, lines
    return font, [*lines[: fit - 1], _cut(" ".join(lines[fit - 1 :]), font)]


def _wrapped(words: str, font: ImageFont.FreeTypeFont) -> list[str]:
    """Lines no wider than the picture's column; a word that is wider alone is broken."""
    lines = [""]
    for word in words.split():
        joined = f"{lines[-1]} {word}".strip()
        if _fits(joined, font):
            lines[-1] = joined
            continue
        if lines[-1]:
            lines.append("")
        for char in word:
            if not _fits(lines[-1] + char, font):
                lines.append("")
            lines[-1] += char
    return lines


def _cut(text: str, font: ImageFont.FreeTypeFont) -> str:
    """The text, or as much of its beginning as fits on a line, with an ellipsis."""
    if _fits(text, font):
        return text
    while text and not _fits(f"{text}…", font):
        text = text[:-1]
    return f"{text.rstrip(' ,;:.–—-')}…"


def _fits(text: str, font: ImageFont.FreeTypeFont) -> bool:
    return font.getlength(text) <= WIDTH - 2 * _MARGIN


def _line(
    canvas: ImageDraw.ImageDraw, top: float, text: str, font: ImageFont.FreeTypeFont, colour: str, *, rtl: bool = False
) -> None:
    left = WIDTH - _MARGIN - font.getlength(text) if rtl else _MARGIN
    canvas.text((left, top), text, font=font, fill=colour)
