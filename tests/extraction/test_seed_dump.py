"""Every quote of the owner's dump comes out exactly, and no other."""

import json
from pathlib import Path
from typing import Any

import pytest

from quotes.extraction import ExtractedQuote, extract_quotes

SEED = Path(__file__).parents[3] / "shared" / "seed" / "expected.json"
FIELDS = ("kind", "text", "speaker", "speaker_kind", "role", "mention", "cue")

pytestmark = pytest.mark.skipif(not SEED.exists(), reason="../shared/seed is not here")


def expected() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(SEED.read_text(encoding="utf-8"))
    return loaded


def wanted(where: str) -> list[tuple[Any, ...]]:
    return sorted(
        tuple(quote[field] or "" for field in FIELDS) for quote in expected()["quotes"] if quote["where"] == where
    )


def found(text: str) -> list[tuple[Any, ...]]:
    return sorted(as_row(text, quote) for quote in extract_quotes(text))


def as_row(text: str, quote: ExtractedQuote) -> tuple[Any, ...]:
    mention = text[quote.speaker_start : quote.speaker_end] if quote.speaker_start is not None else ""
    return (quote.kind, quote.text, quote.speaker or "", quote.speaker_kind or "", quote.role, mention, quote.cue or "")


def test_body() -> None:
    assert found("\n".join(expected()["articles"][0]["paragraphs"])) == wanted("body")


def test_teasers_one_by_one() -> None:
    assert sorted(row for teaser in expected()["teasers"] for row in found(teaser)) == wanted("teaser")


def test_block_of_teasers() -> None:
    assert found("\n".join(expected()["teasers"])) == wanted("teaser")
