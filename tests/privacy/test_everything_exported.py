from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from typing import Any
from zipfile import ZipFile

import pytest
from django.apps import apps
from django.db.models import ForeignKey, Model, OneToOneField
from django.urls import reverse
from django.utils import timezone

from accounts.models import ApiToken, AuditEvent, Organization, User
from monitoring.conversions.models import Conversion, ShopConnection
from monitoring.jobs import exporting
from monitoring.jobs.exporting import claim_export, discard_exports, forget_exports, left_exports, make_file
from monitoring.jobs.models import FileExport, FilePiece
from monitoring.jobs.tasks import make as make_export
from monitoring.listening.models import Keyword, Mention
from monitoring.platforms.models import ConnectedAccount
from monitoring.privacy.exporting import archive
from monitoring.privacy.exporting.archive import ask_for_archive, write_archive
from monitoring.privacy.exporting.tables import NOT_EXPORTED, TABLES
from tests.cast import SignIn
from tests.filled_business import fill

pytestmark = pytest.mark.django_db

SECRETS = ("sealed", "digest", "secret", "password", "credential", "seed", "visitor", "recovery")


def belongs_to_an_organization(model: type[Model], seen: frozenset[type[Model]] = frozenset()) -> bool:
    """By a column, or by a key that leads there. What several organizations share belongs to none."""
    columns = {field.attname for field in model._meta.concrete_fields}
    if "organization_id" in columns:
        return True
    parents: set[Any] = {
        field.related_model
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey | OneToOneField) and not field.null
    }
    return any(
        parent not in seen and belongs_to_an_organization(parent, seen | {model}) for parent in parents
    )


def test_whatever_belongs_to_an_organization_is_exported_or_has_a_reason() -> None:
    models = {model._meta.label: model for model in apps.get_models() if belongs_to_an_organization(model)}
    exported = {table.model._meta.label for table in TABLES}

    assert len(models) > 50
    assert models.keys() - exported - NOT_EXPORTED.keys() == set()
    assert (exported | NOT_EXPORTED.keys()) - models.keys() == set()
    assert exported & NOT_EXPORTED.keys() == set()
    secret = [
        f"{table.name}.{column}"
        for table in TABLES
        for column in table.columns
        if any(word in column for word in SECRETS)
    ]
    assert secret == []


def make(organization: Organization, by: User | None = None) -> FileExport:
    export, _is_new = ask_for_archive(organization=organization, by=by)
    make_export(export.pk)
    export.refresh_from_db()
    return export


def fetch(export: FileExport) -> bytes:
    return b"".join(exporting.read_file(export=export))


def rows_of(archive: ZipFile, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.TextIOWrapper(archive.open(f"{name}.csv"), "utf-8", newline="")))


def test_the_file_holds_everything_and_no_secret(
    organization: Organization, strangers_organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "PIECE", 4096)
    monkeypatch.setattr(archive, "BATCH", 7)
    fill(organization)
    account = ConnectedAccount(organization=organization, platform="mastodon", handle="us")
    account.credentials = {"access_token": "a secret of the platform"}
    account.save()
    Keyword.objects.create(organization=strangers_organization, brand=organization.brands.all()[0])
    export = make(organization)
    content = fetch(export)

    assert (export.state, export.done, export.size) == ("done", export.rows, len(content))
    assert FilePiece.objects.filter(export=export).count() > 3
    with ZipFile(io.BytesIO(content)) as found:
        assert found.testzip() is None
        manifest = json.loads(found.read("manifest.json"))
        said = {file["name"]: file["rows"] for file in manifest["files"]}
        assert said == {f"{table.name}.csv": table.rows(organization).count() for table in TABLES}
        assert set(found.namelist()) == {*said, "manifest.json", "organization.json"}
        mentions = rows_of(found, "mentions")
        assert [row["id"] for row in mentions] == [str(pk) for pk in _ids(Mention, organization)]
        assert {row["tone"] for row in mentions} <= {"-1", "0", "1"}
        assert (
            len(rows_of(found, "conversions")) == Conversion.objects.filter(organization=organization).count()
        )
        assert rows_of(found, "members")[0]["email"] == "owner@example.com"
        everything = b"".join(found.read(name) for name in found.namelist())
    for secret in (
        account.sealed_credentials,
        ApiToken.objects.get(organization=organization).digest,
        *ShopConnection.objects.filter(organization=organization).values_list(
            "sealed_credentials", flat=True
        ),
        *User.objects.values_list("password", flat=True),
    ):
        assert secret.encode() not in everything


def _ids(model: type[Model], organization: Organization) -> list[int]:
    found = model._default_manager.filter(organization=organization)
    return list(found.order_by("pk").values_list("pk", flat=True))


def test_whoever_goes_on_after_a_dead_worker_begins_anew_and_no_half_file_is_offered(
    organization: Organization, owner: User, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "PIECE", 64)
    export, _is_new = ask_for_archive(organization=organization, by=owner)
    dead = claim_export(export_id=export.pk)
    assert dead is not None
    writer = exporting.FileWriter(dead)
    writer.write(b"half a file" * 100)
    assert FilePiece.objects.exists()
    assert claim_export(export_id=export.pk) is None
    file = reverse("jobs:fetch", args=[organization.slug, export.pk])
    assert sign_in(owner).get(file).status_code == 404

    FileExport.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert left_exports() == [export.pk]
    make_export(export.pk)
    with pytest.raises(exporting.ExportLost):
        writer.write(b"it was not dead after all" * 100)
    answer = sign_in(owner).get(file)
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # it streams
    assert ZipFile(io.BytesIO(content)).testzip() is None
    assert int(answer.headers["Content-Length"]) == len(content)


def test_a_file_that_fails_again_and_again_is_given_up(organization: Organization) -> None:
    export, _is_new = ask_for_archive(organization=organization, by=None)
    for _attempt in range(exporting.MOST_ATTEMPTS):
        assert claim_export(export_id=export.pk) is not None
        FileExport.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    assert claim_export(export_id=export.pk) is None
    export.refresh_from_db()
    assert (export.state, bool(export.problem), left_exports()) == ("failed", True, [])


def test_a_file_expires_and_what_is_erased_takes_it_along(
    organization: Organization, admin: User, marketer: User, sign_in: SignIn
) -> None:
    export = make(organization, admin)
    file = reverse("jobs:fetch", args=[organization.slug, export.pk])
    client = sign_in(admin)
    assert client.get(file).status_code == 200
    assert sign_in(marketer).get(file).status_code == 404
    assert AuditEvent.objects.filter(action="exported", actor=admin).count() == 1

    assert discard_exports(organization=organization) == 1
    assert (client.get(file).status_code, FilePiece.objects.count()) == (404, 0)

    another = make(organization, admin)
    FileExport.objects.filter(pk=another.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(reverse("jobs:fetch", args=[organization.slug, another.pk])).status_code == 404
    assert forget_exports() > 0


def test_what_is_erased_while_a_file_is_made_has_it_made_anew(organization: Organization) -> None:
    export, _is_new = ask_for_archive(organization=organization, by=None)
    claimed = claim_export(export_id=export.pk)
    assert claimed is not None
    discard_exports(organization=organization)

    assert make_file(export=claimed, write=lambda export, writer: None) is False
    again = claim_export(export_id=export.pk)
    assert again is not None
    assert make_file(export=again, write=write_archive)
