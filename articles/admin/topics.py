"""Topics. They have an admin of their own: that of django-taggit merges tags for anybody, without asking who it is."""

from __future__ import annotations

from collections.abc import Iterator

import taggit.admin  # noqa: F401 - it registers the stock admin that is taken out below
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest
from taggit.models import Tag

from articles import store
from articles.admin.changelists import count_column
from articles.admin.filing import NamedAdmin, OptionalSlugForm
from articles.admin.filters import MergedFilter
from articles.admin.forms import PlainWordsForm, RowsFormSet, explain_constraint
from articles.admin.merging import Fact, MergeMixin, how_many
from articles.models import Article, TaggedItem, Topic, TopicName
from articles.text import fold

SAMPLE = 5
# Articles of a topic that count when two are compared.
WEIGHED = 10_000
admin.site.unregister(Tag)
explain_constraint("topicname_has_letters", "name", "A name needs letters or figures.")


class TopicForm(OptionalSlugForm):
    rows = ("other_names",)

    def clean_name(self) -> str:
        name = self.cleaned_data["name"].strip()
        if Topic.objects.filter(name__iexact=name).exclude(pk=self.instance.pk).exists():
            raise ValidationError("There is a topic of this name already.")
        return name


class OtherNameForm(PlainWordsForm):
    """Another name of a topic. A name means one topic, else imports could not tell which."""

    def clean_name(self) -> str:
        name = self.cleaned_data["name"].strip()
        key = fold(name)[:100]
        if not key:
            raise ValidationError("A name needs letters or figures.")
        same = TopicName.objects.filter(key=key).exclude(pk=self.instance.pk).select_related("topic").first()
        if same is not None:
            raise ValidationError(f"This is a name of “{same.topic}” already.")
        other = Topic.objects.filter(name__iexact=name).exclude(pk=self.instance.topic_id).first()
        if other is not None:
            raise ValidationError(f"There is a topic “{other}”. Merge the two instead.")
        self.instance.key = key
        return name


class OtherNameInline(admin.TabularInline):
    model = TopicName
    form = OtherNameForm
    formset = RowsFormSet
    fields = ("name",)
    extra = 0
    verbose_name_plural = "Other names, by which imports find it in texts"


@admin.register(Topic)
class TopicAdmin(MergeMixin, NamedAdmin):
    form = TopicForm
    inlines = (OtherNameInline,)
    merge_key = TaggedItem._meta.get_field("tag")
    actions = ("merge_selected",)
    list_display = ("name", "slug", count_column("articles", "articles", TaggedItem, "tag"), "merged_into")
    list_filter = (MergedFilter,)
    list_select_related = ("merged_into",)
    list_defer = ("description",)
    fields = ("name", "slug", "description", "merged_into")

    tracked = ("name", "slug", "description", "merged_into")
    tracked_rows = {"other_names": ("name", "key")}
    not_put_back = ("merged_into",)

    def merge_facts(self, obj: Topic) -> Iterator[Fact]:
        tagged = Article.objects.tagged(obj)
        yield "Address", [obj.slug]
        yield "Description", [obj.description] if obj.description else []
        latest = tagged.order_by("-pk").values_list("headline", flat=True)[:SAMPLE]
        yield "Articles", [how_many(tagged), *latest]

    def keeping_weight(self, obj: Topic) -> tuple[int, ...]:
        """The one that most is filed under."""
        return len(TaggedItem.objects.filter(tag=obj).values_list("pk")[:WEIGHED]), -obj.pk

    def save_model(self, request: HttpRequest, obj: Topic, form: Form, change: bool) -> None:
        store.save_topic(obj)

    def with_address(self) -> QuerySet[Topic]:
        return Topic.objects.public()

    def get_view_on_site_url(self, obj: Topic | None = None) -> str | None:
        public = obj is not None and Topic.objects.public().filter(pk=obj.pk).exists()
        return super().get_view_on_site_url(obj) if public else None
