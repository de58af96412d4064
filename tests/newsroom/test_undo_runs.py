"""Several imports taken back, in whatever order."""

from __future__ import annotations

import itertools

import pytest

from articles.models import (
    Article,
    Printing,
    TaggedItem,
)
from newsroom.undoing.account import Account
from newsroom.undoing.undo import undo
from quotes.models import Position, Quote
from tests.newsroom.pages import FEES
from tests.newsroom.undoing import FERRY, NEWER_FEES, empty, imported, kept, put, state

pytestmark = pytest.mark.django_db


def test_document_that_a_later_run_read_too_is_that_ones(fees, tmp_path):
    first = imported(fees, put(tmp_path, "ferry.txt", FERRY))
    second = imported(fees)
    assert second.unchanged == 1
    undone = undo(first)
    assert f"was read by import {second.pk} as well" in kept(undone)[str(fees)]
    assert Article.objects.get().headline.startswith("Harbour")
    undo(second)
    assert empty(state())


def test_speaker_whom_a_later_run_quotes_stays_until_that_is_undone(fees, tmp_path):
    first = imported(fees)
    second = imported(put(tmp_path, "ferry.txt", FERRY))
    undone = undo(first)
    assert kept(undone)["Greta Lindahl"] == "is used by quotes that stay"
    assert Quote.objects.filter(speaker__name="Greta Lindahl").exists()
    assert Position.objects.filter(speaker__name="Greta Lindahl").exists()
    undo(second)
    assert empty(state())


# Every fifth order: first to last, last to first, and those in which a run goes whose rows two others lean on.
@pytest.mark.parametrize(
    "order", [*list(itertools.permutations(range(4)))[::5], (0, 2, 1, 3), (3, 0, 2, 1), (3, 2, 1, 0)]
)
def test_runs_undone_in_any_order_leave_nothing(tmp_path, order):
    files = [
        [put(tmp_path, "fees.txt", FEES)],
        [put(tmp_path, "newer.txt", NEWER_FEES), put(tmp_path, "ferry.txt", FERRY)],
        [tmp_path / "ferry.txt", tmp_path / "fees.txt"],
        [put(tmp_path, "newest.txt", NEWER_FEES.replace("five percent", "six percent"))],
    ]
    runs = [imported(*paths, publisher="Verland Courier") for paths in files]
    for number in order:
        undo(runs[number])
    assert empty(state())


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_printings_topics_and_citations_of_several_runs_leave_nothing(tmp_path, order):
    copy = FEES.replace("Harbour fees to rise in spring, port says", "Port of Lindhaven gets dearer")
    cites = FERRY.replace("on Saturday.", "on Saturday, Reuters reported, and the ports of Lindhaven wait.")
    texts = [(FEES, "Verland Courier"), (copy, "Sound Gazette"), (cites, "Sound Gazette")]
    runs = [imported(put(tmp_path, f"{n}.txt", text), publisher=name) for n, (text, name) in enumerate(texts)]
    assert Printing.objects.count() == 2
    assert TaggedItem.objects.filter(origin="found").exists()
    for number in order:
        undo(runs[number])
    assert empty(state())


def test_accounts_one_after_the_other_are_one():
    first = Account({"created": {"a.b": [1]}, "updated": {"a.b": {"2": {"x": [0, 1]}, "3": {"x": [0, 1]}}}})
    then = {"updated": {"a.b": {"1": {"x": [7, 8]}, "2": {"x": [1, 2]}}}, "deleted": {"a.b": [{"id": 3, "x": 1}]}}
    assert first.then(Account(then)).as_json() == {
        "created": {"a.b": [1]},
        "updated": {"a.b": {"2": {"x": [0, 2]}}},
        "deleted": {"a.b": [{"id": 3, "x": 0}]},
    }
    assert first.then(Account({"deleted": {"a.b": [{"id": 1}]}})).created == {}
