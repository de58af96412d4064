"""A second factor for staff: a code from an authenticator app, and ten recovery codes on paper.

Whoever has set it up is asked for it at each login. With ``NEWSROOM_SECOND_FACTOR=required`` nobody gets to the desk
without: those who have none are led to the page where it is set up, and no further.
"""

from __future__ import annotations

import io
import logging
from typing import Any
from urllib.parse import quote

import segno
from django import forms
from django.conf import settings
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.models import User
from django.db import transaction
from django_otp import login as remember
from django_otp import match_token, user_has_device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

log = logging.getLogger(__name__)

RECOVERY_CODES = 10


class CodeField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        box = forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "text", "size": 12})
        super().__init__(max_length=20, widget=box, **kwargs)

    def clean(self, value: Any) -> str:
        return super().clean(str(value or "").replace(" ", "").lower())


class LoginForm(AdminAuthenticationForm):
    """Name and password, and the code of those who have set one up."""

    code = CodeField(required=False, label="Code")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        user = self.get_user()
        if user is not None and user_has_device(user):
            user.otp_device = _accepted(user, self.cleaned_data.get("code", ""))
        return cleaned


class CodeForm(forms.Form):
    """A code that shows that the app is set up, or that the user is still the same."""

    code = CodeField(label="Code")

    def __init__(self, *args: Any, user: User, device: TOTPDevice | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.device = user, device

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if self.device is None:
            _accepted(self.user, code)
        elif not self.device.verify_token(code):
            raise forms.ValidationError(
                "This is not the code that the app shows now. Wait for the next one and try again."
            )
        return code


def _accepted(user: User, code: str) -> Any:
    if not code:
        raise forms.ValidationError("Enter the code from your authenticator app, or one of your recovery codes.")
    device = match_token(user, code)
    if device is None:
        log.warning("Wrong second factor of %s.", user.get_username())
        raise forms.ValidationError(
            "The code is wrong or has been used. Wait for the next one; after several wrong ones it takes longer."
        )
    return device


def is_required() -> bool:
    return settings.SECOND_FACTOR == "required"


def waiting_device(user: User) -> TOTPDevice:
    """The device that the user is setting up: its secret stays the same until the first code is right."""
    return TOTPDevice.objects.get_or_create(user=user, confirmed=False, defaults={"name": "Authenticator app"})[0]


@transaction.atomic
def confirm(request: Any, device: TOTPDevice) -> list[str]:
    """Switch the second factor on, and keep this session logged in. Returns the recovery codes, which are shown once."""
    device.confirmed = True
    device.save()
    paper = StaticDevice.objects.get_or_create(user=request.user, name="Recovery codes")[0]
    paper.token_set.all().delete()
    codes = [StaticToken.random_token() for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=paper, token=code) for code in codes)
    remember(request, device)
    return codes


@transaction.atomic
def switch_off(user: User) -> None:
    """Take the user's second factor away."""
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()


def picture(device: TOTPDevice) -> str:
    """The QR code that an authenticator app reads, as a data address."""
    out = io.BytesIO()
    segno.make(device.config_url).save(out, kind="svg", scale=5, border=2, dark="#000", light="#fff")
    return f"data:image/svg+xml,{quote(out.getvalue().decode())}"


def secret(device: TOTPDevice) -> str:
    """The secret in groups of four, for typing it in by hand."""
    from base64 import b32encode

    letters = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(letters[start : start + 4] for start in range(0, len(letters), 4))
