"""What imports did: runs, what each document came to, and what went wrong."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from articles.models import RawDocument


class ImportRun(models.Model):
    class State(models.TextChoices):
        RUNNING = "running", "Running"
        FINISHED = "finished", "Finished"
        INTERRUPTED = "interrupted", "Interrupted"
        FAILED = "failed", "Failed"

    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="started by"
    )
    options = models.JSONField(default=dict, help_text="Paths and options of the command.")
    state = models.CharField(max_length=11, choices=State, default=State.RUNNING)
    read = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    quarantined = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict, help_text="Rows by kind: articles, quotes, speakers, lists.")

    class Meta:
        ordering = ["-pk"]
        verbose_name = "import run"
        constraints = [
            models.CheckConstraint(
                condition=Q(read=F("created") + F("updated") + F("unchanged") + F("quarantined")),
                name="importrun_counts_reconcile",
            ),
        ]

    def __str__(self) -> str:
        return f"Import {self.pk}"


class Outcome(models.TextChoices):
    CREATED = "created", "Created"
    UPDATED = "updated", "Updated"
    UNCHANGED = "unchanged", "Unchanged"
    QUARANTINED = "quarantined", "Quarantined"


class RunDocument(models.Model):
    """What one document came to in one run, and which rows that made or changed."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="documents")
    position = models.PositiveIntegerField(help_text="Its place in the order of reading, from 0.")
    name = models.CharField(max_length=1000)
    document = models.ForeignKey(RawDocument, models.PROTECT, null=True, blank=True, related_name="runs")
    outcome = models.CharField(max_length=11, choices=Outcome)
    changes = models.JSONField(
        default=dict, blank=True, help_text='Keys of the rows made and changed: {"created": {"articles.article": [1]}}.'
    )

    class Meta:
        ordering = ["run", "position"]
        verbose_name = "document of a run"
        verbose_name_plural = "documents of runs"
        constraints = [models.UniqueConstraint(fields=["run", "position"], name="rundocument_once_a_place")]

    def __str__(self) -> str:
        return self.name


class ImportIssue(models.Model):
    """Something an operator must know of: a document set aside, or one that was taken only in part."""

    class Severity(models.TextChoices):
        QUARANTINED = "quarantined", "Set aside"
        NOTICE = "notice", "Notice"

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="issues")
    document = models.ForeignKey(RawDocument, models.PROTECT, null=True, blank=True, related_name="issues")
    name = models.CharField(max_length=1000)
    severity = models.CharField(max_length=11, choices=Severity)
    byte_offset = models.PositiveBigIntegerField(null=True, blank=True)
    line = models.PositiveIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=1000)

    class Meta:
        ordering = ["run", "pk"]
        verbose_name = "import issue"

    def __str__(self) -> str:
        return f"{self.name}: {self.reason}"
