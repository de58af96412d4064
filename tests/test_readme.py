"""What the README and CONTRIBUTING tell people to type, set and look at is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

ROOT = Path(__file__).resolve().parent.parent
README, CONTRIBUTING = (ROOT / name for name in ("README.md", "CONTRIBUTING.md"))
BOTH = [README, CONTRIBUTING]
VARIABLE = re.compile(r"\b(?:NEWSROOM_[A-Z_]+|DATABASE_[A-Z_]+|CACHE_URL)\b")


def code(path: Path) -> str:
    """What stands in blocks and between backticks."""
    return "\n".join(re.findall(r"```.*?```|`[^`\n]+(?:\n[^`\n]+)?`", path.read_text(encoding="utf-8"), re.DOTALL))


@pytest.mark.parametrize("path", BOTH, ids=lambda path: path.name)
def test_commands_and_their_options_are_there(path: Path) -> None:
    named = re.findall(r"manage\.py ([a-z_]+)((?: [^|#\n`]*)?)", code(path))
    assert named
    commands = get_commands()
    for name, rest in named:
        assert name in commands, name
        parser = load_command_class(commands[name], name).create_parser("manage.py", name)
        for option in re.findall(r"(?<!\S)--[a-z][a-z-]*", rest):
            assert option in parser._option_string_actions, f"{name} {option}"


def test_options_in_the_table_of_the_import_are_all_there_are() -> None:
    table = README.read_text(encoding="utf-8").partition("| option | |")[2].partition("\n\n")[0]
    shown = set(re.findall(r"--[a-z][a-z-]*", table.replace("--resume [RUN]", "--resume")))
    parser = load_command_class("newsroom", "import_dump").create_parser("manage.py", "import_dump")
    common = load_command_class("newsroom", "imports").create_parser("manage.py", "imports")
    own = {option for option in parser._option_string_actions if option.startswith("--")}
    of_all = {option for option in common._option_string_actions if option.startswith("--")}
    assert own - of_all <= shown
    assert shown <= own


@pytest.mark.parametrize("path", BOTH, ids=lambda path: path.name)
def test_targets_of_make_are_there(path: Path) -> None:
    named = set(re.findall(r"\bmake ([a-z][a-z-]+)\b", code(path)))
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert named and named <= targets


def test_every_setting_is_in_the_table_and_nothing_else_is() -> None:
    read = set(VARIABLE.findall((ROOT / "newsroom" / "settings.py").read_text(encoding="utf-8")))
    table = README.read_text(encoding="utf-8").partition("| variable | default | |")[2].partition("\n\n")[0]
    assert set(VARIABLE.findall(table)) == read


@pytest.mark.parametrize("path", BOTH, ids=lambda path: path.name)
def test_files_and_folders_that_are_named_are_there(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    linked = {where for where in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in where}
    named = {where for where in re.findall(r"`([a-z_]+/[\w./-]+)`", text) if not where.startswith("var/")}
    places = [ROOT, ROOT / "newsroom" / "ingest" / "layout", ROOT / "quotes" / "extraction"]
    inside = {where for where in named if any((place / where.split("/")[0]).is_dir() for place in places)}
    missing = [where for where in sorted(linked | inside) if not any((place / where).exists() for place in places)]
    assert inside and missing == []


@pytest.mark.parametrize("path", BOTH, ids=lambda path: path.name)
def test_modules_that_are_to_be_run_are_there(path: Path) -> None:
    named = set(re.findall(r"python -m ([\w.]+)", code(path)))
    for name in named:
        place = ROOT / name.replace(".", "/")
        assert place.with_suffix(".py").exists() or (place / "__main__.py").exists(), name
