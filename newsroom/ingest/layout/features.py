"""Third stage: every line as feature numbers, one of each block, worked out block by block for all lines at once.

A feature block is a name with a size; its features are numbered from its offset. The numbers are the rows of the model's weights,
so the order of the blocks and their sizes belong to the model: change one and fit again.
"""

from collections.abc import Sequence
from itertools import chain, pairwise, repeat

from newsroom.ingest.layout.context import (
    DISTANCE_BINS,
    FAMILIAR_BINS,
    MASS_BINS,
    OVERLAP_BINS,
    WIDE_BINS,
    Context,
    context_of,
)
from newsroom.ingest.layout.heads import ABOVE_BINS, HEAD_BINS, heads_above, heads_of
from newsroom.ingest.layout.lines import Line
from newsroom.ingest.layout.refrains import CROWD_BINS, REFRAIN_BINS, crowds, refrains
from newsroom.ingest.layout.replies import REPLY_BINS, addresses, replies_near
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

_FIRST = [0, 1, 2, 3, 4, *[5] * 5, *[6] * 20]
_LAST = [8, 8, 8, 9, 9]
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
    ("replies", REPLY_BINS * SIZES),
    ("address", 4 * SIZES),
    ("head", HEAD_BINS * SIZES),
    ("under head", ABOVE_BINS * SIZES),
    ("refrain", REFRAIN_BINS * SIZES),
    ("crowd", CROWD_BINS * SIZES * 4),
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
    _REPLIES,
    _ADDRESS,
    _HEAD,
    _UNDER,
    _REFRAIN,
    _CROWD,
) = (_AT[name] for name, _ in BLOCKS)


def spacing(lines: list[Line]) -> int:
    """How the text uses blank lines: 0 hardly ever, 1 here and there, 2 between most lines."""
    if not lines:
        return 0
    spaced = sum(1 for line in lines if line.blanks)
    share = spaced / len(lines)
    return 0 if share < 0.02 else 1 if share < 0.5 else 2


def featurise(lines: Sequence[Line], shapes: list[Shape], mode: int) -> list[tuple[int, ...]]:
    """The feature numbers of each line; `mode` is the text's `spacing`."""
    if not lines:
        return []
    sizes = [shape.size for shape in shapes]
    kinds = [shape.kind for shape in shapes]
    at = context_of(shapes)
    repeated = refrains(shapes)
    columns = [
        *_own(lines, shapes, sizes, mode),
        *_neighbours(kinds, sizes),
        *_placed(kinds, sizes, at),
        _blanks(lines, sizes, mode),
        [_POSITION + position * SIZES + size for position, size in zip(_positions(len(lines)), sizes, strict=True)],
        [_SIMILAR + alike * SIZES + size for alike, size in zip(_similar(shapes), sizes, strict=True)],
        [_REPLIES + near * SIZES + size for near, size in zip(replies_near(shapes), sizes, strict=True)],
        [_ADDRESS + words * SIZES + size for words, size in zip(addresses(shapes), sizes, strict=True)],
        [_HEAD + head * SIZES + size for head, size in zip(heads_of(lines, shapes), sizes, strict=True)],
        [_UNDER + above * SIZES + size for above, size in zip(heads_above(shapes), sizes, strict=True)],
        [_REFRAIN + again * SIZES + size for again, size in zip(repeated, sizes, strict=True)],
        [
            _CROWD + (crowd * 4 + region) * SIZES + size
            for crowd, region, size in zip(crowds(repeated, shapes), at.region, sizes, strict=True)
        ],
    ]
    return list(zip(*columns, strict=True))


