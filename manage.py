#!/usr/bin/env python
"""Newsroom's command line: ``manage.py help`` lists the commands."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    # A served site is production unless it says otherwise (see newsroom/wsgi.py); a person at a prompt is not.
    os.environ.setdefault("NEWSROOM_ENV", "development")
    from django.core.management import execute_from_command_line
    from environs import EnvError

    from newsroom.env import InsecureSettings

    try:
        execute_from_command_line(sys.argv)
    except (EnvError, InsecureSettings) as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)


if __name__ == "__main__":
    main()
