"""Admin forms as a browser sends them: what the page holds, with what a person changed in it; and what a page asks for."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.contrib.auth.models import Group, User
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_totp.models import TOTPDevice

# What opens and closes a transaction asks the database for nothing.
_FRAME = ("SAVEPOINT", "RELEASE SAVEPOINT", "BEGIN", "COMMIT")


class _Form(HTMLParser):
    """The fields of the page's main form (the one with a submit button of the admin) and their values."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self._select: str | None = None
        self._area: str | None = None
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        name = has.get("name") or ""
        if tag == "form":
            self._inside = (has.get("id") or "").endswith("_form") and has.get("id") != "logout-form"
        if not self._inside:
            return
        if tag == "input" and name and has.get("type") not in {"submit", "file"}:
            if has.get("type") not in {"checkbox", "radio"} or "checked" in has:
                self.fields.setdefault(name, []).append(has.get("value") or "on" * (has.get("type") == "checkbox"))
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in has:
            self.fields.setdefault(self._select, []).append(has.get("value") or "")
        elif tag == "textarea":
            self._area = name
            self.fields[name] = [""]

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self.fields[self._area][0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area is not None:
            # A browser drops the line end that follows the opening tag, and sends CR LF.
            self.fields[self._area][0] = (
                self.fields[self._area][0].replace("\r\n", "\n").removeprefix("\n").replace("\n", "\r\n")
            )
            self._area = None
        elif tag == "select":
            self._select = None
        elif tag == "form":
            self._inside = False


def fields_of(page: HttpResponse) -> dict[str, list[str]]:
    """The fields of an admin form with their values, without the empty rows that scripts copy."""
    form = _Form()
    form.feed(page.content.decode())
    return {name: values for name, values in form.fields.items() if "__prefix__" not in name}


def submit(client: Client, address: str, *, opened: HttpResponse | None = None, **changed: Any) -> HttpResponse:
    """Open the form at ``address`` (or take the page ``opened`` earlier), change fields, and save it."""
    fields: dict[str, Any] = dict(fields_of(opened or client.get(address)))
    fields.update(changed)
    return client.post(address, {name: value for name, value in fields.items() if value is not None})


def member(group: str, name: str = "") -> Client:
    """Somebody of a group, logged in, without a second factor; called as the group is, unless there is a name."""
    user = User.objects.create_user(name or group.lower(), is_staff=True)
    user.groups.set([Group.objects.get(name=group)])
    client = Client()
    client.force_login(user)
    return client


def log_in_member(group: str = "Chief") -> Client:
    """Somebody of a group, with a second factor: of these, unlike of superusers, rights and device are read as well."""
    user = User.objects.create_user("member", is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    client = Client()
    client.force_login(user)
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = TOTPDevice.objects.create(user=user, confirmed=True).persistent_id
    session.save()
    return client


def queries_of(captured: CaptureQueriesContext) -> list[str]:
    return [query["sql"] for query in captured if not query["sql"].startswith(_FRAME)]
