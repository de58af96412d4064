"""Corpus rows -> training sequences: for every logical line, the set of states that the gold allows.

The owner's-layout corpus labels every line. Real pages only say headline, standfirst, byline and body: there a line is given the
states that its place allows, and the model finds out the rest (a partially observed sequence).
"""

import gzip
import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from newsroom.ingest.layout import states as st
from newsroom.ingest.layout.labels import take_labels_off
from newsroom.ingest.layout.lines import Line, read_lines
from newsroom.ingest.layout.measures import measure
from newsroom.ingest.layout.patterns import NUMBER
from newsroom.ingest.layout.unwrap import rejoin

VARIANTS = ("innertext", "soup", "nodes", "wrapped")
_ARTICLE = {st.HEADLINE, st.STANDFIRST, st.OPENING, st.BODY}
_TOKEN = re.compile(r"\w+")
_GRAM = 4
_PLACES = 6
_LOOSE = 3
_ROLES = {
    "headline": st.HEADLINE,
    "deck": st.STANDFIRST,
    "byline": st.SIGNATURE,
    "date": st.SIGNATURE,
    "byline_date": st.SIGNATURE,
    "caption": st.CAPTION,
    "teaser": st.TEASER,
    "card_head": st.CARD,
    "list_label": st.LABEL,
    "list_item": st.ITEM,
    "item_meta": st.META,
    "list_rank": st.META,
}
_WORDY = 8
_SIGNING = {NUMBER["date"], NUMBER["byline"], NUMBER["byline-date"]}


@dataclass
class Sequence:
    """One document: its lines and, for each, the states allowed. `group` keeps renderings and sister pages in one fold."""

    name: str
    group: str
    lines: list[Line]
    allowed: list[set[int]]


def load(path: Path) -> list[dict[str, Any]]:
    """The rows of a gzipped JSON-lines file."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(row) for row in file]


def sequences(corpus: Path) -> Iterator[Sequence]:
    """Every document of the corpus folder (layout in its README) as a sequence."""
    for variant in VARIANTS:
        for row in load(corpus / "real" / f"real_dev.{variant}.jsonl.gz"):
            yield real_sequence(row)
    for row in load(corpus / "seedlike" / "dev.jsonl.gz"):
        yield composed_sequence(row)


def cut_outs(sequence: Sequence) -> Iterator[Sequence]:
    """Shorter dumps made by leaving lines out, so that the model does not take the corpus' proportions for a law.

    A composed dump loses most paragraphs of its articles, and by turns its teasers, its lists, or both. A real page is cut down to its
    headline, the lines that sign it and its body, whole and shortened.
    """
    turn = int(hashlib.sha256(sequence.name.encode()).hexdigest(), 16)
    kept_paragraphs = 2 + turn % 7
    if ":" in sequence.name:
        bare = [n for n, allowed in enumerate(sequence.allowed) if allowed <= _ARTICLE or st.SIGNATURE in allowed]
        yield _without(sequence, _shortened(sequence, bare, 10_000), "bare")
        yield _without(sequence, _shortened(sequence, bare, kept_paragraphs), "short")
        return
    dropped: tuple[set[int], ...] = (
        set(),
        {st.TEASER, st.CARD},
        {st.LABEL, st.ITEM, st.META},
        {st.TEASER, st.CARD, st.LABEL, st.ITEM, st.META},
    )
    chosen = dropped[turn // 7 % 4]
    lines = [n for n, allowed in enumerate(sequence.allowed) if not allowed <= chosen]
    yield _without(sequence, _shortened(sequence, lines, kept_paragraphs), "short")
    decked = with_standfirst(sequence, turn // 56) if turn // 28 % 2 else None
    if decked:
        yield _without(decked, _shortened(decked, list(range(len(decked.lines))), _DECKED_PARAGRAPHS), "decked")


def with_standfirst(sequence: Sequence, turn: int) -> Sequence | None:
    """The dump with a short paragraph of each article moved up below its headline, as standfirst; None if it has no such paragraph.

    Few composed dumps have a standfirst, and none has the other habits of feature pages: no blank line between the teasers, the headline
    and the standfirst (three turns of four), no full stop at its end (two of four), no furniture line in between.
    """
    order, moved = list(range(len(sequence.lines))), {}
    for headline, allowed in enumerate(sequence.allowed):
        if allowed == {st.HEADLINE}:
            found = _short_paragraph(sequence, headline)
            if found is not None and sequence.allowed[headline + 1] != {st.STANDFIRST}:
                moved[found] = headline
                order.remove(found)
                order.insert(order.index(headline) + 1, found)
    if not moved:
        return None
    lines, states = [], []
    closed, unstopped = turn % 4 != 0, turn // 4 % 2 == 0
    for number in order:
        line, allowed = sequence.lines[number], sequence.allowed[number]
        if number in moved:
            text = line.text.rstrip(". ") if unstopped else line.text
            line = line._replace(text=text, blanks=0 if closed else sequence.lines[moved[number]].blanks)
            allowed = {st.STANDFIRST}
        elif closed and number in moved.values():
            line = line._replace(blanks=0 if number else line.blanks)
        lines.append(line)
        states.append(allowed)
    return Sequence(sequence.name, sequence.group, lines, states)


_DECKED_PARAGRAPHS = 9
_SHORTEST_STANDFIRST, _LONGEST_STANDFIRST = 50, 190


def _short_paragraph(sequence: Sequence, headline: int) -> int | None:
    """The first paragraph under this headline, but the opening one, that could be a standfirst."""
    for number in range(headline + 1, len(sequence.lines)):
        if sequence.allowed[number] == {st.HEADLINE}:
            return None
        text = sequence.lines[number].text
        fits = _SHORTEST_STANDFIRST <= len(text) <= _LONGEST_STANDFIRST and text.endswith(".") and text[0].isalpha()
        if fits and sequence.allowed[number] == {st.BODY}:
            return number
    return None


def _shortened(sequence: Sequence, numbers: list[int], most: int) -> list[int]:
    """These lines without the paragraphs of each article after the first `most`."""
    kept, count = [], 0
    for number in numbers:
        allowed = sequence.allowed[number]
        if allowed == {st.OPENING}:
            count = 0
        if allowed <= {st.OPENING, st.BODY}:
            count += 1
            if count > most:
                continue
        kept.append(number)
    return kept


def _without(sequence: Sequence, kept: list[int], suffix: str) -> Sequence:
    lines, allowed = [sequence.lines[n] for n in kept], [sequence.allowed[n] for n in kept]
    return Sequence(f"{sequence.name}#{suffix}", sequence.group, lines, allowed)


def composed_sequence(row: dict[str, Any]) -> Sequence:
    """A dump of the owner's layout: every line labelled."""
    lines = read_lines(row["dump"])
    roles: list[str] = [role for role, _ in row["gold"]["lines"]]
    role_at = {line.start: role for line, role in zip(lines, roles, strict=True)}
    joined = list(rejoin(lines))
    kept = [role_at[line.start] for line in joined]
    return Sequence(row["id"], row["id"], joined, [_SAME.get(state) or {state} for state in _composed_states(kept)])


