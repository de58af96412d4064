"""Lines that sign an article -> byline as printed, and its authors."""

import re

from newsroom.ingest.layout.dates import date_span

_LONGEST = 240
_PREFIX = re.compile(
    r"(?:(?:(?:written|reporting|reported|posted|reviewed|published|compiled|edited|analysis|opinion|story|words|text|review|report)\s+)?by\b:?|"
    r"authors?:|from:?)\s*",
    re.IGNORECASE,
)
_BEFORE_DATE = re.compile(
    r"(?:[\s,|·•–—@(:-]|\b(?:first|last|originally|published|updated|posted|modified|on|at|date|"
    r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*|\d{1,2}[:.]\d\d(?::\d\d)?(?:\s*[ap]\.?\s?m\b\.?)?|\d{1,2}\s*[ap]\.?\s?m\b\.?|"
    r"ET|PT|EST|EDT|GMT|UTC|BST|IST|CET|SAST)\b\.?)+$",
    re.IGNORECASE,
)
_MID_BY = re.compile(r"\bby\s+(?=[A-Z])", re.IGNORECASE)
_CUT = re.compile(
    r"\s*(?:[|•·]|\s[–—-]\s|\d+ min(?:ute)?s? (?:read|ago)|(?<!, )@\w|https?:|\S+@\S+|\bfollow\b|\bshare\b|\bcomments?\b|\bupdated\b|\bpublished\b).*",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"\s*(?:,\s*and\s|\band\b|&|,|;|\bwith\b)\s*")
# Who did something else for the story, and where somebody wrote from.
_OTHERS = re.compile(
    r"\s*(?:[,;|.]\s*|\s)(?:and\s+)?(?:additional (?:reporting|writing|research)|photograph\w*|photos?|pictures?|images?|editing|edited|illustrat\w+|"
    r"graphics?|video|production)\s+(?:by|from|for)\b.*",
    re.IGNORECASE,
)
_WRITING_FROM = re.compile(
    r"(?<=\w)\s+in\s+(?-i:[^\W\d_a-z][\w.'’-]*(?:\s[^\W\d_a-z][\w.'’-]*){0,2})(?=\s*(?:$|[,;&]|and\b|with\b))"
)
_NOT_NAMES = re.compile(
    r"\b(?:staff|writers?|reporters?|correspondents?|editors?|contributors?|press|times|post|news|newspost|reuters|afp|ap|upi|bbc|cnn|wire|service|agency|"
    r"agencies|team|desk|network|today|daily|ledger|journal|herald|tribune|enquirer|media|radio|magazine|university|expert|the)\b",
    re.IGNORECASE,
)
# An agency that signs, and the paper that printed its story.
_AGENCY = re.compile(r"((?:the )?(?:AP|AFP|UPI|EPA|DPA|PTI|Reuters|Bloomberg|Associated Press)),\s.*", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d_][\w.'’-]*(?:\s+[\w.'’-]+){0,5}")


def find_byline(text: str) -> str | None:
    """Who signs, as printed, without "By", dates and what follows them; None if the line holds nothing but a date."""
    head = text[:_LONGEST]
    middle = _MID_BY.search(head)
    span = date_span(head)
    if middle and span and span[0] < middle.start():
        return _clean(head[middle.end() :])
    if span:
        head = _BEFORE_DATE.sub("", head[: span[0]])
    prefix = _PREFIX.match(head)
    return _clean(head[prefix.end() :] if prefix else head)


def _clean(text: str) -> str | None:
    kept = _CUT.sub("", text).strip(" ,;:|-–—·•")
    if agency := _AGENCY.fullmatch(kept):
        kept = agency[1]
    return kept if any(character.isalpha() for character in kept) else None


def split_authors(byline: str) -> list[str]:
    """The people of a byline; a byline that names only an organisation gives that."""
    prefix = _PREFIX.match(byline)
    rest = byline[prefix.end() :] if prefix else byline
    parts = [part.strip(" .,") for part in _SPLIT.split(_WRITING_FROM.sub("", _OTHERS.sub("", rest)))]
    names = [part for part in parts if _NAME.fullmatch(part)]
    people = [name for name in names if not _NOT_NAMES.search(name)]
    return [_recase(name) for name in (people or names[:1])]


def _recase(name: str) -> str:
    """JANE O'DOE -> Jane O'Doe; agencies such as AFP stay."""
    if not name.isupper() or (len(name) <= 4 and " " not in name):
        return name
    return re.sub(r"[^\W\d_]+", lambda word: word.group().capitalize(), name)
