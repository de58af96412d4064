"""What an editor can do with quotes and speakers in the admin, and what is refused."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.models import Article
from quotes.models import CuratedQuote, Position, Quote, Speaker, SpeakerName, SpeakerSuggestion
from tests.adminpages import submit
from tests.factories import make_article, make_document, make_list, make_quote, make_speaker

pytestmark = pytest.mark.django_db
LIST = "admin:quotes_quote_changelist"


def _client(*rights: str) -> Client:
    user = User.objects.create_user("-".join(rights) or "nobody", is_staff=True)
    for right in rights:
        app, codename = right.split(".")
        user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    client = Client()
    client.force_login(user)
    return client


def _page(obj: Quote | Speaker) -> str:
    return reverse(f"admin:quotes_{obj._meta.model_name}_change", args=[obj.pk])


def _errors(response) -> str:
    assert response.status_code == 200
    forms = [response.context["adminform"].form]
    forms += [form for inline in response.context["inline_admin_formsets"] for form in inline.formset.forms]
    return " ".join(message for form in forms for messages in form.errors.values() for message in messages)


def _act(client: Client, action: str, *quotes: Quote):
    keys = [quote.pk for quote in quotes]
    return client.post(reverse(LIST), {"action": action, "_selected_action": keys}, follow=True)


# reviewing


@pytest.mark.parametrize(("action", "state"), [("verify_selected", "verified"), ("reject_selected", "rejected")])
def test_reviewing_from_the_list_is_recorded_and_logged(action, state, admin_client, admin_user):
    quotes = [make_quote(), make_quote()]
    assert f"2 quotes {state}." in _act(admin_client, action, *quotes).content.decode()
    for quote in quotes:
        quote.refresh_from_db()
        assert (quote.review_state, quote.reviewer) == (state, admin_user)
        assert quote.reviewed_at is not None
    assert LogEntry.objects.count() == 2


@pytest.mark.parametrize("action", ["verify_selected", "reject_selected", "publish_selected"])
def test_actions_need_their_right(action):
    quote, alone = make_quote(), make_quote(alone=True, published_at=None)
    client = _client("quotes.view_quote", "quotes.change_quote")
    assert action not in _act(client, action, quote, alone).content.decode()
    assert set(Quote.objects.values_list("review_state", "published_at")) == {("unreviewed", None)}


def test_publishing_takes_only_quotes_that_stand_alone(admin_client):
    quote, alone = make_quote(), make_quote(alone=True, published_at=None)
    assert "1 quote published." in _act(admin_client, "publish_selected", quote, alone).content.decode()
    quote.refresh_from_db()
    alone.refresh_from_db()
    assert quote.published_at is None
    assert alone.published_at is not None


def test_review_in_the_form_names_the_reviewer(admin_client, admin_user):
    quote = make_quote()
    submit(admin_client, _page(quote), review_state="disputed", review_note="She says she was misheard.")
    quote.refresh_from_db()
    assert (quote.review_state, quote.reviewer) == ("disputed", admin_user)
    assert quote.review_note == "She says she was misheard."


def test_without_the_right_the_form_cannot_review():
    quote = make_quote()
    client = _client("quotes.view_quote", "quotes.change_quote")
    assert submit(client, _page(quote), review_state="verified", role="Harbour master").status_code == 302
    quote.refresh_from_db()
    assert (quote.review_state, quote.role) == ("unreviewed", "Harbour master")


def test_a_reviewer_corrects_the_speaker_and_nothing_else():
    quote, speaker = make_quote(), make_speaker()
    client = _client("quotes.view_quote", "quotes.review_quote", "quotes.view_speaker")
    words = quote.text
    response = submit(client, _page(quote), speaker=speaker.pk, text="Other words", review_state="verified")
    assert response.status_code == 302
    quote.refresh_from_db()
    assert (quote.speaker, quote.review_state, quote.text) == (speaker, "verified", words)


def test_a_quote_cannot_be_published_by_its_form_without_the_right():
    alone = make_quote(alone=True, published_at=None)
    client = _client("quotes.view_quote", "quotes.change_quote")
    submit(client, _page(alone), published_at_0="2020-01-01", published_at_1="00:00")
    alone.refresh_from_db()
    assert alone.published_at is None


# correcting


def test_corrected_words_are_found_again_in_the_article(admin_client):
    article = make_article(body='"The boats are late today," she said.')
    quote = make_quote("The boats are late", article=article)
    assert submit(admin_client, _page(quote), text="late today,").status_code == 302
    quote.refresh_from_db()
    assert article.text[quote.start : quote.end] == "late today,"
    assert quote.edited_at is not None


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"text": ""}, "required"),
        ({"start": "9", "end": "3"}, "The end must come after the start"),
        ({"start": "9", "end": ""}, "both the start and the end"),
        ({"start": "-1"}, "greater than or equal to 0"),
        ({"start": "9" * 30}, "less than or equal to"),
        ({"said_on": "yesterday"}, "valid date"),
        ({"speaker": "999999"}, "not one of the available choices"),
        ({"article": ""}, "Choose the article"),
    ],
)
def test_refusals_are_in_plain_words(changed, words, admin_client):
    assert words in _errors(submit(admin_client, _page(make_quote()), **changed))


def test_two_quotes_at_one_place_are_refused_and_what_was_typed_stays(admin_client):
    article = make_article(body='"The boats are late," she said. "And the trams," he said.')
    make_quote("The boats are late,", article=article)
    second = make_quote("And the trams,", article=article)
    refused = submit(admin_client, _page(second), text="The boats are late,", role="Mayor")
    assert "Another quote stands at this very place" in _errors(refused)
    assert 'value="Mayor"' in refused.content.decode()
    second.refresh_from_db()
    assert second.text == "And the trams,"


def test_a_new_quote_finds_its_place_in_the_article(admin_client, admin_user):
    article = make_article(body='"The boats are late," she said.')
    response = submit(
        admin_client, reverse("admin:quotes_quote_add"), text="The boats are late,", article=article.pk,
        said_on="2026-10-05", review_state="verified",
    )  # fmt: skip
    assert response.status_code == 302
    quote = Quote.objects.get()
    assert article.text[quote.start : quote.end] == quote.text
    assert (quote.origin, quote.review_state, quote.reviewer) == ("editor", "verified", admin_user)


@pytest.mark.parametrize(("known", "day"), [(True, "2026-10-05"), (False, str(timezone.localdate()))])
def test_a_new_quote_is_of_the_day_of_its_article(admin_client, known, day):
    article = make_article(body='"The boats are late," she said.', published_precision="time" if known else "unknown")
    submit(admin_client, reverse("admin:quotes_quote_add"), text="The boats are late,", article=article.pk)
    quote = Quote.objects.get()
    assert (str(quote.said_on), quote.said_precision) == (day, "day" if known else "unknown")


def test_a_merged_speaker_stands_for_the_one_they_are_now(admin_client):
    now = make_speaker()
    old, quote = make_speaker(merged_into=now), make_quote()
    assert submit(admin_client, _page(quote), speaker=old.pk).status_code == 302
    quote.refresh_from_db()
    assert quote.speaker == now


# where it stands


def test_the_place_is_marked_in_article_and_dump(admin_client):
    dump = 'TOP STORIES\n\n"We <count> boats," Mara Quill said on Monday.\n\nOther words.'
    words = "We <count> boats,"
    document = make_document(dump)
    article = make_article(body='"We \\<count> boats," Mara Quill said on Monday.', document=document)
    start = article.text.index(words)
    quote = make_quote(
        words, article=article, document=document, document_start=dump.index(words),
        document_end=dump.index(words) + len(words), mention="Mara Quill",
        mention_start=article.text.index("Mara"), mention_end=article.text.index("Mara") + 10,
        cue_start=article.text.index("said"), cue_end=article.text.index("said") + 4,
    )  # fmt: skip
    assert quote.start == start
    html = admin_client.get(_page(quote)).content.decode()
    assert html.count('<mark class="mark-words mark-segment">We &lt;count&gt; boats,</mark>') == 1  # the article
    assert html.count('<mark class="mark-words">We &lt;count&gt; boats,</mark>') == 1  # the dump
    assert html.count('<mark class="mark-mention">Mara Quill</mark>') == 2
    assert html.count('<mark class="mark-cue">said</mark>') == 2
    assert document.sha256 in html
    assert "<count>" not in html


def test_cue_is_not_marked_where_the_dump_reads_otherwise(admin_client):
    dump = '"We count boats," Mara Quill has said.'
    document = make_document(dump)
    article = make_article(body='"We count boats," Mara Quill said.', document=document)
    at = article.text.index("said")
    quote = make_quote(
        "We count boats,", article=article, document=document, document_start=1, document_end=16, cue_start=at,
        cue_end=at + 4,
    )  # fmt: skip
    assert admin_client.get(_page(quote)).content.decode().count('<mark class="mark-cue">said</mark>') == 1


@pytest.mark.parametrize("segments", [[[5, 900]], [[-4, 2]], []])
def test_odd_places_are_left_unmarked(segments, admin_client):
    quote = make_quote(segments=segments, mention_start=3, mention_end=9999)
    assert admin_client.get(_page(quote)).status_code == 200


def test_a_lost_place_is_said(admin_client):
    quote = make_quote()
    Quote.objects.update(start=None, end=None, segments=[])
    assert "do not stand in the article as it reads now" in admin_client.get(_page(quote)).content.decode()


def test_article_page_lists_its_quotes_with_links(admin_client):
    quote = make_quote()
    html = admin_client.get(reverse("admin:articles_article_change", args=[quote.article.pk])).content.decode()
    assert _page(quote) in html
    assert quote.text in html


def test_article_page_hides_quotes_from_who_may_not_see_them():
    quote = make_quote("Hidden words.", article=make_article(body="Nothing of the kind."))
    client = _client("articles.view_article")
    html = client.get(reverse("admin:articles_article_change", args=[quote.article.pk])).content.decode()
    assert "Hidden words." not in html


def test_the_list_says_where_each_quote_stands(admin_client):
    make_quote(article=make_article("Slipway stays shut"))
    html = admin_client.get(reverse(LIST)).content.decode()
    assert '<span class="help">Slipway stays shut</span>' in html
    assert '<span class="help">stands alone</span>' not in html
    make_quote("Nobody printed this in an article.", alone=True)
    assert '<span class="help">stands alone</span>' in admin_client.get(reverse(LIST)).content.decode()


def test_who_may_be_one_is_shown_with_the_roles_of_each(admin_client):
    one, other = make_speaker("Harrow"), make_speaker("Ines Harrow")
    Position.objects.create(speaker=other, title="harbour master")
    SpeakerSuggestion.objects.create(speaker=one, other=other, score=0.5)
    html = admin_client.get(reverse("admin:quotes_speakersuggestion_changelist")).content.decode()
    assert f'<a href="{_page(one)}">Harrow</a><span class="help">no role known</span>' in html
    assert f'<a href="{_page(other)}">Ines Harrow</a><span class="help">harbour master</span>' in html


def test_a_merger_is_decided_knowing_how_much_each_has_and_only_the_merged_say_where_they_went(admin_client):
    one, other = make_speaker("Harrow"), make_speaker("Ines Harrow")
    for _ in range(6):
        make_quote(speaker=other)
    page = admin_client.get(reverse("admin:quotes_speaker_merge"), {"one": [one.pk, other.pk]})
    numbers = [dict(side["facts"])["Quotes"][0] for side in page.context["sides"]]
    assert numbers == ["0", "6"]
    assert "Merged into" not in admin_client.get(_page(one)).content.decode()
    Speaker.objects.filter(pk=one.pk).update(merged_into=other)
    assert "Merged into" in admin_client.get(_page(one)).content.decode()


# queues


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("queue=no-speaker", {"lost", "low"}),
        ("queue=unreviewed", {"known", "low", "lost"}),
        ("queue=low-confidence", {"low"}),
        ("queue=lost", {"lost"}),
        ("review_state__exact=rejected", {"rejected"}),
        ("speaker_kind=organisation", {"known"}),
        ("queue=x&speaker_kind=x&publisher=x", {"known", "low", "lost", "rejected"}),
    ],
)
def test_queues_hold_what_waits(query, found, admin_client):
    make_quote("known", speaker=make_speaker(kind="organisation"))
    make_quote("low", confidence=0.2)
    lost = make_quote("lost")
    Quote.objects.filter(pk=lost.pk).update(start=None, end=None)
    make_quote("rejected", review_state="rejected", speaker=None)
    page = admin_client.get(f"{reverse(LIST)}?{query}")
    assert {quote.text for quote in page.context["cl"].result_list} == found


def test_search_finds_words_and_speakers(admin_client):
    quote = make_quote("Nobody dredged the harbour.", speaker=make_speaker("Orsolya Finch"))
    make_quote()
    for typed in ("dredged", "finch", '"dredged the harbour"'):
        page = admin_client.get(reverse(LIST), {"q": typed})
        assert list(page.context["cl"].result_list) == [quote], typed


# speakers


def test_saving_a_speaker_goes_through_the_store(admin_client):
    speaker = make_speaker("Ada Moor")
    assert submit(admin_client, _page(speaker), name="Ada Moor-Finch").status_code == 302
    speaker.refresh_from_db()
    assert speaker.sort_key == "finch ada moor"
    assert set(speaker.names.values_list("key", flat=True)) == {"ada moor", "ada moor finch"}


def test_another_form_of_the_name_is_keyed(admin_client):
    speaker = make_speaker("Ada Moor")
    fields = {"names-TOTAL_FORMS": "2", "names-1-name": "Dame Áda", "names-1-speaker": str(speaker.pk)}
    assert submit(admin_client, _page(speaker), **fields).status_code == 302
    assert SpeakerName.objects.get(name="Dame Áda").key == "dame ada"


def test_a_name_that_reads_the_same_is_refused(admin_client):
    speaker = make_speaker("Ada Moor")
    fields = {"names-TOTAL_FORMS": "2", "names-1-name": "ADA MOOR", "names-1-speaker": str(speaker.pk)}
    assert "reads the same" in _errors(submit(admin_client, _page(speaker), **fields))


def test_the_same_new_name_twice_is_refused_in_words(admin_client):
    speaker = make_speaker("Ada Moor")
    fields = {"names-TOTAL_FORMS": "3", "names-1-name": "Dame Ada", "names-2-name": "DAME ADA"}
    assert "reads the same" in _errors(submit(admin_client, _page(speaker), **fields))
    assert SpeakerName.objects.count() == 1


def test_a_position_that_ends_before_it_starts_is_refused(admin_client):
    speaker = make_speaker()
    fields = {"positions-TOTAL_FORMS": "1", "positions-0-title": "Mayor", "positions-0-start": "2026-05-01",
              "positions-0-end": "2026-04-01", "positions-0-precision": "day"}  # fmt: skip
    assert "The end must not be before the start." in _errors(submit(admin_client, _page(speaker), **fields))
    assert not Position.objects.exists()


def test_a_speaker_with_quotes_cannot_be_deleted(admin_client):
    speaker = make_quote(speaker=make_speaker()).speaker
    address = reverse("admin:quotes_speaker_delete", args=[speaker.pk])
    response = admin_client.post(address, {"post": "yes"})
    assert response.status_code == 200
    assert "protected" in response.content.decode()
    response = admin_client.post(
        reverse("admin:quotes_speaker_changelist"),
        {"action": "delete_selected", "_selected_action": [speaker.pk], "post": "yes"},
    )
    assert response.status_code == 200
    assert Speaker.objects.filter(pk=speaker.pk).exists()


# lists of quotes


def test_a_list_of_quotes_holds_quotes(admin_client):
    chosen, quote = make_list("Quotes of the week", kind="quotes"), make_quote()
    address = reverse("admin:articles_curatedlist_change", args=[chosen.pk])
    fields = {"quote_items-TOTAL_FORMS": "1", "quote_items-0-position": "1", "quote_items-0-quote": str(quote.pk)}
    page = admin_client.get(address).content.decode()
    assert "items-TOTAL_FORMS" in page
    assert 'name="items-TOTAL_FORMS"' not in page
    assert submit(admin_client, address, **fields).status_code == 302
    assert CuratedQuote.objects.get().quote == quote
    fields |= {"quote_items-TOTAL_FORMS": "2", "quote_items-1-position": "2", "quote_items-1-quote": str(quote.pk)}
    twice = {name: value for name, value in fields.items() if not name.startswith("quote_items-0")}
    response = submit(admin_client, address, **twice)
    assert response.status_code == 200
    assert "duplicate" in response.content.decode()


def test_hostile_text_is_shown_as_text(admin_client):
    evil = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'
    article = Article.objects.get(pk=make_article(body=evil.replace("<", "\\<")).pk)
    quote = make_quote(evil, article=article, speaker=make_speaker(evil), role=evil, cue=evil, mention=evil)
    for address in (_page(quote), _page(quote.speaker), reverse(LIST), reverse("admin:quotes_speaker_changelist"),
                    reverse("admin:articles_article_change", args=[article.pk])):  # fmt: skip
        html = admin_client.get(address).content.decode()
        assert "<script>alert" not in html
        assert "<img src=x" not in html


@pytest.mark.parametrize("gone", [1, 2])
def test_an_article_is_saved_though_quotes_went_or_came_meanwhile(gone, admin_client):
    article = make_article(body='"One," she said. "Two," she said. "Three," she said.')
    quotes = [make_quote(words, article=article) for words in ("One,", "Two,")]
    address = reverse("admin:articles_article_change", args=[article.pk])
    opened = admin_client.get(address)
    for quote in quotes[:gone]:
        quote.delete()
    if gone == 1:
        make_quote("Three,", article=article)
    assert submit(admin_client, address, opened=opened, byline="Ada Moor").status_code == 302
    article.refresh_from_db()
    assert article.byline == "Ada Moor"
    assert article.quotes.count() == len(quotes) - gone + (gone == 1)


def test_the_page_of_an_article_says_where_its_quotes_stand(admin_client):
    article = make_article(body='One.\n\nTwo.\n\n"We left at dawn," she said.', state="draft")
    quote = make_quote("We left at dawn,", article=article)
    make_quote("Words that went", article=article, start=None, end=None)
    html = admin_client.get(reverse("admin:articles_article_change", args=[article.pk])).content.decode()
    preview = reverse("admin:articles_article_draft_preview", args=[article.pk])
    assert f'<a href="{preview}#quote-{quote.pk}">paragraph 3</a>' in html
    assert '<span class="around">&quot; she said.</span>' in html
    assert "not in the text" in html
    assert f'id="quote-{quote.pk}"' in admin_client.get(preview).content.decode()
