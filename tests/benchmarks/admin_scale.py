"""What the pages of the desk cost over a large archive: ``python -m tests.benchmarks.admin_scale [QUOTES] [WORD …]``.

``python -m tests.postgres python -m tests.benchmarks.admin_scale 1000000`` gives it a database of its own; rows that are
there already are measured as they are. With words, only pages whose name has one of them. Prints for each page its
queries; the milliseconds that processors work for it, in this process and in PostgreSQL's, which may use no helpers (on
an idle machine about the time to the first byte, and nearly the same on a busy one); the median and the longest time of
several requests; and every large table that PostgreSQL would read through from end to end for it.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TIMES = 3
TICKS = os.sysconf("SC_CLK_TCK")
LIMIT = 300.0
LARGE = 5_000


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def pages() -> Iterator[tuple[str, str]]:
    """(name, address) of what editors open."""
    from django.urls import reverse

    yield "front page", reverse("admin:index")
    yield "find", f"{reverse('admin:find')}?q=harbour"
    yield from _lists()
    yield from _searches()
    yield from _forms()


def _lists() -> Iterator[tuple[str, str]]:
    """Every change list as it opens, sorted by each column both ways, filtered by each choice, and far down."""
    from django.contrib.admin import site
    from django.contrib.auth.models import User
    from django.test import RequestFactory
    from django.urls import reverse

    request = RequestFactory().get("/")
    request.user = User.objects.get(username="bench")
    for model, model_admin in site._registry.items():
        name = model._meta.model_name
        address = reverse(f"admin:{model._meta.app_label}_{name}_changelist")
        yield f"{name} list", address
        changes = model_admin.get_changelist_instance(request)
        for number in sorted(_sortable(changes)):
            yield f"{name} list by column {number}", f"{address}?o={number}"
            yield f"{name} list by column {number}, backwards", f"{address}?o=-{number}"
        for spec in changes.filter_specs:
            for choice in spec.choices(changes):
                query = choice.get("query_string", "")
                if query not in {"", "?"}:
                    yield f"{name} list, {spec.title}: {choice['display']}", address + query
        yield f"{name} list, page 11", f"{address}?p=11"
        yield f"{name} list, page 1000", f"{address}?p=1000"


def _sortable(changes: Any) -> set[int]:
    """Numbers of the columns that a click on their head sorts by."""
    return {
        number
        for number, field in enumerate(changes.list_display)
        if field in (changes.sortable_by or ()) and changes.get_ordering_field(field)
    }


def _searches() -> Iterator[tuple[str, str]]:
    from django.urls import reverse

    from articles.models import Article, Publisher, RawDocument, Topic
    from quotes.models import Speaker

    quotes, articles = reverse("admin:quotes_quote_changelist"), reverse("admin:articles_article_changelist")
    publisher, topic = Publisher.objects.first(), Topic.objects.first()
    for kind, word in (("rare", "sluice"), ("common", "harbour"), ("two", "the+harbour"), ("unknown", "zzzz")):
        yield f"quote search, {kind} word", f"{quotes}?q={word}"
    yield "quote search and filter", f"{quotes}?q=harbour&review_state__exact=rejected&kind__exact=mixed"
    yield "quote list, speaker of most", f"{quotes}?speaker__id__exact=1"
    yield "quote list, speaker of few", f"{quotes}?speaker__id__exact=90001"
    for address, name in ((quotes, "quote"), (articles, "article")):
        yield f"{name} list, publisher", f"{address}?publisher={publisher.pk}"
        yield f"{name} list, no publisher", f"{address}?publisher=none"
        yield f"{name} list, topic", f"{address}?topic={topic.name}"
        yield f"{name} list, unknown topic", f"{address}?topic=zzzz"
    word = Article.objects.order_by("pk").values_list("headline", flat=True)[7].split()[1]
    yield "article search", f"{articles}?q={word}"
    yield "article search, beginning", f"{articles}?q={word[:2]}"
    name = Speaker.objects.values_list("name", flat=True)[7].split()[0]
    speakers = reverse("admin:quotes_speaker_changelist")
    yield "speaker search", f"{speakers}?q={name}"
    yield "speaker search, unknown", f"{speakers}?q=zzzz"
    document = RawDocument.objects.defer("raw").first()
    documents = reverse("admin:articles_rawdocument_changelist")
    yield "document search by hash", f"{documents}?q={document.sha256[:12]}"
    yield "document search by name", f"{documents}?q=page-77777"
    yield "document search, unknown", f"{documents}?q=zzzz"
    yield "log search", f"{reverse('admin:admin_logentry_changelist')}?q=zzzz"
    yield "document of a run search", f"{reverse('admin:newsroom_rundocument_changelist')}?q=zzzz"
    yield "issue search", f"{reverse('admin:newsroom_importissue_changelist')}?q=zzzz"
    yield "list item search", f"{reverse('admin:articles_curatedlistitem_changelist')}?q=zzzz"
    yield "printing search", f"{reverse('admin:articles_printing_changelist')}?q=zzzz"
    yield "proposed change search", f"{reverse('admin:articles_proposedchange_changelist')}?q=zzzz"
    yield "suggestion search", f"{reverse('admin:quotes_speakersuggestion_changelist')}?q=zzzz"
    fields = {"speaker": "quotes.quote", "article": "quotes.quote", "tag": "articles.taggeditem",
              "publisher": "articles.article", "quote": "quotes.curatedquote"}  # fmt: skip
    for field, label in fields.items():
        app, model = label.split(".")
        asked = f"{reverse('admin:autocomplete')}?app_label={app}&model_name={model}&field_name={field}&term="
        for term in ("", name[:2], name, "harbour", "zzzz"):
            yield f"autocomplete {field} “{term}”", asked + term


def _forms() -> Iterator[tuple[str, str]]:
    """A form of each model; its history and what it asks before deleting; and the review desk."""
    from django.contrib.admin import site
    from django.urls import reverse

    for queue in ("unreviewed", "no-speaker", "low-confidence"):
        yield f"review desk, {queue}", f"{reverse('admin:quotes_quote_review')}?queue={queue}"
    yield "review desk, many", f"{reverse('admin:quotes_quote_review_many')}?rule=pronoun&confidence=0.9"
    for model in site._registry:
        keys = model._default_manager.order_by("pk").values_list("pk", flat=True)
        for which, key in (("first", keys.first()), ("last", keys.last())):
            if key is not None:
                base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
                yield f"{model._meta.model_name} form, {which}", reverse(f"{base}_change", args=[key])
                yield f"{model._meta.model_name} history, {which}", reverse(f"{base}_history", args=[key])
                yield f"{model._meta.model_name} deletion, {which}", reverse(f"{base}_delete", args=[key])


def _at_work() -> float:
    """Seconds that the processors have worked for this process and for the one of PostgreSQL that it talks to."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [(backend,)] = cursor.fetchall()
    used = Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()
    return time.process_time() + (int(used[11]) + int(used[12])) / TICKS


