from accounts.models.organisation import Membership, Organisation, Project, Subject
from accounts.models.user import User

__all__ = ["Membership", "Organisation", "Project", "Subject", "User"]
