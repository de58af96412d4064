"""The form an article is written in."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils import timezone

from articles.admin import buttons
from articles.admin.forms import explain_constraint
from articles.admin.stale import StaleCheckForm
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


class ArticleForm(TopicsFormMixin, StaleCheckForm):
    """The words, and in ``_act`` which button was pressed: ``save``, or ``publish:2026-11-24T09:00``, which says when.

    The moment is what the label of the button promised.
    """

    UNPUBLISHED: ClassVar[tuple[str, ...]] = (Article.State.DRAFT, Article.State.IN_REVIEW)

    may_publish: ClassVar[bool] = False

    class Meta:
        model = Article
        fields = "__all__"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["state_before"] = self.instance.state
        self._stored_at = self.instance.published_at
        # The date and its precision; errors take them out of the cleaned data.
        self._typed: tuple[Any, str] | None = None
        self.had_address = self._has_address()
        self.act, _, self._promise = self.data.get("_act", buttons.SAVE).partition(":")
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = (
                "The end of its address. Leave it empty to have it made from the headline."
                if not self.had_address
                else "The end of its address. If you change it, the old address will lead here."
            )

    def _has_address(self) -> bool:
        """Whether readers may know its address: by the state and the date that are stored."""
        if self.instance.state == Article.State.PUBLISHED:
            return not self.plan().is_scheduled
        return self.instance.state == Article.State.WITHDRAWN

    def stamp(self) -> str:
        """Every way of changing an article raises its version, so that actions on the list count, too."""
        return str(self.instance.version)

    def last_editor(self) -> Any:
        return self.instance.last_editor

    def plan(self) -> buttons.Plan:
        """What can be done with the article, by the date as it is typed (or as it is stored, if that makes no sense)."""
        typed = self._typed or (self.instance.published_at, self.instance.published_precision)
        return buttons.Plan(self.initial["state_before"], *typed, self.may_publish, self._stored_at)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if "published_at" not in self.fields or "published_at" in self.errors:
            return cleaned
        self._typed = (self.cleaned_data["published_at"], self.cleaned_data.get("published_precision", ""))
        plan = self.plan()
        if plan.is_scheduled and plan.at is None and self.act in (buttons.SAVE, buttons.NOW):
            # Without the date it waited for it comes out now, as both buttons say.
            cleaned["published_at"] = timezone.now()
        elif plan.is_scheduled and plan.at is None and self.act == buttons.DRAFT:
            self.instance.state = Article.State.DRAFT  # as it is checked: a draft needs no date
        elif plan.state == Article.State.PUBLISHED and plan.at is None:
            self.add_error("published_at", "A published article needs the date when it appears or appeared.")
        offered = next((button for button in plan.buttons() if button.act == self.act), None)
        if offered is None:
            raise ValidationError("This cannot be done with the article as it is now. Nothing was saved.")
        if self._promise and self._promise != offered.promise:
            self.add_error(
                "published_at", f"With this date the button does something else: press “{offered.label}” to do that."
            )
        return cleaned
