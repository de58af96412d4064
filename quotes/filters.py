"""What readers can narrow the list of quotes by. Values that name nothing leave nothing: no filter is ignored."""

from __future__ import annotations

from collections.abc import Iterator

import django_filters
from django.db.models import Exists, Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import QueryDict

from articles.dates import span
from articles.filters import YearFilter, narrows
from articles.models import DatePrecision, TaggedItem
from articles.prepared import Slot
from articles.text import unaccented
from quotes.likeness import person_name
from quotes.models import Quote, Speaker, SpeakerName, TaggedQuote
from quotes.store import name_key, sort_key

# Of a topic with so many articles at most, quotes are found by these.
FEW = 1000
PUBLIC_REVIEW = [choice for choice in Quote.Review.choices if choice[0] != Quote.Review.REJECTED]


def on_topic(slug: str | Slot) -> Q:
    """Quotes that an editor put under the topic, and those of its articles."""
    quotes, articles = _filed_under(slug)
    return Q(pk__in=quotes) | Q(article__in=articles)


def _filed_under(slug: str | Slot) -> tuple[QuerySet, QuerySet]:
    """The keys of quotes and of articles."""
    quotes, articles = (filed.objects.filter(tag__slug=slug).order_by() for filed in (TaggedQuote, TaggedItem))
    return quotes.values("content_object"), articles.values("content_object")


def _of_whom(who: str) -> Iterator[QuerySet]:
    """Rows that give in ``key_of`` the key of a speaker who is meant."""
    at = Speaker.objects.filter(slug=who)
    yield at.annotate(key_of=Coalesce("merged_into", "pk"))
    if not (key := name_key(who)):
        return
    persons = Speaker.objects.filter(kind=Speaker.Kind.PERSON)
    plain = {sort_key(who, kind) for kind in Speaker.Kind.values}
    names, speakers = [SpeakerName.objects.filter(key=key)], [Speaker.objects.filter(sort_key__in=plain)]
    name = person_name(who)
    if not name.given:
        begins = f"{unaccented(name.family)} "
        names.append(SpeakerName.objects.filter(family=name.family))
        speakers.append(persons.filter(sort_key__startswith=begins, sort_key__gte=begins))
    yield from (rows.filter(~Exists(at)).annotate(key_of=Coalesce("speaker__merged_into", "speaker")) for rows in names)
    yield from (rows.filter(~Exists(at)).annotate(key_of=Coalesce("merged_into", "pk")) for rows in speakers)


class WhenFilter(django_filters.FilterSet):
    year = YearFilter(method="of_year")
    date = django_filters.ChoiceFilter(method="of_dating", choices=[("unknown", "Not printed")])

    class Meta:
        model = Quote
        fields: list[str] = []

    def of_year(self, quotes: QuerySet[Quote], _name: str, year: int) -> QuerySet[Quote]:
        wanted = span(year)
        if wanted is None:
            return quotes.none()
        return quotes.dated().filter(said_on__gte=wanted.first, said_on__lt=wanted.end)

    def of_dating(self, quotes: QuerySet[Quote], _name: str, _value: str) -> QuerySet[Quote]:
        return quotes.filter(said_precision=DatePrecision.UNKNOWN)


class OneSpeakerFilter(WhenFilter):
    """Of the quotes of one speaker, on the speaker's page."""

    topic = django_filters.CharFilter(method="of_topic", max_length=100)

    def of_topic(self, quotes: QuerySet[Quote], _name: str, slug: str) -> QuerySet[Quote]:
        return quotes.filter(on_topic(slug))


class QuoteFilter(OneSpeakerFilter):
    speaker = django_filters.CharFilter(method="of_speaker", max_length=200)
    kind = django_filters.ChoiceFilter(choices=Quote.Kind)
    publisher = django_filters.CharFilter(method="of_publisher", max_length=100)
    review = django_filters.ChoiceFilter(field_name="review_state", choices=PUBLIC_REVIEW)
    since = YearFilter(method="from_year")
    until = YearFilter(method="to_year")

    def of_topic(self, quotes: QuerySet[Quote], _name: str, slug: str) -> QuerySet[Quote]:
        """Among the latest of all quotes those on a rare topic are far between; on a common one, all of them are many."""
        tagged, articles = _filed_under(slug)
        if articles[FEW : FEW + 1].exists():
            return quotes.filter(on_topic(slug))
        return quotes.filter(pk__in=tagged.union(Quote.objects.filter(article__in=articles).order_by().values("pk")))

    def of_speaker(self, quotes: QuerySet[Quote], _name: str, who: str) -> QuerySet[Quote]:
        """By the speaker's address; where that is nobody's, by any form of the name that was printed, by the name in plain
        letters, or by the family name.
        """
        at, *named = (rows.order_by().values("key_of") for rows in _of_whom(who))
        # Not by "or", of which PostgreSQL cannot tell that it leaves a few speakers.
        return quotes.filter(speaker__in=at.union(*named))

    def of_publisher(self, quotes: QuerySet[Quote], _name: str, slug: str) -> QuerySet[Quote]:
        """Whose article it stands in, or, for a quote that stands alone, whose page."""
        alone = Q(article__isnull=True, document__publisher__slug=slug)
        return quotes.filter(Q(article__publisher__slug=slug) | alone)

    def from_year(self, quotes: QuerySet[Quote], _name: str, year: int) -> QuerySet[Quote]:
        wanted = span(year)
        return quotes.dated().filter(said_on__gte=wanted.first) if wanted else quotes.none()

    def to_year(self, quotes: QuerySet[Quote], _name: str, year: int) -> QuerySet[Quote]:
        wanted = span(year)
        return quotes.dated().filter(said_on__lt=wanted.end) if wanted else quotes.none()


def narrowed(asked: QueryDict) -> tuple[QuoteFilter, QuerySet[Quote]]:
    """Public quotes that fit what was asked, latest first, with the filter that chose them; none if it is nonsense."""
    public = Quote.objects.public().latest_first()
    chosen = QuoteFilter(asked if narrows(QuoteFilter, asked) else None, queryset=public)
    return chosen, chosen.qs if not chosen.is_bound or chosen.is_valid() else public.none()


def latest_among(asked: QueryDict) -> QuerySet[Quote]:
    """The same for readers, who look for what is latest: what nobody dated stands in a list of its own."""
    rows = narrowed(asked)[1]
    return rows if asked.get("date") else rows.dated()
