"""Article drafts to rows: new, a new version of one that is here, or one that an editor has made their own."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from rapidfuzz import fuzz

from articles import annotations
from articles import store as article_store
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
    _written: list[Article] = field(default_factory=list)

    def load(self, draft: ArticleDraft, document: RawDocument, dated: Dated) -> tuple[Article, State]:
        """Write one article. Says whether it was made, changed, here already, or kept because a person changed it."""
        found = self._find(draft)
        article = found or Article(publisher=self.publisher)
        before = article.content_hash
        if found is not None and found.edited_at is not None:
            return found, "kept"
        self._fill(article, draft, document, dated)
        if found is not None and article.content_hash == before:
            return found, "unchanged"
        if found is not None:
            article.version += 1
        else:
            article.slug = article_store.unique_slug(Article, make_slug(draft.headline, "article"))
        article.save()
        if found is not None:
            annotations.text_changed(article)
        article.authors.set(article_store.authors_named(draft.authors))
        self._file_under(article, draft.tags)
        self._written.append(article)
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

    def _file_under(self, article: Article, tags: list[str]) -> None:
        """Topics for the tags that the dump prints."""
        for tag in tags:
            topic = Topic.objects.filter(name__iexact=tag).select_related("merged_into").first()
            topic = topic or Topic.objects.create(name=tag)
            TaggedItem.objects.get_or_create(
                tag=topic.merged_into or topic, content_object=article, defaults={"origin": TopicOrigin.PRINTED}
            )

    def finish(self) -> None:
        article_store.index(Article, self._written)
        article_store.resolve_list_items({article.headline_key for article in self._written})
