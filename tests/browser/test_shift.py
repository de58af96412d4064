"""A chief editor's whole shift in a real browser: from a dump as it came to what readers see, and back.

On the owner's dump, where it stands beside the project, and on one of the same shape that is our own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from articles.models import Article, CuratedList
from newsroom.models import ImportRun
from quotes.models import Quote, Speaker
from tests.browser.keys import Keys
from tests.factories import make_article, make_quote, make_speaker

pytestmark = pytest.mark.browser
SEED = Path(settings.BASE_DIR).parent / "shared" / "seed" / "north-korea-kn23.txt"


@dataclass(frozen=True)
class Dump:
    """A dump, and what an editor knows of it: ``said_by`` said what the page gives to nobody, ``short`` is ``full``."""

    file: Path
    said_by: str
    short: str
    full: str


OURS = Dump(Path(__file__).with_name("shift-dump.txt"), "Odran Velmore", "Velmore", "Odran Velmore")
OWNERS = Dump(SEED, "Donald Trump", "Zelensky", "Volodymyr Zelensky")


@pytest.fixture(params=[OURS, OWNERS], ids=["our dump", "the owner's dump"])
def dump(request: Any) -> Dump:
    if not request.param.file.exists():
        pytest.skip(f"the owner's dump is not here: {request.param.file}")
    return request.param


class Shift:
    """The steps of the shift, each from the page where the one before it ended, or from the desk's front page."""

    def __init__(self, desk: Page, site: str, dump: Dump) -> None:
        self.desk, self.site, self.dump = desk, site, dump

    def front_page(self) -> None:
        self.desk.goto(f"{self.site}/admin/")

    def saved(self, words: str) -> None:
        expect(self.desk.get_by_text(words)).to_be_visible()

    def answers(self, path: str) -> tuple[int, str]:
        """Status and where it leads of what a reader without an account is answered."""
        answer = self.desk.context.request.get(f"{self.site}{path}", max_redirects=0)
        return answer.status, answer.headers.get("location", "")

    def upload(self) -> ImportRun:
        self.front_page()
        self.desk.get_by_role("link", name="Upload a dump").click()
        self.desk.get_by_label("File").set_input_files(self.dump.file)
        self.desk.get_by_label("Publisher").fill("The Harbour Post")
        self.desk.get_by_role("button", name="Show what would come of it").click()
        expect(self.desk.get_by_role("heading", name="What would be made")).to_be_visible()
        assert not ImportRun.objects.exists()
        self.desk.get_by_role("button", name="Import 1 document", exact=True).click()
        self.saved("is done. It can be undone here.")
        expect(self.desk.get_by_role("link", name="1 created")).to_be_visible()
        return ImportRun.objects.get()

    def review(self) -> Keys:
        """All quotes of the import, from its page, without the mouse."""
        self.desk.get_by_role("link", name=re.compile(r"^Review its \d+ quotes")).click()
        expect(self.desk.get_by_role("heading", name="Review quotes")).to_be_visible()
        self.desk.wait_for_load_state()  # the keys are there when the page's script is
        keys = Keys(self.desk)
        while self.desk.locator("[data-review]").count():
            if self.desk.locator("#id_speaker").input_value():
                keys.decide("a")
            else:
                self.find_speaker(keys)
        self.saved("Every quote of this queue has been reviewed")
        return keys

    def find_speaker(self, keys: Keys) -> None:
        keys.press("s")
        expect(self.desk.locator(".select2-container--open .select2-search__field")).to_be_focused()
        keys.type(self.dump.said_by.split()[0])
        expect(self.desk.locator(".select2-results__option--highlighted")).to_have_text(self.dump.said_by)
        keys.press("Enter")
        keys.decide("a")

    def merge(self) -> None:
        self.front_page()
        self.desk.get_by_role("link", name="Speakers who may be one").click()
        pair = self.desk.get_by_role("row").filter(has=self.desk.get_by_role("link", name=self.dump.short, exact=True))
        pair.get_by_role("link", name="Compare and merge").click()
        self.desk.get_by_role("radio", name=self.dump.full, exact=True).check()
        self.desk.get_by_role("button", name="Merge into the chosen one").click()
        self.saved(f"“{self.dump.short}” merged into “{self.dump.full}”")

    def publish(self) -> Article:
        self.front_page()
        self.desk.get_by_role("link", name="Drafts").click()
        article = Article.objects.get(state="draft")
        self.desk.get_by_role("link", name=article.headline).click()
        expect(self.desk.get_by_role("heading", name="Before it is published")).to_be_visible()
        assert self.answers(article.get_absolute_url())[0] == 404
        self.desk.get_by_label("Standfirst").fill("What happened, in a sentence.")
        self.desk.get_by_role("button", name="Publish now anyway").click()
        # Something to know of went away with the standfirst; what is left is shown once more, if anything is.
        again = self.desk.get_by_role("button", name="Publish now")
        if again.count():
            again.click()
        self.saved("Published: readers see it as it is now.")
        article.refresh_from_db()
        assert self.answers(article.get_absolute_url())[0] == 200
        return article

    def order(self) -> None:
        """The last of the list goes to its top, by its number."""
        self.front_page()
        self.desk.get_by_role("link", name="Curated lists", exact=True).click()
        self.desk.get_by_role("link", name="Most Popular").click()
        curated = CuratedList.objects.get(title="Most Popular")
        before = list(curated.items.values_list("headline", flat=True))
        self.desk.locator(f"#id_items-{len(before) - 1}-position").fill("1")
        self.desk.get_by_role("button", name="Save", exact=True).click()
        self.saved("was changed successfully")
        assert list(curated.items.values_list("headline", flat=True)) == [before[-1], *before[:-1]]

    def schedule(self) -> None:
        self.front_page()
        self.desk.get_by_role("link", name="Write an article").click()
        self.desk.get_by_label("Headline").fill("Night ferry returns")
        self.desk.get_by_label("Standfirst").fill("It sails on Fridays.")
        self.desk.get_by_label("Body").fill("The night ferry sails again from Friday.")
        self.desk.locator("#id_published_at_0").fill("2077-11-22")
        self.desk.locator("#id_published_at_1").fill("09:00:00")
        self.desk.get_by_role("button", name="Schedule for Mon 22 Nov 2077 09:00 UTC").click()
        self.saved("Scheduled: it appears on Mon 22 Nov 2077 09:00 UTC.")
        article = Article.objects.get(headline="Night ferry returns")
        assert article.published_at == datetime(2077, 11, 22, 9, tzinfo=UTC)
        assert self.answers(article.get_absolute_url())[0] == 404

    def open_form(self, article: Article) -> None:
        self.desk.goto(f"{self.site}/admin/articles/article/{article.pk}/change/")

    def rename(self, article: Article) -> None:
        old = article.get_absolute_url()
        self.open_form(article)
        self.desk.get_by_label("Slug").fill("a-better-address")
        self.desk.get_by_role("button", name="Save changes to the live article").click()
        self.saved(f"Its old address {old} leads to the new one from now on.")
        article.refresh_from_db()
        status, place = self.answers(old)
        assert (status, place.removeprefix(self.site)) == (301, article.get_absolute_url())
        assert self.answers(place.removeprefix(self.site))[0] == 200

    def revert(self, article: Article) -> None:
        headline = article.headline
        self.open_form(article)
        self.desk.get_by_label("Headline").fill("A headline that nobody wanted")
        self.desk.get_by_role("button", name="Save changes to the live article").click()
        self.desk.get_by_role("link", name="History").click()
        self.desk.locator(".versions tbody tr").nth(2).get_by_role("link").click()
        expect(self.desk.get_by_role("region", name="Headline").locator("ins")).to_contain_text("nobody")
        self.desk.get_by_role("button", name="Restore").click()
        self.saved("Restored the version of")
        article.refresh_from_db()
        assert article.headline == headline

    def withdraw(self, article: Article) -> None:
        self.open_form(article)
        self.desk.get_by_role("link", name="Withdraw…").click()
        self.desk.get_by_label("Reason").fill("The figures were wrong.")
        self.desk.get_by_role("button", name="Withdraw it").click()
        self.saved("Withdrawn. Its address says so from now on.")
        assert self.desk.goto(f"{self.site}{article.get_absolute_url()}").status == 410
        expect(self.desk.get_by_text("The figures were wrong.")).to_be_visible()

    def undo(self, run: ImportRun, article: Article) -> None:
        self.front_page()
        self.desk.get_by_role("link", name=str(run), exact=True).click()
        self.desk.get_by_role("link", name="Undo this import…").click()
        expect(self.desk.get_by_role("link", name=article.headline)).to_be_visible()
        self.desk.get_by_role("button", name="Undo it").click()
        self.saved(f"{run} is undone")
        expect(self.desk.get_by_role("link", name=article.headline)).to_be_visible()


