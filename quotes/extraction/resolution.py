"""Stage 7: from the mention next to a quotation to the fullest name that the text gives, or silence.

A pass of its own over mentions; it never changes what was attributed.
"""

import re
from bisect import bisect_right
from typing import NamedTuple

from quotes.extraction.antecedents import GENDERS, Antecedents
from quotes.extraction.model import SpeakerKind
from quotes.extraction.names import Name
from quotes.extraction.people import People
from quotes.extraction.sentences import Grammar, Mention, Sentence
from quotes.extraction.stream import Stream, given_names
from quotes.extraction.vocabulary import words

# A name that commas set off, behind a role and whom the role is for ("a spokesman for the union, Dr. Ann Bell,").
NAMED_AFTER = re.compile(r"(?P<whom>p[dn]*[aeNThomu]{1,6})?,T*(?P<name>N{1,6})(?=[,.;¶])")
JOINT = re.compile(r"NcN+")
NAMED_AT_END = re.compile(r"[^f]+f[aou](?P<name>N{2,4})$")  # "secretary of state Ann Bell"
NUMBERS = frozenset(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"))
HOLDERS = frozenset("hoTN")  # tags of words that name people or bodies
OWNERS = frozenset(("his", "her", "their", "my", "our"))
ROLE_AFTER = re.compile(r",(?P<role>(?=[dhaeTN])(?:[^,.;:?Q¶vyxPwgc()]|c(?=h)){1,14})(?=[,.;¶])")


ROLE_WORDS = 3
AGENTS = ("man", "woman", "er", "or", "ist", "ian", "eer")  # endings of nouns for what people do


def counted(tags: str, low: str) -> bool:
    """Whether words before a name only count or give an age ("83-year-old", "three things")."""
    return set(tags) == {"n"} or (low in NUMBERS and HOLDERS.isdisjoint(tags))


class Speaker(NamedTuple):
    """Who a mention stands for."""

    name: str | None
    kind: SpeakerKind | None
    role: str


def printed(stream: Stream, start: int, end: int) -> str:
    """The text of tokens start..end, blanks normalised."""
    return " ".join(stream.text[stream.starts[start] : stream.ends[end - 1]].split())


class Resolver:
    """Tells who the mentions of one text stand for; `sources` are the heads of mentions that are quoted."""

    def __init__(self, grammar: Grammar, sources: frozenset[int] = frozenset()) -> None:
        self.grammar = grammar
        self.stream = grammar.stream
        self.people = People(grammar)
        self.names = self.people.names
        self.pronouns = Antecedents(self.people, sources)

    def speaker(self, mention: Mention) -> Speaker:
        """Who the mention stands for: name, kind and role as printed beside it."""
        if mention.kind in "Pw":
            source = self.antecedent(mention)
            if source is None:
                return Speaker(None, None, "")
            return self.speaker(source)._replace(role="")
        name = self.names.get(mention.head)
        if name is None:
            return self.described(mention)
        if self.is_joint(mention):
            known = given_names() | self.people.by_surname.keys()
            people = not known.isdisjoint(self.stream.lows[mention.start : mention.end])
            kind: SpeakerKind = "unnamed" if people else "organisation"
            return Speaker(printed(self.stream, mention.start, mention.end), kind, "")
        surname = name.first == name.last and name.tokens[0].lower() in self.people.by_surname
        if not name.is_person and not surname:
            return Speaker(self.body(mention, name), "organisation", self.role_after(mention))
        full = " ".join(self.people.fullest(name))
        before = printed(self.stream, mention.start, name.first) if name.first > mention.start else ""
        if before.lower() in words("titles", "courtesy_male") | words("titles", "courtesy_female"):
            before = ""
        if counted(self.stream.tags[mention.start : name.first], self.stream.lows[mention.start]):
            before = ""
        return Speaker(full, "person", before or self.role_before(mention) or self.role_after(mention))

    def is_joint(self, mention: Mention) -> bool:
        """Whether a mention is of two who speak as one ("Ann and Bo Bell said")."""
        return JOINT.fullmatch(self.stream.tags, mention.start, mention.end) is not None

    def role_before(self, mention: Mention) -> str:
        """The words in small letters before a name that tell what its bearer is ("said fisherman Joe Dunn")."""
        stream = self.stream
        start = mention.start
        while start > 0 and mention.start - start < ROLE_WORDS and stream.tags[start - 1] in "aeh":
            start -= 1
        if (
            start == mention.start
            or stream.tags[start - 1] not in "Qvy,¶."
            or (stream.tags[start - 1] in "vy" and stream.tags[start - 2] not in "Q,")
        ):
            return ""
        last = stream.lows[mention.start - 1]
        return (
            printed(stream, start, mention.start)
            if last.endswith(AGENTS) or stream.tags[mention.start - 1] == "h"
            else ""
        )

    def body(self, mention: Mention, name: Name) -> str:
        """The name of a body, its longer form where the text has just one ("the Herald": "the Northport Herald")."""
        longer = self.people.bodies.get(name.tokens[0].lower(), ()) if len(name.tokens) == 1 else ()
        if len(longer) == 1 and self.stream.lows[mention.start] == "the" and mention.end == name.last + 1:
            return " ".join((printed(self.stream, mention.start, name.first), *next(iter(longer))))
        return printed(self.stream, mention.start, mention.end)

    def described(self, mention: Mention) -> Speaker:
        """A source by its role: a person whose name stands beside it, or nobody named."""
        text = printed(self.stream, mention.start, mention.end)
        low = self.stream.lows[mention.start]
        before, after = self.apposed_to(mention), self.named_after(mention)
        if after is not None and (before is None or self.is_subject(mention)):
            return after
        if before is not None:
            return Speaker(" ".join(self.people.fullest(before)), "person", text)
        ending = NAMED_AT_END.match(self.stream.tags[mention.start : mention.end])
        if ending and self.stream.lows[mention.start + ending.start("name")] in given_names():
            start = mention.start + ending.start("name")
            return Speaker(
                printed(self.stream, start, mention.end), "person", printed(self.stream, mention.start, start)
            )
        kind: SpeakerKind = "organisation" if mention.kind == "o" else "unnamed"
        if mention.kind == "h" and low == "the" and not self.stream.lows[mention.head].endswith("s"):
            kind = "person"
        return Speaker(text, kind, "")

    def named_after(self, mention: Mention) -> Speaker | None:
        """Who a role is, by the name that a comma sets off behind it ("his sister, Ann Bell,")."""
        named = NAMED_AFTER.match(self.stream.tags, mention.end) if mention.kind == "h" else None
        if named is None or not (self.stream.lows[mention.start] in OWNERS or len(named["name"]) > 1):
            return None
        name = self.names.get(named.end("name") - 1)
        full = " ".join(self.people.fullest(name)) if name is not None else printed(self.stream, *named.span("name"))
        role = printed(self.stream, mention.start, named.end("whom") if named["whom"] else mention.end)
        return Speaker(full, "person", role)

    def is_subject(self, mention: Mention) -> bool:
        """Whether a verb follows the name that commas set off behind a role: the role is that one's, not of who is named before."""
        named = NAMED_AFTER.match(self.stream.tags, mention.end)
        return named is not None and self.stream.tags[named.end() : named.end() + 2] in (",v", ",y")

    def apposed_to(self, mention: Mention) -> Name | None:
        """The person just named, where commas set the mention off as what that one is (", the owner of the mill, ...")."""
        tags = self.stream.tags
        if mention.kind != "h" or tags[mention.end] not in ",pfwQ":
            return None
        comma = mention.start - 1
        if tags[mention.start] != "d":  # ", senior director of the mill," but not ", officials of the mill said"
            if tags[mention.end] == "Q" or self.stream.lows[mention.head].endswith("s"):
                return None
            while comma > mention.start - ROLE_WORDS and tags[comma] in "ae":
                comma -= 1
        if comma < 1 or tags[comma] != ",":
            return None
        name = self.names.get(comma - 1)
        return name if name is not None and name.is_person else None

    def bearer(self, mention: Mention) -> Mention:
        """The mention by name of whom a role set off by commas describes; else the mention itself."""
        name = self.apposed_to(mention)
        if name is None or (self.is_subject(mention) and self.named_after(mention) is not None):
            return mention
        named = self.grammar.mentions[bisect_right(self.grammar.mention_starts, name.last) - 1]
        return named if named.head == name.last else mention

    def role_after(self, mention: Mention) -> str:
        """The apposition after a name: ", a research fellow at the institute," """
        match = ROLE_AFTER.match(self.stream.tags, mention.end)
        if not match or not set("hoaT") & set(match["role"]):
            return ""
        start, end = match.span("role")
        first = self.stream.tags[start]
        if (first in "NT" and "h" not in match["role"]) or (first == "N" and "c" in match["role"]):
            return ""
        return printed(self.stream, start, end)

    def antecedent(self, mention: Mention) -> Mention | None:
        """The mention that a pronoun stands for; None rather than a guess."""
        number = self.grammar.at(mention.start)
        sentence = self.grammar.sentence(number)
        if mention.kind == "w":
            before = [other for other in sentence.mentions if other.end <= mention.start]
            return before[-1] if before and before[-1].kind != "P" else None
        low = self.stream.lows[mention.start]
        if low not in GENDERS:
            return self.main_subject(sentence, mention)
        return self.pronouns.antecedent(mention)

    def main_subject(self, sentence: Sentence, mention: Mention) -> Mention | None:
        """Whom "they" stands for in "X denounced what they called ..."; None for any other "they"."""
        if mention.start == sentence.start or self.stream.lows[mention.start - 1] != "what":
            return None
        subjects = {cue.mention for cue in sentence.cues if cue.relation in ("subject", "far")}
        earlier = [
            other for index, other in enumerate(sentence.mentions) if index in subjects and other.end < mention.start
        ]
        return earlier[-1] if earlier and earlier[-1].kind != "P" else None
