"""One utterance in several printings: the quotes of linked articles that are the same words share a cluster."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import fuzz

from articles import bulk
from articles.ledger import Ledger, values_of
from articles.text import fold
from quotes.models import Quote
from quotes.passages import said

# Sub-editors shorten quotes and change a word; what remains alike by so much is the same utterance.
SAME_WORDS = 85.0
CONTAINED = 95.0
# "Yes, of course" is contained in much.
FEWEST_WORDS = 5


def same_utterance(one: Quote, other: Quote) -> bool:
    """Whether two quotes of printings of one story are one utterance: nobody else said it, and the words agree."""
    if one.speaker_id and other.speaker_id and one.speaker_id != other.speaker_id:
        return False
    if one.fingerprint == other.fingerprint:
        return True
    left, right = fold(one.text), fold(other.text)
    if fuzz.ratio(left, right) >= SAME_WORDS:
        return True
    shorter = min(left, right, key=len)
    return len(shorter.split()) >= FEWEST_WORDS and fuzz.partial_ratio(left, right) >= CONTAINED


def says_as_well(longer: Quote, shorter: Quote) -> bool:
    """Whether the words as spoken of one quote are in another's: at its beginning, where they are few."""
    words, among = f" {fold(said(shorter))} ", f" {fold(said(longer))} "
    return among.startswith(words) or (len(words.split()) >= FEWEST_WORDS and words in among)


def join_clusters(links: Sequence[tuple[int, int, Ledger]]) -> None:
    """Give the quotes of new printings the clusters of those they repeat: (new article, earlier one, ledger).

    Constant number of queries.
    """
    if not links:
        return
    quotes: dict[int, list[Quote]] = {}
    articles = {key for new, other, _ in links for key in (new, other)}
    for quote in Quote.objects.filter(article__among=articles).order_by("pk"):
        quotes.setdefault(quote.article_id, []).append(quote)
    changed = []
    for new, other, ledger in links:
        earlier = quotes.get(other, [])
        for quote in quotes.get(new, []):
            same = next((row for row in earlier if same_utterance(quote, row)), None)
            if same is not None and same.cluster != quote.cluster:
                before = values_of(quote, ["cluster"])
                quote.cluster = same.cluster
                ledger.updated(quote, before)
                changed.append(quote)
    bulk.update(changed, ["cluster"])
