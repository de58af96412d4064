"""``manage.py export`` writes what is public, whole or not at all, and its manifest is true."""

import csv
import hashlib
import json
import tomllib
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

import newsroom
from newsroom import exporting
from tests.factories import make_article, make_list, make_quote, make_speaker
from tests.site.test_markup import HOSTILE
from tests.site.world import World, make_world

TABLES = ("articles", "quotes", "speakers", "lists")


@pytest.fixture
def world(db: None) -> World:
    return make_world(2)


def _export(folder: Path, form: str = "jsonl", *options: str) -> dict[str, list[dict]]:
    call_command("export", "--out", str(folder), "--format", form, *options, verbosity=0)
    if form == "csv":
        return {
            name: list(csv.DictReader((folder / f"{name}.csv").open(encoding="utf-8", newline=""))) for name in TABLES
        }
    return {
        name: [json.loads(line) for line in (folder / f"{name}.jsonl").read_text("utf-8").split("\n")[:-1]]
        for name in TABLES
    }


@pytest.mark.parametrize("form", exporting.FORMATS)
def test_manifest_is_true(world: World, tmp_path: Path, form: str) -> None:
    found = _export(tmp_path / "out", form)
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["generator"] == {"name": "newsroom", "version": newsroom.VERSION}
    assert (manifest["scope"], manifest["format"]) == ("public", form)
    assert len(manifest["files"]) == len(TABLES)
    for said in manifest["files"]:
        data = (tmp_path / "out" / said["name"]).read_bytes()
        assert said["sha256"] == hashlib.sha256(data).hexdigest()
        assert said["bytes"] == len(data)
        rows = found[said["name"].partition(".")[0]]
        assert said["rows"] == len(rows) > 0
        assert said["columns"] == list(rows[0])
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_both_forms_hold_the_same(db: None, tmp_path: Path) -> None:
    make_world(hostile=HOSTILE)
    lines, table = _export(tmp_path / "a"), _export(tmp_path / "b", "csv")
    for name in TABLES:
        flat = [
            {key: json.dumps(value, ensure_ascii=False) if isinstance(value, list) else "" if value is None else str(value)
             for key, value in row.items()} for row in lines[name]
        ]  # fmt: skip
        assert flat == table[name]


def test_quote_stands_where_the_export_says(world: World, tmp_path: Path) -> None:
    found = _export(tmp_path / "out")
    texts = {article["slug"]: article["text"] for article in found["articles"]}
    placed = [quote for quote in found["quotes"] if quote["article"]]
    assert placed
    assert all(texts[quote["article"]][quote["start"] : quote["end"]] == quote["text"] for quote in placed)


def test_only_what_is_public_unless_all_is_asked_for(world: World, tmp_path: Path) -> None:
    draft = make_article("The quagmire files", state="draft")
    make_quote("We sank the quagmire boat.", article=draft, speaker=make_speaker("Ida Quagmire"))
    make_quote("A quagmire.", article=make_article(body="Nothing here."), review_state="rejected")
    make_quote("Nobody knows.", review_state="verified", review_note="quagmire, for the desk only")
    make_list("Quagmire list", is_published=False)
    assert "quagmire" not in json.dumps(_export(tmp_path / "public")).lower()
    everything = _export(tmp_path / "all", "jsonl", "--all")
    for name in TABLES:
        assert "quagmire" in json.dumps(everything[name]).lower(), name


def test_folder_that_holds_something_is_left_alone(world: World, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(CommandError, match="not an empty folder"):
        _export(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_export_that_breaks_off_leaves_nothing(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_everything: bool) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(exporting.TABLES, "lists", full)
    with pytest.raises(CommandError, match="No space left"):
        _export(tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_queries_do_not_grow_row_by_row(db: None, tmp_path: Path, django_assert_max_num_queries: object) -> None:
    make_world(20)
    with django_assert_max_num_queries(12):
        _export(tmp_path / "out")


def test_version_is_the_projects() -> None:
    project = Path(newsroom.__file__).parent.parent / "pyproject.toml"
    assert tomllib.loads(project.read_text())["project"]["version"] == newsroom.VERSION
