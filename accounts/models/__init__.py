from accounts.models.audit import AuditHead, AuditParty, AuditRecord
from accounts.models.consent import Consent, Notice, PrivacyText
from accounts.models.declaration import Declaration
from accounts.models.erasure import Certificate, ErasedThing, Erasure
from accounts.models.invitation import Invitation
from accounts.models.offboarding import Offboarding, OffboardingPart
from accounts.models.organisation import Membership, Organisation
from accounts.models.project import Project, Subject
from accounts.models.retention import LegalHold, Retention, RetentionPolicy
from accounts.models.rights import RightsRequest
from accounts.models.shared_cache import SharedCache
from accounts.models.sso import Domain, Identity, IdentityProvider
from accounts.models.staff import StaffSession
from accounts.models.token import ApiToken
from accounts.models.user import User

__all__ = [
    "ApiToken",
    "AuditHead",
    "AuditParty",
    "AuditRecord",
    "Certificate",
    "Consent",
    "Declaration",
    "Domain",
    "ErasedThing",
    "Erasure",
    "Identity",
    "IdentityProvider",
    "Invitation",
    "LegalHold",
    "Membership",
    "Notice",
    "Offboarding",
    "OffboardingPart",
    "Organisation",
    "PrivacyText",
    "Project",
    "Retention",
    "RetentionPolicy",
    "RightsRequest",
    "SharedCache",
    "StaffSession",
    "Subject",
    "User",
]
