from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Claims:
    """What a provider says of the person who signed in there, whatever the protocol."""

    subject: str
    """The person's name at the provider, which never changes."""
    email: str
    email_verified: bool
    name: str
