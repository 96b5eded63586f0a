"""What `analysis` announces to the apps below it, which it may not import."""

from django.dispatch import Signal

run_scored = Signal()
"""Sent with `run` inside the transaction that makes it REPORTING: what a receiver writes or enqueues stands
or falls with it. The receiver's work ends in `analysis.domain.runs.finish(run.pk)`. Sent again by the sweep
for a run that is still REPORTING after `runs.REPORT_AGAIN_AFTER`, so receivers must bear being told twice."""

run_erased = Signal()
"""Sent with `run` before its row and its objects go. A receiver returns the storage keys it holds for the
run (an iterable of str), and they are deleted with the run's own; rows go by their foreign key's cascade."""
