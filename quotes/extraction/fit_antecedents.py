"""Whom pronouns stand for, as data for fit.py: the chains of mentions that the corpus gives for the sources.

The chains were made by a program (CoreNLP) and err now and then; those that name two people are left out.
"""

from typing import Any, NamedTuple, Protocol

from quotes.extraction.antecedents import GENDERS, Antecedent, Antecedents
from quotes.extraction.attribution import attribute
from quotes.extraction.fit_reports import Article
from quotes.extraction.fitting import Choice
from quotes.extraction.groups import names_in
from quotes.extraction.marks import find_regions
from quotes.extraction.people import People
from quotes.extraction.sentences import Grammar
from quotes.extraction.stream import build_stream

MOST_WORDS = 8  # of a mention that is taken for a name


class Scorer(Protocol):
    """What is used of the corpus's scorer."""

    def name_tokens(self, text: str) -> list[str]:
        """The words of a name in a text, without titles."""

    def is_pron(self, text: str) -> bool:
        """Whether a text is a pronoun."""


class Chain(NamedTuple):
    """What the corpus says of one pronoun: where else its person is named, and how."""

    spans: list[tuple[int, int]]
    names: set[tuple[str, ...]]


def chain_of(attribution: dict[str, Any], scorer: Scorer) -> Chain | None:
    """The chain of a source; None where it names nobody, or two people."""
    spans, found = [], set()
    for start, end, text in attribution.get("chain") or []:
        if scorer.is_pron(text) or len(text.split()) > MOST_WORDS:
            continue
        tokens = tuple(token.lower() for token in scorer.name_tokens(text.removesuffix("'s").removesuffix("’s")))
        if tokens:
            spans.append((start, end))
            found.add(tokens)
    return Chain(spans, found) if len({tokens[-1] for tokens in found}) == 1 else None


def pronoun_choices(article: Article, scorer: Scorer, *, linked: bool) -> list[Choice]:
    """The training choices of one article: for each pronoun in a chain, the people named before it.

    `linked`: pronouns know whom those before them stand for, by the weights that are there.
    """
    stream = build_stream(article["text"], find_regions(article["text"]))
    grammar = Grammar(stream)
    sources = frozenset(
        decision.chosen.mention.head for decision in attribute(grammar) if decision.chosen.mention is not None
    )
    antecedents = Antecedents(People(grammar), sources)
    chains: dict[int, Chain] = {}
    for attribution in article["attributions"]:
        chain = chain_of(attribution, scorer)
        if chain is not None:
            chains |= dict.fromkeys(
                (start for start, _, text in attribution["chain"] if text.lower() in GENDERS), chain
            )
    found = []
    for mention in grammar.mentions:
        chain = chains.get(stream.starts[mention.start])
        if mention.kind != "P" or chain is None or stream.lows[mention.start] not in GENDERS:
            continue
        if linked:
            antecedents.antecedent(mention)
        options = antecedents.candidates(mention)
        right = [index for index, option in enumerate(options) if is_meant(stream, option, chain)]
        if right and len(options) > 1:
            setting = antecedents.setting(mention, options)
            found.append(Choice([names_in(antecedents.features(setting, option)) for option in options], right))
    return found


def is_meant(stream: Any, option: Antecedent, chain: Chain) -> bool:
    """Whether a candidate is the person of a chain: by where it is named, or by surname and first letter."""
    mention = option.mention
    start, end = stream.starts[mention.head], stream.ends[mention.head]
    if any(first < end and start < last and last - end <= 2 for first, last in chain.spans):
        return True
    own = tuple(token.lower() for token in option.full)
    return any(
        own[-1] == name[-1] and (len(name) == 1 or len(own) == 1 or own[0][0] == name[0][0]) for name in chain.names
    )
