from django.apps import AppConfig


class QuotesConfig(AppConfig):
    name = "quotes"
    verbose_name = "Quotes"

    def ready(self) -> None:
        from articles import annotations
        from quotes.annotations import quotes_in
        from quotes.store import reanchor_quotes

        annotations.register(quotes_in, on_text_change=reanchor_quotes)
