"""Fixtures of the tests of imports."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.newsroom.pages import FEES


@pytest.fixture
def fees(tmp_path: Path) -> Path:
    path = tmp_path / "fees.txt"
    path.write_text(FEES, encoding="utf-8")
    return path
