"""HTML pages come out as any dump does, with what their metadata say; hostile ones cost little and harm nothing."""

from __future__ import annotations

import json
import subprocess
import sys
import time

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from newsroom.ingest.decode import NotTextError
from newsroom.ingest.html import read_html
from newsroom.ingest.readers import HTML, Hints, Incoming
from newsroom.ingest.worker import Outcome, process
from tests.ingest.test_worker import assert_nothing_lost, assert_traceable

STORY = [
    "The ferry to Ostrel stayed in port on Monday because of the storm, the harbour office said in a statement to passengers.",
    "“We will not sail until the wind drops,” said harbour master Tomas Venn, who has run the port for eleven years.",
    "Passengers were told to wait until Tuesday evening, when the weather service expects the waves to fall again.",
]
LINKED = {"@context": "https://schema.org", "@graph": [{"@type": "WebSite", "name": "The Gull"}, {
    "@type": ["NewsArticle"], "headline": "Ferry to Ostrel stays in port", "datePublished": "2026-11-20T10:00:00+01:00",
    "author": [{"@type": "Person", "name": "Mara Quill"}, {"name": "Ivo Dent"}], "publisher": {"name": "The Gull"},
    "mainEntityOfPage": {"@id": "https://gull.example/ferry"},
}]}  # fmt: skip
GRAPH = """<meta property="og:title" content="Ferry to Ostrel stays in port | The Gull"><meta name="author" content="Mara Quill and Ivo Dent">
<meta property="og:site_name" content="The Gull"><meta property="article:published_time" content="2026-11-20T10:00:00+01:00">
<link rel="canonical" href="https://gull.example/ferry">"""


def page(head: str = "", story: str = "", after: str = "") -> str:
    body = story or "".join(f"<p>{paragraph}</p>" for paragraph in STORY)
    return (
        f"<!DOCTYPE html><html><head><title>Ferry to Ostrel stays in port | The Gull</title>{head}</head><body><nav><a href='/'>Home</a>"
        f"</nav><article><h1>Ferry to Ostrel stays in port</h1>{body}</article>{after}<footer>© The Gull</footer></body></html>"
    )


def imported(markup: str | bytes, **hints: str) -> Outcome:
    data = markup if isinstance(markup, bytes) else markup.encode()
    return process(Incoming("page.html", data, media_type=HTML, hints=Hints(**hints)))


@pytest.mark.parametrize(
    "head", [f'<script type="application/ld+json">{json.dumps(LINKED)}</script>', GRAPH], ids=["json-ld", "opengraph"]
)
def test_metadata_give_headline_date_authors_address_and_publisher(head):
    outcome = imported(page(head))
    [article] = outcome.articles
    assert (article.headline, article.authors) == ("Ferry to Ostrel stays in port", ["Mara Quill", "Ivo Dent"])
    assert (article.source_url, article.publisher) == ("https://gull.example/ferry", "The Gull")
    assert article.printed is not None
    assert article.printed.isoformat() == "2026-11-20T10:00:00+01:00"
    assert [text for _, text in article.blocks] == STORY
    assert [quote.speaker for quote in article.quotes][1] == "Tomas Venn"
    assert_traceable(outcome)
    assert_nothing_lost(outcome)


def test_what_came_with_the_page_is_believed_before_its_metadata():
    [article] = imported(page(GRAPH), url="https://gull.example/real", published="2026-11-19").articles
    assert article.source_url == "https://gull.example/real"
    assert article.printed is not None
    assert article.printed.isoformat() == "2026-11-19"


def test_invalid_metadata_are_passed_over_without_notice():
    outcome = imported(page('<meta name="date" content="soon"><script type="application/ld+json">{"@type": </script>'))
    assert outcome.notices == []
    assert outcome.articles[0].printed is None


def test_hidden_text_and_scripts_are_not_the_text():
    outcome = imported(page(after='<p hidden>secret</p><div style="display: none">secret</div><script>secret</script>'))
    assert "secret" not in outcome.text


