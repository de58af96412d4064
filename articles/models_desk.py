"""What the desk keeps for itself: who has which form open, what mergers moved, what was deleted or published by the dozen."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class OpenForm(models.Model):
    """A person has the form of an object before them, or had it until ``seen_at``."""

    kind = models.CharField(max_length=50, help_text="Of the object: articles.article, quotes.speaker, ….")
    object_id = models.PositiveBigIntegerField()
    editor = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = "open form"
        constraints = [models.UniqueConstraint(fields=["kind", "object_id", "editor"], name="openform_once_an_editor")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}: {self.editor}"


class Merger(models.Model):
    """What went from one row to another of its kind when an editor merged or split them: all that undoing it needs."""

    kind = models.CharField(max_length=50, editable=False, help_text="Of the rows: quotes.speaker, articles.topic.")
    source_id = models.PositiveBigIntegerField()
    target_id = models.PositiveBigIntegerField()
    source_name = models.CharField(max_length=200)
    target_name = models.CharField(max_length=200)
    is_split = models.BooleanField(default=False, help_text="Some of the rows went, and the source stays by itself.")
    moved = models.JSONField(
        default=dict,
        help_text='{"moved": {"quotes.Quote.speaker": [keys]}, "dropped": {…: [values]}, "led_on": [keys]}',
    )
    editor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["kind", "source_id"], name="merger_of_source")]
        constraints = [
            models.CheckConstraint(condition=~Q(source_id=F("target_id")), name="merger_of_two"),
        ]

    def __str__(self) -> str:
        verb = "split from" if self.is_split else "merged into"
        names = (self.target_name, self.source_name) if self.is_split else (self.source_name, self.target_name)
        return f"“{names[0]}” {verb} “{names[1]}”"


class Deletion(models.Model):
    """A row that an editor deleted, with all that went along: what bringing it back needs."""

    kind = models.CharField(max_length=50, help_text="Of the row: articles.article, quotes.speaker, ….")
    object_id = models.PositiveBigIntegerField()
    name = models.CharField("what", max_length=200)
    rows = models.JSONField(
        default=dict,
        help_text='{"deleted": {label: [values]}, "let_go": {"label.column": [[key, value]]}, "addresses": [keys]}',
    )
    editor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="deleted by"
    )
    at = models.DateTimeField("deleted at", auto_now_add=True)
    back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="brought back by"
    )
    back_at = models.DateTimeField("brought back at", null=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = "deleted entry"
        verbose_name_plural = "deleted entries"
        indexes = [models.Index(fields=["kind", "-id"], name="deletion_of_kind")]

    def __str__(self) -> str:
        return self.name


class StateDecision(models.Model):
    """Several articles published, scheduled or withdrawn in one go, with what each was before."""

    class Act(models.TextChoices):
        PUBLISH = "publish", "Published"
        SCHEDULE = "schedule", "Scheduled"
        WITHDRAW = "withdraw", "Withdrawn"

    editor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    act = models.CharField(max_length=8, choices=Act)
    changes = models.JSONField(
        default=list, help_text="[[article, its version afterwards, its values before by column], …]."
    )
    at = models.DateTimeField(auto_now_add=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = "decision on articles"
        verbose_name_plural = "decisions on articles"

    def __str__(self) -> str:
        number = len(self.changes)
        return f"{self.get_act_display()}: {number} article{'' if number == 1 else 's'}"
