"""Long work that somebody began and may leave: how far it is, what came of it, and when it is forgotten."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User


class FileImport(models.Model):
    """A file with a table that becomes rows of ours. The file goes as soon as it is forgotten; the figures stay."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Not started")
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="file_imports")
    importer = models.CharField(max_length=30)  # its slug
    file_name = models.CharField(max_length=200)
    content = models.BinaryField(default=b"")
    choices = models.JSONField(default=dict)  # which column is which, and what holds for all rows
    state = models.CharField(max_length=10, choices=State, default=State.UPLOADED)
    lease_until = models.DateTimeField(null=True)
    rows = models.PositiveIntegerField(default=0)  # in the file
    done = models.PositiveIntegerField(default=0)  # of them worked on
    new = models.PositiveIntegerField(default=0)  # written by this import
    bad = models.PositiveIntegerField(default=0)
    bad_lines = models.JSONField(default=list)  # [number of the line, what is wrong], the first thousand
    problem = models.CharField(max_length=300, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organization", "-created_at"], name="latest_imports"),
            models.Index(fields=["expires_at"], condition=~models.Q(content=b""), name="imports_to_forget"),
        ]

    def __str__(self) -> str:
        return f"{self.importer} {self.file_name}"

    @property
    def is_over(self) -> bool:
        return self.state in (self.State.DONE, self.State.FAILED)

    @property
    def known(self) -> int:
        """Rows that were there already."""
        return max(0, self.done - self.new - self.bad)

    @property
    def share_done(self) -> float:
        return self.done / self.rows if self.rows else 0.0


class FileExport(models.Model):
    """A file that a worker makes and somebody fetches later. It lies in pieces, so that every machine can serve it.

    Each worker that takes it up begins a new attempt; only the pieces of the attempt that was finished are a file.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="file_exports")
    exporter = models.CharField(max_length=30)  # what is in it
    choices = models.JSONField(default=dict)
    file_name = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempt = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    rows = models.PositiveBigIntegerField(default=0)  # there were when it began
    done = models.PositiveBigIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)  # in bytes
    problem = models.CharField(max_length=300, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)  # afterwards its pieces are gone

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organization", "-created_at"], name="latest_exports"),
            models.Index(
                fields=["state"], condition=models.Q(state__in=["waiting", "running"]), name="exports_to_make"
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_over(self) -> bool:
        return self.state in (self.State.DONE, self.State.FAILED)

    @property
    def share_done(self) -> float:
        if self.state == self.State.DONE:
            return 1.0
        return min(1.0, self.done / self.rows) if self.rows else 0.0


class FilePiece(models.Model):
    """Some bytes of a file, in the order of their numbers."""

    export = models.ForeignKey(FileExport, on_delete=models.CASCADE, related_name="pieces", db_index=False)
    attempt = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["export", "attempt", "number"], name="one_piece_per_number"),
        ]

    def __str__(self) -> str:
        return f"{self.export_id}/{self.attempt}/{self.number}"