def test_list_after_the_article_is_a_list():
    items = "".join(
        f"<li><a href='/{n}'>{text}</a></li>"
        for n, text in enumerate(("Tram line reopens after ten years", "Museum lends its oldest map to a school"))
    )
    outcome = imported(page(after=f"<aside><h3>Most Popular</h3><ul>{items}</ul></aside>"))
    assert outcome.lists == [
        ("Most Popular", ["Tram line reopens after ten years", "Museum lends its oldest map to a school"])
    ]


def test_story_that_only_a_script_would_show_is_read_all_the_same():
    hidden = f'<div style="display:none">{"".join(f"<p>{text}</p>" for text in STORY)}</div>'
    outcome = imported(page(story=hidden))
    if outcome.articles and STORY[0] in outcome.articles[0].text:
        assert_traceable(outcome)
    assert outcome.problem is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1251", "shift_jis", "iso2022_jp"])
def test_declared_encoding_is_used(encoding):
    story = (
        "<p>"
        + (
            "Пором стоит в порту из-за шторма, сказал капитан. "
            if encoding == "cp1251"
            else "嵐のため、フェリーは港に停泊した。"
        )
        * 12
        + "</p>"
    )
    outcome = imported(page(f'<meta charset="{encoding}">', story).encode(encoding, "replace"))
    assert ("Пором стоит" if encoding == "cp1251" else "嵐のため") in outcome.text


HOSTILE = {
    "deep": "<div>" * 1_000_000 + STORY[0],
    "deep and closed": "<b>" * 3_000 + STORY[0] + "</b>" * 3_000 + f"<p>{STORY[1]}</p>",
    "attributes": "<html><p " + " ".join(f"a{n}=1" for n in range(200_000)) + f">{STORY[0]}",
    "quoted attributes": "<html><p " + " ".join(f"a{n}='>'" for n in range(200_000)) + f">{STORY[0]}",
    "stray quote": '<html><p x" ' + " ".join(f"a{n}" for n in range(200_000)) + f">{STORY[0]}",
    "opening marks": STORY[0] + "<" * 2_000_000,
    "tags unclosed": STORY[0] + "<p" * 500_000,
    "quotes unclosed": STORY[0] + "<p a=\"'" * 200_000,
    "ampersands": STORY[0] + "&" * 2_000_000,
    "comments": STORY[0] + "<!--" * 500_000,
    "tables": "<table><tr><td>" * 50_000 + STORY[0],
    "doctype": "<!DOCTYPE x [" + "<!ENTITY a 'b'>" * 50_000 + STORY[0],
    "metadata": page('<script type="application/ld+json">' + "[" * 400_000 + "</script>"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_page_is_answered_soon(name):
    begin = time.process_time()
    outcome = imported(HOSTILE[name])
    assert time.process_time() - begin < 20
    assert outcome.problem is None or "fault of the program" not in outcome.problem.reason
    if name in ("deep", "deep and closed", "attributes", "quoted attributes", "tables"):
        assert "stayed in port" in outcome.text


def test_page_without_text_is_a_problem():
    assert imported("<html><body><img src=x></body></html>").problem is not None
    with pytest.raises(NotTextError):
        read_html("")


@hypothesis_settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from([
    "<p>", "</p>", "<div>", "</div>", "<article>", "<h1>", "<table><td>", "<br>", "<!--", "-->", "<script>", "</script>", "<li>",
    "<![CDATA[", "<svg>", "<p hidden>", "\x1e", "\x1f", "&amp;", "&#0;", "&#xd800;", "<title>", "<meta charset='x'>", *STORY,
]), max_size=30))  # fmt: skip
def test_any_markup_is_answered(parts):
    outcome = imported("<html>" + "".join(parts))
    if outcome.problem is None:
        assert_nothing_lost(outcome)
        assert_traceable(outcome)
        assert not {"\x00", "\x1e", "\x1f"} & set(outcome.text)
    else:
        assert "fault of the program" not in outcome.problem.reason


def test_plain_text_does_not_load_the_parsers_of_markup():
    code = (
        "import sys; from newsroom.ingest.readers import Incoming, open_source; from newsroom.ingest.worker import process; "
        "assert process(Incoming('a', b'The ferry stayed in port.')).problem is None; "
        "print({'trafilatura', 'lxml', 'warcio', 'zstandard'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "set()", done.stderr
