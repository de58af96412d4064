"""Model fields of our own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models


class WebAddressField(models.URLField):
    """An address whose form takes ``example.org`` for ``https://example.org``, as Django will from version 6 on."""

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        return super().formfield(**{"assume_scheme": "https"} | kwargs)
