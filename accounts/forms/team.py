"""What people type about their team."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Role
from accounts.permissions import ROLES, act_upon, may


def roles_to_give(actor: Membership) -> list[tuple[str, str]]:
    """The roles that this member may give and take, from the smallest to the largest."""
    return [(role.value, str(role.label)) for role in ROLES if may(actor.role, act_upon(role))]


class RoleForm(forms.Form):
    """Which role somebody has, or shall have."""

    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, data: Mapping[str, Any] | None = None, *, actor: Membership, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["role"] = forms.ChoiceField(label=_("Role"), choices=roles_to_give(actor))

    def chosen(self) -> Role:
        return Role(self.cleaned_data["role"])


class InvitationForm(RoleForm):
    """Whom to ask, and as what."""

    email = forms.EmailField(
        label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    field_order = ("email", "role")


class TransferForm(forms.Form):
    """Who becomes an owner."""

    member = forms.IntegerField(min_value=1)
