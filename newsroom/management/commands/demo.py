"""``manage.py demo``: a site with content in one command, on the default database."""

from __future__ import annotations

import secrets
import socket
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

SAMPLES = settings.BASE_DIR / "newsroom" / "samples"
EDITOR = "editor"


class Command(BaseCommand):
    help = "Set up the database, import and publish the sample dumps, make an editor account, run the site."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--address", default="127.0.0.1:8000", help="where to serve the site")
        parser.add_argument("--no-server", action="store_true", help="set everything up, but do not serve")

    def handle(self, *, address: str, no_server: bool, **options: Any) -> None:
        if settings.IN_PRODUCTION:
            raise CommandError(
                "The demo makes an account and publishes invented news: not in production.", returncode=2
            )
        if not no_server:
            _see_that_it_is_free(address)
        call_command("migrate", verbosity=0)
        call_command("import_dump", str(SAMPLES / "*.txt"), publish=True, publisher="Verland Courier")
        password = self._editor()
        self.stdout.write(
            f"\nThe site:  http://{address}/\nThe desk:  http://{address}/admin/   user: {EDITOR}   new password: {password}\n"
        )
        if not no_server:
            # What development shows of a fault or a wrong address is for who builds the site; here people look at it.
            settings.DEBUG = False
            call_command("runserver", address, use_reloader=False, insecure_serving=True)

    def _editor(self) -> str:
        """An account that may do everything a chief editor may; its new password."""
        user, _ = get_user_model().objects.get_or_create(username=EDITOR, defaults={"is_staff": True})
        password = secrets.token_urlsafe(12)
        user.set_password(password)
        user.save()
        user.groups.set([Group.objects.get(name="Chief")])
        return password


def _see_that_it_is_free(address: str) -> None:
    """Before anything is set up: the server would find out last, after all the rest was printed."""
    host, _, port = address.rpartition(":")
    if not (host and port.isascii() and port.isdigit()):
        raise CommandError(f"{address!r} is not an address such as 127.0.0.1:8001.", returncode=2)
    try:
        with socket.create_server((host.strip("[]"), int(port))):
            pass
    except (OSError, OverflowError) as error:
        raise CommandError(
            f"The site cannot be served at {address} ({error}). Choose another one: make demo ADDRESS=127.0.0.1:8001",
            returncode=2,
        ) from error
