"""What the annotators say of reported speech, as data for fit.py: where it ends, and which of the proposed reports are right."""

from bisect import bisect_left
from collections.abc import Callable
from typing import Any

from quotes.extraction.boundaries import break_features, breaks, stretch
from quotes.extraction.candidates import Candidate
from quotes.extraction.clauses import content_after, trimmed
from quotes.extraction.fitting import Judged
from quotes.extraction.groups import names_in
from quotes.extraction.indirect import Report, report_features, reports
from quotes.extraction.marks import find_regions
from quotes.extraction.sentences import Cue, Grammar, Sentence
from quotes.extraction.stream import Stream, build_stream

SAME_START = 6  # characters that the annotated start may differ by ("that", a mark)
SAME_END = 2
TRAILING = " ,;:.?!\n\u2014\u2013\"\u201c\u201d'"
Article = dict[str, Any]
SpeakerRight = Callable[[Article, dict[str, Any], dict[str, Any]], str | None]


def mention_span(stream: Any, option: Candidate | Report) -> dict[str, Any]:
    """A candidate's mention in the scorer's terms."""
    assert option.mention is not None
    return {
        "speaker_start": stream.starts[option.mention.start],
        "speaker_end": stream.ends[option.mention.end - 1],
        "speaker": None,
    }


def judged_reports(article: Article, speaker_right: SpeakerRight) -> list[Judged]:
    """Every report that the rules propose for one article, judged; those in quotations or ignored spans left out."""
    stream = build_stream(article["text"], find_regions(article["text"]))
    grammar = Grammar(stream)
    others = [
        span for a in article["attributions"] if a["kind"] in ("direct", "mixed") for span in a["content"]
    ] + article["ignore"]
    indirect = [a for a in article["attributions"] if a["kind"] == "indirect"]
    found = []
    for number in range(len(grammar.bounds)):
        for report in reports(grammar, number):
            start, end = stream.starts[report.clause.start], stream.ends[report.clause.end - 1]
            if sum(max(0, min(end, b) - max(start, a)) for a, b in others) * 2 >= end - start:
                continue
            span = mention_span(stream, report)
            right = any(
                a["source"]
                and overlap_share(start, end, a["content"]) >= 0.5
                and speaker_right(article, a, span) not in (None, "partial")
                for a in indirect
            )
            found.append(Judged(names_in(report_features(grammar, grammar.sentence(number), report)), right))
    return found


def overlap_share(start: int, end: int, spans: list[list[int]]) -> float:
    """Intersection over union of start..end with some spans, in characters."""
    shared = sum(max(0, min(end, b) - max(start, a)) for a, b in spans)
    return shared / (end - start + sum(b - a for a, b in spans) - shared)


def judged_breaks(article: Article) -> list[Judged]:
    """Every break before the annotated end of a clause that follows its cue: whether it is that end."""
    stream = build_stream(article["text"], find_regions(article["text"]))
    grammar = Grammar(stream)
    told = told_by_cue(article, stream)
    found: list[Judged] = []
    for number in range(len(grammar.bounds)):
        sentence = grammar.sentence(number)
        for cue in sentence.cues:
            if cue.token in told and cue.mention >= 0 and cue.sense not in ("", "noun"):
                found += breaks_of(stream, sentence, cue, told[cue.token])
    return found


def told_by_cue(article: Article, stream: Stream) -> dict[int, tuple[int, int]]:
    """Token of an annotated cue -> (start, end) of what it reports, in characters."""
    told: dict[int, tuple[int, int]] = {}
    for attribution in article["attributions"]:
        if attribution["kind"] != "indirect" or not attribution["content"]:
            continue
        content = attribution["content"][0][0], attribution["content"][-1][1]
        for start, end in attribution.get("cue") or ():
            for token in range(bisect_left(stream.starts, start), bisect_left(stream.starts, end)):
                told.setdefault(token, content)
    return told


def breaks_of(stream: Stream, sentence: Sentence, cue: Cue, content: tuple[int, int]) -> list[Judged]:
    """The breaks of one clause up to its annotated end; none where that is at no break."""
    clause = content_after(stream, sentence, cue)
    if clause is None or abs(stream.starts[clause.start] - content[0]) > SAME_START:
        return []
    last = len(stream.text[: content[1]].rstrip(TRAILING))
    stop = trimmed(stream.tags, clause.start, sentence.end)[1]
    places = breaks(stream, clause.start, stop)
    ends = [trimmed(stream.tags, clause.start, place)[1] for place in places] + [stop]
    chosen = next((index for index, end in enumerate(ends) if abs(stream.ends[end - 1] - last) <= SAME_END), -1)
    looked_at = stretch(stream, cue, clause.start, stop, clause.end)
    found = []
    for index, place in enumerate(places[: chosen + 1]):
        groups, named = break_features(looked_at, place)
        found.append(Judged(names_in(groups) + named, index == chosen))
    return found