def _own(lines: Sequence[Line], shapes: list[Shape], sizes: list[int], mode: int) -> list[list[int]]:
    _, lengths, words, _, starts, ends, capitals, function, sentences, _, kinds, *_ = zip(*shapes, strict=True)
    bias, length, bulleted = _BIAS + mode * SIZES, _LENGTH + mode, _BULLET + SIZES
    return [
        [bias + size for size in sizes],
        [length + own * SPACINGS for own in lengths],
        [_WORDS + own for own in words],
        [_END + own * SIZES + size for own, size in zip(ends, sizes, strict=True)],
        [_START + own * SIZES + size for own, size in zip(starts, sizes, strict=True)],
        [_CAPITALS + own * SIZES + size for own, size in zip(capitals, sizes, strict=True)],
        [_FUNCTION + own * SIZES + size for own, size in zip(function, sizes, strict=True)],
        [_SENTENCES + own * SIZES + size for own, size in zip(sentences, sizes, strict=True)],
        [_PATTERN + own for own in kinds],
        [(bulleted if line.bullet else _BULLET) + size for line, size in zip(lines, sizes, strict=True)],
    ]


def _neighbours(kinds: list[int], sizes: list[int]) -> list[list[int]]:
    """Kinds of the lines around; there are two boundaries at either end."""
    before, after = [0, *kinds[:-1]], [*kinds[1:], 0]
    return [
        [_PREVIOUS + kind * SIZES + size for kind, size in zip(before, sizes, strict=True)],
        [_NEXT + kind * SIZES + size for kind, size in zip(after, sizes, strict=True)],
        [_TWO_BEFORE + kind for kind in [0, *before[:-1]]],
        [_TWO_AFTER + kind for kind in [*after[1:], 0]],
        [_PAIR_BEFORE + kind * KINDS + own for kind, own in zip(before, kinds, strict=True)],
        [_PAIR_AFTER + own * KINDS + kind for own, kind in zip(kinds, after, strict=True)],
    ]


def _placed(kinds: list[int], sizes: list[int], at: Context) -> list[list[int]]:
    far = DISTANCE_BINS + 1
    regions, below = at.region, _NEAR_SIZE + far * SIZES

    def crossed(block: int, these: Sequence[int], width: int, those: Sequence[int]) -> list[int]:
        """A block over two classes and the size of the line; `width` is the number of the second classes."""
        return [
            block + (this * width + that) * SIZES + size for this, that, size in zip(these, those, sizes, strict=True)
        ]

    return [
        crossed(_REGION, regions, far, at.region_distance),
        [_REGION_KIND + region * KINDS + kind for region, kind in zip(regions, kinds, strict=True)],
        [_MASS + mass * SIZES + size for mass, size in zip(at.mass, sizes, strict=True)],
        [_NEAR + up * far + down for up, down in zip(at.before, at.after, strict=True)],
        [_NEAR_SIZE + up * SIZES + size for up, size in zip(at.before, sizes, strict=True)],
        [below + down * SIZES + size for down, size in zip(at.after, sizes, strict=True)],
        crossed(_REPEATS, at.repeats, 4, regions),
        crossed(_SINCE, at.since_label, 2, [region == 3 for region in regions]),
        crossed(_ENDED, at.ended, 4, regions),
        crossed(_OVERLAP, at.overlap_before, OVERLAP_BINS, at.overlap_after),
        crossed(_FAMILIAR, at.familiar, 4, regions),
        crossed(_WIDE, at.wide_before, WIDE_BINS, at.wide_after),
        crossed(_AROUND, at.behind, 6, at.ahead),
    ]


def _blanks(lines: Sequence[Line], sizes: list[int], mode: int) -> list[int]:
    gaps = [min(2, line.blanks) for line in lines]
    return [
        _BLANKS + ((above * 3 + below) * SPACINGS + mode) * SIZES + size
        for above, below, size in zip(gaps, [*gaps[1:], 2], sizes, strict=True)
    ]


def _positions(count: int) -> list[int]:
    """Bins of the number of the line; the last five have bins of their own."""
    return [*chain(_FIRST, repeat(7, max(0, count - len(_FIRST))))][: max(0, count - len(_LAST))] + _LAST[-count:]


def _similar(shapes: list[Shape]) -> list[int]:
    """0..3: whether the lines before (1) and after (2) are about as long and end alike."""
    alike = [own.end == below.end and abs(own.length_bin - below.length_bin) <= 2 for own, below in pairwise(shapes)]
    return [above + 2 * below for above, below in zip([False, *alike], [*alike, False], strict=True)]
