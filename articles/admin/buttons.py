"""The buttons below an article: each says what it will do and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from articles.models import Article, DatePrecision
from articles.publishing import in_words

SAVE, REVIEW, DRAFT, PUBLISH, NOW = ACTS = ("save", "review", "draft", "publish", "now")
State = Article.State


@dataclass(frozen=True, slots=True)
class Button:
    """``promise``: when the article will be public, as the label says it ("" where that does not change).

    ``dated``: the label depends on the date that is typed.
    """

    act: str
    label: str
    promise: str = ""
    primary: bool = False
    dated: bool = False

    @property
    def value(self) -> str:
        return f"{self.act}:{self.promise}" if self.promise else self.act


@dataclass(frozen=True, slots=True)
class Plan:
    """An article's state, the date in its form, and whether whoever looks at it may publish."""

    state: str
    at: datetime | None
    precision: str
    may_publish: bool
    stored_at: datetime | None = None

    @property
    def later(self) -> bool:
        return self.at is not None and self.at > timezone.now()

    @property
    def is_scheduled(self) -> bool:
        """Whether it waits for its hour, by the date that is stored."""
        return self.state == State.PUBLISHED and self.stored_at is not None and self.stored_at > timezone.now()

    def promise(self) -> str:
        """When it will be public if it is published with this date: "now", or the minute on the desk's clock."""
        return f"{timezone.localtime(self.at):%Y-%m-%dT%H:%M}" if self.at is not None and self.later else "now"

    def buttons(self) -> list[Button]:
        """The first is what Enter presses, so it publishes nothing that is not out."""
        if self.state == State.PUBLISHED:
            return self._when_published()
        if self.state == State.WITHDRAWN:
            return [Button(SAVE, "Save, still withdrawn"), self._publish("Publish again")]
        if self.state == State.IN_REVIEW:
            save = Button(SAVE, "Save, still in review", primary=not self.may_publish)
            back = Button(DRAFT, "Back to draft")
            return [save, back, self._publish()] if self.may_publish else [save, back]
        save = Button(SAVE, "Save draft")
        hand_over = Button(REVIEW, "Hand over for review", primary=not self.may_publish)
        return [save, hand_over, self._publish()] if self.may_publish else [save, hand_over]

    def _publish(self, now: str = "Publish now") -> Button:
        if self.at is not None and self.later:
            label = f"Schedule for {in_words(self.at)}"
        elif self.at is not None and self.precision != DatePrecision.UNKNOWN:
            label = f"{now}, dated {in_words(self.at, time=self.precision == DatePrecision.TIME)}"
        else:
            label = now
        return Button(PUBLISH, label, self.promise(), primary=True, dated=True)

    def _when_published(self) -> list[Button]:
        label = "Save changes to the live article"
        if self.later and self.at is not None:
            label = f"Save, to appear {in_words(self.at)}"
            if not self.is_scheduled:
                label = f"Save, and take it off the site until {in_words(self.at)}"
        elif self.is_scheduled:
            label = "Save, and publish now"
        save = Button(SAVE, label, self.promise(), primary=True, dated=True)
        return [save, Button(NOW, "Publish now"), Button(DRAFT, "Back to draft")] if self.is_scheduled else [save]
