"""What a short line says it is: one ordered tuple of named patterns, tried on lines of up to 120 characters.

Order is data: the first pattern that matches names the line. The names double as features of the sequence model and as
the `rule` of the blocks that they bear out.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

LONGEST = 120

_MONTH = (
    r"(?:jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may\.?|june?\.?|july?\.?|aug(?:ust|\.)?|"
    r"sept?(?:ember|\.)?|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?)"
)
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?"
_DAY = rf"(?:{_MONTH}\s*\d{{1,2}}(?:st|nd|rd|th)?\b(?:,?\s*\d{{4}})?|\d{{1,2}}(?:st|nd|rd|th)?[ -]{_MONTH}[ ,-]*(?:\d{{4}})?|\d{{4}}-\d\d-\d\d(?:t(?=\d\d:))?|\d{{4}}/\d{{1,2}}/\d{{1,2}}|\d{{1,2}}[/.]\d{{1,2}}[/.]\d{{2,4}})"
_CLOCK = r"\d{1,2}[:.]\d\d(?::\d\d)?\s*(?:[ap]\.?m\.?)?|\d{1,2}\s*[ap]\.?m\.?"
_UNITS = r"(?:h|hrs?|hours?|m|mins?|minutes?|d|days?|weeks?|months?|years?|secs?|seconds?)"
_AGO_LEAD = r"(?:first |last )?(?:updated|published|posted):?\s*"
_DATE_LEAD = r"(?:first |last |originally )?(?:published|updated|posted|modified|created|date|filed|issued|added)(?: on| at)?:?\s*"
_DATE_REST = r"[\s,|·•–—@()/:-]|(?<=\d)\.\d+(?=z|[+-])|(?<=\d)z\b|\bat\b|\bon\b|[a-z]{2,4}t\b|\b(?:utc|gmt|et|pt|ist|cet|bst|z)\b|[+-]\d\d:?\d\d|\bupdated\b|\bpublished\b|\bposted\b|\d+ min(?:ute)?s? (?:read|ago)|\d+ (?:hour|day)s? ago"


class Pattern(NamedTuple):
    """A name and a test of a line's text.

    `start` is an expression, in lower case, that makes the test or part of it at the start of the line; whatever else makes it can do so
    only if the line holds one of the `hints`, in lower case too.
    """

    name: str
    matches: Callable[[str], object]
    start: str = ""
    hints: tuple[str, ...] = ()


def _at_start(name: str, expression: str, anywhere: str = "", hints: tuple[str, ...] = ()) -> Pattern:
    """A pattern of what a line opens with, or holds anywhere."""
    whole = f"{expression}|.*(?:{anywhere})" if anywhere else expression
    return Pattern(name, re.compile(whole, re.IGNORECASE).match, expression, hints)


def _anywhere(name: str, expression: str, hints: tuple[str, ...]) -> Pattern:
    return Pattern(name, re.compile(expression, re.IGNORECASE).search, "", hints)


_A_DAY = re.compile(rf"(?<![\w]){_DAY}", re.IGNORECASE)
# Without an end to reach, it never goes back to read a part otherwise.
_DATE_PARTS = re.compile(rf"(?:{_DATE_LEAD}|{_DAY}|{_CLOCK}|\b{_WEEKDAY}(?!\w)|{_DATE_REST}|[\W_])*", re.IGNORECASE)
_SIGNED_BEFORE = re.compile(r"(?:written |reported |posted )?by:? ", re.IGNORECASE)
_SIGNED_AFTER = re.compile(r" by [A-Z]")
_DAY_START = re.compile(r"(?:\d|[jfmasond])\w*", re.IGNORECASE)
_PLAIN_DIGIT = re.compile("[0-9]")
_NUMERIC = re.compile(r"\d[-/.]\d")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DIGITS = tuple("0123456789")


_CREDIT_END = re.compile(
    r"\([^()]*(?:photo|getty|reuters|\bap\b|afp|epa|image|via |credit|courtesy|picture)[^()]*\)\s*$|"
    r"(?:getty images|shutterstock|/ ?(?:ap|afp|reuters|getty|epa)|photo by .*|\| ?(?:ap|reuters|getty|afp) photo)\)?\.?$",
    re.IGNORECASE,
)
_CREDITED = ("getty images", "shutterstock", "ap", "afp", "reuters", "getty", "epa", "photo")
_CREDITING = ("photo", "getty", "reuters", "ap", "afp", "epa", "image", "via ", "credit", "courtesy", "picture")


def _day_in(text: str) -> re.Match[str] | None:
    """The first day that a text names."""
    # A day has the name of a month or digits on both sides of a mark: few texts with a digit have either.
    lowered = text.lower()
    if not any(map(lowered.__contains__, _MONTHS)) and not _NUMERIC.search(text):
        return None
    # It begins where a word does, which tells the places to try.
    tried = (_A_DAY.match(text, word.start()) for word in _DAY_START.finditer(text))
    return next(filter(None, tried), None)


def is_date(text: str) -> bool:
    """Nothing but a day, a time and the words around them. Parts are passed over one after the other, so it stays linear."""
    parts = _DATE_PARTS.match(text)
    return parts is not None and parts.end() == len(text) and _day_in(text) is not None


def _ends_with_credit(text: str) -> bool:
    """Whether a short line closes with whose picture it is, in brackets or behind a mark."""
    # Few lines close in a way that the expression could match: the others are let go unread.
    lowered = text.lower()
    may = lowered.rstrip(".)").endswith(_CREDITED) or "photo by " in lowered
    if not may and lowered[-1] == ")":
        may = any(map(lowered.rpartition("(")[2].__contains__, _CREDITING))
    return may and _CREDIT_END.search(text) is not None


def _is_signed_date(text: str) -> bool:
    """ "By" somebody, and a day, on one line."""
    day = _day_in(text) if "by" in text.lower() else None
    return day is not None and bool(_SIGNED_BEFORE.match(text) or _SIGNED_AFTER.search(text, day.end()))


PATTERNS: tuple[Pattern, ...] = (
    _at_start("separator", r"[\W_]+$|[-–—]{1,2} ?(?:30|ends?) ?[-–—]{1,2}$"),
    _at_start("rank", r"#?\d{1,3}[.)]?$"),
    _at_start(
        "time-ago",
        rf"(?:{_AGO_LEAD})?(?:\d+|an?|one|two|three|few|a few)\s*{_UNITS}(?:\s*ago)?(?:,? at (?:{_CLOCK}))?(?: \(edited\))?$"
        rf"|(?:{_AGO_LEAD})?(?:yesterday|today)(?:,? (?:at )?(?:{_CLOCK}))?$|just now$|\d{{1,2}}:\d\d\s*(?:[ap]\.?m\.?)?$",
    ),
    Pattern("date", is_date, "", DIGITS),
    _anywhere(
        "copyright",
        r"©|\(c\) ?\d{4}|\bcopyright\b|all rights reserved",
        ("©", "(c)", "copyright", "all rights reserved"),
    ),
    Pattern("byline-date", _is_signed_date, "", DIGITS),
    _at_start(
        "byline",
        r"(?:written |reported |posted |reviewed |review |story |words |text |analysis |opinion |published |reporting )?by:?(?:\s+\S|$)|author:|"
        r"from (?:[\w.'’-]+(?: [\w.'’-]+){1,3},? )?(?:our|special|staff) (?:[a-z]+ )?correspondent",
    ),
    _at_start(
        "credit",
        r"(?:photo(?:graph)?s?|image|picture|credit|source|getty|afp|reuters|ap photo|video|illustration|media caption|image source|image caption|image copyright|file photo)\b[^.]{0,3}[:/|(]|(?:photo(?:graph)?|image|picture)s? (?:by|credit|courtesy|source|caption|copyright)|file ?[-–—]|in this .* (?:photo|image)",
    ),
    Pattern("credit-end", _ends_with_credit, "", ("(", "/", "|", "getty images", "shutterstock", "photo by ")),
    _at_start(
        "comments",
        r"\[? ?\d[\d,.]* ?comments?|(?:post|leave|view|show|add|read|write|hide|see|load|sort)\b.{0,14}\bcomments?\b|comments?(?: \(?\d+\)?|$| section| are closed)|join the (?:discussion|conversation)|what do you think|reply\b|leave a reply|\d[\d,.]* (?:replies$|(?:responses?|thoughts?) (?:to|on)\b)|(?:view|show|load|hide)\b.{0,14}\brepl(?:y|ies)$|(?:log|sign) ?in to (?:comment|reply)",
    ),
    _at_start(
        "cookie",
        r"skip to |manage (?:preferences|consent)|accept(?: all)?$|reject all$|i (?:agree|accept)$|got it$",
        r"\bcookies?\b",
        ("cookie",),
    ),
    _at_start(
        "newsletter",
        r"subscribe|sign ?up|thank(?:s| you) for (?:subscribing|signing)|get (?:the|our) .*(?:app|alerts|headlines|updates)\b",
        r"\b(?:newsletters?|your inbox|mailing list)\b|\b(?:your|enter|valid) e-?mail",
        ("newsletter", "inbox", "mail"),
    ),
    _at_start(
        "share",
        r"(?:share|tweet|pin|email|e-mail|print|save|copy link|whats ?app|facebook|twitter|linkedin|pinterest|reddit|flipboard|tumblr|x|messenger|telegram|instagram|youtube|link copied)(?:\b.{0,28})?$",
    ),
    _at_start(
        "follow",
        r"(?:follow|like|find|join|connect with) (?:us|him|her|me|on|the|@)|@\w+$",
        r"\bon (?:facebook|twitter|instagram)\b.{0,12}$",
        ("on facebook", "on twitter", "on instagram"),
    ),
    _at_start(
        "ad",
        r"ad(?:vertisement|vertising|s)?$|sponsored(?: by)?\b|promoted|paid (?:post|content|partner)|continue reading|story continues|article continues|scroll (?:down )?(?:for|to)|this (?:ad|content) |loading",
        r"\baffiliate\b",
        ("affiliate",),
    ),
    _at_start(
        "tags",
        r"(?:tags?|topics?|filed under|categor(?:y|ies)|labels?|keywords|in this (?:story|article)|related topics|more about)(?::|$)",
    ),
    _at_start(
        "inline-related",
        r"(?:read (?:more|also|next|this)|also read|see also|related|more|watch|listen|must read|don'?t miss|recommended|see more|in pictures|photos|video|click here|explore)\s?(?::|»|>|\|| [-–—] )\s*\S",
    ),
    _at_start(
        "footer",
        r"(?:privacy|terms|about|contact|advertise|careers|jobs|help|faq|site ?map|rss|accessibility|cookie|do not sell|your (?:ad|privacy|california)|legal|masthead|editorial|ethics|corrections?|feedback|customer|shop|store|mobile|apps?)\b[\w &/'’-]{0,30}$",
    ),
    _at_start(
        "login",
        r"(?:log|sign) ?(?:in|out|off|up)\b.{0,20}$|register|my account|search\b.{0,20}$|menu$|home ?page$|home$|close\b.{0,8}$|next\b.{0,12}$|previous\b.{0,12}$|back\b.{0,20}$|toggle|open (?:menu|navigation)|go$|submit$|send$|cancel$|edition",
    ),
    _at_start(
        "more",
        r"(?:view|see|read|show|load|find|learn|discover|click|watch|browse|get)(?: all| more| full| the full| here| out| now|\b)[\w ’'-]{0,30}[.…»>]*$|more$|all >?$",
    ),
    _at_start(
        "label",
        r"(?:the )?(?:most|more|latest|top|recent|related|trending|popular|recommended|editor|what to|you (?:may|might)|also (?:on|in|read|see)|up next|read next|around the|from (?:the|our|around)|in (?:other|the) news|don[’']?t miss|breaking|featured|must|best of|hot|next up|today[’']?s|this week[’']?s|our (?:picks|latest|best)|people also|suggested|promoted|sponsored|similar|other (?:stories|news|articles)|further reading|elsewhere|keep reading|stories)\b[^.?!]{0,40}:?$",
    ),
)
NAMES = tuple(pattern.name for pattern in PATTERNS)
NUMBER = {name: number for number, name in enumerate(NAMES, start=1)}


# A caption may be as long as a paragraph: what it closes with tells it.
LONGEST_CAPTION, _CREDIT_TAIL = 320, 90
# What a credit without brackets opens with.
_CREDIT_OPENS = re.compile("photo|image|picture|credit", re.IGNORECASE)
_WIRES = r"ap|afp|epa|upi|pa|dpa|reuters|getty"
_CREDIT_AT_END = re.compile(
    r"(?:\((?:file )?(?:photo(?:graph)?s?|images?|pictures?|credits?|courtesy)\b[^()]{0,70}\)|"
    rf"\((?:{_WIRES})(?: photo| images)?/[^()]{{2,50}}\)|"
    # Somebody of some paper, in capitals: (Sam Lind/Courier).
    r"\((?-i:[A-Z][\w.'’-]*(?: [\w.'’-]+){0,2} [A-Z][\w.'’-]+ ?/ ?(?:The )?[A-Z])[\w .'’&-]{0,40}\)|"
    r"(?<=[.)] )(?:photo(?:graph)?s?|images?|pictures?|credits?)(?: by |: ?)[^.:]{2,60})\.?$",
    re.IGNORECASE,
)


# Most lines open with no word that a pattern opens with (data/openers.txt) and hold none that a pattern asks for (data/signal_words.txt), no digit,
# slash, bar or bracket: they are let go unread (`measures.words_of`). Short lines are read if there is anything but letters in them.
LONG_ENOUGH = 7
# What a pattern asks for without asking that a word ends there.
UNBOUNDED = ("subscribe", "register", "promoted", "loading", "toggle", "edition", "signup")


# So many lines take a megabyte.
@lru_cache(maxsize=5_000)
def name_line(text: str) -> int:
    """1 + the index of the first pattern that matches a line of up to `LONGEST` characters, or 0. Pages repeat lines, their own and one another's."""
    lowered = text.lower()
    found = _STARTS.match(lowered)
    first = _GROUPS[found.lastindex or 0] if found else _GROUPS[0]
    for number, pattern in _ASKED[_HINT.search(lowered) is not None, _PLAIN_DIGIT.search(lowered) is not None]:
        if number >= first:
            break
        if any(map(lowered.__contains__, pattern.hints)) and pattern.matches(text):
            return number
    return first if found else 0


