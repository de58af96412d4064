"""Writing many rows at once: the same rows, addresses and search entries as one by one."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.apps import apps
from django.db import DataError, IntegrityError, connection, transaction
from modelsearch.backends import get_search_backend

from articles import bulk, searchindex
from articles.ledger import values_of
from articles.models import (
    Article,
    Author,
    FormerAddress,
    Publisher,
    RawDocument,
    TaggedItem,
    Topic,
    TopicOrigin,
)
from articles.slugs import free_slugs
from quotes.models import Position, Quote, Speaker, SpeakerName
from tests.factories import make_article

pytestmark = pytest.mark.django_db
MOMENT = dt.datetime(2026, 11, 14, 9, 30, tzinfo=dt.UTC)


def stored(model: Any) -> list[dict[str, Any]]:
    return [values_of(row) for row in model.objects.order_by("pk")]


def documents(number: int) -> list[RawDocument]:
    return [
        RawDocument(
            sha256=f"{n:064}", raw=bytes([0, n, 255]), size=3, name="tab\tnew\nline \\ “ü”", blocks=[["paragraph", 0, n]],
            meta={"n": n}, retrieved_at=MOMENT,
        )
        for n in range(number)
    ]  # fmt: skip


def test_inserted_rows_are_those_that_bulk_create_makes():
    RawDocument.objects.bulk_create(documents(3))
    wanted = stored(RawDocument)
    raw = [bytes(row.raw) for row in RawDocument.objects.order_by("pk")]
    RawDocument.objects.all().delete()
    rows = documents(3)
    bulk.insert(rows)
    assert [{**row, "id": None} for row in stored(RawDocument)] == [{**row, "id": None} for row in wanted]
    assert [bytes(row.raw) for row in RawDocument.objects.order_by("pk")] == raw
    assert [row.pk for row in rows] == [row["id"] for row in stored(RawDocument)]
    assert not rows[0]._state.adding


def test_keys_go_on_where_single_rows_left_off_and_the_other_way_round():
    first = Author.objects.create(name="A", slug="a")
    rows = [Author(name=name, slug=name.lower()) for name in "BCD"]
    bulk.insert(rows)
    last = Author.objects.create(name="E", slug="e")
    assert len({first.pk, *(row.pk for row in rows), last.pk}) == 5


def test_rows_may_point_to_rows_that_got_their_keys_after_they_were_assigned():
    speaker = Speaker(name="Ada Moor", slug="ada-moor", sort_key="moor ada")
    form = SpeakerName(speaker=speaker, name="Ada Moor", key="ada moor")
    bulk.insert([speaker])
    bulk.insert([form])
    assert SpeakerName.objects.get().speaker == speaker
    assert form.speaker is speaker


def test_a_row_that_is_there_already_is_refused():
    Author.objects.create(name="A", slug="a")
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.insert([Author(name="B", slug="b"), Author(name="C", slug="a")])
    assert Author.objects.count() == 1


def test_updates_write_the_named_fields_only():
    rows = [make_article(headline=f"Headline {n}") for n in range(3)]
    for row in rows:
        row.headline, row.standfirst, row.edited_at, row.imported = "New", "Other", MOMENT, {"body": "x"}
    bulk.update(rows[:2], ["headline", "edited_at", "imported"])
    found = list(Article.objects.order_by("pk"))
    assert [row.headline for row in found] == ["New", "New", "Headline 2"]
    assert [row.imported for row in found] == [{"body": "x"}, {"body": "x"}, rows[2].__class__().imported]
    assert [row.edited_at == MOMENT for row in found] == [True, True, False]
    assert all(row.standfirst != "Other" for row in found)


@pytest.mark.parametrize("here", [0, 1, 5, 19, 20, 45])
def test_slugs_are_free_and_the_first_that_are(here):
    names = ["fire", *(f"fire-{n}" for n in range(2, here + 1))][:here]
    Publisher.objects.bulk_create(Publisher(name=name, slug=name) for name in names)
    expected = ["fire" if here == 0 else f"fire-{here + 1}", f"fire-{max(here, 1) + (2 if here else 1)}", "flood"]
    assert free_slugs(Publisher, ["fire", "fire", "flood"]) == expected


def test_slugs_do_not_take_what_a_gap_leaves_between():
    for name in ("fire", "fire-3", "fire-4"):
        Publisher.objects.create(name=name, slug=name)
    FormerAddress.objects.create(kind="articles.publisher", slug="fire-5")
    assert free_slugs(Publisher, ["fire", "fire", "fire"]) == ["fire-2", "fire-6", "fire-7"]


def entries() -> list[dict[str, Any]]:
    model = apps.get_model("modelsearch", "IndexEntry")
    found = list(model.objects.order_by("content_type", "object_id").values("object_id", *columns()))
    # On PostgreSQL, words with their places and weights. The places tell words of one field from each other.
    return [
        {name: sorted(re.sub(r":\d+", ":", re.sub(r",\d+", ",", str(value))).split()) for name, value in row.items()}
        for row in found
    ]


def columns() -> list[str]:
    return ["title", "autocomplete", "body", "title_norm"]


@pytest.mark.parametrize("twice", [False, True])
def test_search_entries_are_those_that_the_library_makes(twice):
    article = make_article(headline="Harbour fees rise", standfirst="", body="The port will raise its fees, it said.")
    accented = make_article(headline="Fährpreise steigen", standfirst="Żółty “kot”", body="Plain words.")
    speaker = Speaker.objects.create(name="Ada Moor", slug="ada-moor", sort_key="moor ada", description="Head of it")
    SpeakerName.objects.create(speaker=speaker, name="A. Moor", key="a moor")
    other = Speaker.objects.create(name="Åse Ødegård", slug="ase", sort_key="odegard ase")
    quotes = [
        Quote.objects.create(article=article, text="We wait", speaker=speaker, role="mayor", said_on=MOMENT.date()),
        Quote.objects.create(article=article, text="“We” wait", speaker=other, role="élue", said_on=MOMENT.date()),
        Quote.objects.create(article=accented, text="Nous attendons là", said_on=MOMENT.date()),
    ]
    model = apps.get_model("modelsearch", "IndexEntry")
    rows = ((Article, [article, accented]), (Speaker, [speaker, other]), (Quote, quotes))
    model.objects.all().delete()
    for kind, some in rows:
        get_search_backend().get_index_for_model(kind).add_items(kind, some)
    wanted = entries()
    if not twice:
        model.objects.all().delete()
    for kind, some in rows:
        searchindex.add(kind, some)
    assert entries() == wanted
    assert len(wanted) == 7


def test_search_entries_are_right_of_rows_that_were_read_in_part():
    article = make_article(headline="Fährpreise steigen", body="Plain words.")
    speaker = Speaker.objects.create(name="Åse Moor", slug="ase-moor", sort_key="moor ase")
    quote = Quote.objects.create(article=article, text="We wait", speaker=speaker, said_on=MOMENT.date())
    searchindex.add(Article, [article])
    searchindex.add(Quote, [quote])
    wanted = entries()
    apps.get_model("modelsearch", "IndexEntry").objects.all().delete()
    searchindex.add(Article, [Article.objects.only("pk").get()])
    searchindex.add(Quote, [Quote.objects.only("pk").get()])
    assert entries() == wanted


@pytest.mark.parametrize("model", [Article, Author, Quote, RawDocument, Speaker, SpeakerName])
def test_a_row_made_quickly_holds_what_the_model_makes(model):
    quick, wanted = bulk.new(model), model()
    assert vars(quick).keys() == vars(wanted).keys()
    assert values_of(quick) == values_of(wanted)
    assert all(
        getattr(quick, field.attname) is not getattr(bulk.new(model), field.attname)
        for field in model._meta.concrete_fields
        if field.default in (list, dict)
    )


def test_a_row_made_quickly_takes_related_rows_and_their_keys_and_no_unknown_names():
    speaker = Speaker(name="Ada Quill", slug="ada-quill")
    form = bulk.new(SpeakerName, speaker=speaker, name="Quill")
    assert (form.speaker, form.speaker_id) == (speaker, None)
    speaker.save()
    with transaction.atomic():
        bulk.insert([form])
    assert SpeakerName.objects.get().speaker == speaker
    assert bulk.new(SpeakerName, speaker_id=speaker.pk).speaker == speaker
    with pytest.raises(TypeError, match="SpeakerName has no field 'nam'"):
        bulk.new(SpeakerName, nam="Quill")


def test_among_finds_what_in_finds():
    rows = [Publisher.objects.create(name=name, slug=str(n)) for n, name in enumerate(['"A"', "{B,C}", "Ünd\\", "D"])]
    documents_of = [make_article(publisher=row) for row in rows]
    everybody = [row.name for row in rows]
    for names in ([], [""], [rows[0].name], everybody[:3], ["", *everybody[:3]], ["A\x1fD", *everybody[:2]]):
        assert set(Publisher.objects.filter(name__among=names)) == set(Publisher.objects.filter(name__in=names))
    keys = {rows[1].pk, rows[3].pk, 2**60}
    assert set(Article.objects.filter(publisher__among=keys)) == {documents_of[1], documents_of[3]}
    assert set(Article.objects.exclude(pk__among=[documents_of[0].pk])) == set(documents_of[1:])


def test_values_are_written_as_rows_are():
    article, topic = make_article(), Topic.objects.create(name="Ferries", slug="ferries")
    with transaction.atomic():
        keys = bulk.insert_values(TaggedItem, ("tag", "content_object", "origin", "mentions", "first_mention"), [
            (topic.pk, article.pk, TopicOrigin.FOUND, 3, None)
        ])  # fmt: skip
        assert bulk.insert_values(TaggedItem, ("tag",), []) == []
    row = TaggedItem.objects.get()
    assert (row.pk, row.tag, row.content_object) == (keys[0], topic, article)
    assert (row.origin, row.mentions, row.first_mention) == ("found", 3, None)


def test_of_a_row_read_in_part_the_rest_is_read_when_it_is_asked_for(django_assert_num_queries):
    there = Speaker.objects.create(name="Ada Moor", slug="ada-moor", sort_key="moor ada", description="Head of it")
    row = bulk.partly_read(Speaker, id=there.pk, name="Ada Moor")
    with django_assert_num_queries(0):
        assert (row, row.name) == (there, "Ada Moor")
    with django_assert_num_queries(1):
        assert row.description == "Head of it"


@pytest.mark.parametrize(
    ("model", "column"),
    [
        (Article, "last_editor"), (Position, "speaker"), (Quote, "article"), (Quote, "reviewer"), (Quote, "speaker"),
        (SpeakerName, "speaker"), (TaggedItem, "tag"),
    ],
)  # fmt: skip
def test_rows_are_found_by_what_they_belong_to_without_reading_the_table_through(model, column):
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")  # a small table is read through at any rate
    plan = model.objects.order_by().filter(**{f"{column}__in": [1, 2]}).explain()
    assert "Index" in plan if connection.vendor == "postgresql" else "SEARCH" in plan
    assert "Seq Scan" not in plan and "SCAN" not in plan


@pytest.mark.skipif("sqlite" in connection.settings_dict["ENGINE"], reason="SQLite takes numbers of any size")
def test_a_number_that_its_column_has_no_room_for_is_refused():
    row = documents(1)[0]
    row.size = 2**40
    with pytest.raises(DataError), transaction.atomic():
        bulk.insert([row])
