"""Public pages of quotes and of those who said them."""

from __future__ import annotations

from string import ascii_lowercase
from typing import Any

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView

from articles import addresses
from articles.filters import narrows
from articles.merging import survivor
from articles.paging import Page, page_of
from articles.prepared import as_last_time, in_step
from articles.search import Search, needs_search, read
from articles.shown import publishers_to_choose, topics_to_choose, years_to_choose
from articles.surrogates import shows
from quotes import profiles
from quotes.embeds import embed_html
from quotes.filters import PUBLIC_REVIEW, OneSpeakerFilter, QuoteFilter, latest_among
from quotes.models import Quote, Speaker
from quotes.passages import alone, passage, sentence, sentence_alone
from quotes.search import complete_speakers, find_speakers, nearest_speakers
from quotes.shown import (
    MORE_QUOTES,
    beside,
    first_said,
    once_each,
    page_of_quotes,
    page_of_speaker,
    public_quote,
    why_gone,
)

OTHER = "other"


class QuotesView(TemplateView):
    template_name = "quotes/quotes.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.request.GET
        chosen = _chosen(asked)
        is_narrowed = narrows(QuoteFilter, asked)
        page, topics, publishers, first = in_step(
            page_of_quotes(latest_among(asked) if is_narrowed else None, self.request),
            topics_to_choose(asked.get("topic", "")),
            publishers_to_choose(),
            first_said(),
        )
        shows(self.request, page)
        return super().get_context_data(
            page=page,
            is_narrowed=is_narrowed,
            # What has no date stands apart, and in no year.
            may_be_undated=not (chosen["date"] or chosen["since"] or chosen["until"]),
            chosen=chosen,
            kinds=Quote.Kind.choices,
            reviews=PUBLIC_REVIEW,
            publishers=publishers,
            topics=topics,
            years=years_to_choose(first.year if first else None),
            **kwargs,
        )


def _chosen(asked: QueryDict) -> dict[str, str]:
    """What was asked for, by name, as the form shows it: a single year is one that begins and ends the span."""
    chosen = {name: asked.get(name, "") for name in QuoteFilter.base_filters}
    return chosen | {name: chosen[name] or chosen["year"] for name in ("since", "until")}


def quote(request: HttpRequest, pk: int) -> HttpResponse:
    with as_last_time(f"quotes/{pk}"):
        shown = public_quote(pk)
        beside_it = beside(shown) if shown is not None else None
    if shown is None or beside_it is None:
        return _gone(request, pk)
    topics, same_words, others, story = beside_it
    context = {
        "quote": shown,
        "passage": passage(shown, shown.article.text) if shown.article else alone(shown),
        "sentence": sentence(shown, shown.article.text) if shown.article else sentence_alone(shown),
        "topics": topics,
        "same_words": same_words,
        "more": once_each(others)[:MORE_QUOTES],
        "embed": embed_html(shown, request.build_absolute_uri),
        "story": story,
    }
    shows(request, shown, context["same_words"], context["more"])
    return render(request, "quotes/quote.html", context)


def _gone(request: HttpRequest, pk: int) -> HttpResponse:
    gone = why_gone(pk)
    if gone is None:
        raise Http404("No such quote.")
    shows(request, gone.quote)
    return addresses.gone(request, gone.heading, gone.words, gone.reason)


class SpeakersView(TemplateView):
    """The index of names: all, those under a letter, those that a search finds, or the unnamed sources."""

    template_name = "quotes/speakers.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        search = read(self.request.GET.get("q", ""))
        letter = self.request.GET.get("letter", "").lower()
        letter = letter if letter == OTHER or (len(letter) == 1 and letter in ascii_lowercase) else ""
        unnamed = self.request.GET.get("kind") == Speaker.Kind.UNNAMED
        if search.words:
            page = self._found(search)
        else:
            rows = Speaker.objects.public().with_latest_role()
            rows = rows.filter(kind=Speaker.Kind.UNNAMED) if unnamed else rows.named().under_letter(letter)
            page = page_of(rows.order_by("sort_key", "pk"), self.request, size=60)
        _count_quotes(page)
        nearest = nearest_speakers(search) if search.words and not page and page.number == 1 else []
        return super().get_context_data(
            page=page, search=search, nearest=nearest, letter=letter, letters=ascii_lowercase, unnamed=unnamed, **kwargs
        )

    @method_decorator(needs_search)
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().get(request, *args, **kwargs).render()

    def _found(self, search: Search) -> Page:
        page = page_of(find_speakers(search), self.request, size=60)
        if page or page.number > 1:
            return page
        return page_of(complete_speakers(search), self.request, size=60)


def _count_quotes(page: Page) -> None:
    """Give each speaker of the page ``quote_count``, of public quotes."""
    counted = Quote.objects.public_each().filter(speaker__in=list(page)).order_by().values_list("speaker")
    counts = dict(counted.annotate(Count("pk")))
    for who in page:
        who.quote_count = counts.get(who.pk, 0)


def speaker(request: HttpRequest, slug: str) -> HttpResponse:
    shown = profiles.speaker_at(slug)
    if shown is None:
        return addresses.follow(request, Speaker.objects.public(), slug)
    if shown.merged_into_id:
        return redirect(survivor(shown), permanent=True)
    chosen = OneSpeakerFilter(request.GET, queryset=Quote.objects.public().filter(speaker=shown).dated_first())
    topic = request.GET.get("topic", "")
    is_narrowed = narrows(OneSpeakerFilter, request.GET)
    rows = chosen.qs if chosen.is_valid() else Quote.objects.none()
    page, profile = in_step(
        page_of_quotes(rows, request) if is_narrowed else page_of_speaker(shown, request),
        profiles.profile(shown, topic),
    )
    if not profile.count:
        raise Http404("No such speaker.")
    context = {
        "speaker": shown,
        "count": profile.count,
        "bars": profiles.bars(profile.counts),
        "year": chosen.form.cleaned_data.get("year"),
        "undated": bool(chosen.form.cleaned_data.get("date")),
        "narrowed": is_narrowed,
        "page": page,
        "names": profile.names,
        "positions": profile.positions,
        "topics": profile.topics,
        "topic": next((each for each in profile.topics if each.slug == topic), topic),
        "peers": profile.peers,
        "articles": profile.articles,
    }
    shows(request, shown, page, profile.articles)
    return render(request, "quotes/speaker.html", context)
