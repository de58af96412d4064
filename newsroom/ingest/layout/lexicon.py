"""Which words of a line are features: first, last and other words of short lines, all words of long ones."""

from newsroom.ingest.layout.shape import Shape

_SHORT = 9
_STRIP = "\"'“”‘’.,:;!?()[]|»›>…"


def word_keys(shape: Shape) -> list[str]:
    """`place:word` for each word that counts; a word is counted once a place."""
    words = [word.strip(_STRIP) for word in shape.words]
    if len(words) > _SHORT:
        return [f"l:{word}" for word in set(words) if word]
    keys = [f"s:{word}" for word in set(words) if word]
    if words:
        keys += [f"f:{words[0]}", f"e:{words[-1]}"]
    return keys
