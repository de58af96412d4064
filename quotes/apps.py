from django.apps import AppConfig


class QuotesConfig(AppConfig):
    name = "quotes"
    verbose_name = "Quotes"

    def ready(self) -> None:
        from articles import annotations, listings
        from articles.models import CuratedList
        from quotes.annotations import quotes_in
        from quotes.listings import LISTING
        from quotes.reading import read_again
        from quotes.store import reanchor_quotes

        annotations.register(quotes_in, on_text_change=reanchor_quotes, on_new_version=read_again)
        listings.register(CuratedList.Kind.QUOTES, LISTING)
