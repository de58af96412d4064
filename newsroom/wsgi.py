"""WSGI entry point: ``gunicorn newsroom.wsgi``. Runs as production unless ``NEWSROOM_ENV`` says otherwise."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")

application = get_wsgi_application()

from articles.changes import renew  # noqa: E402 - needs the settings

# The pages in the cache were made by what was deployed before.
renew()
