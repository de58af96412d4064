"""Documents from paths, lazily and in a stable order."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from newsroom.ingest.readers import Incoming, Limits, NothingToReadError, open_source


def names(*paths: object) -> list[str]:
    source = open_source([str(path) for path in paths], stdin=None, limits=Limits(document=100))
    return [Path(document.name).name for document in source]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.txt", "a.txt", "deep/c.txt", ".git/config", "deep/.hidden"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(name, encoding="utf-8")
    (tmp_path / "link.txt").symlink_to("/etc/hostname")
    return tmp_path


def test_directory_gives_files_below_sorted_without_hidden_ones_and_links(folder):
    assert names(folder) == ["a.txt", "b.txt", "c.txt"]


def test_glob_and_recursive_glob(folder):
    assert names(folder / "*.txt") == ["a.txt", "b.txt", "link.txt"]
    assert names(folder / "**" / "c.*") == ["c.txt"]


def test_file_whose_name_looks_like_a_pattern_is_a_file(tmp_path):
    (tmp_path / "what?.txt").write_text("x", encoding="utf-8")
    (tmp_path / "whats.txt").write_text("x", encoding="utf-8")
    assert names(tmp_path / "what?.txt") == ["what?.txt"]


def test_number_of_documents_is_known_without_reading_where_names_tell(folder):
    def expected(*paths: Path) -> int | None:
        return open_source([str(path) for path in paths], stdin=None, limits=Limits()).expected()

    assert expected(folder, folder / "a.txt") == 4
    (folder / "more.jsonl").write_text("{}", encoding="utf-8")
    assert expected(folder) is None


def test_standard_input_is_one_document():
    [document] = open_source(["-"], stdin=io.BytesIO(b"text"), limits=Limits(document=100))
    assert document == Incoming("standard input", b"text")


def test_too_large_document_comes_without_its_bytes(tmp_path):
    (tmp_path / "large").write_bytes(b"x" * 101)
    [document] = open_source([str(tmp_path / "large")], stdin=None, limits=Limits(document=100))
    assert document.data is None
    assert "larger than 100 bytes" in document.problem


def test_file_that_goes_between_listing_and_reading_is_a_problem_not_an_error(tmp_path):
    (tmp_path / "a").write_text("a", encoding="utf-8")
    (tmp_path / "b").write_text("b", encoding="utf-8")
    documents = iter(open_source([str(tmp_path / "a"), str(tmp_path / "b")], stdin=None, limits=Limits(document=100)))
    assert next(documents).data == b"a"
    assert next(documents).data == b"b"


@pytest.mark.parametrize("path", ["nowhere", "*.none", "/dev/null/x"])
def test_path_that_leads_nowhere_is_named(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NothingToReadError, match=r"nowhere|none|null"):
        open_source([path], stdin=None, limits=Limits(document=100))


def test_missing_standard_input_is_said():
    with pytest.raises(NothingToReadError, match="standard input"):
        open_source(["-"], stdin=None, limits=Limits(document=100))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("empty.zip", b"PK\x05\x06" + bytes(18)),
        ("heading.csv", b"title,text\n"),
        ("odd.warc", b"WARC/1.0\r\nnonsense\r\n\r\n"),
        ("info.warc", b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 0\r\n\r\n\r\n\r\n"),
    ],
)
def test_container_that_holds_nothing_does_not_vanish(name, data, tmp_path):
    (tmp_path / name).write_bytes(data)
    [found] = open_source([str(tmp_path / name)], stdin=None, limits=Limits())
    assert (found.name, found.data, found.size) == (str(tmp_path / name), None, len(data))
    assert "get it anew" in found.problem


@pytest.mark.skipif(os.geteuid() == 0, reason="root looks into everything")
def test_directory_that_cannot_be_looked_into_is_named(tmp_path):
    (tmp_path / "closed").mkdir(mode=0)
    [found] = open_source([str(tmp_path)], stdin=None, limits=Limits())
    assert (found.name, found.problem) == (str(tmp_path / "closed"), "cannot be read: Permission denied")


def test_directories_are_read_as_deep_as_paths_go(tmp_path):
    deep = [tmp_path / "d"]
    while len(deep) < 1_200:
        deep.append(deep[-1] / "d")
    for place in deep:
        place.mkdir()
    try:
        (deep[-1] / "a.txt").write_text("x", encoding="utf-8")
        assert names(tmp_path) == ["a.txt"]
        (deep[-1] / "a.txt").unlink()
    finally:
        for place in reversed(deep):  # deeper than what clears away after tests can go
            place.rmdir()
