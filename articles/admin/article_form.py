"""The form an article is written in."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from articles.admin.forms import PlainWordsForm, explain_constraint
from articles.admin.topics_field import TopicsFormMixin
from articles.models import Article

explain_constraint(
    "article_published_has_date", "published_at", "A published article needs the date when it appears or appeared."
)
explain_constraint(
    "article_lead_image_has_alt", "lead_image_alt", "Say what the picture shows, for those who cannot see it."
)
explain_constraint("article_source_url_unique", "source_url", "Another article has this source address already.")
explain_constraint("article_has_headline", "headline", "An article needs a headline.")


class ArticleForm(TopicsFormMixin, PlainWordsForm):
    UNPUBLISHED: ClassVar[tuple[str, ...]] = (Article.State.DRAFT, Article.State.IN_REVIEW)

    may_publish: ClassVar[bool] = False

    # The version that this form was opened with: a save is refused if it is not the newest any more.
    opened_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Article
        fields = "__all__"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.newer: list[tuple[str, str]] = []
        self.initial["opened_version"] = self.instance.version
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = "The end of its address. Leave it empty to have it made from the headline."
        if "state" in self.fields and not self.may_publish:
            self.fields["state"].choices = [(value, Article.State(value).label) for value in self.UNPUBLISHED]
            self.fields["state"].help_text = "You may not publish: hand it over as “In review”."

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.instance.pk is not None:
            self._check_version()
        return cleaned

    def _check_version(self) -> None:
        now = self.instance.version
        if self.cleaned_data.get("opened_version") == now:
            return
        who = self.instance.last_editor or "somebody"
        self.newer = self._differences()
        # Whoever has been told may save again, on top of that version.
        self.data = self.data.copy()
        self.data[self.add_prefix("opened_version")] = str(now)
        raise ValidationError(
            f"This article was changed by {who} while you were writing. Nothing was saved, and what you typed is "
            "still below. Compare it with the newest version, then save again to replace that version with yours."
        )

    def _differences(self) -> list[tuple[str, str]]:
        """The fields whose newest saved value is not what was typed: (label, newest value)."""
        return [
            (str(field.label), str(saved))
            for name, field in self.fields.items()
            if name in self.changed_data and name != "opened_version" and (saved := self._saved(name)) is not None
        ]

    def _saved(self, name: str) -> str | None:
        value = self.initial.get(name)
        if isinstance(value, list):
            return ", ".join(map(str, value))
        return "" if value is None else str(value)
