from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import PlatformRole
from accounts.permissions import DESK_ROLES, STAFF_ROLES


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person; the e-mail address is the name they sign in with."""

    email = models.EmailField(_("e-mail address"), unique=True)
    full_name = models.CharField(_("name"), max_length=200, blank=True)
    is_active = models.BooleanField(default=True)
    platform_role = models.CharField(
        max_length=20, choices=PlatformRole, default=PlatformRole.NONE, blank=True
    )
    date_joined = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_case_insensitive")]

    @property
    def is_platform_admin(self) -> bool:
        return self.platform_role == PlatformRole.ADMIN

    @property
    def is_staff(self) -> bool:
        """Whether the person works for the platform."""
        return self.platform_role != PlatformRole.NONE

    @property
    def opens_sessions(self) -> bool:
        """Whether the platform's pages about organisations are for the person."""
        return self.platform_role in STAFF_ROLES

    @property
    def works_at_desk(self) -> bool:
        return self.platform_role in DESK_ROLES

    def __str__(self) -> str:
        return self.full_name or self.email
