"""Whether this worker process has been asked to stop; set by its signal handler (`analysis.worker`)."""

from threading import Event

stop_asked = Event()
