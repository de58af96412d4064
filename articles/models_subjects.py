"""What articles are about, by which names that is known, and whom they cite."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class TopicName(models.Model):
    """Another name under which imports find a topic in a text; ``key`` is what two printings of it have in common."""

    topic = models.ForeignKey("articles.Topic", models.CASCADE, related_name="other_names")
    name = models.CharField(
        max_length=100,
        help_text="Its capitals must be capitals in the text (“Turkey” is not “turkey”); small letters match both.",
    )
    key = models.CharField(max_length=100, unique=True, editable=False)

    class Meta:
        ordering = ["name"]
        verbose_name = "other name of a topic"
        verbose_name_plural = "other names of topics"
        constraints = [models.CheckConstraint(condition=~Q(key=""), name="topicname_has_letters")]

    def __str__(self) -> str:
        return self.name


class TopicCandidate(models.Model):
    """A phrase that recurs in articles and may make a topic, which an editor decides. Dismissed, it never comes again."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        ACCEPTED = "accepted", "Made a topic"
        DISMISSED = "dismissed", "Dismissed"

    name = models.CharField(max_length=100)
    key = models.CharField(max_length=100, unique=True, editable=False)
    articles_count = models.PositiveIntegerField("articles", default=0, help_text="In which it was found.")
    mentions = models.PositiveIntegerField(default=0, help_text="In all of them.")
    examples = models.ManyToManyField("articles.Article", blank=True, related_name="+")
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    topic = models.ForeignKey("articles.Topic", models.SET_NULL, null=True, blank=True, related_name="+")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-articles_count", "name"]
        verbose_name = "proposed topic"
        indexes = [
            models.Index(
                F("articles_count").desc(), F("id"), condition=Q(state="waiting"), name="topiccandidate_waiting"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Citation(models.Model):
    """An agency or paper that an article gives as its source, and where it says so: offsets into ``Article.text``.

    None where it stands outside of the text (in the dateline), or an edit has taken the words away.
    """

    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="citations")
    name = models.CharField(max_length=200)
    publisher = models.ForeignKey(
        "articles.Publisher", models.SET_NULL, null=True, blank=True, related_name="citations"
    )
    evidence = models.CharField(max_length=200, help_text="The words that say so, as printed.")
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["start", "pk"]
        verbose_name = "cited source"
        constraints = [
            models.UniqueConstraint(fields=["article", "name"], name="citation_once_an_article"),
            models.CheckConstraint(
                condition=Q(start__isnull=True, end__isnull=True) | Q(start__lt=F("end")), name="citation_span_ordered"
            ),
        ]

    def __str__(self) -> str:
        return self.name
