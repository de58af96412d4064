"""What imports did: runs, what each document came to, and what went wrong."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from articles.models import RawDocument


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def running(self) -> ImportRunQuerySet:
        return self.filter(state=ImportRun.State.RUNNING)

    def to_resume(self) -> ImportRunQuerySet:
        """Those that did not come to their end, the newest first."""
        return self.filter(state__in=[ImportRun.State.INTERRUPTED, ImportRun.State.FAILED]).order_by("-pk")


class ImportIssueQuerySet(models.QuerySet["ImportIssue"]):
    def not_read_again(self) -> ImportIssueQuerySet:
        """Documents set aside, as the latest run that read them did."""
        return self.filter(severity=ImportIssue.Severity.QUARANTINED, resolved_at__isnull=True)

    def quarantine(self) -> ImportIssueQuerySet:
        """Those of them that wait: what an undone run set aside does not."""
        return self.not_read_again().exclude(run__state=ImportRun.State.UNDONE)


class ImportRun(models.Model):
    class State(models.TextChoices):
        RUNNING = "running", "Running"
        FINISHED = "finished", "Finished"
        INTERRUPTED = "interrupted", "Interrupted"
        FAILED = "failed", "Failed"
        UNDONE = "undone", "Undone"

    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="started by"
    )
    options = models.JSONField(default=dict, help_text="Paths and options of the command.")
    inputs = models.JSONField(default=list, help_text="What it reads, in full: no other run reads that meanwhile.")
    process = models.CharField(max_length=200, blank=True, help_text="Machine and process that work, or worked, on it.")
    state = models.CharField(max_length=11, choices=State, default=State.RUNNING)
    total = models.PositiveIntegerField(
        null=True, blank=True, help_text="Documents that were to be read; empty where nobody can know beforehand."
    )
    progress_at = models.DateTimeField(auto_now=True, help_text="When it last wrote a batch.")
    seconds = models.FloatField(default=0, help_text="Time at work, without the pauses before it was resumed.")
    read = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    quarantined = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict, help_text="Rows by kind: articles, quotes, speakers, lists.")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="undone by"
    )
    undone = models.JSONField(
        default=dict, blank=True, help_text="Rows removed and restored, by kind, and which were kept, with the reason."
    )

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "import run"
        permissions = [("start_importrun", "Can import dumps"), ("undo_importrun", "Can undo imports")]
        constraints = [
            models.CheckConstraint(
                condition=Q(read=F("created") + F("updated") + F("unchanged") + F("quarantined")),
                name="importrun_counts_reconcile",
            ),
            models.CheckConstraint(
                condition=~Q(state="undone") | Q(undone_at__isnull=False), name="importrun_undone_has_time"
            ),
        ]
        indexes = [models.Index(fields=["id"], condition=Q(state="running"), name="importrun_running")]

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
    # Of the document's bytes, also where these were too many to be kept.
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(null=True, blank=True, help_text="Bytes.")
    resolved_at = models.DateTimeField(null=True, blank=True, help_text="When the document was read again.")
    resolved_by = models.ForeignKey(
        ImportRun, models.SET_NULL, null=True, blank=True, related_name="resolved", verbose_name="resolved by"
    )

    objects = ImportIssueQuerySet.as_manager()

    class Meta:
        ordering = ["run", "pk"]
        verbose_name = "import issue"
        indexes = [
            models.Index(
                fields=["sha256"],
                condition=Q(severity="quarantined", resolved_at__isnull=True),
                name="importissue_quarantine",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.reason}"


class Upload(models.Model):
    """A dump that came by the browser and waits to be confirmed by whoever sent it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    data = models.BinaryField()
    options = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "upload"
        indexes = [models.Index(fields=["at"], name="upload_by_age")]

    def __str__(self) -> str:
        return self.name
