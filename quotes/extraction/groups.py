"""Features by name, in groups that look at the same few values.

A group is a function from values to names. The same values come back in every text, so the models remember the summed
weights of a group by its values (ranking.py): building each name anew for each candidate took a third of all time.
In the names of stage 5, `t` says where a mention stands and how its cue relates to it (`stem`); its first two letters
are the place alone.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache

Group = tuple[Callable[..., list[str]], *tuple[object, ...]]  # what names the features, and the values to give it


def names_in(groups: Sequence[Group]) -> list[str]:
    """The names of all features of some groups."""
    return [name for names, *values in groups for name in names(*values)]


@lru_cache(1024)
def stem(place: str, relation: str) -> str:
    """How the features of a mention begin."""
    return f"{place[:2]}/{relation[:4]}"


# Any mention (those of the words and of what stands around are part of larger groups)


def cue_names(t: str, sense: str, lemma: str, rank: int) -> list[str]:
    """The cue, and how many mentions stand between."""
    return [t, f"{t}|{sense}", f"{t}|{lemma}", f"{t[:2]}|{lemma}", f"{t[:2]}|r{rank}", f"{t}|r{rank}"]


def mention_names(t: str, kind: str, before: str) -> list[str]:
    """The mention and what stands before it."""
    return [f"{t[:2]}|{kind}", f"{t}|{kind}", f"{t[:2]}^{before}", f"{t}^{before}"]


def words_names(t: str, ending: str, position: str, capital: str, length: str) -> list[str]:
    """The quotation's words beside the mention's place."""
    return [f"{t}|e{ending}", f"{t}|{position}", f"{t}|c{capital}", f"{t[:2]}|l{length}"]


def around_names(t: str, before: str, after: str) -> list[str]:
    """What stands around the quotation."""
    return [f"{t[:2]}|b{before}", f"{t[:2]}|a{after}"]


# A mention of the same sentence


def gap_names(t: str, gap: str, sense: str) -> list[str]:
    """What stands between the mention and the quotation."""
    return [f"{t}~{gap}", f"{t}~{gap}|{sense}", f"{t}|q{min(2, gap.count('Q'))}"]


def near_names(t: str, kind: str, mine: bool, sense: str, relation: str) -> list[str]:
    """The cue nearest to the quotation, by its sense and relation ('-' where there is none)."""
    found = [f"{t}|near{mine}", f"{t}|near{mine}{relation}", f"{t}|{kind}|near{mine}"]
    if relation != "-" and not mine:
        found.append(f"{t}|other{sense}{relation[:4]}")
    return found


def speech_names(t: str, sense: str, mine: bool, speech: str, balance: str) -> list[str]:
    """The cue of speech nearest to the quotation."""
    return [
        f"{t}|sp{speech}",
        f"{t}|sp{speech}{mine}{sense}",
        f"{t}|bal{balance}",
        f"{t}|bal{balance}{mine}{speech == 'me'}",
    ]


def local_around_names(t: str, before: str, after: str, before_word: str) -> list[str]:
    """What stands around the quotation, for a mention of its sentence."""
    return [*around_names(t, before, after), f"{t}|bw{before_word}", f"{t}|ba{before}{after}"]


def order_names(t: str, others: int, opens: bool, distance: int) -> list[str]:
    """How far the mention stands from the quotation."""
    return [f"{t}|o{others}", f"{t}|first{opens}", f"{t}|d{distance}"]


def local_words_names(t: str, sense: str, ending: str, position: str, capital: str, length: str) -> list[str]:
    """The quotation's words, and how it begins and ends by what the cue reports."""
    return [*words_names(t, ending, position, capital, length), f"{t}|{sense}|{ending}{capital}"]


# A mention of another sentence


def apart_names(t: str, kind: str, sentences: int, paragraphs: int, only: str) -> list[str]:
    """How many sentences and paragraphs lie between."""
    return [f"{t}|s{sentences}p{paragraphs}", f"{t}|s{sentences}p{paragraphs}{only}", f"{t}|{only}{kind}"]


def distant_words_names(t: str, only: str, position: str, capital: str, ending: str, length: str) -> list[str]:
    """The quotation's words, and whether it is a sentence of its own."""
    return [*words_names(t, ending, position, capital, length), f"{t}|{only}{capital}{ending}", f"{t}|{only}{length}"]


def other_names(t: str, closing: str, linked: bool, quoted: bool) -> list[str]:
    """The other sentence's end."""
    return [f"{t}|close{closing}", f"{t}|linked{linked}", f"{t}|q{quoted}"]


