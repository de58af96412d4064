"""A large archive in an empty PostgreSQL database, written by the database itself: a million quotes in some minutes.

Shaped as imports leave one: some eight quotes an article, a few speakers who say most of it, a tenth without a speaker,
four fifths not reviewed, one article in four a draft. Words are drawn from some 4,000, a few of them common.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models

from articles.wordindex import dated

# Of a million quotes; other sizes in proportion.
SIZES = {
    "auth.user": 20,
    "articles.publisher": 300,
    "articles.author": 3_000,
    "articles.topic": 3_000,
    "articles.topicname": 3_000,
    "articles.topiccandidate": 10_000,
    "articles.rawdocument": 125_000,
    "articles.article": 125_000,
    "articles.article_authors": 125_000,
    "articles.taggeditem": 250_000,
    "articles.citation": 60_000,
    "articles.story": 15_000,
    "articles.printing": 40_000,
    "articles.proposedchange": 10_000,
    "articles.proposedfield": 20_000,
    "articles.curatedlist": 2_000,
    "articles.curatedlistitem": 40_000,
    "articles.merger": 3_000,
    "quotes.speaker": 100_000,
    "quotes.speakername": 200_000,
    "quotes.position": 150_000,
    "quotes.speakersuggestion": 10_000,
    "quotes.quote": 1_000_000,
    "quotes.taggedquote": 200_000,
    "quotes.reviewdecision": 20_000,
    "newsroom.importrun": 2_000,
    "newsroom.rundocument": 150_000,
    "newsroom.importissue": 20_000,
    "admin.logentry": 300_000,
    "reversion.revision": 100_000,
    "reversion.version": 100_000,
}
WHOLE = SIZES["quotes.quote"]


def _words(count: int, seed: str = "n") -> str:
    """SQL for so many words (at most ten) that belong to ``seed``: three letters each, of 4,096."""
    letters = f"translate(md5(({seed})::text), '0123456789', 'ghijklmnop')"
    return " || ' ' || ".join(f"substr({letters}, {1 + 3 * place}, 3)" for place in range(count))


def _one_of(values: dict[str, float]) -> str:
    """SQL for one of the values, by their shares, which add up to 1; the same for the same ``n``."""
    cases, upto = [], 0.0
    spread = 7919 + 2 * sum(map(len, values))  # so that one choice says nothing of another
    for value, share in values.items():
        upto += share
        cases.append(f"WHEN mod(n * {spread}, 10007) < {upto * 10007:.0f} THEN '{value}'")
    return f"CASE {' '.join(cases)} ELSE '{next(iter(values))}' END"


def _any(label: str, size: int) -> str:
    """SQL for the key of a row of another table, chosen at random."""
    return f"1 + floor(random() * {_size(label, size)})::bigint"


def _size(label: str, size: int) -> int:
    return max(2, SIZES[label] * size // WHOLE)


_LONG_AGO = "now() - random() * interval '3650 days'"
# Speakers are as unequal as people are: the first has some 5 of 100 quotes.
_QUOTED = "1 + floor(power(random(), 4) * {speakers})::bigint"


def columns(label: str, size: int) -> dict[str, str]:
    """SQL by column, of row number ``n``; what is left out gets the default of its field."""
    name = f"initcap(substr({_words(1)}, 1, 3) || 'o') || ' ' || initcap({_words(2, 'n + 7')})"
    named = {"name": f"'Name {label} ' || n", "slug": "'name-' || n"}
    if label in {"articles.publisher", "articles.author", "articles.topic"}:
        return named
    of_articles = _articles(label, size)
    if of_articles:
        return of_articles
    speaker = _QUOTED.format(speakers=_size("quotes.speaker", size))
    tables = {
        "auth.user": {"username": "'user' || n", "password": "'!'"},
        "quotes.speaker": {
            "name": name,
            "slug": "'speaker-' || n",
            "sort_key": f"lower({name})",
            "kind": _one_of({"person": 0.7, "organisation": 0.2, "unnamed": 0.1}),
            "merged_into_id": "CASE WHEN mod(n, 50) = 0 THEN n - 1 END",
        },
        "quotes.speakername": {
            "speaker_id": f"1 + mod(n, {_size('quotes.speaker', size)})",
            "name": name,
            "key": "'key ' || n",
        },
        "quotes.position": {
            "speaker_id": f"1 + mod(n, {_size('quotes.speaker', size)})",
            "title": f"'Chair ' || n || {_words(1)}",
        },
        "quotes.speakersuggestion": {
            "speaker_id": "n",
            "other_id": "n + 1",
            "score": "random()",
            "reasons": """'[["role", 0.5, "the same role"]]'::jsonb""",
        },
        "quotes.quote": {
            "text": f"'The ' || {_words(9)} || CASE WHEN mod(n, 2) = 0 THEN ' harbour' ELSE ' ' END || "
            "CASE WHEN mod(n, 1000) = 1 THEN ' sluice' ELSE '.' END",
            "kind": _one_of({"direct": 0.6, "mixed": 0.15, "indirect": 0.25}),
            "speaker_id": f"CASE WHEN mod(n, 10) > 0 THEN {speaker} END",
            "article_id": f"CASE WHEN mod(n, 200) > 0 THEN 1 + mod(n, {_size('articles.article', size)}) END",
            "document_id": f"1 + mod(n, {_size('articles.rawdocument', size)})",
            "start": "n",
            "end": "n + 40",
            "prefix": "'he wrote: '",
            "cue": "'said'",
            "mention": name,
            "said_on": f"({_LONG_AGO})::date",
            "confidence": "power(random(), 0.3)",
            "rule": _one_of({"quote_name_cue": 0.5, "cue_then_quote": 0.3, "pronoun": 0.2}),
            "origin": _one_of({"import": 0.99, "editor": 0.01}),
            "review_state": _one_of(
                {"unreviewed": 0.8, "verified": 0.15, "rejected": 0.03, "disputed": 0.01, "misattributed": 0.01}
            ),
            "fingerprint": "md5(n::text)",
            "cluster": "md5((n / 3)::text)",
        },
        "quotes.taggedquote": {"tag_id": f"1 + mod(n, {_size('articles.topic', size)})", "content_object_id": "n * 5"},
        "quotes.reviewdecision": {
            "verdict": "'verified'",
            "editor_id": "1 + mod(n, 20)",
            "changes": "jsonb_build_array(jsonb_build_array(n, '{}'::jsonb, '{}'::jsonb))",
        },
    }
    return tables.get(label) or _records(label, size)


def _articles(label: str, size: int) -> dict[str, str]:
    article, document = _any("articles.article", size), _any("articles.rawdocument", size)
    headline = f"initcap({_words(1)}) || ' ' || {_words(6, 'n + 1')}"
    tables = {
        "articles.topicname": {"topic_id": "n", "name": "'Other ' || n", "key": "'other ' || n"},
        "articles.topiccandidate": {"name": "'Phrase ' || n", "key": "'phrase ' || n", "articles_count": "mod(n, 50)"},
        "articles.rawdocument": {
            "sha256": "md5(n::text) || md5((n + 1)::text)",
            "raw": f"convert_to(repeat({_words(9)}, 60), 'UTF8')",
            "size": "4000",
            "name": f"'crawl/' || {_words(2)} || '/page-' || n || '.txt'",
            "text": f"repeat({_words(9)} || E'\\n', 60)",
            "blocks": "'[[\"headline\", 0, 20, 0, \"first\"], [\"paragraph\", 20, 400, 0, \"long\"]]'::jsonb",
            "publisher_id": _any("articles.publisher", size),
            "retrieved_at": _LONG_AGO,
        },
        "articles.article": {
            "headline": headline,
            "headline_key": f"lower({headline})",
            "slug": "'article-' || n",
            "standfirst": _words(9, "n + 2"),
            "body": f"repeat({_words(9)} || E'.\\n\\n', 60)",
            "text": f"repeat({_words(9)} || E'.\\n', 60)",
            "publisher_id": _any("articles.publisher", size),
            "source_url": "'https://news.example/' || n",
            "state": _one_of({"published": 0.7, "draft": 0.25, "in_review": 0.04, "withdrawn": 0.01}),
            "published_at": f"CASE WHEN mod(n, 2000) = 3 THEN now() + interval '1 day' ELSE {_LONG_AGO} END",
            "published_precision": _one_of({"day": 0.8, "time": 0.1, "unknown": 0.1}),
            "document_id": "n",
            "updated_at": _LONG_AGO,
        },
        "articles.article_authors": {"article_id": "n", "author_id": _any("articles.author", size)},
        "articles.taggeditem": {
            "tag_id": f"1 + mod(n, {_size('articles.topic', size)})",
            "content_object_id": f"1 + mod(n * 17, {_size('articles.article', size)})",
        },
        "articles.citation": {"article_id": article, "name": "'Agency ' || n", "evidence": "'told it'"},
        "articles.printing": {"story_id": _any("articles.story", size), "article_id": "n", "compared_with_id": article},
        "articles.proposedchange": {"article_id": "n", "document_id": document},
        "articles.proposedfield": {
            "change_id": f"1 + mod(n, {_size('articles.proposedchange', size)})",
            "name": "CASE WHEN n <= " + str(_size("articles.proposedchange", size)) + " THEN 'headline' ELSE 'byline' END",
            "new": "'Newer'",
        },
        "articles.curatedlist": {
            "title": "'List ' || n",
            "title_key": "'list ' || n",
            "slug": "'list-' || n",
            "managed_by": _one_of({"import": 0.9, "editors": 0.1}),
        },
        "articles.curatedlistitem": {
            "list_id": f"1 + mod(n, {_size('articles.curatedlist', size)})",
            "position": f"n / {_size('articles.curatedlist', size)}",
            "headline": headline,
            "headline_key": f"lower({headline})",
            "article_id": f"CASE WHEN mod(n, 4) > 0 THEN {article} END",
        },
        "articles.merger": {
            "kind": "'quotes.speaker'",
            "source_id": "n * 2",
            "target_id": "n * 2 - 1",
            "source_name": "'Source ' || n",
            "target_name": "'Target ' || n",
            "moved": """'{"moved": {"quotes.Quote.speaker": [1, 2]}, "dropped": {}, "led_on": []}'::jsonb""",
        },
    }  # fmt: skip
    return tables.get(label, {})


def _records(label: str, size: int) -> dict[str, str]:
    """What was done: imports, entries of the log, versions."""
    articles = _size("articles.article", size)
    kind = ContentType.objects.get_for_model(apps.get_model("articles.article")).pk
    run = _any("newsroom.importrun", size)
    document = _any("articles.rawdocument", size)
    tables = {
        "newsroom.importrun": {"state": "'finished'", "user_id": "1 + mod(n, 20)"},
        "newsroom.rundocument": {
            "run_id": f"1 + mod(n, {_size('newsroom.importrun', size)})",
            "position": f"n / {_size('newsroom.importrun', size)}",
            "name": "'crawl/page-' || n || '.txt'",
            "document_id": document,
            "outcome": _one_of({"created": 0.8, "updated": 0.1, "unchanged": 0.1}),
        },
        "newsroom.importissue": {
            "run_id": run,
            "document_id": document,
            "name": "'crawl/page-' || n || '.txt'",
            "severity": _one_of({"notice": 0.9, "quarantined": 0.1}),
            "reason": "'Odd.'",
        },
        "admin.logentry": {
            "action_time": "now() - (300000 - n) * interval '10 minutes'",
            "user_id": "1 + mod(n, 20)",
            "content_type_id": str(kind),
            "object_id": f"1 + mod(n, {articles})",
            "object_repr": f"{_words(4)}",
            "action_flag": "2",
        },
        "reversion.revision": {"date_created": _LONG_AGO, "user_id": "1 + mod(n, 20)"},
        "reversion.version": {
            "revision_id": "n",
            "object_id": f"1 + mod(n, {articles})",
            "content_type_id": str(kind),
            "db": "'default'",
            "format": "'json'",
            "serialized_data": """'[{"model": "articles.article", "pk": 1, "fields": {"headline": "Old"}}]'""",
            "object_repr": "'Old'",
        },
    }
    return tables.get(label, {})


def fill(size: int) -> None:
    """Write an archive of ``size`` quotes, let search find it, and tell the planner. The database has to be empty."""
    with connection.cursor() as cursor:
        # The keys are right by construction; checking each again would take most of the time.
        cursor.execute("SET session_replication_role = replica; SELECT setseed(0.5)")
        for label in SIZES:
            _insert(cursor, apps.get_model(label), _size(label, size), columns(label, size))
        for label, texts in (
            ("articles.article", ("headline", "standfirst || ' ' || headline")),
            ("quotes.speaker", ("name", "name || ' ' || description")),
            ("quotes.quote", ("''", "text")),
        ):
            _index(cursor, apps.get_model(label), *texts)
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("VACUUM ANALYZE")


def _insert(cursor: Any, model: type[models.Model], count: int, given: dict[str, str]) -> None:
    names, values, parameters = [], [], []
    for field in model._meta.concrete_fields:
        if field.generated:
            continue
        names.append(connection.ops.quote_name(field.column))
        values.append("%s" if (sql := _value(field, given)) is None else sql.replace("%", "%%"))
        if sql is None:
            parameters.append(field.get_db_prep_save(field.get_default(), connection))
    table = connection.ops.quote_name(model._meta.db_table)
    cursor.execute(
        f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)} FROM generate_series(1::bigint, {count}) AS n",
        parameters,
    )
    cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', '{model._meta.pk.column}'), {count})")


def _value(field: models.Field, given: dict[str, str]) -> str | None:
    """SQL for a column; None: the default of its field."""
    if field.column in given:
        return given[field.column]
    if field.primary_key:
        return "n"
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return "now()"
    return None if field.has_default() or not field.null else "NULL"


def _index(cursor: Any, model: type[models.Model], begun: str, body: str) -> None:
    entries = apps.get_model("modelsearch", "IndexEntry")._meta.db_table
    kind = ContentType.objects.get_for_model(model).pk
    cursor.execute(
        f"INSERT INTO {entries} "
        "(content_type_id, object_id, title, autocomplete, body, title_norm, title_text, body_text, dated) "
        f"SELECT {kind}, id::text, ''::tsvector, to_tsvector('simple', {begun}), to_tsvector({body}), 1.0, '', {body}, "
        f"{dated(model, 'own')} FROM {model._meta.db_table} AS own"
    )
