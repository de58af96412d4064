"""Quotes (who said what, when, where, and how we know) and those who said them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from modelsearch import index
from taggit.managers import TaggableManager
from taggit.models import ItemBase

from articles.links import address
from articles.models import Article, CuratedList, DatePrecision, RawDocument, Topic
from articles.searchfields import AutocompleteField, SearchField
from quotes.models_review import QuoteClaim as QuoteClaim
from quotes.models_review import ReviewDecision as ReviewDecision
from quotes.querysets import UNDATED, OfSpeakerQuerySet, QuoteQuerySet, SpeakerQuerySet


class Origin(models.TextChoices):
    IMPORT = "import", "Import"
    EDITOR = "editor", "Editor"


class Speaker(index.Indexed, models.Model):
    class Kind(models.TextChoices):
        PERSON = "person", "Person"
        ORGANISATION = "organisation", "Organisation"
        UNNAMED = "unnamed", "Unnamed source"

    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=100, unique=True)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.PERSON)
    sort_key = models.CharField(max_length=200, editable=False, help_text="Folded, surname first for persons.")
    description = models.TextField(blank=True)
    wikidata_id = models.CharField("Wikidata id", max_length=20, blank=True, help_text="For example Q42.")
    image = models.ImageField(upload_to="speakers/", blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", help_text="Its page redirects there."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SpeakerQuerySet.as_manager()

    search_auto_update = False
    search_fields = [
        SearchField("name", boost=4),
        SearchField("description"),
        AutocompleteField("name"),
        index.FilterField("id"),
        SearchField("known_as"),
    ]

    class Meta:
        ordering = ["sort_key", "pk"]
        permissions = [("merge_speaker", "Can merge and split speakers, and undo it")]
        constraints = [
            models.CheckConstraint(condition=~Q(merged_into=F("pk")), name="speaker_not_merged_into_itself"),
            models.CheckConstraint(condition=~Q(name=""), name="speaker_has_name"),
        ]
        indexes = [
            models.Index(fields=["kind", "sort_key"], name="speaker_a_to_z"),
            models.Index(fields=["sort_key", "id"], name="speaker_by_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address("quotes:speaker", self.slug)

    def known_as(self) -> str:
        """All forms of the name, those of speakers who were merged into this one among them: what search finds it by.

        For many at once, prefetch ``names`` and ``merged__names``.
        """
        everyone = [self, *self.merged.all()]
        return "\n".join(name.name for speaker in everyone for name in speaker.names.all())


class SpeakerName(models.Model):
    """A form of a speaker's name that was seen or entered; ``key`` is what two printings of it have in common."""

    # Found by the constraint below.
    speaker = models.ForeignKey(Speaker, models.CASCADE, related_name="names", db_index=False)
    name = models.CharField(max_length=200)
    key = models.CharField(max_length=200, editable=False)
    family = models.CharField(
        max_length=200, blank=True, editable=False, help_text="The folded family name, of persons: who may be whom."
    )
    origin = models.CharField(max_length=6, choices=Origin, default=Origin.EDITOR)

    objects = OfSpeakerQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = "name of a speaker"
        verbose_name_plural = "names of speakers"
        constraints = [
            models.UniqueConstraint(fields=["speaker", "key"], name="speakername_once_a_speaker"),
        ]
        indexes = [
            models.Index(fields=["key"], name="speakername_key"),
            models.Index(fields=["family"], condition=~Q(family=""), name="speakername_family"),
        ]

    def __str__(self) -> str:
        return self.name


