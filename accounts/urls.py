from django.urls import include, path

from accounts import consent_urls, erasure_urls, retention_urls, rights_urls
from accounts.views.audit import audit, audit_check, audit_export
from accounts.views.files import file
from accounts.views.home import organisations
from accounts.views.invitations import invitation
from accounts.views.members import (
    invitation_send,
    invitation_withdraw,
    leave,
    member,
    member_remove,
    member_transfer,
    members,
)
from accounts.views.offboarding import (
    left,
    left_certificate,
    offboarding,
    offboarding_export,
    offboarding_leave,
    offboarding_part,
)
from accounts.views.organisation import roles, settings
from accounts.views.particulars import regions
from accounts.views.platform import (
    close,
    organisation,
    organisation_new,
    owner_invite,
    platform,
    quotas,
    reopen,
    session_end,
    session_new,
    suspend,
)
from accounts.views.projects import project_edit, project_new, projects, subject, subjects
from accounts.views.security import security, security_switch
from accounts.views.sso import again, callback, start
from accounts.views.sso_link import link
from accounts.views.sso_settings import (
    domain,
    domain_check,
    domain_remove,
    domains,
    identity_unlink,
    provider,
    provider_off,
    provider_on,
    provider_remove,
    sso,
)
from accounts.views.staff import staff_access, staff_end
from accounts.views.tokens import token_new, token_revoke, tokens
from accounts.views.uses import use, use_confirm, use_new

organisation_pages = [
    path("members/", members, name="members"),
    path("members/<int:membership_id>/", member, name="member"),
    path("members/<int:membership_id>/remove/", member_remove, name="member-remove"),
    path("members/<int:membership_id>/transfer/", member_transfer, name="member-transfer"),
    path("members/invitations/<uuid:invitation_id>/send/", invitation_send, name="invitation-send"),
    path(
        "members/invitations/<uuid:invitation_id>/withdraw/", invitation_withdraw, name="invitation-withdraw"
    ),
    path("leave/", leave, name="leave"),
    path("roles/", roles, name="roles"),
    path("offboarding/", offboarding, name="offboarding"),
    path("offboarding/export/", offboarding_export, name="offboarding-export"),
    path("offboarding/parts/<uuid:part_id>/", offboarding_part, name="offboarding-part"),
    path("offboarding/leave/", offboarding_leave, name="offboarding-leave"),
    path("settings/", settings, name="organisation-settings"),
    path("security/", security, name="security"),
    path("security/two-factor/", security_switch, name="security-switch"),
    path("sso/", sso, name="sso"),
    path("sso/domains/", domains, name="sso-domains"),
    path("sso/domains/<uuid:domain_id>/", domain, name="sso-domain"),
    path("sso/domains/<uuid:domain_id>/check/", domain_check, name="sso-domain-check"),
    path("sso/domains/<uuid:domain_id>/remove/", domain_remove, name="sso-domain-remove"),
    path("sso/provider/", provider, name="sso-provider"),
    path("sso/provider/on/", provider_on, name="sso-provider-on"),
    path("sso/provider/off/", provider_off, name="sso-provider-off"),
    path("sso/provider/remove/", provider_remove, name="sso-provider-remove"),
    path("sso/identities/<int:identity_id>/unlink/", identity_unlink, name="sso-unlink"),
    path("tokens/", tokens, name="tokens"),
    path("tokens/new/", token_new, name="token-new"),
    path("tokens/<uuid:token_id>/revoke/", token_revoke, name="token-revoke"),
    path("audit/", audit, name="audit"),
    path("audit/check/", audit_check, name="audit-check"),
    path("audit/export/<str:kind>/", audit_export, name="audit-export"),
    path("staff/", staff_access, name="staff-access"),
    path("staff/<uuid:session_id>/end/", staff_end, name="staff-end"),
    path("projects/", projects, name="projects"),
    path("projects/new/", project_new, name="project-new"),
    path("projects/<uuid:project_id>/edit/", project_edit, name="project-edit"),
    path("projects/<uuid:project_id>/use/", use, name="project-use"),
    path("projects/<uuid:project_id>/use/new/", use_new, name="project-use-new"),
    path(
        "projects/<uuid:project_id>/use/<uuid:declaration_id>/confirm/",
        use_confirm,
        name="project-use-confirm",
    ),
    path("projects/<uuid:project_id>/subjects/", subjects, name="subjects"),
    path("projects/<uuid:project_id>/subjects/<uuid:subject_id>/", subject, name="subject"),
    *consent_urls.organisation_pages,
    *erasure_urls.organisation_pages,
    *retention_urls.organisation_pages,
    *rights_urls.organisation_pages,
]

platform_pages = [
    path("", platform, name="platform"),
    path("organisations/new/", organisation_new, name="platform-organisation-new"),
    path("organisations/<uuid:organisation_id>/", organisation, name="platform-organisation"),
    path("organisations/<uuid:organisation_id>/owner/", owner_invite, name="platform-owner"),
    path("organisations/<uuid:organisation_id>/quotas/", quotas, name="platform-quotas"),
    path("organisations/<uuid:organisation_id>/suspend/", suspend, name="platform-suspend"),
    path("organisations/<uuid:organisation_id>/reopen/", reopen, name="platform-reopen"),
    path("organisations/<uuid:organisation_id>/close/", close, name="platform-close"),
    path("organisations/<uuid:organisation_id>/session/", session_new, name="platform-session-new"),
    path(
        "organisations/<uuid:organisation_id>/sessions/<uuid:session_id>/end/",
        session_end,
        name="platform-session-end",
    ),
]

urlpatterns = [
    path("organisations/", organisations, name="organisations"),
    path("invitations/<str:token>/", invitation, name="invitation"),
    *consent_urls.public_pages,
    *erasure_urls.public_pages,
    *retention_urls.public_pages,
    path("files/<str:token>/", file, name="file"),
    path("particulars/", regions, name="particulars"),
    path("left/<str:token>/", left, name="left"),
    path("left/<str:token>/certificate/", left_certificate, name="left-certificate"),
    path("sso/", start, name="sso-start"),
    path("sso/again/", again, name="sso-again"),
    path("sso/link/", link, name="sso-link"),
    path("sso/oidc/<uuid:organisation_id>/callback/", callback, name="sso-callback"),
    path("platform/", include(platform_pages)),
    path("o/<slug:organisation_slug>/", include(organisation_pages)),
]
