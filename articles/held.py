"""What was typed into a form of the desk when the session had ended: kept through the login, and shown again.

Each form carries a signed word about whose it is. A save that comes without a session is kept under it in the (new)
session, and only that person, once logged in, gets it back: in the form, not saved. Nothing else is kept, so that
strangers cannot fill the session table, nor put words into somebody's form.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core import signing
from django.http import HttpRequest, QueryDict

FIELD = "_form"
SALT = "articles.held"
KEY = "held_forms"
VALID = timedelta(days=14)
KEPT = 3
# Which button was pressed is not kept: whoever comes back decides anew.
_LEFT_OUT = ("csrfmiddlewaretoken", "_act", "_save", "_continue", "_addanother", FIELD)


@dataclass(frozen=True, slots=True)
class Held:
    """The fields of a form as they were sent; ``files``: whether there were files, which are not kept."""

    data: QueryDict
    files: bool


def token(request: HttpRequest, path: str = "") -> str:
    """The signed word that a form is to carry which is sent to ``path``; empty: to the page it stands on."""
    return signing.dumps({"user": request.user.pk, "path": path or request.path}, salt=SALT)


def hold(request: HttpRequest) -> bool:
    """Keep what was sent, if it came from a form that was given to whoever is (or was) logged in here."""
    try:
        said = signing.loads(request.POST.get(FIELD, ""), salt=SALT, max_age=VALID)
    except signing.BadSignature:
        return False
    if said["path"] != request.path or (request.user.is_authenticated and request.user.pk != said["user"]):
        return False
    data = request.POST.copy()
    for name in _LEFT_OUT:
        data.pop(name, None)
    others = {path: kept for path, kept in request.session.get(KEY, {}).items() if path != request.path}
    kept = {"user": said["user"], "data": data.urlencode(), "files": bool(request.FILES)}
    request.session[KEY] = dict([*others.items(), (request.path, kept)][-KEPT:])
    return True


def waits(request: HttpRequest) -> bool:
    """Whether something is kept here for whoever logs in next, if it is theirs."""
    return bool(request.session.get(KEY))


def held(request: HttpRequest) -> Held | None:
    """What was kept of this page's form for whoever is logged in."""
    kept: dict[str, Any] | None = request.session.get(KEY, {}).get(request.path)
    if kept is None or kept["user"] != request.user.pk:
        return None
    return Held(QueryDict(kept["data"]), kept["files"])


def typed(request: HttpRequest, names: Iterable[str]) -> dict[str, str]:
    """What was kept of those fields of this page's form, as initial values for it, and kept no longer; or nothing."""
    kept = held(request)
    drop(request)
    return {name: kept.data[name] for name in names if name in kept.data} if kept else {}


def drop(request: HttpRequest) -> None:
    """Keep this page's form no longer: it was saved, or is not wanted."""
    kept = request.session.get(KEY, {})
    if request.path in kept:
        request.session[KEY] = {path: one for path, one in kept.items() if path != request.path}
