from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = "Articles"

    def ready(self) -> None:
        from articles import changes, mergers, people
        from articles import lookups as lookups
        from articles.models import TaggedItem

        changes.watch()
        mergers.register(TaggedItem._meta.get_field("tag"))
        people.register()
