"""Topics in a form: chosen by name in an autocomplete box, for whatever is tagged with them."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib.admin import AdminSite
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper

from articles.admin.widgets import KnownAutocompleteSelectMultiple, tell_box
from articles.models import TaggedItem, Topic


class TopicsField(forms.ModelMultipleChoiceField):
    """Topics; one that was merged stands for the topic it was merged into."""

    def clean(self, value: Any) -> list[Topic]:
        return list(dict.fromkeys(topic.merged_into or topic for topic in super().clean(value)))


class TopicsFormMixin(forms.ModelForm):
    """A form with topics. Saving keeps the rows of those that stay, and with them who set them."""

    may_add_topics: ClassVar[bool] = False
    admin_site: ClassVar[AdminSite | None] = None

    topics = TopicsField(Topic.objects.select_related("merged_into"), required=False, label="Topics")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "topics" in self.fields and self.admin_site is not None:
            # Any key to topics does: the box asks for that of the admin's autocomplete view, which checks the right.
            key = TaggedItem._meta.get_field("tag")
            box = KnownAutocompleteSelectMultiple(key, self.admin_site)
            box.choices = self.fields["topics"].choices
            self.fields["topics"].widget = RelatedFieldWidgetWrapper(
                box, key.remote_field, self.admin_site, can_add_related=self.may_add_topics
            )
            tell_box(self, "topics")