def distant_around_names(t: str, own_cue: bool, mentions: int, before: str, after: str) -> list[str]:
    """What stands around the quotation and what its own sentence has to offer."""
    return [*around_names(t, before, after), f"{t}|own{own_cue}m{mentions}", f"{t}|own{own_cue}{before}{after}"]


def history_names(t: str, relation: str, just: str) -> list[str]:
    """Who spoke before; '' where nobody did."""
    return [f"{t}|{name}" for name in (relation, just) if name]


# The region alone (nobody named, nothing said): `z` is the letter of either candidate


def region_names(z: str, length: str, shape: str, ending: str, capital: str, only: str) -> list[str]:
    """The words in marks."""
    return [
        f"{z}len={length}", f"{z}shape={shape}", f"{z}end={ending}", f"{z}s={length}{shape}{ending}",
        f"{z}cap={capital}{ending}", f"{z}only={only}{length}",
    ]  # fmt: skip


def region_around_names(z: str, before2: str, after: str, shape: str) -> list[str]:
    """The tags around them."""
    before = before2[-1]
    return [
        f"{z}b={before}", f"{z}bb={before2}", f"{z}a={after}", f"{z}ba={before}{after}", f"{z}bs={before}{shape}", f"{z}as={after}{shape}",
    ]  # fmt: skip


def region_word_names(z: str, before_word: str, after_word: str, two_words: str, shape: str) -> list[str]:
    """The words around them."""
    return [f"{z}bw={before_word}", f"{z}aw={after_word}", f"{z}bw2={two_words}", f"{z}bsl={before_word}{shape}"]


def region_cue_names(
    z: str, reporting: bool, any_cue: bool, length: str, shape: str, before: str, quotes: int
) -> list[str]:
    """The cues of their sentence."""
    return [
        f"{z}cue={reporting}{any_cue}", f"{z}cue={reporting}{any_cue}{length}{shape}", f"{z}cb={any_cue}{before}{shape}", f"{z}quotes={quotes}",
    ]  # fmt: skip


def region_mark_names(z: str, single: bool, closed: bool, position: str) -> list[str]:
    """The marks and where they stand."""
    return [f"{z}single={single}", f"{z}opens={position}", f"{z}closed={closed}"]


def region_balance_names(z: str, balance: str, shape: str, length: str) -> list[str]:
    """On which sides cues of speech stand."""
    return [f"{z}bal={balance}", f"{z}bal={balance}{shape}{length}"]


def repeated_names(z: str, again: int, length: str, any_cue: bool) -> list[str]:
    """Few words that stand in marks again and again."""
    return [f"{z}rep={again}", f"{z}rep={again}{length}{any_cue}"]


def just_before_names(z: str, place: str, nothing_said: bool, gap: int, only: str) -> list[str]:
    """What was decided for the region before; `place` is '' where there is none."""
    return [f"{z}jb={nothing_said}{gap}", f"{z}jbp={place}{gap}{only}"] if place else [f"{z}first"]


# Indirect speech: a clause that a cue reports


def report_cue_names(lemma: str, sense: str, tag: str, shape: str, relation: str) -> list[str]:
    """The cue."""
    return [
        "bias", f"lr={lemma}{relation}", f"lt={lemma}{tag}", f"l={lemma}", f"ls={lemma}{shape}", f"sh={shape}", f"se={sense}{shape}{tag}",
        f"r={relation}{shape}", f"r={relation}{tag}",
    ]  # fmt: skip


def report_source_names(lemma: str, sense: str, shape: str, kind: str) -> list[str]:
    """Who reports."""
    return [f"lk={lemma}{kind}", f"k={kind}{shape}", f"k={kind}{sense}"]


def report_ahead_names(lemma: str, sense: str, tag: str, ahead: str, ahead_word: str) -> list[str]:
    """What stands before the cue."""
    return [f"aw={ahead_word}", f"aw={ahead_word}{sense}", f"ah={ahead}{tag}", f"ah={ahead}{lemma}"]


def report_size_names(lemma: str, shape: str, size: int, opening: str) -> list[str]:
    """How long the clause is, and its first tag."""
    return [f"ln={lemma}{size}", f"n={size}{shape}", f"fl={lemma}{opening}"]


def report_opening_names(shape: str, opening: str) -> list[str]:
    """The first two tags of the clause."""
    return [f"fs={opening}{shape}"]


def report_words_names(first: str, second: str) -> list[str]:
    """Its first two words."""
    return [f"f={first}", f"f2={first} {second}"]


def report_before_names(shape: str, before: str, before_word: str) -> list[str]:
    """What stands before the source."""
    return [f"b={before}{shape}", f"op={before_word}{shape}"]


def report_quotes_names(shape: str, near: int, inside: bool, beside: bool) -> list[str]:
    """Quotations near by, in the clause, in the sentence."""
    return [f"near={near}", f"q={inside}", f"qs={beside}{shape}"]


