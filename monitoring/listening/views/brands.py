"""Brands: whom or what we listen for, and of which kind each is."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import MemberRequest, member
from accounts.form_pages import render_form
from accounts.permissions import Act
from monitoring.listening.brand_forms import BrandForm, DeleteBrandForm
from monitoring.listening.models import Brand
from monitoring.listening.services.brands import DELETED_AT_ONCE, count_stored, create_brand, delete_brand
from monitoring.listening.services.changing_brands import change_brand
from monitoring.listening.tasks import delete_brand_later


@require_GET
@member()
def brands(request: MemberRequest) -> HttpResponse:
    found = Brand.objects.filter(organization=request.organization).annotate(
        listening=Count("keywords", filter=Q(keywords__paused_at=None), distinct=True),
        followed=Count("profiles", distinct=True),
    )
    return render(request, "listening/brands.html", {"brands": found.order_by("kind", "name")})


@require_http_methods(["GET", "POST"])
@member(to_change=Act.EDIT_KEYWORDS)
def new_brand(request: MemberRequest) -> HttpResponse:
    form = BrandForm(
        request.POST or None,
        organization=request.organization,
        initial={"kind": request.GET.get("kind", "competitor")},
    )
    if form.is_valid():
        create_brand(organization=request.organization, **form.cleaned_data)
        messages.success(request, _("Added. Say by which words it is found: add a keyword."))
        return redirect("listening:brands", request.organization.slug)
    return render_form(request, "listening/brand.html", form)


@require_http_methods(["GET", "POST"])
@member(to_change=Act.EDIT_KEYWORDS)
def brand(request: MemberRequest, brand_id: int) -> HttpResponse:
    found = get_object_or_404(Brand, organization=request.organization, pk=brand_id)
    form = BrandForm(
        request.POST or None,
        organization=request.organization,
        brand=found,
        initial={"name": found.name, "kind": found.kind},
    )
    if form.is_valid():
        change_brand(brand=found, **form.cleaned_data)
        messages.success(request, _("Saved. Its mentions and keywords stay with it."))
        return redirect("listening:brands", request.organization.slug)
    return render_form(request, "listening/brand.html", form, {"brand": found})


@require_http_methods(["GET", "POST"])
@member(to_change=Act.EDIT_KEYWORDS)
def delete(request: MemberRequest, brand_id: int) -> HttpResponse:
    """With everything that was heard about it. Much of it is left to a worker."""
    found = get_object_or_404(Brand, organization=request.organization, pk=brand_id)
    form = DeleteBrandForm(request.POST or None, brand=found)
    mentions = count_stored(brand=found)
    if not form.is_valid():
        return render_form(
            request, "listening/brand_delete.html", form, {"brand": found, "mentions": mentions}
        )
    if mentions > DELETED_AT_ONCE:
        delete_brand_later.delay(found.pk, request.user.pk)
        messages.success(request, _("Being deleted. It is gone within minutes."))
    else:
        delete_brand(brand=found)
        messages.success(request, _("Deleted, with everything that was heard about it."))
    return redirect("listening:brands", request.organization.slug)
