"""The engine's dealings with a file that may be hostile, each in a child process of its own.

A child has no network, no secrets, a bound on memory, time and disk, and reads the one file and writes the
one folder it was given (docs/confinement.md). Of Django and of the rest of the product it knows nothing.
"""

from analysis.confined.calls import plan, probe, run_segment
from analysis.confined.errors import DecoderFailedError

__all__ = ["DecoderFailedError", "plan", "probe", "run_segment"]
