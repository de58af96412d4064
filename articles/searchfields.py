"""Fields of the search index that hold plain letters, so that a search finds a name however its accents are typed.

Both databases get the same: what they know of accents differs, and neither knows that ø is found by o.
"""

from __future__ import annotations

from typing import Any

from django.utils.encoding import force_str
from modelsearch import index

from articles.text import unaccented


class SearchField(index.SearchField):
    def get_value(self, obj: Any) -> str:
        return unaccented(force_str(super().get_value(obj)))


class AutocompleteField(index.AutocompleteField):
    def get_value(self, obj: Any) -> str:
        return unaccented(force_str(super().get_value(obj)))
