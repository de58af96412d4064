"""Bytes to clean text: encoding, mojibake, control characters, newlines, Unicode form."""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass

import ftfy
from charset_normalizer import from_bytes
from ftfy.badness import BADNESS_RE

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_TYPOGRAPHIC = "“”‘’–—…•\u00a0"
_VISIBLE = bytes([ord("\t"), ord("\n"), *range(0x20, 0x7F)])
_SAVE, _UNPACK, _LEAVE = "save it as text or HTML first", "unpack it first", "leave it out"
_MAGIC = (
    (b"%PDF-", "a PDF file", _SAVE),
    (b"\x89PNG", "a PNG picture", _LEAVE),
    (b"\xff\xd8\xff", "a JPEG picture", _LEAVE),
    (b"GIF8", "a GIF picture", _LEAVE),
    (b"PK\x03\x04", "a ZIP archive or office document", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", _UNPACK),
    (b"Rar!\x1a", "a RAR archive", _UNPACK),
    (b"\xd0\xcf\x11\xe0", "an old office document", _SAVE),
    (b"{\\rtf", "an RTF document", _SAVE),
    (b"\x1f\x8b", "a gzip archive", _UNPACK),
    (b"BZh", "a bzip2 archive", _UNPACK),
    (b"\xfd7zXZ\x00", "an xz archive", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive", _UNPACK),
    (b"\x7fELF", "a program", _LEAVE),
    (b"SQLite format 3\x00", "an SQLite database", _LEAVE),
)
_LINE_ENDS = ("\r\n", *"\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")
# What neither a database nor XML takes, and what only hides in text: C0/C1 controls but tab and newline,
# lone surrogates, non-characters, byte order marks inside the text.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
# Where many combining marks could stand in a row.
_MARKS = re.compile(r"[^\w\s\x00-\x7f]{31,}")
_MOST_MARKS = 30
_CONTROL_BYTE = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_CONTROL_BYTES = b"".join(_CONTROL_BYTE.findall(bytes(range(256))))
_UTF8_SEQUENCE = re.compile(rb"[\xc2-\xf4][\x80-\xbf]")
_STRAY_BYTES = "newsroom.windows"
# Enough to tell an encoding by, and short enough to stay quick on large files.
_SAMPLE = 50_000
_MAX_CONTROL_SHARE = 0.01
_DECLARED = re.compile(
    rb"""<(?:\?xml|meta)\b[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE
)
# Where browsers look; here four times as far, since much has grown since.
_DECLARED_WITHIN = 4096
_ESCAPING = frozenset({"iso2022_jp", "iso2022_jp_1", "iso2022_jp_2", "iso2022_kr", "hz"})
_LATIN = frozenset({"iso8859-1", "ascii", "latin-1"})
_NO_ENCODINGS = frozenset(
    {"utf-7", "unicode-escape", "raw-unicode-escape", "punycode", "idna", "undefined", "mbcs", "oem"}
)
_LEAST_WIDE = 20


class NotTextError(ValueError):
    """The bytes hold no text. ``offset``: of the byte that shows it; ``line``: its line, from 1; None if not one place."""

    def __init__(self, reason: str, offset: int | None = None, line: int | None = None) -> None:
        super().__init__(reason)
        self.offset = offset
        self.line = line


@dataclass(frozen=True, slots=True)
class Decoded:
    """``text`` has ``\\n`` line ends, no control characters, and is in NFC; ``mended``: mojibake was undone."""

    text: str
    encoding: str
    mended: bool


def decode(data: bytes, declared: str = "", *, markup: bool = False) -> Decoded:
    """The text of a dump, whatever encoding it came in. Raises ``NotTextError`` if it is empty or no text.

    The encoding is that of the byte order mark, else UTF-8 if the bytes are that (few others are so by chance), else the
    ``declared`` one, with ``markup`` also the one declared in its head, else the likeliest.
    """
    if not data.strip(b" \t\r\n\v\f\x00"):
        holds = "zero bytes: it was perhaps never written to the end" if b"\x00" in data else "blanks and empty lines"
        raise NotTextError(f"holds nothing but {holds}" if data else "is empty: no byte is in it")
    for magic, kind, instead in _MAGIC:
        if data.startswith(magic):
            raise NotTextError(f"is {kind}, not text: {instead}", 0, 1)
    text, encoding = _to_unicode(data, declared or (_declared_inside(data) if markup else ""))
    if _is_plain(text) and not text.isspace():
        return Decoded(text, encoding, False)
    text, mended = mend(text)
    text = clean(text)
    if not text.strip():
        raise NotTextError("holds nothing but blanks and control characters")
    return Decoded(text, encoding, mended)


def _is_plain(text: str) -> bool:
    """Whether the text holds only what English is set with, and so nothing to mend nor to clean. Most do."""
    text = _without_typography(text)
    return text.isascii() and not text.encode().translate(None, _VISIBLE)


def _without_typography(text: str) -> str:
    for mark in _TYPOGRAPHIC:
        text = text.replace(mark, "")
    return text


def mend(text: str) -> tuple[str, bool]:
    """``text`` with mojibake undone (UTF-8 once or several times read as something else), and whether there was any."""
    if not _is_bad(text):
        return text, False
    fixed = ftfy.fix_encoding(text)
    return fixed, fixed != text


# As far as what ftfy takes for mojibake reaches beyond the line that holds one of its letters.
_REACH = 8


def _is_bad(text: str) -> bool:
    """`ftfy.badness.is_bad`. Mojibake holds letters beyond ASCII: the long look at them is spared where there are none, which is in most lines."""
    place = 0
    for line in text.splitlines(keepends=True):
        start, place = place, place + len(line)
        if not (line.isascii() or _without_typography(line).isascii()) and BADNESS_RE.search(
            text, max(0, start - _REACH), place + _REACH
        ):
            return True
    return False


def sniff(head: bytes) -> str:
    """The encoding of a file that begins with ``head``, to be declared for its records; "" if that is UTF-8 or open."""
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        # A character may be cut in two at the end.
        if error.start < len(head) - 3:
            try:
                return _to_unicode(head, "")[1].replace("utf-8", "")
            except NotTextError:
                return ""
    return ""


def clean(text: str) -> str:
    """``text`` with one kind of line end, without control characters and lone surrogates, in NFC."""
    for end in _LINE_ENDS:
        text = text.replace(end, "\n")
    text = _CONTROL.sub("", text)
    if any(map(_may_hold_marks, text.split("\n"))):
        text = _MARKS.sub(_stream_safe, text)
    return unicodedata.normalize("NFC", text)


def _may_hold_marks(line: str) -> bool:
    """Whether a line has as many characters beyond ASCII as would be too many marks."""
    return not line.isascii() and len(line) - len(line.encode("ascii", "ignore")) > _MOST_MARKS


def _stream_safe(run: re.Match[str]) -> str:
    """At most 30 combining marks in a row, as Unicode's stream-safe format has it (UAX 15): more take quadratic time to sort."""
    kept, marks = [], 0
    for char in run.group():
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks <= _MOST_MARKS:
            kept.append(char)
    return "".join(kept)


def _to_unicode(data: bytes, declared: str) -> tuple[str, str]:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            try:
                return data.decode(encoding), encoding
            except UnicodeDecodeError as error:
                raise NotTextError(
                    f"begins like {encoding} text but is damaged", error.start, _line(data, error.start)
                ) from error
    named = _known(declared)
    if named in _ESCAPING or named.startswith("utf-16"):
        # In these, text of other alphabets consists of the bytes of ASCII.
        try:
            return data.decode(named), named
        except UnicodeDecodeError:
            named = ""
    wide = _wide(data[:_SAMPLE])
    if wide:
        return data.decode(wide, errors="replace"), wide
    _refuse_binary(data)
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        if named and named != "utf-8":
            try:
                return data.decode(named), named
            except UnicodeDecodeError:
                pass
        return _detected(data, error)


def _declared_inside(data: bytes) -> str:
    """The encoding that an HTML or XML document declares in its first bytes."""
    found = _DECLARED.search(data[:_DECLARED_WITHIN])
    return found.group(1).decode("ascii") if found else ""


def _known(label: str) -> str:
    """The codec for a label, as browsers read it: what calls itself Latin-1 is Windows' western encoding. "" if there is none."""
    try:
        codec = codecs.lookup(label.strip()) if label.strip().isascii() else None
    except (LookupError, ValueError):
        return ""
    if codec is None or codec.name.replace("_", "-") in _NO_ENCODINGS or not getattr(codec, "_is_text_encoding", True):
        return ""
    return "cp1252" if codec.name in _LATIN else codec.name


def _wide(sample: bytes) -> str:
    """UTF-16 without its mark shows by zeros in every other place; "" if there are none."""
    half = len(sample) // 2
    if half < _LEAST_WIDE:
        return ""
    even, odd = sample[0 : 2 * half : 2].count(0), sample[1 : 2 * half : 2].count(0)
    if odd > 0.4 * half and even < 0.02 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 * half and odd < 0.02 * half else ""


def _refuse_binary(data: bytes) -> None:
    sample = data[:_SAMPLE]
    controls = len(sample) - len(sample.translate(None, _CONTROL_BYTES))
    if controls > _MAX_CONTROL_SHARE * len(sample):
        first = _CONTROL_BYTE.search(sample)
        assert first is not None
        raise NotTextError(
            f"is not text: byte 0x{first.group()[0]:02X} at offset {first.start():,}; convert it first, or leave it out",
            first.start(),
            _line(data, first.start()),
        )


def _detected(data: bytes, error: UnicodeDecodeError) -> tuple[str, str]:
    """Text in an encoding that has to be told from its bytes; ``error`` is where it stopped being UTF-8."""
    stray = data.decode("utf-8", errors="replace").count("\ufffd")
    multibyte = len(_UTF8_SEQUENCE.findall(data))
    if multibyte > 3 * stray:
        return data.decode("utf-8", errors=_STRAY_BYTES), "utf-8"
    match = from_bytes(data[:_SAMPLE]).best()
    if match is None:
        raise NotTextError(
            f"is in no encoding that could be told: byte 0x{data[error.start]:02X} at offset {error.start:,}",
            error.start,
            _line(data, error.start),
        )
    # Among encodings that read alike, news pages in English come in Windows' western one.
    encoding = "cp1252" if "cp1252" in {match.encoding, *match.could_be_from_charset} else match.encoding
    return data.decode(encoding, errors="replace"), encoding


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    """Decoding error handler: bytes that are not UTF-8 in a text that is came from a Windows editor."""
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", errors="replace"), error.end


codecs.register_error(_STRAY_BYTES, _as_windows)


def _line(data: bytes, offset: int) -> int:
    return data.count(b"\n", 0, offset) + 1
