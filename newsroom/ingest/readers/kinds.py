"""What a stream of bytes is, told from its first bytes; the name only helps where the bytes leave it open."""

from __future__ import annotations

import codecs
import csv
import json
import re
from typing import Literal

Kind = Literal[
    "gzip", "bzip2", "xz", "zstandard", "zip", "tar", "warc", "json lines", "json list", "json", "table", "mail", "html",
    "text",
]  # fmt: skip
# So many bytes are looked at. A first line that is longer is not recognised as a record or heading.
HEAD = 1 << 16

_MAGIC: tuple[tuple[bytes, Kind], ...] = (
    (b"\x1f\x8b\x08", "gzip"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstandard"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"WARC/", "warc"),
)
_BZIP2 = re.compile(rb"BZh[1-9](?:1AY&SY|\x17\x72\x45\x38\x50\x90)")
_ZSTD_SKIPPABLE = re.compile(rb"[\x50-\x5f]\x2a\x4d\x18")
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|title|article|main|section|div|p|h1)\b"
    r"|\s*<(?:\?xml|!doctype|rss|feed|nitf|newsml)\b",
    re.IGNORECASE | re.DOTALL,
)
_TAG = re.compile(r"</?(?:p|div|span|a|br|li|h[1-6]|article|section|td)\b[^<>]*>", re.IGNORECASE)
# A text that is markup all the same has so many tags among its first characters; prose about HTML has a few.
_MANY_TAGS = 8
_MAIL = re.compile(rb"From \S+.*\r?\n(?:[!-9;-~]+:.*\r?\n(?:[ \t].*\r?\n)*){2}")
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
DELIMITERS = ",\t;|"
_TABLE_NAME = re.compile(r"\.(?:csv|tsv|tab)(?:\.(?:gz|bz2|xz|lzma|zst))*\Z", re.IGNORECASE)
_NAME = re.compile(r"[\w .:/()#-]{1,60}")

# Spellings of columns and keys, letters and digits alone, in the order in which they are believed.
COLUMNS: dict[str, tuple[str, ...]] = {
    "text": (
        "text", "body", "content", "articletext", "articlebody", "articlecontent", "fulltext", "maintext", "bodytext",
        "plaintext", "cleantext", "textcontent", "contenttext", "rawtext", "article", "story", "storytext", "dump",
    ),
    "html": ("html", "rawhtml", "bodyhtml", "contenthtml", "articlehtml", "pagehtml", "fullhtml", "htmlcontent"),
    "url": (
        "url", "sourceurl", "articleurl", "canonicalurl", "pageurl", "weburl", "permalink", "link", "links", "uri",
        "href", "loc",
    ),
    "title": ("title", "headline", "articletitle", "pagetitle", "headlines", "heading", "head", "subject"),
    "published": (
        "published", "publishedat", "publishedon", "publishedtime", "publisheddate", "datepublished", "publicationdate",
        "publishdate", "publishtime", "pubdate", "articledate", "date", "datetime", "time", "timestamp",
    ),
    "authors": ("authors", "author", "authorname", "authornames", "byline", "by", "creator", "writer", "journalist"),
    "publisher": (
        "publisher", "publishername", "publication", "outlet", "newspaper", "sitename", "site", "sourcename", "source",
        "media", "domain",
    ),
    "retrieved_at": (
        "retrievedat", "retrieved", "crawledat", "crawldate", "scrapedat", "scrapedate", "fetchedat", "datedownload",
        "downloadedat", "dateaccessed", "accessedat",
    ),
}  # fmt: skip
_MEANING = {spelling: meaning for meaning, spellings in COLUMNS.items() for spelling in spellings}


def meaning_of(column: str) -> str:
    """Which of ``COLUMNS`` a column's or key's name stands for; "" for none."""
    return _MEANING.get("".join(char for char in column.casefold() if char.isalnum()), "")


def kind_of(head: bytes, name: str) -> Kind:
    """The kind of what begins with ``head`` (up to ``HEAD`` bytes of it) and is called ``name``."""
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if _BZIP2.match(head):
        return "bzip2"
    if _ZSTD_SKIPPABLE.match(head):
        return "zstandard"
    if is_tar(head):
        return "tar"
    if _MAIL.match(head):
        return "mail"
    return _text_kind(readable(head), name)


def is_tar(head: bytes) -> bool:
    """Whether a tar header stands there: its magic word, or, in the old format without one, a checksum that is right."""
    if head[257:262] == b"ustar":
        return True
    try:
        checksum = int(head[148:156].strip(b" \0") or b"x", 8)
    except ValueError:
        return False
    return len(head) >= 512 and checksum == sum(head[:148]) + sum(head[156:512]) + 8 * 32 and any(head[:100])


def readable(head: bytes) -> str:
    """The beginning as text, good enough to tell what it is."""
    for mark, encoding in _UTF16.items():
        if head.startswith(mark):
            return head[2:].decode(encoding, errors="replace")
    return head.removeprefix(codecs.BOM_UTF8).decode("utf-8", errors="replace")


def _text_kind(head: str, name: str) -> Kind:
    shown = head.lstrip()
    if shown.startswith("{"):
        return _json_kind(shown)
    if shown.startswith("[") and shown[1:].lstrip().startswith("{"):
        return "json list"
    if is_html(head):
        return "html"
    heading = head.split("\n", 1)[0]
    if _TABLE_NAME.search(name) and any(len(columns_of(heading, delimiter)) > 1 for delimiter in DELIMITERS):
        return "table"
    return "table" if find_delimiter(heading, name) else "text"


def _json_kind(shown: str) -> Kind:
    first, more, rest = shown.partition("\n")
    try:
        record = json.loads(first)
    except (ValueError, RecursionError):
        # A record larger than what is looked at, or one that is spread over lines.
        if re.match(r"\{\s*\"[^\"\n]*\"\s*:", shown):
            return "json" if more else "json lines"
        return "text"
    if not isinstance(record, dict) or not record:
        return "text"
    return "json lines" if rest.strip() or any(meaning_of(key) for key in record) else "text"


def is_html(text: str) -> bool:
    """Whether a text is markup: it opens as a page does, or is dense with tags."""
    return bool(_HTML.match(text[:HEAD])) or len(_TAG.findall(text[:4000])) >= _MANY_TAGS


def find_delimiter(heading: str, name: str) -> str:
    """What separates the columns that ``heading`` names; "" if it does not look like the heading of a table.

    A heading has two columns or more, all of them short, with one of text or HTML among them, and another that is known
    unless the ``name`` says that this is a table.
    """
    called = bool(_TABLE_NAME.search(name))
    for delimiter in DELIMITERS if called else filter(heading.__contains__, DELIMITERS):
        columns = columns_of(heading, delimiter)
        known = {meaning_of(column) for column in columns} - {""}
        if (called or len(columns) > 1) and known & {"text", "html"} and (called or len(known) > 1):
            return delimiter
    return ""


def columns_of(heading: str, delimiter: str) -> list[str]:
    """The columns that a heading names; none if one of them does not look like a name."""
    try:
        columns = next(csv.reader([heading.strip("\ufeff\r\n")], delimiter=delimiter), [])
    except csv.Error:
        return []
    names = [column.strip() for column in columns]
    return names if all(_NAME.fullmatch(column) or not column for column in names) else []
