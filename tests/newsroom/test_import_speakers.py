"""Who is who across documents: names are linked on evidence, and asked about where it does not suffice."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.urls import reverse

from articles import mergers
from newsroom.models import RunDocument
from quotes.models import Quote, Speaker, SpeakerName, SpeakerSuggestion
from quotes.suggestions import dismiss
from tests.factories import make_speaker

pytestmark = pytest.mark.django_db

FULL = """Sea wall holds through the night

November 14, 2026

The sea wall of Lindhaven held through the storm, and no street behind it was flooded.
"The pumps ran all night and nobody slept," said Mara Quill, the harbour master of Lindhaven.
The town will inspect the wall on Monday, and the ferries are to sail again in the afternoon.
"""
SHORT = """Ferries sail again after the storm

November 15, 2026

The first ferry left at noon with forty passengers, half a day earlier than had been feared.
"It was rough out there, but the crew knows these waters," {said}.
All of the boats are to be back on their routes before the week ends.
"""
BARE = SHORT.format(said="Quill said")
WITH_ROLE = SHORT.format(said="said Quill, the harbour master of Lindhaven")
OTHER_QUILL = FULL.replace("Mara Quill, the harbour master of Lindhaven", "Tom Quill, a baker from Sandvik").replace(
    "Sea wall", "Bakery"
)


@pytest.fixture
def load(tmp_path: Path):
    def run(*texts: str) -> None:
        paths = []
        for text in texts:
            number = len(list(tmp_path.iterdir()))
            paths.append(tmp_path / f"{number:02}.txt")
            paths[-1].write_text(text, encoding="utf-8")
        call_command("import_dump", *map(str, paths), stdout=io.StringIO())

    return run


def speakers() -> dict[str, int]:
    """Name -> number of quotes."""
    return {one.name: one.quotes.count() for one in Speaker.objects.order_by("name")}


@pytest.mark.parametrize("together", [True, False])
def test_name_with_the_role_of_a_known_speaker_means_that_speaker(together, load):
    load(FULL, WITH_ROLE) if together else (load(FULL), load(WITH_ROLE))
    assert speakers() == {"Mara Quill": 2}
    assert not SpeakerName.objects.filter(name="Quill").exists(), "the next Quill may be another one"


@pytest.mark.parametrize("together", [True, False])
def test_fuller_name_that_comes_later_names_the_speaker(together, load):
    load(WITH_ROLE, FULL) if together else (load(WITH_ROLE), load(FULL))
    assert speakers() == {"Mara Quill": 2}


def test_name_that_an_editor_gave_stays(load):
    make_speaker("Quill")
    load(WITH_ROLE)
    load(FULL)
    assert "Quill" in speakers()


@pytest.mark.parametrize("texts", [(FULL, BARE), (BARE, FULL)])
def test_name_alone_stays_and_is_asked_about(texts, load):
    load(*texts)
    assert speakers() == {"Mara Quill": 1, "Quill": 1}
    suggestion = SpeakerSuggestion.objects.get()
    assert {suggestion.speaker.name, suggestion.other.name} == {"Mara Quill", "Quill"}
    assert ["family name", 0.25, "quill"] in suggestion.reasons
    assert suggestion.score < 0.7


def test_of_two_whom_a_name_fits_the_one_with_its_role_is_meant(load):
    load(FULL, OTHER_QUILL)
    load(WITH_ROLE)
    assert speakers() == {"Mara Quill": 2, "Tom Quill": 1}
    assert not SpeakerSuggestion.objects.exists()


def test_two_of_one_family_are_not_asked_about(load):
    load(FULL, OTHER_QUILL)
    assert not SpeakerSuggestion.objects.exists()


def test_name_that_two_speakers_have_means_neither_and_is_asked_about(load):
    one, other = make_speaker("Mara Quill"), make_speaker("Mara Quill")
    load(FULL)
    assert Quote.objects.get(text__startswith="The pumps").speaker is None
    suggestion = SpeakerSuggestion.objects.get()
    assert (suggestion.speaker, suggestion.other) == (one, other)


def test_company_speaks_for_a_name(load):
    both = (
        FULL
        + '"We ferried sandbags until dawn," said Ines Falk, a carpenter from Sandvik.\n"The boats were full," said Petra Holm, a nurse at the clinic.\n'
    )
    load(both)
    load(
        BARE
        + '"The crew was calm," said Ines Falk, a carpenter from Sandvik.\n"Nobody was hurt," said Petra Holm, a nurse at the clinic.\n'
    )
    suggestion = SpeakerSuggestion.objects.get()
    assert "quoted beside the same people" in {what for what, _, _ in suggestion.reasons}


def test_dismissed_pair_never_comes_again(load, django_user_model):
    load(FULL, BARE)
    dismiss(SpeakerSuggestion.objects.all(), editor=django_user_model.objects.create_user("ada"))
    load(BARE.replace("forty passengers", "ninety passengers and a dog").replace("Ferries sail", "Boats sail"))
    assert SpeakerSuggestion.objects.get().state == "dismissed"


def test_suggestions_and_new_names_are_in_the_ledger(load):
    load(FULL, BARE)
    made = [row.changes.get("created", {}) for row in RunDocument.objects.all()]
    assert any("quotes.speakersuggestion" in labels for labels in made)


# the queue


def test_queue_shows_reasons_leads_to_the_merger_and_takes_dismissals(load, admin_client):
    load(FULL, BARE)
    suggestion = SpeakerSuggestion.objects.get()
    SpeakerSuggestion.objects.update(reasons=[*suggestion.reasons, ["<b>", 0.1, "<script>alert(1)</script>"], "odd"])
    address = reverse("admin:quotes_speakersuggestion_changelist")
    html = admin_client.get(f"{address}?state__exact=waiting").content.decode()
    assert "family name: quill" in html
    assert "<script>alert" not in html
    merge = f"{reverse('admin:quotes_speaker_merge')}?one={suggestion.speaker_id}&amp;other={suggestion.other_id}"
    assert merge in html
    admin_client.post(address, {"action": "dismiss_selected", "_selected_action": [suggestion.pk]})
    suggestion.refresh_from_db()
    assert suggestion.state == "dismissed"


def test_who_may_not_merge_cannot_dismiss(load, client, django_user_model):
    load(FULL, BARE)
    user = django_user_model.objects.create_user("reporter", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_speakersuggestion"))
    client.force_login(user)
    client.post(
        reverse("admin:quotes_speakersuggestion_changelist"),
        {"action": "dismiss_selected", "_selected_action": [SpeakerSuggestion.objects.get().pk]},
    )
    assert SpeakerSuggestion.objects.get().state == "waiting"


def test_merging_settles_the_pair_and_hands_the_others_on(load):
    load(FULL, BARE)
    suggestion = SpeakerSuggestion.objects.get()
    third = make_speaker("M. Quill")
    short = suggestion.speaker if suggestion.speaker.name == "Quill" else suggestion.other
    full = suggestion.other if short == suggestion.speaker else suggestion.speaker
    handed_on = SpeakerSuggestion.objects.create(speaker=short, other=third, score=0.5)
    mergers.merge(short, full, editor=None)
    suggestion.refresh_from_db()
    handed_on.refresh_from_db()
    assert suggestion.state == "merged"
    assert (handed_on.state, {handed_on.speaker, handed_on.other}) == ("waiting", {full, third})
