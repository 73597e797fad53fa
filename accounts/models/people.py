"""The people who sign in."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from allauth.account.models import EmailAddress
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models.time_zones import validate_time_zone
from monitoring.lib.written_queries import Columns


class UserManager(BaseUserManager["User"]):
    def get(self, *conditions: Any, **named: Any) -> User:
        """By the id alone with a query written by hand: every page asks for who looks at it."""
        key = named.get("pk")
        if conditions or len(named) != 1 or type(key) is not int or self._db:
            return super().get(*conditions, **named)
        found = _OF_USER.fetch(_BY_KEY, [key])
        if not found:
            raise self.model.DoesNotExist
        return found[0]

    @transaction.atomic
    def create_user(self, email: str, password: str | None = None, **fields: object) -> User:
        """A person whose address somebody vouches for: the operator, or who invited them. It counts as verified.

        Who signs up alone comes through allauth, and must follow the link in its mail first.
        """
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
        return user

    def create_superuser(self, email: str, password: str, **fields: object) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person. The e-mail address is the login."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    time_zone = models.CharField(
        _("time zone"),
        max_length=60,
        blank=True,
        validators=[validate_time_zone],
        help_text=_("Empty: that of the organization."),
    )
    theme = models.CharField(_("appearance"), max_length=5, blank=True)  # light, dark or as the device says
    mail_about_team = models.BooleanField(_("mail me when somebody joins or leaves"), default=True)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)  # looks at the demo, owns nothing else, has no password
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name or self.email


_OF_USER: Final = Columns(User)
_BY_KEY: Final = f"""
    select {_OF_USER.of("person")} from accounts_user person where id = %s
"""  # noqa: S608 - put together from constants
