"""What a file is, is told by its content, whatever it is called and whatever it is wrapped in."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import lzma
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from newsroom.ingest.readers import CSV, HTML, JSON, MAIL, PLAIN, Incoming, Limits, open_source, restore
from newsroom.ingest.worker import process

STORY = "Ferry stays in port\n\nThe ferry to Ostrel stayed in port on Monday, the harbour office said. " * 3
PAGE = "<!DOCTYPE html><html><head><title>Ferry</title></head><body><p>The ferry stayed.</p></body></html>"
RECORDS = [{"title": "Ferry stays", "text": STORY}, {"title": "Tram runs", "text": "The tram ran.\nOn time."}]


def read(data: bytes, *, limits: Limits | None = None) -> list[Incoming]:
    return list(open_source(["-"], stdin=io.BytesIO(data), limits=limits or Limits()))


def table(delimiter: str) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, ["title", "text"], delimiter=delimiter)
    writer.writeheader()
    writer.writerows(RECORDS)
    return out.getvalue().encode()


def warc() -> bytes:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    for status, kind in (
        ("200 OK", "text/html; charset=utf-8"),
        ("404 Not Found", "text/html"),
        ("200 OK", "image/png"),
    ):
        headers = StatusAndHeaders(status, [("Content-Type", kind)], protocol="HTTP/1.1")
        writer.write_record(
            writer.create_warc_record(
                "https://gull.example/ferry",
                "response",
                payload=io.BytesIO(PAGE.encode()),
                http_headers=headers,
                warc_headers_dict={"WARC-Date": "2026-11-20T10:00:00Z"},
            )
        )
    return out.getvalue()


KINDS: dict[str, tuple[bytes, list[str]]] = {
    "text": (STORY.encode(), [PLAIN]),
    "html": (PAGE.encode(), [HTML]),
    "html in utf-16": (PAGE.encode("utf-16"), [HTML]),
    "json lines": ("\n".join(map(json.dumps, RECORDS)).encode(), [JSON, JSON]),
    "json list": (json.dumps(RECORDS, indent=1).encode(), [JSON, JSON]),
    "json object": (json.dumps(RECORDS[0], indent=1).encode(), [JSON]),
    "csv": (table(","), [CSV, CSV]),
    "semicolons": (table(";"), [CSV, CSV]),
    "tsv": (table("\t"), [CSV, CSV]),
    "tsv in utf-16": (table("\t").decode().encode("utf-16"), [CSV, CSV]),
    "parts": (STORY.encode() + b"\n\x0c\n" + STORY.encode(), [PLAIN, PLAIN]),
    "mailbox": (
        (
            b"From a@b Mon Nov  2 10:00:00 2026\nSubject: Ferry\nDate: Mon, 2 Nov 2026 10:00:00 +0000\n\nIt stayed.\n\n"
            b"From c@d Mon Nov  2 11:00:00 2026\nSubject: Tram\nFrom: c@d\n\nIt ran.\n"
        ),
        [MAIL, MAIL],
    ),
    "warc": (warc(), [HTML]),
}
WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "bare": lambda data: data,
    "gzip": gzip.compress,
    "two gzips": lambda data: gzip.compress(data[:50]) + gzip.compress(data[50:]) + b"\0" * 20,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zstandard": lambda data: zstandard.compress(data[:50]) + zstandard.compress(data[50:]),
    "zip": lambda data: zipped({"a.bin": data}),
    "tar.xz": lambda data: lzma.compress(tarred({"a.bin": data})),
    "zip in a tar": lambda data: tarred({"b": zipped({"a.bin": data})}),
}


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def tarred(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return out.getvalue()


@pytest.mark.parametrize("wrapper", WRAPPERS)
@pytest.mark.parametrize("kind", KINDS)
def test_kind_is_told_by_content_in_whatever_it_is_wrapped(kind, wrapper):
    data, media_types = KINDS[kind]
    found = read(WRAPPERS[wrapper](data))
    assert [(document.problem, document.media_type) for document in found] == [("", kind) for kind in media_types]
    assert all(process(document).problem is None for document in found)


def test_file_and_standard_input_give_the_same_documents(tmp_path: Path):
    for number, (data, _) in enumerate(KINDS.values()):
        (tmp_path / f"{number}.txt").write_bytes(data)
        from_file = list(open_source([str(tmp_path / f"{number}.txt")], stdin=None, limits=Limits()))
        assert [document.data for document in from_file] == [document.data for document in read(data)]


@pytest.mark.parametrize("kind", KINDS)
def test_document_reads_the_same_again_from_what_is_kept_of_it(kind):
    for document in read(KINDS[kind][0]):
        outcome = process(document)
        kept = json.loads(json.dumps(outcome.meta))
        assert process(restore(outcome.name, outcome.data or b"", outcome.media_type, kept)) == outcome


def test_members_and_records_are_named_by_their_place():
    archive = zipped({"2026/rows.csv": table(","), "2026/dump.txt": b"one\n\x0c\ntwo", ".DS_Store": b"x", "d/": b""})
    assert [document.name for document in read(archive)] == [
        "standard input/2026/rows.csv, row 2",
        "standard input/2026/rows.csv, row 3",
        "standard input/2026/dump.txt, part 1",
        "standard input/2026/dump.txt, part 2",
    ]


def test_record_keeps_its_bytes_and_place():
    data = b'{"text": "a"}\n\n{"text": "b"}\r\n'
    assert [(record.data, record.offset, record.line) for record in read(data)] == [
        (b'{"text": "a"}', 0, 1),
        (b'{"text": "b"}', 15, 3),
    ]


def test_address_and_time_of_a_fetched_page_are_kept_beside_its_bytes():
    [page] = read(warc())
    assert (page.data, page.hints.url, page.hints.charset) == (PAGE.encode(), "https://gull.example/ferry", "utf-8")
    assert page.meta()["retrieved_at"] == "2026-11-20T10:00:00Z"


@pytest.mark.parametrize(
    "text",
    [
        "{sic} is what the mayor wrote.",
        "[Photo: the old pier]\nThe pier will go.",
        "Text, body and soul: a review\nIt is long.",
        "From the harbour, a view\nIt is wide.",
        "<b>Bold</b> words about HTML, such as <p>.",
    ],
)
def test_prose_that_begins_like_something_else_is_prose(text):
    assert [document.media_type for document in read(text.encode())] == [PLAIN]


def test_table_without_a_column_of_text_is_one_problem(tmp_path: Path):
    (tmp_path / "rows.csv").write_text("id,name\n1,Venn\n2,Quill\n", encoding="utf-8")
    [found] = open_source([str(tmp_path / "rows.csv")], stdin=None, limits=Limits())
    assert "without a column of text" in found.problem
    assert "id,name" in found.problem


def test_page_break_before_words_parts_no_document():
    assert len(read(b"page one of the report\n\x0cpage two of it")) == 1


def test_unclosed_quotation_mark_costs_one_row():
    found = read(b'title,text\nz,"two\nlines"\nc,5" pipe\na,"never closed\nb,fine\n')
    assert [(row.name.split(", ")[1], bool(row.problem)) for row in found] == [
        ("row 2", False),
        ("row 3", False),
        ("row 4", True),
        ("row 5", False),
    ]
