"""What `accounts` announces to the apps below it, which it may not import."""

from django.dispatch import Signal

demo_made = Signal()
"""Sent once with `project` (a `Project`) and `owner` (a `User`), in the project's scope, inside the
transaction that makes the demonstration's organisation: what a receiver writes stands or falls with it."""

usage_asked = Signal()
"""Sent with `organisation_ids` (a list of at most `accounts.domain.tenants.PAGE` UUIDs) from the platform's
pages,
in no scope; a receiver answers with a dictionary from id to `accounts.domain.quotas.Usage`."""

subject_objected = Signal()
"""Sent with `subject` (a `Subject`) who objected to being analysed, in its organisation's scope, inside the
transaction that says so: what is under way of theirs ends."""

consent_withdrawn = Signal()
"""Sent with `subject` (a `Subject`) whose consent was withdrawn, in its organisation's scope, inside the
transaction that says so: what is under way of theirs ends."""

standing_changed = Signal()
"""Sent with `project_id` and `subject_id` (None where it concerns everybody in the project) when a
declaration, a consent or a notice changed what may be analysed, in the organisation's scope, inside the
transaction that says so."""

erasure_done = Signal()
"""Sent with `erasure` (an `Erasure`) and `certificate` in the organisation's scope, in the transaction that
ends the erasure and issues its certificate: what a receiver writes stands or falls with it."""

hold_released = Signal()
"""Sent with `kind` and `object_id` of what was held, in the organisation's scope, inside the transaction that
releases a legal hold: erasures that waited for it may go on."""
