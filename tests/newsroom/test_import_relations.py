"""What an import ties together: versions, printings of one story, topics found, sources cited."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse

from articles import store as article_store
from articles.models import Article, ArticleKey, Citation, Printing, ProposedChange, TaggedItem, Topic, TopicName
from newsroom.models import ImportRun, RunDocument
from quotes import store as quote_store
from quotes.models import Quote

pytestmark = pytest.mark.django_db

HEAD = "Harbour fees to rise in spring, port says\n\nBy Ines Falk\nNovember 14, 2026\n\n"
BODY = """The port of Lindhaven will raise its fees by four percent in March, its management told shippers on Friday.
"We have kept prices still for six years, and the quays do not pay for themselves," said Greta Lindahl, head of the port's pilots' association.
Lindahl added that the money would go into new fenders and lights along the outer basin, Reuters reported.
Shippers have until the end of January to comment on the plan, which the city council must then approve.
"""
OTHER = """Tram line opens without ceremony

By Jonas Reker
November 15, 2026

The new tram line between the station and the university carried its first passengers on Sunday, a year later than planned.
"We did not want speeches, we wanted trams," said Petra Holm, who leads the transport company.
The line cost twelve million more than the council approved, according to a report in the Verland Courier.
"""


@pytest.fixture
def write(tmp_path: Path):
    def make(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return make


def run(*paths: object, **options: object) -> str:
    out = io.StringIO()
    call_command("import_dump", *map(str, paths), stdout=out, **options)
    return out.getvalue()


# versions


def test_editors_corrections_survive_and_the_rest_is_updated(write):
    run(write("a.txt", HEAD + BODY))
    article = Article.objects.get()
    article.headline, article.byline = "Harbour fees to rise", "Our harbour desk"
    article_store.save_article(article)
    corrected = Quote.objects.get(kind="direct")
    corrected.text = corrected.text.replace("six years", "seven years")
    quote_store.save_quote(corrected)
    run(write("b.txt", HEAD.replace("Ines Falk", "Tom Reyes") + BODY.replace("four percent", "five percent")))
    article = Article.objects.get()
    assert (article.headline, article.byline) == ("Harbour fees to rise", "Our harbour desk")
    assert "five percent" in article.text
    assert Quote.objects.filter(kind="direct").count() == 1
    assert "seven years" in Quote.objects.get(kind="direct").text
    assert dict(ProposedChange.objects.get().fields.values_list("name", "new")) == {"byline": "Tom Reyes"}


def test_version_under_a_headline_that_an_editor_changed_is_no_second_article(write):
    run(write("a.txt", HEAD + BODY))
    article = Article.objects.get()
    article.headline = "Fees rise"
    article_store.save_article(article)
    run(write("b.txt", HEAD + BODY.replace("four percent", "five percent")))
    assert Article.objects.count() == 1


def test_rejected_proposal_does_not_come_again(write, django_user_model):
    run(write("a.txt", HEAD + BODY))
    article = Article.objects.get()
    article.body = article.body.replace("four percent", "some four percent")
    article_store.save_article(article)
    run(write("b.txt", HEAD + BODY.replace("four percent", "five percent")))
    ProposedChange.objects.update(state="decided")
    run(write("c.txt", HEAD + BODY.replace("four percent", "five percent") + "\nMost Popular\n\nTrams late\n\nSnow\n"))
    assert not ProposedChange.objects.filter(state="waiting").exists()


# printings


def test_copy_at_another_publisher_is_linked_not_doubled(write, client):
    run(write("a.txt", HEAD + BODY), publisher="Verland Courier", publish=True)
    cut = "\n".join(BODY.splitlines()[:3]).replace("management", "board")
    run(write("b.txt", "Port of Lindhaven gets dearer\n\n" + cut), publisher="Sound Gazette", publish=True)
    run(write("c.txt", OTHER), publisher="Sound Gazette", publish=True)
    first, copy, other = Article.objects.order_by("pk")
    assert Printing.objects.count() == 2
    row = Printing.objects.get(article=copy)
    assert (row.compared_with, row.story, row.state) == (first, first.printing.story, "linked")
    assert row.similarity > 0.9
    html = client.get(reverse("articles:article", args=[first.slug])).content.decode()
    assert copy.get_absolute_url() in html
    assert other.get_absolute_url() not in html


def test_copies_in_one_batch_are_linked_as_those_in_two(write):
    paths = [
        write("a.txt", HEAD + BODY),
        write("b.txt", "Port gets dearer\n\n" + BODY),
        write("c.txt", "Fees: port to charge more\n\n" + BODY),
    ]
    run(*paths)
    assert Printing.objects.values("story").distinct().count() == 1
    assert Printing.objects.count() == 3


def test_one_utterance_in_two_printings_has_one_cluster(write):
    run(write("a.txt", HEAD + BODY), publisher="Verland Courier")
    run(
        write("b.txt", "Port gets dearer\n\n" + BODY.replace("still for six years", "still six years")),
        publisher="Sound Gazette",
    )
    clusters = Quote.objects.filter(kind="direct").values_list("cluster", flat=True)
    assert (len(clusters), len(set(clusters))) == (2, 1)


def test_article_that_an_editor_parted_stays_apart(write, django_user_model):
    run(write("a.txt", HEAD + BODY))
    run(write("b.txt", "Port gets dearer\n\n" + BODY))
    Printing.objects.filter(article__headline="Port gets dearer").update(state="parted")
    run(write("c.txt", "Fees: port to charge more\n\n" + BODY))
    row = Printing.objects.get(article__headline__startswith="Fees")
    assert row.compared_with.headline == "Harbour fees to rise in spring, port says"


def test_what_every_page_says_ties_nothing(write):
    """The same closing lines on many pages of different stories."""
    furniture = BODY.splitlines()[3]
    for number in range(25):
        words = " ".join(f"wonderful{number}x{place} thing" for place in range(60))
        write(f"{number}.txt", f"Story number {number} of the day\n\nThe boats said {words}.\n\n{furniture}\n")
    run(*sorted(write("zz.txt", OTHER).parent.glob("*.txt")))
    assert not Printing.objects.exists()
    from django.db.models import Count

    most = ArticleKey.objects.values("key").annotate(n=Count("pk")).order_by("-n").first()
    assert most["n"] <= 20


# topics and sources


def test_known_topics_are_found_by_name_and_other_name(write):
    harbour = Topic.objects.create(name="Harbour policy")
    TopicName.objects.create(topic=harbour, name="city council", key="city council")
    Topic.objects.create(name="Turkey")
    run(write("a.txt", HEAD + BODY + "They ate turkey.\n"))
    article = Article.objects.get()
    row = TaggedItem.objects.get(content_object=article)
    assert (row.tag, row.origin, row.mentions) == (harbour, "found", 1)
    assert article.text[row.first_mention :].startswith("city council")


def test_tag_of_a_document_is_found_in_those_after_it_and_not_before(write):
    run(
        write("a.txt", HEAD + BODY),
        write("b.txt", OTHER + "Tags: Lindhaven\n"),
        write("c.txt", OTHER.replace("Tram line", "Bus line").replace("station", "port of Lindhaven")),
    )
    filed = dict(TaggedItem.objects.filter(tag__name="Lindhaven").values_list("content_object__headline", "origin"))
    assert filed == {
        "Tram line opens without ceremony": "printed",
        "Bus line opens without ceremony": "found",
    }


def test_cited_sources_are_kept_with_their_place_and_publisher(write, client):
    run(write("a.txt", OTHER), publisher="Verland Courier", publish=True)
    run(
        write("b.txt", HEAD + BODY + "The fees are fair, Lindahl told the Verland Courier.\n"),
        publisher="Sound Gazette",
        publish=True,
    )
    article = Article.objects.get(headline__startswith="Harbour")
    cited = {row.name: row for row in article.citations.all()}
    assert set(cited) == {"Reuters", "Verland Courier"}
    assert cited["Verland Courier"].publisher.name == "Verland Courier"
    row = cited["Reuters"]
    assert article.text[row.start : row.end] == row.evidence == "Reuters reported"
    assert "Reuters" in client.get(article.get_absolute_url()).content.decode()
    assert not Citation.objects.filter(article__headline__startswith="Tram").exists(), "a paper does not cite itself"


def test_all_that_is_tied_is_in_the_ledger(write):
    Topic.objects.create(name="Lindhaven")
    run(write("a.txt", HEAD + BODY))
    run(write("b.txt", "Port gets dearer\n\n" + BODY))
    made = RunDocument.objects.order_by("pk").last().changes["created"]
    for model in (Printing, Citation, TaggedItem):
        label = model._meta.label_lower
        assert made.get(label), label
    assert "articles.story" in made


def test_undoing_takes_back_what_was_tied(write):
    Topic.objects.create(name="Lindhaven")
    run(write("a.txt", HEAD + BODY), publisher="Verland Courier")
    kept = {model: model.objects.count() for model in (Article, Quote, TaggedItem, Citation, ArticleKey)}
    clusters = sorted(Quote.objects.values_list("pk", "cluster"))
    run(write("b.txt", "Port gets dearer\n\n" + BODY.replace("still for six", "still six")), publisher="Sound Gazette")
    assert Printing.objects.exists()
    call_command(
        "undo_import", str(RunDocument.objects.order_by("pk").last().run_id), no_input=True, stdout=io.StringIO()
    )
    assert {model: model.objects.count() for model in kept} == kept
    assert not Printing.objects.exists()
    assert sorted(Quote.objects.values_list("pk", "cluster")) == clusters


def test_undoing_takes_back_a_proposal(write):
    run(write("a.txt", HEAD + BODY))
    article = Article.objects.get()
    article.body = article.body.replace("four percent", "some four percent")
    article_store.save_article(article)
    run(write("b.txt", HEAD + BODY.replace("four percent", "five percent")))
    assert ProposedChange.objects.exists()
    call_command(
        "undo_import", str(RunDocument.objects.order_by("pk").last().run_id), no_input=True, stdout=io.StringIO()
    )
    assert not ProposedChange.objects.exists()
    assert "some four percent" in Article.objects.get().text


# who said it, in a newer version


def test_untouched_quote_goes_to_whom_the_newer_version_gives_it(write):
    run(write("a.txt", HEAD + BODY))
    kept = Quote.objects.get(kind="direct")
    run(write("b.txt", HEAD + BODY.replace("Greta Lindahl, head", "Mara Ostrom, head")))
    now = Quote.objects.get(kind="direct")
    assert (now.pk, now.text, now.speaker.name, now.mention) == (kept.pk, kept.text, "Mara Ostrom", "Mara Ostrom")
    assert now.speaker.positions.get().title == now.role
    assert [quote.pk for quote in Quote.objects.all().search("Ostrom")] == [now.pk]
    call_command("undo_import", str(ImportRun.objects.latest("pk").pk), stdout=io.StringIO(), no_input=True)
    assert Quote.objects.get(kind="direct").speaker.name == "Greta Lindahl"


def test_reviewed_quote_keeps_its_speaker_when_a_newer_version_gives_it_to_another(write):
    run(write("a.txt", HEAD + BODY))
    quote_store.review(Quote.objects.filter(kind="direct"), Quote.Review.VERIFIED, editor=None)
    run(write("b.txt", HEAD + BODY.replace("Greta Lindahl, head", "Mara Ostrom, head")))
    assert Quote.objects.get(kind="direct").speaker.name == "Greta Lindahl"


# teasers

TEASER_PAGE = (
    OTHER
    + """
More from us

"We have kept prices still for six years, and the quays do not pay for themselves," said Greta Lindahl.
"""
)


@pytest.mark.parametrize("teaser_first", [True, False])
def test_teaser_finds_its_story_whichever_comes_first(write, client, teaser_first):
    pages = [write("a.txt", TEASER_PAGE), write("b.txt", HEAD + BODY)]
    for page in pages if teaser_first else reversed(pages):
        run(page, publish=True)
    teaser = Quote.objects.get(article=None)
    said = Quote.objects.get(article__headline__startswith="Harbour", kind="direct")
    assert teaser.cluster == said.cluster
    assert (
        f'href="{said.article.get_absolute_url()}#{said.anchor}"'
        in client.get(teaser.get_absolute_url()).content.decode()
    )
