"""Quotes as annotations of the article they stand in (see ``articles.annotations``)."""

from collections.abc import Iterable, Iterator, Sequence

from articles.annotations import Annotation
from articles.models import Article
from quotes import store
from quotes.models import Quote, Speaker


def quotes_in(article: Article, public: bool) -> Iterator[Annotation]:
    """The quotes of an article whose place in its text is known; not ``public``: those that will be, in a preview."""
    # Of an article that is public every quote is that is not rejected: no need to join it again.
    hidden = public and not article.is_live
    quotes = Quote.objects.public() if hidden else Quote.objects.exclude(review_state=Quote.Review.REJECTED)
    for quote in quotes.of_article(article).select_related("speaker"):
        if not public:
            store.anchor(quote, article.text)
        if quote.start is None or quote.end is None:
            continue
        spans = [(start, end) for start, end in quote.segments] or [(quote.start, quote.end)]
        who = quote.speaker.name if quote.speaker else "speaker not known"
        yield Annotation(
            start=quote.start,
            end=quote.end,
            spans=tuple(spans),
            anchor=quote.anchor,
            url=quote.get_absolute_url(),
            label=f"Quote: {who}",
            subject=quote,
            tone=quote.kind,
        )


def same_speakers(article: Article, annotations: Sequence[Annotation], most: int) -> Iterable[tuple[int, str]]:
    """Other articles in which the named speakers of this one are quoted, with the names (see ``articles.kin``)."""
    voices = {each.subject.speaker for each in annotations if isinstance(each.subject, Quote) and each.subject.speaker}
    named = [voice for voice in voices if voice.kind != Speaker.Kind.UNNAMED]
    if not named:
        return ()
    said = Quote.objects.public().filter(speaker__in=named, article__isnull=False).exclude(article=article.pk)
    return said.latest_first().values_list("article", "speaker__name")[:most]
