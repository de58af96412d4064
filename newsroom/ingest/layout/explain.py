"""A dump printed with what the engine made of each block: label, confidence, rule."""

from collections.abc import Iterator

from newsroom.ingest.layout.records import Block, Label, ParsedPage

_RESET, _DIM = "\x1b[0m", "\x1b[2m"
_COLOURS: dict[Label, str] = {
    "headline": "\x1b[1;33m",
    "standfirst": "\x1b[33m",
    "byline": "\x1b[36m",
    "dateline": "\x1b[36m",
    "date": "\x1b[36m",
    "paragraph": "\x1b[32m",
    "subhead": "\x1b[1;32m",
    "blockquote": "\x1b[32m",
    "caption": "\x1b[35m",
    "credit": "\x1b[35m",
    "teaser": "\x1b[34m",
    "list_label": "\x1b[1;34m",
    "list_item": "\x1b[34m",
    "tags": "\x1b[2m",
    "furniture": "\x1b[2m",
}


def explain(page: ParsedPage, *, colour: bool = False) -> Iterator[str]:
    """One string for each block, in document order, without line ends: label, article, confidence, rule, text.

    With `colour`, ANSI escape codes colour the text by its label. Control characters of the dump are shown as spaces.
    """
    yield f"{'label':<11} {'art':>3} {'conf':>5} {'rule':<15} text"
    for block in page.blocks:
        yield _line(block, colour)
    yield (
        f"{len(page.articles)} article(s), {len(page.teasers)} teaser(s), {len(page.lists)} list(s), "
        f"{len(page.furniture)} piece(s) of furniture"
    )


def _line(block: Block, colour: bool) -> str:
    article = "" if block.article is None else str(block.article + 1)
    head = f"{block.label:<11} {article:>3} {block.confidence:5.2f} {block.rule:<15}"
    text = "".join(character if character.isprintable() else " " for character in block.text)
    if not colour:
        return f"{head} {text}"
    return f"{_DIM}{head}{_RESET} {_COLOURS[block.label]}{text}{_RESET}"
