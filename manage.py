#!/usr/bin/env python
"""Newsroom's command line: ``manage.py help`` lists the commands."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    # A served site is production unless it says otherwise (see newsroom/wsgi.py); a person at a prompt is not.
    os.environ.setdefault("NEWSROOM_ENV", "development")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