def name_long_line(text: str) -> int:
    """Like `name_line` for a line of more than `LONGEST` characters: a caption that closes with its credit, or 0."""
    return NUMBER["credit-end"] if closes_with_credit(text) else 0


def closes_with_credit(text: str) -> bool:
    """Whether the text, short enough for a caption, says at its end whose picture it stands under."""
    if len(text) > LONGEST_CAPTION:
        return False
    tail = text[-_CREDIT_TAIL:]
    # Few paragraphs close in a way that the expression could match: the others are let go unread.
    may = tail.endswith((")", ").")) or ((":" in tail or " by " in tail.lower()) and _CREDIT_OPENS.search(tail))
    return bool(may and _CREDIT_AT_END.search(tail))


# All that patterns look for at the start of a line, in one expression: the number of its group is that of the first that matches.
_NUMBERED = [(number, pattern) for number, pattern in enumerate(PATTERNS, start=1) if pattern.start]
_STARTS = re.compile("|".join(f"({pattern.start})" for _, pattern in _NUMBERED))
_GROUPS = (len(PATTERNS) + 1, *(number for number, _ in _NUMBERED))
_HINTED = [(number, pattern) for number, pattern in enumerate(PATTERNS, start=1) if pattern.hints]
_HINT = re.compile(
    "|".join(sorted({re.escape(hint) for _, pattern in _HINTED if pattern.hints != DIGITS for hint in pattern.hints}))
)
# By whether a line holds a hint that is no digit, and whether it holds a digit, which is then found at once: mostly neither.
_OF_DIGITS = [(number, pattern._replace(hints=("",))) for number, pattern in _HINTED if pattern.hints == DIGITS]
_OF_OTHERS = [(number, pattern) for number, pattern in _HINTED if pattern.hints != DIGITS]
_ASKED: dict[tuple[bool, bool], list[tuple[int, Pattern]]] = {
    (False, False): [],
    (False, True): _OF_DIGITS,
    (True, False): _OF_OTHERS,
    (True, True): sorted(_OF_DIGITS + _OF_OTHERS),
}