def report_shape_names(shape: str, cues: int, finite: bool, opens: bool) -> list[str]:
    """The cues of the sentence, the clause's verb, and whether the source opens the sentence."""
    return [f"cues={cues}{shape}", f"x={finite}{shape}", f"first={opens}{shape}"]


def report_around_names(shape: str, gap: str | None, rest: str) -> list[str]:
    """What stands between cue and clause (None where the clause comes first), and after the clause."""
    return ["gap<" if gap is None else f"gap={gap}", f"rest={rest}{shape}"]


# A break in reported speech (`head`: its tag, how the clause begins, whether it has a finite verb so far)


def break_names(head: str, sense: str, lemma: str, opening: str, here: str, following: str, tags: str) -> list[str]:
    """The cue, how the clause begins, the word at the break and the next, and the tags from the one before it."""
    mark, first, verbal = head[0], head[1], head[2]
    return [
        f"b={head}", f"bs={head}{sense}", f"bl={mark}{lemma}", f"bd={opening}{head}{sense}",
        f"bf={mark}{first}{following}", f"bw={here}{first}{verbal}", f"bh={here}{sense}", f"bx={here} {following}",
        f"b3={tags[1:4]}{first}", f"b4={tags[1:]}", f"bp={tags[:1]}{mark}{first}", f"bt={tags[:3]}{verbal}",
    ]  # fmt: skip


def break_place_names(head: str, rule: str, inside: str, rest: str) -> list[str]:
    """Where the break is: seen from the end that the patterns find, from the start, from the end of the sentence."""
    return [f"br={rule}{head[0]}", f"br={rule}{head}", f"bz={inside}{head}", f"be={rest}{head}"]


def break_rest_names(head: str, commas: int, clause: str, quoted: bool) -> list[str]:
    """What follows the break."""
    return [f"bc={commas}{head}", f"bv={clause}{head}", f"bq={quoted}{head}"]


# A person whom a pronoun may stand for


def person_place_names(back: int, apart: int, role: str, position: str, own: str) -> list[str]:
    """How far before the pronoun the person is named, and what both do in their sentences."""
    return [
        f"s{back}", f"s{back}p{apart}", f"r{role}", f"s{min(back, 3)}r{role}", f"s{min(back, 2)}r{role}^{position}", f"s{min(back, 2)}o{own}",
        f"r{role}o{own}{min(back, 1)}", f"s{min(back, 3)}p{apart}r{role}",
    ]  # fmt: skip


def person_order_names(order: int, times: int, back: int, role: str, others: int) -> list[str]:
    """How many others are named nearer, and how often this one is named in reach."""
    return [
        f"n{min(order, 4)}",
        f"n{min(order, 2)}r{role}",
        f"n{min(order, 4)}of{others}",
        f"t{times}",
        f"t{times}s{min(back, 3)}",
    ]


def person_known_names(known: bool, proven: bool, quoted: bool, full: bool, back: int) -> list[str]:
    """What speaks for a person of that gender: a title or first name, a verb of saying, a quotation, a full name."""
    return [
        f"k{known:d}{proven:d}", f"q{quoted:d}", f"q{quoted:d}s{min(back, 3)}", f"f{full:d}", f"k{known:d}f{full:d}q{quoted:d}", f"k{known:d}{proven:d}{quoted:d}{full:d}",
    ]  # fmt: skip


def person_gap_names(gap: str, role: str) -> list[str]:
    """The tags between, in one sentence."""
    return [f"g{gap}", f"g{gap}r{role}", f"g{gap[-1:]}r{role}", f"gQ{'Q' in gap:d}r{role}"] if gap else []


def person_share_names(share: int, back: int, nearest: bool) -> list[str]:
    """How often the text names this person, in quarters of the one most named."""
    return [f"m{share}", f"m{share}s{min(back, 3)}", f"m{share}n{nearest:d}"]


def person_said_names(said: str, after: bool, back: int, own: str) -> list[str]:
    """Whether this one was quoted last, and is named after the pronoun."""
    return [f"y{said}", f"y{said}o{own}", f"y{said}s{min(back, 3)}", f"a{after:d}", f"a{after:d}s{min(back, 2)}"]


def person_linked_names(linked: int, others: bool, back: int, role: str) -> list[str]:
    """How many sentences ago a pronoun stood for this person (-1: none did); whether one stood for anybody."""
    return [
        f"l{linked}{others:d}",
        f"l{min(linked, 2)}{others:d}s{min(back, 3)}",
        f"l{min(linked, 1)}{others:d}r{role}s{min(back, 2)}",
    ]
