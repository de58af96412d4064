"""Raw documents in the admin: shown block by block, downloaded as a file, changed by nobody."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from articles.admin import provenance
from articles.admin.provenance import Mark, blocks_of, highlight
from articles.models import RawDocument
from tests.factories import make_article, make_document, make_list, make_quote

TEXT = "TOP STORIES\nTram opens\nBy Ada Moor\n\nIt runs.\n\nStorm ends\n\nIt was long."
BLOCKS = [
    ["furniture", 0, 11, None, "upper-case"],
    ["headline", 12, 22, 0, "first-line"],
    ["byline", 23, 34, 0, "by"],
    ["paragraph", 36, 44, 0, "prose"],
    ["headline", 46, 56, 1, "short"],
    ["paragraph", 58, 70, 1, "prose"],
]


def _page(document: RawDocument) -> str:
    return reverse("admin:articles_rawdocument_change", args=[document.pk])


def _raw(document: RawDocument) -> str:
    return reverse("admin:articles_rawdocument_raw", args=[document.pk])


@pytest.mark.django_db
class TestPages:
    def test_every_block_shows_with_its_label(self, admin_client):
        html = admin_client.get(_page(make_document(TEXT, blocks=BLOCKS))).content.decode()
        assert "headline · article 1" in html
        assert "headline · article 2" in html
        assert 'title="Rule: upper-case"' in html
        for line in TEXT.split("\n"):
            assert line in html

    def test_each_part_leads_to_the_row_made_of_it(self, admin_client):
        text = f"{TEXT}\nMost read\nPier shut\n2. Quay open"
        items = [["list_item", 81, 90, None, "item"], ["list_item", 91, 103, None, "item"]]
        blocks = [*BLOCKS, ["list_label", 71, 80, None, "label"], *items]
        document = make_document(text, blocks=blocks)
        tram, storm = (make_article(headline, document=document) for headline in ("Tram opens", "Storm ends"))
        item, numbered = make_list("Most read", headlines=("Pier shut", "Quay open"), document=document).items.all()
        quote = make_quote("It was long.", article=storm, document=document, document_start=58, document_end=70)
        rows = admin_client.get(_page(document)).content.decode().split('<li class="dump-row')
        for words, row in (("Tram opens", tram), ("Storm ends", storm), ("Pier shut", item), ("2. Quay open", numbered),
                           ("It was long.", quote)):  # fmt: skip
            page = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
            [part] = [part for part in rows if f">{words}<" in part and "dump-text" in part]
            assert f'href="{page}"' in part, words

    def test_text_in_no_block_is_shown_too(self, admin_client):
        html = admin_client.get(_page(make_document("Seen.\nForgotten.", blocks=[["headline", 0, 5, 0, ""]]))).content
        assert "in no block" in html.decode()
        assert "Forgotten." in html.decode()

    def test_a_long_document_is_cut_and_says_so(self, admin_client, monkeypatch):
        monkeypatch.setattr(provenance, "MAX_CHARACTERS", 20)
        html = admin_client.get(_page(make_document(TEXT, blocks=BLOCKS))).content.decode()
        assert f"The first 20 of {len(TEXT)} characters are shown" in html
        assert "It was long." not in html

    @pytest.mark.parametrize("blocks", [None, {}, [1], [["a", "b", "c", "d", "e"]], [["headline", 9, 2, 0, ""]], []])
    def test_odd_blocks_do_no_harm(self, blocks, admin_client):
        document = make_document("Just words.", blocks=blocks or [])
        RawDocument.objects.filter(pk=document.pk).update(blocks=blocks if blocks is not None else [])
        assert "Just words." in admin_client.get(_page(document)).content.decode()

    def test_article_page_shows_its_own_part_of_a_document_of_several(self, admin_client):
        document = make_document(TEXT, blocks=BLOCKS)
        article = make_article("Storm ends", body="It was long.", document=document)
        html = admin_client.get(reverse("admin:articles_article_change", args=[article.pk])).content.decode()
        assert '<span class="dump-text">It was long.</span>' in html
        assert '<span class="dump-text">It runs.</span>' not in html
        assert document.sha256 in html

    def test_article_that_cannot_be_told_shows_the_whole_document(self, admin_client):
        article = make_article("Renamed since", document=make_document(TEXT, blocks=BLOCKS))
        html = admin_client.get(reverse("admin:articles_article_change", args=[article.pk])).content.decode()
        assert '<span class="dump-text">It runs.</span>' in html

    @pytest.mark.parametrize("superuser", [True, False])
    def test_nobody_changes_a_document(self, superuser, admin_client):
        document = make_document("As it came.")
        client = admin_client if superuser else Client()
        if not superuser:
            user = User.objects.create_user("all-rights", is_staff=True)
            user.user_permissions.set(Permission.objects.filter(content_type__app_label="articles"))
            client.force_login(user)
        assert client.post(_page(document), {"name": "other", "text": "other"}).status_code == 403
        assert client.post(reverse("admin:articles_rawdocument_add"), {"name": "other"}).status_code == 403
        assert list(RawDocument.objects.values_list("name", "text")) == [(document.name, "As it came.")]

    def test_a_document_in_use_cannot_be_deleted(self, admin_client):
        document = make_document()
        make_article(document=document)
        response = admin_client.post(reverse("admin:articles_rawdocument_delete", args=[document.pk]), {"post": "yes"})
        assert response.status_code == 200
        assert RawDocument.objects.exists()


@pytest.mark.django_db
class TestDownload:
    def test_bytes_come_as_a_file_that_no_browser_shows(self, admin_client):
        raw = b"\xff\xfe<script>alert(1)</script>\x00"
        document = make_document(raw=raw, name='evil"\r\nSet-Cookie: a=b.html')
        response = admin_client.get(_raw(document))
        assert response.content == raw
        assert response["Content-Type"] == "text/plain"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Disposition"].startswith("attachment; filename=")
        assert "evil" not in response["Content-Disposition"]

    def test_needs_the_right_to_see_the_document(self, client):
        document = make_document()
        assert client.get(_raw(document)).status_code == 302
        user = User.objects.create_user("reporter", is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename="view_article"))
        client.force_login(user)
        assert client.get(_raw(document)).status_code == 403
        user.user_permissions.set(Permission.objects.filter(codename="view_rawdocument"))
        assert client.get(_raw(document)).status_code == 200

    @pytest.mark.parametrize("key", ["0", "x", "9" * 40])
    def test_odd_keys_are_not_found(self, key, admin_client):
        assert admin_client.get(reverse("admin:articles_rawdocument_raw", args=[key])).status_code == 404


class TestHighlight:
    def test_words_around_a_mark_are_cut_and_escaped(self):
        shown = highlight("aaaa<b>bbbb", [Mark(4, 7, "words")], context=2)
        assert shown == '<div class="dump-text">… aa<mark class="mark-words">&lt;b&gt;</mark>bb …</div>'

    def test_no_word_around_a_mark_is_cut_in_two(self):
        text = "The harbour board met at noon today."
        shown = highlight(text, [Mark(12, 17, "words")], context=6)
        assert shown == '<div class="dump-text">… <mark class="mark-words">board</mark> met …</div>'
        assert highlight(text, [Mark(12, 17, "words")], context=9).startswith('<div class="dump-text">… harbour <mark')

    def test_overlapping_marks_share_their_part(self):
        shown = highlight("abcdef", [Mark(0, 4, "words"), Mark(2, 6, "cue")])
        assert '<mark class="mark-words">ab</mark><mark class="mark-words mark-cue">cd</mark>' in shown

    @pytest.mark.parametrize("marks", [[], [Mark(-1, 2, "words")], [Mark(3, 3, "words")], [Mark(0, 99, "words")]])
    def test_marks_outside_the_text_are_left_out(self, marks):
        assert highlight("abc", marks) == ""


def test_blocks_are_read_in_the_order_of_the_text():
    document = RawDocument(text="abcdef", blocks=[["b", 3, 6, None, "r"], ["a", 0, 3, 1, "r"], "x"])
    assert [(block.label, block.article) for block in blocks_of(document)] == [("a", 1), ("b", None)]
