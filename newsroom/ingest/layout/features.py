"""Third stage: every line as a list of feature numbers.

A feature block is a name with a size; its features are numbered from its offset. The numbers are the rows of the model's weights,
so the order of the blocks and their sizes belong to the model: change one and fit again.
"""

from collections.abc import Iterator

from newsroom.ingest.layout.context import (
    DISTANCE_BINS,
    FAMILIAR_BINS,
    MASS_BINS,
    OVERLAP_BINS,
    WIDE_BINS,
    Context,
    contexts,
)
from newsroom.ingest.layout.lines import Line
from newsroom.ingest.layout.shape import (
    END_CLASSES,
    FRACTION_BINS,
    FUNCTION_BINS,
    KINDS,
    LENGTH_BINS,
    SIZES,
    START_CLASSES,
    WORD_BINS,
    Shape,
)

SPACINGS = 3  # of a text: no blank lines, some, between most lines

BLOCKS: tuple[tuple[str, int], ...] = (
    ("bias", SPACINGS * SIZES),
    ("length", LENGTH_BINS * SPACINGS),
    ("words", WORD_BINS),
    ("end", END_CLASSES * SIZES),
    ("start", START_CLASSES * SIZES),
    ("capitals", FRACTION_BINS * SIZES),
    ("function words", FUNCTION_BINS * SIZES),
    ("sentences", 4 * SIZES),
    ("pattern", KINDS),
    ("bullet", 2 * SIZES),
    ("previous", KINDS * SIZES),
    ("next", KINDS * SIZES),
    ("two before", KINDS),
    ("two after", KINDS),
    ("pair before", KINDS * KINDS),
    ("pair after", KINDS * KINDS),
    ("blanks", 9 * SPACINGS * SIZES),
    ("region", 4 * (DISTANCE_BINS + 1) * SIZES),
    ("region kind", 4 * KINDS),
    ("mass", MASS_BINS * SIZES),
    ("near prose", (DISTANCE_BINS + 1) * (DISTANCE_BINS + 1)),
    ("near prose size", (DISTANCE_BINS + 1) * SIZES * 2),
    ("repeats", 3 * SIZES * 4),
    ("since label", (DISTANCE_BINS + 1) * SIZES * 2),
    ("ended", 3 * SIZES * 4),
    ("overlap", OVERLAP_BINS * OVERLAP_BINS * SIZES),
    ("familiar", FAMILIAR_BINS * SIZES * 4),
    ("wide", WIDE_BINS * WIDE_BINS * SIZES),
    ("prose around", 36 * SIZES),
    ("position", 10 * SIZES),
    ("similar", 4 * SIZES),
)


def offsets() -> tuple[dict[str, int], int]:
    """({block name: number of its first feature}, number of all features)."""
    table, total = {}, 0
    for name, size in BLOCKS:
        table[name] = total
        total += size
    return table, total


_AT, TOTAL = offsets()
(
    _BIAS,
    _LENGTH,
    _WORDS,
    _END,
    _START,
    _CAPITALS,
    _FUNCTION,
    _SENTENCES,
    _PATTERN,
    _BULLET,
    _PREVIOUS,
    _NEXT,
    _TWO_BEFORE,
    _TWO_AFTER,
    _PAIR_BEFORE,
    _PAIR_AFTER,
    _BLANKS,
    _REGION,
    _REGION_KIND,
    _MASS,
    _NEAR,
    _NEAR_SIZE,
    _REPEATS,
    _SINCE,
    _ENDED,
    _OVERLAP,
    _FAMILIAR,
    _WIDE,
    _AROUND,
    _POSITION,
    _SIMILAR,
) = (_AT[name] for name, _ in BLOCKS)


def spacing(lines: list[Line]) -> int:
    """How the text uses blank lines: 0 hardly ever, 1 here and there, 2 between most lines."""
    if not lines:
        return 0
    spaced = sum(1 for line in lines if line.blanks)
    share = spaced / len(lines)
    return 0 if share < 0.02 else 1 if share < 0.5 else 2


