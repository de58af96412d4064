"""ASGI entry point. Runs as production unless ``NEWSROOM_ENV`` says otherwise."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")

application = get_asgi_application()
