"""Keys that make different printings of the same words equal. Plain functions over text, no database."""

import hashlib
import re
import unicodedata

from django.utils.text import slugify

# All characters that combine with others are among these.
_NOT_LATIN = re.compile("[^\x00-\u02ff]+")
_NOT_WORD = re.compile(r"[\W_]+")
SLUG_LENGTH = 80


def fold(text: str) -> str:
    """Lower-case words without accents, marks or punctuation, one blank between: ``'“Żółty” kot.'`` -> ``'zołty kot'``.

    Letters that Unicode does not decompose (ł, ø, đ) stay as they are: equal printings stay equal all the same.
    """
    plain = text.replace("’", "").replace("'", "")
    if not plain.isascii():
        plain = _NOT_LATIN.sub(_without_combining, unicodedata.normalize("NFKD", plain))
    return _NOT_WORD.sub(" ", plain.casefold()).strip()


def _without_combining(found: re.Match[str]) -> str:
    return "".join(char for char in found.group() if not unicodedata.combining(char))


def headline_key(headline: str) -> str:
    """The key under which printings of one headline meet (at most 300 characters)."""
    return fold(headline)[:300]


def headline_number(key: str) -> int:
    """A signed 64-bit number for a headline key: under it an article stays known by the headline its dump had."""
    return int.from_bytes(hashlib.blake2b(f"headline {key}".encode(), digest_size=8).digest(), "big", signed=True)


def fingerprint(text: str) -> str:
    """sha256 (64 hex digits) of the folded words: equal for the same words however they are set."""
    return hashlib.sha256(fold(text).encode()).hexdigest()


def make_slug(text: str, fallback: str) -> str:
    """An ASCII slug of ``text``, cut at a word within 80 characters; ``fallback`` where nothing is left of it."""
    folded = text.translate(_TRANSLITERATE)
    slug = slugify(folded) or slugify(fallback)
    if len(slug) > SLUG_LENGTH:
        slug = slug[: SLUG_LENGTH + 1].rsplit("-", 1)[0][:SLUG_LENGTH]
    return slug or fallback


# Latin letters that have no decomposition, so that NFKD alone would drop them.
_TRANSLITERATE = str.maketrans(
    {
        "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th",
        "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ß": "ss", "ı": "i", "ħ": "h", "Ħ": "H", "ŋ": "n", "Ŋ": "N",
        "’": "", "'": "", "–": "-", "—": "-",
    }
)  # fmt: skip
