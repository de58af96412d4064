"""Key presses as a person makes them, counted."""

from __future__ import annotations

from playwright.sync_api import Page


class Keys:
    """Presses keys in a window and knows how many there were; a word typed is a press a letter."""

    def __init__(self, window: Page) -> None:
        self.window = window
        self.presses = 0

    def press(self, key: str) -> None:
        self.window.keyboard.press(key)
        self.presses += 1

    def decide(self, key: str) -> None:
        """Press a key that leads on to the next page, and wait for that."""
        with self.window.expect_navigation():
            self.press(key)

    def type(self, words: str) -> None:
        self.window.keyboard.type(words)
        self.presses += len(words)