def test_a_whole_shift(desk: Page, live_server: Any, dump: Dump, complaints: list[str]) -> None:
    older = make_speaker(dump.short)
    said = make_quote("The winter will be long.", article=make_article("From last year"), speaker=older, start=None, end=None)  # fmt: skip
    shift = Shift(desk, live_server.url, dump)
    run = shift.upload()
    quotes = Quote.objects.filter(document__isnull=False)
    [missing] = quotes.filter(speaker__isnull=True)
    keys = shift.review()
    # One each, and for the missing speaker: the key, the first name, Enter.
    assert keys.presses == quotes.count() + len(dump.said_by.split()[0]) + 2
    assert set(quotes.values_list("review_state", flat=True)) == {"verified"}
    missing.refresh_from_db()
    assert missing.speaker.name == dump.said_by
    shift.merge()
    said.refresh_from_db()
    assert said.speaker.name == dump.full
    older.refresh_from_db()
    status, place = shift.answers(older.get_absolute_url())
    assert (status, place.removeprefix(live_server.url)) == (301, said.speaker.get_absolute_url())
    article = shift.publish()
    shift.order()
    shift.schedule()
    shift.rename(article)
    shift.revert(article)
    shift.withdraw(article)
    shift.undo(run, article)
    assert Article.objects.filter(pk=article.pk).exists()
    assert Speaker.objects.filter(name=dump.full).exists()
    assert not CuratedList.objects.filter(title="Editors' Picks").exists()
    assert CuratedList.objects.filter(title="Most Popular").exists()
    assert [words for words in complaints if "410" not in words] == []


def test_reviewing_a_hundred_quotes_takes_a_hundred_presses_when_the_engine_is_right(
    desk: Page, live_server: Any
) -> None:
    number = 100
    for place in range(10):
        lines = [f'"We counted {place} ferries on day {day}," Mara Quill said.' for day in range(10)]
        article = make_article(f"A log of ferries, part {place}", body="\n\n".join(lines))
        speaker = make_speaker("Mara Quill")
        for line in lines:
            make_quote(line.split('"')[1], article=article, speaker=speaker)
    desk.goto(f"{live_server.url}/admin/quotes/quote/review/")
    keys = Keys(desk)
    while desk.locator("[data-review]").count():
        keys.decide("a")
    assert set(Quote.objects.values_list("review_state", flat=True)) == {"verified"}
    assert Quote.objects.count() == number
    assert keys.presses <= number
