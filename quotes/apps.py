from django.apps import AppConfig


class QuotesConfig(AppConfig):
    name = "quotes"
    verbose_name = "Quotes"

    def ready(self) -> None:
        from articles import annotations
        from quotes.annotations import quotes_in

        annotations.register(quotes_in)
