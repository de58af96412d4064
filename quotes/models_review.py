"""Who looks at which quote, and what was decided: what the review desk needs to keep editors apart, and to undo."""

from django.conf import settings
from django.db import models


class QuoteClaim(models.Model):
    """An editor has a quote before them, until the time given or until they decide."""

    quote = models.OneToOneField("quotes.Quote", models.CASCADE, related_name="claim")
    editor = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    until = models.DateTimeField()

    class Meta:
        verbose_name = "quote being looked at"
        verbose_name_plural = "quotes being looked at"

    def __str__(self) -> str:
        return f"{self.quote_id}: {self.editor}"


class ReviewDecision(models.Model):
    """What an editor decided of one quote or of many, with what it was before."""

    editor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    verdict = models.CharField(max_length=13, help_text="The review state that was given.")
    changes = models.JSONField(
        default=list, help_text="[[quote, values before by column, values after by column], …]: what undoing needs."
    )
    name_taught = models.ForeignKey(
        "quotes.SpeakerName", models.SET_NULL, null=True, related_name="+", help_text="The form of a name it taught."
    )
    speaker_made = models.ForeignKey(
        "quotes.Speaker", models.SET_NULL, null=True, related_name="+", help_text="The speaker who was new with it."
    )
    at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = "review decision"
        indexes = [
            models.Index(
                fields=["editor", "-id"], condition=models.Q(undone_at__isnull=True), name="reviewdecision_last"
            )
        ]

    def __str__(self) -> str:
        number = len(self.changes)
        return f"{self.verdict}: {number} quote{'' if number == 1 else 's'}"