class SpeakerSuggestion(models.Model):
    """Two speakers who may be one, with the reasons; it waits for an editor. A pair once dismissed never comes again."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        MERGED = "merged", "Merged"
        DISMISSED = "dismissed", "Not the same"

    speaker = models.ForeignKey(Speaker, models.CASCADE, related_name="+")
    other = models.ForeignKey(Speaker, models.CASCADE, related_name="+")
    score = models.FloatField(help_text="0 to 1: how much speaks for it.")
    reasons = models.JSONField(
        default=list, help_text="[[what, weight, words], …], as ``quotes.likeness`` weighs them."
    )
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    created_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-score", "pk"]
        verbose_name = "suggested merger of speakers"
        verbose_name_plural = "suggested mergers of speakers"
        constraints = [
            models.UniqueConstraint(fields=["speaker", "other"], name="speakersuggestion_once_a_pair"),
            # The older one stands first, so that a pair cannot be there in both orders.
            models.CheckConstraint(condition=Q(speaker__lt=F("other")), name="speakersuggestion_older_first"),
            models.CheckConstraint(
                condition=Q(score__gte=0) & Q(score__lte=1), name="speakersuggestion_score_is_share"
            ),
        ]
        indexes = [
            models.Index(F("score").desc(), F("id"), condition=Q(state="waiting"), name="speakersuggestion_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.speaker} / {self.other}"


class Position(models.Model):
    """An office or role, as printed, with when it was seen; the dates of office are for editors to fill."""

    # Found by the constraint below.
    speaker = models.ForeignKey(Speaker, models.CASCADE, related_name="positions", db_index=False)
    title = models.CharField(max_length=300)
    organisation = models.CharField(max_length=200, blank=True)
    first_seen = models.DateField(null=True, blank=True)
    last_seen = models.DateField(null=True, blank=True)
    start = models.DateField(null=True, blank=True)
    end = models.DateField(null=True, blank=True)
    precision = models.CharField(
        max_length=8, choices=DatePrecision, default=DatePrecision.UNKNOWN, help_text="Of start and end."
    )

    objects = OfSpeakerQuerySet.as_manager()

    class Meta:
        ordering = [F("last_seen").desc(nulls_last=True), "title"]
        constraints = [
            models.UniqueConstraint(fields=["speaker", "title", "organisation"], name="position_once_a_speaker"),
            models.CheckConstraint(
                condition=Q(start__isnull=True) | Q(end__isnull=True) | Q(start__lte=F("end")),
                name="position_starts_before_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.organisation}" if self.organisation else self.title


class TaggedQuote(ItemBase):
    tag = models.ForeignKey(Topic, models.CASCADE, related_name="tagged_quotes")
    content_object = models.ForeignKey("Quote", models.CASCADE, related_name="tagged_items")

    class Meta:
        verbose_name = "topic of a quote"
        verbose_name_plural = "topics of quotes"
        constraints = [
            models.UniqueConstraint(fields=["tag", "content_object"], name="taggedquote_topic_once_a_quote"),
        ]


class Quote(index.Indexed, models.Model):
    """Words that somebody said.

    ``start``, ``end``, ``segments``, ``mention_*`` and ``cue_*`` are offsets into the text the quote stands in: the
    article's, or, for a quote that stands alone in a dump, the document's. ``document_start`` and ``document_end``
    are where the words stand in the dump. None where an edit of the text has lost the place.
    """

    class Kind(models.TextChoices):
        DIRECT = "direct", "Direct"
        MIXED = "mixed", "Partly quoted"
        INDIRECT = "indirect", "Reported"

    class Review(models.TextChoices):
        UNREVIEWED = "unreviewed", "Unreviewed"
        VERIFIED = "verified", "Verified"
        DISPUTED = "disputed", "Disputed"
        MISATTRIBUTED = "misattributed", "Misattributed"
        REJECTED = "rejected", "Rejected"

    text = models.TextField()
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.DIRECT)
    segments = models.JSONField(
        default=list, blank=True, help_text="[[start, end], …] of the parts in quotation marks."
    )
    # No index of their own for speaker, article and reviewer: those below begin with them.
    speaker = models.ForeignKey(Speaker, models.PROTECT, null=True, blank=True, related_name="quotes", db_index=False)
    role = models.CharField(max_length=300, blank=True, help_text="As printed at the time.")
    reported_by = models.CharField(max_length=200, blank=True, help_text="Who passes the words on, as printed.")
    article = models.ForeignKey(Article, models.CASCADE, null=True, blank=True, related_name="quotes", db_index=False)
    document = models.ForeignKey(RawDocument, models.PROTECT, null=True, blank=True, related_name="quotes")
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    document_start = models.PositiveIntegerField(null=True, blank=True, editable=False)
    document_end = models.PositiveIntegerField(null=True, blank=True, editable=False)
    prefix = models.CharField(max_length=64, blank=True, help_text="The characters before the quote.")
    suffix = models.CharField(max_length=64, blank=True, help_text="The characters after the quote.")
    cue = models.CharField(max_length=100, blank=True, help_text="The word that attributes it: said, according to.")
    cue_start = models.PositiveIntegerField(null=True, blank=True, editable=False)
    cue_end = models.PositiveIntegerField(null=True, blank=True, editable=False)
    mention = models.CharField(max_length=300, blank=True, help_text="The speaker as named next to the quote.")
    mention_start = models.PositiveIntegerField(null=True, blank=True, editable=False)
    mention_end = models.PositiveIntegerField(null=True, blank=True, editable=False)
    said_on = models.DateField(help_text="The article's date, unless the text says otherwise.")
    said_precision = models.CharField(max_length=8, choices=DatePrecision, default=DatePrecision.DAY)
    confidence = models.FloatField(default=1.0, help_text="0 to 1: of the quotes at 0.9, nine in ten are right.")
    rule = models.CharField(max_length=100, blank=True, editable=False, help_text="The rule that found the speaker.")
    origin = models.CharField(max_length=6, choices=Origin, default=Origin.EDITOR, editable=False)
    review_state = models.CharField(max_length=13, choices=Review, default=Review.UNREVIEWED)
    review_note = models.TextField(blank=True, help_text="Shown to readers with disputed and misattributed quotes.")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        db_index=False,
    )
    reviewed_at = models.DateTimeField(null=True, editable=False)
    edited_at = models.DateTimeField(null=True, editable=False, help_text="When a person last changed it by hand.")
    published_at = models.DateTimeField(
        null=True, blank=True, help_text="For quotes without an article: when it appears. Others appear with theirs."
    )
    topics = TaggableManager(through=TaggedQuote, blank=True, verbose_name="topics")
    fingerprint = models.CharField(max_length=64, editable=False, help_text="The same for the same words.")
    imported_fingerprint = models.CharField(
        max_length=64, blank=True, editable=False, help_text="That of the words as the dump has them, before any edit."
    )
    cluster = models.CharField(
        max_length=64, editable=False, help_text="The same for quotes that are printings of one utterance."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = QuoteQuerySet.as_manager()

    search_auto_update = False
    search_fields = [
        SearchField("text", boost=2),
        SearchField("role"),
        index.FilterField("id"),
        index.FilterField("said_on"),
        index.RelatedFields("speaker", [SearchField("name")]),
    ]

    class Meta:
        ordering = ["-said_on", "-pk"]
        permissions = [("review_quote", "Can review quotes and correct their speakers")]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="quote_has_words"),
            models.CheckConstraint(
                condition=Q(article__isnull=False) | Q(document__isnull=False), name="quote_has_source"
            ),
            models.CheckConstraint(
                condition=Q(start__isnull=True, end__isnull=True) | Q(start__lt=F("end")), name="quote_span_ordered"
            ),
            models.CheckConstraint(
                condition=Q(confidence__gte=0) & Q(confidence__lte=1), name="quote_confidence_is_a_share"
            ),
            models.CheckConstraint(
                condition=Q(article__isnull=True) | Q(published_at__isnull=True), name="quote_appears_with_its_article"
            ),
            models.UniqueConstraint(
                fields=["article", "start", "end"], condition=Q(article__isnull=False), name="quote_once_in_article"
            ),
            models.UniqueConstraint(
                fields=["document", "start", "end"],
                condition=Q(article__isnull=True),
                name="quote_once_alone_in_document",
            ),
        ]
        indexes = [
            models.Index(F("said_on").desc(), F("id").desc(), name="quote_latest"),
            models.Index("speaker", UNDATED.asc(), F("said_on").desc(), F("id").desc(), name="quote_of_speaker_dated"),
            # Most quotes are direct: among the latest of all, these are soon found.
            models.Index(
                "kind", F("said_on").desc(), F("id").desc(), condition=~Q(kind="direct"), name="quote_of_rarer_kind"
            ),
            models.Index(fields=["cluster"], name="quote_cluster"),
            models.Index(fields=["reviewer"], condition=Q(reviewer__isnull=False), name="quote_of_reviewer"),
            models.Index(fields=["id"], condition=Q(review_state="unreviewed"), name="quote_to_review"),
            models.Index(
                "review_state",
                F("said_on").desc(),
                F("id").desc(),
                condition=Q(review_state__in=["verified", "disputed", "misattributed", "rejected"]),
                name="quote_reviewed",
            ),
            models.Index(F("said_on").desc(), F("id").desc(), condition=Q(origin="editor"), name="quote_of_editors"),
            models.Index(fields=["confidence"], condition=Q(review_state="unreviewed"), name="quote_low_confidence"),
            models.Index(
                fields=["id"],
                condition=Q(speaker__isnull=True) & ~Q(review_state="rejected"),
                name="quote_unattributed",
            ),
        ]

    def __str__(self) -> str:
        return self.text if len(self.text) <= 80 else f"{self.text[:79].rstrip()}…"

    def get_absolute_url(self) -> str:
        return address("quotes:quote", self.pk)

    @property
    def anchor(self) -> str:
        """The HTML id of its mark on the article's page."""
        return f"quote-{self.pk}"

    @property
    def doubt(self) -> str:
        """What editors found to be wrong with it, in a word that goes along with it everywhere; empty if nothing."""
        contested = self.review_state in (self.Review.DISPUTED, self.Review.MISATTRIBUTED)
        return self.get_review_state_display() if contested else ""

    @property
    def role_then(self) -> str:
        """As printed with the quote, or, where it was read ``with_role_beside()``, elsewhere in its article."""
        return self.role or getattr(self, "role_beside", None) or ""

    @property
    def date_known(self) -> bool:
        return self.said_precision != DatePrecision.UNKNOWN


class CuratedQuote(models.Model):
    """An item of a list of quotes."""

    list = models.ForeignKey(CuratedList, models.CASCADE, related_name="quote_items")
    position = models.PositiveIntegerField(default=0)
    quote = models.ForeignKey(Quote, models.CASCADE, related_name="list_items")

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = "quote in a list"
        verbose_name_plural = "quotes in lists"
        constraints = [models.UniqueConstraint(fields=["list", "quote"], name="curatedquote_once_a_list")]

    def __str__(self) -> str:
        return str(self.quote)
