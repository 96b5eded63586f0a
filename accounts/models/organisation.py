import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.enums import OrganisationState, Role
from accounts.validators import validate_time_zone
from echodepth.tenancy import TenantManager


def default_time_zone() -> str:
    return str(settings.DEFAULT_ORGANISATION_TIME_ZONE)


class Organisation(models.Model):
    """A tenant."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(unique=True, max_length=60)
    time_zone = models.CharField(
        _("time zone"), max_length=64, default=default_time_zone, validators=[validate_time_zone]
    )
    state = models.CharField(max_length=20, choices=OrganisationState, default=OrganisationState.ACTIVE)
    state_reason = models.CharField(max_length=300, blank=True)
    """Why it was suspended or closed, in the platform's words; members of a suspended one read it."""
    state_changed_at = models.DateTimeField(null=True)
    require_mfa = models.BooleanField(_("two-factor sign-in is required"), default=False)
    quota_members = models.PositiveIntegerField(null=True, blank=True)
    """Most members and open invitations; None without a limit. Likewise below."""
    quota_recordings = models.PositiveIntegerField(null=True, blank=True)
    quota_bytes = models.PositiveBigIntegerField(null=True, blank=True)
    """Most bytes of recordings and documents."""
    privacy_contact = models.CharField(_("contact for people in recordings"), max_length=200, blank=True)
    """An e-mail address or telephone number that public pages show."""
    shows_retention = models.BooleanField(_("the retention policy is public"), default=False)
    """Whether anybody may read how long data are kept, on a page of its own."""
    is_desk = models.BooleanField(default=False, editable=False)
    """Whether the sales desk keeps its free samples here; true of one organisation at most."""
    trial_until = models.DateField(null=True, blank=True)
    """Last day of the trial that it began with; None for every organisation that is on no trial."""
    erased_at = models.DateTimeField(null=True, blank=True)
    """When all it had was erased; its certificates stay."""
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TenantManager("pk")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_desk"], condition=models.Q(is_desk=True), name="one_sales_desk"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's place in an organisation."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.ANALYST)
    guest_of = models.UUIDField(null=True)
    """The run whose result a guest may read; None for every other role."""
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TenantManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "user"], name="one_membership_a_person"),
            models.CheckConstraint(
                condition=models.Q(role=Role.GUEST, guest_of__isnull=False)
                | ~models.Q(role=Role.GUEST) & models.Q(guest_of=None),
                name="a_guest_reads_one_report",
            ),
        ]
