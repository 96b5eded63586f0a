"""What `accounts` announces to the apps below it, which it may not import."""

from django.dispatch import Signal

demo_made = Signal()
"""Sent once with `project` (a `Project`) and `owner` (a `User`), in the project's scope, inside the
transaction that makes the demonstration's organisation: what a receiver writes stands or falls with it."""
