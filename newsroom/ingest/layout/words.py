"""What the engine knows of a word by itself, worked out once and remembered: most words of a page are common ones."""

from newsroom.ingest.layout.vocabulary import word_list

_MARKS = "\"'“”‘’.,:;!?()[]|»›>…"
_RARE = 4
# Words kept in mind, and the longest kept: the memory of a process stays at a few megabytes, whatever it reads.
_MOST, _LONGEST = 40_000, 40
# Traits are counted in one number, so that one sum over a line counts them all: so many bits each.
BITS = 8
_FUNCTION, _STOP = 1 << BITS, 1 << 2 * BITS

# (the word in lower case without the marks around it; the same if it says what a text is about, else ''; its traits:
# how it is written (1 capitalised, or 1 all capitals; 2 both, a single capital), whether it is a function word, whether it ends a sentence)
Word = tuple[str, str, int]


class _Words(dict[str, Word]):
    def __missing__(self, word: str) -> Word:
        functional = word_list("function_words")
        lowered = word.lower()
        plain = lowered if lowered.isalpha() else lowered.strip(_MARKS)
        topical = plain if len(plain) >= _RARE and plain not in functional else ""
        traits = word.istitle() + word.isupper()
        if lowered in functional:
            traits += _FUNCTION
        if word.endswith((".", "?", "!")):
            traits += _STOP
        found = (plain, topical, traits)
        if len(word) <= _LONGEST:
            if len(self) >= _MOST:
                self.clear()
            self[word] = found
        return found


word_of = _Words().__getitem__
