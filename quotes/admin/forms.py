"""The form of a quote."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

from articles.admin.forms import explain_constraint
from articles.admin.stale import StaleCheckForm
from articles.admin.topics_field import TopicsFormMixin
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

    def clean_speaker(self) -> Speaker | None:
        """One who was merged stands for whom they were merged into."""
        speaker = self.cleaned_data["speaker"]
        return speaker.merged_into or speaker if speaker else None

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        place = {name: self.cleaned_data.get(name) for name in ("start", "end") if name in self.fields}
        if len([value for value in place.values() if value is None]) == 1 and not self.errors:
            raise ValidationError("Give both the start and the end of the place, or neither.")
        return cleaned
