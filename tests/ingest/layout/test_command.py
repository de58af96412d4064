"""The command that shows a dump line by line: whatever encoding it came in, from a file or standard input."""

import io
import sys
from pathlib import Path

import pytest

from newsroom.ingest.layout.__main__ import main

TEXT = "Bridge to shut\n\nThe bridge will be shut from May, said Petra Fälk, who leads the roads department.\n"


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["layout", "--no-colour", *arguments])
    return main()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_a_file_is_decoded_as_an_import_decodes_it(
    encoding: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "dump.txt"
    path.write_bytes(TEXT.encode(encoding))
    assert run(monkeypatch, str(path)) == 0
    assert "said Petra Fälk, who" in capsys.readouterr().out


def test_standard_input_is_read_for_a_dash(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode("utf-16"))))
    assert run(monkeypatch, "-") == 0
    assert "said Petra Fälk, who" in capsys.readouterr().out


@pytest.mark.parametrize("data", [b"", bytes(range(256)) * 8, b"\x89PNG\r\n\x1a\n" + bytes(40)])
def test_what_is_no_text_gives_a_message_and_exit_code_2(
    data: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "dump.bin"
    path.write_bytes(data)
    with pytest.raises(SystemExit) as stopped:
        run(monkeypatch, str(path))
    assert stopped.value.code == 2
    assert f"error: {path} " in capsys.readouterr().err
