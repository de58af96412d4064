"""Article drafts to rows: new, a new version of one that is here, or one that an editor has made their own."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from rapidfuzz import fuzz

from articles import annotations
from articles import store as article_store
from articles.ledger import Ledger, values_of
from articles.markdown import from_blocks
from articles.models import Article, DatePrecision, Publisher, RawDocument, TaggedItem, Topic, TopicOrigin
from articles.text import headline_key, make_slug
from newsroom.ingest.worker import ArticleDraft

State = Literal["made", "changed", "unchanged", "kept"]
# Two printings of one story differ in a correction or a closing line; two stories under one headline
# ("Morning briefing") share little but common words, which gives ratios around 50.
NEARLY_THE_SAME = 85
# The whole texts are compared; past this length their beginnings tell enough.
COMPARED = 20_000


@dataclass(frozen=True, slots=True)
class Dated:
    """When an article appeared: ``moment`` (aware) or None, and how much of it is known."""

    moment: datetime | None
    precision: str

    @property
    def known(self) -> bool:
        return self.precision != DatePrecision.UNKNOWN


@dataclass(slots=True)
class ArticleLoader:
    """Writes the articles of one batch; ``finish`` brings search and waiting list items up to date."""

    publisher: Publisher | None
    publish: bool
    _written: list[tuple[Article, Ledger]] = field(default_factory=list)

    def load(self, draft: ArticleDraft, document: RawDocument, dated: Dated, ledger: Ledger) -> tuple[Article, State]:
        """Write one article. Says whether it was made, changed, here already, or kept because a person changed it."""
        found = self._find(draft)
        article = found or Article(publisher=self.publisher)
        before = values_of(article)
        if found is not None and found.edited_at is not None:
            return found, "kept"
        self._fill(article, draft, document, dated)
        if found is not None and article.content_hash == before["content_hash"]:
            return found, "unchanged"
        if found is not None:
            article.version += 1
        else:
            article.slug = article_store.unique_slug(Article, make_slug(draft.headline, "article"))
        article.save()
        if found is None:
            ledger.created([article])
        else:
            ledger.updated(article, before)
            annotations.text_changed(article, ledger)
        self._sign(article, draft.authors, ledger)
        self._file_under(article, draft.tags, ledger)
        self._written.append((article, ledger))
        return article, "changed" if found is not None else "made"

    def _find(self, draft: ArticleDraft) -> Article | None:
        """The article that this is a version of: same publisher, same headline, nearly the same text."""
        same_headline = Article.objects.filter(headline_key=headline_key(draft.headline), publisher=self.publisher)
        for article in same_headline.order_by("pk"):
            if fuzz.ratio(article.text[:COMPARED], draft.text[:COMPARED]) >= NEARLY_THE_SAME:
                return article
        return None

    def _fill(self, article: Article, draft: ArticleDraft, document: RawDocument, dated: Dated) -> None:
        article.headline = draft.headline
        article.standfirst = draft.standfirst
        article.body = from_blocks(draft.blocks)
        article.byline = draft.byline
        article.dateline = draft.dateline
        article.document = document
        if article.published_at is None or dated.known:
            article.published_at, article.published_precision = dated.moment, dated.precision
        if self.publish:
            article.state = Article.State.PUBLISHED
        article_store.derive(article)

    def _sign(self, article: Article, names: list[str], ledger: Ledger) -> None:
        signatures = Article.authors.through.objects.filter(article=article)
        here = {signature.author_id: signature for signature in signatures}
        authors = article_store.authors_named(names, ledger)
        ledger.deleted(signature for key, signature in here.items() if key not in {author.pk for author in authors})
        article.authors.set(authors)
        ledger.created(signature for signature in signatures.all() if signature.author_id not in here)

    def _file_under(self, article: Article, tags: list[str], ledger: Ledger) -> None:
        """Topics for the tags that the dump prints."""
        for tag in tags:
            topic = Topic.objects.filter(name__iexact=tag).select_related("merged_into").first()
            if topic is None:
                topic = Topic.objects.create(name=tag)
                ledger.created([topic])
            filed, is_new = TaggedItem.objects.get_or_create(
                tag=topic.merged_into or topic, content_object=article, defaults={"origin": TopicOrigin.PRINTED}
            )
            ledger.created([filed] if is_new else [])

    def finish(self) -> None:
        article_store.index(Article, [article for article, _ in self._written])
        for article, ledger in self._written:
            article_store.resolve_list_items({article.headline_key}, ledger)
