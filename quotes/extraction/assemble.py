"""Stage 9: decisions and reports put together into quotes: segments joined, clauses spanned, speakers named."""

import math
import re
from typing import NamedTuple
from unicodedata import normalize

from quotes.extraction.attribution import Decision
from quotes.extraction.calibration import calibrated
from quotes.extraction.candidates import NONE, SCARE
from quotes.extraction.clauses import Clause, clause_of
from quotes.extraction.contrasts import own_end
from quotes.extraction.denials import SILENT, merely_named, nameless, silent, unspoken
from quotes.extraction.features import shape_of
from quotes.extraction.indirect import Report, acceptance, reports
from quotes.extraction.model import ExtractedQuote, Kind, Span
from quotes.extraction.relays import reporter_of
from quotes.extraction.resolution import Resolver, Speaker
from quotes.extraction.sentences import Cue, Grammar, Mention, Sentence

WITHHOLD_BELOW = 0.38  # chance under which a quotation stays without a speaker
# Chance from which indirect speech is reported where the clause holds words in marks that are nobody's.
WITH_MARKS = 0.6
SINGLE_ABOVE = 0.6  # words in single marks need a better reason to be taken for a quotation
SAYING = ("speech", "think", "according")
NOBODY = Speaker(None, None, "")
# Of a body that the text names and its speaker's page does not ("its treasurer").
OF_A_BODY = re.compile(r"(?:its|their|our)\s+(?=\w)", re.IGNORECASE)


class Part(NamedTuple):
    """One quoted region with what was decided, source withheld where the evidence is thin."""

    region: int
    sentence: int
    mention: Mention | None
    cue: Cue | None
    chance: float
    rule: str


RULE_NAMES = {
    "before": "source_before_quote", "after": "source_after_quote", "previous": "source_in_sentence_before",
    "above": "source_in_paragraph_above", "next": "source_in_sentence_after", "below": "source_in_paragraph_below",
    "running": "same_source_goes_on", NONE: "source_not_given",
}  # fmt: skip
TITLE_WORDS = 8
TERM_WORDS = 3
INTRODUCED = re.compile(r",|[dn]*[aeNThO]{0,5}:")  # between a verb and the words said: "told Bell:"
RELATION_NAMES = {
    "inverted": "inverted", "chain": "participle_or_chain", "relative": "relative_clause", "according": "according_to", "owner": "owner_of_words",
    "colon": "colon_label", "dash": "dash_signature", "copula": "copula", "unknown": "other_verb",
    "loose": "other_verb", "far": "over_apposition",
}  # fmt: skip


def rule_name(place: str, cue: Cue | None) -> str:
    """The name of the rule behind a candidate: where the source stands and how the cue ties it."""
    name = RULE_NAMES[place]
    if place in ("running", NONE):
        return name
    if cue is None:
        return name + ".no_cue"
    return f"{name}.{RELATION_NAMES[cue.relation]}" if cue.relation in RELATION_NAMES else name


def parts_of(grammar: Grammar, decisions: list[Decision]) -> list[Part]:
    """The regions that are words said."""
    found = []
    for decision in decisions:
        chosen = decision.chosen
        if chosen.place == SCARE:
            continue
        region = grammar.stream.regions[decision.region]
        if region.single and (
            not single_counts(decision) or is_heading(grammar, decision.region) or is_term(grammar, decision.region)
        ):
            continue
        mention, cue, rule = chosen.mention, chosen.cue, rule_name(chosen.place, chosen.cue)
        chance = decision.chance
        if mention is None or chance < WITHHOLD_BELOW:
            mention, cue, chance = None, None, decision.said
            rule = RULE_NAMES[NONE] if chosen.mention is None else "source_withheld"
        if mention is None and not region.turn and names_a_work(grammar, decision):
            continue
        if unspoken(grammar.stream, decision.region, cue) or merely_named(grammar.stream, decision.region):
            continue
        if cue is not None and grammar.at(cue.token) != decision.sentence:
            cue = None
        found.append(Part(decision.region, decision.sentence, mention, cue, chance, rule))
    return found


def names_a_work(grammar: Grammar, decision: Decision) -> bool:
    """Whether words in marks that nobody is seen to say are a title: in capitals word for word, and no more than a few."""
    region = grammar.stream.regions[decision.region]
    words = grammar.stream.text[region.inner_start : region.inner_end].split(None, TITLE_WORDS + 1)
    return len(words) <= TITLE_WORDS and shape_of(words) == "T"


