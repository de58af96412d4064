"""Whatever bytes are imported, what is stored is text that every database, feed and page can hold, and the bytes are kept."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterator

from django.db.models import CharField, TextField
from django.test import Client
from hypothesis import given, settings, target
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from lxml import etree

from articles.models import Article, Author, CuratedList, CuratedListItem, RawDocument, Topic
from newsroom import integrity
from newsroom.ingest.load import LoadOptions
from newsroom.ingest.pipeline import Import
from newsroom.ingest.readers import Incoming
from quotes.models import Quote, Speaker, SpeakerName
from tests.site.html import faults

# Characters that have broken something somewhere: ends of lines, controls, marks of direction, what XML cannot hold,
# what combines, what is not composed, marks of syntax; and any others.
ODD = "\0\x01\x08\x0b\x0c\x1b\x1f\x7f\x85\xa0\u0301\u0308\u200b\u200e\u202e\u2028\u2029\ufeff\ufffe\uffff\U000e0001]]><&\"'”“"
WORD = st.text(st.one_of(st.sampled_from(ODD), st.characters(exclude_categories=["Cs"])), min_size=1, max_size=12)
PAGE = (
    "{0} harbour fees {1} to rise in spring\n\nBy {2} Falk\nNovember 14, 2026\n\n"
    "The port of {3} will raise its fees by four percent in March, its management told shippers on Friday.\n"
    '"We have kept {4} prices still for six years," said Greta {5} Lindahl, head of the {6} pilots\' association.\n'
    "Shippers have until the end of January to comment on the {7} plan.\nTags: {8}, ports\n\nMost Popular\n\n{9} Ferry line\n"
)
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252", "latin-1", "cp1251", "shift_jis", "utf-7"]


@st.composite
def documents(draw: st.DrawFn) -> bytes:
    text = PAGE.format(*(draw(WORD) for _ in range(10)))
    data = bytearray(text.encode(draw(st.sampled_from(ENCODINGS)), "xmlcharrefreplace"))
    for place, fault in draw(st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(max_size=3)), max_size=3)):
        data[int(place * len(data)) : int(place * len(data)) + len(fault)] = fault
    return bytes(data)


def stored() -> Iterator[tuple[str, str]]:
    """Every text of every row, with where it stands."""
    for model in (Article, Author, CuratedList, CuratedListItem, Topic, Quote, Speaker, SpeakerName, RawDocument):
        columns = [field.attname for field in model._meta.concrete_fields if isinstance(field, CharField | TextField)]
        for row in model._default_manager.values("pk", *columns):
            for column in columns:
                yield f"{model.__name__} {row['pk']}.{column}", row[column] or ""


class AnyBytes(TestCase):
    @settings(max_examples=40)
    @given(documents())
    def test_what_is_stored_is_text_and_every_feed_and_page_can_be_read(self, data: bytes) -> None:
        job = Import([Incoming("any.txt", data)], LoadOptions(publish=True, publisher="The Harbour Post"), workers=1)
        [[done]] = list(job.progress())
        target(float(len(done.headlines)))
        for issue in done.issues:
            assert "fault of the program" not in issue.reason
        document = RawDocument.objects.get()
        assert bytes(document.raw) == data
        assert document.sha256 == hashlib.sha256(data).hexdigest()
        for where, text in stored():
            assert unicodedata.is_normalized("NFC", text), where
            assert not [char for char in text if unicodedata.category(char) == "Cc" and char not in "\n\t"], where
        assert integrity.faults() == []
        client = Client()
        for page in ("/", "/articles/", "/quotes/"):
            for form, read in (("rss", etree.fromstring), ("atom", etree.fromstring), ("json", json.loads)):
                answer = client.get(f"{page}feed.{form}")
                assert answer.status_code == 200
                read(answer.content)
        for address in ("/sitemap/pages.xml", "/sitemap/speakers-1.xml", "/sitemap/quotes-1.xml"):
            if (answer := client.get(address)).status_code == 200:
                etree.fromstring(answer.content)
        for row in (*Article.objects.all(), *Speaker.objects.all(), *Topic.objects.all(), *CuratedList.objects.all()):
            answer = client.get(row.get_absolute_url())
            assert answer.status_code in {200, 404}
            assert faults(answer.content) == []
