"""``manage.py check_integrity``: it finds what does not fit, and finds nothing after imports and the work of editors."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from modelsearch.models import IndexEntry

from articles import mergers
from articles.models import Article, CuratedList, Deletion, FormerAddress, Merger, RawDocument, Topic
from newsroom import integrity
from newsroom.models import ImportRun, RunDocument
from quotes.models import Quote, Speaker
from tests.adminpages import submit
from tests.factories import make_quote, make_speaker
from tests.newsroom.undoing import FERRY, NEWER_FEES, imported, put, told
from tests.site.world import make_world

pytestmark = pytest.mark.django_db


def check(**options: Any) -> tuple[int, str]:
    """The exit code and what is printed."""
    out = io.StringIO()
    try:
        call_command("check_integrity", stdout=out, **options)
    except CommandError as error:
        return error.returncode, f"{out.getvalue()}{error}"
    return 0, out.getvalue()


def of(obj: Any, name: str) -> str:
    return reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_{name}", args=[obj.pk])


def quote_in_article() -> Quote:
    return Quote.objects.filter(article__isnull=False, kind="direct", speaker__isnull=False).order_by("pk").first()


def test_nothing_is_wrong_with_what_stores_write() -> None:
    make_world(2)
    assert check() == (0, "".join(f"ok      {each.claim}\n" for each in integrity.CHECKS) + "All is well.\n")


def test_nothing_is_wrong_after_imports_updates_and_undoing(fees: Path, tmp_path: Path) -> None:
    runs = [imported(fees, publish=True), imported(put(tmp_path, "ferry.txt", FERRY))]
    runs.append(imported(put(tmp_path, "fees.txt", NEWER_FEES)))
    runs.append(imported(settings.BASE_DIR / "newsroom" / "samples", publish=True))
    assert integrity.faults() == []
    for run in (runs[1], runs[3], runs[2], runs[0]):
        told(run)
        assert integrity.faults() == []


def _text_before(client: Client) -> None:
    article = quote_in_article().article
    submit(client, of(article, "change"), body=f"A new paragraph *above* them all.\n\n{article.body}")


def _text_gone(client: Client) -> None:
    submit(client, of(quote_in_article().article, "change"), body="Nothing of it is left.")


def _headline(client: Client) -> None:
    submit(client, of(quote_in_article().article, "change"), headline="Another one", slug="another-one")


def _words_of_a_quote(client: Client) -> None:
    quote = quote_in_article()
    submit(client, of(quote, "change"), text=" ".join(quote.text.split()[:4]))


def _words_that_stand_nowhere(client: Client) -> None:
    submit(client, of(quote_in_article(), "change"), text="Words that nobody printed.")


def _words_of_a_quote_alone(client: Client) -> None:
    quote = make_quote(alone=True)
    submit(client, of(quote, "change"), text=" ".join(quote.text.split()[1:]))


def _words_after_a_quote(client: Client) -> None:
    quote = quote_in_article()
    assert quote.cue_start >= quote.end
    body = quote.article.body
    submit(
        client, of(quote.article, "change"), body=body.replace(f"{quote.cue} {quote.mention}", "was what they heard")
    )


def _other_occurrence_of_a_quote(client: Client) -> None:
    quote = quote_in_article()
    submit(client, of(quote.article, "change"), body=f"{quote.article.body}\n\nAgain: {quote.text}")
    text = Article.objects.get(pk=quote.article_id).text
    start = text.rindex(quote.text)
    assert start > quote.start
    submit(client, of(quote, "change"), start=str(start), end=str(start + len(quote.text)))
    assert Quote.objects.get(pk=quote.pk).start == start


def _place_of_a_quote(client: Client) -> None:
    submit(client, of(quote_in_article(), "change"), start="3", end="9")


def _quote_into_another_article(client: Client) -> None:
    quote = quote_in_article()
    other = Article.objects.exclude(pk=quote.article_id).order_by("pk").first()
    submit(client, of(quote, "change"), article=str(other.pk))


def _speaker_renamed(client: Client) -> None:
    speaker = quote_in_article().speaker
    submit(client, of(speaker, "change"), name="Somebody Else", slug="somebody-else")


def _merged_twice_and_taken_apart(client: Client) -> None:
    one, two, three = (make_quote(speaker=make_speaker()).speaker for _ in range(3))
    first = mergers.merge(one, two, editor=None)
    mergers.merge(two, three, editor=None)
    assert integrity.faults() == []
    client.post(reverse("admin:articles_merger_undo", args=[first.pk]))
    assert Merger.objects.filter(undone_at__isnull=False).count() == 1


def _topics_merged(client: Client) -> None:
    one, other = Topic.objects.order_by("pk")[:2]
    client.post(reverse("admin:articles_topic_merge"), {"one": [one.pk, other.pk], "kept": other.pk})
    assert Merger.objects.count() == 1


def _deleted_and_brought_back(client: Client) -> None:
    article = quote_in_article().article
    client.post(of(article, "delete"), {"post": "yes"})
    assert integrity.faults() == []
    client.post(reverse("admin:articles_deletion_bring_back", args=[Deletion.objects.get().pk]))
    assert Article.objects.filter(pk=article.pk).exists()


def _version_restored(client: Client) -> None:
    from articles import history

    _text_gone(client)
    article = Article.objects.get(text="Nothing of it is left.")
    versions = history.versions_of(article)
    client.post(of(article, "restore"), {"version": versions.last().pk, "newest": versions.first().pk})
    assert not Article.objects.filter(text="Nothing of it is left.").exists()


def _list_renamed(client: Client) -> None:
    submit(client, of(CuratedList.objects.order_by("pk").first(), "change"), title="Weekend reads", slug="weekend")


def _withdrawn(client: Client) -> None:
    client.post(of(quote_in_article().article, "withdraw"), {"because": "Its figures were wrong."})


@pytest.mark.parametrize(
    "work",
    [
        _text_before, _text_gone, _headline, _words_of_a_quote, _words_that_stand_nowhere, _words_of_a_quote_alone,
        _words_after_a_quote, _other_occurrence_of_a_quote, _place_of_a_quote, _quote_into_another_article, _speaker_renamed, _merged_twice_and_taken_apart, _topics_merged,
        _deleted_and_brought_back, _version_restored, _list_renamed, _withdrawn,
    ],
    ids=lambda work: work.__name__.strip("_"),
)  # fmt: skip
def test_nothing_is_wrong_after_an_editors_work(
    work: Callable[[Client], None], fees: Path, tmp_path: Path, admin_client: Client
) -> None:
    imported(fees, put(tmp_path, "ferry.txt", FERRY), publish=True)
    before = _rows()
    work(admin_client)
    assert _rows() != before, "the work did nothing"
    assert integrity.faults() == []


def _rows() -> list[Any]:
    models: tuple[Any, ...] = (Article, Quote, Speaker, Topic, CuratedList, Merger)
    return [list(model.objects.order_by("pk").values_list()) for model in models]


def _article(**values: Any) -> None:
    Article.objects.filter(pk=quote_in_article().article_id).update(**values)


def _quote(**values: Any) -> None:
    Quote.objects.filter(pk=quote_in_article().pk).update(**values)


def _merge_in_a_row() -> None:
    one, two, three = (make_speaker() for _ in range(3))
    Speaker.objects.filter(pk=one.pk).update(merged_into=two)
    Speaker.objects.filter(pk=two.pk).update(merged_into=three)


def _of_a_merged_speaker() -> None:
    Speaker.objects.filter(pk=quote_in_article().speaker_id).update(merged_into=make_speaker())


BREAK: dict[str, tuple[Callable[[], Any], str]] = {
    "words elsewhere": (lambda: _quote(start=1, end=4), "do not stand at 1 to 4"),
    "other words": (lambda: _quote(text="Other words."), "fingerprint is not that of its words"),
    "context": (lambda: _quote(prefix="?"), "the words kept from around it"),
    "segment": (lambda: _quote(segments=[[0, 10_000]]), "its part at 0 to 10000"),
    "cue": (lambda: _quote(cue="said", cue_start=0, cue_end=4), "its cue does not stand at 0 to 4"),
    "mention": (lambda: _quote(mention="She", mention_start=0, mention_end=3), "its mention does not stand at 0 to 3"),
    "dump": (lambda: _quote(document_start=1, document_end=10**6), "its place in the dump"),
    "text": (lambda: _article(text="Gone"), "its text is not that of its body"),
    "key": (lambda: _article(headline_key="gone"), "its key is not that of its headline"),
    "hash": (lambda: _article(content_hash="0"), "its hash is not that of its content"),
    "bytes": (lambda: RawDocument.objects.update(raw=b"Other bytes."), "its bytes are not those that came in"),
    "run": (lambda: RunDocument.objects.all().delete(), "says 1 read"),
    "merged": (_merge_in_a_row, "is merged into one that is merged itself"),
    "merged speaker": (_of_a_merged_speaker, "belongs to a speaker who is merged into another"),
    "address": (
        lambda: FormerAddress.objects.create(kind="quotes.speaker", slug="gone", object_id=10**9),
        "leads to a row that is not there",
    ),
    "index": (lambda: IndexEntry.objects.filter(content_type__model="quote").delete(), "is not in the search index"),
}


@pytest.mark.parametrize("what", BREAK)
def test_what_does_not_fit_is_named(what: str, fees: Path) -> None:
    imported(fees)
    assert check()[0] == 0
    spoil, words = BREAK[what]
    spoil()
    code, said = check()
    assert code == 1
    assert words in said
    assert "Not in order: " in said and "All is well" not in said


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps the index in the row itself")
def test_an_index_that_does_not_fit_its_entries_is_named(fees: Path) -> None:
    imported(fees)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM modelsearch_indexentry_fts_content")
    assert [fault.where for fault in integrity.faults()] == ["database"]


def test_of_many_faults_some_are_named_and_the_rest_on_demand(fees: Path) -> None:
    imported(fees)
    number = Quote.objects.update(fingerprint="0")
    assert number > 1
    assert check(most=1)[1].count("fingerprint is not") == 1
    assert "and more: --most 10 names them" in check(most=1)[1]
    assert check(most=number)[1].count("fingerprint is not") == number


def test_nothing_is_changed(fees: Path) -> None:
    imported(fees)
    ImportRun.objects.update(counts={})
    Article.objects.update(content_hash="0")
    before = _rows()
    check()
    assert _rows() == before


def test_database_that_is_not_there_is_said_in_one_line(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "check_integrity"], cwd=settings.BASE_DIR, capture_output=True, text=True,
        env={"PATH": "", "DATABASE_URL": f"sqlite:///{tmp_path}/none.sqlite3"}, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "The database cannot be read" in done.stderr
    assert "Traceback" not in done.stderr