# Furniture in and below an article of a composed dump is of the same make as that above it: the model may call it so.
_SAME = {state: {state, st.FURNITURE} for state in (st.ASIDE, st.AFTER)}


def _composed_states(roles: list[str]) -> list[int]:
    states = []
    headed, opened = False, False
    for number, role in enumerate(roles):
        following = roles[number + 1] if number + 1 < len(roles) else ""
        if role == "headline":
            headed, opened = True, False
        if role == "body":
            states.append(st.BODY if opened else st.OPENING)
            headed, opened = False, True
        elif role in _ROLES:
            states.append(_ROLES[role])
        elif role == "kicker" and following == "list_item":
            states.append(st.META)
        else:
            states.append(st.HEADER if headed else _furniture(roles, number, opened))
    return states


def _furniture(roles: list[str], number: int, opened: bool) -> int:
    """Which furniture a line is that stands under no headline of its own: whether the article above it goes on below."""
    if not opened:
        return st.FURNITURE
    ahead = next((role for role in roles[number:] if role in {"headline", "body"}), "")
    return st.ASIDE if ahead == "body" else st.AFTER


def real_sequence(row: dict[str, Any]) -> Sequence:
    """A real page: headline and body known, the rest bounded by its place."""
    found = take_labels_off(rejoin(read_lines(row["dump"])))
    lines = list(found)
    gold = row["gold"]
    body = body_lines(lines, gold["body"])
    first = body[0] if body else len(lines)
    last = body[-1] if body else len(lines)
    inside = set(body)
    patterns = measure(found).shapes.pattern
    headline = headline_line(lines, gold["headline"], first)
    items = {_normal(item) for silver in gold.get("silver_lists") or () for item in silver["items"]}
    labels = {_normal(silver["label"]) for silver in gold.get("silver_lists") or ()}
    standfirst = {_normal(text) for text in gold.get("standfirst") or ()}
    allowed: list[set[int]] = []
    for number, line in enumerate(lines):
        text = _normal(line.text)
        furniture = st.FURNITURE if number < first else st.ASIDE if number < last else st.AFTER
        if number == headline:
            allowed.append({st.HEADLINE})
        elif number in inside:
            allowed.append({st.OPENING} if number == first else {st.BODY})
        elif text in standfirst and number < first:
            allowed.append({st.STANDFIRST, st.HEADER})
        elif number < first and patterns[number] in _SIGNING:
            allowed.append({st.SIGNATURE, st.HEADER} if number > headline else {st.SIGNATURE, st.FURNITURE})
        elif 0 <= headline < number < first:
            allowed.append({st.HEADER, st.CAPTION})
        elif text in labels:
            allowed.append({st.LABEL, furniture})
        elif text in items:
            allowed.append({st.ITEM, furniture})
        elif number < last and len(line.words) >= _WORDY:
            allowed.append({furniture, st.CAPTION})
        else:
            allowed.append({furniture})
    return Sequence(f"{row['id']}:{row['variant']}", row["domain"], lines, allowed)


