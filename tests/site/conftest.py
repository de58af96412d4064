import pytest
from django.contrib.contenttypes.models import ContentType

from tests.site.world import World, make_world


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def warm(db: None) -> None:
    """Content types are read once a process; not what a page costs."""
    from articles.models import Article
    from quotes.models import Quote, Speaker

    ContentType.objects.get_for_models(Article, Quote, Speaker)
