"""A page costs the same number of queries however much there is."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.site.test_markup import PAGES
from tests.site.world import MACHINES, make_world

# Without the mark no database is made when this module runs by itself.
pytestmark = pytest.mark.django_db
LIMIT = 8
ADDRESSES = [*PAGES, *MACHINES]


def _queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    assert response.status_code == 200
    return len(captured)


@pytest.fixture(scope="module")
def counts(django_db_setup: None, django_db_blocker: object) -> dict[str, dict[int, int]]:
    """Queries by page and size of the site; measured once for all tests of this module."""
    from django.db import transaction

    found: dict[str, dict[int, int]] = {page: {} for page in ADDRESSES}
    with django_db_blocker.unblock():
        for size in (1, 20):
            with transaction.atomic():
                world = make_world(size)
                addresses = world.addresses() | world.machines()
                for page in ADDRESSES:
                    _queries(Client(), addresses[page])
                    found[page][size] = _queries(Client(), addresses[page])
                transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("name", ADDRESSES)
def test_queries_do_not_grow_with_the_site(counts: dict[str, dict[int, int]], name: str) -> None:
    assert counts[name][1] == counts[name][20]


@pytest.mark.parametrize("name", ADDRESSES)
def test_queries_are_few(counts: dict[str, dict[int, int]], name: str) -> None:
    assert counts[name][20] <= LIMIT
