"""The review desk: many quotes at a time, by rule and confidence, after a look at samples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path

from quotes import reviewing
from quotes.admin.places import page_in_article
from quotes.models import Quote

SAMPLES = 8
# The rules that decided on how many of the oldest quotes that wait are offered by name.
RULES_OF = 2000


def rule_in_words(rule: str) -> str:
    """The name of a rule as words: "source after quote, inverted"."""
    return rule.replace("_", " ").replace(".", ", ")


class BulkForm(forms.Form):
    """``rules``: how many quotes wait of each rule, of those looked at."""

    rule = forms.CharField(required=False, max_length=100, label="Decided by the rule", widget=forms.Select)
    confidence = forms.FloatField(min_value=0, max_value=1, initial=0.95, label="Confidence of at least")

    def __init__(self, *args: Any, rules: Mapping[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = self.data.get("rule", "")
        known = dict(rules) if not asked or asked in rules else {**rules, asked: 0}
        words = [
            (rule, f"{rule_in_words(rule)} ({number:,} waiting)") for rule, number in sorted(known.items()) if rule
        ]
        self.fields["rule"].widget.choices = [("", "whichever rule"), *words]

    def chosen(self) -> QuerySet[Quote]:
        rows = Quote.objects.unreviewed().attributed().filter(confidence__gte=self.cleaned_data["confidence"])
        return rows.filter(rule=self.cleaned_data["rule"]) if self.cleaned_data["rule"] else rows


class ReviewManyMixin(admin.ModelAdmin):
    """The page of the review desk where many are accepted. What all its pages share is ``ReviewMixin``'s."""

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.many_view)
        return [path("review/many/", view, name="quotes_quote_review_many"), *super().get_urls()]

    def many_view(self, request: HttpRequest) -> HttpResponse:
        """Accept by rule and confidence: GET shows how many and samples of them, POST accepts just what was shown."""
        self._check(request)
        asked = request.POST if request.method == "POST" else request.GET
        waiting = Quote.objects.unreviewed().attributed().order_by("pk").values_list("rule", flat=True)
        form = BulkForm(asked if "confidence" in asked else None, rules=Counter(waiting[:RULES_OF]))
        rows, more = [], False
        if form.is_valid():
            limit = reviewing.BULK
            keys = list(form.chosen().order_by("pk").values_list("pk", flat=True)[: limit + 1])
            rows, more = keys[:limit], len(keys) > limit
        if request.method == "POST" and form.is_valid() and asked.get("last", "").isdecimal():
            return self._accept_many(request, form.chosen().filter(pk__lte=int(asked["last"])))
        # Evenly spread, so that they show more than what came in first.
        picked = rows[:: max(len(rows) // SAMPLES, 1)][:SAMPLES]
        samples = Quote.objects.filter(pk__in=picked).select_related("speaker", "article").order_by("pk")
        context = {
            "title": "Accept many quotes",
            "form": form,
            "number": len(rows),
            "more": more,
            "last": rows[-1] if rows else 0,
            "samples": [
                {"quote": quote, "found_by": rule_in_words(quote.rule), "page": page_in_article(quote)}
                for quote in samples.defer("article__body", "article__text")
            ],
        }
        return self._page(request, "admin/newsroom/review_many.html", context)

    def _accept_many(self, request: HttpRequest, rows: QuerySet[Quote]) -> HttpResponse:
        with transaction.atomic():
            decision = reviewing.accept_many(rows, editor=request.user)
            quotes = Quote.objects.filter(pk__in=[pk for pk, _, _ in decision.changes]).only("pk", "text")
            LogEntry.objects.log_actions(
                request.user.pk, list(quotes), CHANGE, change_message="Verified with others by rule and confidence."
            )
        number = len(decision.changes)
        words = "1 quote is" if number == 1 else f"{number:,} quotes are"
        self.message_user(request, f"{words} verified. “Undo” takes that back.", messages.SUCCESS)
        return HttpResponseRedirect(self._address("review", request))
