"""The form of a quote."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from articles.admin.forms import explain_constraint
from articles.admin.stale import StaleCheckForm
from articles.admin.topics_field import TopicsFormMixin
from articles.models import DatePrecision
from quotes.models import Quote, Speaker

explain_constraint("quote_has_words", "text", "A quote needs words.")
explain_constraint("quote_has_source", "article", "Choose the article that the quote stands in.")
explain_constraint("quote_span_ordered", "end", "The end must come after the start.")
explain_constraint("quote_confidence_is_a_share", None, "The confidence is a share from 0 to 1.")
explain_constraint(
    "quote_appears_with_its_article", "published_at", "A quote in an article appears with it: leave this empty."
)
_TWICE = "Another quote stands at this very place of the text already."
explain_constraint("quote_once_in_article", None, _TWICE)
explain_constraint("quote_once_alone_in_document", None, _TWICE)


class QuoteForm(TopicsFormMixin, StaleCheckForm):
    class Meta:
        model = Quote
        fields = "__all__"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("start", "end"):
            if name in self.fields:
                self.fields[name].help_text = (
                    "Counted in characters of the article’s text. The place is found again by itself when the words "
                    "are not there."
                )
        if "said_on" in self.fields:
            self.fields["said_on"].required = False
            self.fields["said_on"].help_text = "Empty: the day of the article."

    def clean_speaker(self) -> Speaker | None:
        """One who was merged stands for whom they were merged into."""
        speaker = self.cleaned_data["speaker"]
        return speaker.merged_into or speaker if speaker else None

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        place = {name: self.cleaned_data.get(name) for name in ("start", "end") if name in self.fields}
        if len([value for value in place.values() if value is None]) == 1 and not self.errors:
            raise ValidationError("Give both the start and the end of the place, or neither.")
        if "said_on" in self.fields and "said_on" not in self.errors and not self.cleaned_data.get("said_on"):
            self._take_day_of_article()
        return cleaned

    def _take_day_of_article(self) -> None:
        """Said when the article came out; where that is not known, of an unknown day."""
        article = self.cleaned_data.get("article") or self.instance.article
        if article is not None and article.published_at and article.date_known:
            self.cleaned_data["said_on"] = timezone.localtime(article.published_at).date()
            precision = article.published_precision
            self.cleaned_data["said_precision"] = DatePrecision.DAY if precision == DatePrecision.TIME else precision
        else:
            self.cleaned_data["said_on"], self.cleaned_data["said_precision"] = (
                timezone.localdate(),
                DatePrecision.UNKNOWN,
            )