def is_heading(grammar: Grammar, region: int) -> bool:
    """Whether words in marks are a paragraph of their own that no mark of punctuation ends: they are said below, with their speaker."""
    stream, token = grammar.stream, grammar.stream.token_of[region]
    last = stream.text[stream.regions[region].inner_end - 1]
    return last.isalnum() and stream.tags[token - 1 : token] in ("", "¶") and stream.tags[token + 1] == "¶"


def is_term(grammar: Grammar, region: int) -> bool:
    """Whether a few words in marks stand between an article or adjective and a noun ("a 'phase one' deal")."""
    stream, token = grammar.stream, grammar.stream.token_of[region]
    span = stream.regions[region]
    few = len(stream.text[span.inner_start : span.inner_end].split(None, TERM_WORDS)) <= TERM_WORDS
    return few and token > 0 and stream.tags[token - 1] in "das" and stream.tags[token + 1] in "ahomuN"


def single_counts(decision: Decision) -> bool:
    """Whether words in single marks are tied to a source well enough to be a quotation."""
    chosen = decision.chosen
    if decision.chance < SINGLE_ABOVE or chosen.mention is None:
        return False
    return chosen.place == "running" or (
        chosen.cue is not None and chosen.cue.sense in ("speech", "according", "colon")
    )


class Assembler:
    """Builds the quotes of one text."""

    def __init__(self, grammar: Grammar, decisions: list[Decision]) -> None:
        self.grammar = grammar
        self.stream = grammar.stream
        self.parts = parts_of(grammar, decisions)
        sources = frozenset(part.mention.head for part in self.parts if part.mention is not None)
        self.resolver = Resolver(grammar, sources)
        self.by_sentence: dict[int, list[Part]] = {}
        for part in self.parts:
            self.by_sentence.setdefault(part.sentence, []).append(part)
        self.known: dict[int, list[Report]] = {}  # sentence -> its reports, of those asked for twice
        self.taken: dict[int, list[tuple[int, int]]] = {}  # sentence -> token ranges already reported

    def quotes(self) -> list[ExtractedQuote]:
        """All quotes in the order of their start."""
        found = self.quoted()
        for number in self.grammar.reporting:
            found += self.unquoted(number)
        distinct: dict[Span, ExtractedQuote] = {}
        for quote in found:  # two cues may report one clause ("Officials who spoke said that ..."): the likelier counts
            known = distinct.get((quote.start, quote.end))
            if known is None or (known.kind == "indirect" and quote.confidence > known.confidence):
                distinct[quote.start, quote.end] = quote
        return [distinct[span] for span in sorted(distinct)]

    # quotations

    def quoted(self) -> list[ExtractedQuote]:
        """Direct and mixed quotes."""
        found = []
        groups: list[tuple[list[Part], Clause | None]] = []
        for part in self.parts:
            clause = self.mixed_clause(part)
            if groups and self.belongs(groups[-1], part, clause):
                groups[-1][0].append(part)
            else:
                groups.append(([part], clause))
        for group, clause in groups:
            found.append(self.quote_of(group, clause))
        return found

    def mixed_clause(self, part: Part) -> Clause | None:
        """The clause around a quoted fragment, where its cue reports one."""
        cue = part.cue
        if cue is None or cue.mention < 0 or cue.sense not in SAYING:
            return None
        stream = self.stream
        token = stream.token_of[part.region]
        clause = clause_of(stream, self.grammar.sentence(part.sentence), cue)
        if clause is None or not clause.start <= token < clause.end:
            return None
        between = stream.tags[cue.token + 1 : token]
        if (
            between == ","
            or between.endswith(":")
            or (clause.start == token and not set(stream.tags[token : clause.end]) & set("vyxig"))
        ):
            return None
        colon = stream.tags.find(":Q", token, clause.end)  # words in marks after a colon stand by themselves
        end = own_end(stream, self.grammar.sentence(part.sentence), cue, token, colon if colon >= 0 else clause.end)
        clause = clause._replace(end=end)
        outside = [tag for tag in stream.tags[clause.start : clause.end] if tag not in "Qt,:;-.?"]
        return clause if outside else None

    def belongs(self, group: tuple[list[Part], Clause | None], part: Part, clause: Clause | None) -> bool:
        """Whether a part goes on the quote begun by `group`."""
        parts, known = group
        last = parts[-1]
        same = last.mention == part.mention
        if self.stream.regions[part.region].continues == last.region and (same or part.mention is None):
            return True
        if not same or part.mention is None:
            return False
        if known is not None:
            return last.sentence == part.sentence and known == clause
        return self.broken(last, part, plain=clause is None)

    def broken(self, last: Part, part: Part, *, plain: bool) -> bool:
        """Whether only the attribution of `last` stands between two parts; `plain`: no clause is around the second."""
        cue = last.cue
        left, right = self.stream.token_of[last.region], self.stream.token_of[part.region]
        if cue is None or part.region != last.region + 1 or not left < cue.token < right:
            return False
        if part.sentence == last.sentence:
            tags = self.stream.tags
            return (plain and part.cue == cue) or (tags[right - 1] == "," and tags[right - 2] not in "vyg")
        begins = self.grammar.bounds[part.sentence][0] == right
        return begins and part.sentence == last.sentence + 1 and self.stream.tags[right - 1] != "¶" and part.cue is None

    def quote_of(self, group: list[Part], clause: Clause | None) -> ExtractedQuote:
        """The quote made of the parts of one group."""
        stream = self.stream
        regions = [stream.regions[part.region] for part in group]
        segments = tuple((region.inner_start, region.inner_end) for region in regions)
        kind: Kind = "direct"
        start, end = segments[0][0], segments[-1][1]
        if clause is not None:
            kind = "mixed"
            start = min(stream.starts[clause.start], regions[0].start)
            end = max(stream.ends[clause.end - 1], regions[-1].end)
            self.taken.setdefault(group[0].sentence, []).append((clause.start, clause.end))
        elif group[0].cue is not None:
            begin, token = group[0].cue.token + 1, stream.token_of[group[0].region]
            if INTRODUCED.fullmatch(stream.tags, begin, token):  # whom it is told is nothing said
                self.taken.setdefault(group[0].sentence, []).append((begin, token))
        best = max(group, key=lambda part: part.chance)
        lead = next((part for part in group if part.cue is not None), group[0])
        mention = self.resolver.bearer(lead.mention) if lead.mention is not None else None
        speaker = self.resolver.speaker(mention) if mention is not None else NOBODY
        table = "speaker" if lead.mention is not None else "said"
        reporter = self.reporter(lead, plain=clause is None)
        return self.build(
            kind,
            (start, end),
            segments,
            speaker,
            mention,
            lead.cue,
            calibrated(table, best.chance),
            lead.rule,
            reporter,
        )

    def reporter(self, part: Part, *, plain: bool) -> str | None:
        """Who passes on what the source said: the attribution at the end of the same sentence; `plain`: no clause is around it."""
        cue = part.cue
        if cue is None:
            return None
        sentence = self.grammar.sentence(part.sentence)
        if plain:
            return self.passed_on_by(sentence, cue)
        if part.sentence not in self.known:
            self.known[part.sentence] = reports(self.grammar, part.sentence)
        for report in self.known[part.sentence]:
            clause = report.clause
            outer = clause.shape in ("after", "according") and report.mention != part.mention
            if outer and clause.start <= cue.token < clause.end and report.cue in sentence.cues:
                self.taken.setdefault(part.sentence, []).append((clause.start, clause.end))
                return self.resolver.speaker(report.mention).name
        return self.passed_on_by(sentence, cue)

    def passed_on_by(self, sentence: Sentence, cue: Cue) -> str | None:
        """The name of who passes on, in the same sentence, what a cue reports."""
        mention = reporter_of(self.stream, sentence, cue)
        return self.resolver.speaker(mention).name if mention is not None else None

    # indirect speech

    def counts(self, report: Report, chance: float) -> bool:
        """Whether a report is likely enough: more so where what is said holds titles or terms in marks."""
        clause = report.clause
        if nameless(self.stream, clause):
            return False
        if "Q" in self.stream.tags[clause.start : clause.end]:
            return chance >= WITH_MARKS
        return chance >= report.needed

    def unquoted(self, number: int) -> list[ExtractedQuote]:
        """Indirect speech of a sentence: the widest accepted clauses, but the inner source where there are two."""
        likeliest: dict[int, tuple[Report, float]] = {}  # token of the cue -> its best report
        for report in self.known.get(number) or reports(self.grammar, number):
            if number in self.by_sentence and (report.clause.shape == "topic" or self.is_taken(number, report)):
                continue
            score = acceptance(self.grammar, report)
            chance = 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, score))))
            known = likeliest.get(report.cue.token)
            if self.counts(report, chance) and (known is None or chance > known[1]):
                likeliest[report.cue.token] = report, chance
        accepted = list(likeliest.values())
        found = []
        for report, chance in accepted:
            inside = [other for other, _ in accepted if other is not report and contains(report.clause, other)]
            holders = [other for other, _ in accepted if other is not report and contains(other.clause, report)]
            relays = report.clause.shape in ("after", "according") and any(speaks(other) for other in inside)
            outer = next((other for other in holders if other.clause.shape in ("after", "according")), None)
            if relays or (holders and (outer is None or not speaks(report))):
                continue
            if outer is not None:
                reporter = self.resolver.speaker(outer.mention).name
            else:
                reporter = self.passed_on_by(self.grammar.sentence(number), report.cue)
            found.append(self.indirect_quote(report, chance, reporter))
        return found

    def is_taken(self, number: int, report: Report) -> bool:
        """Whether a quotation of the sentence already covers the clause, or the clause holds a quotation."""
        ranges = self.taken.get(number, [])
        clause = report.clause
        if any(start < clause.end and clause.start < end for start, end in ranges):
            return True
        return any(
            clause.start <= self.stream.token_of[part.region] < clause.end for part in self.by_sentence.get(number, ())
        )

    def indirect_quote(self, report: Report, chance: float, reporter: str | None) -> ExtractedQuote:
        """The quote of an accepted report."""
        span = (self.stream.starts[report.clause.start], self.stream.ends[report.clause.end - 1])
        mention = self.resolver.bearer(report.mention)
        speaker = self.resolver.speaker(mention)
        rule = f"indirect.{report.clause.shape}"
        confidence = calibrated("indirect", chance)
        if silent(self.stream, report.cue, report.clause):
            confidence = min(confidence, SILENT)
        return self.build("indirect", span, (), speaker, mention, report.cue, confidence, rule, reporter)

    def build(
        self, kind: Kind, span: Span, segments: tuple[Span, ...], speaker: Speaker, mention: Mention | None, cue: Cue | None,
        confidence: float, rule: str, reporter: str | None,
    ) -> ExtractedQuote:  # fmt: skip
        """The quote as it is handed out."""
        stream = self.stream
        where = self.named_span(mention) if mention is not None else (None, None)
        cue_span = (stream.starts[cue.token], stream.ends[cue.token]) if cue is not None else (None, None)
        if cue is not None and cue.sense == "according":
            cue_span = (stream.starts[cue.token], stream.ends[cue.token + 1])
        return ExtractedQuote(
            kind=kind, start=span[0], end=span[1], text=stream.text[span[0] : span[1]], segments=segments, speaker=composed(speaker.name),
            speaker_kind=speaker.kind, role=by_itself(speaker.role), speaker_start=where[0], speaker_end=where[1],
            cue=stream.text[cue_span[0] : cue_span[1]] if cue_span[0] is not None else None, cue_start=cue_span[0], cue_end=cue_span[1],
            confidence=confidence, rule=rule, reported_by=composed(reporter),
        )  # fmt: skip

    def named_span(self, mention: Mention) -> Span:
        """Where the mention stands: for a person's name the name without title and role."""
        stream = self.stream
        name = self.resolver.names.get(mention.head)
        if name is not None and name.is_person and not self.resolver.is_joint(mention):
            return stream.starts[name.first], stream.ends[name.last]
        return stream.starts[mention.start], stream.ends[mention.end - 1]


def composed(name: str | None) -> str | None:
    """A name with its accents in its letters (NFC), so that one person has one name however a text spells accents."""
    return normalize("NFC", name) if name is not None else None


def contains(clause: Clause, report: Report) -> bool:
    """Whether a clause holds the cue of another report."""
    return clause.start <= report.cue.token < clause.end


def speaks(report: Report) -> bool:
    """Whether a report is of words spoken by somebody, so that an outer source only passes it on."""
    return (
        report.cue.sense == "speech"
        and report.cue.relation in ("subject", "far")
        and report.clause.shape in ("that", "bare", "wh")
    )


def by_itself(role: str) -> str:
    """A role as it is told away from its sentence."""
    beginning = OF_A_BODY.match(role)
    return normalize("NFC", role[beginning.end() :] if beginning else role)
