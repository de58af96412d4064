"""WSGI entry point: ``gunicorn newsroom.wsgi``. Runs as production unless ``NEWSROOM_ENV`` says otherwise."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")

application = get_wsgi_application()

from articles.changes import renew  # noqa: E402 - needs the settings

# What is loaded now stays. A page makes some ten thousand objects and drops them all by itself: looking for cycles among
# them every few hundred, as Python does unless told otherwise, takes a tenth of its time and finds next to nothing.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 50)

# The pages in the cache were made by what was deployed before.
renew()
