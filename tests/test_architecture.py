"""Data flows one way: which part may import which. The table is that of the design, read from the source itself."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PURE_INGEST = (
    "readers", "decode", "fields", "hints", "html", "worker", "pool", "places", "explain", "layout",
    "citations", "sketch", "intake", "following", "stopping", "cycles")  # fmt: skip
PRESENTATION = ("views", "admin", "feeds", "sitemaps", "filters")


def imports_of(path: Path) -> set[str]:
    """The modules that a file imports, wherever in it, in full ("articles.models", "articles.models.Article")."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {str(node.module)}
    return found


def sources(*patterns: str) -> list[Path]:
    found = [path for pattern in patterns for path in ROOT.glob(pattern) if "migrations" not in path.parts]
    assert found, patterns
    return sorted(found)


def offenders(files: list[Path], *forbidden: str) -> list[str]:
    return [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in files
        for name in sorted(imports_of(path))
        if any(name == module or name.startswith(f"{module}.") for module in forbidden)
    ]


def outside_extraction() -> list[Path]:
    return [path for path in sources("quotes/**/*.py") if "extraction" not in path.parts]


def pure_ingest() -> list[Path]:
    return [
        path
        for path in sources("newsroom/ingest/**/*.py")
        if path.relative_to(ROOT / "newsroom" / "ingest").parts[0].removesuffix(".py") in PURE_INGEST
    ]


def test_extraction_knows_nothing_of_the_site():
    assert offenders(sources("quotes/extraction/**/*.py"), "django", "articles", "newsroom", "quotes.models") == []


def test_reading_and_layout_know_nothing_of_the_database():
    files = pure_ingest()
    assert len(files) >= len(PURE_INGEST)
    assert offenders(files, "django", "articles", "newsroom.models", "quotes.models", "quotes.store") == []


def test_articles_know_nothing_of_quotes_and_imports():
    assert offenders(sources("articles/**/*.py"), "quotes", "newsroom") == []


def test_quotes_know_nothing_of_imports():
    assert offenders(outside_extraction(), "newsroom") == []


def test_loading_knows_nothing_of_pages():
    files = sources("newsroom/ingest/*.py")
    forbidden = [f"{app}.{module}" for app in ("articles", "quotes", "newsroom") for module in PRESENTATION]
    assert offenders(files, *forbidden, "django.template", "django.shortcuts", "django.http") == []


def test_pages_do_not_reach_into_the_import():
    files = [path for app in ("articles", "quotes") for name in PRESENTATION for path in ROOT.glob(f"{app}/{name}*.py")]
    assert offenders(files, "newsroom.ingest") == []


def test_product_does_not_import_its_tests():
    files = sources("articles/**/*.py", "quotes/**/*.py", "newsroom/**/*.py", "manage.py")
    assert offenders(files, "tests", "django.test", "pytest", "hypothesis") == []


def test_no_signals():
    files = sources("articles/**/*.py", "quotes/**/*.py", "newsroom/**/*.py")
    assert offenders(files, "django.db.models.signals", "django.dispatch") == []


def test_top_level_is_as_the_owner_fixed_it():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if tracked.returncode:
        pytest.skip("not a git checkout: the tree may hold generated files")
    assert {Path(line).parts[0] for line in tracked.stdout.splitlines()} <= {
        ".ci", ".editorconfig", ".gitignore", "CONTRIBUTING.md", "LICENSE", "Makefile", "README.md", "articles",
        "manage.py", "newsroom", "pyproject.toml", "quotes", "requirements-dev.txt", "requirements.txt", "static",
        "templates", "tests",
    }  # fmt: skip


@pytest.mark.parametrize(
    "code",
    [
        "from quotes.extraction import extract_quotes; print(extract_quotes('\"It is late,\" said Mara Quill.')[0].speaker)",
        "from newsroom.ingest.layout import parse_page; print(len(parse_page('One line.').blocks))",
    ],
)
def test_pure_core_runs_without_settings(code):
    done = subprocess.run(
        [sys.executable, "-c", code + "; import sys; assert 'django' not in sys.modules"],
        cwd=ROOT, env={"PATH": ""}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() in {"Mara Quill", "1"}
