"""Looking for quotes in what was written on the desk: shown first, taken up by one button, told of before publishing."""

import pytest
from django.test import Client
from django.urls import reverse

from articles.models import Article, Deletion
from articles.publishing import concerns
from articles.search import read
from quotes.models import Origin, Quote, Speaker
from quotes.search import find_quotes
from tests.adminpages import member
from tests.factories import make_article, make_document, make_quote

pytestmark = pytest.mark.django_db
BODY = '"The lock is shut," said Ines Harrow, the harbour master.\n\n"It opens in May," she said.'


def page_of(article: Article) -> str:
    return reverse("admin:quotes_quote_look", args=[article.pk])


def test_quotes_of_an_article_written_here_are_shown_and_then_taken_up_with_their_speakers():
    client, article = member("Editor"), make_article(body=BODY)
    shown = client.get(page_of(article))
    assert [row.text for _, row in shown.context["new"]] == ["The lock is shut,", "It opens in May,"]
    assert "Ines Harrow" in shown.content.decode()
    assert not Quote.objects.exists()
    answer = client.post(page_of(article), follow=True)
    assert "2 quotes taken up; each waits for review." in answer.content.decode()
    assert list(Quote.objects.in_text_order().values_list("text", "speaker__name", "review_state")) == [
        ("The lock is shut,", "Ines Harrow", "unreviewed"),
        ("It opens in May,", "Ines Harrow", "unreviewed"),
    ]
    assert Speaker.objects.get().positions.get().title.endswith("harbour master")
    assert [quote.text for quote in find_quotes(read("lock harrow"))] == ["The lock is shut,"]
    assert "is in the archive" in client.get(page_of(article)).content.decode()
    client.post(page_of(article))
    assert Quote.objects.count() == 2


def test_what_the_text_has_no_more_goes_unless_somebody_judged_it_and_can_be_brought_back():
    client, article = member("Editor"), make_article(body=BODY)
    client.post(page_of(article))
    Quote.objects.filter(text="It opens in May,").update(review_state="verified")
    article.refresh_from_db()
    article.body = '"The lock stays shut," said Ines Harrow.'
    article.text = article.body
    article.save()
    client.post(page_of(article))
    assert set(Quote.objects.values_list("text", flat=True)) == {"The lock stays shut,", "It opens in May,"}
    assert "The lock is shut" in Deletion.objects.get().name


def test_what_is_not_taken_up_is_told_before_publishing():
    client, article = member("Editor"), make_article(body=BODY, state="draft", published_at=None)
    told = "2 quotes of the text are not taken up yet: look for them below."
    assert told in concerns(article)
    form = client.get(reverse("admin:articles_article_change", args=[article.pk])).content.decode()
    assert page_of(article) in form
    client.post(page_of(article))
    assert told not in concerns(article)


def test_an_article_as_it_was_imported_is_not_read_again_for_its_page():
    article = make_article(body=BODY, document=make_document(BODY))
    assert [words for words in concerns(article) if "taken up" in words]
    article.edited_at = None
    assert not [words for words in concerns(article) if "taken up" in words]


def test_a_quote_that_an_editor_entered_is_no_new_one():
    client, article = member("Editor"), make_article(body=BODY)
    make_quote("The lock is shut,", article=article)
    assert Quote.objects.get().origin == Origin.EDITOR
    assert [row.text for _, row in client.get(page_of(article)).context["new"]] == ["It opens in May,"]


def test_whoever_may_not_change_the_article_looks_for_nothing():
    article = make_article(body=BODY)
    for client in (member("Reporter"), Client()):
        client.post(page_of(article))
    assert not Quote.objects.exists()
    assert member("Chief").get(reverse("admin:quotes_quote_look", args=[99_999])).status_code == 302
