"""The owner's own dump: what must come out of it, all of it. Data in ``../shared/seed``, outside the project."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from articles.models import Article, CuratedList, RawDocument
from quotes.models import Quote

SEED = settings.BASE_DIR.parent / "shared" / "seed"
SAMPLES = settings.BASE_DIR / "newsroom" / "samples"
DUMP = SEED / "north-korea-kn23.txt"

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not DUMP.exists(), reason=f"the owner's dump is not here ({SEED} does not exist)"),
]


@pytest.fixture
def expected() -> dict:
    return json.loads((SEED / "expected.json").read_text(encoding="utf-8"))


@pytest.fixture
def imported() -> RawDocument:
    call_command("import_dump", str(DUMP), publish=True)
    return RawDocument.objects.get()


def labelled(document: RawDocument, label: str) -> list[str]:
    return [document.text[start:end] for name, start, end, *_ in document.blocks if name == label]


def as_expected(quote: Quote) -> dict:
    return {
        "where": "body" if quote.article_id else "teaser",
        "kind": quote.kind,
        "text": quote.text,
        "speaker": quote.speaker.name if quote.speaker else None,
        "speaker_kind": quote.speaker.kind if quote.speaker else None,
        "role": quote.role,
        "mention": quote.mention or None,
        "cue": quote.cue or None,
    }


def test_the_article_comes_out_whole(imported, expected):
    [wanted] = expected["articles"]
    article = Article.objects.get()
    assert article.headline == wanted["headline"]
    assert article.text.split("\n") == wanted["paragraphs"]
    assert (article.byline, article.date_known) == ("", False)


def test_teasers_stay_with_the_dump(imported, expected):
    assert labelled(imported, "teaser") == expected["teasers"]


def test_lists_come_out_whole_and_their_articles_are_not_here_yet(imported, expected):
    got = {curated.title: [item.headline for item in curated.items.all()] for curated in CuratedList.objects.all()}
    assert got == {found["label"]: found["items"] for found in expected["lists"]}
    assert {item.state for curated in CuratedList.objects.all() for item in curated.items.all()} == {"unresolved"}


def test_every_quote_has_its_speaker_role_and_cue(imported, expected):
    got = [as_expected(quote) for quote in Quote.objects.select_related("speaker")]
    wanted = [{key: value for key, value in quote.items() if key != "note"} for quote in expected["quotes"]]
    assert [quote for quote in wanted if quote not in got] == []
    assert [quote for quote in got if quote not in wanted] == []


def test_quote_without_a_speaker_waits_for_an_editor(imported):
    assert [quote.text[:5] for quote in Quote.objects.unattributed()] == ["Think"]


def test_every_line_is_accounted_for_once(imported):
    covered = [0] * len(imported.text)
    for _, start, end, *_ in imported.blocks:
        for place in range(start, end):
            covered[place] += 1
    lost = [char for char, times in zip(imported.text, covered, strict=True) if times != 1 and not char.isspace()]
    assert lost == []


def test_every_quote_leads_back_to_its_bytes(imported):
    for quote in Quote.objects.all():
        source = quote.article.text if quote.article else imported.text
        assert source[quote.start : quote.end] == quote.text
        assert imported.text[quote.document_start : quote.document_end] == quote.text
        assert imported.raw.decode(imported.encoding).count(quote.text) >= 1


def test_list_items_link_themselves_once_their_article_comes(imported, expected, tmp_path: Path):
    headline = expected["lists"][0]["items"][0]
    body = (SAMPLES / "rate-hold-october.txt").read_text(encoding="utf-8").split("\n\n", 1)[1]
    later = tmp_path / "later.txt"
    later.write_text(f"{headline}\n\n{body}\n", encoding="utf-8")
    call_command("import_dump", str(later))
    article = Article.objects.get(headline=headline)
    assert [item.list.title for item in article.list_items.all()] == ["Most Popular"]
