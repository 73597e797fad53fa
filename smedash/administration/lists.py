"""What the operator sees: who is here, what is collected, what went wrong. No text of a mention, and no secret."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import ApiToken, AuditEvent, Membership, Organization, User
from accounts.second_factor import FACTORS
from accounts.services.operators import allow_sign_in, forbid_sign_in
from monitoring.conversions.models import Delivery, ShopConnection
from monitoring.jobs.models import FileExport, FileImport
from monitoring.listening.models import CollectionRun, Source
from monitoring.platforms.models import ConnectedAccount
from smedash.administration.reading import ReadOnly
from smedash.administration.site import OperatorSite

operator_site = OperatorSite()


@admin.register(Organization, site=operator_site)
class Organizations(ReadOnly):
    list_display = (
        "name",
        "slug",
        "members",
        "currency",
        "time_zone",
        "requires_two_factor",
        "is_demo",
        "delete_at",
    )
    list_filter = ("is_demo", "requires_two_factor", "setup_step")
    search_fields = ("name", "slug")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Organization]:
        found: QuerySet[Organization] = super().get_queryset(request)
        return found.annotate(members=Count("memberships"))

    @admin.display(description=gettext_lazy("members"))
    def members(self, organization: Any) -> int:
        return int(organization.members)


@admin.register(User, site=operator_site)
class Users(ReadOnly):
    list_display = ("email", "name", "second_factor", "is_active", "is_staff", "last_login", "date_joined")
    list_filter = ("is_active", "is_staff", "is_demo")
    search_fields = ("email", "name")
    hidden = ("password", "is_superuser")
    actions = ("forbid", "allow")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        found: QuerySet[User] = super().get_queryset(request)
        factors = Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS)
        return found.annotate(second_factor=Exists(factors))

    @admin.display(boolean=True, description=gettext_lazy("two factors"))
    def second_factor(self, user: Any) -> bool:
        return bool(user.second_factor)

    @admin.action(description=gettext_lazy("Let them no longer sign in"))
    def forbid(self, request: HttpRequest, people: QuerySet[User]) -> None:
        done = [forbid_sign_in(user=user) for user in people.exclude(email=request.user.get_username())]
        self._tell(request, sum(done))

    @admin.action(description=gettext_lazy("Let them sign in again"))
    def allow(self, request: HttpRequest, people: QuerySet[User]) -> None:
        self._tell(request, sum([allow_sign_in(user=user) for user in people]))

    def _tell(self, request: HttpRequest, changed: int) -> None:
        told = ngettext("%(count)s person changed.", "%(count)s people changed.", changed) % {
            "count": changed
        }
        self.message_user(request, told if changed else _("Nobody changed."), messages.INFO)


@admin.register(Membership, site=operator_site)
class Memberships(ReadOnly):
    list_display = ("organization", "user", "role", "created_at")
    list_filter = ("role",)
    list_select_related = ("organization", "user")
    search_fields = ("organization__name", "organization__slug", "user__email")


@admin.register(ApiToken, site=operator_site)
class ApiTokens(ReadOnly):
    list_display = ("name", "organization", "scope", "hint", "last_used_at", "expires_at", "revoked_at")
    list_select_related = ("organization",)
    search_fields = ("name", "hint", "organization__slug")
    hidden = ("digest",)


@admin.register(AuditEvent, site=operator_site)
class AuditEvents(ReadOnly):
    list_display = (
        "happened_at",
        "action",
        "actor_name",
        "subject_kind",
        "subject_name",
        "organization_id",
        "address",
    )
    list_filter = ("action",)
    search_fields = ("actor_name", "subject_name")
    date_hierarchy = None


@admin.register(Source, site=operator_site)
class Sources(ReadOnly):
    list_display = ("platform", "server", "kind", "query", "outcome", "failures", "due_at", "lease_until")
    list_filter = ("outcome", "platform", "kind")
    search_fields = ("query", "server", "error")
    ordering = ("-failures", "due_at")


@admin.register(CollectionRun, site=operator_site)
class CollectionRuns(ReadOnly):
    list_display = (
        "started_at",
        "source",
        "outcome",
        "pages",
        "posts_seen",
        "posts_new",
        "is_backfill",
        "error",
    )
    list_filter = ("outcome", "is_backfill", "source__platform")
    list_select_related = ("source",)
    list_display_links = ("started_at",)


@admin.register(ConnectedAccount, site=operator_site)
class ConnectedAccounts(ReadOnly):
    list_display = ("platform", "server", "handle", "organization", "status", "last_error")
    list_filter = ("status", "platform")
    list_select_related = ("organization",)
    search_fields = ("handle", "server", "organization__slug")


@admin.register(ShopConnection, site=operator_site)
class ShopConnections(ReadOnly):
    list_display = (
        "name",
        "shop",
        "address",
        "organization",
        "status",
        "last_polled_at",
        "due_at",
        "last_error",
    )
    list_filter = ("status", "shop")
    list_select_related = ("organization",)
    search_fields = ("name", "address", "organization__slug")
    hidden = ("key", "cursor")


@admin.register(Delivery, site=operator_site)
class Deliveries(ReadOnly):
    list_display = ("received_at", "connection", "topic", "outcome", "reason", "processed_at")
    list_filter = ("outcome",)
    list_select_related = ("connection",)
    hidden = ("body",)


@admin.register(FileImport, site=operator_site)
class FileImports(ReadOnly):
    list_display = (
        "created_at",
        "organization",
        "importer",
        "state",
        "rows",
        "done",
        "new",
        "bad",
        "problem",
    )
    list_filter = ("state", "importer")
    list_select_related = ("organization",)
    hidden = ("content", "choices", "bad_lines")


@admin.register(FileExport, site=operator_site)
class FileExports(ReadOnly):
    list_display = ("created_at", "organization", "exporter", "state", "rows", "done", "size", "problem")
    list_filter = ("state", "exporter")
    list_select_related = ("organization",)
    hidden = ("choices",)
