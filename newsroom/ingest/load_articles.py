"""Article drafts to rows: new, a new version of one that is here, or one that an editor has made their own."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from django.utils import timezone
from rapidfuzz import fuzz

from articles import annotations
from articles import store as article_store
from articles.ledger import Ledger, values_of
from articles.markdown import from_blocks
from articles.models import (
    Article,
    DatePrecision,
    ProposedChange,
    Publisher,
    RawDocument,
    TaggedItem,
    Topic,
    TopicOrigin,
)
from articles.proposals import Proposal, propose
from articles.text import headline_key, make_slug
from articles.versions import Difference, Name, authors_text, compare, date_text, digests, set_value, value_of
from newsroom.ingest.worker import ArticleDraft

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


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a draft went. ``proposed``: the fields in which an editor's work stands against it, which wait."""

    article: Article
    state: Literal["made", "changed", "unchanged"]
    proposed: tuple[str, ...] = ()


@dataclass(slots=True)
class ArticleLoader:
    """Writes the articles of one batch; ``finish`` brings search and waiting list items up to date."""

    publisher: Publisher | None
    publish: bool
    _written: list[tuple[Article, Ledger]] = field(default_factory=list)
    _proposals: list[tuple[Proposal, Ledger]] = field(default_factory=list)

    def load(self, draft: ArticleDraft, document: RawDocument, dated: Dated, ledger: Ledger) -> Placed:
        """Write one article, or what its dump has changed in one that is here."""
        values = _values(draft, dated)
        found = self._find(draft)
        if found is None:
            return Placed(self._make(draft, document, dated, values, ledger), "made")
        names = list(found.authors.values_list("name", flat=True))
        difference = compare(found, values, names)
        if difference.state != "unchanged":
            self._change(found, document, difference, values, ledger)
        if difference.proposed:
            old = {name: value_of(found, name, names) for name in difference.proposed}
            self._proposals.append((Proposal(found, document, difference.proposed, old), ledger))
        if difference.applied:
            self._file_under(found, draft.tags, ledger)
        return Placed(found, "changed" if difference.applied else "unchanged", tuple(difference.proposed))

    def _make(
        self, draft: ArticleDraft, document: RawDocument, dated: Dated, values: dict[str, str], ledger: Ledger
    ) -> Article:
        article = Article(
            publisher=self.publisher, document=document, imported=digests(values), source_url=draft.source_url
        )
        for name, value in values.items():
            set_value(article, name, value)
        article.published_at, article.published_precision = dated.moment, dated.precision
        if self.publish:
            article.state = Article.State.PUBLISHED
        article_store.derive(article)
        article.slug = article_store.unique_slug(Article, make_slug(draft.headline, "article"))
        article.save()
        ledger.created([article])
        self._sign(article, draft.authors, ledger)
        self._file_under(article, draft.tags, ledger)
        self._written.append((article, ledger))
        return article

    def _change(
        self, article: Article, document: RawDocument, difference: Difference, values: dict[str, str], ledger: Ledger
    ) -> None:
        """Write what nobody stands against, and remember what the dump says of the rest."""
        before = values_of(article)
        text = article.text
        for name, value in difference.applied.items():
            set_value(article, name, value)
        article.imported = {**article.imported, **digests(values)}
        if difference.applied:
            article.document = document
            article.version += 1
            article_store.derive(article)
            if self.publish and article.state != Article.State.WITHDRAWN:
                article.state = Article.State.PUBLISHED
                article.published_at = article.published_at or timezone.now()
        article.save()
        ledger.updated(article, before)
        if article.text != text:
            annotations.text_changed(article, ledger)
        if Name.AUTHORS in difference.applied:
            self._sign(article, difference.applied[Name.AUTHORS].split("\n"), ledger)
        self._written.append((article, ledger))

    def _find(self, draft: ArticleDraft) -> Article | None:
        """The article that this is a version of: same address, or same publisher, same headline, nearly the same text."""
        if draft.source_url and (known := Article.objects.filter(source_url=draft.source_url).first()):
            return known
        same_headline = Article.objects.filter(headline_key=headline_key(draft.headline), publisher=self.publisher)
        for article in same_headline.order_by("pk"):
            if fuzz.ratio(article.text[:COMPARED], draft.text[:COMPARED]) >= NEARLY_THE_SAME:
                return article
        return None

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
        for proposed, (_, ledger) in zip(
            propose([proposal for proposal, _ in self._proposals]), self._proposals, strict=True
        ):
            ledger.created([proposed.change, *proposed.fields])
            if proposed.replaced is not None:
                ledger.updated(proposed.replaced, {"state": ProposedChange.State.WAITING})
        article_store.index(Article, [article for article, _ in self._written])
        for article, ledger in self._written:
            article_store.resolve_list_items({article.headline_key}, ledger)


def _values(draft: ArticleDraft, dated: Dated) -> dict[str, str]:
    """The draft as ``articles.versions`` compares it. A date that it does not print changes none that is known."""
    values = {
        str(Name.HEADLINE): draft.headline,
        str(Name.STANDFIRST): draft.standfirst,
        str(Name.BODY): from_blocks(draft.blocks),
        str(Name.BYLINE): draft.byline,
        str(Name.AUTHORS): authors_text(draft.authors),
        str(Name.DATELINE): draft.dateline,
    }
    return values | ({str(Name.PUBLISHED): date_text(dated.moment, dated.precision)} if dated.known else {})
