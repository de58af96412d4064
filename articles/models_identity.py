"""What ties articles together: versions that wait for an editor, and printings of one story."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class ProposedChange(models.Model):
    """A newer version of an article, as far as it differs from what an editor has made of that article."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        DECIDED = "decided", "Decided"
        REPLACED = "replaced", "Replaced by a newer version"

    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="proposed_changes")
    document = models.ForeignKey(
        "articles.RawDocument", models.CASCADE, null=True, blank=True, related_name="proposed_changes"
    )
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    created_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-pk"]
        verbose_name = "proposed change"
        constraints = [
            models.UniqueConstraint(
                fields=["article"], condition=Q(state="waiting"), name="proposedchange_one_waits_an_article"
            ),
        ]
        indexes = [models.Index(fields=["id"], condition=Q(state="waiting"), name="proposedchange_waiting")]

    def __str__(self) -> str:
        return f"New version of “{self.article}”"


class ProposedField(models.Model):
    """One field of a proposed change; values as text, in the form that ``articles.versions`` gives them."""

    class Name(models.TextChoices):
        HEADLINE = "headline", "Headline"
        STANDFIRST = "standfirst", "Standfirst"
        BODY = "body", "Body"
        BYLINE = "byline", "Byline"
        AUTHORS = "authors", "Authors"
        DATELINE = "dateline", "Dateline"
        PUBLISHED = "published", "Date"

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        ACCEPTED = "accepted", "Accepted"
        REJECTED = "rejected", "Rejected"

    change = models.ForeignKey(ProposedChange, models.CASCADE, related_name="fields")
    name = models.CharField(max_length=10, choices=Name)
    old = models.TextField(blank=True, help_text="Of the article when the change was proposed, or accepted.")
    new = models.TextField(blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)

    class Meta:
        ordering = ["pk"]
        verbose_name = "field of a proposed change"
        constraints = [models.UniqueConstraint(fields=["change", "name"], name="proposedfield_once_a_change")]

    def __str__(self) -> str:
        return self.get_name_display()


class ArticleKey(models.Model):
    """A sample of an article's word sequences, or the headline of its dump, as a number.

    Articles that share one are compared in full.
    """

    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="keys")
    key = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["key"], name="articlekey_key")]

    def __str__(self) -> str:
        return f"{self.key:x}"


class Story(models.Model):
    """What several articles are printings of."""

    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "stories"

    def __str__(self) -> str:
        return f"Story {self.pk}"


class Printing(models.Model):
    """An article as one of the printings of a story, and how that was seen.

    ``compared_with`` is None for the one that was there first. An editor who parts an article from the story keeps
    the row, so that no import links it again.
    """

    class State(models.TextChoices):
        LINKED = "linked", "Same story"
        PARTED = "parted", "Not the same story"

    story = models.ForeignKey(Story, models.CASCADE, related_name="printings")
    article = models.OneToOneField("articles.Article", models.CASCADE, related_name="printing")
    compared_with = models.ForeignKey(
        "articles.Article", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="compared with"
    )
    similarity = models.FloatField(
        default=1.0, help_text="Share of the shorter text’s words that stand in the other in the same order."
    )
    method = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=6, choices=State, default=State.LINKED)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(similarity__gte=0) & Q(similarity__lte=1), name="printing_similarity_is_a_share"
            ),
        ]

    def __str__(self) -> str:
        return str(self.article)
