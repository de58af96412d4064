"""Articles, what they are filed under, and the documents they came from.

Offsets anywhere in the product are code points, half-open, into ``Article.text`` or ``RawDocument.text``.
"""

from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from modelsearch import index
from taggit.managers import TaggableManager
from taggit.models import ItemBase, TagBase

from articles.fields import WebAddressField
from articles.links import address
from articles.models_desk import Deletion, Merger, OpenForm, StateDecision
from articles.models_identity import ArticleKey, Printing, ProposedChange, ProposedField, Story
from articles.models_lists import CuratedList, CuratedListItem
from articles.models_subjects import Citation, TopicCandidate, TopicName
from articles.querysets import ArticleQuerySet, TopicQuerySet
from articles.searchfields import AutocompleteField, SearchField

__all__ = [
    "Article",
    "ArticleKey",
    "Author",
    "Citation",
    "CuratedList",
    "CuratedListItem",
    "DatePrecision",
    "Deletion",
    "Merger",
    "OpenForm",
    "Printing",
    "ProposedChange",
    "ProposedField",
    "Publisher",
    "RawDocument",
    "StateDecision",
    "Story",
    "TaggedItem",
    "Topic",
    "TopicCandidate",
    "TopicName",
    "TopicOrigin",
]


class DatePrecision(models.TextChoices):
    """How much of a date is known. ``UNKNOWN``: the date stored is that of arrival, and is never shown as printed."""

    TIME = "time", "time of day"
    DAY = "day", "day"
    MONTH = "month", "month"
    YEAR = "year", "year"
    UNKNOWN = "unknown", "unknown"


class Publisher(models.Model):
    name = models.CharField(max_length=200, unique=True)
    slug = models.SlugField(max_length=100, unique=True)
    homepage = WebAddressField(blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Author(models.Model):
    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=100, unique=True)
    bio = models.TextField(blank=True)

    class Meta:
        ordering = ["name"]
        indexes = [models.Index(fields=["name"], name="author_name")]

    def __str__(self) -> str:
        return self.name


class RawDocument(models.Model):
    """One dump: the bytes as they came, the text read from them, and what each part of that text was taken for."""

    sha256 = models.CharField(max_length=64, unique=True, editable=False)
    raw = models.BinaryField()
    size = models.PositiveIntegerField(help_text="Bytes.")
    name = models.CharField(max_length=1000, help_text="Path or title under which the dump came in.")
    media_type = models.CharField(max_length=100, default="text/plain", help_text="How the bytes are to be read.")
    meta = models.JSONField(
        default=dict, blank=True, help_text="What came beside the bytes: address, date, place in its container."
    )
    encoding = models.CharField(max_length=40, blank=True)
    text = models.TextField(blank=True, help_text="The decoded text that offsets into the document refer to.")
    blocks = models.JSONField(
        default=list, blank=True, help_text="[[label, start, end, article number or null, rule], …] in document order."
    )
    publisher = models.ForeignKey(Publisher, models.PROTECT, null=True, blank=True, related_name="documents")
    retrieved_at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "raw document"
        constraints = [
            models.CheckConstraint(condition=Q(size__gte=0), name="rawdocument_size_not_negative"),
        ]

    def __str__(self) -> str:
        return self.name


class Topic(TagBase):
    description = models.TextField(blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", help_text="Its page redirects there."
    )

    objects = TopicQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        permissions = [("merge_topic", "Can merge topics, and undo it")]
        constraints = [
            models.CheckConstraint(condition=~Q(merged_into=F("pk")), name="topic_not_merged_into_itself"),
        ]
        indexes = [models.Index(Lower("name"), name="topic_name_in_any_case")]

    def slugify(self, tag: str, i: int | None = None) -> str:
        """As taggit does, but never empty: a topic called "!!!" needs an address too."""
        slug = super().slugify(tag) or "topic"
        return slug if i is None else f"{slug}_{i}"

    def get_absolute_url(self) -> str:
        return address("articles:topic", self.slug)


class TopicOrigin(models.TextChoices):
    PRINTED = "printed", "printed in the dump"
    EDITOR = "editor", "set by an editor"
    FOUND = "found", "found in the text"


