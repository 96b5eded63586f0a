"""What `analysis` announces to the apps below it, which it may not import."""

from django.dispatch import Signal

run_scored = Signal()
"""Sent with `run` inside the transaction that makes it REPORTING: what a receiver writes or enqueues stands
or falls with it. The receiver's work ends in `analysis.domain.work.runs.finish(run.pk)`. Sent again by the
sweep for a run that is still REPORTING after `sweeps.REPORT_AGAIN_AFTER`: receivers must bear being told
twice."""

swept = Signal()
"""Sent at the end of each sweep, outside of any tenant. A receiver wakes what it lost itself, and answers how
many wake-ups that took."""
