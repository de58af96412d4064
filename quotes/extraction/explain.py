"""Why a quotation got its source: the candidates with their chances, and the features that spoke loudest."""

from quotes.extraction.assemble import Assembler, rule_name
from quotes.extraction.attribution import Decision, attribute
from quotes.extraction.candidates import NONE, SCARE, Candidate
from quotes.extraction.marks import find_regions
from quotes.extraction.sentences import Grammar
from quotes.extraction.stream import Stream, build_stream

SHOWN = 4  # candidates shown for each quotation


def explain(text: str) -> dict[int, list[str]]:
    """Start of each quote -> lines that tell what was seen for it: tags of its sentence, candidates, chances."""
    stream = build_stream(text, find_regions(text))
    grammar = Grammar(stream)
    decisions = attribute(grammar, keep_options=True)
    by_region = {stream.regions[decision.region].inner_start: decision for decision in decisions}
    reasons: dict[int, list[str]] = {}
    for quote in Assembler(grammar, decisions).quotes():
        lines = []
        for start, _ in quote.segments:
            lines += seen_for(grammar, by_region[start])
        if not quote.segments:
            lines.append(f"sentence {tags_at(grammar, quote.start)}")
        reasons[quote.start] = lines
    return reasons


def seen_for(grammar: Grammar, decision: Decision) -> list[str]:
    """The sentence's tags and the likeliest candidates of one region."""
    stream = grammar.stream
    sentence = grammar.sentence(decision.sentence)
    ranked = sorted(decision.options, key=lambda option: -option[1])[:SHOWN]
    lines = [f"sentence {stream.tags[sentence.start : sentence.end]}"]
    lines += [f"{chance:4.0%}  {describe(stream, candidate)}" for candidate, chance in ranked]
    return lines


def describe(stream: Stream, candidate: Candidate) -> str:
    """A candidate in words."""
    if candidate.place == SCARE:
        return "no words said (title, term, nickname)"
    if candidate.place == NONE or candidate.mention is None:
        return "said by somebody the text does not name"
    mention = stream.text[stream.starts[candidate.mention.start] : stream.ends[candidate.mention.end - 1]]
    cue = candidate.cue
    word = f" {stream.text[stream.starts[cue.token] : stream.ends[cue.token]]!r}" if cue is not None else ""
    return f"{' '.join(mention.split())!r}{word} by {rule_name(candidate.place, cue)}"


def tags_at(grammar: Grammar, offset: int) -> str:
    """The tags of the sentence that holds a character."""
    stream = grammar.stream
    token = next((index for index, end in enumerate(stream.ends) if end > offset), 0)
    sentence = grammar.sentence(grammar.at(token))
    return stream.tags[sentence.start : sentence.end]
