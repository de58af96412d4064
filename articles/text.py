"""Keys that make different printings of the same words equal. Plain functions over text, no database."""

import hashlib
import re
import unicodedata
from functools import cache

from django.utils.text import slugify

# All characters that combine with others are among these.
_NOT_LATIN = re.compile("[^\x00-\u02ff]+")
_NOT_WORD = re.compile(r"[\W_]+")
_WORD = re.compile(r"\w+")
# Marks that English is set with. Most texts hold no other characters beyond ASCII, and of ASCII a table makes words, a
# dozen times faster than a pattern does.
_MARKS = "“”‘’–—…\u00a0"
_ASCII = bytes(range(128))
_IN_WORDS = re.sub(rb"\W", b" ", _ASCII).ljust(256)
_IN_SMALL_WORDS = _IN_WORDS.lower()
_FOLDED = _IN_SMALL_WORDS.replace(b"_", b" ")
SLUG_LENGTH = 80


def set_plainly(text: str) -> str:
    """The text, as long as before, with spaces for curly quotation marks, dashes and the like: so most texts are ASCII alone."""
    for mark in "" if text.isascii() else _MARKS:
        text = text.replace(mark, " ")
    return text


def _split(ascii_text: str, table: bytes) -> list[str]:
    return ascii_text.encode().translate(table).decode().split()


def words_of(text: str, *, fold_case: bool = False) -> list[str]:
    """The words of a text in order: what ``\\w+`` finds in it, or in ``text.casefold()``."""
    plain = set_plainly(text)
    if plain.isascii():
        return _split(plain, _IN_SMALL_WORDS if fold_case else _IN_WORDS)
    return _WORD.findall(text.casefold() if fold_case else text)


def fold(text: str) -> str:
    """Lower-case words without accents, marks or punctuation, one blank between: ``'“Żółty” kot.'`` -> ``'zołty kot'``.

    Letters that Unicode does not decompose (ł, ø, đ) stay as they are: equal printings stay equal all the same.
    """
    plain = set_plainly(text.replace("’", "").replace("'", ""))
    if plain.isascii():
        return " ".join(_split(plain, _FOLDED))
    plain = _NOT_LATIN.sub(_without_combining, unicodedata.normalize("NFKD", plain))
    return _NOT_WORD.sub(" ", plain.casefold()).strip()


def _without_combining(found: re.Match[str]) -> str:
    return _without_combining_of(found.group())


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
_LETTERS = str.maketrans(
    {
        "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th",
        "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ß": "ss", "ı": "i", "ħ": "h", "Ħ": "H", "ŋ": "n", "Ŋ": "N",
    }
)  # fmt: skip
_TRANSLITERATE = _LETTERS | str.maketrans({"’": "", "'": "", "–": "-", "—": "-"})
# Scripts whose letters take accents; others have marks that make another letter (が is no か).
_ACCENTED = "\u00c0-\u052f\u1e00-\u1fff"
_WITH_ACCENTS = re.compile(f"[{_ACCENTED}\u0300-\u036f]+")


def unaccented(text: str) -> str:
    """The text with plain letters: ``'Søren Ødegård’s'`` -> ``'Soren Odegard’s'``. All else stays as it is."""
    return text if set_plainly(text).isascii() else _WITH_ACCENTS.sub(_plain_letters, text)


def _plain_letters(found: re.Match[str]) -> str:
    return _without_combining_of(unicodedata.normalize("NFD", found.group().translate(_LETTERS)))


def _without_combining_of(text: str) -> str:
    return "".join(char for char in text if not unicodedata.combining(char))


@cache
def _accented_forms() -> dict[str, str]:
    """Letter, or pair of letters, in lower case -> the accented letters that ``unaccented`` makes it of."""
    forms: dict[str, str] = {}
    for code in (*range(0xC0, 0x530), *range(0x1E00, 0x2000)):
        plain = unaccented(chr(code)).lower()
        if plain and plain != chr(code).lower():
            forms[plain] = forms.get(plain, "") + chr(code)
    return forms


def letters_like(letter: str) -> set[str]:
    """The letter in lower case, and those that are the same but for accents: ``'o'`` -> ``{'o', 'ø', 'ö', …}``."""
    plain = unaccented(letter).lower()
    return {plain, *_accented_forms().get(plain, "").lower()}


def accent_blind(word: str) -> str:
    """A regular expression, for use without regard to case, of the word with whatever accents on its letters."""
    forms = _accented_forms()
    plain = unaccented(word).lower()
    pieces = []
    place = 0
    while place < len(plain):
        pair, letter = plain[place : place + 2], plain[place]
        one = f"[{re.escape(letter)}{forms.get(letter, '')}][\u0300-\u036f]*"
        if len(pair) == 2 and pair in forms:
            other = f"[{re.escape(pair[1])}{forms.get(pair[1], '')}][\u0300-\u036f]*"
            pieces.append(f"(?:{one}{other}|[{forms[pair]}])")
            place += 2
        else:
            pieces.append(one)
            place += 1
    return "".join(pieces)
