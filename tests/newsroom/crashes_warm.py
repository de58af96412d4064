"""What a fork server imports before it forks (``tests.newsroom.crashes``): everything that an import needs, warmed up."""

from __future__ import annotations

import os
import sys
import traceback

import dj_database_url


def _warm_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    from django.core import checks
    from django.core.management import get_commands, load_command_class
    from django.db import connections

    from newsroom.ingest.worker import process
    from tests.benchmarks.corpus import Corpus

    for command in ("import_dump", "migrate"):
        load_command_class(get_commands()[command], command)
    checks.run_checks()  # each command makes them, and they import all pages
    process(Corpus().document(1))
    assert connections["default"].connection is None, "a connection must not be forked"


_warm_up()


def run(arguments: tuple[str, ...], url: str, folder: str, said: str, batch: int) -> None:
    """In a forked process: a command of manage.py, or ``canonical``, on a database; what it prints goes to a file."""
    from django.conf import settings
    from django.core.management import execute_from_command_line
    from django.db import connections

    from tests import canonical

    os.chdir(folder)
    place = dj_database_url.parse(url)
    connections["default"].settings_dict |= {name: place[name] for name in ("NAME", "HOST", "PORT")}
    settings.IMPORT_BATCH, settings.IMPORT_WORKERS = batch, 1
    code: object = 0
    with open(said, "w", encoding="utf-8") as output:  # noqa: PTH123 - a path of the command's directory
        sys.stdout = sys.stderr = output
        try:
            if arguments[0] == "canonical":
                canonical.main()
            else:
                execute_from_command_line(["manage.py", *arguments])
        except SystemExit as end:
            code = end.code
        except Exception:  # noqa: BLE001 - whoever waits for the process looks there
            traceback.print_exc()
            code = 3
        finally:
            output.flush()
    sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__
    sys.exit(code)