# So often a topic's name has to stand in a text that was not filed under it for the article to be about it.
TELLING_MENTIONS = 3


class TaggedItem(ItemBase):
    # Found by the constraint below.
    tag = models.ForeignKey(Topic, models.CASCADE, related_name="tagged_articles", db_index=False)
    content_object = models.ForeignKey("Article", models.CASCADE, related_name="tagged_items")
    origin = models.CharField(max_length=10, choices=TopicOrigin, default=TopicOrigin.EDITOR)
    mentions = models.PositiveIntegerField(default=0, help_text="How often its names stand in the text.")
    first_mention = models.PositiveIntegerField(null=True, blank=True, help_text="Offset of the first into the text.")

    class Meta:
        verbose_name = "topic of an article"
        verbose_name_plural = "topics of articles"
        constraints = [
            models.UniqueConstraint(fields=["tag", "content_object"], name="taggeditem_topic_once_an_article"),
        ]

    def weight(self) -> tuple[bool, int, int]:
        """The less, the more the article is about it."""
        found = self.origin == TopicOrigin.FOUND
        return found, -self.mentions if found else 0, self.pk or 0


class Article(index.Indexed, models.Model):
    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        IN_REVIEW = "in_review", "In review"
        PUBLISHED = "published", "Published"
        WITHDRAWN = "withdrawn", "Withdrawn"

    headline = models.CharField(max_length=300)
    headline_key = models.CharField(max_length=300, editable=False)
    slug = models.SlugField(max_length=100, unique=True)
    standfirst = models.TextField(blank=True, help_text="One or two sentences below the headline.")
    body = models.TextField(blank=True, help_text="Markdown. Raw HTML is shown as text.")
    text = models.TextField(blank=True, editable=False, help_text="Plain-text projection of the body.")
    byline = models.CharField(max_length=300, blank=True, help_text="As printed, without “By”.")
    authors = models.ManyToManyField(Author, blank=True, related_name="articles")
    dateline = models.CharField(max_length=200, blank=True, help_text="Place and agency as printed, e.g. LONDON.")
    publisher = models.ForeignKey(Publisher, models.PROTECT, null=True, blank=True, related_name="articles")
    source_url = WebAddressField(max_length=1000, blank=True, help_text="Where the article first appeared.")
    language = models.CharField(max_length=16, default="en", help_text="BCP 47 tag, e.g. en or uk.")
    topics = TaggableManager(through=TaggedItem, blank=True, verbose_name="topics")
    lead_image = models.ImageField(upload_to="leads/%Y/%m/", blank=True)
    lead_image_alt = models.CharField(
        "alternative text", max_length=300, blank=True, help_text="What the picture shows, for those who cannot see it."
    )
    lead_image_caption = models.CharField("caption", max_length=500, blank=True)
    lead_image_credit = models.CharField("credit", max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    published_at = models.DateTimeField(
        null=True, blank=True, help_text="When it appears. In the future: the article is scheduled."
    )
    published_precision = models.CharField(
        max_length=8,
        choices=DatePrecision,
        default=DatePrecision.TIME,
        help_text="Unknown: the dump gives no date, and the date above is that of its arrival.",
    )
    correction = models.TextField("correction note", blank=True, help_text="Shown to readers with the article.")
    desk_note = models.TextField(
        "note for the desk",
        blank=True,
        help_text="What colleagues should know: what is still to be checked, who was called. Readers never see it.",
    )
    withdrawn_because = models.TextField(
        "reason of withdrawal", blank=True, help_text="Shown to readers at the article's address once it is withdrawn."
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    preview_key = models.PositiveIntegerField(default=1, editable=False, help_text="Raised, it voids preview links.")
    document = models.ForeignKey(
        RawDocument, models.PROTECT, null=True, blank=True, editable=False, related_name="articles"
    )
    content_hash = models.CharField(max_length=64, blank=True, editable=False)
    imported = models.JSONField(
        default=dict, blank=True, editable=False, help_text="Digests of the fields as the last dump had them, by name."
    )
    last_editor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        db_index=False,
    )
    edited_at = models.DateTimeField(null=True, editable=False, help_text="When a person last changed it by hand.")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ArticleQuerySet.as_manager()

    # Rows are written in bulk, so the store indexes what it wrote; a signal on save() would see only some of it.
    search_auto_update = False
    search_fields = [
        SearchField("headline", boost=4),
        SearchField("standfirst", boost=2),
        SearchField("text"),
        AutocompleteField("headline"),
        index.FilterField("id"),
        index.FilterField("published_at"),
    ]

    class Meta:
        ordering = ["-published_at", "-pk"]
        permissions = [("publish_article", "Can publish, schedule and withdraw articles")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False), name="article_published_has_date"
            ),
            models.CheckConstraint(
                condition=Q(lead_image="") | ~Q(lead_image_alt=""), name="article_lead_image_has_alt"
            ),
            models.UniqueConstraint(
                fields=["source_url"], condition=~Q(source_url=""), name="article_source_url_unique"
            ),
            models.CheckConstraint(condition=~Q(headline=""), name="article_has_headline"),
        ]
        indexes = [
            # With the precision, the archive counts its days and months by the index alone.
            models.Index(
                F("published_at").desc(),
                F("id").desc(),
                "published_precision",
                condition=Q(state="published"),
                name="article_live",
            ),
            models.Index(
                F("published_at").desc(),
                F("id").desc(),
                condition=Q(state="published", published_precision="unknown"),
                name="article_undated",
            ),
            models.Index(fields=["headline_key", "publisher"], name="article_headline_key"),
            models.Index(F("published_at").desc(), F("id").desc(), name="article_by_date"),
            models.Index(fields=["state", "-updated_at"], name="article_desk"),
            models.Index(fields=["last_editor"], condition=Q(last_editor__isnull=False), name="article_of_editor"),
        ]

    def __str__(self) -> str:
        return self.headline

    def get_absolute_url(self) -> str:
        return address("articles:article", self.slug)

    @property
    def filed_under(self) -> list[Topic]:
        """Its topics, the weightiest first: those printed or set by people as they came, then those found in the text.

        Costs no query of a row read ``with_topics()``, or that ``articles.shown`` read.
        """
        return [item.tag for item in sorted(self._filings(), key=TaggedItem.weight)]

    @property
    def main_topic(self) -> Topic | None:
        """What stands above the headline: nothing rather than a topic whose name just happens to be in the text."""
        first = min(self._filings(), key=TaggedItem.weight, default=None)
        if first is None or (first.origin == TopicOrigin.FOUND and first.mentions < TELLING_MENTIONS):
            return None
        return first.tag

    def _filings(self) -> Iterable[TaggedItem]:
        read: list[TaggedItem] | None = self.__dict__.get("filings")
        return self.tagged_items.all() if read is None else read

    def in_signing_order(self, authors: Iterable[Author]) -> list[Author]:
        """As the byline names them, and those that it does not at the end."""
        line = self.byline
        return sorted(authors, key=lambda author: line.find(author.name) if author.name in line else len(line))

    @property
    def is_live(self) -> bool:
        """Whether the public may see it now, as ``ArticleQuerySet.published`` has it."""
        out = self.state == self.State.PUBLISHED and self.published_at is not None
        return out and self.published_at <= timezone.now()

    @property
    def date_known(self) -> bool:
        """Whether ``published_at`` is a date that somebody printed or set, not that of arrival."""
        return self.published_at is not None and self.published_precision != DatePrecision.UNKNOWN


class FormerAddress(models.Model):
    """An address that a public object had: it leads to where the object is now, or says that it is gone for good.

    Points at the object and not at another address, so that there is never more than one hop, and never a loop.
    """

    kind = models.CharField(max_length=50, help_text="Of the object: articles.article, quotes.speaker, ….")
    slug = models.CharField(max_length=100)
    object_id = models.PositiveBigIntegerField(null=True, help_text="None: the object was deleted.")
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "former address"
        verbose_name_plural = "former addresses"
        constraints = [models.UniqueConstraint(fields=["kind", "slug"], name="formeraddress_once_a_kind")]
        indexes = [models.Index(fields=["kind", "object_id"], name="formeraddress_of_object")]

    def __str__(self) -> str:
        return self.slug
