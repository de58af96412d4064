from django.apps import AppConfig


class QuotesConfig(AppConfig):
    name = "quotes"
    verbose_name = "Quotes"

    def ready(self) -> None:
        from articles import annotations, deletions, kin, listings, mergers, publishing, voices
        from articles.models import CuratedList
        from quotes import people, suggestions
        from quotes.annotations import quotes_in, same_speakers
        from quotes.concerns import of_quotes, said_elsewhere
        from quotes.listings import LISTING
        from quotes.models import Quote, Speaker, TaggedQuote
        from quotes.profiles import speaking_on
        from quotes.reading import read_again
        from quotes.store import follow_dates, hide_alone, index_quotes, index_speakers, reanchor_quotes

        annotations.register(
            quotes_in, on_text_change=reanchor_quotes, on_new_version=read_again, on_date_change=follow_dates
        )
        kin.register(same_speakers)
        voices.register(speaking_on)
        listings.register(CuratedList.Kind.QUOTES, LISTING)
        mergers.register(Quote._meta.get_field("speaker"), moved=index_quotes)
        mergers.on_change(Speaker, index_speakers)
        mergers.register(TaggedQuote._meta.get_field("tag"))
        mergers.on_merge(suggestions.merged)
        publishing.register_check(of_quotes)
        publishing.register_remains(said_elsewhere)
        deletions.register_hiding("quotes.quote", hide_alone)
        people.register()