def featurise(lines: list[Line], shapes: list[Shape], mode: int) -> Iterator[list[int]]:
    """The feature numbers of each line; `mode` is the text's `spacing`."""
    kinds = [0, 0, *(shape.kind for shape in shapes), 0, 0]
    gaps = [*(min(2, line.blanks) for line in lines), 2]
    count = len(lines)
    for number, (line, shape, context) in enumerate(zip(lines, shapes, contexts(lines, shapes), strict=True)):
        features = _own(line, shape, mode)
        features += _neighbours(kinds, number, shape)
        features += _placed(shape, context)
        features.append(_BLANKS + ((gaps[number] * 3 + gaps[number + 1]) * SPACINGS + mode) * SIZES + shape.size)
        position = min(9, number if number < 5 else 5 if number < 10 else 6 if number < 30 else 7)
        if count - number <= 5:
            position = 8 if count - number > 2 else 9
        features.append(_POSITION + position * SIZES + shape.size)
        features.append(_SIMILAR + _similar(shapes, number) * SIZES + shape.size)
        yield features


def _own(line: Line, shape: Shape, mode: int) -> list[int]:
    size = shape.size
    return [
        _BIAS + mode * SIZES + size,
        _LENGTH + shape.length_bin * SPACINGS + mode,
        _WORDS + shape.word_bin,
        _END + shape.end * SIZES + size,
        _START + shape.start * SIZES + size,
        _CAPITALS + shape.capitals * SIZES + size,
        _FUNCTION + shape.function * SIZES + size,
        _SENTENCES + shape.sentences * SIZES + size,
        _PATTERN + shape.kind,
        _BULLET + (4 if line.bullet else 0) + size,
    ]


def _neighbours(kinds: list[int], number: int, shape: Shape) -> list[int]:
    """Kinds of the lines around; `kinds` has two boundaries in front."""
    two_before, before, own, after, two_after = kinds[number : number + 5]
    return [
        _PREVIOUS + before * SIZES + shape.size,
        _NEXT + after * SIZES + shape.size,
        _TWO_BEFORE + two_before,
        _TWO_AFTER + two_after,
        _PAIR_BEFORE + before * KINDS + own,
        _PAIR_AFTER + own * KINDS + after,
    ]


def _placed(shape: Shape, at: Context) -> list[int]:
    size = shape.size
    return [
        _REGION + (at.region * (DISTANCE_BINS + 1) + at.region_distance) * SIZES + size,
        _REGION_KIND + at.region * KINDS + shape.kind,
        _MASS + at.mass * SIZES + size,
        _NEAR + at.before * (DISTANCE_BINS + 1) + at.after,
        _NEAR_SIZE + at.before * SIZES + size,
        _NEAR_SIZE + (DISTANCE_BINS + 1 + at.after) * SIZES + size,
        _REPEATS + (at.repeats * 4 + at.region) * SIZES + size,
        _SINCE + (at.since_label * 2 + (at.region == 3)) * SIZES + size,
        _ENDED + (at.ended * 4 + at.region) * SIZES + size,
        _OVERLAP + (at.overlap_before * OVERLAP_BINS + at.overlap_after) * SIZES + size,
        _FAMILIAR + (at.familiar * 4 + at.region) * SIZES + size,
        _WIDE + (at.wide_before * WIDE_BINS + at.wide_after) * SIZES + size,
        _AROUND + (at.behind * 6 + at.ahead) * SIZES + size,
    ]


def _similar(shapes: list[Shape], number: int) -> int:
    """0..3: whether the lines before and after are about as long and start and end alike."""
    own = shapes[number]
    alike = 0
    for step, other in ((1, number - 1), (2, number + 1)):
        if 0 <= other < len(shapes):
            them = shapes[other]
            if them.end == own.end and abs(them.length_bin - own.length_bin) <= 2:
                alike += step
    return alike
