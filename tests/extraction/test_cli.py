"""The command line shows what the engine found."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from quotes.extraction.cli import main, render

TEXT = '"The well is dry," said Ada Kern, a farmer.\nKern said that rain was expected.\n'


def test_table_names_speaker_cue_and_words() -> None:
    shown = render(TEXT)
    assert "Ada Kern" in shown
    assert "The well is dry," in shown
    assert shown.endswith("2 quotes, 2 with a speaker")


def test_json_lines_hold_every_field() -> None:
    rows = [json.loads(line) for line in render(TEXT, as_json=True).splitlines()]
    assert [row["speaker"] for row in rows] == ["Ada Kern", "Ada Kern"]
    assert rows[0]["role"] == "a farmer"
    assert TEXT[rows[1]["start"] : rows[1]["end"]] == rows[1]["text"] == "that rain was expected"


def test_explain_tells_the_rule_and_what_it_saw() -> None:
    shown = render(TEXT, explained=True)
    assert "rule source_after_quote.inverted" in shown
    assert "sentence QvNN,dh." in shown
    assert all("seen" in json.loads(line) for line in render(TEXT, as_json=True, explained=True).splitlines())


def test_no_quotes_is_said_plainly() -> None:
    assert render("Nothing happened.").endswith("0 quotes, 0 with a speaker")


def test_main_reads_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "story.txt"
    path.write_text(TEXT, encoding="utf-8")
    assert main([str(path)]) == 0
    assert "Ada Kern" in capsys.readouterr().out


def test_main_reads_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode())))
    assert main(["-"]) == 0
    assert "Ada Kern" in capsys.readouterr().out


def test_unreadable_files_are_named_with_exit_code_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "missing.txt")]) == 2
    assert "cannot be read" in capsys.readouterr().err
    path = tmp_path / "story.txt"
    path.write_bytes(b"caf\xe9")
    assert main([str(path)]) == 2
    assert "not UTF-8 text: byte 0xe9 at offset 3" in capsys.readouterr().err


def test_reader_that_has_seen_enough_gets_no_traceback(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text(TEXT * 5_000, encoding="utf-8")
    command = [sys.executable, "-m", "quotes.extraction", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0
