"""Printings of one story: copies at other publishers, a story on two pages. They are linked, never made one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet
from rapidfuzz.distance import LCSseq

from articles import bulk
from articles.ledger import Ledger
from articles.models import Article, ArticleKey, Printing, Story
from articles.text import words_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User

# A number that so many articles share comes of what every page of a site says, and tells nothing.
MOST_HOLDERS = 20
MOST_COMPARED = 3
# Two English texts that have nothing to do with each other share at most a third of the shorter one's words in order
# (300 pairs of news stories: 36 %); copies that were cut by half and changed in every twentieth word 90 %.
SAME_STORY = 0.6
# The beginning decides; beyond this the comparison would cost more than it tells.
COMPARED_WORDS = 3_000
# Of copies changed in every fifth word 98 % of the different words are in both, of 600 other pairs at most 63 %.
MAY_BE_SAME = 0.6
METHOD = "words in order"


@dataclass(slots=True)
class Words:
    """A text as it is compared: its first words in order, folded in case; split when they are first asked for."""

    text: str
    _in_order: list[str] | None = None
    _different: frozenset[str] = frozenset()

    def in_order(self) -> list[str]:
        if self._in_order is None:
            self._in_order = words_of(self.text, fold_case=True)[:COMPARED_WORDS]
            self._different = frozenset(self._in_order)
        return self._in_order

    def different(self) -> frozenset[str]:
        self.in_order()
        return self._different


def similarity(one: Words, other: Words) -> float:
    """The share (0 to 1) of the shorter text's words that stand in the longer one in the same order.

    0 where it is less than ``SAME_STORY``: that two texts are none is told sooner than how far they are from it.
    """
    left, right = one.in_order(), other.in_order()
    shorter = min(len(left), len(right))
    return LCSseq.similarity(left, right, score_cutoff=ceil(SAME_STORY * shorter)) / shorter if shorter else 0.0


def may_be_same(one: Words, other: Words) -> bool:
    """Whether so many of their different words are in both that a comparison in full pays."""
    left, right = one.different(), other.different()
    return len(left & right) >= MAY_BE_SAME * min(len(left), len(right))


@dataclass(frozen=True, slots=True)
class Arrival:
    """A new article, the numbers sampled of its text, and where to enter what is written for it."""

    article: Article
    keys: Sequence[int]
    ledger: Ledger


@dataclass(frozen=True, slots=True)
class Link:
    """A new article and the one that it turned out to be a printing of."""

    arrival: Arrival
    other: int


@dataclass(slots=True)
class PrintingLoader:
    """Looks for earlier printings of new articles, in the order given, and links them: ``read``, ``settle``, ``write``.

    Only articles that share a sampled number are compared, in full; the closest one decides the story. ``links``: what
    ``settle`` found. Constant number of queries.
    """

    arrivals: Sequence[Arrival]
    links: list[Link] = field(default_factory=list)
    _holders: dict[int, list[int]] = field(default_factory=dict)
    _texts: dict[int, Words] = field(default_factory=dict)
    _printings: dict[int, Printing] = field(default_factory=dict)
    _stories: list[Story] = field(default_factory=list)
    _made: list[Printing] = field(default_factory=list)
    _keys: list[tuple[int, int]] = field(default_factory=list)

    def read(self) -> None:
        """Fetch the articles that the new ones may be printings of."""
        self._holders = _holders({key for arrival in self.arrivals for key in arrival.keys})
        stored = {pk for arrival in self.arrivals for pk in _candidates(arrival.keys, self._holders)}
        if stored:
            rows = Article.objects.filter(pk__among=stored).order_by().values_list("pk", "text")
            self._texts = {pk: Words(text) for pk, text in rows}
            printings = Printing.objects.filter(article__among=stored).select_related("story")
            self._printings = {row.article_id: row for row in printings}

    def settle(self) -> None:
        """Compare. Asks the database for nothing."""
        holders, texts, printings = self._holders, self._texts, self._printings
        for arrival in self.arrivals:
            key = arrival.article.pk
            words = Words(arrival.article.text)
            candidates = [pk for pk in _candidates(arrival.keys, holders) if pk in texts]
            closest = _closest(key, words, candidates, texts, printings)
            if closest is not None:
                self._link(arrival, *closest)
            texts[key] = words
            for number in arrival.keys:
                if len(holders.setdefault(number, [])) < MOST_HOLDERS:
                    holders[number].append(key)
                    self._keys.append((key, number))

    def _link(self, arrival: Arrival, other: int, share: float) -> None:
        printings, key = self._printings, arrival.article.pk
        first = printings.get(other)
        if first is None:
            story = Story()
            self._stories.append(story)
            first = printings[other] = Printing(story=story, article_id=other, method="first seen")
            self._made.append(first)
            arrival.ledger.created([story, first])
        row = Printing(story=first.story, article_id=key, compared_with_id=other, similarity=share, method=METHOD)
        printings[key] = row
        self._made.append(row)
        arrival.ledger.created([row])
        self.links.append(Link(arrival, other))

    def write(self) -> None:
        bulk.insert(self._stories)
        bulk.insert(self._made)
        # They go with their article, so no ledger names them.
        bulk.insert_values(ArticleKey, ("article", "key"), self._keys)


def _holders(keys: set[int]) -> dict[int, list[int]]:
    """Number -> the articles that have it."""
    found: dict[int, list[int]] = {}
    if keys:
        for key, article in ArticleKey.objects.filter(key__among=keys).order_by("pk").values_list("key", "article_id"):
            found.setdefault(key, []).append(article)
    return found


def _candidates(keys: Sequence[int], holders: dict[int, list[int]]) -> list[int]:
    """The articles that share most numbers, of equal ones the oldest."""
    shared = Counter(pk for key in keys if len(holders.get(key, ())) < MOST_HOLDERS for pk in holders.get(key, ()))
    return sorted(shared, key=lambda pk: (-shared[pk], pk))[:MOST_COMPARED]


def _closest(
    key: int, words: Words, candidates: Sequence[int], texts: dict[int, Words], printings: dict[int, Printing]
) -> tuple[int, float] | None:
    """The article whose text is the closest, with the share of words; None if none is close enough.

    One that an editor has parted from its story draws no others into it.
    """
    best: tuple[int, float] | None = None
    for pk in candidates:
        row = printings.get(pk)
        if pk == key or (row is not None and row.state == Printing.State.PARTED):
            continue
        share = similarity(words, texts[pk]) if may_be_same(words, texts[pk]) else 0.0
        if share >= SAME_STORY and (best is None or share > best[1]):
            best = (pk, share)
    return best


@transaction.atomic
def part(printings: QuerySet[Printing], *, editor: User) -> int:
    """Say that these articles are no printings of their stories after all. Returns how many changed."""
    changed = printings.exclude(state=Printing.State.PARTED)
    return changed.update(state=Printing.State.PARTED, decided_by=editor)


@transaction.atomic
def rejoin(printings: QuerySet[Printing], *, editor: User) -> int:
    """Take back what ``part`` did. Returns how many changed."""
    return printings.exclude(state=Printing.State.LINKED).update(state=Printing.State.LINKED, decided_by=editor)
