"""Lists of articles or quotes in an order that somebody chose: readers, or an editor."""

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

from articles.links import address
from articles.querysets import CuratedListQuerySet


class CuratedList(models.Model):
    class Kind(models.TextChoices):
        ARTICLES = "articles", "Articles"
        QUOTES = "quotes", "Quotes"

    class ManagedBy(models.TextChoices):
        IMPORT = "import", "Imports"
        EDITORS = "editors", "Editors"

    title = models.CharField(max_length=200)
    title_key = models.CharField(max_length=200, editable=False)
    slug = models.SlugField(max_length=100, unique=True)
    description = models.TextField(blank=True)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.ARTICLES)
    publisher = models.ForeignKey(
        "articles.Publisher",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="lists",
        help_text="Whose page printed it.",
    )
    as_of = models.DateTimeField(null=True, blank=True, help_text="The moment the list shows, if it was printed.")
    is_published = models.BooleanField("published", default=False)
    appears_at = models.DateTimeField(null=True, blank=True, help_text="Empty: as soon as it is published.")
    until = models.DateTimeField("disappears at", null=True, blank=True, help_text="Empty: it stays.")
    on_homepage = models.BooleanField("on the front page", default=False)
    managed_by = models.CharField(
        max_length=10,
        choices=ManagedBy,
        default=ManagedBy.EDITORS,
        help_text="Imports: each newer dump replaces the items. Editors: imports leave it alone.",
    )
    document = models.ForeignKey(
        "articles.RawDocument", models.PROTECT, null=True, blank=True, editable=False, related_name="lists"
    )
    updated_at = models.DateTimeField(auto_now=True)

    objects = CuratedListQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]
        verbose_name = "curated list"
        constraints = [
            models.UniqueConstraint(
                fields=["title_key", "publisher"],
                condition=Q(managed_by="import"),
                name="curatedlist_imported_once_a_publisher",
            ),
            # SQL holds nulls to be distinct, so lists without a publisher need a constraint of their own.
            models.UniqueConstraint(
                fields=["title_key"],
                condition=Q(managed_by="import", publisher__isnull=True),
                name="curatedlist_imported_once_without_publisher",
            ),
            models.CheckConstraint(
                condition=Q(appears_at__isnull=True) | Q(until__isnull=True) | Q(appears_at__lt=F("until")),
                name="curatedlist_appears_before_it_goes",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return address("articles:list", self.slug)

    @property
    def is_public(self) -> bool:
        """Whether the public may see it now, as ``CuratedListQuerySet.published`` has it."""
        now = timezone.now()
        begun = self.appears_at is None or self.appears_at <= now
        return self.is_published and begun and (self.until is None or self.until > now)


class CuratedListItem(models.Model):
    class State(models.TextChoices):
        RESOLVED = "resolved", "Linked to its article"
        UNRESOLVED = "unresolved", "Article not here"
        AMBIGUOUS = "ambiguous", "Several articles fit"

    list = models.ForeignKey(CuratedList, models.CASCADE, related_name="items")
    position = models.PositiveIntegerField(default=0)
    headline = models.CharField(max_length=300, help_text="As printed.")
    headline_key = models.CharField(max_length=300, editable=False)
    headline_shown = models.CharField(
        "shown as", max_length=300, blank=True, help_text="What readers see in place of the printed headline."
    )
    article = models.ForeignKey("articles.Article", models.SET_NULL, null=True, blank=True, related_name="list_items")
    several_fit = models.BooleanField(default=False, editable=False)
    state = models.GeneratedField(
        expression=Case(
            When(article__isnull=False, then=Value("resolved")),
            When(several_fit=True, then=Value("ambiguous")),
            default=Value("unresolved"),
        ),
        output_field=models.CharField(max_length=10, choices=State),
        db_persist=True,
    )

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = "list item"
        indexes = [
            models.Index(fields=["headline_key"], condition=Q(article__isnull=True), name="curatedlistitem_waiting"),
        ]

    def __str__(self) -> str:
        return self.headline
