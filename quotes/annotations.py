"""Quotes as annotations of the article they stand in (see ``articles.annotations``)."""

from collections.abc import Iterable, Sequence

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models import QuerySet

from articles.annotations import Annotation
from articles.models import Article
from articles.prepared import NOW, Asking, Keys, Prepared, Slot
from articles.querysets import has_live
from quotes import store
from quotes.models import Quote, Speaker

_ARTICLE = Slot("article", models.BigIntegerField())
# Of an article that is public every quote is that is not rejected: no need to join it again.
_in_public_article = Prepared(
    lambda: Quote.objects.exclude(review_state=Quote.Review.REJECTED).of_article(_ARTICLE).as_marks()
)


def _said_by(speakers: int, most: int) -> QuerySet:
    """(article, speaker) of other public quotes of so many speakers, the latest first."""
    # That is ``public()``, of quotes that stand in an article.
    others = Quote.objects.filter(has_live("article", NOW)).exclude(review_state=Quote.Review.REJECTED)
    others = others.exclude(article=_ARTICLE).dated_first().values_list("article", "speaker", "said_on", "pk")
    if not connections[DEFAULT_DB_ALIAS].features.supports_slicing_ordering_in_compound:
        return others.filter(speaker__among=Keys("speakers"))[:most]
    # Each speaker's by themselves: the index has them in order, so that no more are looked at than are wanted.
    first, *rest = (
        others.filter(speaker=Slot(f"speaker{n}", models.BigIntegerField()))[:most] for n in range(speakers)
    )
    return first.union(*rest, all=True).order_by("-said_on", "-pk")[:most] if rest else first


_said_elsewhere = Prepared(_said_by)


def quotes_in(article: Article, public: bool) -> Asking[list[Annotation]]:
    """The quotes of an article whose place in its text is known; not ``public``: those that will be, in a preview."""
    rows: Iterable[Quote]
    if public and article.is_live:
        rows = yield _in_public_article.of(article=article.pk)
    else:
        found = Quote.objects.public() if public else Quote.objects.exclude(review_state=Quote.Review.REJECTED)
        rows = found.of_article(article).select_related("speaker")
    annotations = []
    for quote in rows:
        if not public:
            store.anchor(quote, article.text, follow=True)
        if quote.start is None or quote.end is None:
            continue
        spans = [(start, end) for start, end in quote.segments] or [(quote.start, quote.end)]
        who = quote.speaker.name if quote.speaker else "speaker not known"
        annotations.append(
            Annotation(
                start=quote.start,
                end=quote.end,
                spans=tuple(spans),
                anchor=quote.anchor,
                url=quote.get_absolute_url(),
                label=f"Quote: {who}",
                subject=quote,
                tone=quote.kind,
                warning=quote.doubt.lower(),
            )
        )
    return annotations


def same_speakers(article: Article, annotations: Sequence[Annotation], most: int) -> Asking[list[tuple[int, str]]]:
    """Other articles in which the named speakers of this one are quoted, with the names (see ``articles.kin``)."""
    voices = [each.subject.speaker for each in annotations if isinstance(each.subject, Quote)]
    named = {voice.pk: voice.name for voice in voices if voice and voice.kind != Speaker.Kind.UNNAMED}
    if not named:
        return []
    slots = {f"speaker{n}": key for n, key in enumerate(named)}
    found = yield _said_elsewhere.of(len(named), most, **slots, speakers=named, article=article.pk or 0)
    return [(other, named[speaker]) for other, speaker, *_order in found]