def measure(client: Any, address: str) -> tuple[int, float, list[float], list[dict[str, Any]]]:
    """Status, milliseconds at work for a request, milliseconds that each took, and the queries of one more."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(address)
    times: list[float] = []
    before = _at_work()
    for _ in range(TIMES):
        begun = time.perf_counter()
        status = client.get(address).status_code
        times.append((time.perf_counter() - begun) * 1000)
        if times[-1] > 3_000:
            break
    work = (_at_work() - before) / len(times) * 1000
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return status, work, times, captured.captured_queries


def scans(queries: list[dict[str, Any]], large: dict[str, float]) -> set[str]:
    """Large tables that the plans of these queries read through: those whose scans are not cut short by a limit."""
    from django.db import connection

    found: set[str] = set()
    with connection.cursor() as cursor:
        for query in queries:
            if query["sql"].lstrip("( ").upper().startswith(("SELECT", "WITH")):
                cursor.execute(f"EXPLAIN (FORMAT JSON) {query['sql'].replace('%', '%%')}")
                [(plan,)] = cursor.fetchall()
                plan = json.loads(plan) if isinstance(plan, str) else plan
                found |= set(_sequential(plan[0]["Plan"], large))
    return found


def _sequential(node: dict[str, Any], large: dict[str, float]) -> Iterator[str]:
    if node["Node Type"] == "Seq Scan" and node["Relation Name"] in large:
        yield node["Relation Name"]
    for inner in node.get("Plans", ()):
        yield from _sequential(inner, large)


def visitor() -> Any:
    from django.contrib.auth.models import Group, User
    from django.test import Client

    user, _ = User.objects.get_or_create(username="bench", defaults={"is_staff": True})
    user.groups.set(Group.objects.filter(name__in=["Chief", "Importer"]))
    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    return client


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from quotes.models import Quote
    from tests.benchmarks import large_archive

    if connection.vendor != "postgresql":
        sys.stderr.write("This needs PostgreSQL: python -m tests.postgres python -m tests.benchmarks.admin_scale\n")
        return 2
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    call_command("migrate", verbosity=0)
    if not Quote.objects.exists():
        begun = time.monotonic()
        large_archive.fill(size)
        say(f"== an archive of {size:,} quotes written in {time.monotonic() - begun:.0f} s")
    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")
        cursor.execute("SELECT relname, reltuples FROM pg_class WHERE relkind = 'r' AND reltuples >= %s", [LARGE])
        large = dict(cursor.fetchall())
    client, slow, number = visitor(), [], 0
    say(f"{'page':60} status queries    work  median     max  large tables read through")
    for name, address in pages():
        if len(sys.argv) > 2 and not any(word in name for word in sys.argv[2:]):
            continue
        status, work, times, queries = measure(client, address)
        read = ", ".join(sorted(scans(queries, large)))
        middle, most = statistics.median(times), max(times)
        number += 1
        mark = " <-- slow" if work > LIMIT else ""
        say(f"{name[:60]:60} {status:6} {len(queries):7} {work:7.0f} {middle:7.0f} {most:7.0f}  {read}{mark}")
        if work > LIMIT:
            slow.append(name)
    say(f"{number} pages, {len(slow)} with more than {LIMIT:.0f} ms of work{': ' if slow else ''}{'; '.join(slow)}")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
