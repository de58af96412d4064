"""``manage.py extract_quotes``: the engine on the command line, without a database."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

TEXT = 'Fares will rise.\n"The boats are late," said Mara Quill, the harbour master.\n'


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("extract_quotes", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "story.txt"
    path.write_text(TEXT, encoding="utf-16")
    return str(path)


def test_table_names_speaker_and_words(file):
    assert "Mara Quill" in run(file)
    assert "The boats are late" in run(file)


def test_json_lines_have_offsets_into_the_text(file):
    [quote] = map(json.loads, run(file, "--json").splitlines())
    assert TEXT[quote["start"] : quote["end"]] == quote["text"] == "The boats are late,"
    assert quote["role"] == "the harbour master"


def test_explanation_names_the_rule(file):
    [quote] = map(json.loads, run(file, "--json").splitlines())
    assert quote["rule"] in run(file, "--explain")


def test_standard_input_is_read(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode())))
    assert "Mara Quill" in run("-")


@pytest.mark.parametrize(("name", "message"), [("nowhere.txt", "cannot be read"), ("picture.txt", "is a PNG picture")])
def test_what_cannot_be_read_is_said_plainly(tmp_path, name, message):
    (tmp_path / "picture.txt").write_bytes(b"\x89PNG\r\n")
    with pytest.raises(CommandError, match=message) as caught:
        run(str(tmp_path / name))
    assert caught.value.returncode == 2
