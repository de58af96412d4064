"""Uploading a dump: what would come of it is shown, by the very code that imports, before anything is written."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.defaultfilters import filesizeformat
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from articles import held
from newsroom import uploads
from newsroom.ingest.jobs import Asked
from newsroom.models import Upload


class UploadForm(forms.Form):
    file = forms.FileField(required=False, help_text="A text file or web page, or an archive or table of them.")
    text = forms.CharField(required=False, label="Or paste a page", widget=forms.Textarea(attrs={"rows": 12}))
    publisher = forms.CharField(required=False, max_length=200, help_text="Whose pages these are.")
    date = forms.DateField(
        required=False, widget=AdminDateWidget, help_text="Day of the pages that print none. Empty: not known."
    )
    publish = forms.BooleanField(
        required=False, help_text="Make everything public at once, instead of leaving drafts for review."
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        file, text = cleaned.get("file"), cleaned.get("text", "")
        if bool(file) == bool(text.strip()) and not self.errors:
            raise forms.ValidationError("Choose a file or paste a page: one of the two.")
        size = file.size if file else len(text.encode())
        if size > uploads.largest():
            raise forms.ValidationError(
                f"This is {filesizeformat(size)}; at most {filesizeformat(uploads.largest())} can be sent here. "
                "Use the command on the server: python manage.py import_dump FILE."
            )
        return cleaned

    def asked(self) -> Asked:
        given = self.cleaned_data
        return Asked(given.get("publish", False), given["publisher"].strip(), given["date"])

    def sent(self) -> tuple[str, bytes]:
        """Name and bytes of what was sent."""
        file = self.cleaned_data.get("file")
        if file:
            return file.name, file.read()
        return "pasted text", self.cleaned_data["text"].encode()


class UploadMixin(admin.ModelAdmin):
    """Adds uploading to the admin of import runs."""

    change_list_template = "admin/newsroom/runs.html"

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("upload/", wrap(self.upload_view), name="newsroom_importrun_upload"),
            path("upload/<int:pk>/", wrap(self.preview_view), name="newsroom_importrun_preview"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        may = {"may_upload": self.has_start_permission(request)}
        return super().changelist_view(request, may | (extra_context or {}))

    def upload_view(self, request: HttpRequest) -> HttpResponse:
        """Take a file or pasted text, and go on to its preview. Nothing is imported yet."""
        self._check(request)
        sent = (request.POST, request.FILES) if request.method == "POST" else ()
        typed = held.typed(request, UploadForm.base_fields) if request.method == "GET" else {}
        form = UploadForm(*sent, initial=typed)
        if not request.user.has_perm("articles.publish_article"):
            del form.fields["publish"]
        if request.method == "POST" and form.is_valid():
            name, data = form.sent()
            upload = uploads.keep(name, data, form.asked(), user=request.user)
            return HttpResponseRedirect(reverse("admin:newsroom_importrun_preview", args=[upload.pk]))
        if typed:
            self.message_user(request, "You had been logged out. What you typed then is below; a file has to be chosen "
                              "again.", messages.WARNING)  # fmt: skip
        context = {"title": "Upload a dump", "form": form, "media": self.media + form.media,
                   "form_token": held.token(request)}  # fmt: skip
        return self._page(request, "admin/newsroom/upload.html", context)

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What an upload would come to (GET); import it or throw it away (POST). Only whoever sent it sees it."""
        self._check(request)
        upload = Upload.objects.filter(pk=pk, user=request.user).first()
        if upload is None:
            raise Http404("No such upload.")
        if request.method != "POST":
            return self._preview(request, upload)
        if "discard" in request.POST:
            upload.delete()
            self.message_user(request, "Thrown away: nothing was imported.", messages.SUCCESS)
            return HttpResponseRedirect(reverse("admin:newsroom_importrun_upload"))
        try:
            run = uploads.confirm(upload)
        except uploads.TooManyError as error:
            return self._refused(request, upload, error)
        self.log_addition(request, run, f"Imported “{upload.name}”.")
        self.message_user(request, f"{run} is done. It can be undone here.", messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:newsroom_importrun_change", args=[run.pk]))

    def _preview(self, request: HttpRequest, upload: Upload) -> HttpResponse:
        try:
            preview = uploads.preview(upload)
        except uploads.TooManyError as error:
            return self._refused(request, upload, error)
        context = {
            "title": f"Preview of “{upload.name}”",
            "upload": upload,
            "preview": preview,
            "may_confirm": preview.read > preview.quarantined,
        }
        return self._page(request, "admin/newsroom/upload_preview.html", context)

    def _refused(self, request: HttpRequest, upload: Upload, error: uploads.TooManyError) -> HttpResponse:
        upload.delete()
        self.message_user(request, str(error), messages.ERROR)
        return HttpResponseRedirect(reverse("admin:newsroom_importrun_upload"))

    def _check(self, request: HttpRequest) -> None:
        if not self.has_start_permission(request):
            raise PermissionDenied

    def _page(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        return TemplateResponse(
            request, template, {**self.admin_site.each_context(request), "opts": self.opts, **context}
        )
