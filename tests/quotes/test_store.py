"""What the write functions of quotes and speakers promise."""

from importlib import import_module

import pytest
from django.apps import apps

from quotes.models import Quote, Speaker, SpeakerName
from quotes.store import name_key, review, save_quote, sort_key
from tests.factories import make_article, make_quote, make_speaker


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("The Kremlin", "kremlin"),
        ("a ministry official", "ministry official"),
        ("A. Moor", "a moor"),
        ("An Nguyen", "an nguyen"),
        ("A Pentagon spokesperson", "pentagon spokesperson"),
        ("Ukraine’s Air Force", "ukraines air force"),
        ("Zoë Çelik", "zoe celik"),
        ("The", "the"),
    ],
)
def test_printings_of_a_name_share_a_key(name, key):
    assert name_key(name) == key


def test_persons_sort_by_their_last_name():
    assert sort_key("Greta Lindahl", "person") == "lindahl greta"
    assert sort_key("Bank of Verland", "organisation") == "bank of verland"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Søren Ødegård", "odegard soren"),
        ("Jan Łukasz", "lukasz jan"),
        ("Ivar Ærø", "aero ivar"),
        ("Ana Œuvrard", "oeuvrard ana"),
        ("Jón Þór", "thor jon"),
        ("Ali Işık", "isik ali"),
        ("Ида Ёлкина", "елкина ида"),
    ],
)
def test_names_sort_by_plain_letters_and_their_keys_stay(name, key):
    assert sort_key(name, "person") == key
    assert name_key("Ødegård") == "ødegard"


@pytest.mark.django_db
def test_names_that_are_there_are_sorted_by_plain_letters_from_now_on():
    speaker, other = make_speaker("Søren Ødegård"), make_speaker("Mara Quill")
    Speaker.objects.filter(pk=speaker.pk).update(sort_key="ødegard søren")
    Speaker.objects.filter(pk=other.pk).update(sort_key="as an editor has it")
    import_module("quotes.migrations.0010_sort_names_by_plain_letters").plain(apps, None)
    assert set(Speaker.objects.values_list("sort_key", flat=True)) == {"odegard soren", "as an editor has it"}


@pytest.mark.django_db
class TestRows:
    def test_speaker_remembers_the_name_it_was_saved_under(self):
        speaker = make_speaker("Søren Ødegård")
        assert SpeakerName.objects.get().speaker == speaker
        assert speaker.slug == "soren-odegard"

    def test_edited_words_find_their_place_by_what_surrounds_them(self):
        article = make_article(body='He said "we sail" and again "we sail" at dusk.')
        quote = make_quote("we sail", article=article)
        quote.prefix, quote.suffix = ' and again "', '" at dusk.'
        quote.start = quote.end = None
        save_quote(quote)
        assert article.text[: quote.start].endswith('again "')

    def test_words_that_do_not_stand_in_the_article_have_no_place(self):
        quote = make_quote("We sail at dawn.")
        quote.text = "We never sail."
        save_quote(quote)
        quote.refresh_from_db()
        assert (quote.start, quote.end) == (None, None)

    def test_changed_words_leave_their_cluster(self):
        one = make_quote("We sail at dawn.")
        assert one.cluster == one.fingerprint
        one.text = "We sail at noon."
        save_quote(one)
        assert one.cluster == one.fingerprint

    def test_review_counts_only_what_it_changes(self, django_user_model):
        editor = django_user_model.objects.create(username="editor")
        make_quote()
        assert review(Quote.objects.all(), "verified", editor=editor) == 1
        assert review(Quote.objects.all(), "verified", editor=editor) == 0
        quote = Quote.objects.get()
        assert (quote.reviewer, quote.review_state) == (editor, "verified")
        assert quote.reviewed_at is not None
