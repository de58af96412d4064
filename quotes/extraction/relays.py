"""Stage 5b: who spoke and who passes it on, where one sentence names both; who spoke in a passive.

Rules, not learned: the corpus has few of these forms, and the words around them leave no doubt.
"""

from quotes.extraction.candidates import Candidate, Context
from quotes.extraction.clauses import POST_END, comma_inside, content_after
from quotes.extraction.sentences import BE, TOLD, WORDED, Cue, Mention, Sentence, handed, verb_cue
from quotes.extraction.stream import Stream

RELAYING = frozenset(("report", "say", "announce", "state", "confirm", "write", "according"))
OWN = frozenset(("subject", "far", "inverted"))
PASSIVE_REACH = 3  # tokens from the auxiliary to the participle
LINKS = frozenset(("as", "a", "an", "the"))


def spoke(context: Context, chosen: Candidate, options: list[Candidate]) -> Candidate:
    """The candidate who spoke, where the one chosen only passes it on or is only spoken of; else the one chosen."""
    certain = agent_of(context) or opener_of(context)
    if certain is not None:
        return certain
    cue = chosen.cue
    if chosen.place not in ("before", "after") or cue is None or chosen.mention is None:
        return chosen
    for option in options:
        inner = option.cue if option.place in ("before", "after") and option.mention is not chosen.mention else None
        if inner is not None and (handed_by(context, cue, inner) or passes_on(context, chosen, option)):
            return option
    return chosen


def handed_by(context: Context, outer: Cue, inner: Cue) -> bool:
    """Whether one cue hands on what the other reports ("X quoted Y as saying")."""
    return handed(context.grammar.stream, context.sentence.mentions, outer) == (inner.mention, inner.token)


def passes_on(context: Context, chosen: Candidate, option: Candidate) -> bool:
    """Whether the one chosen stands in an attribution behind that of the option (""Q," X told Y, Z reported")."""
    outer, inner = chosen.cue, option.cue
    if outer is None or inner is None or chosen.mention is None or option.mention is None:
        return False
    if chosen.place != "after" or inner.sense != "speech" or inner.relation not in OWN:
        return False
    if outer.lemma not in RELAYING or chosen.mention.kind == "P":
        return False
    stream, token = context.grammar.stream, context.token
    # Where nobody is told by name the attribution at the end stands for all before it, as the corpus has it.
    told = inner.lemma in TOLD and stream.tags[inner.token + 1] in "NT"
    if option.place == "after":
        beside = min(option.mention.start, inner.token) == token + 1
        return told and beside and trails(stream, context.sentence, outer, inner)
    if told and stream.tags[token - 1] == ":":
        return True
    clause = content_after(stream, context.sentence, inner) if outer.lemma == "report" else None
    return clause is not None and clause.shape in ("that", "bare") and clause.start < token < clause.end <= outer.token


def trails(stream: Stream, sentence: Sentence, outer: Cue, inner: Cue) -> bool:
    """Whether an attribution of its own ends the sentence, behind another: ", the paper reported.", ", according to the paper."."""
    mention = sentence.mentions[outer.mention]
    left = min(outer.token, mention.start)
    if (
        outer.lemma not in RELAYING
        or outer.mention < 0
        or inner.token >= left
        or outer.relation not in ("subject", "according", "inverted")
    ):
        return False
    apart = stream.tags[left - 1] == "," or comma_inside(stream, left - 1)
    end = max(outer.token + 1, mention.end)
    return apart and POST_END.match(stream.tags, end, sentence.end) is not None


def reporter_of(stream: Stream, sentence: Sentence, inner: Cue) -> Mention | None:
    """Who passes on the words that a cue of the sentence reports."""
    for cue in sentence.cues:
        if cue is inner or cue.mention < 0 or cue.mention == inner.mention:
            continue
        mention = sentence.mentions[cue.mention]
        quoted = handed(stream, sentence.mentions, cue) == (inner.mention, inner.token)
        if quoted or (mention.kind != "P" and trails(stream, sentence, cue, inner)):
            return mention
    return None


def agent_of(context: Context) -> Candidate | None:
    """Who spoke in a passive: "was called "Q" by X", "was described by X as "Q""."""
    stream, token, sentence = context.grammar.stream, context.token, context.sentence
    for index, mention in enumerate(sentence.mentions):
        by = mention.start - 1
        if by < sentence.start or stream.lows[by] != "by" or mention.kind in "wua":
            continue
        if by == token + 1:
            participle = before_links(stream, token)
        elif (
            mention.end <= token
            and before_links(stream, token) == mention.end - 1
            and "as" in stream.lows[mention.end : token]
        ):
            participle = by - 1
        else:
            continue
        if passive(stream, sentence, participle):
            cue = verb_cue(stream, participle, "agent", index)
            place = "after" if by > token else "before"
            return Candidate(place, mention, cue, 0, context.number)
    return None


def opener_of(context: Context) -> Candidate | None:
    """Who spoke where the verb opens the sentence ("Said Ann Bell, the clerk: "Q""), or whose words are announced."""
    token, sentence, stream = context.token, context.sentence, context.grammar.stream
    for mention in sentence.mentions:
        start = mention.start
        worded = stream.lows[start - 1] == "of" and start >= 4 and stream.lows[start - 4 : start - 1] == WORDED
        if worded and stream.tags[mention.end : token] == ",":
            return Candidate("before", mention, None, 0, context.number)
    if stream.tags[token - 1] != ":":
        return None
    for cue in sentence.cues:
        if cue.token == sentence.start and cue.relation == "inverted" and cue.sense == "speech":
            return Candidate("before", sentence.mentions[cue.mention], cue, 0, context.number)
    return None


def before_links(stream: Stream, token: int) -> int:
    """The token before the "as", "a", "the" in front of a quotation."""
    token -= 1
    while token > 0 and stream.lows[token] in LINKS:
        token -= 1
    return token


def passive(stream: Stream, sentence: Sentence, token: int) -> bool:
    """Whether a token is the participle of a passive that says or calls something."""
    cue = verb_cue(stream, token, "agent", -1)
    first = max(sentence.start, token - PASSIVE_REACH)
    return cue.sense in ("label", "speech") and not BE.isdisjoint(stream.lows[first:token])
