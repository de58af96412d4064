"""Archives made to do harm, and broken ones: refused or bounded, named once, and the rest is read."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import tarfile
import tracemalloc
import zipfile
from typing import BinaryIO, cast

import pytest
import zstandard
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from newsroom.ingest.readers import Incoming, Limits, open_source
from newsroom.ingest.worker import process
from tests.ingest.test_kinds import KINDS, WRAPPERS, read, tarred, zipped

COMPRESS = {"gzip": gzip.compress, "bzip2": bz2.compress, "xz": lzma.compress, "zstandard": zstandard.compress}
MEGABYTE = 1_000_000


def problems(found: list[Incoming]) -> list[str]:
    return [document.problem for document in found if document.problem]


def peak_of(data: bytes, limits: Limits | None = None) -> tuple[list[Incoming], int]:
    tracemalloc.start()
    found = read(data, limits=limits)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return found, peak


@pytest.mark.parametrize("name", COMPRESS)
def test_bomb_is_stopped_in_little_memory(name):
    lines = b"The same line again and again, far too often.\n" * 2_000
    [found], peak = peak_of(COMPRESS[name](lines * 50), Limits(document=MEGABYTE))
    assert "larger than 1,000,000 bytes" in found.problem
    assert peak < 40 * MEGABYTE


@pytest.mark.parametrize("name", COMPRESS)
def test_table_that_swells_beyond_the_ratio_gives_its_rows_and_one_problem(name):
    data = COMPRESS[name](b'{"text": "one"}\n' + b" " * 80 * MEGABYTE)
    found, peak = peak_of(data, Limits(document=MEGABYTE))
    assert found[0].data == b'{"text": "one"}'
    assert "larger than" in found[1].problem or "times its size" in found[1].problem
    assert "times its size" in found[-1].problem
    assert len(found) <= 3
    assert peak < 40 * MEGABYTE


def test_all_layers_of_a_file_share_what_may_be_unpacked():
    found = read(zipped({f"{number}.txt": b"word " * 1000 for number in range(9)}), limits=Limits(unpacked=12_000))
    assert [bool(document.problem) for document in found] == [False] * 2 + [True] * 7
    assert "NEWSROOM_IMPORT_MAX_UNPACKED_BYTES" in found[-1].problem


def test_nesting_is_bounded():
    data = b"deep"
    for _ in range(6):
        data = gzip.compress(data)
    [found] = read(data)
    assert "NEWSROOM_IMPORT_MAX_NESTING" in found.problem


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_number_of_members_is_bounded(pack):
    found = read(pack({f"{number}.txt": b"word" for number in range(9)}), limits=Limits(members=5))
    assert "NEWSROOM_IMPORT_MAX_MEMBERS" in found[-1].problem
    assert len(problems(found)) == 1


@pytest.mark.parametrize("name", ["../up.txt", "/etc/passwd", "a/../../up", "C:\\x.txt", "..\\up.txt"])
@pytest.mark.parametrize("pack", [zipped, tarred])
def test_name_that_leads_out_is_refused_and_the_rest_is_read(name, pack):
    found = read(pack({name: b"bad", "good.txt": b"good"}))
    assert [document.data for document in found] == [None, b"good"]
    assert "leads out of its archive" in found[0].problem


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_name_of_any_bytes_can_be_stored(pack):
    [found] = read(pack({"a\x01b\udcffc\n.txt" if pack is tarred else "a\x01b\n.txt": b"The ferry stayed."}))
    assert found.data == b"The ferry stayed."
    assert found.name.isprintable()


def test_links_and_devices_in_a_tar_are_refused_one_by_one():
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE):
            member = tarfile.TarInfo(f"odd{kind.decode()}")
            member.type, member.linkname = kind, "/etc/passwd"
            archive.addfile(member)
    out.seek(0)
    found = read(out.getvalue() + tarred({}))
    assert len(problems(found)) == 4


def test_link_in_a_zip_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert "link" in problems(read(out.getvalue()))[0]


def test_office_document_is_named_as_such():
    [found] = read(zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}))
    assert "office document" in found.problem


@pytest.mark.parametrize("name", COMPRESS)
def test_truncated_compression_gives_the_records_before_and_one_problem(name):
    records = [json.dumps({"text": f"Record {number}: " + str(number**9) * 40}) for number in range(3_000)]
    data = COMPRESS[name]("\n".join(records).encode())
    found = read(data[: len(data) * 2 // 3])
    assert len(problems(found)) == 1
    assert "ends early" in found[-1].problem
    assert [document.data for document in found[:-1]] == [record.encode() for record in records[: len(found) - 1]]
    assert len(found) > (1 if name in ("bzip2", "zstandard") else 100)


@pytest.mark.parametrize("pack", [zipped, tarred, lambda members: gzip.compress(tarred(members))])
def test_truncated_archive_gives_the_members_before_and_one_problem(pack):
    members = {f"{number}.txt": (f"Story {number}. " + str(number**99) * 50).encode() for number in range(1, 10)}
    data = pack(members)
    found = read(data[: len(data) // 2])
    whole = [document.data for document in found if not document.problem]
    assert whole == list(members.values())[: len(whole)]
    assert len(whole) >= 3
    assert len(problems(found)) == 1


def test_truncated_text_keeps_what_came():
    data = gzip.compress(bytes(range(32, 127)) * 300 + str(7**5000).encode())
    [found] = read(data[:-40])
    assert found.data
    assert "ends early" in found.problem


def test_damaged_member_costs_itself_alone():
    data = bytearray(zipped({"a.txt": b"first " * 50, "b.txt": b"second", "c.txt": b"third"}))
    place = data.find(b"a.txt") + len(b"a.txt")
    data[place + 4 : place + 8] = b"\xff\xff\xff\xff"
    found = read(bytes(data))
    assert [document.name[-5:] for document in found] == ["a.txt", "b.txt", "c.txt"]
    assert [bool(document.problem) for document in found] == [True, False, False]


class Endless:
    """A stream of 2 GB in one line, between two records; the memory it takes is that of one block."""

    def __init__(self) -> None:
        self._parts = iter([b'{"text": "first"}\n{"text": "', *[b" " * MEGABYTE] * 2_000, b'"}\n{"text": "last"}\n'])

    def read(self, size: int = -1, /) -> bytes:
        return next(self._parts, b"")


def test_line_of_two_gigabytes_is_passed_over():
    source = open_source(["-"], stdin=cast("BinaryIO", Endless()), limits=Limits())
    tracemalloc.start()
    found = list(source)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [document.data for document in found] == [b'{"text": "first"}', None, b'{"text": "last"}']
    assert (found[1].line, found[1].offset) == (2, 18)
    assert found[2].line == 3
    assert peak < 60 * MEGABYTE


def test_billion_laughs_do_not_laugh():
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    page = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{entities}]><html><body><p>So it goes. &l9;</p></body></html>'
    outcome = process(read(page.encode())[0])
    assert len(outcome.text) < 10_000


@hypothesis_settings(deadline=None, max_examples=150)
@given(
    st.sampled_from(sorted(KINDS)),
    st.sampled_from(sorted(WRAPPERS)),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(max_size=4)), max_size=4),
    st.floats(0.2, 1),
)
def test_damage_of_any_kind_is_answered(kind, wrapper, faults, length):
    data = bytearray(WRAPPERS[wrapper](KINDS[kind][0]))
    for place, fault in faults:
        at = int(place * len(data))
        data[at : at + len(fault)] = fault
    for document in read(bytes(data[: int(length * len(data))])):
        outcome = process(document)
        assert outcome.problem is None or "fault of the program" not in outcome.problem.reason
        assert document.data is not None or document.problem
