"""What a search found of one kind."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Found:
    """``keys`` in the order of the results, up to a bound; ``more``: there are others beyond, or may be; ``begun``: of which
    the last word was taken for a beginning."""

    keys: list[int]
    more: bool = False
    begun: bool = False

    @property
    def size(self) -> int:
        return len(self.keys)

    @property
    def count(self) -> str:
        """In words: "1000+" if there may be more."""
        return f"{self.size}{'+' if self.more else ''}"

    def few(self, most: int) -> Found:
        """The same up to a lower bound."""
        return replace(self, keys=self.keys[:most], more=self.more or self.size > most)
