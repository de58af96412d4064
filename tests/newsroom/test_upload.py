"""A dump uploaded on the desk: previewed by the import itself, confirmed, undone."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from articles.models import Article, RawDocument
from newsroom import uploads
from newsroom.models import ImportRun, Upload
from quotes.models import Quote
from tests.adminpages import member

pytestmark = pytest.mark.django_db
UPLOAD = "/admin/newsroom/importrun/upload/"
PAGE = """Slipway to open in spring

The slipway at Port Merle will open in the spring, the council said on Monday after a long debate in the old hall.

"We have waited nine years for this," said Ines Harrow, who leads the pilots of the harbour.

The council will vote on the money next week, and the work is to begin in January if nothing comes between.
"""


def send(client: Client, data: bytes, name: str = "slipway.txt", **more):
    return client.post(UPLOAD, {"file": SimpleUploadedFile(name, data), **more}, follow=True)


def test_the_preview_shows_what_the_import_then_does_and_writes_nothing():
    client = member("Chief")
    page = send(client, PAGE.encode(), publisher="The Harbour Post")
    shown = page.content.decode()
    assert "Slipway to open in spring" in shown
    assert "Ines Harrow" in shown
    assert (Article.objects.count(), RawDocument.objects.count(), ImportRun.objects.count()) == (0, 0, 0)
    done = client.post(page.redirect_chain[-1][0], {"confirm": "yes"}, follow=True)
    run = ImportRun.objects.get()
    assert done.redirect_chain[-1][0] == reverse("admin:newsroom_importrun_change", args=[run.pk])
    assert (run.user.username, run.created, run.documents.get().name) == ("chief", 1, "slipway.txt")
    article = Article.objects.get()
    assert (article.state, article.publisher.name) == ("draft", "The Harbour Post")
    assert Quote.objects.get(kind="direct").speaker.name == "Ines Harrow"
    assert not Upload.objects.exists()


def test_pasted_text_is_as_good_as_a_file():
    client = member("Importer")
    page = client.post(UPLOAD, {"text": PAGE}, follow=True)
    client.post(page.redirect_chain[-1][0], {"confirm": "yes"})
    assert Article.objects.get().headline == "Slipway to open in spring"


def test_an_archive_is_unpacked_and_its_bad_members_are_named():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a/slipway.txt", PAGE)
        archive.writestr("b/empty.txt", "")
    page = send(member("Importer"), packed.getvalue(), "pages.zip")
    assert (page.context["preview"].read, page.context["preview"].quarantined) == (2, 1)
    assert "pages.zip/b/empty.txt" in page.context["preview"].report


def test_what_is_thrown_away_is_gone():
    client = member("Importer")
    page = send(client, PAGE.encode())
    client.post(page.redirect_chain[-1][0], {"discard": "yes"})
    assert not Upload.objects.exists()
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Choose a file or paste a page"),
        ({"text": PAGE, "file": b"more"}, "Choose a file or paste a page"),
        ({"file": b""}, "The submitted file is empty"),
        ({"file": b"x" * 3001}, "at most"),
        ({"text": PAGE, "date": "yesterday"}, "Enter a valid date"),
    ],
)
def test_what_cannot_be_taken_is_refused_in_plain_words(sent, said, settings):
    settings.IMPORT_MAX_DOCUMENT_BYTES = 3000
    files = {"file": SimpleUploadedFile("a.txt", sent["file"])} if "file" in sent else {}
    page = member("Importer").post(UPLOAD, {**sent, **files})
    assert said in page.content.decode()
    assert not Upload.objects.exists()


def test_nothing_is_offered_to_confirm_where_nothing_could_be_imported():
    page = send(member("Importer"), b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    assert 'name="confirm"' not in page.content.decode()
    assert "nothing in it that could be imported" in page.content.decode()


def test_more_than_a_page_can_wait_for_is_left_to_the_command(monkeypatch):
    monkeypatch.setattr(uploads, "DOCUMENTS", 1)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", PAGE)
        archive.writestr("b.txt", PAGE.replace("Slipway", "Lock"))
    page = send(member("Importer"), packed.getvalue(), "pages.zip")
    assert "Use the command on the server" in page.content.decode()
    assert not Upload.objects.exists()


def test_only_the_sender_sees_an_upload_and_only_importers_send():
    page = send(member("Importer"), PAGE.encode())
    address = page.redirect_chain[-1][0]
    assert member("Chief").get(address).status_code == 404
    editor = member("Editor")
    assert [editor.get(UPLOAD).status_code, editor.post(address, {"confirm": "yes"}).status_code] == [403, 403]
    assert not ImportRun.objects.exists()


def test_publishing_at_once_needs_the_right_to_publish():
    importer = member("Importer")
    assert 'name="publish"' not in importer.get(UPLOAD).content.decode()
    send(importer, PAGE.encode(), publish="on")
    assert Upload.objects.get().options["publish"] is False
