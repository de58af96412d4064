"""What the engine hands out. Offsets are code points into the text as given, half-open."""

from typing import Any, Literal, NamedTuple

Kind = Literal["direct", "mixed", "indirect"]
SpeakerKind = Literal["person", "organisation", "unnamed"]
Span = tuple[int, int]


class ExtractedQuote(NamedTuple):
    """Words that somebody said, wrote or is reported to have said.

    `text` is `source[start:end]`: for a direct quote the words inside the outer marks (a quote split by its
    attribution spans both parts, which `segments` gives apart); for a mixed one the whole clause said; for an
    indirect one the clause. `speaker` is the fullest name the text gives, None where it is not known;
    `speaker_start`/`speaker_end` the mention next to the quote; `reported_by` who passes the words on, where
    that is somebody else. `confidence` (0..1) is the calibrated chance that the speaker is right, or, where
    there is none, that these are words said. `rule` names the rule that decided.

    A tuple, for they go from process to process by the dozen, and a frozen class takes three times as long to be made.
    """

    kind: Kind
    start: int
    end: int
    text: str
    segments: tuple[Span, ...]
    speaker: str | None
    speaker_kind: SpeakerKind | None
    role: str
    speaker_start: int | None
    speaker_end: int | None
    cue: str | None
    cue_start: int | None
    cue_end: int | None
    confidence: float
    rule: str
    reported_by: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The fields by name, ready for JSON."""
        return self._asdict()