def _normal(text: str) -> str:
    return " ".join(_TOKEN.findall(text.lower().replace("’", "'")))


def headline_line(lines: list[Line], headline: str | None, first: int) -> int:
    """The line of the headline: the last match above the article, else the first match, else -1."""
    if not headline:
        return -1
    wanted = _normal(headline)
    exact = [number for number, line in enumerate(lines) if _normal(line.text) == wanted]
    above = [number for number in exact if number < first]
    return above[-1] if above else exact[0] if exact else -1


def body_lines(lines: list[Line], paragraphs: list[str]) -> list[int]:
    """The lines that hold the gold body, in order: the heaviest chain of lines whose words follow each other in the gold.

    A line may stand in the gold at several places (paragraphs that open alike, subheads that recur): the chain picks among them.
    """
    gold = _TOKEN.findall("\n".join(paragraphs))
    positions: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number in range(len(gold) - _GRAM + 1):
        positions[tuple(gold[number : number + _GRAM])].append(number)
    starts: dict[str, list[int]] = defaultdict(list)
    place = 0
    for paragraph in paragraphs:
        starts[_normal(paragraph)].append(place)
        place += len(_TOKEN.findall(paragraph))
    found: list[_Place] = []
    for number, line in enumerate(lines):
        tokens = _TOKEN.findall(line.text)
        if len(tokens) >= _GRAM:
            found += [_Place(number, start, len(tokens), votes) for start, votes in _matches(tokens, positions)]
        elif tokens:
            found += [_Place(number, start, len(tokens), 1) for start in starts.get(_normal(line.text), ())]
    chain = _chain(found, len(gold))
    long = [each.line for each in chain if each.tokens >= _GRAM]
    if long:  # a word or two far from the rest is chance
        chain = [each for each in chain if long[0] - _LOOSE <= each.line <= long[-1] + _LOOSE]
    return _with_fragments(lines, chain, gold)


class _Place(NamedTuple):
    """A line and a place in the gold (in words) where it may stand; `weight` words or 4-grams of it agree."""

    line: int
    place: int
    tokens: int
    weight: int


def _matches(tokens: list[str], positions: dict[tuple[str, ...], list[int]]) -> list[tuple[int, int]]:
    """(place in the gold, 4-grams found) of a line of which more than half stands in the gold, best first."""
    votes: Counter[int] = Counter()
    hits = 0
    for number in range(len(tokens) - _GRAM + 1):
        places = positions.get(tuple(tokens[number : number + _GRAM]), ())
        hits += bool(places)
        votes.update(max(0, place - number) for place in places)
    return votes.most_common(_PLACES) if 2 * hits > len(tokens) - _GRAM + 1 else []


def _chain(found: list[_Place], size: int) -> list[_Place]:
    """The heaviest chain: lines in order, places rising. `best` is a Fenwick tree of the best chain that ends before a place."""
    best: list[tuple[int, int]] = [(0, -1)] * (size + 2)
    back: list[int] = []
    waiting: list[tuple[int, int, int]] = []
    for number, each in enumerate(found):
        if number and found[number - 1].line != each.line:
            _enter(best, waiting)
        score, origin = 0, -1
        at = each.place
        while at > 0:
            score, origin = max((score, origin), best[at])
            at -= at & -at
        back.append(origin)
        waiting.append((each.place + max(1, each.tokens // 2), score + each.weight, number))
    _enter(best, waiting)
    chain: list[_Place] = []
    at = max(best)[1]
    while at >= 0:
        chain.append(found[at])
        at = back[at]
    return chain[::-1]


def _enter(best: list[tuple[int, int]], waiting: list[tuple[int, int, int]]) -> None:
    for end, score, number in waiting:
        at = max(1, end)
        while at < len(best):
            best[at] = max(best[at], (score, number))
            at += at & -at
    waiting.clear()


def _with_fragments(lines: list[Line], chain: list[_Place], gold: list[str]) -> list[int]:
    """Add the short lines (under four words) between two lines of the chain that the gold prints between them too."""
    kept = []
    for here, after in pairwise(chain):
        kept.append(here.line)
        between = f" {' '.join(gold[here.place + max(0, here.tokens - 2) : after.place + 1])} "
        for number in range(here.line + 1, after.line):
            tokens = _TOKEN.findall(lines[number].text)
            if tokens and len(tokens) < _GRAM and f" {' '.join(tokens)} " in between:
                kept.append(number)
    return kept + [each.line for each in chain[-1:]]
