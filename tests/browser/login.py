"""Logging in as a person does."""

from __future__ import annotations

from playwright.sync_api import Page

PASSWORD = "a-harbour-of-words"


def log_in(window: Page) -> None:
    """Fill in the form that is before one, as the chief editor."""
    window.get_by_label("Username").fill("chief")
    window.get_by_label("Password").fill(PASSWORD)
    window.get_by_role("button", name="Log in").click()
