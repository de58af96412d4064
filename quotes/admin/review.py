"""The review desk: one quote at a time, by keyboard, the next one at once. (Many at a time: ``review_many.py``.)"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from articles import held
from articles.models import Article, RawDocument
from quotes import reviewing
from quotes.admin.places import page_in_article, place_in_article
from quotes.admin.review_many import ReviewManyMixin, rule_in_words
from quotes.models import Quote, ReviewDecision, Speaker, SpeakerName
from quotes.reviewing import Verdict
from quotes.store import name_key

SPEAKER = Quote._meta.get_field("speaker")
TYPED = ("speaker", "new_speaker", "new_kind", "note", "whole_mention", "teach")
KEPT_TO = ("article", "document")
QUEUES = {"unreviewed": "all that wait", "no-speaker": "without a speaker", "low-confidence": "low confidence"}
COUNTED = 1000
FEW = 10
VERDICTS = [
    (Quote.Review.VERIFIED, "Accept", "a"),
    (Quote.Review.REJECTED, "Reject", "r"),
    (Quote.Review.DISPUTED, "Disputed", "d"),
    (Quote.Review.MISATTRIBUTED, "Misattributed", "m"),
]


class VerdictForm(forms.Form):
    speaker = forms.ModelChoiceField(Speaker.objects.all(), required=False, label="Speaker")
    new_speaker = forms.CharField(required=False, max_length=200, label="Or a new one")
    new_kind = forms.ChoiceField(choices=Speaker.Kind, required=False, label="who is")
    whole_mention = forms.BooleanField(required=False)
    teach = forms.BooleanField(required=False)
    note = forms.CharField(required=False, max_length=1000, label="Note", widget=forms.Textarea(attrs={"rows": 2}))
    verdict = forms.ChoiceField(choices=[(value, label) for value, label, _ in VERDICTS])
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, site: admin.AdminSite, may_add: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        box = AutocompleteSelect(SPEAKER, site)
        box.choices = self.fields["speaker"].choices
        self.fields["speaker"].widget = box
        if not may_add:
            del self.fields["new_speaker"], self.fields["new_kind"]

    def clean_new_speaker(self) -> str:
        """The name of somebody who is not in the archive yet; who is, is chosen, for the editor to look at."""
        name = " ".join(self.cleaned_data["new_speaker"].split())
        key = name_key(name)
        rows = SpeakerName.objects.filter(key=key).select_related("speaker__merged_into") if key else []
        known = {row.speaker.merged_into or row.speaker for row in rows[:FEW]}
        if not known:
            return name
        self.data = self.data.copy()
        if len(known) > 1:
            raise forms.ValidationError(f"Several speakers are called “{name}”: choose one of them above.")
        self.data["speaker"], self.data["new_speaker"] = str(known.pop().pk), ""
        raise forms.ValidationError(
            f"There is a speaker called “{name}” already, who is chosen above now. Decide again."
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("verdict") in {Quote.Review.DISPUTED, Quote.Review.MISATTRIBUTED} and not cleaned.get("note"):
            self.add_error("note", "Say why: readers are shown the note.")
            self.fields["note"].widget.attrs["autofocus"] = True  # what is typed next is meant for it, and no shortcut
        return cleaned

    def spoken(self) -> Verdict:
        given = self.cleaned_data
        speaker = given["speaker"].merged_into or given["speaker"] if given["speaker"] else None
        if given.get("new_speaker"):
            speaker = Speaker(name=given["new_speaker"], kind=given["new_kind"] or Speaker.Kind.PERSON)
        return Verdict(given["verdict"], speaker, given["note"].strip(), given["whole_mention"], given["teach"])


class ReviewMixin(ReviewManyMixin):
    """Adds the review desk to the admin of quotes."""

    change_list_template = "admin/newsroom/quotes.html"

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [
            path("review/", wrap(self.next_view), name="quotes_quote_review"),
            path("review/undo/", wrap(self.undo_view), name="quotes_quote_review_undo"),
            path("review/<int:pk>/", wrap(self.review_view), name="quotes_quote_review_one"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        may = {"may_review": self.has_review_permission(request)}
        return super().changelist_view(request, may | (extra_context or {}))

    # one at a time

    def next_view(self, request: HttpRequest) -> HttpResponse:
        """Show the next quote of the queue that nobody else has before them."""
        self._check(request)
        after = request.GET.get("after", "")
        quote = reviewing.claim_next(
            self._waiting(request), request.user, after=int(after) if after.isdecimal() and len(after) < 19 else 0
        )
        if quote is None:
            return self._page(request, "admin/newsroom/review_done.html", {"title": "Nothing waits for review"})
        return self._show(request, quote, self._form(request, quote), holder=None)

    def review_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show one quote (GET), or take the decision on it (POST) and go on to the next."""
        self._check(request)
        quote = Quote.objects.filter(pk=pk).first()
        if quote is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(pk))
        if request.method != "POST":
            typed = held.typed(request, TYPED)
            if typed:
                self.message_user(request, "You had been logged out. What you typed then is below, and not saved yet.",
                                  messages.WARNING)  # fmt: skip
            form = self._form(request, quote, typed=typed)
            return self._show(request, quote, form, holder=reviewing.claim(quote, request.user))
        form = self._form(request, quote, request.POST)
        if form.is_valid() and self._decide(request, quote, form):
            return HttpResponseRedirect(self._next_address(request, quote))
        quote.refresh_from_db()
        return self._show(request, quote, form, holder=reviewing.claim(quote, request.user))

    def _decide(self, request: HttpRequest, quote: Quote, form: VerdictForm) -> bool:
        verdict = form.spoken()
        others = reviewing.of_same_mention(quote).values_list("pk", flat=True) if verdict.whole_mention else ()
        self.keep_unseen([quote.pk, *others])
        try:
            with transaction.atomic():
                decision = reviewing.decide(quote, verdict, editor=request.user, seen=form.cleaned_data["seen"])
                self._log(request, verdict, decision)
                if decision.speaker_made is not None:
                    speakers = self.admin_site.get_model_admin(Speaker)
                    speakers.log_addition(request, decision.speaker_made, "Made at the review desk.")
        except reviewing.ChangedMeanwhileError as error:
            form.add_error(None, f"{error} Nothing was saved; look at it as it is now, and decide again.")
            form.data = form.data.copy()
            quote.refresh_from_db()
            form.data["seen"] = reviewing.shown_as(quote)
            return False
        return True

    def _log(self, request: HttpRequest, verdict: Verdict, decision: ReviewDecision) -> None:
        """The quote that was judged is the first; to the others went no more than its speaker."""
        keys = [pk for pk, _, _ in decision.changes]
        rows = Quote.objects.in_bulk(keys)
        before = decision.changes[0][1]["speaker_id"]
        given = f" Said by {verdict.speaker or 'nobody known'}." if before != rows[keys[0]].speaker_id else ""
        self.log_changes(request, [rows[keys[0]]], f"{Quote.Review(verdict.state).label} at the review desk.{given}")
        if keys[1:]:
            words = f"Said by {verdict.speaker}, as another quote of this mention: given at the review desk."
            self.log_changes(request, [rows[key] for key in keys[1:]], words)

    def undo_view(self, request: HttpRequest) -> HttpResponse:
        """Take back the last decision of this editor, and show that quote again."""
        self._check(request)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        decision = reviewing.last_decision(request.user)
        if decision is None:
            self.message_user(request, "There is no decision of yours to undo.", messages.WARNING)
            return HttpResponseRedirect(self._address("review", request))
        with transaction.atomic():
            back = reviewing.undo(decision)
            self.log_changes(request, list(Quote.objects.filter(pk__in=back[:COUNTED])), "Decision undone.")
        number, of = len(back), len(decision.changes)
        words = "Undone: 1 quote is" if number == 1 else f"Undone: {number:,} quotes are"
        rest = f" {of - number:,} were changed since and stay as they are." if number < of else ""
        self.message_user(request, f"{words} as before.{rest}", messages.SUCCESS if number else messages.WARNING)
        if of == 1 and number == 1:
            return HttpResponseRedirect(self._address("review_one", request, back[0]))
        return HttpResponseRedirect(self._address("review", request))

    def _show(self, request: HttpRequest, quote: Quote, form: VerdictForm, *, holder: Any) -> HttpResponse:
        quote = Quote.objects.select_related("speaker", "article").defer("article__body").get(pk=quote.pk)
        others = list(reviewing.of_same_mention(quote)[:COUNTED])
        waiting = len(self._waiting(request).order_by().values_list("pk")[: COUNTED + 1])
        context = {
            "title": "Review quotes",
            "quote": quote,
            "place": place_in_article(quote, bare=True),
            "article_address": page_in_article(quote),
            "found_by": rule_in_words(quote.rule),
            "form": form,
            "media": self.media + form.media,
            "holder": holder,
            "others": len(others),
            "teachable": reviewing.is_new_name(quote),
            "waiting": f"{COUNTED:,}+" if waiting > COUNTED else f"{waiting:,}",
            "verdicts": VERDICTS,
            "tried": form["verdict"].value() or Quote.Review.VERIFIED,
            "last": reviewing.last_decision(request.user),
            "skip": self._next_address(request, quote),
            "post_to": self._address("review_one", request, quote.pk),
            "form_token": held.token(request, reverse("admin:quotes_quote_review_one", args=[quote.pk])),
        }
        return self._page(request, "admin/newsroom/review.html", context)

    def _form(
        self, request: HttpRequest, quote: Quote, data: Any = None, typed: dict[str, str] | None = None
    ) -> VerdictForm:
        initial = {"speaker": quote.speaker_id, "note": quote.review_note, "seen": reviewing.shown_as(quote)}
        initial |= typed or {}
        may_add = request.user.has_perm("quotes.add_speaker")
        form = VerdictForm(data, initial=initial, site=self.admin_site, may_add=may_add)
        if may_add and reviewing.is_name(quote.mention):
            form.fields["new_speaker"].widget.attrs["data-read"] = quote.mention[:200]
        return form

    # what they share

    def _check(self, request: HttpRequest) -> None:
        if not self.has_review_permission(request):
            raise PermissionDenied

    def _queue(self, request: HttpRequest) -> str:
        asked = request.GET.get("queue", "")
        return asked if asked in QUEUES else "unreviewed"

    def _waiting(self, request: HttpRequest) -> QuerySet[Quote]:
        rows = Quote.objects.unreviewed().filter(**self._only(request))
        if self._queue(request) == "no-speaker":
            return rows.filter(speaker__isnull=True)
        return rows.low_confidence() if self._queue(request) == "low-confidence" else rows

    def _only(self, request: HttpRequest) -> dict[str, int]:
        """Where the review keeps to: an article or a document, as lookups; none for all quotes."""
        asked = {key: request.GET.get(key, "") for key in KEPT_TO}
        return {f"{key}_id": int(value) for key, value in asked.items() if value.isdecimal() and len(value) < 19}

    def _kept_to(self, request: HttpRequest) -> dict[str, Any] | None:
        """The article or document that the review keeps to, and its page."""
        for key, pk in self._only(request).items():
            rows = Article.objects.only("headline") if key == "article_id" else RawDocument.objects.only("name")
            found = rows.filter(pk=pk).first()
            return (
                {"name": found, "page": reverse(admin_urlname(rows.model._meta, "change"), args=[pk])}
                if found
                else None
            )
        return None

    def _address(self, name: str, request: HttpRequest, *args: Any, **more: Any) -> str:
        kept = {key: value for key in ("queue", *KEPT_TO) if (value := request.GET.get(key))} | more
        address = reverse(f"admin:quotes_quote_{name}", args=args)
        return f"{address}?{urlencode(kept)}" if kept else address

    def _next_address(self, request: HttpRequest, quote: Quote) -> str:
        return self._address("review", request, after=quote.pk)

    def _page(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        only = {key.removesuffix("_id"): pk for key, pk in self._only(request).items()}
        shared = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "queues": [
                {
                    "label": label,
                    "address": f"{reverse('admin:quotes_quote_review')}?{urlencode({'queue': name} | only)}",
                    "chosen": name == self._queue(request) and "number" not in context,
                }
                for name, label in QUEUES.items()
            ],
            "kept_to": self._kept_to(request),
            "many": "number" in context,
            "undo_address": self._address("review_undo", request),
            "last": reviewing.last_decision(request.user),
        }
        return TemplateResponse(request, template, shared | context)
