"""``manage.py suggest_topics``: phrases that recur in articles, proposed to editors as topics."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.models import Article, TopicCandidate
from articles.text import fold
from articles.topic_candidates import PhraseCount, known_keys, propose
from quotes.models import SpeakerName

CHUNK = 500


class Command(BaseCommand):
    help = (
        "Count the phrases that recur in the newest articles and let editors decide on the desk which make topics. "
        "Makes no topic by itself; what was dismissed is not proposed again. Run it again whenever you like."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--last", type=int, default=20_000, metavar="N", help="articles to read, the newest (default: %(default)s)"
        )
        parser.add_argument(
            "--least", type=int, default=3, metavar="N", help="articles a phrase must stand in (default: %(default)s)"
        )
        parser.add_argument(
            "--most", type=int, default=100, metavar="N", help="phrases to propose (default: %(default)s)"
        )

    def handle(self, *, last: int, least: int, most: int, **options: Any) -> None:
        if min(last, least, most) < 1:
            raise CommandError("--last, --least and --most must be at least 1.", returncode=2)
        newest = Article.objects.order_by("-pk").values_list("pk", flat=True)[last - 1 : last]
        count = PhraseCount()
        rows = Article.objects.filter(pk__gte=next(iter(newest), 0)).order_by("pk").values_list("pk", "text")
        for key, text in rows.iterator(chunk_size=CHUNK):
            count.add(key, text)
        # Who speaks has a page of their own. Only names of what would be proposed are looked up.
        likely = count.worth(least=least, most=most * 20, known=known_keys())
        people = {fold(name) for name in SpeakerName.objects.filter(key__in=likely).values_list("name", flat=True)}
        done = propose(count, least=least, most=most, known=known_keys() | people)
        waiting = TopicCandidate.objects.filter(state=TopicCandidate.State.WAITING).count()
        self.stdout.write(
            f"Read {count.articles:,} articles: {done['new']} new phrases, {done['again']} known. "
            f"{waiting} wait on the desk under “Proposed topics”."
        )
