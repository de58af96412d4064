"""Article drafts to rows: new ones, and what a newer version changes in one that is here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from django.db.models import Q
from django.utils import timezone
from rapidfuzz import fuzz

from articles import annotations, bulk
from articles import store as article_store
from articles.ledger import Ledger, values_of
from articles.markdown import from_blocks
from articles.models import (
    Article,
    ArticleKey,
    DatePrecision,
    ProposedChange,
    Publisher,
    RawDocument,
    TaggedItem,
    TopicOrigin,
)
from articles.proposals import Proposal, propose
from articles.slugs import free_slugs
from articles.text import headline_key, headline_number, make_slug
from articles.versions import Difference, Name, authors_text, compare, date_text, digests, set_value, value_of
from newsroom.ingest.worker import ArticleDraft

if TYPE_CHECKING:
    from django.db.models import Model

# Two printings of one story differ in a correction or a closing line; two stories under one headline
# ("Morning briefing") share little but common words, which gives ratios around 50.
NEARLY_THE_SAME = 85
# The whole texts are compared; past this length their beginnings tell enough.
COMPARED = 20_000
Signature = Article.authors.through
_CHANGING = (
    "headline", "headline_key", "standfirst", "body", "text", "byline", "dateline", "document", "published_at",
    "published_precision", "state", "content_hash", "imported", "version", "updated_at",
)  # fmt: skip


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


@dataclass(frozen=True, slots=True)
class _Written:
    """``authors``: names of those who sign it from now on, None if that has not changed; ``tags`` to file it under."""

    article: Article
    ledger: Ledger
    is_new: bool
    has_other_text: bool
    authors: list[str] | None
    tags: list[str]


@dataclass(slots=True)
class ArticleLoader:
    """Writes the articles of one batch: ``read``, ``load`` each, ``write``, ``index``; ``finish`` once the lists are written too.

    No two documents of the batch may have articles of one headline or address: the second would not see what the first becomes.
    """

    publisher: Publisher | None
    publish: bool
    _here: dict[str, list[Article]] = field(default_factory=dict)
    _by_address: dict[str, Article] = field(default_factory=dict)
    _written: list[_Written] = field(default_factory=list)
    _proposals: list[tuple[Proposal, Ledger]] = field(default_factory=list)

    def read(self, drafts: Iterable[ArticleDraft]) -> None:
        """Fetch the articles that the drafts may be versions of."""
        drafts = list(drafts)
        keys = {headline_key(draft.headline) for draft in drafts}
        numbers = {headline_number(key): key for key in keys}
        # An editor may have given it another headline since.
        named = dict(ArticleKey.objects.filter(key__among=numbers).values_list("article_id", "key"))
        here = Q(headline_key__among=keys, publisher=self.publisher) | Q(pk__among=named, publisher=self.publisher)
        if addresses := {draft.source_url for draft in drafts} - {""}:
            here |= Q(source_url__among=addresses)
        for article in Article.objects.filter(here).prefetch_related("authors").order_by("pk"):
            self._register(article, {article.headline_key, numbers.get(named.get(article.pk, 0), article.headline_key)})

    def _register(self, article: Article, keys: Iterable[str]) -> None:
        if article.publisher_id == (self.publisher.pk if self.publisher else None):
            for key in keys:
                self._here.setdefault(key, []).append(article)
        if article.source_url:
            self._by_address[article.source_url] = article

    def load(self, draft: ArticleDraft, document: RawDocument, dated: Dated, ledger: Ledger) -> Placed:
        """Settle what becomes of one article, or what its dump changes in one that is here."""
        values = _values(draft, dated)
        found = self._find(draft)
        if found is None:
            return Placed(self._make(draft, document, dated, values, ledger), "made")
        if found.pk is None:  # the same page has it twice
            return Placed(found, "unchanged")
        names = [author.name for author in found.authors.all()]
        difference = compare(found, values, names)
        if difference.state != "unchanged":
            self._change(found, document, difference, values, draft, ledger)
        if difference.proposed:
            old = {name: value_of(found, name, names) for name in difference.proposed}
            self._proposals.append((Proposal(found, document, difference.proposed, old), ledger))
        return Placed(found, "changed" if difference.applied else "unchanged", tuple(difference.proposed))

    def _make(
        self, draft: ArticleDraft, document: RawDocument, dated: Dated, values: dict[str, str], ledger: Ledger
    ) -> Article:
        article = bulk.new(
            Article, publisher=self.publisher, document=document, imported=digests(values), source_url=draft.source_url
        )
        for name, value in values.items():
            set_value(article, name, value)
        article.published_at, article.published_precision = dated.moment, dated.precision
        if self.publish:
            article.state = Article.State.PUBLISHED
        # What `to_text` makes of the body just built: to parse it would take longer than all else that is done here.
        article_store.derive(article, text=draft.text)
        self._register(article, [article.headline_key])
        ledger.created([article])
        self._written.append(_Written(article, ledger, True, False, draft.authors, draft.tags))
        return article

    def _change(
        self,
        article: Article,
        document: RawDocument,
        difference: Difference,
        values: dict[str, str],
        draft: ArticleDraft,
        ledger: Ledger,
    ) -> None:
        """Settle what nobody stands against, and remember what the dump says of the rest."""
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
        article.updated_at = timezone.now()
        ledger.updated(article, before)
        names = difference.applied[Name.AUTHORS].split("\n") if Name.AUTHORS in difference.applied else None
        tags = draft.tags if difference.applied else []
        self._written.append(_Written(article, ledger, False, article.text != text, names, tags))

    def _find(self, draft: ArticleDraft) -> Article | None:
        """The article that this is a version of: same address, or same publisher, same headline, nearly the same text."""
        if draft.source_url in self._by_address:
            return self._by_address[draft.source_url]
        for article in self._here.get(headline_key(draft.headline), ()):
            if fuzz.ratio(article.text[:COMPARED], draft.text[:COMPARED]) >= NEARLY_THE_SAME:
                return article
        return None

    def write(self) -> None:
        """Write the articles with their authors and topics."""
        made = [written.article for written in self._written if written.is_new]
        slugs = free_slugs(Article, [make_slug(article.headline, "article") for article in made])
        for article, slug in zip(made, slugs, strict=True):
            article.slug = slug
        bulk.insert(made)
        bulk.update([written.article for written in self._written if not written.is_new], _CHANGING)
        moved = [(written.article, written.ledger) for written in self._written if written.has_other_text]
        if moved:
            annotations.texts_changed(moved, by_person=False)
        self._sign()
        self._file_under()

    def _sign(self) -> None:
        """The authors as printed, in place of those before."""
        wanted: dict[str, Ledger] = {}
        for written in self._written:
            for name in filter(str.strip, written.authors or ()):
                wanted.setdefault(name, written.ledger)
        authors = article_store.authors_by_name(wanted)
        here = self._rows_here(Signature, "article_id", "author_id")
        new, gone = [], []
        for written in self._written:
            if written.authors is None:
                continue
            before = here.setdefault(written.article.pk, {})
            now = dict.fromkeys(authors[name].pk for name in written.authors if name in authors)
            left = [before.pop(pk) for pk in before.keys() - now.keys()]
            signed = [
                bulk.new(Signature, article_id=written.article.pk, author_id=pk) for pk in now if pk not in before
            ]
            before |= {signature.author_id: signature for signature in signed}
            written.ledger.created(signed)
            written.ledger.deleted(left)
            new += signed
            gone += [signature.pk for signature in left]
        if gone:
            Signature.objects.filter(pk__in=gone).delete()
        bulk.insert(new)

    def _file_under(self) -> None:
        """Topics for the tags that the dump prints."""
        wanted: dict[str, Ledger] = {}
        for written in self._written:
            for tag in written.tags:
                wanted.setdefault(tag, written.ledger)
        topics = article_store.topics_by_name(wanted)
        here = self._rows_here(TaggedItem, "content_object_id", "tag_id")
        new = []
        for written in self._written:
            before = here.setdefault(written.article.pk, {})
            filed = [
                bulk.new(TaggedItem, tag_id=key, content_object_id=written.article.pk, origin=TopicOrigin.PRINTED)
                for key in dict.fromkeys(topics[tag].pk for tag in written.tags)
                if key not in before
            ]
            before |= {row.tag_id: row for row in filed}
            written.ledger.created(filed)
            new += filed
        bulk.insert(new)

    def _rows_here(self, model: type[Model], of: str, to: str) -> dict[int, dict[int, Any]]:
        """What links the changed articles to others: rows by the article's key, then by the other's."""
        found: dict[int, dict[int, Any]] = {}
        keys = [written.article.pk for written in self._written if not written.is_new]
        for row in model._default_manager.filter(**{f"{of}__in": keys}) if keys else ():
            found.setdefault(getattr(row, of), {})[getattr(row, to)] = row
        return found

    def index(self) -> None:
        """Bring search up to date."""
        article_store.index(Article, [written.article for written in self._written])

    def finish(self) -> None:
        """Let proposals wait, and bring waiting list items up to date."""
        for proposed, (_, ledger) in zip(
            propose([proposal for proposal, _ in self._proposals]), self._proposals, strict=True
        ):
            ledger.created([proposed.change, *proposed.fields])
            if proposed.replaced is not None:
                ledger.updated(proposed.replaced, {"state": ProposedChange.State.WAITING})
        ledgers = {written.article.headline_key: written.ledger for written in self._written}
        article_store.resolve_list_items(ledgers, ledgers)


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
