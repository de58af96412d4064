"""Stage 5: goes through the regions in order and decides each, knowing what was decided before."""

from collections.abc import Callable
from typing import NamedTuple

from quotes.extraction.candidates import NONE, SCARE, Candidate, Context, Said, candidates
from quotes.extraction.features import QuoteView, features
from quotes.extraction.ranking import load_weights, softmax
from quotes.extraction.sentences import Grammar

Chooser = Callable[[Context, QuoteView, list[Candidate]], tuple[int, list[float]]]


class Decision(NamedTuple):
    """The candidate chosen for a region and the chances of all."""

    region: int
    sentence: int
    chosen: Candidate
    chance: float  # of the chosen one
    said: float  # that these are words said at all
    options: list[tuple[Candidate, float]]


def model_choice(context: Context, view: QuoteView, options: list[Candidate]) -> tuple[int, list[float]]:
    """The likeliest candidate by the learned weights."""
    weights = load_weights("attribution")
    get = weights.get
    scores = [sum(get(name, 0.0) for name in features(context, view, option)) for option in options]
    chances = softmax(scores)
    return chances.index(max(chances)), chances


def attribute(grammar: Grammar, choose: Chooser = model_choice) -> list[Decision]:
    """One decision for each region of the stream, in order."""
    stream = grammar.stream
    decisions: list[Decision] = []
    last: Said | None = None
    before: Said | None = None
    for region, token in enumerate(stream.token_of):
        number = grammar.at(token)
        context = Context(grammar, region, token, number, grammar.sentence(number), last, before)
        view = QuoteView(context)
        options = candidates(context)
        index, chances = choose(context, view, options)
        chosen = options[index]
        said = 1.0 - sum(chance for option, chance in zip(options, chances, strict=True) if option.place == SCARE)
        decisions.append(
            Decision(region, number, chosen, chances[index], said, list(zip(options, chances, strict=True)))
        )
        before = Said(region, number, chosen)
        if chosen.place not in (NONE, SCARE):
            last = before
    return decisions
