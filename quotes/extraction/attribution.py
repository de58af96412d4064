"""Stage 5: goes through the regions in order and decides each, knowing what was decided before."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from quotes.extraction.candidates import NONE, SCARE, Candidate, Context, Said, candidates
from quotes.extraction.contrasts import nearer_subject
from quotes.extraction.features import QuoteView, features
from quotes.extraction.ranking import score, softmax
from quotes.extraction.relays import spoke
from quotes.extraction.sentences import Cue, Grammar, Mention

SCARE_FROM = 0.55  # chance from which words in marks count as nobody's
SCARE_SHORT = 0.48  # the same for one or two words: on the pages of other sites they are quotations half as often
SCARE_REPEATED = 0.25  # the same for those that stand in marks again and again
SCARE_AMONG, SCARE_AMONG_SHORT = (
    0.35,
    0.2,
)  # both in a text that puts titles and terms in marks, chosen on pages of other sites
BY_RULE = 0.6  # the chance of a source that a rule put in the place of the likeliest: no more than a modest one, for none is learned
Chooser = Callable[[Context, QuoteView, list[Candidate]], tuple[int, list[float]]]


class Decision(NamedTuple):
    """The candidate chosen for a region and the chances of all."""

    region: int
    sentence: int
    chosen: Candidate
    chance: float  # of the chosen one
    said: float  # that these are words said at all
    options: Sequence[tuple[Candidate, float]]  # only where they are asked for: they take much memory


def scare_from(context: Context, view: QuoteView) -> float:
    """The chance from which words in marks count as nobody's: less for few words, for a term in marks again and again, and among terms."""
    stream, short = context.grammar.stream, view.length in "12"
    if stream.for_terms:
        return SCARE_AMONG_SHORT if short else SCARE_AMONG
    if not short:
        return SCARE_FROM
    return SCARE_REPEATED if stream.repeated(context.region) > 1 else SCARE_SHORT


def model_choice(context: Context, view: QuoteView, options: list[Candidate]) -> tuple[int, list[float]]:
    """The likeliest candidate by the learned weights."""
    scores = [score("attribution", features(context, view, option)) for option in options]
    scare = [option.place for option in options].index(SCARE)
    if view.stands_alone:
        scores[scare] = min(scores)
    chances = softmax(scores)
    if not view.stands_alone and chances[scare] >= scare_from(context, view):
        return scare, chances
    return max((index for index in range(len(options)) if index != scare), key=chances.__getitem__), chances


def turn_source(grammar: Grammar, region: int, before: Said | None) -> Candidate:
    """Who speaks in a turn of a transcript: the one whom its label names; a question is given as nobody's, for nobody asked to keep it."""
    stream = grammar.stream
    token, turn, linked = stream.token_of[region], stream.regions[region].turn, stream.regions[region].continues
    if turn != "named":
        return Candidate(SCARE if turn == "question" else NONE, None, None, 0, grammar.at(token))
    if linked >= 0 and before is not None:
        known = before.candidate
        return Candidate("running", known.mention, known.cue, 0, known.sentence)
    colon = token - 1
    first = stream.tags.rfind("¶", 0, colon) + 1
    sentence = grammar.sentence(grammar.at(token))
    mention = next((one for one in sentence.mentions if one.end == colon), Mention(first, colon, colon - 1, "a"))
    return Candidate("before", mention, Cue(colon, ":", "colon", "colon", -1), 0, grammar.at(token))


def attribute(grammar: Grammar, choose: Chooser = model_choice, *, keep_options: bool = False) -> list[Decision]:
    """One decision for each region of the stream, in order."""
    stream = grammar.stream
    decisions: list[Decision] = []
    last: Said | None = None
    before: Said | None = None
    for region, token in enumerate(stream.token_of):
        number = grammar.at(token)
        if stream.regions[region].turn:
            chosen = turn_source(grammar, region, before)
            decisions.append(Decision(region, number, chosen, 1.0, 1.0, [(chosen, 1.0)]))
            before = Said(region, number, chosen)
            last = before if chosen.mention is not None else last
            continue
        context = Context(grammar, region, token, number, grammar.sentence(number), last, before)
        view = QuoteView(context)
        options = candidates(context)
        index, chances = choose(context, view, options)
        chosen = spoke(context, nearer_subject(context, options[index], options), options)
        said = 1.0 - sum(chance for option, chance in zip(options, chances, strict=True) if option.place == SCARE)
        kept = list(zip(options, chances, strict=True)) if keep_options else ()
        chance = chances[index] if chosen is options[index] else max(chances[index], BY_RULE)
        decisions.append(Decision(region, number, chosen, chance, said, kept))
        before = Said(region, number, chosen)
        if chosen.place not in (NONE, SCARE):
            last = before
    return decisions
